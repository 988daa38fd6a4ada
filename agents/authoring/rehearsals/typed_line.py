"""A line on which a rehearsed caller types. The agent's sound passes unheard, 20 ms after 20 ms of a virtual clock."""

import asyncio
import math
import time

from agents.engine.line import Info, LineCapabilities, Typed
from agents.engine.memory_line import MemoryLine
from agents.speech.sound import FRAME_S, SILENT_FRAME


class TookTooLong(Exception):
    """The call has used up its real time."""


class TypedLine(MemoryLine):
    """The agent's side is the Line; the caller's side is `type`, `quiet`, `hang_up` and `carry`."""

    capabilities = LineCapabilities(text=True)

    def __init__(self) -> None:
        super().__init__()
        self._state = ""
        self._quiet_s = 0.0  # for how long the agent has been waiting for the caller …
        self._spoken_s = 0.0  # … or has been speaking …
        self._awaited_s = 0.0, math.inf  # … and for how long it has to, either of them
        self._quiet = asyncio.Event()

    def type(self, text: str) -> None:
        self._quiet_s = self._spoken_s = 0.0
        self.report(Typed(text))

    async def quiet(self, seconds: float, *, or_spoken_s: float = math.inf) -> None:
        """Wait until the agent has had nothing to say for so long, or has been heard for so long."""
        self._awaited_s = seconds, or_spoken_s
        self._quiet.clear()
        await self._quiet.wait()

    async def carry(self, most_s: float) -> None:
        """The 20 ms of the line, until the caller leaves. Raises TookTooLong after so many real seconds."""
        over_s = time.monotonic() + most_s
        while not self.left:
            await asyncio.sleep(FRAME_S)
            if time.monotonic() > over_s:
                raise TookTooLong
            if self.left:
                return
            self.pass_frame(SILENT_FRAME)
            waiting = not self._queue and self._state in ("", "listening")
            self._quiet_s = self._quiet_s + FRAME_S if waiting else 0.0
            self._spoken_s += FRAME_S if self._queue else 0.0
            if self._quiet_s >= self._awaited_s[0] or self._spoken_s >= self._awaited_s[1]:
                self._quiet.set()

    async def send(self, info: Info) -> None:
        if info.kind == "state":
            self._state = str(info.data["state"])
