"""The way out of one socket of a chat: in the order of the chat, nothing twice, nothing left out."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import structlog

from calling.lines import messaging
from calling.lines.messaging import Event

log = structlog.get_logger(__name__)

OUTGOING_FRAMES = 512  # that wait to be sent
UNANSWERED_BYTES = 8 * 1024 * 1024  # sent since the client last said anything: what a whole replay has, twice over
ENDED, TOO_SLOW = 1000, 4002  # documented clients do not come back after the first, and do after the second

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Wire:
    """`tell` and `send` never wait. `lacks` is called when something was told behind a gap."""

    def __init__(self, lacks: Callable[[], None]) -> None:
        self._queue: asyncio.Queue[str | int] = asyncio.Queue(OUTGOING_FRAMES)
        self._lacks = lacks
        self._unanswered = 0
        self._ahead: dict[int, Event] = {}  # told before what comes before it
        self.told: int | None = None  # the newest of which all is told; None before the replay
        self.closed = False

    def replay(self, events: Sequence[Event], last: int, at: str) -> None:
        """What a client gets at once."""
        for frame in messaging.batches(events, at):
            self.send(frame)
        self.told = last
        self._go_on()

    def tell(self, events: Iterable[Event]) -> None:
        """What happened in the chat. What was told already is left out; what is ahead waits for the rest."""
        for event in events:
            if event.sequence is None:
                if self.told is not None:
                    self.send(event)
            elif self.told is None or event.sequence > self.told:
                self._ahead[event.sequence] = event
        self._go_on()

    def again(self, events: Iterable[Event]) -> None:
        """The answer to a client that asks again: what it was told, once more."""
        for event in events:
            if event.sequence is not None and self.told is not None and event.sequence <= self.told:
                self.send(event)

    def _go_on(self) -> None:
        if self.told is None:
            return
        while (event := self._ahead.pop(self.told + 1, None)) is not None:
            self.told += 1
            self.send(event)
            if event.type == "SESSION_END":
                self.close(ENDED)
        if self._ahead and not self.closed:
            self._ahead = {sequence: event for sequence, event in self._ahead.items() if sequence > self.told}
            if self._ahead:
                self._lacks()

    def send(self, event: Event) -> None:
        if self.closed:
            return
        text = messaging.dump(event)
        self._unanswered += len(text)
        if self._queue.full() or self._unanswered > UNANSWERED_BYTES:
            log.warning("a socket is closed: its reader is too slow")
            while not self._queue.empty():
                self._queue.get_nowait()
            self.close(TOO_SLOW)
            return
        self._queue.put_nowait(text)

    def close(self, code: int) -> None:
        """Close after what is queued."""
        if self.closed:
            return
        self.closed = True
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(code)

    def heard(self) -> None:
        """The client said something, so it reads what it is told."""
        self._unanswered = 0

    async def pump(self, send: Send) -> None:
        while True:
            item = await self._queue.get()
            closes = isinstance(item, int)
            message = {"type": "websocket.close", "code": item} if closes else {"type": "websocket.send", "text": item}
            try:
                await send(message)
            except RuntimeError:
                return  # closed by the other end meanwhile; the consumer is about to hear of it
            if closes:
                return
