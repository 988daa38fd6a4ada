"""The signalling socket: parse, hand over to the session, send. No model is touched here, and no reader waited for."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings

from calling import faults
from calling.call import protocol
from calling.call.protocol import ProtocolError
from calling.call.session import Session
from calling.gateway import calls
from calling.record.store import notes
from widgets.admission import limits
from widgets.refusals import Refused

log = structlog.get_logger(__name__)

OUTGOING_MESSAGES = 768  # that wait to be sent: all a page can have missed, and more; beyond it nobody reads
UNANSWERED_BYTES = 256 * 1024  # sent since the last pong: what the server below us may hold for a slow reader
MESSAGES_A_SECOND = 50.0
BURST = 100.0
REFUSED = 4008  # our server below cannot send 1008; documented clients do not try again after 4000 to 4999 either
TOO_SLOW = 3008  # a registered "timeout": trying again is fine

# With these the socket closes, whatever it is in. Other errors leave it open, because what comes next may be fine …
FINAL = frozenset({"TOO_LARGE", "RATE_LIMITED"})
# … and these close one that has no call yet.
FINAL_AT_THE_DOOR = FINAL | {"UNAUTHORIZED", "FORBIDDEN", "SESSION_GONE", "RESUME_INVALID", "CALL_ELSEWHERE"}


class Wire:
    """The way out of one socket. `send` never waits; a reader that does not read loses the socket."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[str | int] = asyncio.Queue(OUTGOING_MESSAGES)
        self._unanswered = 0
        self.closed = False

    def send(self, message: protocol.Outgoing) -> None:
        if self.closed:
            return
        text = faults.guarded("message", lambda: protocol.dump(message), "")
        if not text:
            return  # what cannot be written down cannot be sent; the call is not to end for it
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

    def answered(self) -> None:
        """The other end has read everything up to its last pong."""
        self._unanswered = 0

    async def pump(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        while True:
            item = await self._queue.get()
            if isinstance(item, int):
                message: dict[str, Any] = {"type": "websocket.close", "code": item}
            else:
                await notes.shown()  # what a page is told is noted first, so that no crash undoes it
                message = {"type": "websocket.send", "text": item}
            try:
                await send(message)
            except RuntimeError:
                return  # closed by the other end meanwhile; the consumer is about to hear of it
            if isinstance(item, int):
                return


class SignalConsumer(AsyncConsumer):
    """One visitor's socket at /api/v1/webrtc/signal."""

    channel_layer_alias = "none"  # nobody sends to a socket through the layer

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self._wire = Wire()
        self._session: Session | None = None
        self._allowance = BURST
        self._counted_at = time.monotonic()
        try:
            async with asyncio.TaskGroup() as group:
                beside = [group.create_task(self._wire.pump(send)), group.create_task(self._hurry())]
                self._hurrying = beside[1]
                try:
                    await super().__call__(scope, receive, send)
                finally:
                    for task in beside:
                        task.cancel()
                    if self._session is not None:
                        self._session.detach(self._wire)
        except* Exception as errors:  # noqa: BLE001  the call outlives its socket, and the page opens another one
            faults.report("socket", errors)
            await self._give_up(send)

    @staticmethod
    async def _give_up(send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        try:
            await send({"type": "websocket.close", "code": TOO_SLOW})
        except Exception as error:  # noqa: BLE001  it is closed already
            log.info("a socket could not be closed", error=type(error).__name__)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Unlike the base class, which looks at database connections in a thread before each message."""
        await _STEPS[message["type"]](self, message)

    async def _connect(self, message: dict[str, Any]) -> None:
        origins = [value.decode("latin-1") for name, value in self.scope["headers"] if name == b"origin"]
        if [origin.lower() for origin in origins] != [settings.PUBLIC_URL]:
            log.info("socket refused", code="ORIGIN_NOT_ALLOWED")
            await self.send({"type": "websocket.close"})  # before it is accepted: HTTP 403
            return
        await self.send({"type": "websocket.accept"})

    async def _disconnect(self, message: dict[str, Any]) -> None:
        raise StopConsumer

    async def _receive(self, message: dict[str, Any]) -> None:
        if self._wire.closed:
            return
        try:
            self._count()
            text = message.get("text")
            if text is None:
                raise ProtocolError("INVALID_MESSAGE", "not text")
            parsed = protocol.parse(text)
            if self._session is None:
                await self._first(parsed)
            else:
                if isinstance(parsed, protocol.Ponged):
                    self._wire.answered()
                self._session.handle(parsed)
        except ProtocolError as error:
            self._fail(error.code, error.detail, final=error.code in (FINAL if self._session else FINAL_AT_THE_DOOR))
        except Refused as refused:
            self._fail(refused.code, refused.detail, final=True)
        except Exception:
            log.exception("a message could not be handled")
            self._fail("HANDLER_ERROR", final=self._session is None)

    async def _first(self, message: protocol.Message) -> None:
        """Only somebody with a ticket or a resume token comes in; nothing else is looked at before."""
        match message:
            case protocol.Hello(resume_token=token) if token:
                self._hurrying.cancel()
                here, last = calls.here(), message.last_event
                self._session = await here.resume(token, self._wire, last_event=last, move=message.move)
                return
            case protocol.Hello():
                ticket, offer = message.ticket, ""
            case protocol.Offer(credential=ticket) if ticket:
                if message.session_id:
                    raise ProtocolError("SESSION_GONE")
                offer = message.sdp
            case _:
                raise ProtocolError("UNAUTHORIZED")
        self._hurrying.cancel()
        address = limits.client_ip_of(self.scope)
        self._session = session = await calls.here().admit(ticket, address=address, offer=offer)
        session.attach(self._wire)
        if isinstance(message, protocol.Offer):
            session.handle(message)

    async def _hurry(self) -> None:
        """A socket that says nothing is closed."""
        await asyncio.sleep(calls.here().patience.first_message_s)
        self._fail("UNAUTHORIZED", final=True)

    def _count(self) -> None:
        now = time.monotonic()
        self._allowance = min(BURST, self._allowance + (now - self._counted_at) * MESSAGES_A_SECOND)
        self._counted_at = now
        if self._allowance < 1:
            raise ProtocolError("RATE_LIMITED")
        self._allowance -= 1

    def _fail(self, code: str, detail: str = "", *, final: bool) -> None:
        log.info("socket refused" if final else "message refused", code=code, detail=detail)
        self._wire.send(protocol.Failure(code, self._session.id if self._session else ""))
        if final:
            self._wire.close(REFUSED)


_STEPS: dict[str, Callable[[SignalConsumer, dict[str, Any]], Awaitable[None]]] = {
    "websocket.connect": SignalConsumer._connect,
    "websocket.receive": SignalConsumer._receive,
    "websocket.disconnect": SignalConsumer._disconnect,
}
