"""Where a flow stands: what is known, what is asked, and how that is said.

It is plain JSON in the agent's memory: `Course` reads it, and its replies carry the next one along.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agents.brains.base import Reply
from agents.brains.flows.filling import Filling
from agents.brains.flows.looking import Looking
from agents.brains.flows.plan import Flow, Step, fill, used
from agents.brains.flows.telling import Telling
from agents.brains.flows.words import FlowWords, words_of

_NAMED = re.compile(r"\s*\$\{[^{}]*\}")
State = dict[str, Any]
Events = tuple[tuple[str, dict[str, Any]], ...]


@dataclass(frozen=True, slots=True)
class Course:
    flow: Flow
    language: str
    now: datetime
    say: Callable[[str], str]  # a text with the words of variant and page in their places
    state: State = field(default_factory=dict)
    last_said: str = ""
    turn: int = 0  # which one of the conversation is answered

    @property
    def words(self) -> FlowWords:
        return words_of(self.language)

    @property
    def values(self) -> dict[str, str]:
        return dict(self.state.get("values", {}))

    @property
    def asked(self) -> Step | None:
        """The step that was asked for."""
        return self.flow.step(self.state.get("step", ""))

    @property
    def _filling(self) -> Filling:
        return Filling(self.flow, self.language, self.now)

    @property
    def _telling(self) -> Telling:
        return Telling(self.flow, self.language, self.now)

    @property
    def _looking(self) -> Looking:
        return Looking(self.flow, self.language)

    def about(self) -> str:
        """What somebody who helps should know."""
        told = self._telling.everything(self.values)
        return f"{self.flow.name}. {told}".strip(" .")

    def again(self, before: str) -> Reply:
        """The same question once more, behind the answer to one in between."""
        return self._reply(f"{before} {self._question()}".strip(), self.state)

    def _question(self) -> str:
        """What is being asked."""
        match self.state.get("step"):
            case "check":
                return self._telling.check(self.values)
            case "offer":
                return self.say(self.flow.offer) or self.words.offer
            case "fix":
                return self._telling.what_to_change(self.values)
        return self._asks(self.asked, self.values) if self.asked else ""

    def _asks(self, step: Step, values: Mapping[str, str], *, again: bool = False) -> str:
        """Its question, with what is known. Sentences that lack something are left out, where one is left."""
        text = (step.again if again else "") or step.ask
        if not used(text):
            return self.say(text)
        return self.say_with(text, self._said(values)) or self.say_with(_NAMED.sub("", text), {})

    def _said(self, values: Mapping[str, str]) -> dict[str, str]:
        """All that is known, as it is said, by the names that texts have for it."""
        return self._looking.said(values) | self._telling.values(values)

    def say_with(self, text: str, said: Mapping[str, str]) -> str:
        """A text with the values in their places; what a visitor said is not filled again."""
        return fill(self.say(text), said) if text else ""

    @property
    def source(self) -> str:
        return f"flow:{self.flow.name}"

    @property
    def finished_source(self) -> str:
        return f"flow_finished:{self.flow.name}"

    def _reply(self, text: str, state: State, *, events: Events = ()) -> Reply:
        data = self.flow.data(state.get("values", {}))
        return Reply(text, self.source, "flow", flow=state, events=events, data=data)
