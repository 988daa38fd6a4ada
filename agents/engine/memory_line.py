"""A line that ends in memory: the agent's sound is played frame by frame to nobody, and it hears what is put in.

For rehearsals, benches and tests. Whoever has one turns its clock, with `pass_frame` every 20 ms.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from agents.engine.line import Clip, ClipEnded, ClipStarted, Info, Left, LineCapabilities, LineEvent, Played, Say
from agents.speech.sound import FRAME_S, SPOKEN_FRAME, Pcm

_WAITING = 250  # frames that nobody has taken yet; older ones go, as on every line
_EVENTS = 1000


class MemoryLine:
    """The agent's side is the Line; the other side is `report`, `hang_up` and `pass_frame`."""

    capabilities = LineCapabilities(info=True)

    def __init__(self) -> None:
        self._began_s = asyncio.get_running_loop().time()
        self._heard: asyncio.Queue[Pcm | None] = asyncio.Queue(_WAITING)
        self._events: asyncio.Queue[LineEvent | None] = asyncio.Queue(_EVENTS)
        self._queue: deque[Say] = deque()
        self._begun = 0  # the clip that was reported to have started
        self._place = 0  # samples played of the first clip in the queue
        self._said: list[Clip] = []  # clips of the present utterance that were played whole
        self._utterance = 0
        self._paused = False
        self.left = False

    # ── The other side ───────────────────────────────────────────────────────────────────────────────────────

    def report(self, event: LineEvent) -> None:
        self._events.put_nowait(event)

    def hang_up(self, cause: str = "visitor_ended") -> None:
        self.left = True
        self.report(Left(cause))
        self._events.put_nowait(None)
        self._hear(None)

    def pass_frame(self, heard: Pcm) -> None:
        """20 ms of both sides."""
        self._play_frame()
        self._hear(heard)

    def _hear(self, frame: Pcm | None) -> None:
        if self._heard.full():
            self._heard.get_nowait()
        self._heard.put_nowait(frame)

    def _play_frame(self) -> None:
        if self._paused or not self._queue:
            return
        say = self._queue[0]
        if say.utterance != self._utterance:
            self._utterance, self._said = say.utterance, []
        if say.id != self._begun:
            self._begun = say.id
            self.happened("started", say.clip.text)
            self.report(ClipStarted(say, self.now_s()))
        self._place += SPOKEN_FRAME
        if self._place >= len(say.clip.pcm):
            self._queue.popleft()
            self._place = 0
            self._said.append(say.clip)
            self.happened("ended", say.clip.text)
            self.report(ClipEnded(say, self.now_s()))

    def happened(self, what: str, detail: Any) -> None:
        """Told of "started", "ended", "paused", "resumed", "cleared" and "info"."""

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
        self._queue.append(say)

    async def pause(self) -> None:
        self._paused = True
        self.happened("paused", None)

    async def resume(self, *, clip_again: bool = False) -> None:
        self._paused = False
        if self._queue and self._place:
            start_s = 0.0 if clip_again else self._queue[0].clip.word_start_s(self._place / SPOKEN_FRAME * FRAME_S)
            self._place = int(start_s / FRAME_S) * SPOKEN_FRAME
        self.happened("resumed", clip_again)

    async def clear(self) -> Played:
        texts = [clip.text for clip in self._said]
        seconds = sum(clip.seconds for clip in self._said)
        if self._queue and self._place:
            present_s = self._place / SPOKEN_FRAME * FRAME_S
            texts.append(self._queue[0].clip.heard(present_s))
            seconds += present_s
        self._queue.clear()
        self._place, self._paused, self._said = 0, False, []
        played = Played(" ".join(text for text in texts if text), seconds)
        self.happened("cleared", played.text)
        return played

    async def send(self, info: Info) -> None:
        self.happened("info", info)
