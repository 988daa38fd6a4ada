"""The flows of one version, beside its topics: what starts one, and where it is offered."""

from collections.abc import Callable
from datetime import datetime

from agents.brains.base import Reply
from agents.brains.flows import starting, turns
from agents.brains.flows.plan import Flow
from agents.brains.flows.running import Running
from agents.brains.memory import Memory
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot, spoken


class Guide:
    def __init__(
        self, snapshot: AgentSnapshot, *, variant: dict[str, str], language: str, now: Callable[[], datetime]
    ) -> None:
        self._flows = {flow.name: flow for flow in snapshot.flows}
        self._variant, self._language, self._now = variant, language, now
        self._offered = {topic: flow for flow in snapshot.flows for topic in flow.topics}

    def topics(self) -> tuple[TopicSnapshot, ...]:
        """Flows as topics, so that they are found by other people's words, too."""
        flows = (flow for flow in self._flows.values() if flow.steps)
        return tuple(
            TopicSnapshot(
                flow.name, flow.starts, _about(flow), spoken=flow.called, titled=flow.called, unworded=flow.unworded
            )
            for flow in flows
        )

    def is_flow(self, name: str) -> bool:
        return name in self._flows

    async def begun_by(self, text: str, likely: tuple[str, ...] = ()) -> str:
        """The flow that a text begins by its words, or by what it tells where the flow is likely; "" where none."""
        worded = {name: flow for name, flow in self._flows.items() if not flow.unworded}
        text = text[: turns.CHARACTERS_MOST]
        named = starting.begun_by(text, worded.values())
        first = likely[0] if likely else ""
        return named or (first if first in worded and await self.collects(first, text) else "")

    async def collects(self, name: str, text: str) -> bool:
        """Does the flow of that name find something in the text that it asks for?"""
        text = text[: turns.CHARACTERS_MOST]
        flow, now = self._flows[name], self._now()
        return await turns.beside(text, lambda: starting.has_values(text, flow, self._language, now))

    async def wanted_with(self, topic: str, text: str) -> str:
        """The flow that a topic offers, where the text wants it and tells some of what it asks for; "" elsewhere."""
        flow = self._offered.get(topic)
        if flow is None or flow.unworded or not flow.steps or not starting.requests(text):
            return ""
        return flow.name if await self.collects(flow.name, text) else ""

    def topic_of(self, names: tuple[str, ...]) -> str:
        """Of two names the topic, where the other one is the flow that it offers; "" elsewhere."""
        pairs = [(one, other) for one in names for other in names if one != other]
        return next((topic for topic, flow in pairs if (own := self._offered.get(topic)) and own.name == flow), "")

    def running(self, memory: Memory) -> Running | None:
        """The flow that is on its way; None where there is none, or this version does not know it any more."""
        flow = self._flows.get((memory.flow or {}).get("flow", ""))
        return self._of(flow, memory) if flow and not flow.unworded else None

    async def begin(self, name: str, text: str, memory: Memory) -> Reply:
        running, text = self._of(self._flows[name], memory), text[: turns.CHARACTERS_MOST]
        return await turns.beside(text, lambda: running.begin(text))

    def offer(self, reply: Reply, memory: Memory) -> Reply:
        """A topic's answer, with the offer of the flow that belongs to it."""
        flow = self._offered.get(reply.topics[-1]) if reply.topics else None
        return self._of(flow, memory).offered(reply) if flow and flow.steps and not flow.unworded else reply

    def _of(self, flow: Flow, memory: Memory) -> Running:
        def say(text: str) -> str:
            return " ".join(spoken(text, self._variant, memory.page).split())

        return Running(
            flow, self._language, self._now(), say, dict(memory.flow or {}), memory.last_said, memory.next_index
        )


def _about(flow: Flow) -> str:
    """What stands in for a topic's content where flows and topics are compared."""
    return " ".join([f"{flow.called or flow.name}.", *flow.starts[:3]])
