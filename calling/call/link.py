"""The sound connections of one call, one after the other: a newer offer of the page replaces the one before. No Django.

The agent's seat stays. While no sound comes nobody sits behind it, so the agent's speech stands still, and goes on
where the visitor last heard it.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import structlog

from calling import faults
from calling.call.quality import Quality
from calling.lines import LineError

log = structlog.get_logger(__name__)


class Connection(Protocol):
    """The sound connection (calling/lines/webrtc/connection.py)."""

    async def answer(self, offer_sdp: str) -> str: ...

    async def connected(self) -> None: ...

    def start(self, seat: Any) -> None: ...

    def silent_s(self) -> float: ...

    @property
    def is_over(self) -> bool: ...

    @property
    def was_reached(self) -> bool: ...

    @property
    def stats(self) -> dict[str, Any]: ...

    async def close(self) -> None: ...


class ReplaceableSeat(Protocol):
    def attach(self, line: Any) -> None: ...

    def detach(self, line: Any = None, unheard_s: float = 0.0) -> None: ...


class Link:
    """What a session knows of sound: is there any, and if not, is some under way?"""

    def __init__(
        self,
        make: Callable[[], Connection],
        *,
        answered: Callable[[str], None],
        failed: Callable[[str], None],
        connect_s: float,
        close_s: float,
        call: str,
    ) -> None:
        """`answered(sdp)` sends an answer to the page; `failed(code)` tells that an offer led to no sound."""
        self._make = make
        self._answered, self._failed = answered, failed
        self._connect_s, self._close_s, self._call = connect_s, close_s, call
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._attempt: asyncio.Task[None] | None = None
        self._tried: Connection | None = None  # the latest
        self._current: Connection | None = None
        self._seat: ReplaceableSeat | None = None
        self._heard_at = self._loop.time()
        self._closed = False
        self.up = asyncio.Event()  # sound has been there at least once
        self.quality = Quality()

    # ── Offers ───────────────────────────────────────────────────────────────────────────────────────────────

    def offer(self, sdp: str) -> None:
        """Make a connection of this. One that is being made is put aside; one that works stays until this one does."""
        if self._closed:
            return
        if self._attempt is not None:
            self._attempt.cancel()
        self._attempt = self._start(self._try(sdp))
        faults.watch(self._attempt, "link", lambda: self._failed("HANDLER_ERROR"), call=self._call)

    @property
    def is_trying(self) -> bool:
        return self._attempt is not None and not self._attempt.done()

    def why_not(self) -> str:
        """The code for a connection that does not come up."""
        return "CONNECT_TIMEOUT" if self._tried is None or self._tried.was_reached else "NO_UDP"

    async def _try(self, sdp: str) -> None:
        connection, code = None, ""
        try:
            connection = self._tried = self._make()
            async with asyncio.timeout(self._connect_s):
                self._answered(await connection.answer(sdp))
                await connection.connected()
            self._use(connection)
        except LineError as error:
            code = error.code
        except TimeoutError:
            code = self.why_not()
        except Exception as error:  # noqa: BLE001  noted, and the page is told
            faults.report("connection", error, call=self._call)
            code = "HANDLER_ERROR"
        finally:
            if connection is not None and connection is not self._current:
                await self._hang_up(connection)
        if code:
            self._failed(code)

    def _use(self, connection: Connection) -> None:
        old = self._current
        if self._seat is not None:
            if old is not None:
                self._seat.detach(old, self.silent_s())
            connection.start(self._seat)
        self._current = connection
        self._heard_at = self._loop.time()
        self.up.set()
        if old is not None:
            self._start(self._hang_up(old))

    # ── Sound ────────────────────────────────────────────────────────────────────────────────────────────────

    def take(self, seat: ReplaceableSeat) -> None:
        """The agent's seat is here: sound flows from now on."""
        assert self._current is not None
        self._current.start(seat)
        self._seat = seat

    def silent_s(self) -> float:
        """Seconds since the visitor was last heard, whatever connection it was by."""
        now = self._loop.time()
        if self._current is not None and not self._current.is_over:
            self._heard_at = max(self._heard_at, now - self._current.silent_s())
        return now - self._heard_at

    def sounds(self, patience_s: float) -> bool:
        current = self._current
        return current is not None and not current.is_over and self.silent_s() <= patience_s

    def mind_the_seat(self, sounds: bool) -> None:
        """Somebody is behind the seat just as long as sound comes."""
        if self._seat is None:
            return
        if sounds:
            self._seat.attach(self._current)
        else:
            self._seat.detach(None, self.silent_s())

    def loss(self) -> float | None:
        """The share of sound that is lost, in percent, where it has turned poor or good again."""
        return self.quality.look(self._current.stats, self._loop.time()) if self._current is not None else None

    # ── The end ──────────────────────────────────────────────────────────────────────────────────────────────

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._attempt is not None:
            self._attempt.cancel()
        if self._seat is not None:
            faults.guarded("seat", self._seat.detach, None, call=self._call)
        if self._current is not None:
            await self._hang_up(self._current)
        if self._tasks:
            _done, late = await asyncio.wait(self._tasks, timeout=2 * self._close_s)
            if late:
                faults.report("link", None, call=self._call, late=len(late))

    async def _hang_up(self, connection: Connection) -> None:
        try:
            if connection.was_reached:
                self.quality.closed(connection.stats)
        except Exception as error:  # noqa: BLE001  what is not counted is closed all the same
            faults.report("quality", error, call=self._call)
        try:
            async with asyncio.timeout(self._close_s):
                await connection.close()
        except TimeoutError:
            log.warning("sound connection did not close in time", call=self._call)
        except Exception as error:  # noqa: BLE001  noted; nobody waits for it
            faults.report("connection", error, call=self._call)

    def _start(self, work: Any) -> "asyncio.Task[None]":
        """Kept until it is done."""
        task: asyncio.Task[None] = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
