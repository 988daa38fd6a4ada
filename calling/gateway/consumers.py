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
from calling.call import parsing, protocol
from calling.call.protocol import ProtocolError
from calling.call.session import Session
from calling.gateway import calls
from calling.gateway.outgoing import Outgoing
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


DOCUMENTED = (protocol.Answer, protocol.Failure, protocol.Close, protocol.Pong)


class Wire(Outgoing):
    """The way out of one visitor's socket."""

    frames_most, unread_most, too_slow = OUTGOING_MESSAGES, UNANSWERED_BYTES, TOO_SLOW

    def send(self, message: protocol.Outgoing) -> None:
        """Never waits."""
        if self.closed:
            return
        text = faults.guarded("message", lambda: protocol.dump(message), "")
        if text:  # what cannot be written down cannot be sent; the call is not to end for it
            self.put(text)

    def ask(self) -> None:
        self.send(protocol.Ping(round(asyncio.get_running_loop().time(), 3)))

    async def may_send(self) -> None:
        await notes.shown()  # what a page is told is noted first, so that no crash undoes it


class AppWire(Wire):
    """To an app goes what is documented, and nothing of ours that it would have to throw away."""

    def send(self, message: protocol.Outgoing) -> None:
        if isinstance(message, DOCUMENTED):
            super().send(message)


class SignalConsumer(AsyncConsumer):
    """One visitor's socket at /api/v1/webrtc/signal."""

    channel_layer_alias = "none"  # nobody sends to a socket through the layer

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        # Browsers always say where a page is from; apps never do.
        self._is_app = not self._origins(scope)
        self._wire: Wire = AppWire() if self._is_app else Wire()
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
        if not self._is_app and self._origins(self.scope) != [settings.PUBLIC_URL]:
            log.info("socket refused", code="ORIGIN_NOT_ALLOWED")
            await self.send({"type": "websocket.close"})  # before it is accepted: HTTP 403
            return
        await self.send({"type": "websocket.accept"})

    @staticmethod
    def _origins(scope: Any) -> list[str]:
        return [value.decode("latin-1").lower() for name, value in scope["headers"] if name == b"origin"]

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
            parsed = parsing.parse(text)
            if self._session is None:
                await (self._first_of_app(parsed) if self._is_app else self._first(parsed))
            else:
                if isinstance(parsed, protocol.Ponged):
                    self._wire.heard()
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

    async def _first_of_app(self, message: protocol.Message) -> None:
        """Only a calling token begins a call; whoever knows a running one's id may go on with it."""
        here, known = calls.here(), getattr(message, "session_id", "")
        if isinstance(message, protocol.Offer) and not message.credential:
            raise ProtocolError("UNAUTHORIZED")
        if known:
            session = here.of_app(known)
        elif isinstance(message, protocol.Offer):
            self._hurrying.cancel()
            address = limits.client_ip_of(self.scope)
            given = message.credential, message.call_sid
            session = await here.admit_app(*given, address=address, offer=message.sdp)
        else:
            raise ProtocolError("UNAUTHORIZED")
        self._hurrying.cancel()
        self._session = session
        session.attach(self._wire)
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
