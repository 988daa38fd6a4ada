"""Finds the values in what was said: the one that was asked for, and those that came along in the same breath."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from agents.brains.collecting import address, kinds, numerals
from agents.brains.collecting.tokens import clean, tokens
from agents.brains.flows.correcting import AROUND, Correcting
from agents.brains.flows.plan import Step
from agents.brains.flows.reading import BLANK, PLAIN, SURE, TAKE_ANYTHING, Filled, blanked
from agents.speech.words import words

_NEVER_A_NAME = ("date", "time", "amount")
_FOLLOWS_AT_ONCE = ("date", "time", "number", "amount")
_PRONOUNS = ("one", "ein", "eine", "einen", "eins")
_REFUSED = ("closed", "past", "future", "most", "least")


@dataclass(frozen=True, slots=True)
class Filling(Correcting):
    def fill(
        self, text: str, values: Mapping[str, str], asked: Step | None, parts: Mapping[str, str] | None = None
    ) -> Filled:
        """All values in a text. `values` are known and stay; the asked one is read with the least demands."""
        filled = Filled()
        rest = clean(text)
        for _ in range(2):  # a choice may bring new things to ask for
            known = {**values, **filled.values}
            open_steps = [step for step in self.flow.needed(known) if step.key not in known]
            if asked and asked not in open_steps and asked.key not in filled.values:
                open_steps.append(asked)
            before = len(filled.values)
            is_code = bool(asked and asked.kind == "code" and self.read(asked, rest, asked=True).fine)
            opened = [step for step in open_steps if asked and _follows(step, asked, filled.values)]
            by_order = partial(self._order, asked=asked, is_code=is_code)
            for step in sorted(open_steps, key=lambda step: (by_order(step), step is not asked)):
                if step is asked and filled.problem is not None:
                    continue
                rest = self._take(step, rest, filled, asked, (parts or {}).get(step.key, ""), barely=step in opened)
            if len(filled.values) == before:
                break
        return filled

    def _order(self, step: Step, *, asked: Step | None, is_code: bool) -> float:
        """Who looks first. "For eight" is how many come, unless the time was asked for. `is_code`: the text holds the
        one that was asked for, and no telephone number."""
        if step is asked and (step.kind in ("date", "address") or is_code):
            return -1  # "five eleven eighty-eight" is no number then, and "14 St James Square" no day
        is_first = step.kind == "number" and not (asked and asked.kind == "time")
        return kinds.KINDS["time"].order - 0.5 if is_first else step.of_kind.order

    def holds(self, text: str, asked: Step | None) -> bool:
        """Is a value of this flow in a text, whatever else it says?"""
        if asked and asked.kind == "address" and any(letter.isdecimal() for letter in text):
            return True  # "Could you send it to 43 Bell Street?"
        if asked and asked.kind not in (*TAKE_ANYTHING, "text"):
            if self.read(asked, text, asked=True).problem != "none":
                return True
        return any(
            self.read(step, text, asked=False).fine
            for step in self.flow.steps
            if step.kind in (*PLAIN, *SURE, "name") and step.kind != "yesno"
        )

    def _take(
        self, step: Step, rest: str, filled: Filled, asked: Step | None, part: str, *, barely: bool = False
    ) -> str:
        """Look for one step's value; what is left of the text. `barely`: as if it had been asked for."""
        is_asked = step is asked
        if not is_asked and asked and asked.kind == "text" and step.kind not in SURE:
            return rest
        heard = self.read(step, rest, asked=is_asked or barely, part=part if is_asked or step.kind == "date" else "")
        if barely and rest[heard.start : heard.end].lower() in _PRONOUNS:
            return rest  # "yes, we do need one"
        if heard.fine:
            filled.values[step.key] = heard.value
        elif is_asked:
            filled.problem, filled.problem_of = heard, step.key
        elif heard.problem == "part" and step.kind == "date":
            filled.parts[step.key] = heard.part
        elif heard.problem in _REFUSED:
            filled.refused[step.key] = heard
        if heard.fine or heard.problem != "none":
            return rest if step.kind == "text" else blanked(rest, heard)
        return rest

    def misplaced(self, text: str, values: Mapping[str, str], asked: Step) -> dict[str, str]:
        """Another thing's value, and nothing else, where a name was asked for: "six pm" is nobody's name. "Six rooms
        and a garage" is no address either."""
        rest = clean(text)
        if asked.kind == "address" and not address.has_street(rest):
            for step in self.flow.needed(values):
                if step.key not in values and step.kind == "number":
                    heard = self.read(step, rest, asked=False)
                    if heard.fine:
                        return {step.key: heard.value}
        for step in self.flow.needed(values) if asked.kind == "name" else ():
            if step.key not in values or step.kind not in _NEVER_A_NAME:
                continue
            heard = self.read(step, rest, asked=_all_numbers(rest, self._german))
            if heard.fine and not set(words(blanked(rest, heard).replace(BLANK, " "))) - AROUND:
                return {step.key: heard.value}
        return {}


def _follows(step: Step, asked: Step, values: Mapping[str, str]) -> bool:
    """Does it count because of the answer that was just given: "yes, two of them"?"""
    is_opened = step.only is not None and step.only.step == asked.key and asked.key in values
    return is_opened and step.kind in _FOLLOWS_AT_ONCE


def _all_numbers(text: str, german: bool) -> bool:
    """Number words and nothing else: "three thirty" is nobody's name."""
    said = tokens(text)
    return bool(said) and all(numerals.small(said, n, german) is not None for n in range(len(said)))
