"""From the agent's packets to the visitor, one every 20 ms, on a clock that does not drift."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from fractions import Fraction
from typing import Any

import av
from aiortc import MediaStreamTrack

from agents.speech.sound import FRAME_S
from calling.lines.webrtc.opus import RTP_HZ, comfort_after

FRAME_TICKS = round(RTP_HZ * FRAME_S)
CATCH_UP_FRAMES = 5  # after a stall this many frames are sent at once; older ones are skipped
COMFORT_FRAMES = 20  # in silence one small packet every 400 ms, as browsers do
FIRST_COMFORT = b"\x68"  # a 20 ms frame without content, in the mode that the encoder uses
MEASURED_FRAMES = 3000  # lateness is known of the last minute

_TIME_BASE = Fraction(1, RTP_HZ)


class Pace:
    """Counts frames by the clock: frame n is due at the start plus n times 20 ms, however late the ones before were."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        catch_up: int = CATCH_UP_FRAMES,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._catch_up = catch_up
        self._start: float | None = None
        self._frame = -1
        self._late_s: deque[float] = deque(maxlen=MEASURED_FRAMES)
        self.skipped = 0

    async def next(self) -> int:
        """Wait until the next frame is due, and tell its number."""
        now = self._clock()
        if self._start is None:
            self._start = now
        self._frame += 1
        wait_s = self._start + self._frame * FRAME_S - now
        if wait_s > 0:
            await self._sleep(wait_s)
            now = self._clock()
        late_s = max(0.0, now - self._start - self._frame * FRAME_S)
        behind = int(late_s / FRAME_S) - self._catch_up
        if behind > 0:
            self.skipped += behind
            self._frame += behind
        self._late_s.append(late_s)
        return self._frame

    def late_ms(self) -> dict[str, float]:
        """How much later than due frames went out, in milliseconds."""
        late = sorted(self._late_s) or [0.0]
        return {
            name: round(late[int((len(late) - 1) * part)] * 1000, 2)
            for name, part in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
        }


class Sender(MediaStreamTrack):
    """A track of ready packets: aiortc encrypts and sends them, and has nothing to encode.

    In silence it sends next to nothing: the packet that says so, and the same every 400 ms. The time stamps go on.
    Measured in Chromium, for one second of speech in three: with these packets nothing counts as concealed, as if
    silence had been sent all along (with a third of the packets); without any, all the silence does, and the first of
    it is the last sound stretched; with the first packet only, half of it.
    """

    kind = "audio"

    def __init__(self, pace: Pace | None = None) -> None:
        super().__init__()
        self.pace = pace or Pace()
        self.sent = 0
        self._exchange: Callable[[], bytes | None] | None = None
        self._started = asyncio.Event()
        self._quiet_frames = 0
        self._comfort = FIRST_COMFORT

    def start(self, exchange: Callable[[], bytes | None]) -> None:
        """Begin; `exchange` gives the packet of each frame, or None for silence."""
        self._exchange = exchange
        self._started.set()

    async def recv(self) -> "av.Packet[Any]":
        await self._started.wait()
        assert self._exchange is not None
        while True:
            frame = await self.pace.next()
            payload = self._fill(self._exchange())
            if payload is not None:
                self.sent += 1
                packet: av.Packet[Any] = av.Packet(payload)
                packet.pts = frame * FRAME_TICKS
                packet.time_base = _TIME_BASE
                return packet

    def _fill(self, payload: bytes | None) -> bytes | None:
        """What goes out for a frame: its packet, or in silence now and then the one that says so."""
        if payload is not None:
            self._quiet_frames = 0
            self._comfort = comfort_after(payload)
            return payload
        self._quiet_frames += 1
        return self._comfort if self._quiet_frames % COMFORT_FRAMES == 1 else None
