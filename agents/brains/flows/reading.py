"""Reads one step's value in a text, and what a reading leaves of it."""

from dataclasses import dataclass, field
from datetime import datetime

from agents.brains.collecting import kinds
from agents.brains.collecting.base import Asking, Heard
from agents.brains.flows.plan import Flow, Step

BLANK = "·"
SURE = ("email", "phone")  # what may be taken out of a text of any kind
TAKE_ANYTHING = ("text", "name", "choice", "address", "yesno")
PLAIN = ("date", "time", "number", "amount", "choice", "yesno")  # whose values may be said barely


@dataclass(slots=True)
class Filled:
    """What was heard: values by key, and what was wrong with the one that was asked for."""

    values: dict[str, str] = field(default_factory=dict)
    problem: Heard | None = None
    problem_of: str = ""
    parts: dict[str, str] = field(default_factory=dict)  # by key: what was told unasked and goes on ("next week")
    refused: dict[str, Heard] = field(default_factory=dict)  # by key: what was told unasked and cannot be


@dataclass(frozen=True, slots=True)
class Reading:
    flow: Flow
    language: str
    now: datetime

    def asking(self, step: Step, *, asked: bool, part: str = "") -> Asking:
        return Asking(self.now, self.language, step.limits, asked, f"{step.name} {step.ask}", part, step.name)

    def read(self, step: Step, text: str, *, asked: bool, part: str = "") -> Heard:
        return kinds.read(step.kind, text, self.asking(step, asked=asked, part=part))

    @property
    def _german(self) -> bool:
        return self.language.lower().startswith("de")


def blanked(text: str, heard: Heard) -> str:
    """The text without what was taken from it; its places stay."""
    start, end = heard.start, max(heard.end, heard.start)
    return text[:start] + BLANK * min(end - start, max(0, len(text) - start)) + text[end:] if end > start else text
