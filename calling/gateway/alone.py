"""One gateway serves a data folder and a database: a second one would end the first one's calls and count limits anew.

A lock on a file keeps the folder, an advisory lock of PostgreSQL keeps the database. Both go with the process
that holds them, however it ends. Until calls have owners of their own, nothing is recovered without.
"""

import asyncio
import fcntl
import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import connections

log = structlog.get_logger(__name__)

FILE = "gateway.lock"
KEY = int.from_bytes(b"pickup-1")  # of the advisory lock: each database has its own numbers
BEAT_S = 5.0  # so often the lock in the database is looked after
AGAIN_S = 1.0  # … and so often it is asked for
PATIENCE_S = 10.0  # what the server gets to notice that a gateway before this one was killed
# A machine that vanished holds its lock until the server's own packets stay unanswered: half a minute, not two hours.
NOTICED_SOON = ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3")


class Alone:
    """Holds both locks from `take` until the process ends."""

    def __init__(self, folder: Path, session: Callable[[], Any] | None = None) -> None:
        """`session` makes a connection of the database; None where that has no locks to give."""
        self._path = folder / FILE
        self._session = session
        self._file: int | None = None
        self._known = threading.Event()  # whether the database has been asked, or cannot be
        self._held = threading.Event()
        self._others = False  # somebody else holds the lock in the database
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.lost: Callable[[], None] = lambda: None  # from the keeper's thread: another gateway has the database now

    def take(self) -> str:
        """Why this process may be no gateway, in one line; empty when it may, and it keeps the locks then.

        A database that is away is no reason: its lock is asked for until it is there.
        """
        problem = self.take_folder()
        if problem:
            return problem
        if self._session is None:
            self._held.set()
            return ""
        self._thread = threading.Thread(target=self._keep, name="only gateway", daemon=True)
        self._thread.start()
        self._known.wait(PATIENCE_S)
        if self._others and not self._held.wait(PATIENCE_S):
            self.release()
            return "Another gateway uses the database. One gateway serves it: end the other one first."
        return ""

    def release(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(AGAIN_S)
        if self._file is not None:
            os.close(self._file)
            self._file = None
        self._held.clear()

    @property
    def is_held(self) -> bool:
        return self._held.is_set()

    def may_be(self) -> bool:
        """Whether nothing speaks against it: the locks are held, or this process is no gateway and never asked."""
        return self._file is None or self.is_held

    async def held(self) -> None:
        """Return when both locks are held."""
        while not self.is_held:  # noqa: ASYNC110  set by a thread, and waited for at a start only
            await asyncio.sleep(AGAIN_S / 4)

    # ── The folder ───────────────────────────────────────────────────────────────────────────────────────────

    def take_folder(self) -> str:
        """As `take`, of the folder alone."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            said = os.read(handle, 20).decode("ascii", "replace").strip()
            os.close(handle)
            holder = f" (process {said})" if said.isdigit() else ""
            return f"Another gateway{holder} uses the data folder {self._path.parent}. One gateway serves it."
        os.truncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        self._file = handle
        return ""

    # ── The database ─────────────────────────────────────────────────────────────────────────────────────────

    def _keep(self) -> None:
        """The thread: one connection of its own, which holds the lock for as long as it lives."""
        assert self._session is not None
        session = self._session()
        while not self._stopping.is_set():
            try:
                self._look(session)
            except Exception as error:  # noqa: BLE001  whatever it is: without this thread nobody looks any more
                if self._held.is_set():
                    log.error("the lock in the database is lost with its connection", error=type(error).__name__)
                self._held.clear()
                _close(session)
            self._known.set()
            self._stopping.wait(BEAT_S if self._held.is_set() else AGAIN_S)
        _close(session)

    def _look(self, session: Any) -> None:
        began = session.connection is None
        if began:
            self._held.clear()
        with session.cursor() as cursor:
            if began:
                for setting in NOTICED_SOON:
                    cursor.execute(f"SET {setting}")
            if self._held.is_set():
                cursor.execute("SELECT 1")
                return
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [KEY])
            if cursor.fetchone()[0]:
                self._others = False
                self._held.set()
            elif not self._others:
                self._others = True
                if self._known.is_set():
                    log.error("another gateway has taken the database; this one ends")
                    self.lost()


_here: Alone | None = None


def here() -> Alone:
    """The locks of this process, taken or not."""
    global _here
    if _here is None:
        postgres = connections["default"].vendor == "postgresql"  # SQLite lies in the folder
        session = partial(connections.create_connection, "default") if postgres else None
        _here = Alone(Path(settings.DATA_DIR), session)
    return _here


def install(other: Alone | None) -> None:
    """Let this process use other ones: for tests."""
    global _here
    _here = other


def _close(session: Any) -> None:
    try:
        session.close()
    except Exception:  # noqa: BLE001  it is given up either way
        session.connection = None
