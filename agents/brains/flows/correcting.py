"""Finds what puts right a value that is known already: a new one, or a part of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from agents.brains import small_talk
from agents.brains.collecting import address, digits, name, numerals
from agents.brains.collecting.base import Heard
from agents.brains.collecting.tokens import clean, tokens
from agents.brains.flows import instead, naming, orders
from agents.brains.flows.plan import Step
from agents.brains.flows.reading import BLANK, PLAIN, TAKE_ANYTHING, Filled, Reading, blanked
from agents.speech.words import FILLERS, words

_BARE = ("date", "time", "number", "amount", "choice")
AROUND = FILLERS | frozenset("at on for it's it is please then make the am um bitte dann".split())
# "Make it four" says how many, unless it says what o'clock, or a time was just spoken of.
_COUNTS = re.compile(
    r"\b(?:make (?:it|that)|machen sie|mach|machen wir)\b(?!.*(?:\d[:.]\d|\b(?:at|o'clock|[ap]m|half|past|thirty|quarter|fifteen|morning|evening|um|uhr|halb|viertel)\b))",
    re.IGNORECASE,
)
_BARE_WORDS_MOST = 8


@dataclass(frozen=True, slots=True)
class Correcting(Reading):
    def corrected(self, text: str, values: Mapping[str, str], latest: Sequence[str] = ()) -> Filled:
        """New values for things that are known already: the one that is named, else those that are plainly said, else
        one of the `latest`, the last one first. A thing that is named without its value is a problem of "none"."""
        known = [step for step in self.flow.needed(values) if step.key in values]
        named = next(iter(naming.named(known, text, self.language)), None)
        for step in sorted(known, key=lambda step: not (named and step is named[0])):
            if step.kind in ("phone", "code") and (new := digits.again(values[step.key], text, german=self._german)):
                return Filled({step.key: new})
            if step.kind == "address" and (new := address.amended(values[step.key], text, self._german)):
                return Filled({step.key: new})
            as_read = partial(self._spelled, step) if step.kind == "name" else str
            if step.kind in ("address", "name") and (new := instead.exchanged(values[step.key], text, as_read)):
                return Filled({step.key: new})
        if exchanged := self._exchanged(text, known, values):
            return Filled(exchanged)
        filled = self._named(*named, text, values) if named else Filled()
        if filled.values or (filled.problem and filled.problem.problem != "none"):
            return filled
        counts = not latest and bool(_COUNTS.search(text)) and any(step.kind == "number" for step in known)
        said = self._said(text, values, [step for step in known if not (counts and step.kind == "time")])
        if said.values or (said.problem and not named):
            return said
        for step in [step for key in reversed(latest) for step in known if step.key == key and not named]:
            heard = self._again(step, text, values, asked=True) if step.kind in PLAIN else Heard(problem="none")
            if heard.fine and heard.value != values[step.key]:
                return Filled({step.key: heard.value})
        return filled

    def _spelled(self, step: Step, text: str) -> str:
        """ "Laine, L A I N E" is Laine."""
        return self.read(step, text, asked=True).value or text

    def _exchanged(self, text: str, known: Sequence[Step], values: Mapping[str, str]) -> dict[str, str]:
        """ "Did I say forty? I meant thirty-five": the one thing that was that before."""
        found: dict[str, str] = {}
        for old, new in instead.pairs(text):
            for step in known if not found else ():
                if step.kind in _BARE and self.read(step, old, asked=True).value == values[step.key]:
                    heard = self._again(step, new, values, asked=True)
                    if heard.fine and heard.value != values[step.key]:
                        found[step.key] = heard.value
        return found if len(found) == 1 else {}

    def _again(self, step: Step, text: str, values: Mapping[str, str], *, asked: bool) -> Heard:
        """What is put in the place of a value. "No, Wednesday" is the one of the week that was spoken of."""
        before = values[step.key]
        heard = self.read(step, text, asked=asked, part=_week_of(before) if step.kind == "date" else "")
        if heard.problem == "part" and heard.part.startswith("--"):  # a birthday without its year, which is known
            return Heard(before[:4] + heard.part[1:], heard.start, heard.end)
        if step.kind == "time":
            return self._nearest(step, text, before, asked=asked) or heard
        if step.kind == "name" and heard.fine:
            return replace(heard, value=name.put_right(before, heard.value))
        if step.kind == "choice" and not heard.fine:  # "the dishwasher, the oven is fine": one of the two is known
            both = self.read(step, text, asked=True)
            others = [option for option in both.options if option != before]
            if both.problem == "which" and len(others) == 1 < len(both.options):
                return Heard(others[0], both.start, both.end)
        return heard

    def _nearest(self, step: Step, text: str, before: str, *, asked: bool) -> Heard | None:
        """Of "half past four" in the morning and in the afternoon the one that is nearer to the time it was."""
        both = [self.read(step, text, asked=asked, part=part) for part in ("am", "pm")]
        if not all(one.fine for one in both) or both[0].value == both[1].value:
            return None
        return min(both, key=lambda one: abs(_minutes(one.value) - _minutes(before)))

    def barely(self, text: str, values: Mapping[str, str]) -> dict[str, str]:
        """What a bare "no, eleven" or "no, Tim" puts right: the one thing that it can be about, or is likeliest about."""
        rest = small_talk.without_no(text, self.language)
        if not rest.strip() or len(rest.split()) > _BARE_WORDS_MOST:
            return {}
        found: dict[str, str] = {}
        for step in self.flow.needed(values):
            is_name = step.kind == "name" and rest.strip()[:1].isupper()
            if step.key in values and (step.kind in PLAIN or is_name):
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
                if heard.fine and not set(words(blanked(clean(text), heard).replace(BLANK, " "))) - AROUND:
                    return True
        return False

    def renamed(self, text: str, values: Mapping[str, str]) -> dict[str, str]:
        """A name that is nearly the one that is known, said once more."""
        if len(text.split()) > name.WORDS_MOST and not name.is_spelled(text, self._german):
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

    def _named(self, step: Step, behind: str, text: str, values: Mapping[str, str]) -> Filled:
        """The value of a thing that was named. A name may be a part of the value: "the day after tomorrow"."""
        whole = self._again(step, text, values, asked=False) if step.kind in ("date", "time") else Heard(problem="none")
        if whole.fine and whole.start < len(clean(text)) - len(behind) < whole.end:
            return Filled({step.key: whole.value})
        heard = self._again(step, behind, values, asked=True) if behind else Heard(problem="none")
        if heard.problem == "none":  # "no, for six people" names them behind
            takes = step.kind not in TAKE_ANYTHING or step.kind == "yesno"
            rest = small_talk.without_no(orders.without_lead(text), self.language)
            heard = self._again(step, rest if step.kind == "yesno" else text, values, asked=takes)
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


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:5])


def _week_of(day: str) -> str:
    monday = date.fromisoformat(day) - timedelta(days=date.fromisoformat(day).weekday())
    return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
