"""The conversation: hear → whose turn → think → speak → be interrupted, until somebody ends it."""

from typing import Any, Protocol

from agents.line import Line
from agents.notes import Ending, Notes
from agents.providers.base import Engines
from agents.snapshot import AgentSnapshot
from agents.talk import TalkSettings

__all__ = ["Answerer", "TalkSettings", "VoiceAgent"]


class Answerer(Protocol):
    """What a session needs of an agent."""

    async def run(self, seat: Line, notes: Notes) -> Ending:
        """Talk until the conversation is over. Cancelling it ends everything it started."""
        ...

    def state(self) -> dict[str, Any]:
        """Where the conversation stands, as plain JSON."""
        ...

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from there; called before `run`."""
        ...


class VoiceAgent:
    """Answers by voice, from the topics of one frozen version."""

    def __init__(
        self,
        snapshot: AgentSnapshot,
        engines: Engines,
        *,
        variant_key: str = "",
        settings: TalkSettings | None = None,
        language: str = "",
    ) -> None:
        self._snapshot = snapshot
        self._engines = engines
        self._variant_key = variant_key
        self._settings = settings or TalkSettings()
        self._language = language or snapshot.language
