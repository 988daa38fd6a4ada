"""An owner's texts in the visitor's language: which language, whose words stand in for missing ones, variables filled.

A widget's first language has its texts in the places of widgets/card/config.py; those of the others are under `texts`.
Nothing but `rendered` goes to a visitor.
"""

import copy
import re
from dataclasses import replace
from typing import Any

from django.utils.translation.trans_real import parse_accept_lang_header

from agents.brains import snapshot
from widgets.card import cleaning
from widgets.card import config as looks
from widgets.card.default_words import WORDS
from widgets.card.look import Look, read

ACCEPT_MOST = 500
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_VARIANT = "variant_"

Kept = dict[str, Any]  # as cleaning.py leaves it
Variant = dict[str, str]


def possible(look: Look) -> tuple[str, ...]:
    """The languages that a visitor may get to see, the first one first."""
    return look.languages if look.language_choice != "first" else look.languages[:1]


def chosen(look: Look, accepted: str) -> str:
    """The language a card begins in. `accepted` is the browser's Accept-Language; what it lists first, wins."""
    offered = possible(look)
    for code, weight in parse_accept_lang_header(accepted[:ACCEPT_MOST].lower()):
        short = code.partition("-")[0]
        if weight > 0 and short in offered:
            return short
    return offered[0]


def asks(look: Look) -> bool:
    """Whether the card has a choice of languages on its first screen."""
    return look.language_choice == "ask" and len(look.languages) > 1


def written(look: Look, language: str, name: str) -> str:
    """What the owner has in the field of that text. English that came with the widget is no German text."""
    if language == look.languages[0]:
        text = look.at(looks.PLACES[name])
    else:
        text = look.texts.get(language, {}).get(name, "")
    return "" if language != "en" and text == ours(look, "en", name) else text


def ours(look: Look, language: str, name: str) -> str:
    """Our own words in that place, for a widget of that kind."""
    return WORDS[language].get(f"{look.kind}_{name}", WORDS[language][name])


def standing(look: Look, language: str, name: str, variant: Variant | None = None) -> tuple[str, str]:
    """What a visitor reads, and its language: the owner's text, else what stands in for it."""
    text = _own(look, language, name, variant)
    return (text, language) if text else stand_in(look, language, name, variant)


def stand_in(look: Look, language: str, name: str, variant: Variant | None = None) -> tuple[str, str]:
    """Where a language has no text of the owner's: theirs in the first language, else ours."""
    first = look.languages[0]
    text = "" if language == first else _own(look, first, name, variant)
    return (text, first) if text else (ours(look, language, name), language)


def _own(look: Look, language: str, name: str, variant: Variant | None) -> str:
    """Our own words are no text of the owner's: they are in every language."""
    text = written(look, language, name)
    return "" if text == ours(look, language, name) else fill(text, variant or {})


def rendered(look: Look, language: str, variant: Variant | None = None) -> Look:
    """The look as it is shown in one language to callers of a variant. `consent.language` is the message's."""
    said: dict[str, dict[str, Any]] = {"style": {}, "words": {}, "consent": {}, "chat": {}}
    for name, place in looks.PLACES.items():
        section, _dot, key = place.partition(".")
        said[section][key], spoken = standing(look, language, name, variant)
        if name == "message":
            said["consent"]["language"] = spoken
    return replace(
        look,
        style=replace(look.style, agent_name=fill(look.style.agent_name, variant or {}), **said["style"]),
        words=replace(look.words, **said["words"]),
        consent=replace(look.consent, **said["consent"]),
        chat=replace(look.chat, title=fill(look.chat.title, variant or {}), **said["chat"]),
        texts={},
    )


def fill(text: str, variant: Variant) -> str:
    """A text with the variant's words in their places. Visitors never see a variable: one without a word is a gap."""
    if "${" not in text:
        return text
    filled = cleaning.seen(_VARIABLE.sub("", snapshot.fill(text, variant)))
    return re.sub(r" +(?=[ ,.])", "", filled).strip()


def gaps(look: Look, variant: Variant) -> list[tuple[str, str, str]]:
    """Variables that would be gaps: (as it is written, language, place), each once for a place."""
    found = [
        (match[0], language, looks.PLACES[name])
        for language in possible(look)
        for name in looks.PLACES
        for match in _VARIABLE.finditer(written(look, language, name))
        if not _known(match[1], variant)
    ]
    first = look.languages[0]
    for place, text in (("style.agent_name", look.style.agent_name), ("chat.title", look.chat.title)):
        found += [(m[0], first, place) for m in _VARIABLE.finditer(text) if not _known(m[1], variant)]
    return list(dict.fromkeys(found))


def _known(name: str, variant: Variant) -> bool:
    return name.startswith(_VARIANT) and bool(str(variant.get(name.removeprefix(_VARIANT), "")).strip())


def arranged(kept: Kept, languages: list[str], said: dict[str, dict[str, str]]) -> Kept:
    """What to keep with these languages and texts. Another first language takes its texts to the first places."""
    arranged, held = copy.deepcopy(kept), read(kept)
    arranged["languages"] = languages
    arranged["texts"] = {
        language: {name: said.get(language, {}).get(name, written(held, language, name)) for name in looks.PLACES}
        for language in looks.LANGUAGES
    }
    for name, text in arranged["texts"].pop(languages[0]).items():
        section, _dot, key = looks.PLACES[name].partition(".")
        arranged.setdefault(section, {})[key] = text
    return arranged
