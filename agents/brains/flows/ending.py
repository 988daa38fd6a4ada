"""How a flow ends: everything is collected, or it is left in the middle."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agents.brains.base import Reply, event
from agents.brains.flows.course import Course


@dataclass(frozen=True, slots=True)
class Ending(Course):
    def _finished(self, values: Mapping[str, str]) -> Reply:
        data = self.flow.data(values)
        said = self._said(values)
        kept = event(
            "flow_finished",
            flow=self.flow.name,
            end=self.flow.end,
            data=data,
            said=[[step.name, said[step.key]] for step in self.flow.steps if step.key in said],
        )
        text = self.say_with(self.flow.text, said)
        if self.flow.end == "message":
            text = text or self.words.done_message
        if self.flow.end != "topic":
            text = f"{text or self.words.done} {self.words.anything_else}"
        return Reply(
            text,
            self.finished_source,
            "flow",
            offered=self.flow.end != "topic",
            events=(kept,),
            data=data,
            act=self._act(self.flow.tool, "", values) if self.flow.end == "tool" else None,
        )

    def _act(self, tool: str, step: str, values: Mapping[str, str]) -> dict[str, Any]:
        """What is asked of a tool, and where the flow stood before: until it is firm, it may still be corrected."""
        occasion, said = f"{self.flow.name}:{self.state.get('run', self.turn)}", self._said(values)
        return {
            "tool": tool,
            "occasion": f"{occasion}:{step}" if step else occasion,
            "given": self._looking.parts(values) | self.flow.data(values),
            "said": said,
            "usual": "" if step else self.say_with(self.flow.text, said),
            "back": dict(self.state),
        }

    def with_topic(self, finished: Reply, content: str) -> Reply:
        """The end with the answer of a topic, where there is one."""
        after = content or f"{self.words.done} {self.words.anything_else}"
        topics = (self.flow.topic,) if content else ()
        return replace(finished, text=f"{finished.text} {after}".strip(), topics=topics, offered=not content)

    def _stopped(self) -> Reply:
        return Reply(self.words.stopped, self.source, "flow", events=(self.left("stopped"),))

    def left(self, reason: str) -> tuple[str, dict[str, Any]]:
        """The event of a flow that is left in the middle."""
        asked = self.asked
        return event("flow_left", flow=self.flow.name, reason=reason, at=asked.name if asked else "")
