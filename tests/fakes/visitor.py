"""A visitor without a browser: an aiortc peer that speaks, listens, and loses packets where a test says so.

    async with Visitor() as visitor:
        await visitor.connect(connection.answer)      # or any other function from offer to answer
        visitor.say(tone(440, 2.0))
        await visitor.finished_speaking()
        sound = await visitor.listened(2.0)           # 16 kHz, silence where nothing was sent

Speech is sent as a browser sends it: Opus with error correction, and DTX where the visitor is silent.
"""

import asyncio
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
from aiortc.rtp import RtpPacket

from agents.speech.sound import HEARD_FRAME, HEARD_HZ, SPOKEN_HZ, Pcm
from calling.lines.webrtc.far_end import NOTHING_LOST, ON_LOOPBACK, FarEnd, Microphone
from calling.lines.webrtc.opus import Decoder, is_comfort
from calling.lines.webrtc.sender import FRAME_TICKS

__all__ = ["NOTHING_LOST", "ON_LOOPBACK", "Microphone", "Visitor"]


def every(n: int) -> Callable[[int], bool]:
    """A loss pattern: packets n, 2n, 3n, … do not arrive."""
    return lambda count: count % n == 0


def tone(hz: float, seconds: float, *, rate: int = SPOKEN_HZ, level: float = 0.25) -> Pcm:
    at = np.arange(round(seconds * rate)) / rate
    return (np.sin(2 * np.pi * hz * at) * level * 32767).astype(np.int16)


def read_wav(path: str | Path, *, rate: int = SPOKEN_HZ) -> Pcm:
    """A mono 16 bit file at the rate that is wanted."""
    with wave.open(str(path)) as file:
        assert file.getnchannels() == 1 and file.getsampwidth() == 2, "a mono file with 16 bits"
        pcm, own = np.frombuffer(file.readframes(file.getnframes()), np.int16), file.getframerate()
    if own == rate:
        return pcm
    at = np.arange(round(len(pcm) * rate / own)) * own / rate
    return np.interp(at, np.arange(len(pcm)), pcm).astype(np.int16)


def loudness_at(pcm: Pcm, hz: float, *, rate: int = HEARD_HZ) -> float:
    """How much of a sound is a tone of this pitch: 1.0 is all of it."""
    if not len(pcm) or not np.any(pcm):
        return 0.0
    samples = pcm.astype(np.float64)
    at = np.arange(len(samples)) / rate
    part = abs(np.sum(samples * np.exp(-2j * np.pi * hz * at))) / len(samples)
    return float(part * np.sqrt(2) / np.sqrt(np.mean(samples**2)))


class Visitor(FarEnd):
    """`lose_sent` and `lose_heard` decide by the packet's number, from 1, whether it is lost on the way."""

    def __init__(
        self,
        *,
        dtx: bool = True,
        lose_sent: Callable[[int], bool] = NOTHING_LOST,
        lose_heard: Callable[[int], bool] = NOTHING_LOST,
        listen: bool = True,
        microphone: Microphone | None = None,
    ) -> None:
        self.received: list[RtpPacket] = []
        self.heard_count = 0
        self._lose_heard, self._listen = lose_heard, listen
        self._arrived = asyncio.Event()
        super().__init__(lose_sent=lose_sent, microphone=microphone or Microphone(dtx))

    # ── Listening ────────────────────────────────────────────────────────────────────────────────────────────

    async def listened(self, seconds: float) -> Pcm:
        """Wait until sound of this length, silence within it included, has come; return all that was heard."""
        while self.heard_s() < seconds:
            self._arrived.clear()
            await self._arrived.wait()
        return self.heard()

    def heard_s(self) -> float:
        first = next((packet for packet in self.received if not is_comfort(packet.payload)), None)
        if first is None:
            return 0.0
        return (((self.received[-1].timestamp - first.timestamp) & 0xFFFFFFFF) + FRAME_TICKS) / 48_000

    def heard(self) -> Pcm:
        """All that was heard at 16 kHz, from the first packet with sound on; silence where nothing was sent."""
        packets = list(self.received)
        while packets and is_comfort(packets[0].payload):
            packets.pop(0)
        if not packets:
            return np.zeros(0, np.int16)
        decoder = Decoder()
        pieces: dict[int, Pcm] = {}
        for packet in sorted(packets, key=lambda each: (each.timestamp - packets[0].timestamp) & 0xFFFFFFFF):
            at = ((packet.timestamp - packets[0].timestamp) & 0xFFFFFFFF) // 3
            sound = decoder.decode(packet.payload)
            pieces[at] = np.zeros_like(sound) if is_comfort(packet.payload) else sound
        decoder.close()
        out = np.zeros(max(pieces) + HEARD_FRAME, np.int16)
        for at, piece in pieces.items():
            out[at : at + len(piece)] = piece[: len(out) - at]
        return out

    # ── Inside ───────────────────────────────────────────────────────────────────────────────────────────────

    def _hear(self, packet: RtpPacket) -> None:
        self.heard_count += 1
        if self._lose_heard(self.heard_count):
            return
        if self._listen:
            self.received.append(packet)
        self._arrived.set()
