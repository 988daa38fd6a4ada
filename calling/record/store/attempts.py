"""Database work that somebody waits for: on threads of its own, never behind notes, given up soon, tried again once."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from django.db import IntegrityError, close_old_connections, connection

from calling.record.store.database import ABSENT, presence
from widgets.refusals import Refused

T = TypeVar("T")

Check = Callable[[], None]  # raises Refused when nobody waits any more: asked last before a commit

PATIENCE_S = 5.0  # what a visitor waits for the database
# A commit may have been done, and only its answer lost: then the second try finds what the first one has written.
COMMITTED, USED_UP = "committed, perhaps", frozenset({"TICKET_SPENT", "CONSENT_INVALID"})
AT_ONCE = 4  # such attempts that use it side by side

_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="admission")


async def attempt(work: Callable[[Check], T], undo: Callable[[T], None], threads: ThreadPoolExecutor = _threads) -> T:
    """What `work(check)` returns. Raises Refused: UNAVAILABLE where the database does not do it in time.

    `work` may be done twice, and writes in one transaction. `undo` takes what came to be after nobody waited any more.
    """
    if presence.is_away:
        raise Refused("UNAVAILABLE", "the database is away")
    tried = _Attempt(work, undo)
    running = asyncio.get_running_loop().run_in_executor(threads, tried.run)
    await asyncio.wait({running}, timeout=PATIENCE_S)
    if running.done() or not tried.give_up():
        return await running
    running.add_done_callback(lambda late: late.cancelled() or late.exception())  # nobody asks for it any more
    if not tried.has_begun:  # which says nothing about the database
        raise Refused("UNAVAILABLE", "too many wait for their turn")
    presence.did_not_answer("too slow")
    raise Refused("UNAVAILABLE", "the database is too slow")


class _Attempt(Generic[T]):
    """Runs on a thread. Once it is given up it commits nothing, and what it has committed just then is undone."""

    def __init__(self, work: Callable[[Check], T], undo: Callable[[T], None]) -> None:
        self._work, self._undo = work, undo
        self._lock = threading.Lock()
        self._given_up = self._finished = False
        self.has_begun = False

    def run(self) -> T:
        self.has_begun = True
        close_old_connections()
        try:
            done = self._done()
            with self._lock:
                self._finished = not self._given_up
            if not self._finished:  # it was given up while it was committed
                self._undo(done)
        finally:
            connection.close()
        presence.answered()
        return done

    def _done(self) -> T:
        try:
            self.check()
            return self._work(self.check)
        except ABSENT as error:
            presence.look(error)
            if presence.is_away:
                raise Refused("UNAVAILABLE", type(error).__name__) from error
        try:  # it was only busy
            self.check()
            return self._work(self.check)
        except ABSENT as error:
            raise Refused("UNAVAILABLE", type(error).__name__) from error
        except IntegrityError as error:
            raise Refused("UNAVAILABLE", COMMITTED) from error
        except Refused as refused:
            if refused.code in USED_UP:
                raise Refused("UNAVAILABLE", COMMITTED) from refused
            raise

    def give_up(self) -> bool:
        """False when it is too late for that: it is done."""
        with self._lock:
            self._given_up = not self._finished
            return self._given_up

    def check(self) -> None:
        if self._given_up:
            raise Refused("UNAVAILABLE", "nobody waits any more")
