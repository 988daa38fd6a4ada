"""The other end of a sound connection, without a browser: an aiortc peer that speaks, and loses packets as it is told.

For rehearsals, and for tests. Speech is sent as a browser sends it: Opus with error correction, and DTX where nothing
is said.
"""

import asyncio
from collections.abc import Awaitable, Callable
from fractions import Fraction
from typing import Any, Self

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCSessionDescription
from aiortc.rtp import RtpPacket

from agents.speech.sound import SPOKEN_FRAME, Pcm
from calling.lines.webrtc import aiortc_hooks
from calling.lines.webrtc.addresses import MediaSettings, open_endpoints
from calling.lines.webrtc.opus import Encoder
from calling.lines.webrtc.sender import COMFORT_FRAMES, FRAME_TICKS, Pace

ON_LOOPBACK = MediaSettings(allow_loopback=True)
NOTHING_LOST: Callable[[int], bool] = lambda n: False  # noqa: E731


class Microphone(MediaStreamTrack):
    """What is said, as ready packets; DTX while there is nothing to say."""

    kind = "audio"

    def __init__(self, dtx: bool = True) -> None:
        super().__init__()
        self.pace = Pace(catch_up=10_000)  # a busy machine must not cost a caller words
        self.packets: list[bytes] = []
        self.finished = asyncio.Event()
        self.finished.set()
        self.encoder = Encoder()
        self._silence = Encoder().encode(np.zeros(SPOKEN_FRAME, np.int16))
        self._dtx = dtx
        self._quiet = 0

    async def recv(self) -> Any:
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


class NoisyMicrophone(Microphone):
    """Where it is never quiet: this sound goes on and on between what is said."""

    def __init__(self, around: Pcm) -> None:
        super().__init__(dtx=False)
        self._around = around[: len(around) // SPOKEN_FRAME * SPOKEN_FRAME]
        self._place = 0

    def _next(self) -> bytes | None:
        if self.packets:
            return super()._next()
        self.finished.set()
        frame = self._around[self._place : self._place + SPOKEN_FRAME]
        self._place = (self._place + SPOKEN_FRAME) % len(self._around)
        return self.encoder.encode(frame)


class FarEnd:
    """`lose_sent` decides by the packet's number, from 1, whether it is lost on the way."""

    def __init__(
        self, *, lose_sent: Callable[[int], bool] = NOTHING_LOST, microphone: Microphone | None = None
    ) -> None:
        self.pc = aiortc_hooks.new_peer_connection()
        self.sent_count = self.sent_lost = 0
        self._lose_sent = lose_sent
        self._voice = microphone or Microphone()
        self._settled = asyncio.Event()  # connected, or never
        self.gone = asyncio.Event()
        self.pc.addTrack(self._voice)
        self.pc.on("connectionstatechange", self._state_changed)
        aiortc_hooks.gather_on(self.pc, lambda: open_endpoints(ON_LOOPBACK))
        aiortc_hooks.tap_audio(self.pc, self._hear)
        self._lose_outgoing()

    async def __aenter__(self) -> Self:
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
            raise ConnectionError("the connection failed or was closed")

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

    # ── Inside ───────────────────────────────────────────────────────────────────────────────────────────────

    def _hear(self, packet: RtpPacket) -> None:
        """Nobody listens here."""

    def _lose_outgoing(self) -> None:
        dtls: Any = self.pc.getTransceivers()[0].sender.transport
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
