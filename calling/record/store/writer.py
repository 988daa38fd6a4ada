"""Notes go from the journal into the database, by one thread of the process, for as long as it takes.

The order of one conversation is kept. A database that is away is waited for without end. A note that only it refuses is
tried a few times, while the notes of other calls go on, and is then set aside.
"""

import threading
import time
import uuid
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

import structlog
from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, close_old_connections, connection

from calling import faults
from calling.record.store import rows
from calling.record.store.aside import Aside
from calling.record.store.database import presence
from calling.record.store.journal import Journal
from calling.record.store.segments import Note

log = structlog.get_logger(__name__)

BATCH = 500  # notes that are taken, and of one call written, at once
WINDOW = 2_000  # notes that were taken and are not written: more stay in the journal meanwhile
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0  # doubled from one to the other, between attempts
TRIES = 4  # of a note which the database refuses
BUSY_TRIES = 20  # of one for which it has no time, while it has for those of other calls: over a minute
LINGER_S = 2.0  # without work until the connection is closed
IDLE_S = 30.0
STOP_S = 5.0  # what a write that runs gets to finish


@dataclass(slots=True)
class _Call:
    """The notes of one conversation that are on their way."""

    notes: deque[Note] = field(default_factory=deque)
    singly: int = 0  # so many are written one by one: one of them was refused
    failures: int = 0
    ready_at: float = 0.0  # not tried again before
    others: int = 0  # how many writes there had been when its own first failed


class Writer:
    """One object a process."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.aside = Aside(journal.folder)
        self._calls: dict[str, _Call] = {}  # in the order in which they are served
        self._taken = self._writes = 0
        self._pause_s = 0.0
        self._starting = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, conversation: uuid.UUID, kind: str, data: dict[str, object], *, always: bool = False) -> None:
        """From the event loop: never waits, never raises."""
        self.journal.append(str(conversation), kind, data, always=always)
        if self._thread is None:
            self.start()

    def start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._stopping.clear()
                self._thread = threading.Thread(target=self._run, name="store", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """What is not written stays in the journal for the next start."""
        self._stopping.set()
        self.journal.wake()
        if self._thread is not None:
            self._thread.join(STOP_S)
            self._thread = None
        self.journal.stop()

    # ── The thread ───────────────────────────────────────────────────────────────────────────────────────────

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._step()
            except Exception as error:  # noqa: BLE001  without this thread nothing is written any more
                faults.report("writer", error)
                self._stopping.wait(LONGEST_PAUSE_S)
        connection.close()

    def _step(self) -> None:
        if self._taken < WINDOW:
            for note in self.journal.take(BATCH):
                self._calls.setdefault(note.conversation, _Call()).notes.append(note)
                self._taken += 1
        now = time.monotonic()
        for conversation, call in self._calls.items():
            if call.ready_at <= now:
                self._serve(conversation, call)
                return
        if not self._calls:
            if not self.journal.wait(LINGER_S):
                connection.close()  # an idle thread holds none
                self.journal.wait(IDLE_S)
        elif self._taken < WINDOW:
            self.journal.wait(min(call.ready_at for call in self._calls.values()) - now)
        else:
            self._stopping.wait(min(call.ready_at for call in self._calls.values()) - now)

    def _serve(self, conversation: str, call: _Call) -> None:
        """One attempt for one call; then it is the next one's turn."""
        del self._calls[conversation]
        notes = list(islice(call.notes, 1 if call.singly else BATCH))
        try:
            close_old_connections()
            rows.write(uuid.UUID(conversation), notes)
        except rows.Deleted:
            log.info("notes came after their conversation was deleted", notes=len(notes))
            rows.forget(uuid.UUID(conversation), notes)
            self._done(call, notes)
        except (DataError, IntegrityError) as error:
            self._failed(call, notes, error, TRIES)
        except (DatabaseError, InterfaceError) as error:
            presence.look(error)
            if presence.is_away:
                self._wait_for_it()
            else:
                self._failed(call, notes, error, BUSY_TRIES)
        except Exception as error:  # noqa: BLE001  whatever it is, it is this note's
            self._failed(call, notes, error, TRIES)
        else:
            presence.answered()
            self._writes += 1
            self._pause_s = 0.0
            self._done(call, notes)
        if call.notes:
            self._calls[conversation] = call

    def _wait_for_it(self) -> None:
        self._pause_s = min(LONGEST_PAUSE_S, self._pause_s * 2 or FIRST_PAUSE_S)
        self._stopping.wait(self._pause_s)

    def _failed(self, call: _Call, notes: Sequence[Note], error: Exception, tries: int) -> None:
        if not call.failures:
            call.others = self._writes
            call.singly = max(call.singly, len(notes))
        call.failures += 1
        call.ready_at = time.monotonic() + min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**call.failures)
        log.warning("notes could not be written; trying again", error=type(error).__name__, attempts=call.failures)
        if call.failures >= tries and len(notes) == 1 and (tries == TRIES or self._writes > call.others):
            self.aside.put(notes[0], error)
            self._done(call, notes)

    def _done(self, call: _Call, notes: Sequence[Note]) -> None:
        for _note in notes:
            call.notes.popleft()
        call.singly = max(0, call.singly - len(notes))
        call.failures, call.ready_at = 0, 0.0
        self._taken -= len(notes)
        self.journal.done(notes)


_here: Writer | None = None


def here() -> Writer:
    """The writer of this process."""
    global _here
    if _here is None:
        _here = Writer(Journal(settings.JOURNAL_DIR))
    return _here


def install(other: Writer | None) -> None:
    """Let this process use another one: for tests."""
    global _here
    _here = other
