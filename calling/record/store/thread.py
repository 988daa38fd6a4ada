"""The one thread on which live calls reach the database, in order."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import structlog
from django.db import IntegrityError, OperationalError, close_old_connections, connection

log = structlog.get_logger(__name__)

T = TypeVar("T")

LONGEST_QUEUE = 5_000  # notes that wait; beyond it new ones are dropped and counted. A call makes about one a second.
PAUSES_S = (0.1, 0.5, 2.0)  # between attempts at a database that is busy


class StoreThread:
    """Runs database work, one piece after the other, with a connection that is closed when nothing is left to do."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._lock = threading.Lock()
        self._waiting = 0
        self.dropped = 0

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        with self._lock:
            self._waiting += 1
        return self._executor.submit(self._run, work)

    def submit_if_room(self, work: Callable[[], None], what: str) -> None:
        if self._waiting >= LONGEST_QUEUE:
            self.dropped += 1
            log.error("a note was dropped: the database does not keep up", what=what, dropped=self.dropped)
            return
        self.submit(work).add_done_callback(lambda done: _look(done, what))

    def _run(self, work: Callable[[], T]) -> T:
        close_old_connections()
        try:
            return _retried(work)
        finally:
            with self._lock:
                self._waiting -= 1
                idle = not self._waiting
            if idle:  # many notes in a row share a connection; an idle thread holds none
                connection.close()


the_thread = StoreThread()


async def run(work: Callable[[], T]) -> T:
    """Do database work on the store's thread and wait for it."""
    return await asyncio.wrap_future(the_thread.submit(work))


async def flush() -> None:
    """Return when everything noted so far is written."""
    await run(lambda: None)


def _retried(work: Callable[[], T]) -> T:
    for pause_s in PAUSES_S:
        try:
            return work()
        except OperationalError as error:
            log.warning("the database is busy or away; trying again", error=type(error).__name__, after_s=pause_s)
            close_old_connections()
            time.sleep(pause_s)
    return work()


def _look(done: "Future[Any]", what: str) -> None:
    error = done.exception()
    if isinstance(error, IntegrityError):
        log.info("a note came after its conversation was deleted", what=what)
    elif error is not None:
        log.error("a note could not be written", what=what, exc_info=error)
