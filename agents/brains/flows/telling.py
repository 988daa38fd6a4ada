"""What is said of values: read back, asked for again with the reason, two of them to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agents.brains.collecting import choice, kinds
from agents.brains.collecting.base import Heard
from agents.brains.flows.plan import Flow, Step
from agents.brains.flows.words import FlowWords, words_of

_YEAR_FROM_DAYS = 300  # ahead, or any behind: then a date is read back with its year


@dataclass(frozen=True, slots=True)
class Telling:
    flow: Flow
    language: str
    now: datetime

    @property
    def words(self) -> FlowWords:
        return words_of(self.language)

    def value(self, step: Step, kept: str) -> str:
        """One value as it is read back."""
        if step.kind == "choice":
            return self._option(step, kept)
        said = kinds.say(step.kind, kept, self.language)
        if step.kind == "date":
            day, today = date.fromisoformat(kept), self.now.date()
            if not today <= day <= today + timedelta(days=_YEAR_FROM_DAYS):
                return f"{said} {day.year}"
        return said

    def options(self, step: Step) -> str:
        """What there is to choose from."""
        names = [self._option(step, name) for name, _ in choice.options(step.limits)]
        return self.words.options.format(listed(names, self.words.joined_and)) if names else ""

    @staticmethod
    def _option(step: Step, kept: str) -> str:
        """What is kept of a choice is its name in the first language; what is said, the one of this language."""
        every = step.limits.get("options") or []
        return next((str(one.get("said", kept)) for one in every if one.get("name") == kept), kept)

    def values(self, values: Mapping[str, str]) -> dict[str, str]:
        """All values that count, as they are read back, by key."""
        needed = self.flow.needed(values)
        return {step.key: self.value(step, values[step.key]) for step in needed if step.key in values}

    def everything(self, values: Mapping[str, str]) -> str:
        said = self.values(values)
        return ". ".join(
            self.words.item.format(step.name, said[step.key]) for step in self.flow.steps if step.key in said
        )

    def check(self, values: Mapping[str, str]) -> str:
        return self.words.check.format(self.everything(values))

    def what_to_change(self, values: Mapping[str, str]) -> str:
        names = [step.name for step in self.flow.needed(values) if step.key in values]
        return self.words.fix.format(listed(names, self.words.joined_or))

    def echo(self, new: Mapping[str, str]) -> str:
        """What was just heard, said back in passing: what is easily misheard, and whatever came along unasked."""
        steps = [step for step in self.flow.steps if step.key in new]
        told = [
            step for step in steps if step.of_kind.echoed or (len(steps) > 1 and step.kind not in ("text", "yesno"))
        ]
        said = ", ".join(self.value(step, new[step.key]) for step in told)
        return f"{said[:1].upper()}{said[1:]}." if said else ""

    def problem(self, step: Step, heard: Heard, question: str) -> str:
        """Why there is no value yet, and the question again where that does not ask it already."""
        words, part = self.words, heard.part
        match heard.problem:
            case "part":
                return self._part(step, part, question)
            case "which":
                options = [self.value(step, option) for option in heard.options]
                if len(options) == 2:
                    return words.which.format(*options)
                return words.which_of_many.format(listed(options, words.joined_or))
            case "house":
                return words.house
            case "past" | "future":
                why = (words.past if heard.problem == "past" else words.future).format(self.value(step, part))
            case "closed":
                why = self._closed(step, part)
            case "unseen":
                why = words.unseen
            case "least" | "most":
                why = self._bound(step, heard)
            case "length":
                why = words.not_got["code"]
            case _:
                why = words.not_got[step.kind]
        return f"{why} {question}"

    def _part(self, step: Step, part: str, question: str) -> str:
        match step.kind:
            case "phone" | "code":
                return self.words.go_on.format(self.value(step, part))
            case "date":
                return self.words.year_of if part.startswith("--") else self.words.day_of
            case "time":
                return self.words.hour_of
            case "email":
                return self.words.whole_email
        return question

    def _closed(self, step: Step, part: str) -> str:
        if step.kind == "date":
            days = [self.words.day_names[int(day)] for day in step.limits.get("days") or []]
            return self.words.closed_day.format(self.value(step, part), listed(days, self.words.joined_and))
        least, most = str(step.limits.get("from") or "00:00"), str(step.limits.get("to") or "23:59")
        return self.words.closed_time.format(self.value(step, least), self.value(step, most))

    def _bound(self, step: Step, heard: Heard) -> str:
        words = self.words
        if step.kind == "phone":
            return words.too_long
        if step.kind == "date":
            return words.ahead.format(self.value(step, heard.part))
        bound = str(step.limits.get(heard.problem, ""))
        if step.kind == "amount":
            bound = self.value(step, f"{bound} {step.limits.get('currency') or ''}".strip())
        return (words.least if heard.problem == "least" else words.most).format(bound)


def listed(names: Sequence[str], last: str) -> str:
    return last.join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
