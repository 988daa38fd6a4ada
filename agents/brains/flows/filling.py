"""Finds the values in what was said: the one that was asked for, and those that came along in the same breath."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from agents.brains.collecting import kinds
from agents.brains.collecting.base import Asking, Heard
from agents.brains.collecting.tokens import clean
from agents.brains.flows import naming
from agents.brains.flows.plan import Flow, Step

_SURE = ("email", "phone")  # what may be taken out of a text of any kind
_TAKE_ANYTHING = ("text", "name", "choice", "address", "yesno")
_BLANK = "·"


@dataclass(slots=True)
class Filled:
    """What was heard: values by key, and what was wrong with the one that was asked for."""

    values: dict[str, str] = field(default_factory=dict)
    problem: Heard | None = None
    problem_of: str = ""


@dataclass(frozen=True, slots=True)
class Filling:
    flow: Flow
    language: str
    now: datetime

    def asking(self, step: Step, *, asked: bool, part: str = "") -> Asking:
        return Asking(self.now, self.language, step.limits, asked, f"{step.name} {step.ask}", part)

    def read(self, step: Step, text: str, *, asked: bool, part: str = "") -> Heard:
        return kinds.read(step.kind, text, self.asking(step, asked=asked, part=part))

    def fill(self, text: str, values: Mapping[str, str], asked: Step | None, part: str = "") -> Filled:
        """All values in a text. `values` are known and stay; the asked one is read with the least demands."""
        filled = Filled()
        rest = clean(text)
        for _ in range(2):  # a choice may bring new things to ask for
            known = {**values, **filled.values}
            open_steps = [step for step in self.flow.needed(known) if step.key not in known]
            if asked and asked not in open_steps and asked.key not in filled.values:
                open_steps.append(asked)
            before = len(filled.values)
            for step in sorted(open_steps, key=lambda step: (step.of_kind.order, step is not asked)):
                if step is asked and filled.problem is not None:
                    continue
                rest = self._take(step, rest, filled, asked, part)
            if len(filled.values) == before:
                break
        return filled

    def _take(self, step: Step, rest: str, filled: Filled, asked: Step | None, part: str) -> str:
        """Look for one step's value; what is left of the text."""
        is_asked = step is asked
        if not is_asked and asked and asked.kind == "text" and step.kind not in _SURE:
            return rest
        heard = self.read(step, rest, asked=is_asked, part=part if is_asked else "")
        if heard.fine:
            filled.values[step.key] = heard.value
        elif is_asked:
            filled.problem, filled.problem_of = heard, step.key
        if heard.fine or heard.problem != "none":
            return rest if step.kind == "text" else blanked(rest, heard)
        return rest

    def corrected(self, text: str, values: Mapping[str, str]) -> Filled:
        """New values for things that are known already: the ones that are named, else those that are plainly said."""
        filled = Filled()
        known = [step for step in self.flow.needed(values) if step.key in values]
        for step, behind in naming.named(known, text, self.language):
            heard = self.read(step, behind, asked=True) if behind else Heard(problem="none")
            if heard.problem == "none":  # "no, for six people" names them behind
                heard = self.read(step, text, asked=step.kind not in _TAKE_ANYTHING)
            if heard.fine:
                filled.values[step.key] = heard.value
            else:
                filled.problem, filled.problem_of = heard, step.key
            return filled
        rest = clean(text)
        latest = {step.key: place for place, step in enumerate(known)}
        for step in sorted(known, key=lambda step: (step.of_kind.order, -latest[step.key])):
            if any(self.flow.step(key).kind == step.kind for key in filled.values):  # type: ignore[union-attr]
                continue
            heard = self.read(step, rest, asked=False)
            if heard.problem not in ("", "none"):
                filled.problem, filled.problem_of = heard, step.key
                rest = blanked(rest, heard)
            elif heard.fine and heard.value != values[step.key]:
                filled.values[step.key] = heard.value
                rest = blanked(rest, heard)
        return filled


def blanked(text: str, heard: Heard) -> str:
    """The text without what was taken from it; its places stay."""
    start, end = heard.start, max(heard.end, heard.start)
    return text[:start] + _BLANK * min(end - start, max(0, len(text) - start)) + text[end:] if end > start else text
