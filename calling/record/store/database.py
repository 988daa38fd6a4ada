"""Whether the database is there, as those who use it for calls found it lately. Admissions ask before they try."""

import threading
import time

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from calling import faults

log = structlog.get_logger(__name__)

ABSENT = (OperationalError, InterfaceError)  # what a database that is away, or busy, makes of a statement
ASK_EVERY_S = 1.0  # while it is away


WRITE_WAIT_MS = 2000  # how long a probe waits for another program that writes


def takes_writes() -> bool:
    """Whether a write could begin now; nothing is written. Raises DatabaseError where the database is away.

    SQLite answers questions while another program holds its one lock, and PostgreSQL while it only follows another one:
    no call can be written down then.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SHOW transaction_read_only")
            return bool(cursor.fetchone()[0] == "off")
        if connection.in_atomic_block:  # holds the lock already
            return True
        cursor.execute("PRAGMA busy_timeout")
        usual_ms = int(cursor.fetchone()[0])
        cursor.execute(f"PRAGMA busy_timeout = {WRITE_WAIT_MS}")
        try:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        except OperationalError:
            return False
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual_ms}")
    return True


class Presence:
    """Away from the first who waited for it in vain, until a thread of its own has seen it answer.

    While it is away nobody is sent to try: one that hangs would hold whoever asks it for as long as they have patience.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._away_since: float | None = None
        self._seen = threading.Event()  # somebody else has seen it answer

    @property
    def is_away(self) -> bool:
        return self._away_since is not None

    def answered(self) -> None:
        with self._lock:
            since, self._away_since = self._away_since, None
            self._seen.set()
        if since is not None:
            log.info("the database is back", away_s=round(time.monotonic() - since, 1))

    def did_not_answer(self, why: str) -> None:
        with self._lock:
            if self._away_since is not None:
                return
            self._away_since = time.monotonic()
            self._seen = seen = threading.Event()
            threading.Thread(target=self._look_for_it, args=(seen,), name="database", daemon=True).start()
        log.error("the database is away: no calls are taken, and notes wait in the journal", why=why)

    def failed(self, error: Exception) -> None:
        """After an error of somebody who does not try again: without a connection it is away, else it was only busy."""
        if connection.connection is None:
            self.did_not_answer(type(error).__name__)

    def look(self, error: Exception) -> None:
        """After an error: is it away, or was it only busy? Looks with a fresh connection of this thread."""
        try:
            connection.close()
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            self.did_not_answer(type(error).__name__)
        else:
            self.answered()

    def _look_for_it(self, seen: threading.Event) -> None:
        """The thread. One that hangs holds it, and lets it go on when it answers."""
        while not seen.wait(ASK_EVERY_S):
            if faults.guarded("database", _is_there, False):
                self.answered()


def _is_there() -> bool:
    try:
        return takes_writes()
    except DatabaseError:
        return False
    finally:
        connection.close()


presence = Presence()
