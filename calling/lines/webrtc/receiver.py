"""From the visitor's packets to one frame of sound every 20 ms."""

import time
from collections.abc import Callable

from aiortc.rtp import RtpPacket

from agents.speech.sound import Pcm
from calling.lines.webrtc.jitter import JitterBuffer
from calling.lines.webrtc.opus import Decoder


class Receiver:
    """Feeds the jitter buffer of one connection, and knows when the visitor was last heard of."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._ssrc: int | None = None
        self.decoder = Decoder()
        self.jitter = JitterBuffer(self.decoder)

    def packet(self, packet: RtpPacket) -> None:
        self._last = self._clock()
        if packet.ssrc != self._ssrc:  # the browser began anew: numbers and times have nothing to do with the old ones
            self._ssrc = packet.ssrc
            self.jitter.reset()
        self.jitter.push(packet.sequence_number, packet.timestamp, packet.payload)

    def sign_of_life(self) -> None:
        self._last = self._clock()

    def silent_s(self) -> float:
        return self._clock() - self._last

    def take(self) -> Pcm:
        """The next 20 ms."""
        return self.jitter.pop()

    def close(self) -> None:
        self.decoder.close()
