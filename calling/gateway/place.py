"""What one call has of this process: a line, rows that say that it is, and its sound on the disk.

All of it comes with the offer and is let go here, in one place, whatever became of the call.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from agents.engine.conversation import Answerer
from agents.engine.notes import Ending
from calling import faults
from calling.call.link import Connection
from calling.call.parts import Parts, Patience
from calling.call.seat import Seat
from calling.call.session import Session
from calling.gateway.chat import here
from calling.gateway.slots import Lease
from calling.lines.webrtc.opus import encode_clip
from calling.record.recording import SpoolRecorder
from calling.record.store import admissions, notes, short_calls
from calling.record.store.admissions import CallSetup, Guest
from widgets.admission import credentials
from widgets.refusals import Refused

log = structlog.get_logger(__name__)

RECORDED_S = 10.0  # what the disk has to take the end of a recording; the worker finds what is there

Start = Callable[[Coroutine[Any, Any, None], str], "asyncio.Task[None]"]


class Place:
    def __init__(self, guest: Guest, lease: Lease, start: Start) -> None:
        """`start` runs work as a task of the house: what the database has begun it finishes."""
        self.guest = guest
        self.setup: CallSetup | None = None  # from when the call is written down
        self._lease = lease
        self._start = start
        self._opening: asyncio.Task[None] | None = None
        self._record = notes.Record(guest.conversation)
        self._recorder: SpoolRecorder | None = None

    def parts(
        self,
        connection: Callable[[], Connection],
        answerer: Callable[[CallSetup], Awaitable[Answerer]],
        patience: Patience,
    ) -> Parts:
        return Parts(
            connection=connection,
            answerer=lambda: answerer(self._opened),
            seat=self._seat,
            record=self._record,
            place=self,
            rating=self._rating,
            patience=patience,
            pings=not self.guest.is_app,
        )

    # ── A line ───────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def holds_line(self) -> bool:
        return self._lease.holds_line

    def take_line(self) -> None:
        self._lease.take(self.guest.claim)

    def rest(self) -> None:
        self._lease.rest()

    def resume(self) -> bool:
        return self._lease.resume()

    # ── Rows, and sound on the disk ──────────────────────────────────────────────────────────────────────────

    async def open(self) -> None:
        if self._opening is None:
            self._opening = self._start(self._open(), f"opening of {self.guest.reference}")
        await asyncio.shield(self._opening)

    async def _open(self) -> None:
        self.setup = setup = await admissions.open_conversation(self.guest)
        self._record.recorded = setup.record
        if setup.aloud:
            here.here().listen()  # sockets of the chat hear of each turn
            self._record.go_on(setup.aloud)
        log.info("call opened", call=setup.reference, environment=setup.environment, recorded=setup.record)

    @property
    def _opened(self) -> CallSetup:
        assert self.setup is not None, "nobody answers a call that is not written down"
        return self.setup

    def _seat(self) -> Seat:
        if self._opened.record:
            self._recorder = SpoolRecorder(self.guest.conversation)
        return Seat(encode=encode_clip, recorder=self._recorder)

    def _rating(self) -> str:
        return credentials.make_rating(str(self.guest.conversation)) if self._opened.rating else ""

    # ── The end ──────────────────────────────────────────────────────────────────────────────────────────────

    async def leave(self, session: Session) -> None:
        """The call is over: everything goes back. Never raises but when cancelled."""
        self._lease.release()
        ending = session.ending or Ending("failed", "HANDLER_ERROR")
        if self._opening is not None:
            await asyncio.wait({self._opening})
            await self._end_recording()
            if (
                self.guest.chat is None
                and session.seat is None
                and (ending.cause == "visitor_ended" or session.messages.browser_code)
            ):
                await self._never_answered()
            self._close(ending, session.seconds)
        elif self.guest.chat is None and ending.cause == "failed" and session.messages.browser_code:
            await self._never_began(ending.code)

    async def _end_recording(self) -> None:
        call, recorder = self.guest.reference, self._recorder
        if recorder is None:
            return
        try:
            finished = asyncio.wrap_future(recorder.finish())
            await asyncio.wait_for(asyncio.shield(finished), RECORDED_S)
        except Exception as error:  # noqa: BLE001  noted; the worker finds what is on the disk
            faults.report("recording", error, call=call)
        if recorder.dropped:
            log.warning("a recording has holes", call=call, frames=recorder.dropped)

    def _close(self, ending: Ending, seconds: float) -> None:
        """Even what was not opened: that may have been told wrongly, or too late."""
        call, conversation, chat = self.guest.reference, self.guest.conversation, self.guest.chat
        if chat is None:
            faults.guarded("record", lambda: notes.close(conversation, ending), None, call=call)
        else:
            faults.guarded("record", lambda: notes.hang_up(conversation, chat, ending, seconds), None, call=call)
        log.info("call ended", call=call, cause=ending.cause, code=ending.code, seconds=round(seconds))

    async def _never_answered(self) -> None:
        """Its page ended it before anybody answered: a few of these are kept; notes of the others find no row."""
        if self.setup is not None:
            await self._unhurried(short_calls.keep_or_forget(self.guest, self.setup.widget_id))

    async def _never_began(self, code: str) -> None:
        await self._unhurried(admissions.never_began(self.guest, code))

    async def _unhurried(self, work: Awaitable[None]) -> None:
        """Work that nobody waits for. Never raises but when cancelled."""
        try:
            await work
        except Refused as refused:
            log.info("a call that never began is not kept", code=refused.code)
        except Exception as error:  # noqa: BLE001  noted; nobody waits for it
            faults.report("record", error, call=self.guest.reference)
