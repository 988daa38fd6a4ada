"""Answers that are looked up while a flow is on its way: when, with what, and what is known from then on.

A step may name a tool that only reads. It is asked as soon as the step is answered; the parts of what it says are
values like any other, under the step's key and their own ("order_number.status"), for texts, conditions and the tool at
the end. They belong to the answers that they were found with: where one of these changes, it is looked up again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.brains.flows.plan import Flow, Step, parts_of
from agents.brains.tools import telling

FOUND = "found"  # the part that says whether anything was: "yes" or "no"
State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Looking:
    flow: Flow
    language: str

    def due(self, state: State) -> Step | None:
        """The step whose answer is to be looked up now. What was found with other answers is dropped from the state."""
        values = state["values"]
        for step in self.flow.needed(values):
            is_told = step.lookup and step.key in values
            if is_told and state.get("looked", {}).get(step.key) != self._known(step, values):
                for key in parts_of(step, values):
                    del values[key]
                return step
        return None

    def begun(self, state: State, step: Step) -> State:
        """Where the flow stands while it is looked up: as if that was what had been asked for."""
        return state | {"step": step.key, "expects": step.of_kind.expects}

    def keep(self, state: State, step: Step, how: str, found: Mapping[str, str]) -> None:
        """Keep what came of it. `how`: the outcome's state."""
        values = state["values"]
        values |= {f"{step.key}.{name}": value for name, value in found.items()}
        values[f"{step.key}.{FOUND}"] = "yes" if how == "done" else "no"
        state["looked"] = {**state.get("looked", {}), step.key: self._known(step, values)}

    def _known(self, step: Step, values: Mapping[str, str]) -> dict[str, str]:
        """What was told up to this step, and found out before it."""
        known: dict[str, str] = {}
        for one in self.flow.needed(values):
            known |= {one.key: values[one.key]} if one.key in values else {}
            if one is step:
                break
            known |= parts_of(one, values)
        return known

    def parts(self, values: Mapping[str, str]) -> dict[str, str]:
        """What was found by its own names, as systems write it."""
        found: dict[str, str] = {}
        for step in (one for one in self.flow.needed(values) if one.key in values):
            found |= {key.partition(".")[2]: value for key, value in parts_of(step, values).items()}
        found.pop(FOUND, None)
        return found

    def said(self, values: Mapping[str, str]) -> dict[str, str]:
        """The same as it is said."""
        return {key: telling.aloud(value, self.language) for key, value in self.parts(values).items()}
