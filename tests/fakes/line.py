"""A line in memory: a visitor who speaks at given times and an ear that writes down what it hears, every 20 ms."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from agents.engine.line import Gap, Info, Say
from agents.engine.memory_line import MemoryLine
from agents.speech.sound import FRAME_S, HEARD_FRAME, HEARD_HZ, Pcm


@dataclass(frozen=True, slots=True)
class Happened:
    at_s: float
    what: str  # what MemoryLine tells, "gap" and "left"
    detail: Any


class FakeLine(MemoryLine):
    """The agent's side is the Line; the test's side is `speak`, `report`, `lose`, `leave` and `history`."""

    def __init__(self) -> None:
        super().__init__()
        self.history: list[Happened] = []
        self.infos: list[Info] = []
        self.frames = 0
        self._sounds: list[tuple[int, Pcm]] = []  # first sample, sound
        self.lost = False
        self.moved = asyncio.Event()  # set by whoever keeps the notes

    def speak(self, pcm: Pcm, at_s: float | None = None) -> float:
        """The visitor says this, now or at a time. Returns when it will be over."""
        start_s = self.now_s() if at_s is None else at_s
        self._sounds.append((round(start_s * HEARD_HZ), pcm))
        return start_s + len(pcm) / HEARD_HZ

    def lose(self, *, began: bool) -> None:
        """The connection goes, or comes back."""
        self.lost = began
        self.happened("gap", began)
        self.report(Gap(began))

    def leave(self, cause: str = "visitor_ended") -> None:
        self.happened("left", cause)
        self.hang_up(cause)

    async def carry(self) -> None:
        """The 20 ms clock of the line, until the visitor leaves."""
        loop = asyncio.get_running_loop()
        while not self.left:
            self.frames += 1
            await asyncio.sleep(self._began_s + self.frames * FRAME_S - loop.time())
            if not self.lost and not self.left:
                self.pass_frame(self._visitor_frame())

    def _visitor_frame(self) -> Pcm:
        start = (self.frames - 1) * HEARD_FRAME
        frame = np.zeros(HEARD_FRAME, np.int16)
        for first, pcm in self._sounds:
            begin, end = max(first, start), min(first + len(pcm), start + HEARD_FRAME)
            if begin < end:
                frame[begin - start : end - start] += pcm[begin - first : end - first]
        self._sounds = [(first, pcm) for first, pcm in self._sounds if first + len(pcm) > start]
        return frame

    def happened(self, what: str, detail: Any) -> None:
        self.history.append(Happened(round(self.now_s(), 3), what, detail))

    async def play(self, say: Say) -> None:
        assert all(queued.utterance == say.utterance for queued in self._queue), "two voices at once"
        await super().play(say)

    async def send(self, info: Info) -> None:
        json.dumps(info.data, allow_nan=False)  # as it crosses the wire
        self.infos.append(info)
        await super().send(info)
