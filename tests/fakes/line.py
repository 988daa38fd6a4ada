"""A line in memory: a visitor who speaks at given times and an ear that writes down what it hears, every 20 ms."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from agents.engine.line import Clip, ClipEnded, ClipStarted, Gap, Info, Left, LineCapabilities, LineEvent, Played, Say
from agents.speech.sound import FRAME_S, HEARD_FRAME, HEARD_HZ, SPOKEN_FRAME, Pcm


@dataclass(frozen=True, slots=True)
class Happened:
    at_s: float
    what: str  # "started", "ended", "cleared", "info", "gap", "left"
    detail: Any


class FakeLine:
    """The agent's side is the Line; the test's side is `speak`, `report`, `lose`, `leave` and `history`."""

    capabilities = LineCapabilities(info=True)

    def __init__(self) -> None:
        self.history: list[Happened] = []
        self.infos: list[Info] = []
        self.frames = 0
        self._sounds: list[tuple[int, Pcm]] = []  # first sample, sound
        self._heard: asyncio.Queue[Pcm | None] = asyncio.Queue(250)
        self._events: asyncio.Queue[LineEvent | None] = asyncio.Queue(1000)
        self._queue: deque[Say] = deque()
        self._begun = 0  # the clip that was reported to have started
        self._place = 0  # samples played of the first clip in the queue
        self._said: list[Clip] = []  # clips of the present utterance that were played whole
        self._utterance = 0
        self._began_s = asyncio.get_running_loop().time()
        self._paused = False
        self.lost = False
        self.left = False
        self.moved = asyncio.Event()  # set by whoever keeps the notes

    # ── The test's side ──────────────────────────────────────────────────────────────────────────────────────

    def speak(self, pcm: Pcm, at_s: float | None = None) -> float:
        """The visitor says this, now or at a time. Returns when it will be over."""
        start_s = self.now_s() if at_s is None else at_s
        self._sounds.append((round(start_s * HEARD_HZ), pcm))
        return start_s + len(pcm) / HEARD_HZ

    def report(self, event: LineEvent) -> None:
        self._events.put_nowait(event)

    def lose(self, *, began: bool) -> None:
        """The connection goes, or comes back."""
        self.lost = began
        self._note("gap", began)
        self.report(Gap(began))

    def leave(self, cause: str = "visitor_ended") -> None:
        self.left = True
        self._note("left", cause)
        self.report(Left(cause))
        self._events.put_nowait(None)
        self._heard.put_nowait(None)

    async def carry(self) -> None:
        """The 20 ms clock of the line, until the visitor leaves."""
        loop = asyncio.get_running_loop()
        while not self.left:
            self.frames += 1
            await asyncio.sleep(self._began_s + self.frames * FRAME_S - loop.time())
            if self.lost or self.left:
                continue
            self._play_frame()
            if self._heard.full():
                self._heard.get_nowait()
            self._heard.put_nowait(self._visitor_frame())

    def _visitor_frame(self) -> Pcm:
        start = (self.frames - 1) * HEARD_FRAME
        frame = np.zeros(HEARD_FRAME, np.int16)
        for first, pcm in self._sounds:
            begin, end = max(first, start), min(first + len(pcm), start + HEARD_FRAME)
            if begin < end:
                frame[begin - start : end - start] += pcm[begin - first : end - first]
        self._sounds = [(first, pcm) for first, pcm in self._sounds if first + len(pcm) > start]
        return frame

    def _play_frame(self) -> None:
        if self._paused or not self._queue:
            return
        say = self._queue[0]
        if say.utterance != self._utterance:
            self._utterance, self._said = say.utterance, []
        if say.id != self._begun:
            self._begun = say.id
            self._note("started", say.clip.text)
            self.report(ClipStarted(say, self.now_s()))
        self._place += SPOKEN_FRAME
        if self._place >= len(say.clip.pcm):
            self._queue.popleft()
            self._place = 0
            self._said.append(say.clip)
            self._note("ended", say.clip.text)
            self.report(ClipEnded(say, self.now_s()))

    def _note(self, what: str, detail: Any) -> None:
        self.history.append(Happened(round(self.now_s(), 3), what, detail))

    # ── The agent's side ─────────────────────────────────────────────────────────────────────────────────────

    def now_s(self) -> float:
        return asyncio.get_running_loop().time() - self._began_s

    async def heard(self) -> AsyncIterator[Pcm]:
        while (frame := await self._heard.get()) is not None:
            yield frame

    async def events(self) -> AsyncIterator[LineEvent]:
        while (event := await self._events.get()) is not None:
            yield event

    async def prepare(self, clip: Clip) -> None:
        """Sound is played as it is."""

    async def play(self, say: Say) -> None:
        assert all(queued.utterance == say.utterance for queued in self._queue), "two voices at once"
        self._queue.append(say)

    async def pause(self) -> None:
        self._paused = True
        self._note("paused", None)

    async def resume(self, *, clip_again: bool = False) -> None:
        self._paused = False
        if self._queue and self._place:
            place_s = self._place / (SPOKEN_FRAME / FRAME_S)
            start_s = 0.0 if clip_again else self._queue[0].clip.word_start_s(place_s)
            self._place = int(start_s / FRAME_S) * SPOKEN_FRAME
        self._note("resumed", clip_again)

    async def clear(self) -> Played:
        texts = [clip.text for clip in self._said]
        seconds = sum(clip.seconds for clip in self._said)
        if self._queue and self._place:
            present = self._place / (SPOKEN_FRAME / FRAME_S)
            texts.append(self._queue[0].clip.heard(present))
            seconds += present
        self._queue.clear()
        self._place = 0
        self._paused = False
        self._said = []
        self._note("cleared", " ".join(text for text in texts if text))
        return Played(self.history[-1].detail, seconds)

    async def send(self, info: Info) -> None:
        json.dumps(info.data, allow_nan=False)  # as it crosses the wire
        self.infos.append(info)
        self._note("info", info)
