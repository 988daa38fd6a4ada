"""One call, from the first hello to the end. It outlives its sockets; calling/live.py runs it. No Django.

    new → registered → ringing → answered → ended
                                 answered ⇄ detached → ended

Any state may go to ended. What happens is told to the page as numbered events, kept for a visitor who comes back.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog

from agents.conversation import Answerer
from agents.line import Dtmf, Info, Left, Line, LineEvent, PageInfo
from agents.notes import Ending, Notes
from calling import protocol
from calling.lines import LineError

log = structlog.get_logger(__name__)

EVENTS_KEPT = 500


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call waits for what. A dead visitor's slot is free after dead_s + slot_s and a tick: under 6 s."""

    first_message_s: float = 10.0  # from an accepted socket to its hello or offer
    offer_s: float = 60.0  # from there to the offer: the browser is asking for the microphone
    connect_s: float = 30.0  # from the offer to sound
    ping_s: float = 2.0
    dead_s: float = 3.0  # neither pong nor sound for so long: the line is dead
    slot_s: float = 2.5  # detached for so long: others may have the slot
    gone_s: float = 30.0  # detached for so long: the call is over
    goodbye_s: float = 3.0  # what an agent has to write its last turn down
    hang_up_s: float = 5.0  # what the sound connection has to close
    tick_s: float = 0.2


class Socket(Protocol):
    """A visitor's socket as a session sees it: takes messages at once or gives up by itself."""

    def send(self, message: protocol.Outgoing) -> None: ...

    def close(self, code: int) -> None: ...


class Connection(Protocol):
    """The sound connection (calling/lines/webrtc/connection.py)."""

    async def answer(self, offer_sdp: str) -> str: ...

    async def connected(self) -> None: ...

    def start(self, seat: Any) -> None: ...

    def silent_s(self) -> float: ...

    async def close(self) -> None: ...


class Seat(Line, Protocol):
    """The permanent line that the agent talks to (calling/seat.py)."""

    outbound: Callable[[Info], None]

    def attach(self, line: Any) -> None: ...

    def detach(self) -> None: ...

    def report(self, event: LineEvent) -> None: ...


class Record(Notes, Protocol):
    """Where a call is written down (calling/store.py). Nothing here waits."""

    def answered(self) -> None: ...


@dataclass(slots=True)
class Parts:
    """What a session is put together from. Each is made when its time comes."""

    connection: Callable[[], Connection]
    answerer: Callable[[], Awaitable[Answerer]]
    seat: Callable[[], Seat]
    record: Record
    slot_free: Callable[[], None] = lambda: None  # the visitor is gone: others may have the slot
    slot_taken: Callable[[], None] = lambda: None  # the visitor is back
    patience: Patience = field(default_factory=Patience)


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
        self._events: deque[protocol.Event] = deque(maxlen=EVENTS_KEPT)
        self._event_number = 0
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[Ending] = self._loop.create_future()
        self._offer: asyncio.Future[str] = self._loop.create_future()
        self._socket: Socket | None = None
        self._ponged_at = self._pinged_at = self._loop.time()
        self._detached_at: float | None = None
        self.has_slot = True
        self._connection: Connection | None = None
        self._seat: Seat | None = None

    # ── What sockets do ──────────────────────────────────────────────────────────────────────────────────────

    def attach(self, socket: Socket, last_event: int = 0) -> None:
        """A visitor's socket is here: tell it what it missed. An older one makes room."""
        if self._socket is not None and self._socket is not socket:
            self._socket.close(1000)
        self._socket = socket
        self._ponged_at = self._loop.time()
        if self.state == "new":
            self._enter("registered")
            self.tell("registered", session=self.id, reference=self.reference, agent=self.agent_name)
        else:
            for event in [event for event in self._events if event.n > last_event]:
                socket.send(event)
            if self.state == "ended":
                socket.send(protocol.Close(self.id))
                socket.close(1000)

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
        self._event_number += 1
        event = protocol.Event(self._event_number, name, data)
        self._events.append(event)
        self._send(event)

    def end(self, cause: str, code: str = "") -> None:
        """The call shall end. The first cause counts."""
        if not self._over.done():
            self._over.set_result(Ending(cause, code))

    # ── Messages, one function each ──────────────────────────────────────────────────────────────────────────

    def _offered(self, message: protocol.Offer) -> None:
        if self._offer.done() or self._over.done():
            raise protocol.ProtocolError("CALL_EXISTS")
        self._offer.set_result(message.sdp)

    def _hung_up(self, message: protocol.HangUp) -> None:
        self.end("visitor_ended")

    def _pinged(self, message: protocol.Pinged) -> None:
        self._send(protocol.Pong())

    def _ponged(self, message: protocol.Ponged) -> None:
        self._ponged_at = self._loop.time()

    def _said_info(self, message: protocol.InfoSent) -> None:
        if self._seat is not None:
            self._seat.report(PageInfo(message.text, message.data))

    def _pressed(self, message: protocol.KeyPressed) -> None:
        if self._seat is not None:
            self._seat.report(Dtmf(message.digit))

    def _muted(self, message: protocol.Muted) -> None:
        self._note("muted" if message.muted else "unmuted")

    def _reported(self, message: protocol.Report) -> None:
        self._note("browser_failed", code=message.code)

    def _ignored(self, message: protocol.Message) -> None:
        """Checked for shape, and of no use here."""

    def _said_hello_again(self, message: protocol.Hello) -> None:
        raise protocol.ProtocolError("CALL_EXISTS")

    # ── The life of the call ─────────────────────────────────────────────────────────────────────────────────

    async def run(self) -> Ending:
        """Live until the end and tell the page of it. Never raises but when cancelled."""
        watch = self._loop.create_task(self._watch())
        try:
            self.ending = await self._live()
        except asyncio.CancelledError:
            self.ending = Ending("shutdown")
            raise
        except Exception:
            log.exception("session failed", call=self.reference)
            self.ending = Ending("failed", "HANDLER_ERROR")
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
            self._announce_end(self.ending or Ending("failed", "HANDLER_ERROR"))
            await self._put_down()
        return self.ending

    async def _live(self) -> Ending:
        try:
            sdp = await self._unless_over(self._offer, self._patience.offer_s)
            self._enter("ringing")
            self.tell("ringing")
            preparing = self._loop.create_task(_outcome(self._parts.answerer()))
            try:
                await self._unless_over(self._connect(sdp), self._patience.connect_s)
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
            return Ending("failed", "CONNECT_TIMEOUT")
        except LineError as error:
            return Ending("failed", error.code)
        return await self._talk(answerer)

    async def _connect(self, sdp: str) -> None:
        self._connection = self._parts.connection()
        self._send(protocol.Answer(self.id, await self._connection.answer(sdp)))
        await self._connection.connected()

    async def _talk(self, answerer: Answerer) -> Ending:
        assert self._connection is not None
        self._seat = seat = self._parts.seat()
        seat.outbound = self._from_agent
        self._connection.start(seat)
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
        while True:
            await asyncio.sleep(self._patience.tick_s)
            now = self._loop.time()
            if self._socket is not None and now - self._pinged_at >= self._patience.ping_s:
                self._pinged_at = now
                self._send(protocol.Ping(round(now, 3)))
            silent_s = self._connection.silent_s() if self._connection and self._seat else float("inf")
            pongs = self._socket is not None and now - self._ponged_at <= self._patience.dead_s
            sounds = silent_s <= self._patience.dead_s
            if self._seat is None:  # not answered yet: nothing to come back to
                if not pongs and now - self._ponged_at > self._patience.dead_s:
                    self.end("connection_lost")
            elif self._detached_at is not None:
                self._while_detached(sounds, now)
            elif not pongs and not sounds:
                self._detached_at = now
                self._enter("detached")
                self._seat.detach()  # which tells the agent of the gap
            elif silent_s > self._patience.gone_s:  # a page that answers, with a microphone that never comes back
                self.end("connection_lost")

    def _while_detached(self, sounds: bool, now: float) -> None:
        assert self._seat is not None and self._detached_at is not None
        if sounds:
            self._detached_at = None
            if not self.has_slot:
                self.has_slot = True
                self._parts.slot_taken()
            self._seat.attach(self._connection)
            self._enter("answered")
            return
        away_s = now - self._detached_at
        if self.has_slot and away_s >= self._patience.slot_s:
            self.has_slot = False
            self._parts.slot_free()
        if away_s >= self._patience.gone_s:
            self.end("connection_lost")

    # ── The end ──────────────────────────────────────────────────────────────────────────────────────────────

    def _announce_end(self, ending: Ending) -> None:
        self.ending = ending
        self._enter("ended")
        if ending.cause == "failed":
            self._send(protocol.Failure(ending.code, self.id))
        self.tell(
            "ended", cause=ending.cause, code=ending.code, reference=self.reference, seconds=round(self.seconds, 1)
        )
        self._send(protocol.Close(self.id))
        if self._socket is not None:
            self._socket.close(1000)

    async def _put_down(self) -> None:
        if not self._offer.done():
            self._offer.cancel()
        if self._seat is not None:
            self._seat.detach()
        if self._connection is not None:
            try:
                await asyncio.wait_for(self._connection.close(), self._patience.hang_up_s)
            except TimeoutError:
                log.warning("sound connection did not close in time", call=self.reference)
            except Exception:
                log.exception("sound connection failed to close", call=self.reference)

    # ── Small things ─────────────────────────────────────────────────────────────────────────────────────────

    def _enter(self, state: str) -> None:
        self.state = state
        self.history.append(state)

    def _send(self, message: protocol.Outgoing) -> None:
        if self._socket is not None:
            self._socket.send(message)

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
    protocol.Muted: Session._muted,
    protocol.Report: Session._reported,
}
