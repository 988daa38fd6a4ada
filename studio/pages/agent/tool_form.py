"""A tool as its form: what was posted as the object that agents/authoring/tool_rules.py checks, and back as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from agents.brains.tools import plan
from agents.brains.tools.words import tool_words
from studio.pages.given import number

METHODS: dict[str, Any] = {
    "GET": gettext_lazy("Look something up (GET)"),
    "POST": gettext_lazy("Add something (POST)"),
    "PUT": gettext_lazy("Put something in its place (PUT)"),
    "PATCH": gettext_lazy("Change something (PATCH)"),
    "DELETE": gettext_lazy("Take something away (DELETE)"),
}
KINDS: dict[str, Any] = {
    "text": gettext_lazy("Text, as it is told"),
    "number": gettext_lazy("Number"),
    "date": gettext_lazy("Date"),
    "time": gettext_lazy("Time"),
    "yesno": gettext_lazy("Yes or no"),
    "choice": gettext_lazy("Choice"),
}
SHAPED = gettext_lazy("A list or an object")
SAYS: dict[str, tuple[Any, Any]] = {
    "start": (gettext_lazy("At once"), gettext_lazy("While it is being asked.")),
    "answer": (gettext_lazy("When it worked"), gettext_lazy("With {names} of what was told and of the answer.")),
    "refused": (gettext_lazy("When the answer is no"), gettext_lazy("Nothing found, already taken, not possible.")),
    "failure": (gettext_lazy("When it fails"), gettext_lazy("The system does not answer, or not as it should.")),
    "delay": (gettext_lazy("When it takes long"), gettext_lazy("After the seconds below.")),
}
SAMPLE_KINDS = {"date": "date", "time": "time", "number": "number"}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a tool needs to know, as its fields show it."""

    place: int
    one: Mapping[str, Any]
    is_open: bool
    sample: str

    @property
    def prefix(self) -> str:
        return f"know-{self.place}"

    @property
    def number(self) -> int:
        return self.place + 1

    @property
    def label(self) -> str:
        return str(KINDS.get(str(self.one.get("kind") or "text"), SHAPED))

    @property
    def kind(self) -> str:
        return str(self.one.get("kind") or "text")

    @property
    def input(self) -> str:
        return SAMPLE_KINDS.get(self.kind, "text")

    @property
    def options(self) -> str:
        return "\n".join(self.one.get("options") or [])


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing that is said, in one language."""

    name: str
    label: Any
    help: Any
    text: str
    usual: str  # what is said where nothing is written


def rows(parameters: Sequence[Mapping[str, Any]], samples: Mapping[str, str], opened: int | None = None) -> list[Row]:
    return [
        Row(place, one, place == opened, samples.get(f"sample-{place}", "")) for place, one in enumerate(parameters)
    ]


def sentences(words: Mapping[str, Mapping[str, str]], language: str) -> list[Sentence]:
    usual, own = tool_words(language), words.get(language, {})
    plain = {"start": usual.start, "delay": usual.delay, "answer": usual.done, "refused": usual.refused,
             "failure": usual.failure}  # fmt: skip
    return [
        Sentence(f"say-{language}-{moment}", label, help_text, own.get(moment, ""), plain[moment])
        for moment, (label, help_text) in SAYS.items()
    ]


def read(data: QueryDict, languages: Sequence[str], kept: Mapping[str, Any]) -> dict[str, Any]:
    """What was posted. `kept`: the tool as it is, for the words of languages that the agent does not speak now."""
    places = sorted({place for one in data.getlist("place") if (place := number(one)) is not None})
    words = {language: dict(said) for language, said in (kept.get("words") or {}).items() if language not in languages}
    for language in languages:
        words[language] = {moment: data.get(f"say-{language}-{moment}", "") for moment in SAYS}
    return {
        "name": data.get("name", ""),
        "about": data.get("about", ""),
        "method": data.get("method", "GET"),
        "url": data.get("url", ""),
        "parameters": [_parameter(data, f"know-{place}") for place in places[: plan.PARAMETERS_MOST + 1]],
        "headers": [[part.strip() for part in line.split(":", 1)] for line in _lines(data.get("headers", ""))],
        "secrets": [name for name in _secret_names(data) if name],
        "fields": [_field(line) for line in _lines(data.get("fields", ""))],
        "timeout_s": data.get("timeout_s", "") or plan.TIMEOUT_S,
        "delay_s": data.get("delay_s", "") or plan.DELAY_S,
        "by_model": "by_model" in data,
        "words": words,
        "active": "active" in data,
        **(_remote(data, kept) if kept.get("remote") else {}),
    }


def _remote(data: QueryDict, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Of a tool of an MCP server: where it is asked, and what it needs to know, is the server's."""
    parameters = [
        {**one, "about": data.get(f"know-{place}-about", ""), "value": data.get(f"know-{place}-value", "")}
        for place, one in enumerate(kept["parameters"])
    ]
    remote = {**kept["remote"], "reads": "reads" in data}
    return {"url": kept["url"], "method": kept["method"], "parameters": parameters, "remote": remote}


def secrets(data: QueryDict) -> dict[str, str]:
    """The keys that were typed, by header."""
    values = data.getlist("secret_value")
    return {
        name: values[place].strip()
        for place, name in enumerate(_secret_names(data))
        if name and place < len(values) and values[place].strip()
    }


def changed(item: dict[str, Any], order: str) -> tuple[dict[str, Any], int | None]:
    """The same with one more thing to know, or one taken out ("add", "remove:2"); which is open."""
    found = list(item["parameters"])
    what, _colon, given = order.partition(":")
    place = number(given)
    if what == "add" and len(found) < plan.PARAMETERS_MOST:
        found.append({"name": "", "kind": "text", "required": True})
        return {**item, "parameters": found}, len(found) - 1
    if what == "remove" and place is not None and 0 <= place < len(found):
        del found[place]
    return {**item, "parameters": found}, None


def _secret_names(data: QueryDict) -> list[str]:
    return [" ".join(name.split()) for name in data.getlist("secret_name")]


def _parameter(data: QueryDict, prefix: str) -> dict[str, Any]:
    return {
        "name": data.get(f"{prefix}-name", ""),
        "kind": data.get(f"{prefix}-kind", "text"),
        "about": data.get(f"{prefix}-about", ""),
        "value": data.get(f"{prefix}-value", ""),
        "options": _lines(data.get(f"{prefix}-options", "")),
        "required": f"{prefix}-optional" not in data,
    }


def _field(line: str) -> dict[str, str]:
    """ "day = order.arrives", or only "order.arrives"."""
    name, mark, path = line.partition("=")
    return {"key": name.strip(), "path": path.strip()} if mark else {"key": "", "path": name.strip()}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
