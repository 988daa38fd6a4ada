"""A sound connection without sound, for tests of what happens around it."""

import asyncio
from typing import Any

from calling.lines import LineError

OFFER = "\r\n".join(
    [
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "c=IN IP4 0.0.0.0",
        "a=mid:0",
        "a=sendrecv",
        "a=fingerprint:sha-256 " + ":".join(["AB"] * 32),
        "a=rtpmap:111 opus/48000/2",
        "",
    ]
)
SILENT_OFFER = OFFER.replace("m=audio", "m=video").replace("opus/48000/2", "VP8/90000")
ANSWER = "v=0\r\na=answer\r\n"


class FakeConnection:
    """Connects when `up` is set, which it is unless a test says otherwise; `silent` is what silent_s tells.

    `die` is what happens to a real one whose browser says goodbye."""

    def __init__(self, *, up: bool = True, refuses: str = "") -> None:
        self.silent = 0.0
        self.seat: Any = None
        self.closed = 0
        self.is_over = False
        self.was_reached = True
        self.stats: dict[str, Any] = {}
        self.up = asyncio.Event()
        self._refuses = refuses
        if up:
            self.up.set()

    async def answer(self, offer_sdp: str) -> str:
        if self._refuses or "m=audio" not in offer_sdp:
            raise LineError(self._refuses or "NO_AUDIO")
        return ANSWER

    async def connected(self) -> None:
        await self.up.wait()

    def start(self, seat: Any) -> None:
        self.seat = seat
        seat.attach(self)

    def silent_s(self) -> float:
        return self.silent

    def die(self) -> None:
        self.is_over = True
        if self.seat is not None:
            self.seat.detach(self, self.silent)

    async def close(self) -> None:
        self.closed += 1
        self.is_over = True
