"""What the voice cannot say of an author's words, or says otherwise than meant: beside the field, and at a publish."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agents.authoring import flow_words, flows, languages
from agents.speech.figures import ambiguous_dates, read_day
from agents.speech.plain_text import plain
from agents.speech.unsayable import unsayable


def doubts(text: str, voice: str) -> list[str]:
    """In words for the author, about one field."""
    found = []
    lost = unsayable(text)
    if lost:
        found.append(_("The voice has no sound for %s and leaves it out.") % _quoted(lost))
    for written in ambiguous_dates(plain(text)):
        day = read_day(written, day_first=day_first(voice))
        words = _("“%(written)s” is said as %(day)s. Write the month as a word if you mean another day.")
        found.append(words % {"written": written, "day": date_format(day, _("j F Y"))})
    return found


def day_first(voice: str) -> bool:
    """Whether 12/05/2026 is in May for a voice: everywhere but in the United States."""
    region = voice.partition(":")[2]
    return "-" in region and region != "en-US"


def of_config(config: dict[str, Any]) -> list[str]:
    """About a frozen draft: each doubt, with the field it is about in front."""
    voice = config["agent"]["voice"]
    found = [f"{where}: {doubt}" for where, text in _spoken(config) for doubt in doubts(text, voice)]
    for code, words in config["agent"].get("wordings", {}).items():
        found += [
            f"{where}: {doubt}" for where, text in _worded(config, code) for doubt in doubts(text, words["voice"])
        ]
    return list(dict.fromkeys(found))


def _spoken(config: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Every text of a draft that is spoken, and its name."""
    agent = config["agent"]
    yield _("Agent name"), agent["name"]
    yield _("Spoken disclaimer"), agent["disclaimer"]
    yield _("Greeting"), agent["greeting"]
    for topic in config["topics"]:
        where = _("Topic “%s”") % topic["name"]
        yield where, topic.get("spoken") or topic["name"]
        yield where, topic["content"]
    for name, text in flows.spoken_texts(config):
        yield _("Flow “%s”") % name, text
    for row in config["variants"]:
        for name, value in row["attributes"].items():
            yield _("Variant “%(variant)s”, “%(name)s”") % {"variant": row["name"], "name": name}, str(value)


def _worded(config: dict[str, Any], code: str) -> Iterable[tuple[str, str]]:
    """The same of another language than the first."""
    words, language = config["agent"]["wordings"][code], languages.name(code)
    yield _("Spoken disclaimer in %s") % language, words.get("disclaimer", "")
    yield _("Greeting in %s") % language, words.get("greeting", "")
    for topic in config["topics"]:
        where = _("Topic “%(topic)s” in %(language)s") % {"topic": topic["name"], "language": language}
        own = topic.get("wordings", {}).get(code, {})
        yield where, own.get("spoken", "")
        yield where, own.get("content", "")
    for name, text in flow_words.spoken_texts(config, code):
        yield _("Flow “%(flow)s” in %(language)s") % {"flow": name, "language": language}, text


def _quoted(pieces: list[str]) -> str:
    return ", ".join(f"“{piece}”" for piece in pieces)
