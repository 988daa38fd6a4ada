"""The sessions alive in this process: who is admitted, whose task runs them, and how they all end.

A session's root task belongs here, never to a consumer: a consumer's task dies with its socket, a call does not.
"""

import asyncio
import contextvars
import os
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

import structlog
from django.conf import settings

from agents.engine.conversation import Answerer
from calling import faults
from calling.call import protocol, resume
from calling.call.link import Connection
from calling.call.parts import Patience, Socket
from calling.call.session import Session
from calling.gateway import alone, prewarm, wiring
from calling.gateway.place import Place
from calling.gateway.slots import Slots
from calling.gateway.strain import Strain, of_this_loop
from calling.lines import LineError
from calling.lines.webrtc.sdp import read_offer
from calling.record.store import admissions, notes, recovery, writer
from calling.record.store.admissions import CallSetup, Guest
from widgets.admission import limits
from widgets.admission.lines import Claim
from widgets.refusals import Refused

log = structlog.get_logger(__name__)

T = TypeVar("T")

DRAIN_S = 5.0  # what running calls get to end by themselves when the process has to go
FLUSH_S = 10.0  # what the database gets to take their notes then; the rest waits in the journal for the next start
FEW = os.cpu_count() or 1  # calls that are taken however busy the machine is: others may be at work on it
RECOVER_S = 10.0  # what a start waits for what a killed process left; then pages are served already, and no calls


class Live:
    """One object a process. Tests make their own, with answerers, connections and durations of their own."""

    def __init__(
        self,
        *,
        answerer: Callable[[CallSetup], Awaitable[Answerer]] = wiring.answerer,
        connection: Callable[[], Connection] = wiring.connection,
        patience: Patience | None = None,
        most: int | None = None,
    ) -> None:
        self.sessions: dict[str, Session] = {}
        self.patience = patience or Patience()
        self.slots = Slots(settings.MAX_CALLS if most is None else most)
        self.draining = False
        self.recovery: asyncio.Task[int] | None = None
        self._watching: asyncio.Task[None] | None = None
        self.strain: Strain | None = None  # measured in a gateway only
        self._answerer = answerer
        self._connection = connection
        self._tasks: set[asyncio.Task[Any]] = set()

    def check_room(self, claim: Claim | None = None) -> None:
        """Raises Refused while one more such call cannot start. For those who ask before the microphone opens."""
        if self.draining:
            raise Refused("SHUTTING_DOWN")
        if self.recovery is not None and not self.recovery.done():
            raise Refused("UNAVAILABLE", "an earlier process's calls are not in order yet")
        self.slots.check(claim)
        if self.strain is not None and self.strain.late and self.slots.taken >= FEW:
            raise Refused("FULL", f"busy: {self.strain.late}")

    async def admit(self, ticket: str, *, address: str, offer: str = "") -> Session:
        """A session for whoever holds this ticket; no line yet. Raises Refused; nothing is written then.

        An offer that comes with the ticket is looked at first: one that cannot be used does not cost the ticket.
        """
        greet = partial(admissions.greet, ticket)
        return await self._come_in(greet, address, offer)

    async def admit_app(self, token: str, call_sid: str, *, address: str, offer: str) -> Session:
        """The same for an app with its calling token."""
        greet = partial(admissions.greet_app, token, call_sid)
        return await self._come_in(greet, address, offer)

    async def _come_in(self, greet: Callable[..., Awaitable[Guest]], address: str, offer: str) -> Session:
        self.check_room()
        if offer:
            try:
                read_offer(offer)
            except LineError as error:
                raise Refused(error.code, error.detail) from None
        # What the store has begun it finishes: whoever asked may be gone by then, the session is there all the same.
        return await asyncio.shield(self._start(self._admit(greet, address), "an admission"))

    async def _admit(self, greet: Callable[..., Awaitable[Guest]], address: str) -> Session:
        lease = self.slots.lease(limits.visitor_hash(address))
        try:
            guest = await greet(address=address, check_room=self.check_room)
            session = self._begin(Place(guest, lease, self._start))
        except BaseException:
            lease.release()
            raise
        if self.draining:
            session.end("shutdown")
        return session

    async def resume(self, token: str, socket: Socket, *, last_event: int, move: bool) -> Session:
        """Attach a page to the call whose token it shows. Raises ProtocolError; nothing has changed then.

        No ticket, no consent, no question of room: whoever is back was here before everybody who waits.
        """
        known = resume.session_of(token)
        if not known:
            raise protocol.ProtocolError("RESUME_INVALID")
        session = self.sessions.get(known)
        if session is None:
            raise protocol.ProtocolError("SESSION_GONE")
        await session.come_back(token, socket, last_event, move=move)
        return session

    def of_app(self, session_id: str) -> Session:
        """The call of an app by its session's id, which is its secret. Raises ProtocolError."""
        session = self.sessions.get(session_id)
        if session is None or session.parts.pings or session.over.done():
            raise protocol.ProtocolError("SESSION_GONE")
        return session

    def measure_strain(self) -> None:
        """From now on calls are refused while the machine is too busy for them."""
        if self.strain is None:
            self.strain = of_this_loop()
            self._watching = asyncio.get_running_loop().create_task(self.strain.watch(), name="strain")

    async def drain(self, grace_s: float = DRAIN_S) -> None:
        """No new calls; running ones get `grace_s` to end by themselves. Returns when everything is kept."""
        self.draining = True
        for task in (self.recovery, self._watching):
            if task is not None:
                task.cancel()
        if self._tasks:
            log.info("waiting for calls to end", calls=len(self._tasks), grace_s=grace_s)
            await asyncio.wait(self._tasks, timeout=grace_s)
        for session in list(self.sessions.values()):
            session.end("shutdown")
        if not await self.quiet(FLUSH_S):
            log.warning("notes stay in the journal until the next start: the database did not take them in time")

    async def quiet(self, patience_s: float | None = None) -> bool:
        """Return when no call runs and everything about those that ran is written: True. False if that takes longer."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        return await notes.flush(patience_s)

    def _begin(self, place: Place) -> Session:
        guest = place.guest
        parts = place.parts(self._connection, self._answerer, self.patience)
        session = Session(secrets.token_urlsafe(16), guest.reference, guest.agent_name, parts)
        self.sessions[session.id] = session
        self._start(self._run(session, place), f"call {guest.reference}")
        return session

    async def _run(self, session: Session, place: Place) -> None:
        """The root task of one call."""
        try:
            await session.run()
        finally:
            del self.sessions[session.id]
            await place.leave(session)

    def _start(self, work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """A task of the house, in a fresh context: it must not hang on to what a socket brought along."""
        task = asyncio.get_running_loop().create_task(work, name=name, context=contextvars.Context())
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, Refused):
            faults.report("task", error, task=task.get_name())


_live: Live | None = None


def here() -> Live:
    """The calls of this process."""
    global _live
    if _live is None:
        _live = Live()
    return _live


def install(other: Live | None) -> None:
    """Let this process use another Live: for tests."""
    global _live
    _live = other


async def start() -> None:
    """Before the gateway opens: what a killed process left behind is put in order."""
    here().recovery = recovering = asyncio.get_running_loop().create_task(_recover(), name="recovery")
    await asyncio.wait({recovering}, timeout=RECOVER_S)
    prewarm.begin()
    here().measure_strain()


async def _recover() -> int:
    """Whatever is open is orphaned, but only if nobody else can have opened it."""
    try:
        return await recovery.recover(alone.here().held)
    except Exception as error:  # noqa: BLE001  what is open stays open; calls are taken all the same
        faults.report("recovery", error)
        return 0


async def drain() -> None:
    """Before the gateway ends: running calls say goodbye."""
    await here().drain()
    await asyncio.to_thread(writer.here().stop)
