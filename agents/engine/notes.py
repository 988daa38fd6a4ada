"""What an agent writes down while it talks, and how a conversation ends.

Notes never wait: whoever receives them queues them (in a call: calling/record/store/).
"""

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol


@dataclass(slots=True)
class TurnNote:
    """One side's turn. The same index written again replaces the earlier note.

    An agent's turn is noted when its first sound goes out and again when it ends or is cut, so that a crash loses no
    turn that was already spoken. `timings` are milliseconds: "end_of_speech" (from the visitor's last sound until the
    turn was over), "hearing" (transcribing, which happens within it), "thinking" and "voice" (what was still to
    be done then), "first_sound" (from the visitor's last sound to the agent's first). `decision` says why turns changed
    hands when they did, as plain JSON. Of a visitor's turn: "end" (turn_rules.End), and "joined" where speech over the
    first moments of an answer was taken as more of the turn ("do": "join"), or as another one ("apart"); and "heard":
    how certain its words are, the places of the doubtful ones, and what was corrected ("changed"). Of an agent's turn:
    "overlaps", what was made of sounds over it (overlap_rules.Verdict), with "at_s", "held_ms" and "text"; and "doubt",
    what was made of words that were heard badly (brains/doubt.Verdict), and what brains/why.py keeps of the reply.
    """

    index: int
    speaker: Literal["visitor", "agent"]
    text: str
    started_s: float
    ended_s: float | None = None
    planned: str = ""
    interrupted: bool = False
    source: str = ""
    score: float | None = None
    timings: dict[str, float] = field(default_factory=dict)
    decision: dict[str, Any] = field(default_factory=dict)


class Notes(Protocol):
    def turn(self, note: TurnNote) -> None: ...

    def event(self, name: str, at_s: float, **data: Any) -> None: ...

    def state(self, state: dict[str, Any]) -> None:
        """The answerer's state after a turn, plain JSON."""
        ...


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a conversation is over.

    cause: "agent_ended", "visitor_ended", "silence", "time_limit", "connection_lost", "shutdown" or "failed".
    """

    cause: str
    code: str = ""
