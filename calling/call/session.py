"""One call, from the first hello to the end. It outlives its sockets and its sound. No Django.

    new → registered → ringing → answered → ended
                                 answered ⇄ detached → ended

Any state may go to ended. Up to the offer, which makes it ring, it has no line and is written down nowhere: a page that
opened its line is no call. Detached is a visitor of whom neither pong nor sound comes. What happens is told to the page
as numbered events, kept for a visitor who comes back with the resume token.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

import structlog

from agents.engine.conversation import Answerer
from agents.engine.line import Info, Left
from agents.engine.notes import Ending
from calling import faults
from calling.call import protocol
from calling.call.ending import conclude
from calling.call.link import Link
from calling.call.messages import Messages
from calling.call.notebook import Notebook
from calling.call.page import Page
from calling.call.parts import Parts, Seat, Socket
from calling.call.presence import Presence
from widgets.refusals import Refused

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Session:
    def __init__(self, id: str, reference: str, agent_name: str, parts: Parts) -> None:
        self.id = id
        self.reference = reference
        self.agent_name = agent_name
        self.state = "new"
        self.history: list[str] = ["new"]
        self.ending: Ending | None = None
        self.seconds = 0.0
        self.parts = parts
        self.notebook = Notebook(parts.record)
        self._loop = asyncio.get_running_loop()
        self.over: asyncio.Future[Ending] = self._loop.create_future()
        self._no_sound: asyncio.Future[str] = self._loop.create_future()  # the code of a first offer that failed
        self._coming_back = asyncio.Lock()
        self.seat: Seat | None = None  # from the answer on
        self.page = Page(id, pings=parts.pings)
        self.presence = Presence(self)
        self.messages = Messages(self)
        self.link = Link(
            parts.connection,
            answered=lambda sdp: self.page.send(protocol.Answer(self.id, sdp)),
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
        self.page.take(socket)
        self.presence.attached()
        if self.state == "new":
            self.enter("registered")
            self.tell("registered", session=self.id, reference=self.reference, agent=self.agent_name)
        else:
            self.page.replay(last_event)
        if self.state == "ended":
            self.page.close()
            return
        if self.parts.pings:
            self.presence.back()
        patience = self.parts.patience
        sound = self.link.sounds(patience.dead_s)
        seconds = None if self.seat is None else round(self.seat.now_s(), 1)
        token = self.page.tokens.issue(shown)
        socket.send(protocol.Attached(self.id, token, seconds, self.messages.muted, sound, patience.gone_s))
        self.page.ping()  # its answer proves that the token has arrived

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
        if self.over.done() or self.state == "ended":
            raise protocol.ProtocolError("SESSION_GONE")
        if not self.page.tokens.fits(token):
            raise protocol.ProtocolError("RESUME_INVALID")

    async def _is_held(self) -> bool:
        """Whether a page has this call: it answers when it is asked, and is heard, or has had no time to be."""
        patience = self.parts.patience
        fresh = self._loop.time() - self.page.attached_at <= patience.dead_s
        if self.page.socket is None or not (self.seat is None or fresh or self.link.sounds(patience.dead_s)):
            return False
        return await self.page.answers(patience.held_s)

    def detach(self, socket: Socket) -> None:
        """That socket is gone. The call goes on as long as sound comes."""
        self.page.lose(socket)

    def handle(self, message: protocol.Message) -> None:
        """One message of the visitor. Raises ProtocolError where it cannot be used."""
        self.messages.handle(message)

    def tell(self, name: str, **data: Any) -> None:
        """One numbered event for the page."""
        self.page.tell(name, data)

    def end(self, cause: str, code: str = "") -> None:
        """The call shall end. The first cause counts."""
        if not self.over.done():
            self.over.set_result(Ending(cause, code))

    # ── The life of the call ─────────────────────────────────────────────────────────────────────────────────

    async def run(self) -> Ending:
        """Live until the end and tell the page of it. Never raises but when cancelled."""
        watch = self._loop.create_task(self.presence.watch())
        # Without it nobody would notice that the visitor is gone.
        faults.watch(watch, "watch", lambda: self.end("failed", "HANDLER_ERROR"), call=self.reference)
        ending = Ending("failed", "HANDLER_ERROR")
        try:
            ending = await self._live()
        except asyncio.CancelledError:
            ending = Ending("shutdown")
            raise
        except Exception as error:  # noqa: BLE001  noted, and the call ends as it can
            faults.report("session", error, call=self.reference)
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
            await conclude(self, ending)
        return self.ending or ending

    async def _live(self) -> Ending:
        patience = self.parts.patience
        try:
            await self._unless_over(self.messages.offered.wait(), patience.offer_s)
            opened = await self._unless_over(_outcome(self.parts.place.open()), patience.open_s)
            if isinstance(opened, Exception):
                return self._not_opened(opened)
            self.notebook.begin()
            preparing = self._loop.create_task(_outcome(self.parts.answerer()))
            try:
                await self._unless_over(self._first_sound(), patience.connect_s)
                answerer = await self._unless_over(preparing, patience.connect_s)
            finally:
                preparing.cancel()
                await asyncio.gather(preparing, return_exceptions=True)
            if isinstance(answerer, Exception):
                log.error("agent could not be made ready", call=self.reference, error=type(answerer).__name__)
                return Ending("failed", "AGENT_FAILURE")
        except _Over as over:
            return over.ending
        except TimeoutError:
            return Ending("failed", self.link.why_not())
        return await self._talk(answerer)

    def _not_opened(self, error: Exception) -> Ending:
        if isinstance(error, Refused):
            return Ending("failed", error.code)
        faults.report("opening", error, call=self.reference)
        return Ending("failed", "HANDLER_ERROR")

    async def _first_sound(self) -> None:
        """Return when sound can flow. Raises _Over when the page's offer leads to none."""
        up = self._loop.create_task(self.link.up.wait())
        try:
            outcomes: set[asyncio.Future[Any]] = {up, self._no_sound}
            await asyncio.wait(outcomes, return_when=asyncio.FIRST_COMPLETED)
        finally:
            up.cancel()
            await asyncio.gather(up, return_exceptions=True)
        if not self.link.up.is_set():
            raise _Over(Ending("failed", self._no_sound.result()))

    def _sound_failed(self, code: str) -> None:
        """An offer led to no sound. The first one ends the call; a later one leaves it as it was."""
        if self.link.up.is_set():
            self.page.send(protocol.Failure(code, self.id))
        elif not self._no_sound.done():
            self._no_sound.set_result(code)

    async def _talk(self, answerer: Answerer) -> Ending:
        self.seat = seat = self.parts.seat()
        seat.outbound = self._from_agent
        self.messages.tell_state(seat)
        self.link.take(seat)
        self.notebook.answered()
        self.enter("answered")
        self.tell("answered")
        talk = self._loop.create_task(answerer.run(seat, self.notebook))
        try:
            await asyncio.wait({talk, self.over}, return_when=asyncio.FIRST_COMPLETED)
            if not talk.done():
                cause, patience = self.over.result().cause, self.parts.patience
                seat.report(Left(cause))
                hurries = cause == "shutdown"
                await asyncio.wait({talk}, timeout=patience.goodbye_s if hurries else patience.last_words_s)
        finally:
            self.seconds = seat.now_s()
            talk.cancel()
            outcome = (await asyncio.gather(talk, return_exceptions=True))[0]
        if isinstance(outcome, Exception):
            log.error("agent failed", call=self.reference, exc_info=outcome)
        if self.over.done():
            return self.over.result()
        return outcome if isinstance(outcome, Ending) else Ending("failed", "AGENT_FAILURE")

    # ── Small things ─────────────────────────────────────────────────────────────────────────────────────────

    def enter(self, state: str) -> None:
        self.state = state
        self.history.append(state)

    def note(self, name: str, **data: Any) -> None:
        self.notebook.event(name, self.seat.now_s() if self.seat is not None else -1.0, **data)

    def _from_agent(self, info: Info) -> None:
        self.tell(info.kind, **(info.data if info.kind != "info" else {"body": info.data}))

    async def _unless_over(self, work: Awaitable[Any], timeout_s: float) -> Any:
        """The result of `work`, unless the call ends first (_Over) or nothing comes in time (TimeoutError)."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task, self.over}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if self.over.done():
                raise _Over(self.over.result())
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


async def _outcome(work: Awaitable[T]) -> T | Exception:
    """The result or the error as a value, for work that is looked at later."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001  the caller looks at it
        return error
