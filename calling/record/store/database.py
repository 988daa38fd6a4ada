"""Whether the database is there, as those who use it for calls found it lately. Admissions ask before they try."""

import threading
import time

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection

log = structlog.get_logger(__name__)

ABSENT = (OperationalError, InterfaceError)  # what a database that is away, or busy, makes of a statement
ASK_EVERY_S = 1.0  # while it is away, one admission so often finds out whether it is back; the others are refused


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
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._away_since: float | None = None
        self._asked_at = 0.0

    @property
    def is_away(self) -> bool:
        return self._away_since is not None

    def may_be_asked(self) -> bool:
        """Whether trying makes sense: it is there, or nobody has looked for a while."""
        with self._lock:
            now = time.monotonic()
            if self._away_since is not None and now - self._asked_at < ASK_EVERY_S:
                return False
            self._asked_at = now
            return True

    def answered(self) -> None:
        with self._lock:
            since, self._away_since = self._away_since, None
        if since is not None:
            log.info("the database is back", away_s=round(time.monotonic() - since, 1))

    def did_not_answer(self, why: str) -> None:
        with self._lock:
            was_away = self._away_since is not None
            self._asked_at = time.monotonic()
            if not was_away:
                self._away_since = self._asked_at
        if not was_away:
            log.error("the database is away: no calls are taken, and notes wait in the journal", why=why)

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


presence = Presence()
