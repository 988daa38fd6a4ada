"""What each message of a visitor's page does to its call. No Django."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from agents.engine.line import MUTED, Dtmf, Muted, PageInfo, Typed
from calling.call import ending, protocol
from calling.call.parts import Seat
from widgets.refusals import Refused

if TYPE_CHECKING:
    from calling.call.session import Session

MOST_OFFERS = 30  # of one call in a minute: a page that finds no sound tries every few seconds
OFFERS_S = 60.0
MOST_WRITTEN, WRITTEN_S = 30, 60.0  # of a call in a minute: more than anybody types


class Messages:
    def __init__(self, session: "Session") -> None:
        self._session = session
        self._loop = asyncio.get_running_loop()
        self._offers: deque[float] = deque(maxlen=MOST_OFFERS)
        self.offered = asyncio.Event()  # once at least
        self._written: deque[float] = deque(maxlen=MOST_WRITTEN)
        self._known: deque[str] = deque(maxlen=MOST_WRITTEN)  # ids of what was written last
        self._unheard: set[str] = set()  # why the visitor cannot be heard now: reasons of `Muted`
        self._asked = False
        self.browser_code = ""  # why the browser failed, as it told

    @property
    def muted(self) -> bool:
        return MUTED in self._unheard

    def tell_state(self, seat: Seat) -> None:
        """What was said before there was an agent, and still holds."""
        for reason in sorted(self._unheard):
            seat.report(Muted(True, reason))

    def handle(self, message: protocol.Message) -> None:
        """Raises ProtocolError where it cannot be used."""
        session = self._session
        if getattr(message, "session_id", "") not in ("", session.id):
            raise protocol.ProtocolError("SESSION_GONE", "another session's id")
        _HANDLERS[type(message)](self, message)

    def _offered(self, message: protocol.Offer) -> None:
        session = self._session
        if session.over.done():
            raise protocol.ProtocolError("SESSION_GONE")
        now = self._loop.time()
        if len(self._offers) == MOST_OFFERS and now - self._offers[0] < OFFERS_S:
            raise protocol.ProtocolError("RATE_LIMITED", "offers")
        self._offers.append(now)
        if not self.offered.is_set():
            try:
                session.parts.place.take_line()
            except Refused as refused:
                session.end("failed", refused.code)
                return
            self.offered.set()
            session.enter("ringing")
            session.tell("ringing")
        session.presence.offer(message.sdp)

    def _hung_up(self, message: protocol.HangUp) -> None:
        session = self._session
        if self.browser_code and session.seat is None:  # the browser gave up, not the visitor
            session.end("failed", ending.reason(session, self.browser_code))
        else:
            session.end("visitor_ended")

    def _pinged(self, message: protocol.Pinged) -> None:
        self._session.page.send(protocol.Pong())

    def _ponged(self, message: protocol.Ponged) -> None:
        self._session.page.ponged(message.t)

    def _said_info(self, message: protocol.InfoSent) -> None:
        if self._session.seat is not None:
            self._session.seat.report(PageInfo(message.text, message.data))

    def _asked_first(self, message: protocol.Asked) -> None:
        """A call begins with one question at most."""
        if self._session.seat is not None and not self._asked:
            self._asked = True
            self._session.seat.report(Typed(message.text, patient=True))

    def _wrote(self, message: protocol.Written) -> None:
        """In the place of speech, and at once. A page that lost its socket says again what it is not sure of."""
        if message.id and message.id in self._known:
            return
        now = self._loop.time()
        if len(self._written) == MOST_WRITTEN and now - self._written[0] < WRITTEN_S:
            self._session.page.send(protocol.Failure("RATE_LIMITED", self._session.id))
            return  # the words, not the call: other floods close the socket
        self._written.append(now)
        self._known.append(message.id)
        if self._session.seat is not None:
            self._session.seat.report(Typed(message.text, id=message.id))

    def _pressed(self, message: protocol.KeyPressed) -> None:
        if self._session.seat is not None:
            self._session.seat.report(Dtmf(message.digit))

    def _said_muted(self, message: protocol.Muted) -> None:
        if message.muted == (message.reason in self._unheard):
            return
        (self._unheard.add if message.muted else self._unheard.discard)(message.reason)
        self._session.note("muted" if message.muted else "unmuted", reason=message.reason)
        if self._session.seat is not None:
            self._session.seat.report(Muted(message.muted, message.reason))

    def _reported(self, message: protocol.Report) -> None:
        if message.code != self.browser_code:
            self.browser_code = message.code
            self._session.note("browser_failed", code=message.code)

    def _ignored(self, message: protocol.Message) -> None:
        """Checked for shape, and of no use here."""

    def _said_hello_again(self, message: protocol.Hello) -> None:
        raise protocol.ProtocolError("CALL_EXISTS")


_HANDLERS: dict[type, Callable[[Messages, Any], None]] = {
    protocol.Hello: Messages._said_hello_again,
    protocol.Offer: Messages._offered,
    protocol.Candidate: Messages._ignored,
    protocol.HangUp: Messages._hung_up,
    protocol.Pinged: Messages._pinged,
    protocol.Ponged: Messages._ponged,
    protocol.InfoSent: Messages._said_info,
    protocol.Asked: Messages._asked_first,
    protocol.Written: Messages._wrote,
    protocol.KeyPressed: Messages._pressed,
    protocol.Muted: Messages._said_muted,
    protocol.Report: Messages._reported,
}
