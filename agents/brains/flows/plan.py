"""A flow as a version keeps it: what starts it, the short list of things to collect, and its end."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from agents.brains.collecting.kinds import KINDS, Kind
from agents.speech.plain_text import plain

EndKind = Literal["message", "topic", "say", "tool"]  # leaves room for a hand-over
STEPS_MOST = 15
_PLAIN: dict[str, str | int | None] = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_SENTENCE = re.compile(r".+?(?:[.!?…](?=\s|$)|$)\s*", re.DOTALL)
_VALUE = re.compile(r"\$\{([A-Za-z0-9_ÄÖÜäöüß -]{1,60})\}")


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask only if an earlier answer was that, or was not."""

    step: str
    value: str = ""
    negated: bool = False

    def holds(self, values: Mapping[str, str]) -> bool:
        given = values.get(self.step, "")
        same = given.casefold() == self.value.casefold() if self.value else bool(given)
        return same != self.negated


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    name: str
    kind: str
    ask: str
    again: str = ""  # asked with these words when the answer was none
    optional: bool = False
    only: Condition | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    lookup: str = ""  # the tool that it is looked up with, once it is told (agents/brains/flows/looking.py)

    @property
    def of_kind(self) -> Kind:
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Flow:
    name: str
    starts: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()  # behind whose answers it is offered …
    offer: str = ""  # … with these words
    steps: tuple[Step, ...] = ()
    read_back: bool = True
    end: EndKind = "message"
    topic: str = ""
    tool: str = ""
    text: str = ""
    called: str = ""  # what it is called in another language (agents/brains/flows/wording.py); "": its name
    wordings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # by language, whole ones only
    unworded: bool = False  # read in a language that it is not written in

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)

    def needed(self, values: Mapping[str, str]) -> list[Step]:
        """The steps that count after these answers."""
        found: list[Step] = []
        counting: dict[str, str] = {}
        for step in self.steps:
            if step.only is None or step.only.holds(counting):
                found.append(step)
                if step.key in values:
                    counting[step.key] = values[step.key]
                    counting |= parts_of(step, values)
        return found

    def data(self, values: Mapping[str, str]) -> dict[str, str]:
        """The answers that count, in order."""
        return {step.key: values[step.key] for step in self.needed(values) if step.key in values}


def parts_of(step: Step, values: Mapping[str, str]) -> dict[str, str]:
    """What was found out about a step's answer: values with its key and a dot before their own names."""
    return {key: value for key, value in values.items() if key.startswith(f"{step.key}.")} if step.lookup else {}


def read(rows: Sequence[Mapping[str, Any]]) -> tuple[Flow, ...]:
    """The flows of a configuration. Kinds that this program does not know are left out."""
    return tuple(_flow(row) for row in rows)


def _flow(row: Mapping[str, Any]) -> Flow:
    end = row.get("end") or {}
    return Flow(
        name=str(row["name"]),
        starts=tuple(row.get("starts", ())),
        topics=tuple(row.get("topics", ())),
        offer=plain(row.get("offer", "")),
        steps=tuple(_step(one) for one in row.get("steps", ()) if one.get("kind") in KINDS)[:STEPS_MOST],
        read_back=bool(row.get("read_back", True)),
        end=end.get("kind", "message"),
        topic=str(end.get("topic", "")),
        tool=str(end.get("tool", "")),
        text=plain(end.get("text", "")),
        wordings=dict(row.get("wordings") or {}),
    )


def _step(row: Mapping[str, Any]) -> Step:
    only = row.get("only")
    condition = None
    if only:
        condition = Condition(only["step"], str(only.get("is", only.get("not", ""))), negated="not" in only)
    return Step(
        key=row["key"],
        name=plain(row["name"]),
        kind=row["kind"],
        ask=plain(row["ask"]),
        again=plain(row.get("again", "")),
        optional=bool(row.get("optional", False)),
        only=condition,
        limits=dict(row.get("limits") or {}),
        lookup=str(row.get("lookup", "")),
    )


def key_of(name: str) -> str:
    """How texts name a value: "Motor number" is ${motor_number}."""
    plain_name = name.lower().translate(str.maketrans(_PLAIN))
    return re.sub(r"[^a-z0-9]+", "_", plain_name).strip("_")[:40]


def used(text: str) -> list[str]:
    """The values that a text names."""
    return [key_of(name) for name in dict.fromkeys(_VALUE.findall(text))]


def fill(text: str, said: Mapping[str, str]) -> str:
    """A text with the values in their places, as they are read back, without the sentences that lack one."""
    whole = [one for one in _SENTENCE.findall(text) if all(key in said for key in used(one))]
    return _VALUE.sub(lambda match: said[key_of(match[1])], "".join(whole)).strip()
