"""What is said to what was read back: a yes, more than a yes, or what is to be changed."""

import copy
from dataclasses import dataclass

from agents.brains.base import Reply
from agents.brains.collecting import yes_no
from agents.brains.flows import orders, passing
from agents.brains.flows.advancing import Advancing
from agents.brains.flows.plan import Step


@dataclass(frozen=True, slots=True)
class Checking(Advancing):
    def _checked(self, text: str, agreed: bool | None) -> Reply | None:
        if agreed:
            return self._finished(self.values)
        fixed = self._fixed(text)
        if fixed:
            return fixed
        if agreed is None and (behind := passing.behind_yes(text)):
            return self._agreed_and(behind)
        if agreed is None:
            heard = yes_no.read(text, self._filling.asking(Step("", "", "yesno", ""), asked=True))
            agreed = {"yes": True, "no": False}.get(heard.value) or (yes_no.affirms(text) or None)
            if agreed and not orders.corrects(text):
                return self._finished(self.values)
        if agreed is False or orders.corrects(text):
            state = self.state | {"step": "fix", "expects": "free"}
            return self._reply(self._telling.what_to_change(self.values), state)
        return None

    def _agreed_and(self, behind: passing.Behind) -> Reply:
        """ "Yes that's right, and …": more to keep, a note, or thanks; "yes, but …" is no yes."""
        if behind.contrasts:
            return self._reply(
                self._telling.what_to_change(self.values), self.state | {"step": "fix", "expects": "free"}
            )
        new = self._filling.fill(behind.text, self.values, None).values
        if new:
            return self._keep(new, copy.deepcopy(self.state))
        open_notes = [
            step for step in self.flow.needed(self.values) if step.kind == "text" and step.key not in self.values
        ]
        if open_notes and behind.is_note(self.language):
            return self._finished({**self.values, open_notes[0].key: behind.text})
        return self._finished(self.values)

    def _changed(self, text: str, agreed: bool | None) -> Reply | None:
        """ "What should I change?" – "The name", or the right one at once, or "no, it is right"."""
        heard = yes_no.read(text, self._filling.asking(Step("", "", "yesno", ""), asked=True))
        agreed = heard.value == "yes" if agreed is None else agreed
        return self._fixed(text) or (self._finished(self.values) if agreed else None)

    def _fixed(self, text: str) -> Reply | None:
        filled = self._filling.corrected(text, self.values)
        state = copy.deepcopy(self.state)
        if filled.values:
            return self._keep(filled.values, state)
        step = self.flow.step(filled.problem_of)
        if step is None:
            is_fix = orders.corrects(text) or state["step"] == "fix" or self._filling.is_bare(text, self.values)
            bare = self._filling.barely(text, self.values) if is_fix else self._filling.renamed(text, self.values)
            bare = bare or self._filling.moved(text, self.values)
            return self._keep(bare, state) if bare else None
        if filled.problem and filled.problem.problem not in ("none", "length", "part", "house"):
            state |= {"step": step.key}
            state["values"].pop(step.key, None)
            return self._problem(step, filled.problem, state)
        state["values"].pop(step.key, None)
        return self._next(state, first=step.key)
