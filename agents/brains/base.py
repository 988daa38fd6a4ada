"""What a mind must do, whoever thinks: from a turn and what is kept in mind to what is said.

`reply` gives its pieces as they are thought out: a mind that writes word by word is heard before it has finished. Each
piece brings the reply as it stands by then, the last one as a whole. It reads the memory and leaves it as it is;
`Reply.remember` changes it, once the first sound is out: until then the visitor may go on talking, and the question
becomes another one.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from agents.brains.examples import Like
from agents.brains.memory import Memory
from agents.brains.snapshot import Link
from agents.brains.sources.passages import Passage

SAID_BACK, SAY_AGAIN = "ask:heard", "ask:again"  # sources of questions about what was said
ONLY_THIS = "ask:language"  # and of the sentence that another language is not understood
_NOTED = frozenset({"message_taken", "flow_finished"})  # something was kept for the owner
Kind = Literal["answer", "lead", "ask", "unknown", "message", "small_talk", "flow", "goodbye", "model"]


@dataclass(slots=True, eq=False)
class Standing:
    """How far an answer that is being thought out has come: what nobody hears in the end must do nothing."""

    began: asyncio.Event = field(default_factory=asyncio.Event)  # its first sound was heard
    firm: asyncio.Event = field(default_factory=asyncio.Event)  # and nobody takes it back any more by going on


@dataclass(frozen=True, slots=True)
class Turn:
    """What the visitor said, or typed."""

    text: str
    sure: tuple[float, ...] = ()  # how likely each word of `text.split()` is the right one; () where nobody knows
    above_db: float = 0.0  # how far it stood out of its surroundings; 0: nobody knows
    language: str = ""  # in which it was heard; "": nobody knows
    standing: Standing | None = field(default=None, compare=False)  # of the answer; None: it stands from the beginning


@dataclass(frozen=True, slots=True)
class Reply:
    """What the agent says. `source` says why: "topic:NAME", "ask", "ask:heard" (did you say …?), "ask:again",
    "ask:language", "unknown", "source:NAME", "message", "flow:NAME", "flow_finished:NAME", "tool:NAME" (what came
    of it, told late), "small_talk:RULE", or "model" where a language model worded it."""

    text: str
    source: str
    kind: Kind
    score: float | None = None
    ends_call: bool = False
    asked: tuple[str, ...] = ()  # topics the visitor may now say yes to
    offered: bool = False  # "Is there anything else?" was asked
    topics: tuple[str, ...] = ()  # that were answered
    question: str = ""  # what they answer, for a question that hangs on it
    others: tuple[str, ...] = ()  # what may have been meant instead
    unmeant: bool = False  # what was answered last was not meant: nothing hangs on it any more
    rest: str = ""  # of the answer, for those who ask for more
    heard: Literal["", "well", "strangely"] = ""  # what was answered; strangely: it may be another language
    said: str = ""  # what the visitor may have said, where that is asked: a yes means just this
    message: dict[str, str] | None = None  # the message being taken, after this reply
    flow: dict[str, Any] | None = None  # where a flow stands, after this reply
    data: dict[str, str] | None = None  # what it has collected
    acted: bool = False  # something was done for it by a tool
    act: dict[str, Any] | None = None  # a tool to be called once this stands (agents/brains/tools/brain.py)
    events: tuple[tuple[str, dict[str, Any]], ...] = ()  # to be noted
    decision: dict[str, Any] = field(default_factory=dict, compare=False)  # why it is given, kept with the turn
    shows: tuple[Link, ...] = ()  # on the visitor's page, while it is said
    language: str = ""  # in which it is said, and the conversation goes on; "": as before
    opening: str = ""  # its first sentence, whatever is answered: that this language was heard
    offered_language: tuple[str, str] | tuple[()] = ()  # a yes is to this language, and to a topic's answer in it
    near: tuple[tuple[str, float], ...] = field(default=(), compare=False)  # what came close, for whoever asks why
    like: Like = field(default="", compare=False)  # the turn was nearly one of the topic's own examples
    passages: tuple[Passage, ...] = field(default=(), compare=False)  # of sources, for a model that words the answer
    history: tuple[tuple[str, str], ...] | None = field(
        default=None, compare=False
    )  # of the whole conversation, with it
    tokens: int | None = field(default=None, compare=False)  # that a model has used in it

    def remember(self, memory: Memory) -> None:
        """Keep it in mind; called when its first sound is out."""
        memory.asked, memory.question = self.asked, self.question if self.asked else ""
        memory.offered = self.offered
        memory.by_model = self.kind == "model"
        if self.history is not None:
            memory.keep_history(self.history)
        memory.tokens = self.tokens if self.tokens is not None else memory.tokens
        memory.language = self.language or memory.language
        memory.offered_language = self.offered_language
        memory.unknown = memory.unknown + 1 if self.source == "unknown" else 0
        memory.message = self.message
        memory.flow, memory.act = self.flow, self.act
        memory.acted = memory.acted or self.acted or any(name in _NOTED for name, _data in self.events)
        memory.said = self.said
        is_doubt = self.source in (SAID_BACK, SAY_AGAIN)
        memory.doubts = memory.doubts + 1 if is_doubt else 0
        memory.doubts_in_all += is_doubt
        memory.understood = memory.understood or self.heard == "well"
        memory.strange = memory.strange + 1 if self.heard == "strangely" else 0
        if self.topics:
            memory.spoken, memory.before = self.topics[-1], self.question
        elif self.unmeant:
            memory.spoken = memory.before = ""
        if self.kind not in ("small_talk", "goodbye", "flow"):
            memory.others, memory.rest = self.others, self.rest


def event(name: str, /, **data: Any) -> tuple[str, dict[str, Any]]:
    """Something to be noted when the reply is said (docs/events.md)."""
    return name, data


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what is said, never empty, and the reply up to here. `more`: it is not the last one."""

    text: str
    reply: Reply
    more: bool = False


class Brain(Protocol):
    async def prepare(self) -> object:
        """Load and compute what the first turn would wait for. Raises ProviderError."""
        ...

    def reply(self, turn: Turn, memory: Memory) -> AsyncIterator[Piece]:
        """Raises ProviderError."""
        ...


async def whole(brain: Brain, turn: Turn, memory: Memory) -> Reply:
    """The reply at once, for those who cannot begin with a part of it."""
    reply: Reply | None = None
    async for piece in brain.reply(turn, memory):
        reply = piece.reply
    assert reply is not None, "a brain ended without a reply"
    return reply
