"""What may come in: how large, how slow, how many at once. Too much is refused while it arrives, whoever sends it.

Daphne has a whole body on disk, and in memory, before an application sees the request; and it waits for as long as a
byte comes now and then. So the limits stand here, below it. A view that needs more says so itself (`body_most`); a
body that only a signed-in person can need is not taken from anybody else.
"""

import asyncio
import json
import tempfile
from typing import Any
from urllib.parse import quote, unquote

import structlog
from channels.db import database_sync_to_async
from daphne import http_protocol
from django.conf import settings
from django.shortcuts import resolve_url
from twisted.web import http

from studio.running import bodies, hosts
from widgets.admission.limits import network
from widgets.refusals import CODES

log = structlog.get_logger(__name__)

KEPT_IN_MEMORY = 64 * 1024  # of a body; the rest of it is on disk
SPOOLED_MOST = 96 * 1024 * 1024  # on disk at once, of all bodies together
LENGTH_DIGITS = 12

HEADERS_S = 15  # from the first byte of a request, or the opening of a connection, to the end of its headers
BODY_S = 20  # for any body, and more for a large one:
BODY_BYTES_A_SECOND = 64 * 1024
IDLE_S = 60  # between two requests of a connection
WAITING_MOST = 512  # connections that owe us a request; beyond it the one that has waited longest goes
LAST_WORDS_S = 2  # a refused sender gets to read why
LAST_WORDS_BYTES = 1024 * 1024
_HEADERS = (("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Connection", "close"))


class Request(http_protocol.WebRequest):
    """A request whose body is counted as it comes."""

    def __init__(self, channel: "Channel", *given: Any) -> None:
        super().__init__(channel, *given, parsePOSTFormSubmission=False)  # nobody reads what Twisted would make of it
        self.door = channel.door
        self.most = bodies.BODY_MOST
        self.received = 0
        self.spooled = 0
        self.asked = False  # whether somebody is signed in

    def gotLength(self, length: int | None) -> None:
        self.content = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)

    def handleContentChunk(self, data: bytes) -> None:
        if self.channel.takes(self, len(data)):
            self.content.write(data)

    def process(self) -> Any:
        self.requestHeaders.removeHeader(b"daphne-root-path")  # where a proxy has mounted us: nobody may say so
        channel, found = self.channel, super().process()
        if self.transport is None:  # a WebSocket has it now, and the channel hears of nothing any more
            channel.left()
        return found

    def let_go(self) -> None:
        """The body is needed no longer."""
        self.door.spooled -= self.spooled
        self.spooled = 0
        if self.content is not None:
            self.content.close()

    def finish(self) -> None:
        self.let_go()
        super().finish()

    def connectionLost(self, reason: Any) -> None:
        self.let_go()
        super().connectionLost(reason)


class Channel(http.HTTPChannel):
    """A connection: it owes us its headers, then its body, each by a deadline. In between it is ours to answer."""

    def __init__(self, door: "Door") -> None:
        super().__init__()
        self.door = door
        self._idle = False  # between two requests
        self._closing = False
        self._ignored = 0
        self._deadline: Any = None

    def connectionMade(self) -> None:
        super().connectionMade()
        # Behind a proxy all come from the proxy.
        self.address = "" if settings.TRUSTED_PROXIES else network(getattr(self.getPeer(), "host", ""))
        self._owe(HEADERS_S)

    def dataReceived(self, data: bytes) -> None:
        if self._closing:
            self._ignored += len(data)
            if self._ignored > LAST_WORDS_BYTES:
                self.transport.abortConnection()
            return
        if self._idle:
            self._idle = False
            self._owe(HEADERS_S)
        super().dataReceived(data)

    def _maybeChooseTransferDecoder(self, header: bytes, data: bytes) -> bool:
        if header == b"Content-Length" and data.isdigit() and len(data.lstrip(b"0")) > LENGTH_DIGITS:
            self.refuse("TOO_LARGE")
            self.length = None
            return False
        return super()._maybeChooseTransferDecoder(header, data)

    def allHeadersReceived(self) -> None:
        if self._closing:
            return
        request, length = self.requests[-1], self.length
        if length != 0:
            request.most = bodies.body_most(unquote(self._path.partition(b"?")[0].decode("latin-1")))
            self._owe(BODY_S + (request.most if length is None else length) / BODY_BYTES_A_SECOND)
            if length is not None and length > request.most:
                self.refuse("TOO_LARGE")
                return
        super().allHeadersReceived()
        if length is not None and length > bodies.BODY_MOST:
            self._ask_who(request)

    def rawDataReceived(self, data: bytes) -> None:
        if not self._closing:
            super().rawDataReceived(data)

    def takes(self, request: Request, count: int) -> bool:
        """Whether so many more bytes of a body are taken."""
        if self._closing:
            return False
        request.received += count
        if request.received > request.most:
            self.refuse("TOO_LARGE")
            return False
        if request.received > KEPT_IN_MEMORY:
            self.door.spooled += request.received - request.spooled
            request.spooled = request.received
            if self.door.spooled > SPOOLED_MOST:
                self.refuse("RATE_LIMITED")
                return False
        if request.received > bodies.BODY_MOST:
            self._ask_who(request)
        return True

    def allContentReceived(self) -> None:
        if self._closing:
            return
        self.left()
        super().allContentReceived()

    def requestDone(self, request: Request) -> None:
        if self.persistent:
            self._idle = True
            self._owe(IDLE_S)
        else:
            self._closing = True
            self._by(IDLE_S)  # for a slow reader
        super().requestDone(request)

    def connectionLost(self, reason: Any) -> None:
        self.left()
        super().connectionLost(reason)

    def left(self) -> None:
        """It owes us nothing now."""
        self._by(None)
        self.door.forget(self)

    def refuse(self, code: str, *headers: tuple[str, str]) -> None:
        """Say why, and hang up; what still comes is not looked at."""
        if self._closing:
            return
        row, self._closing = CODES[code], True
        body = json.dumps(bodies.words(code, getattr(self, "_path", b"").partition(b"?")[0].decode("latin-1"))).encode()
        status = 303 if any(name == "Location" for name, _value in headers) else row.status
        lines = [f"HTTP/1.1 {status} {http.RESPONSES.get(status, b'Refused').decode()}"]
        lines += [f"{name}: {value}" for name, value in (*_HEADERS, ("Content-Length", str(len(body))), *headers)]
        self.transport.write("\r\n".join([*lines, "", ""]).encode() + body)
        for request in self.requests:
            request.let_go()
        self._networkProducer.resumeProducing()
        self._networkProducer.unregisterProducer()
        self.transport.loseWriteConnection()
        self.door.forget(self)
        self._by(LAST_WORDS_S)
        log.info("a request was refused while it came", code=code)

    def drop(self) -> None:
        """Hang up without a word: it has waited longest, and others want to come in."""
        self.left()
        self._closing = True
        self.transport.abortConnection()

    def _ask_who(self, request: Request) -> None:
        """No more is read until it is known that somebody signed in sends it."""
        if not request.asked:
            request.asked = True
            self._networkProducer.pauseProducing()
            self.door.do(self._go_on_if_signed_in(request))

    async def _go_on_if_signed_in(self, request: Request) -> None:
        cookies = b"; ".join(request.requestHeaders.getRawHeaders(b"Cookie", []))
        known = await self.door.is_signed_in(cookies)
        if self._closing:
            return
        if known or self._handlingRequest:  # there was no more of it; now the view decides
            self._networkProducer.resumeProducing()
            return
        path = self._path.partition(b"?")[0].decode("latin-1")
        way = ("Location", f"{resolve_url(settings.LOGIN_URL)}?next={quote(unquote(path))}")
        self.refuse("UNAUTHORIZED", *([way] if hosts.is_console(unquote(path)) else []))

    def _owe(self, seconds: float) -> None:
        self._by(seconds)
        self.door.remember(self)

    def _by(self, seconds: float | None) -> None:
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.callLater(seconds, self._late)

    def _late(self) -> None:
        if self._closing:
            self.transport.abortConnection()
        elif self._idle or not self.requests:
            self.door.forget(self)
            self._closing = True
            self._by(LAST_WORDS_S)
            self.loseConnection()
        else:
            self.refuse("TOO_SLOW")


class Door(http_protocol.HTTPFactory):
    """All connections: who has to wait for whom. HTTP/1.1 only, as TLS ends in front of us."""

    is_signed_in = staticmethod(database_sync_to_async(bodies.is_signed_in, thread_sensitive=False))

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self.timeOut = None  # an idle time would begin anew with each byte; ours are deadlines
        self.spooled = 0
        self._waiting: dict[str, dict[Channel, None]] = {}  # by address, each the longest waiting first
        self._doing: set[asyncio.Task[None]] = set()

    def buildProtocol(self, addr: Any) -> Channel:
        channel = Channel(self)
        channel.factory, channel.requestFactory = self, Request
        channel.callLater, channel.timeOut = self.reactor.callLater, None
        return channel

    def remember(self, channel: Channel) -> None:
        """It owes us a request. Where too many do, one of the address that has most of them goes."""
        self.forget(channel)
        self._waiting.setdefault(channel.address, {})[channel] = None
        if sum(map(len, self._waiting.values())) > WAITING_MOST:
            most = max(self._waiting.values(), key=len)
            next(iter(most)).drop()

    def forget(self, channel: Channel) -> None:
        here = self._waiting.get(channel.address, {})
        here.pop(channel, None)
        if not here:
            self._waiting.pop(channel.address, None)

    def do(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)
