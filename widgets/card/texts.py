"""An owner's texts in the visitor's language: which language, whose words stand in for missing ones, variables filled.

A widget's first language has its texts in the places of widgets/card/config.py; those of the others are under `texts`.
Nothing but `rendered` goes to a visitor.
"""

import copy
import re
from typing import Any

from django.utils.translation.trans_real import parse_accept_lang_header

from agents.brains import snapshot
from widgets.card import config as looks
from widgets.card.default_words import WORDS

ACCEPT_MOST = 500
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_VARIANT = "variant_"

Config = dict[str, Any]
Variant = dict[str, str]


def possible(config: Config) -> list[str]:
    """The languages that a visitor may get to see, the first one first."""
    languages: list[str] = config["languages"]
    return languages if config.get("language_choice", "first") != "first" else languages[:1]


def chosen(config: Config, accepted: str) -> str:
    """The language a card begins in. `accepted` is the browser's Accept-Language; what it lists first, wins."""
    offered = possible(config)
    for code, weight in parse_accept_lang_header(accepted[:ACCEPT_MOST].lower()):
        short = code.partition("-")[0]
        if weight > 0 and short in offered:
            return short
    return offered[0]


def asks(config: Config) -> bool:
    """Whether the card has a choice of languages on its first screen."""
    return config.get("language_choice") == "ask" and len(config["languages"]) > 1


def written(config: Config, language: str, name: str) -> str:
    """What the owner has in the field of that text. English that came with the widget is no German text."""
    if language == config["languages"][0]:
        section, _dot, key = looks.PLACES[name].partition(".")
        text = config[section].get(key, "")
    else:
        text = config.get("texts", {}).get(language, {}).get(name, "")
    return "" if language != "en" and text == WORDS["en"][name] else text


def standing(config: Config, language: str, name: str, variant: Variant | None = None) -> tuple[str, str]:
    """What a visitor reads, and its language: the owner's text, else what stands in for it."""
    text = _own(config, language, name, variant)
    return (text, language) if text else stand_in(config, language, name, variant)


def stand_in(config: Config, language: str, name: str, variant: Variant | None = None) -> tuple[str, str]:
    """Where a language has no text of the owner's: theirs in the first language, else ours."""
    first = config["languages"][0]
    text = "" if language == first else _own(config, first, name, variant)
    return (text, first) if text else (WORDS[language][name], language)


def _own(config: Config, language: str, name: str, variant: Variant | None) -> str:
    """Our own words are no text of the owner's: they are in every language."""
    text = written(config, language, name)
    return "" if text == WORDS[language][name] else fill(text, variant or {})


def rendered(config: Config, language: str, variant: Variant | None = None) -> Config:
    """The configuration as it is shown in one language to callers of a variant. `consent.language` is the message's."""
    shown = copy.deepcopy(config)
    shown.pop("texts", None)
    shown["language"] = language
    for name, place in looks.PLACES.items():
        section, _dot, key = place.partition(".")
        shown[section][key], spoken = standing(config, language, name, variant)
        if name == "message":
            shown["consent"]["language"] = spoken
    shown["style"]["agent_name"] = fill(config["style"]["agent_name"], variant or {})
    return shown


def fill(text: str, variant: Variant) -> str:
    """A text with the variant's words in their places. Visitors never see a variable: one without a word is a gap."""
    if "${" not in text:
        return text
    filled = looks.seen(_VARIABLE.sub("", snapshot.fill(text, variant)))
    return re.sub(r" +(?=[ ,.])", "", filled).strip()


def gaps(config: Config, variant: Variant) -> list[tuple[str, str, str]]:
    """Variables that would be gaps: (as it is written, language, place), each once for a place."""
    found = [
        (match[0], language, looks.PLACES[name])
        for language in possible(config)
        for name in looks.PLACES
        for match in _VARIABLE.finditer(written(config, language, name))
        if not _known(match[1], variant)
    ]
    first = config["languages"][0]
    named = _VARIABLE.finditer(config["style"]["agent_name"])
    found += [(match[0], first, "style.agent_name") for match in named if not _known(match[1], variant)]
    return list(dict.fromkeys(found))


def _known(name: str, variant: Variant) -> bool:
    return name.startswith(_VARIANT) and bool(str(variant.get(name.removeprefix(_VARIANT), "")).strip())


def arranged(config: Config, languages: list[str], said: dict[str, dict[str, str]]) -> Config:
    """The configuration with these languages and texts. Another first language takes its texts to the first places."""
    arranged = copy.deepcopy(config)
    arranged["languages"] = languages
    arranged["texts"] = {
        language: {name: said.get(language, {}).get(name, written(config, language, name)) for name in looks.PLACES}
        for language in looks.LANGUAGES
    }
    for name, text in arranged["texts"].pop(languages[0]).items():
        section, _dot, key = looks.PLACES[name].partition(".")
        arranged.setdefault(section, {})[key] = text
    return arranged
