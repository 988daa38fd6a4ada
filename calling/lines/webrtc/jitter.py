"""The jitter buffer: packets in as they come, one 20 ms frame out at each tick, whatever happened on the way.

Positions are RTP time stamps, so a gap in them without a gap in the sequence is silence that was not sent (DTX), and
only a gap in the sequence is loss. A lost frame is taken from the copy in the packet behind it (error correction), else
concealed for a few frames with falling loudness, then silent. When nothing is there in time, play-out waits: the delay
grows instead of words being thrown away, and shrinks again where the visitor is quiet. It is bounded.
"""

from collections import Counter
from typing import Protocol

import numpy as np

from agents.speech.sound import HEARD_FRAME, HEARD_HZ, SILENT_FRAME, Pcm
from calling.lines.webrtc.opus import RTP_HZ, OpusError, carries_copy, duration_ticks, is_comfort

FRAME_TICKS = 960  # 20 ms
LEAST_DELAY = 2  # frames; with the phase of the clocks 40 to 60 ms
MOST_DELAY = 6
CALM_FRAMES = 500  # after 10 s in which nothing came too late, one frame less
LONGEST_BUFFER = 20  # frames (400 ms); what is older is dropped
MOST_PACKETS = 160  # as many as the shortest packets there are fill
TOLERATED_EXCESS = 2  # frames over the wanted delay, for as many ticks as below, before quiet frames are left out
EXCESS_TICKS = 10
QUIET_PEAK = 330  # -40 dBFS: nobody speaks
CONCEALED_FRAMES = 5  # then silence: guessing on would be invention
LARGEST_JUMP = RTP_HZ * 5  # ticks; further away is another stream of time, not a gap
LATE_IN_A_ROW = 25  # this many too late packets, one after another, mean that the sender's clock was set back

_FADE = np.linspace(1.0, 0.0, CONCEALED_FRAMES + 1)
_PLC_TICKS = 120  # concealment comes in steps of 2.5 ms
_TICKS_PER_SAMPLE = RTP_HZ // HEARD_HZ


class FrameDecoder(Protocol):
    """What is needed of a decoder; calling/lines/webrtc/opus.py has the real one."""

    def decode(self, payload: bytes) -> Pcm: ...

    def recover(self, following: bytes, samples: int) -> Pcm: ...

    def conceal(self, samples: int) -> Pcm: ...

    def reset(self) -> None: ...


class JitterBuffer:
    """Not thread-safe; no clock of its own: `pop` is the clock."""

    def __init__(self, decoder: FrameDecoder) -> None:
        self._decoder = decoder
        self._counts: Counter[str] = Counter()
        self.reset()

    def reset(self) -> None:
        """Forget the stream; the next packet begins another one. The counters go on."""
        self._packets: dict[int, tuple[int, bytes]] = {}  # by time stamp: sequence number, payload
        self._playhead: int | None = None  # time stamp of the next sample to come out
        self._newest = 0  # highest time stamp and sequence number so far, unwrapped
        self._newest_sequence = 0
        self._played_sequence: int | None = None  # of the packet that was decoded last
        self._pcm: Pcm = SILENT_FRAME[:0]  # decoded, and not yet out
        self._wanted = LEAST_DELAY
        self._calm = 0
        self._excess = 0
        self._late_in_a_row = 0
        self._guessed = CONCEALED_FRAMES  # frames concealed in a row; before the first packet there is nothing to guess
        self._pausing = True  # the last packet said that silence follows
        self._starving = False
        self._decoder.reset()

    def counters(self) -> dict[str, int]:
        """received, lost, late and dropped are packets; recovered and concealed are pieces of at most 20 ms."""
        names = ("received", "lost", "recovered", "concealed", "late", "dropped", "duplicates", "hurried", "broken")
        return {name: self._counts[name] for name in names}

    @property
    def delay_frames(self) -> int:
        """What is waiting to come out."""
        return 0 if self._playhead is None else max(0, self._newest + FRAME_TICKS - self._playhead) // FRAME_TICKS

    # ── In ───────────────────────────────────────────────────────────────────────────────────────────────────

    def push(self, sequence: int, timestamp: int, payload: bytes) -> None:
        """A packet arrived: its 16 bit sequence number, 32 bit time stamp and content."""
        if not duration_ticks(payload):
            self._counts["broken"] += 1
            return
        self._counts["received"] += 1
        if self._playhead is not None:
            sequence = _unwrap(sequence, self._newest_sequence, 16)
            timestamp = _unwrap(timestamp, self._newest, 32)
            if abs(timestamp - self._playhead) > LARGEST_JUMP:
                self.reset()
        if self._playhead is None:
            self._newest, self._newest_sequence = timestamp, sequence
            self._playhead = timestamp - self._wanted * FRAME_TICKS
        elif timestamp < self._playhead or timestamp in self._packets:
            self._refuse(sequence, timestamp)
            return
        self._late_in_a_row = 0
        if not self._packets and timestamp > self._newest:
            self._resume(timestamp)
        self._packets[timestamp] = (sequence, payload)
        self._newest = max(self._newest, timestamp)
        self._newest_sequence = max(self._newest_sequence, sequence)
        self._bound()

    def _refuse(self, sequence: int, timestamp: int) -> None:
        """A packet whose time has passed, or that is there already."""
        seen = timestamp in self._packets or sequence == self._played_sequence
        self._counts["duplicates" if seen else "late"] += 1
        if not seen:
            self._late_in_a_row += 1
            if self._late_in_a_row >= LATE_IN_A_ROW:
                self.reset()

    def _resume(self, timestamp: int) -> None:
        """The first packet after play-out ran dry: give the ones behind it time to come, as at the beginning."""
        assert self._playhead is not None
        if self._starving:
            self._starving = False
            self._wanted = min(MOST_DELAY, self._wanted + 1)
            self._calm = 0
        self._playhead = max(self._playhead, timestamp - self._wanted * FRAME_TICKS)

    def _bound(self) -> None:
        """Each round takes a packet away or is the last one, whatever the time stamps are."""
        assert self._playhead is not None
        earliest = self._newest - LONGEST_BUFFER * FRAME_TICKS
        while self._playhead < earliest or len(self._packets) > MOST_PACKETS:
            oldest = min(self._packets)
            if oldest >= earliest and len(self._packets) <= MOST_PACKETS:
                self._playhead = earliest  # only a gap is skipped
                return
            self._played_sequence, payload = self._packets.pop(oldest)
            self._playhead = max(self._playhead, oldest + duration_ticks(payload))
            self._counts["dropped"] += 1

    # ── Out ──────────────────────────────────────────────────────────────────────────────────────────────────

    def pop(self) -> Pcm:
        """The next 20 ms at 16 kHz."""
        if self._playhead is None:
            return SILENT_FRAME
        self._watch_delay()
        while len(self._pcm) < HEARD_FRAME:
            piece = self._next_piece()
            self._pcm = np.concatenate((self._pcm, piece)) if len(self._pcm) else piece
        frame, self._pcm = self._pcm[:HEARD_FRAME], self._pcm[HEARD_FRAME:]
        return frame

    def _next_piece(self) -> Pcm:
        assert self._playhead is not None
        found = self._packets.pop(self._playhead, None)
        if found is None:
            return self._fill_gap() if self._packets else self._fill_nothing()
        piece = self._decode(*found)
        return self._hurry(piece) if self._excess >= EXCESS_TICKS else piece

    def _hurry(self, piece: Pcm) -> Pcm:
        """More is waiting than is wanted: leave this piece out if nobody speaks in it."""
        if int(np.abs(piece).max()) >= QUIET_PEAK:
            return piece
        self._excess = 0
        self._counts["hurried"] += 1
        return piece[:0]

    def _decode(self, sequence: int, payload: bytes) -> Pcm:
        if self._played_sequence is not None and sequence > self._played_sequence:
            self._counts["lost"] += sequence - self._played_sequence - 1
        self._played_sequence = sequence
        self._playhead = (self._playhead or 0) + duration_ticks(payload)
        self._pausing = is_comfort(payload)
        self._guessed = 0
        try:
            return self._decoder.decode(payload)
        except OpusError:
            self._counts["broken"] += 1
            return _silence(duration_ticks(payload))

    def _fill_gap(self) -> Pcm:
        """Nothing at this position, but something later on."""
        assert self._playhead is not None
        at = min(self._packets)
        if at < self._playhead:  # overlaps what has been played: a sender that counts in its own way
            self._played_sequence = self._packets.pop(at)[0]
            self._counts["late"] += 1
            return SILENT_FRAME[:0]
        sequence, payload = self._packets[at]
        gap = at - self._playhead
        lost = 0 if self._played_sequence is None else sequence - self._played_sequence - 1
        if lost <= 0:
            ticks = min(gap, FRAME_TICKS)
            self._playhead += ticks
            return self._hurry(_silence(ticks)) if self._excess >= EXCESS_TICKS else _silence(ticks)
        frame = duration_ticks(payload)
        if gap == frame and carries_copy(payload):
            self._playhead = at
            self._counts["recovered"] += 1
            self._guessed = 0
            return self._decoder.recover(payload, gap // _TICKS_PER_SAMPLE)
        ticks = min(gap - frame if gap > frame else gap, FRAME_TICKS)
        self._playhead += ticks
        return _silence(ticks) if self._pausing else self._guess(ticks)

    def _fill_nothing(self) -> Pcm:
        """The buffer is empty. The position stays where it is, and goes on with the next packet."""
        if self._pausing:
            return SILENT_FRAME
        self._starving = True
        return self._guess(FRAME_TICKS)

    def _guess(self, ticks: int) -> Pcm:
        if self._guessed >= CONCEALED_FRAMES or ticks % _PLC_TICKS:
            return _silence(ticks)
        self._counts["concealed"] += 1
        piece = self._decoder.conceal(ticks // _TICKS_PER_SAMPLE)
        fade = np.linspace(_FADE[self._guessed], _FADE[self._guessed + 1], len(piece))
        self._guessed += 1
        return (piece * fade).astype(np.int16)

    def _watch_delay(self) -> None:
        """The wanted delay falls while all is calm; more than that is taken back where nobody speaks."""
        self._calm += 1
        if self._calm >= CALM_FRAMES:
            self._calm = 0
            self._wanted = max(LEAST_DELAY, self._wanted - 1)
        over = self._packets and self.delay_frames > self._wanted + TOLERATED_EXCESS
        self._excess = self._excess + 1 if over else 0


def _unwrap(value: int, reference: int, bits: int) -> int:
    """The number nearest to `reference` of which `value` is the lower bits."""
    span = 1 << bits
    near = (reference & ~(span - 1)) | value
    if near - reference > span >> 1:
        return near - span
    if reference - near > span >> 1:
        return near + span
    return near


def _silence(ticks: int) -> Pcm:
    samples = ticks // _TICKS_PER_SAMPLE
    return SILENT_FRAME if samples == HEARD_FRAME else np.zeros(max(1, samples), np.int16)
