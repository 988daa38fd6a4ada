"""The seat: the one permanent Line that the agent talks to, while real lines come and go behind it.

A real line attaches and calls `exchange` every 20 ms: one frame of the visitor in, one packet of the agent (or silence)
out. Everything is counted in such frames, so the play-out, the two sides of the recording and what was really heard
share one clock. While nobody is attached no frame passes, and the agent's speech stands still.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

import numpy as np

from agents.engine.line import Clip, ClipEnded, ClipStarted, Gap, Info, Left, LineCapabilities, LineEvent, Played, Say
from agents.speech import inference
from agents.speech.sound import FRAME_S, SPOKEN_FRAME, Pcm, level_dbfs
from calling.call.mailbox import Mailbox

HEARD_QUEUE = 100  # frames (2 s) that an agent may be behind; then the oldest are dropped
EVENT_QUEUE = 512  # events that an agent may be behind; then the oldest are dropped
PLAY_QUEUE_FRAMES = round(30 / FRAME_S)  # play() waits while more than this is queued
FURTHEST_BACK_FRAMES = round(5 / FRAME_S)  # of speech that may be said again because nobody was there to hear it
FURTHEST_BEHIND_S = 0.12  # a line that stalled catches up this much; the clock of frames jumps over the rest

_FALLING = np.linspace(1, 0, SPOKEN_FRAME, dtype=np.float32)


class Recorder(Protocol):
    def frame(self, at_s: float, visitor_16k: Pcm, agent_24k: Pcm | None) -> None: ...


class Seat:
    """Implements agents.line.Line. All of it runs on the event loop; only encoding goes to the pool."""

    capabilities = LineCapabilities(sound=True, text=False, dtmf=True, info=True)

    def __init__(
        self,
        *,
        encode: Callable[[Clip], None],
        recorder: Recorder | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`encode` fills `clip.packets` and may take its time: it runs in the pool."""
        self.recorder = recorder
        self.outbound: Callable[[Info], None] | None = None  # set by the session: messages for the page
        self.line: Any = None  # the real line behind the seat now
        self._encode = encode
        self._clock = clock
        self._began: float | None = None
        self._frame_s = 0.0  # the time of the latest frame, on the clock of now_s()
        self._lag_s = 0.0  # how far that clock is behind the wall's: sound, words and recording share one time
        self._heard: Mailbox[Pcm] = Mailbox(HEARD_QUEUE)
        self._events: Mailbox[LineEvent] = Mailbox(EVENT_QUEUE)
        self._in_gap = False
        self._left = False
        # What is to be said: the first of the queue is the clip that plays, `_position` frames of it are out.
        self._queue: deque[Say] = deque()
        self._queued_frames = 0
        self._position = 0
        self._paused = False
        self._fading: Pcm | None = None  # the last of what was cut, for the recording
        self._cleared = 0
        self._order = asyncio.Lock()
        self._room = asyncio.Event()
        # What was said of the utterance that plays: its clips that have ended, which of its clips the agent knows to
        # have begun and ended, and which of the latest frames carried speech.
        self._utterance: int | None = None
        self._said: list[Say] = []
        self._begun: set[int] = set()
        self._over: set[int] = set()
        self._spoke: deque[bool] = deque(maxlen=FURTHEST_BACK_FRAMES)
        self._last_played = Played("", 0.0)  # when the visitor left
        self._last_heard: Pcm | None = None
        self._last_spoken: Pcm | None = None

    # ── The real line's side ─────────────────────────────────────────────────────────────────────────────────

    def attach(self, line: Any) -> None:
        """A real line is behind the seat from now on; another one that was there is replaced. Twice is once."""
        if self._left or line is self.line:
            return
        self.line = line
        if self._began is None:
            self._began = self._clock()
            self._frame_s = -FRAME_S
        self._gap(False)

    def detach(self, line: Any = None, unheard_s: float = 0.0) -> None:
        """Nobody is behind the seat. With `line`, only if it is still that one.

        `unheard_s`: for so long nobody had heard anything when it was noticed. What was said meanwhile of the present
        utterance is said again to whoever comes next; the agent is not told of its clips twice.
        """
        if self.line is None or (line is not None and line is not self.line):
            return
        self.line = None
        self._go_back(unheard_s)
        self._gap(True)

    def report(self, event: LineEvent) -> None:
        """Something happened on the line: a key, a message from the page, a gap, or the visitor is gone for good."""
        if self._left:
            return
        if isinstance(event, Gap):
            self._gap(event.began)
            return
        self._events.put(event)
        if isinstance(event, Left):
            self._left = True
            self.line = None
            self._last_played = self._played()  # the agent asks for it when it reads the event
            self._drop_queue()
            self._heard.close()
            self._events.close()

    def exchange(self, heard: Pcm) -> bytes | None:
        """One frame each way, every 20 ms, called by the attached line. None is silence."""
        if self._left or self._began is None:
            return None
        wall_s = self._clock() - self._began
        self._frame_s = max(self._frame_s + FRAME_S, wall_s - FURTHEST_BEHIND_S)
        self._lag_s = wall_s - self._frame_s
        packet, spoken = self._next_packet()
        self._last_heard, self._last_spoken = heard, spoken
        self._heard.put(heard)
        if self.recorder is not None:
            self.recorder.frame(self._frame_s, heard, spoken)
        return packet

    def levels(self) -> tuple[float, float]:
        """Loudness of the latest frame of the visitor and of the agent, in dBFS. Computed when asked for."""
        silent = -96.0
        visitor = silent if self._last_heard is None else level_dbfs(self._last_heard)
        agent = silent if self._last_spoken is None else level_dbfs(self._last_spoken)
        return visitor, agent

    @property
    def stats(self) -> dict[str, int]:
        """What had to be dropped because the agent did not keep up. All zero in a healthy call."""
        return {"heard_dropped": self._heard.dropped, "events_dropped": self._events.dropped}

    # ── The agent's side: agents.line.Line ───────────────────────────────────────────────────────────────────

    def now_s(self) -> float:
        """On the clock of the frames: what is timed by it stands at the same place of the recording."""
        return 0.0 if self._began is None else self._clock() - self._began - self._lag_s

    def heard(self) -> AsyncIterator[Pcm]:
        return self._heard.read()

    def events(self) -> AsyncIterator[LineEvent]:
        return self._events.read()

    async def prepare(self, clip: Clip) -> None:
        # Two calls may encode the same clip at the same time: wasteful, rare, and the result is the same.
        if clip.packets is None:
            await inference.shared().run(lambda: self._encode(clip), who=self)

    async def play(self, say: Say) -> None:
        cleared = self._cleared
        async with self._order:  # clips keep their order even if a later one needs no encoding
            if not self._is_void(cleared):
                await self.prepare(say.clip)
            while self._queued_frames > PLAY_QUEUE_FRAMES and not self._is_void(cleared):
                self._room.clear()
                await self._room.wait()
            if self._is_void(cleared):
                return  # cleared meanwhile, or the visitor left: nobody is to hear it
            assert say.clip.packets is not None
            self._queue.append(say)
            self._queued_frames += len(say.clip.packets)

    async def pause(self) -> None:
        """Fall silent at the next frame. The line's comfort packet lets the sound die away at the other end."""
        self._fade()
        self._paused = True

    async def resume(self, *, clip_again: bool = False) -> None:
        self._paused = False
        if self._queue and self._position:
            cut_s = self._position * FRAME_S
            start_s = 0.0 if clip_again else self._queue[0].clip.word_start_s(cut_s)
            back = self._position - int(start_s / FRAME_S + 1e-6)
            self._position -= back
            self._queued_frames += back

    async def clear(self) -> Played:
        played = self._last_played if self._left else self._played()
        self._fade()
        self._drop_queue()
        return played

    async def send(self, info: Info) -> None:
        if self.outbound is not None:
            self.outbound(info)

    # ── Inside ───────────────────────────────────────────────────────────────────────────────────────────────

    def _next_packet(self) -> tuple[bytes | None, Pcm | None]:
        fading, self._fading = self._fading, None
        if self._paused or not self._queue:
            self._spoke.append(False)
            return None, fading
        say = self._queue[0]
        clip = say.clip
        packets = clip.packets or ()
        if self._position == 0:
            if say.utterance != self._utterance:
                self._forget_utterance()
                self._utterance = say.utterance
            if say.id not in self._begun:
                self._begun.add(say.id)
                self._events.put(ClipStarted(say, self._frame_s))
        self._spoke.append(bool(packets))
        packet = packets[self._position] if packets else None
        spoken = _frame_of(clip.pcm, self._position) if packets else None
        self._position += 1
        self._queued_frames -= min(1, len(packets))
        if self._position >= len(packets):
            self._queue.popleft()
            self._position = 0
            self._said.append(say)
            if say.id not in self._over:
                self._over.add(say.id)
                self._events.put(ClipEnded(say, self._frame_s + FRAME_S))
        if self._queued_frames <= PLAY_QUEUE_FRAMES:
            self._room.set()
        return packet, spoken

    def _fade(self) -> None:
        """The recording gets what a decoder makes of sound that ends: it dies away within a frame."""
        if self._queue and self._position and not self._paused:
            frame = _frame_of(self._queue[0].clip.pcm, self._position)
            self._fading = (frame * _FALLING).astype(np.int16)

    def _played(self) -> Played:
        """What was heard of the utterance at the head of the queue, or of the last one if the queue is empty."""
        head = self._queue[0] if self._queue else None
        if head is not None and head.utterance != self._utterance:
            return Played("", 0.0)
        words = [said.clip.text.strip() for said in self._said]
        seconds = sum((said.clip.seconds for said in self._said), 0.0)
        if head is not None and self._position:
            part_s = min(self._position * FRAME_S, head.clip.seconds)
            words.append(head.clip.heard(part_s))
            seconds += part_s
        return Played(" ".join(filter(None, words)), seconds)

    def _drop_queue(self) -> None:
        self._queue.clear()
        self._queued_frames = self._position = 0
        self._paused = False
        self._forget_utterance()
        self._cleared += 1
        self._room.set()

    def _forget_utterance(self) -> None:
        self._utterance, self._said = None, []
        self._begun, self._over = set(), set()
        self._spoke.clear()

    def _go_back(self, seconds: float) -> None:
        """Put what was said in the last `seconds` before what is to be said next, within the present utterance."""
        recent = list(self._spoke)[-round(seconds / FRAME_S) :] if seconds >= FRAME_S else []
        frames = sum(recent)
        self._spoke.clear()
        while frames:
            if self._position:
                back = min(frames, self._position)
                self._position -= back
                self._queued_frames += back
                frames -= back
            elif self._said:
                say = self._said.pop()
                self._queue.appendleft(say)
                self._position = len(say.clip.packets or ())
            else:
                return

    def _is_void(self, cleared: int) -> bool:
        return self._left or cleared != self._cleared

    def _gap(self, began: bool) -> None:
        if began != self._in_gap:
            self._in_gap = began
            self._events.put(Gap(began))


def _frame_of(pcm: Pcm, index: int) -> Pcm:
    """The 20 ms of a clip that packet `index` carries; the last one is filled up with silence."""
    frame = pcm[index * SPOKEN_FRAME : (index + 1) * SPOKEN_FRAME]
    return frame if len(frame) == SPOKEN_FRAME else np.pad(frame, (0, SPOKEN_FRAME - len(frame)))
