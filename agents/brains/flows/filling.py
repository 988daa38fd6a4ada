"""Finds the values in what was said: the one that was asked for, and those that came along in the same breath."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from agents.brains import small_talk
from agents.brains.collecting import address, digits, kinds, name, numerals
from agents.brains.collecting.base import Asking, Heard
from agents.brains.collecting.tokens import clean, tokens
from agents.brains.flows import instead, naming
from agents.brains.flows.plan import Flow, Step
from agents.speech.words import FILLERS, words

_SURE = ("email", "phone")  # what may be taken out of a text of any kind
_TAKE_ANYTHING = ("text", "name", "choice", "address", "yesno")
_PLAIN = ("date", "time", "number", "amount", "choice", "yesno")  # whose values may be said barely
_BARE = ("date", "time", "number", "amount", "choice")
_NEVER_A_NAME = ("date", "time", "amount")
_AROUND = FILLERS | frozenset("at on for it's it is please then make the am um bitte dann".split())
_REFUSED = ("closed", "past", "future", "most", "least")
# "Make it four" says how many, unless it says what o'clock, or a time was just spoken of.
_COUNTS = re.compile(
    r"\b(?:make (?:it|that)|machen sie|mach|machen wir)\b(?!.*(?:\d[:.]\d|\b(?:at|o'clock|[ap]m|half|past|thirty|quarter|fifteen|morning|evening|um|uhr|halb|viertel)\b))",
    re.IGNORECASE,
)
_BARE_WORDS_MOST = 8
_BLANK = "·"


@dataclass(slots=True)
class Filled:
    """What was heard: values by key, and what was wrong with the one that was asked for."""

    values: dict[str, str] = field(default_factory=dict)
    problem: Heard | None = None
    problem_of: str = ""
    parts: dict[str, str] = field(default_factory=dict)  # by key: what was told unasked and goes on ("next week")
    refused: dict[str, Heard] = field(default_factory=dict)  # by key: what was told unasked and cannot be


@dataclass(frozen=True, slots=True)
class Filling:
    flow: Flow
    language: str
    now: datetime

    def asking(self, step: Step, *, asked: bool, part: str = "") -> Asking:
        return Asking(self.now, self.language, step.limits, asked, f"{step.name} {step.ask}", part)

    def read(self, step: Step, text: str, *, asked: bool, part: str = "") -> Heard:
        return kinds.read(step.kind, text, self.asking(step, asked=asked, part=part))

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
            for step in sorted(open_steps, key=lambda step: (self._order(step, asked), step is not asked)):
                if step is asked and filled.problem is not None:
                    continue
                rest = self._take(step, rest, filled, asked, (parts or {}).get(step.key, ""))
            if len(filled.values) == before:
                break
        return filled

    def _order(self, step: Step, asked: Step | None) -> float:
        """Who looks first. "For eight" is how many come, unless the time was asked for."""
        if step is asked and step.kind in ("date", "address"):
            return -1  # "five eleven eighty-eight" is no number then, and "14 St James Square" no day
        is_first = step.kind == "number" and not (asked and asked.kind == "time")
        return kinds.KINDS["time"].order - 0.5 if is_first else step.of_kind.order

    def holds(self, text: str, asked: Step | None) -> bool:
        """Is a value of this flow in a text, whatever else it says?"""
        if asked and asked.kind == "address" and any(letter.isdecimal() for letter in text):
            return True  # "Could you send it to 43 Bell Street?"
        if asked and asked.kind not in (*_TAKE_ANYTHING, "text"):
            if self.read(asked, text, asked=True).problem != "none":
                return True
        return any(
            self.read(step, text, asked=False).fine
            for step in self.flow.steps
            if step.kind in (*_PLAIN, *_SURE) and step.kind != "yesno"
        )

    def _take(self, step: Step, rest: str, filled: Filled, asked: Step | None, part: str) -> str:
        """Look for one step's value; what is left of the text."""
        is_asked = step is asked
        if not is_asked and asked and asked.kind == "text" and step.kind not in _SURE:
            return rest
        heard = self.read(step, rest, asked=is_asked, part=part if is_asked or step.kind == "date" else "")
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

    def corrected(self, text: str, values: Mapping[str, str], latest: Sequence[str] = ()) -> Filled:
        """New values for things that are known already: the one that is named, else those that are plainly said, else
        one of the `latest`, the last one first. A thing that is named without its value is a problem of "none"."""
        known = [step for step in self.flow.needed(values) if step.key in values]
        for step in known:
            if step.kind in ("phone", "code") and (new := digits.again(values[step.key], text, german=self._german)):
                return Filled({step.key: new})
            if step.kind == "address" and (new := address.amended(values[step.key], text, self._german)):
                return Filled({step.key: new})
            if step.kind in ("address", "name") and (new := instead.exchanged(values[step.key], text)):
                return Filled({step.key: new})
        named = next(iter(naming.named(known, text, self.language)), None)
        filled = self._named(*named, text, values) if named else Filled()
        if filled.values or (filled.problem and filled.problem.problem != "none"):
            return filled
        counts = not latest and bool(_COUNTS.search(text)) and any(step.kind == "number" for step in known)
        said = self._said(text, values, [step for step in known if not (counts and step.kind == "time")])
        if said.values or (said.problem and not named):
            return said
        for step in [step for key in reversed(latest) for step in known if step.key == key and not named]:
            heard = self._again(step, text, values, asked=True) if step.kind in _PLAIN else Heard(problem="none")
            if heard.fine and heard.value != values[step.key]:
                return Filled({step.key: heard.value})
        return filled

    @property
    def _german(self) -> bool:
        return self.language.lower().startswith("de")

    def _again(self, step: Step, text: str, values: Mapping[str, str], *, asked: bool) -> Heard:
        """What is put in the place of a value. "No, Wednesday" is the one of the week that was spoken of."""
        before = values[step.key]
        heard = self.read(step, text, asked=asked, part=_week_of(before) if step.kind == "date" else "")
        if heard.problem == "part" and heard.part.startswith("--"):  # a birthday without its year, which is known
            return Heard(before[:4] + heard.part[1:], heard.start, heard.end)
        if step.kind == "name" and heard.fine:
            return replace(heard, value=name.put_right(before, heard.value))
        if step.kind == "choice" and not heard.fine:  # "the dishwasher, the oven is fine": one of the two is known
            both = self.read(step, text, asked=True)
            others = [option for option in both.options if option != before]
            if both.problem == "which" and len(others) == 1 < len(both.options):
                return Heard(others[0], both.start, both.end)
        return heard

    def barely(self, text: str, values: Mapping[str, str]) -> dict[str, str]:
        """What a bare "no, eleven" or "no, Tim" puts right: the one thing that it can be about, or is likeliest about."""
        rest = small_talk.without_no(text, self.language)
        if not rest.strip() or len(rest.split()) > _BARE_WORDS_MOST:
            return {}
        found: dict[str, str] = {}
        for step in self.flow.needed(values):
            is_name = step.kind == "name" and rest.strip()[:1].isupper()
            if step.key in values and (step.kind in _PLAIN or is_name):
                heard = self._again(step, rest, values, asked=True)
                if heard.fine and heard.value != values[step.key]:
                    found[step.key] = heard.value
        return found if len(found) < 2 else self._likeliest(found, rest)

    def _likeliest(self, found: Mapping[str, str], text: str) -> dict[str, str]:
        """Of several things the one that is said so: "the third" is a day, and "four" how many there are."""
        said = tokens(clean(text), self._german)
        is_ordinal = any(numerals.ordinal(said, place, self._german) for place in range(len(said)))
        for kind in ("date",) if is_ordinal else ("number", "amount"):
            of_kind = [step.key for step in self.flow.steps if step.kind == kind and step.key in found]
            if len(of_kind) == 1:
                return {of_kind[0]: found[of_kind[0]]}
        return {}

    def is_bare(self, text: str, values: Mapping[str, str]) -> bool:
        """Is it a value and nothing else: "the third", behind what was read back?"""
        for step in self.flow.needed(values):
            if step.key in values and step.kind in _BARE:
                heard = self._again(step, text, values, asked=True)
                if heard.fine and not set(words(blanked(clean(text), heard).replace(_BLANK, " "))) - _AROUND:
                    return True
        return False

    def renamed(self, text: str, values: Mapping[str, str]) -> dict[str, str]:
        """A name that is nearly the one that is known, said once more."""
        if len(text.split()) > name.WORDS_MOST:
            return {}
        for step in self.flow.needed(values):
            if step.kind == "name" and step.key in values:
                heard = self.read(step, text, asked=True)
                if heard.fine and heard.value != values[step.key] and name.alike(values[step.key], heard.value):
                    return {step.key: name.put_right(values[step.key], heard.value)}
        return {}

    def moved(self, text: str, values: Mapping[str, str]) -> dict[str, str]:
        """The same street with another number, or the same number in another street, said once more."""
        rest = small_talk.without_no(text, self.language)
        for step in self.flow.needed(values):
            if step.kind == "address" and step.key in values and any(c.isalpha() for c in rest):
                heard = self.read(step, rest, asked=True)
                if heard.fine and heard.value != values[step.key] and name.alike(values[step.key], heard.value):
                    return {step.key: heard.value}
        return {}

    def misplaced(self, text: str, values: Mapping[str, str], asked: Step) -> dict[str, str]:
        """Another thing's value, and nothing else, where a name was asked for: "six pm" is nobody's name."""
        rest = clean(text)
        for step in self.flow.needed(values) if asked.kind == "name" else ():
            if step.key not in values or step.kind not in _NEVER_A_NAME:
                continue
            heard = self.read(step, rest, asked=_all_numbers(rest, self._german))
            if heard.fine and not set(words(blanked(rest, heard).replace(_BLANK, " "))) - _AROUND:
                return {step.key: heard.value}
        return {}

    def _named(self, step: Step, behind: str, text: str, values: Mapping[str, str]) -> Filled:
        """The value of a thing that was named. A name may be a part of the value: "the day after tomorrow"."""
        whole = self._again(step, text, values, asked=False) if step.kind in ("date", "time") else Heard(problem="none")
        if whole.fine and whole.start < len(clean(text)) - len(behind) < whole.end:
            return Filled({step.key: whole.value})
        heard = self._again(step, behind, values, asked=True) if behind else Heard(problem="none")
        if heard.problem == "none":  # "no, for six people" names them behind
            heard = self._again(step, text, values, asked=step.kind not in _TAKE_ANYTHING)
        if heard.fine:
            return Filled({step.key: heard.value})
        return Filled(problem=heard, problem_of=step.key)

    def _said(self, text: str, values: Mapping[str, str], known: Sequence[Step]) -> Filled:
        """Values that are plainly said, whatever was asked."""
        filled, rest = Filled(), clean(text)
        place = {step.key: number for number, step in enumerate(known)}
        for step in sorted(known, key=lambda step: (step.of_kind.order, -place[step.key])):
            if any(own.kind == step.kind for own in known if own.key in filled.values):
                continue
            heard = self._again(step, rest, values, asked=False)
            if heard.problem not in ("", "none"):
                filled.problem, filled.problem_of = heard, step.key
                rest = blanked(rest, heard)
            elif heard.fine and heard.value != values[step.key]:
                if step.kind == "date" and any(
                    values[own.key][5:] == heard.value[5:] for own in known if own.kind == "date"
                ):
                    continue  # "the fifth of November" says a birthday once more, and is no new day for the other date
                filled.values[step.key] = heard.value
                rest = blanked(rest, heard)
        return filled


def _all_numbers(text: str, german: bool) -> bool:
    """Number words and nothing else: "three thirty" is nobody's name."""
    said = tokens(text)
    return bool(said) and all(numerals.small(said, n, german) is not None for n in range(len(said)))


def _week_of(day: str) -> str:
    monday = date.fromisoformat(day) - timedelta(days=date.fromisoformat(day).weekday())
    return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"


def blanked(text: str, heard: Heard) -> str:
    """The text without what was taken from it; its places stay."""
    start, end = heard.start, max(heard.end, heard.start)
    return text[:start] + _BLANK * min(end - start, max(0, len(text) - start)) + text[end:] if end > start else text
