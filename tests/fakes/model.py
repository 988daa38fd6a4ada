"""A language model that says what a test wrote down, and fails where it says so. No network."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from agents.brains.language_model.base import Delta, Done, Limits, Message, ModelError, ToolCall, Usage, Words


@dataclass
class FakeModel:
    """`scripts`: an answer each, as a list of pieces: words, an error to raise, or an event to wait for."""

    scripts: list[list[Any]] = field(default_factory=list)
    name: str = "writer-mini"
    asked: list[list[Message]] = field(default_factory=list)
    hung_up: int = 0  # times that a conversation was over
    closed: int = 0  # answers that were left before their end

    async def ask(
        self, messages: list[Message], *, tools: list[dict[str, Any]] | None = None, limits: Limits | None = None
    ) -> AsyncIterator[Delta]:
        self.asked.append(messages)
        script = self.scripts.pop(0) if self.scripts else ["Yes."]
        whole = False
        try:
            for piece in script:
                if isinstance(piece, Exception):
                    whole = True
                    raise piece
                if isinstance(piece, asyncio.Event):
                    await piece.wait()
                elif isinstance(piece, ToolCall):
                    yield piece
                elif isinstance(piece, float):
                    await asyncio.sleep(piece)
                else:
                    yield Words(piece)
            whole = True
            yield Done("stop", Usage(100, 20))
        finally:
            self.closed += not whole

    async def close(self) -> None:
        self.hung_up += 1

    @property
    def system(self) -> str:
        return self.asked[-1][0].content


def broken(code: Any = "UNREACHABLE") -> ModelError:
    return ModelError(code, "killed")
