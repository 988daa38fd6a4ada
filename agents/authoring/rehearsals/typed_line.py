"""A line on which a rehearsed caller types. The agent's sound passes unheard, 20 ms after 20 ms of a virtual clock."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator

from agents.engine.line import Clip, ClipEnded, ClipStarted, Info, Left, LineCapabilities, LineEvent, Played, Say, Typed
from agents.speech.sound import FRAME_S, SILENT_FRAME, SPOKEN_FRAME, Pcm

_WAITING = 250  # frames that nobody has taken yet; older ones go, as on every line
_EVENTS = 1000


class TookTooLong(Exception):
    """The call has used up its real time."""


class TypedLine:
    """The agent's side is the Line; the caller's side is `type`, `quiet`, `leave` and `carry`."""

    capabilities = LineCapabilities(text=True)

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
        self._state = ""
        self._left = False
        self._quiet_s = 0.0  # for how long the agent has been waiting for the caller …
        self._awaited_s = 0.0  # … and for how long it has to
        self._quiet = asyncio.Event()

    # ── The caller's side ────────────────────────────────────────────────────────────────────────────────────

    def type(self, text: str) -> None:
        self._quiet_s = 0.0
        self._events.put_nowait(Typed(text))

    async def quiet(self, seconds: float) -> None:
        """Wait until the agent has had nothing to say for so long."""
        self._awaited_s = seconds
        self._quiet.clear()
        await self._quiet.wait()

    def leave(self) -> None:
        self._left = True
        self._events.put_nowait(Left("visitor_ended"))
        self._events.put_nowait(None)
        self._put(None)

    async def carry(self, most_s: float) -> None:
        """The 20 ms of the line, until the caller leaves. Raises TookTooLong after so many real seconds."""
        over_s = time.monotonic() + most_s
        while not self._left:
            await asyncio.sleep(FRAME_S)
            if time.monotonic() > over_s:
                raise TookTooLong
            self._play_frame()
            waiting = not self._queue and self._state in ("", "listening")
            self._quiet_s = self._quiet_s + FRAME_S if waiting else 0.0
            if self._quiet_s >= self._awaited_s:
                self._quiet.set()
            if not self._left:
                self._put(SILENT_FRAME)

    def _put(self, frame: Pcm | None) -> None:
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
            self._events.put_nowait(ClipStarted(say, self.now_s()))
        self._place += SPOKEN_FRAME
        if self._place >= len(say.clip.pcm):
            self._queue.popleft()
            self._place = 0
            self._said.append(say.clip)
            self._events.put_nowait(ClipEnded(say, self.now_s()))

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
        """Nobody hears it."""

    async def play(self, say: Say) -> None:
        self._queue.append(say)

    async def pause(self) -> None:
        self._paused = True

    async def resume(self, *, clip_again: bool = False) -> None:
        self._paused = False
        if clip_again:
            self._place = 0

    async def clear(self) -> Played:
        texts = [clip.text for clip in self._said]
        seconds = sum(clip.seconds for clip in self._said)
        if self._queue and self._place:
            present_s = self._place / SPOKEN_FRAME * FRAME_S
            texts.append(self._queue[0].clip.heard(present_s))
            seconds += present_s
        self._queue.clear()
        self._place, self._paused, self._said = 0, False, []
        return Played(" ".join(text for text in texts if text), seconds)

    async def send(self, info: Info) -> None:
        if info.kind == "state":
            self._state = str(info.data["state"])
