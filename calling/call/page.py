"""The visitor's page as a call sees it: one socket at a time, what it was told, and whether it answers. No Django."""

import asyncio
from typing import Any

from calling.call import protocol
from calling.call.event_log import EventLog
from calling.call.parts import Socket
from calling.call.resume import ResumeTokens

ELSEWHERE = 4008  # final for a page, which shows that its call goes on in another tab


class Page:
    """What is sent while no socket is there is lost, but for events: they are numbered, and kept for who comes back."""

    def __init__(self, session_id: str, *, pings: bool = True) -> None:
        """`pings`: whether the far end answers them; one that does not is known by its sound only."""
        self.pings = pings
        self.socket: Socket | None = None
        self.tokens = ResumeTokens(session_id)
        self._session_id = session_id
        self._events = EventLog()
        self._loop = asyncio.get_running_loop()
        self.attached_at = self.ponged_at = self._pinged_at = self._loop.time()
        self._pong = asyncio.Event()
        self._last_ping = 0.0

    def take(self, socket: Socket) -> None:
        """This socket is the page's from now on. Another one makes room."""
        if self.socket is not None and self.socket is not socket:
            self.socket.send(protocol.Failure("CALL_ELSEWHERE", self._session_id))
            self.socket.close(ELSEWHERE)
        self.socket = socket
        self.attached_at = self.ponged_at = self._loop.time()

    def lose(self, socket: Socket) -> None:
        """That socket is gone, if it is still the page's."""
        if self.socket is socket:
            self.socket = None

    # ── What it is told ──────────────────────────────────────────────────────────────────────────────────────

    def send(self, message: protocol.Outgoing) -> None:
        if self.socket is not None:
            self.socket.send(message)

    def tell(self, name: str, data: dict[str, Any]) -> None:
        """One numbered event."""
        self.send(self._events.add(name, data))

    def replay(self, last_event: int) -> None:
        """What a page that knows everything up to `last_event` has missed."""
        for event in self._events.since(last_event):
            self.send(event)

    def close(self) -> None:
        """The call is over."""
        try:
            self.send(protocol.Close(self._session_id))
        finally:
            if self.socket is not None:
                self.socket.close(1000)

    # ── Whether it answers ───────────────────────────────────────────────────────────────────────────────────

    def ping(self) -> None:
        self._pinged_at = self._loop.time()
        self._last_ping = round(self._pinged_at, 3)
        self.send(protocol.Ping(self._last_ping))

    def ping_every(self, seconds: float) -> None:
        if self.socket is not None and self._loop.time() - self._pinged_at >= seconds:
            self.ping()

    def ponged(self, t: float) -> None:
        self.ponged_at = self._loop.time()
        if t >= self._last_ping:
            self._pong.set()
            self.tokens.confirm()

    def pongs(self, patience_s: float) -> bool:
        """Whether it is there: its socket is open and its last pong not too old."""
        return self.pings and self.socket is not None and self._loop.time() - self.ponged_at <= patience_s

    async def answers(self, patience_s: float) -> bool:
        """Whether it says pong to a ping sent now, on the socket that it has now."""
        socket = self.socket
        self._pong.clear()
        self.ping()
        try:
            await asyncio.wait_for(self._pong.wait(), patience_s)
        except TimeoutError:
            return False
        return self.socket is socket
