"""The bounded queue in front of one socket. `put` never waits; a reader that does not read loses the socket."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

log = structlog.get_logger(__name__)

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Outgoing:
    """Texts, then the code that it is closed with. What waits when a reader is found too slow is dropped."""

    frames_most: int  # that wait to be sent: all that a client can have missed, and more; beyond it nobody reads
    unread_most: int  # signs sent since the client last showed that it reads
    too_slow: int  # the code for a reader that does not

    def __init__(self) -> None:
        self._queue: asyncio.Queue[str | int] = asyncio.Queue(self.frames_most)
        self._unread = 0
        self._asked = False
        self.closed = False

    def put(self, text: str) -> None:
        if self.closed:
            return
        self._unread += len(text)
        if self._queue.full() or self._unread > self.unread_most:
            log.warning("a socket is closed: its reader is too slow")
            while not self._queue.empty():
                self._queue.get_nowait()
            self.close(self.too_slow)
            return
        self._queue.put_nowait(text)
        if self._unread > self.unread_most / 2 and not self._asked:
            self._asked = True
            self.ask()

    def close(self, code: int) -> None:
        """Close after what is queued."""
        if self.closed:
            return
        self.closed = True
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(code)

    def heard(self) -> None:
        """The other end has read everything up to here."""
        self._unread = 0
        self._asked = False

    def ask(self) -> None:
        """Half of what may be unread is: a chance to show that it is read, before that is decided without asking."""

    async def may_send(self) -> None:
        """Waited for before each text."""

    async def pump(self, send: Send) -> None:
        while True:
            item = await self._queue.get()
            if isinstance(item, int):
                message: dict[str, Any] = {"type": "websocket.close", "code": item}
            else:
                await self.may_send()
                message = {"type": "websocket.send", "text": item}
            try:
                await send(message)
            except RuntimeError:
                return  # closed by the other end meanwhile; the consumer is about to hear of it
            if isinstance(item, int):
                return
