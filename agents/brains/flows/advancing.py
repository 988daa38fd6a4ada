"""What comes next in a flow: what is missing, why an answer was none, the way back, what is looked up."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace

from agents.brains.base import Reply
from agents.brains.collecting.base import Heard
from agents.brains.flows.course import Events, State
from agents.brains.flows.ending import Ending
from agents.brains.flows.plan import Step

FAILURES_MOST = 3  # answers in a row that were none: then somebody else should help
TRIES_MOST = 7  # of any kind for one question: "Sunday" can be said for ever


@dataclass(frozen=True, slots=True)
class Advancing(Ending):
    def _next(
        self,
        state: State,
        before: str = "",
        *,
        first: str = "",
        events: Events = (),
        refused: Mapping[str, Heard] | None = None,
    ) -> Reply:
        """Ask for the first thing that is missing; read everything back when nothing is."""
        if looked_up := self._looking.due(state):
            return self._looks_up(looked_up, state, before, events)
        values, skipped = state["values"], state.get("skipped", [])
        missing = [step for step in self.flow.needed(values) if step.key not in values and step.key not in skipped]
        refused = refused or {}
        first = first or next((step.key for step in missing if step.key in refused), "")  # told, and it cannot be
        asked = next((step for step in missing if step.key == first), missing[0] if missing else None)
        is_same = asked is not None and asked.key == self.state.get("step")
        left = ("which", "keypad") if is_same else ("which", "keypad", "failures", "tries")
        state = {key: kept for key, kept in state.items() if key not in left}
        if is_same:  # something was understood, and not what was asked for
            state["tries"] = state.get("tries", 0) + 1
        if asked:
            state |= {"step": asked.key, "expects": asked.of_kind.expects, "keypad": asked.of_kind.keypad}
            question, why = self._asks(asked, values), refused.get(asked.key)
            question = (
                self._telling.problem(asked, why, question) if why else question
            )  # "for tonight" – "We are closed"
            return self._reply(f"{before} {question}".strip(), state, events=events)
        if not self.flow.read_back or not values:
            finished = self._finished(values)
            return replace(finished, events=(*events, *finished.events))
        state |= {"step": "check", "expects": "yesno"}
        return self._reply(self._telling.check(values), state, events=events)

    def _keep(self, new: Mapping[str, str], state: State, refused: Mapping[str, Heard] | None = None) -> Reply:
        """These values are known now."""
        state["values"] = {**state.get("values", {}), **new}
        state["order"] = [key for key in state.get("order", []) if key not in new] + list(new)
        for key in new:
            state.get("parts", {}).pop(key, None)
        return self._next(state, self._telling.echo(new), refused=refused)

    def _problem(self, asked: Step, heard: Heard, state: State) -> Reply | None:
        """There is no value yet: say why, and ask again."""
        state["tries"] = state.get("tries", 0) + 1
        state["failures"] = state.get("failures", 0) + (heard.problem == "none")
        if state["failures"] >= FAILURES_MOST or state["tries"] >= TRIES_MOST:
            return self._skip(asked) if asked.optional else None
        if heard.problem in ("part", "house"):
            state["parts"] = {**state.get("parts", {}), asked.key: heard.part}
        if heard.problem == "which":
            state["which"] = list(heard.options)
        question = self._asks(asked, state["values"], again=True)
        text = self._telling.problem(asked, heard, question)
        return self._reply(text, state | {"expects": asked.of_kind.expects})

    def _skip(self, asked: Step) -> Reply:
        if not asked.optional:
            return self._reply(f"{self.words.needed} {self._asks(asked, self.values)}", self.state)
        state = copy.deepcopy(self.state)
        state["skipped"] = [*state.get("skipped", []), asked.key]
        return self._next(state)

    def _back(self) -> Reply:
        """To the question before: its answer is asked again."""
        state = copy.deepcopy(self.state)
        now = state.get("step")
        places = [step.key for step in self.flow.needed(state["values"])]
        end = places.index(now) if now in places else len(places)
        before = [key for key in places[:end] if key in state["values"] or key in state["skipped"]]
        if not before:
            return self.again(self.words.no_way_back)
        key = before[-1]
        state["values"].pop(key, None)
        state["skipped"] = [each for each in state["skipped"] if each != key]
        state["order"] = [each for each in state["order"] if each != key]
        return self._next(state, self.words.back, first=key)

    def _looks_up(self, step: Step, state: State, before: str, events: Events) -> Reply:
        """Have an answer looked up (agents/brains/tools/brain.py); `looked_up` goes on from there."""
        state = self._looking.begun(state, step)
        act = self._act(step.lookup, step.key, state["values"])
        return replace(self._reply(before, state, events=events), act={**act, "step": step.key, "state": state})

    def looked_up(self) -> Reply | None:
        """What comes next, behind what was said of it. None: nothing was found once too often."""
        state = copy.deepcopy(self.state)
        came = state.pop("came")
        step = self.flow.step(str(came["step"]))
        if step is None:  # a flow that was changed meanwhile
            return self._next(state)
        if came["how"] != "refused":
            self._looking.keep(state, step, came["how"], came["values"])
            return replace(self, state=state)._next(state)
        state["values"].pop(step.key, None)
        state["order"] = [key for key in state.get("order", []) if key != step.key]
        state["tries"], state["failures"] = state.get("tries", 0) + 1, state.get("failures", 0) + 1
        if state["failures"] >= FAILURES_MOST or state["tries"] >= TRIES_MOST:
            return None
        asked = state | {"step": step.key, "expects": step.of_kind.expects, "keypad": step.of_kind.keypad}
        return self._reply(self._asks(step, state["values"], again=True), asked)
