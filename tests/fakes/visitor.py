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
from collections.abc import Awaitable, Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCSessionDescription
from aiortc.rtp import RtpPacket

from agents.speech.sound import HEARD_FRAME, HEARD_HZ, SPOKEN_FRAME, SPOKEN_HZ, Pcm
from calling.lines.webrtc import aiortc_hooks
from calling.lines.webrtc.addresses import MediaSettings, open_endpoints
from calling.lines.webrtc.opus import Decoder, Encoder, is_comfort
from calling.lines.webrtc.sender import COMFORT_FRAMES, FRAME_TICKS, Pace

ON_LOOPBACK = MediaSettings(allow_loopback=True)
NOTHING_LOST: Callable[[int], bool] = lambda n: False  # noqa: E731


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


class Microphone(MediaStreamTrack):
    """What the visitor says, as ready packets; DTX while there is nothing to say."""

    kind = "audio"

    def __init__(self, dtx: bool = True) -> None:
        super().__init__()
        self.pace = Pace(catch_up=10_000)  # a busy machine must not cost a visitor words
        self.packets: list[bytes] = []
        self.finished = asyncio.Event()
        self.finished.set()
        self.encoder = Encoder()
        self._silence = Encoder().encode(np.zeros(SPOKEN_FRAME, np.int16))
        self._dtx = dtx
        self._quiet = 0

    async def recv(self) -> av.Packet:
        while True:
            frame = await self.pace.next()
            payload = self._next()
            if payload is not None:
                packet = av.Packet(payload)
                packet.pts, packet.time_base = frame * FRAME_TICKS, Fraction(1, 48_000)
                return packet

    def _next(self) -> bytes | None:
        if self.packets:
            self._quiet = 0
            return self.packets.pop(0)
        self.finished.set()
        if not self._dtx:
            return self._silence
        self._quiet += 1
        return bytes([self._silence[0] & 0xFC]) if self._quiet % COMFORT_FRAMES == 1 else None


class Visitor:
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
        self.pc = aiortc_hooks.new_peer_connection()
        self.received: list[RtpPacket] = []
        self.sent_count = self.sent_lost = self.heard_count = 0
        self._lose_sent, self._lose_heard, self._listen = lose_sent, lose_heard, listen
        self._voice = microphone or Microphone(dtx)
        self._arrived = asyncio.Event()
        self._settled = asyncio.Event()  # connected, or never
        self.gone = asyncio.Event()
        self.pc.addTrack(self._voice)
        self.pc.on("connectionstatechange", self._state_changed)
        aiortc_hooks.gather_on(self.pc, lambda: open_endpoints(ON_LOOPBACK))
        aiortc_hooks.tap_audio(self.pc, self._hear)
        self._lose_outgoing()

    async def __aenter__(self) -> "Visitor":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # ── The connection ───────────────────────────────────────────────────────────────────────────────────────

    async def offer(self) -> str:
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return self.pc.localDescription.sdp

    async def accept(self, answer_sdp: str) -> None:
        await self.pc.setRemoteDescription(RTCSessionDescription(answer_sdp, "answer"))

    async def connect(self, answer: Callable[[str], Awaitable[str]]) -> None:
        """Offer, give the offer to `answer`, take what it returns, and wait until sound can flow."""
        await self.accept(await answer(await self.offer()))
        await self.connected()

    async def connected(self) -> None:
        """Raises ConnectionError if it never will be."""
        await self._settled.wait()
        if self.gone.is_set():
            raise ConnectionError("the visitor's connection failed or was closed")

    async def close(self) -> None:
        await self.pc.close()

    # ── Speaking ─────────────────────────────────────────────────────────────────────────────────────────────

    def say(self, pcm: Pcm) -> None:
        """Say this (at SPOKEN_HZ) after what is being said."""
        frames = -(-len(pcm) // SPOKEN_FRAME)
        padded = np.zeros(frames * SPOKEN_FRAME, np.int16)
        padded[: len(pcm)] = pcm
        self.say_packets([self._voice.encoder.encode(frame) for frame in padded.reshape(frames, SPOKEN_FRAME)])

    def say_packets(self, packets: list[bytes]) -> None:
        self._voice.packets += packets
        self._voice.finished.clear()

    async def finished_speaking(self) -> None:
        await self._voice.finished.wait()

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

    def _lose_outgoing(self) -> None:
        dtls = self.pc.getTransceivers()[0].sender.transport
        original = dtls._send_rtp

        async def send(data: bytes) -> None:
            if not 64 <= data[1] & 0x7F <= 95:  # RTCP is not lost: it does not carry sound
                self.sent_count += 1
                if self._lose_sent(self.sent_count):
                    self.sent_lost += 1
                    return
            await original(data)

        dtls._send_rtp = send

    def _state_changed(self) -> None:
        if self.pc.connectionState == "connected":
            self._settled.set()
        elif self.pc.connectionState in ("failed", "closed"):
            self.gone.set()
            self._settled.set()
