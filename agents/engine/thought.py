"""An answer while it is thought out: its first piece can be said, or weighed, before there is a last one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

from agents.brains.base import Brain, Piece, Standing, Turn
from agents.brains.memory import Memory
from agents.speech.providers.base import ProviderError


class Thought:
    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.standing = Standing()
        self._moved = asyncio.Event()
        self._error: ProviderError | None = None
        self.task: asyncio.Task[None] | None = None  # that thinks it out; whoever starts it puts it here

    async def think(self, brain: Brain, turn: Turn, memory: Memory) -> None:
        """Think it out to its end; what fails is told to whoever waits for it."""
        try:
            async with aclosing(brain.reply(turn, memory)) as coming:  # type: ignore[type-var]
                async for piece in coming:
                    self.pieces.append(piece)
                    self._moved.set()
        except ProviderError as error:
            self._error = error
            self._moved.set()

    async def first(self) -> Piece:
        """Raises ProviderError."""
        return await self._piece(0)

    async def rest(self) -> AsyncIterator[Piece]:
        """Those behind the first one. Raises ProviderError."""
        place, piece = 0, await self._piece(0)
        while piece.more:
            place += 1
            piece = await self._piece(place)
            yield piece

    async def _piece(self, place: int) -> Piece:
        while place >= len(self.pieces):
            if self._error:
                raise self._error
            self._moved.clear()
            await self._moved.wait()
        return self.pieces[place]

    async def stop(self) -> None:
        """Nobody wants it any more; whoever still waits for it is told so."""
        self._error = self._error or ProviderError("nobody wants it any more")
        self._moved.set()
        if self.task and not self.task.done():
            self.task.cancel()
            await asyncio.wait({self.task})
