"""One call, from the first hello to the end. It outlives its sockets and its sound. No Django.

    new → registered → ringing → answered → ended
                                 answered ⇄ detached → ended

Any state may go to ended. Detached is a visitor of whom neither pong nor sound comes. What happens is told to the page
as numbered events, kept for a visitor who comes back with the resume token.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from agents.engine.conversation import Answerer
from agents.engine.line import Dtmf, Info, Left, PageInfo
from agents.engine.notes import Ending
from calling.call import protocol
from calling.call.event_log import EventLog
from calling.call.link import Link
from calling.call.parts import Parts, Seat, Socket
from calling.call.resume import ResumeTokens

log = structlog.get_logger(__name__)

MOST_OFFERS = 30  # of one call in a minute: a page that finds no sound tries every few seconds
OFFERS_S = 60.0
ELSEWHERE = 4008  # final for a page, which shows that its call goes on in another tab


class Session:
    def __init__(self, id: str, reference: str, agent_name: str, parts: Parts) -> None:
        self.id = id
        self.reference = reference
        self.agent_name = agent_name
        self.state = "new"
        self.history: list[str] = ["new"]
        self.ending: Ending | None = None
        self.seconds = 0.0
        self._parts = parts
        self._patience = parts.patience
        self._events = EventLog()
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[Ending] = self._loop.create_future()
        self._offers: deque[float] = deque(maxlen=MOST_OFFERS)
        self._offered_once = asyncio.Event()
        self._no_sound: asyncio.Future[str] = self._loop.create_future()  # the code of a first offer that failed
        self._tokens = ResumeTokens(id)
        self._coming_back = asyncio.Lock()
        self._socket: Socket | None = None
        self._attached_at = self._ponged_at = self._pinged_at = self._reminded_at = self._loop.time()
        self._pong = asyncio.Event()
        self._last_ping = 0.0
        self._detached_at: float | None = None
        self.has_slot = True
        self._muted = False
        self._browser_code = ""
        self._seat: Seat | None = None
        self._link = Link(
            parts.connection,
            answered=lambda sdp: self._send(protocol.Answer(self.id, sdp)),
            failed=self._sound_failed,
            connect_s=parts.patience.connect_s,
            close_s=parts.patience.hang_up_s,
            call=reference,
        )

    # ── What sockets do ──────────────────────────────────────────────────────────────────────────────────────

    def attach(self, socket: Socket, last_event: int = 0, *, shown: str = "") -> None:
        """A visitor's socket is here: tell it what it missed. Another one makes room.

        `shown` is the resume token that it came with; it gets a fresh one.
        """
        if self._socket is not None and self._socket is not socket:
            self._socket.send(protocol.Failure("CALL_ELSEWHERE", self.id))
            self._socket.close(ELSEWHERE)
        self._socket = socket
        self._attached_at = self._ponged_at = self._reminded_at = self._loop.time()
        if self.state == "new":
            self._enter("registered")
            self.tell("registered", session=self.id, reference=self.reference, agent=self.agent_name)
        else:
            for event in self._events.since(last_event):
                socket.send(event)
        if self.state == "ended":
            socket.send(protocol.Close(self.id))
            socket.close(1000)
            return
        self._return()
        sound = self._link.sounds(self._patience.dead_s)
        seconds = None if self._seat is None else round(self._seat.now_s(), 1)
        token = self._tokens.issue(shown)
        socket.send(protocol.Attached(self.id, token, seconds, self._muted, sound, self._patience.gone_s))
        self._ping()  # its answer proves that the token has arrived

    async def come_back(self, token: str, socket: Socket, last_event: int, *, move: bool = False) -> None:
        """Attach a page that shows the resume token. Raises ProtocolError; nothing has changed then.

        The page that holds the call keeps it as long as it lives, so a copied tab takes nothing away.
        """
        async with self._coming_back:
            self._check(token)
            if not move and await self._is_held():
                raise protocol.ProtocolError("CALL_ELSEWHERE")
            self._check(token)  # time has passed
            self.attach(socket, last_event, shown=token)

    def _check(self, token: str) -> None:
        if self._over.done() or self.state == "ended":
            raise protocol.ProtocolError("SESSION_GONE")
        if not self._tokens.fits(token):
            raise protocol.ProtocolError("RESUME_INVALID")

    async def _is_held(self) -> bool:
        """Whether a page has this call: it answers when it is asked, and is heard, or has had no time to be."""
        socket, fresh = self._socket, self._loop.time() - self._attached_at <= self._patience.dead_s
        if socket is None or not (self._seat is None or fresh or self._link.sounds(self._patience.dead_s)):
            return False
        self._pong.clear()
        self._ping()
        try:
            await asyncio.wait_for(self._pong.wait(), self._patience.held_s)
        except TimeoutError:
            return False
        return self._socket is socket

    def detach(self, socket: Socket) -> None:
        """That socket is gone. The call goes on as long as sound comes."""
        if self._socket is socket:
            self._socket = None

    def handle(self, message: protocol.Message) -> None:
        """One message of the visitor. Raises ProtocolError where it cannot be used."""
        if getattr(message, "session_id", "") not in ("", self.id):
            raise protocol.ProtocolError("SESSION_GONE", "another session's id")
        _HANDLERS[type(message)](self, message)

    def tell(self, name: str, **data: Any) -> None:
        """One numbered event for the page."""
        self._send(self._events.add(name, data))

    def end(self, cause: str, code: str = "") -> None:
        """The call shall end. The first cause counts."""
        if not self._over.done():
            self._over.set_result(Ending(cause, code))

    # ── Messages, one function each ──────────────────────────────────────────────────────────────────────────

    def _offered(self, message: protocol.Offer) -> None:
        if self._over.done():
            raise protocol.ProtocolError("SESSION_GONE")
        now = self._loop.time()
        if len(self._offers) == MOST_OFFERS and now - self._offers[0] < OFFERS_S:
            raise protocol.ProtocolError("RATE_LIMITED", "offers")
        self._offers.append(now)
        if not self._offered_once.is_set():
            self._offered_once.set()
            self._enter("ringing")
            self.tell("ringing")
        self._link.offer(message.sdp)

    def _hung_up(self, message: protocol.HangUp) -> None:
        if self._browser_code and self._seat is None:  # the browser gave up, not the visitor
            self.end("failed", self._reason(self._browser_code))
        else:
            self.end("visitor_ended")

    def _pinged(self, message: protocol.Pinged) -> None:
        self._send(protocol.Pong())

    def _ponged(self, message: protocol.Ponged) -> None:
        self._ponged_at = self._loop.time()
        if message.t >= self._last_ping:
            self._pong.set()
            self._tokens.confirm()

    def _said_info(self, message: protocol.InfoSent) -> None:
        if self._seat is not None:
            self._seat.report(PageInfo(message.text, message.data))

    def _pressed(self, message: protocol.KeyPressed) -> None:
        if self._seat is not None:
            self._seat.report(Dtmf(message.digit))

    def _said_muted(self, message: protocol.Muted) -> None:
        self._muted = message.muted
        self._note("muted" if message.muted else "unmuted")

    def _reported(self, message: protocol.Report) -> None:
        self._browser_code = message.code
        self._note("browser_failed", code=message.code)

    def _ignored(self, message: protocol.Message) -> None:
        """Checked for shape, and of no use here."""

    def _said_hello_again(self, message: protocol.Hello) -> None:
        raise protocol.ProtocolError("CALL_EXISTS")

    # ── The life of the call ─────────────────────────────────────────────────────────────────────────────────

    async def run(self) -> Ending:
        """Live until the end and tell the page of it. Never raises but when cancelled."""
        watch = self._loop.create_task(self._watch())
        ending = Ending("failed", "HANDLER_ERROR")
        try:
            ending = await self._live()
        except asyncio.CancelledError:
            ending = Ending("shutdown")
            raise
        except Exception:
            log.exception("session failed", call=self.reference)
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
            self.ending = self._explained(ending)
            self._announce_end(self.ending)
            await self._link.close()
            if self._seat is not None:
                self._note("sound", **self._link.quality.numbers())
        return self.ending

    async def _live(self) -> Ending:
        try:
            await self._unless_over(self._offered_once.wait(), self._patience.offer_s)
            preparing = self._loop.create_task(_outcome(self._parts.answerer()))
            try:
                await self._unless_over(self._first_sound(), self._patience.connect_s)
                answerer = await self._unless_over(preparing, self._patience.connect_s)
            finally:
                preparing.cancel()
                await asyncio.gather(preparing, return_exceptions=True)
            if isinstance(answerer, Exception):
                log.error("agent could not be made ready", call=self.reference, error=type(answerer).__name__)
                return Ending("failed", "AGENT_FAILURE")
        except _Over as over:
            return over.ending
        except TimeoutError:
            return Ending("failed", self._link.why_not())
        return await self._talk(answerer)

    async def _first_sound(self) -> None:
        """Return when sound can flow. Raises _Over when the page's offer leads to none."""
        up = self._loop.create_task(self._link.up.wait())
        try:
            outcomes: set[asyncio.Future[Any]] = {up, self._no_sound}
            await asyncio.wait(outcomes, return_when=asyncio.FIRST_COMPLETED)
        finally:
            up.cancel()
            await asyncio.gather(up, return_exceptions=True)
        if not self._link.up.is_set():
            raise _Over(Ending("failed", self._no_sound.result()))

    def _sound_failed(self, code: str) -> None:
        """An offer led to no sound. The first one ends the call; a later one leaves it as it was."""
        if self._link.up.is_set():
            self._send(protocol.Failure(code, self.id))
        elif not self._no_sound.done():
            self._no_sound.set_result(code)

    async def _talk(self, answerer: Answerer) -> Ending:
        self._seat = seat = self._parts.seat()
        seat.outbound = self._from_agent
        self._link.take(seat)
        self._parts.record.answered()
        self._enter("answered")
        self.tell("answered")
        talk = self._loop.create_task(answerer.run(seat, self._parts.record))
        try:
            await asyncio.wait({talk, self._over}, return_when=asyncio.FIRST_COMPLETED)
            if not talk.done():
                seat.report(Left(self._over.result().cause))
                await asyncio.wait({talk}, timeout=self._patience.goodbye_s)
        finally:
            self.seconds = seat.now_s()
            talk.cancel()
            outcome = (await asyncio.gather(talk, return_exceptions=True))[0]
        if isinstance(outcome, Exception):
            log.error("agent failed", call=self.reference, exc_info=outcome)
        if self._over.done():
            return self._over.result()
        return outcome if isinstance(outcome, Ending) else Ending("failed", "AGENT_FAILURE")

    async def _watch(self) -> None:
        """Ping the page, and notice when nobody is there any more, or again."""
        patience = self._patience
        while True:
            await asyncio.sleep(patience.tick_s)
            now = self._loop.time()
            if self._socket is not None and now - self._pinged_at >= patience.ping_s:
                self._ping()
            pongs = self._socket is not None and now - self._ponged_at <= patience.dead_s
            if self._seat is None:  # not answered yet: there is little to come back to
                if now - self._ponged_at > patience.dead_s:
                    self.end("connection_lost")
                continue
            sounds = self._link.sounds(patience.dead_s)
            self._link.mind_the_seat(sounds)
            if pongs or sounds:
                self._return()
            elif self._detached_at is None:
                self._detached_at = now
                self._enter("detached")
            else:
                self._while_detached(now - self._detached_at)
            if pongs and not sounds:
                self._while_unheard(now)
            elif sounds:
                self._watch_loss()

    def _return(self) -> None:
        """The visitor is back, if gone: ahead of everybody, even in a full house."""
        if self._detached_at is None:
            return
        self._detached_at = None
        if not self.has_slot:
            self.has_slot = True
            self._parts.slot_taken()
        self._enter("answered")

    def _while_detached(self, away_s: float) -> None:
        if self.has_slot and away_s >= self._patience.slot_s:
            self.has_slot = False
            self._parts.slot_free()
        if away_s >= self._patience.gone_s:
            self.end("connection_lost")

    def _while_unheard(self, now: float) -> None:
        """The page answers, but its sound does not come: ask for a new sound connection, now and then."""
        if self._link.silent_s() > self._patience.gone_s:
            self.end("connection_lost")
        elif not self._link.is_trying and now - self._reminded_at >= self._patience.dead_s:
            self._reminded_at = now
            self._send(protocol.Reconnect(self.id))

    def _watch_loss(self) -> None:
        loss = self._link.loss()
        if loss is not None:
            self.tell("sound", quality="poor" if self._link.quality.poor else "good", loss=loss)

    # ── The end ──────────────────────────────────────────────────────────────────────────────────────────────

    def _explained(self, ending: Ending) -> Ending:
        """With the cause that an admin should read, where the ending itself has none."""
        if ending.code or ending.cause != "connection_lost":
            return ending
        return Ending(
            ending.cause, self._reason(self._browser_code) or ("HIGH_LOSS" if self._link.quality.poor else "")
        )

    def _reason(self, reported: str) -> str:
        """What the browser told, unless more is known here."""
        if reported in ("CONNECT_TIMEOUT", "ICE_FAILED") and not self._link.up.is_set():
            return self._link.why_not() if self._link.why_not() == "NO_UDP" else reported
        return reported

    def _announce_end(self, ending: Ending) -> None:
        self._enter("ended")
        if ending.cause == "failed":
            self._send(protocol.Failure(ending.code, self.id))
        self.tell(
            "ended",
            cause=ending.cause,
            code=ending.code,
            reference=self.reference,
            seconds=round(self.seconds, 1),
            rating=(self._parts.rating() or None) if self._seat is not None else None,
        )
        self._send(protocol.Close(self.id))
        if self._socket is not None:
            self._socket.close(1000)

    # ── Small things ─────────────────────────────────────────────────────────────────────────────────────────

    def _enter(self, state: str) -> None:
        self.state = state
        self.history.append(state)

    def _send(self, message: protocol.Outgoing) -> None:
        if self._socket is not None:
            self._socket.send(message)

    def _ping(self) -> None:
        self._pinged_at = self._loop.time()
        self._last_ping = round(self._pinged_at, 3)
        self._send(protocol.Ping(self._last_ping))

    def _from_agent(self, info: Info) -> None:
        self.tell(info.kind, **(info.data if info.kind != "info" else {"body": info.data}))

    def _note(self, name: str, **data: Any) -> None:
        self._parts.record.event(name, self._seat.now_s() if self._seat is not None else -1.0, **data)

    async def _unless_over(self, work: Awaitable[Any], timeout_s: float) -> Any:
        """The result of `work`, unless the call ends first (_Over) or nothing comes in time (TimeoutError)."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task, self._over}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if self._over.done():
                raise _Over(self._over.result())
            if not task.done():
                raise TimeoutError
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


class _Over(Exception):
    """The call was ended while something else was waited for."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.cause)
        self.ending = ending


async def _outcome(work: Awaitable[Answerer]) -> Answerer | Exception:
    """The result or the error as a value, for work that is looked at later."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001  the caller looks at it
        return error


_HANDLERS: dict[type, Callable[[Session, Any], None]] = {
    protocol.Hello: Session._said_hello_again,
    protocol.Offer: Session._offered,
    protocol.Candidate: Session._ignored,
    protocol.HangUp: Session._hung_up,
    protocol.Pinged: Session._pinged,
    protocol.Ponged: Session._ponged,
    protocol.InfoSent: Session._said_info,
    protocol.KeyPressed: Session._pressed,
    protocol.Muted: Session._said_muted,
    protocol.Report: Session._reported,
}
