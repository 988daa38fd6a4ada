"""What one reply that does something consists of: the act, what is said around it, and what is kept with the turn."""

from dataclasses import dataclass, replace
from typing import Any

from agents.brains.base import Piece, Reply
from agents.brains.tools.arguments import Value
from agents.brains.tools.outcome import Outcome
from agents.brains.tools.plan import Tool


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to be done, ready to be sent."""

    tool: Tool
    key: str
    arguments: dict[str, Value]
    problem: str = ""  # why it cannot be


@dataclass(slots=True)
class Said:
    """What is said in one reply: all of it, and what of it was not handed on yet."""

    all: str = ""
    waiting: str = ""

    @classmethod
    def of(cls, text: str) -> "Said":
        return cls(text, text)

    def add(self, text: str) -> None:
        self.all, self.waiting = f"{self.all} {text}".strip(), f"{self.waiting} {text}".strip()

    def take(self) -> str:
        taken, self.waiting = self.waiting, ""
        return taken


def kept(name: str, outcome: Outcome, key: str = "") -> dict[str, Any]:
    """The part of a decision that tells of a call."""
    return {"tools": [outcome.of_turn(name, key)]}


def not_sent(act: Act | None, asked: dict[str, Any]) -> tuple[str, Outcome]:
    """Whose call came to nothing before it was sent, and why."""
    if act is None or not act.problem:
        return act.tool.name if act else str(asked.get("tool", "")), Outcome("failed", code="GONE")
    return act.tool.name, Outcome("failed", code="BAD_VALUE")


def joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two decisions of one turn, with all the tools of both."""
    tools = [*one.get("tools", ()), *other.get("tools", ())]
    return {**one, **other, **({"tools": tools} if tools else {})}


def texts(values: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in (values or {}).items()}


def heard(history: tuple[tuple[str, str], ...] | None, text: str) -> tuple[tuple[str, str], ...] | None:
    """The conversation so far, with all that was said in the end."""
    return (*history[:-1], (history[-1][0], text)) if history else history


def last(reply: Reply, said: Said, kept: dict[str, Any]) -> Piece:
    """The end of what is said, with nothing left to be done."""
    decision = joined(reply.decision, kept)
    history = heard(reply.history, said.all)
    return Piece(said.take(), replace(reply, text=said.all, act=None, offered=True, history=history, decision=decision))
