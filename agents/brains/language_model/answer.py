"""One answer of a model while it is written: cut into clauses, checked, and handed on clause by clause."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from agents.brains.language_model.base import Done, Limits, Message, Model, ModelError, ToolCall, Usage, Words
from agents.brains.language_model.guardrails import UNKNOWN, Guard, Reason
from agents.speech.clauses import clauses
from agents.speech.plain_text import plain

_CHARACTERS_A_TOKEN = 4


class Withheld(Exception):
    """The model said something that nobody is to hear."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class Unknown(Exception):
    """The model says that the facts do not hold the answer."""


@dataclass(slots=True)
class Answer:
    """`said` is what was handed on; `usage` what it has cost, also where it broke off."""

    model: Model
    messages: list[Message]
    guard: Guard
    limits: Limits
    written: bool = False  # read, not heard: whole, with its markup
    tools: list[dict[str, Any]] | None = None
    said: list[str] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)  # that it asks for; then it is to be asked again
    spent: Usage = field(default_factory=Usage)  # by what it was asked before
    _usage: Usage | None = None
    _characters: int = 0

    @property
    def text(self) -> str:
        return " ".join(self.said)

    @property
    def usage(self) -> Usage:
        if self._usage is not None:
            return self.spent + self._usage
        read = sum(len(message.content) for message in self.messages)
        now = Usage(-(-read // _CHARACTERS_A_TOKEN), -(-self._characters // _CHARACTERS_A_TOKEN), estimated=True)
        return self.spent + now

    def goes_on(self, results: list[Message]) -> None:
        """Ask again, with what came of the calls."""
        asked = Message("assistant", "", calls=tuple(self.calls))
        self.spent, self._usage, self._characters = self.usage, None, 0
        self.messages, self.calls = [*self.messages, asked, *results], []

    async def clauses(self) -> AsyncIterator[tuple[str, bool]]:
        """Each clause once it is whole, and whether it is the last: none is where it asks for tools.

        Raises ModelError, Withheld and Unknown.
        """
        rest, reason = "", ""
        async with aclosing(self.model.ask(self.messages, tools=self.tools, limits=self.limits)) as coming:  # type: ignore[type-var]
            async for delta in coming:
                if isinstance(delta, Words):
                    self._characters += len(delta.text)
                    rest += delta.text
                    if not self.written and not _may_be_unknown(rest):
                        whole, rest = _whole(rest, begun=bool(self.said))
                        for piece in whole:
                            if heard := self._passed(piece):
                                yield heard, False
                elif isinstance(delta, ToolCall):
                    self.calls.append(delta)
                elif isinstance(delta, Done):
                    self._usage, reason = delta.usage, delta.reason
        if self.calls and self.tools:
            if not self.written and (heard := self._passed(rest)):
                yield heard, False
            return
        if reason in ("content_filter", "tool_calls"):
            raise ModelError("NOT_UNDERSTOOD", reason)
        if reason == "length":
            rest = _to_sentence_end(rest)
        last = self._passed(rest)
        if not last:
            raise ModelError("CUT", "nothing was said" if not self.said else "nothing was left to say")
        yield last, True

    def _passed(self, piece: str) -> str:
        """What may be said of a piece, as it is said."""
        if not self.said and UNKNOWN in piece:
            raise Unknown
        said = piece.strip() if self.written else " ".join(plain(piece).split())
        if not said:
            return ""
        if objection := self.guard.objection(said):
            raise Withheld(objection)
        self.said.append(said)
        return said


def _may_be_unknown(text: str) -> bool:
    start = text.lstrip()[: len(UNKNOWN)]
    return UNKNOWN.startswith(start)


def _whole(text: str, *, begun: bool) -> tuple[list[str], str]:
    """The clauses that are whole, and the rest: a clause is whole when a word behind it has begun."""
    pieces = clauses(text, begun=begun)
    done = pieces[:-1]
    if not done:
        return [], text
    count = sum(len(piece.split()) for piece in done)
    return done, text.split(None, count)[count]


def _to_sentence_end(text: str) -> str:
    """Without the sentence that the model was not allowed to finish."""
    end = max(text.rfind(sign) for sign in ".!?…")
    return text[: end + 1]
