"""Notes on their way to the database: a journal that outlives a killed process. No Django.

What is noted is appended to the newest of a few files by a thread of its own, many notes with one fsync. Whoever writes
the notes into the database takes them from here, oldest first, and says which are done; a file is deleted when all of
it and of those before it is. What a killed process left is taken over at the next start, from its first note on: notes
come twice then, never in another order, and writing them again must be harmless.

While the disk takes nothing, notes are held in memory, up to a bound; beyond it new ones are dropped, and counted.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from calling import faults
from calling.record.store.disk import Disk
from calling.record.store.segments import FileSegment, HeldSegment, Note, Segment, line_of
from calling.record.store.waiters import Waiters

log = structlog.get_logger(__name__)

SEGMENT_BYTES = 4 * 1024 * 1024  # then the next file is begun …
SEGMENT_S = 60.0  # … or after so long: what is in the database already comes again at most this long
MEMORY_BYTES = 16 * 1024 * 1024  # of notes that are on no disk: some 50,000
TIDY_S = 5.0  # a file whose notes are all done is closed and deleted after so long
STOP_S = 5.0  # what the thread gets to write down the last notes
SHOWN_S = 0.1  # what a page waits at most for notes to be in the file


class Journal:
    """One object a process and folder."""

    def __init__(self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES, memory_bytes: int = MEMORY_BYTES) -> None:
        self.folder = folder
        self.waiting = 0  # notes that are not done
        self.dropped = 0  # notes that neither disk nor memory had room for
        self.held = 0  # notes that were in memory only
        self.damaged = 0  # notes in a file that could not be read
        self._segment_bytes, self._memory_bytes = segment_bytes, memory_bytes
        self._changed = threading.Condition()  # guards what follows; nobody waits for a disk while holding it
        self._incoming: list[bytes] = []
        self._incoming_bytes = 0
        self._noted = self._written = 0
        self._slow = False  # somebody waited in vain for a note to be written
        self._shown = Waiters()  # for so many to be written
        self._all_done = Waiters()  # for none to wait: counted downwards
        self._segments: deque[Segment] = deque()  # oldest first
        self._active: Segment | None = None  # the one that is added to: the last one, if any
        self._stopping = False
        self._thread: threading.Thread | None = None
        # The thread's own
        self._disk = Disk(folder)
        self._began_at = 0.0

    @property
    def problem(self) -> str:
        """Why the disk took nothing when it was last tried."""
        return self._disk.problem

    # ── Noting: from the event loop, so nothing waits ────────────────────────────────────────────────────────

    def append(self, conversation: str, kind: str, data: dict[str, Any], *, always: bool = False) -> None:
        """Note something; never raises. `always`: even where there is no room, for what comes once a call."""
        try:
            line = line_of(conversation, kind, data)
        except (ValueError, TypeError, RecursionError) as error:
            self._drop(kind, f"it cannot be written as JSON: {error}")
            return
        with self._changed:
            room = always or self._memory() + len(line) <= self._memory_bytes
            if room:
                self._incoming.append(line)
                self._incoming_bytes += len(line)
                self._noted += 1
                self.waiting += 1
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
                    self._thread.start()
                self._changed.notify_all()
        if not room:
            self._drop(kind, "neither disk nor memory has room for it")

    async def shown(self, patience_s: float = SHOWN_S) -> None:
        """Return when everything noted so far would outlive this process, or when that takes too long.

        For whoever is about to tell a visitor of it: nothing is told that a crash could still undo.
        """
        if self._written == self._noted or self._slow:
            return
        with self._changed:
            written = self._shown.add(self._noted)
            self._shown.reached(self._written)
        await asyncio.wait({written}, timeout=patience_s)
        self._slow = not written.done()

    async def all_done(self, patience_s: float | None = None) -> bool:
        """Return when nothing waits any more; False when that takes too long."""
        with self._changed:
            done = self._all_done.add(0)
            self._all_done.reached(-self.waiting)
        await asyncio.wait({done}, timeout=patience_s)
        return done.done()

    # ── Taking: for the one thread that writes notes into the database ───────────────────────────────────────

    def take(self, most: int) -> list[Note]:
        """The oldest notes that were not taken yet."""
        notes: list[Note] = []
        with self._changed:
            unread = [segment for segment in self._segments if segment.has_more()]
        for segment in unread:
            try:
                found = segment.read(most - len(notes))
            except OSError as error:
                # It stays for the next start, as do those behind it; they are written all the same.
                segment.unreadable = True
                log.error("a journal cannot be read", notes=segment.left, error=error.strerror)
                continue
            lost = found.count(None)
            if lost:
                self._lose(segment, lost)
            notes += [note for note in found if note is not None]
            if len(notes) == most:
                break
        return notes

    def wait(self, timeout_s: float) -> bool:
        """Return when there may be something to take: True; or after so long."""
        with self._changed:
            return any(segment.has_more() for segment in self._segments) or self._changed.wait(timeout_s)

    def wake(self) -> None:
        """Let whoever waits look again."""
        with self._changed:
            self._changed.notify_all()

    def done(self, notes: Sequence[Note]) -> None:
        """These are in the database, or never will be."""
        with self._changed:
            for note in notes:
                note.segment.left -= 1
            self.waiting -= len(notes)
            self._all_done.reached(-self.waiting)
        self._tidy()

    def take_over(self) -> int:
        """What killed processes left behind comes before everything of our own. Returns how many notes it is."""
        with self._changed:
            known = {segment.path for segment in self._segments if isinstance(segment, FileSegment)}
        found: list[Segment] = []
        for path in self._disk.others():
            if path in known:
                continue
            try:
                segment = FileSegment.left_behind(path)
            except OSError as error:
                log.error("a journal that was left behind cannot be read", file=path.name, error=error.strerror)
                continue
            if segment is not None:
                found.append(segment)
        notes = sum(segment.left for segment in found)
        with self._changed:
            self._segments.extendleft(reversed(found))
            self.waiting += notes
            self._changed.notify_all()
        self._tidy()
        return notes

    def stop(self) -> None:
        """Write down what came in, and end the thread. What is not done stays in its files for the next start."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(STOP_S)
        with self._changed:
            self._stopping, self._thread = False, None

    # ── The thread ───────────────────────────────────────────────────────────────────────────────────────────

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._incoming and not self._stopping:
                    self._changed.wait(TIDY_S)
                lines, self._incoming = self._incoming, []
                stopping = self._stopping and not lines
            try:
                if lines:
                    self._keep(lines)
                self._rest(stopping)
            except Exception as error:  # noqa: BLE001  whatever it was: without this thread nothing is noted any more
                faults.report("journal", error)
            if stopping:
                return

    def _keep(self, lines: list[bytes]) -> None:
        """Into the file; into memory where there is none."""
        whole = b"".join(lines)
        file = self._file()
        if file is not None:
            try:
                file.write(whole)
            except OSError as error:
                self._failed(error)
                file = None
        if file is None:
            self._hold(lines)
        with self._changed:
            if file is not None:
                file.size += len(whole)
                file.left += len(lines)
            self._incoming_bytes -= len(whole)
            self._written += len(lines)
            self._slow = False
            self._shown.reached(self._written)
            self._changed.notify_all()
        if file is not None:
            try:
                file.sync()
            except OSError as error:  # it can be read all the same; what comes next goes elsewhere
                self._failed(error)
            else:
                self._disk.worked()

    def _hold(self, lines: list[bytes]) -> None:
        if not isinstance(self._active, HeldSegment):
            self._activate(HeldSegment())
        assert isinstance(self._active, HeldSegment)
        with self._changed:
            self.held += len(lines)
            self._active.left += len(lines)
            self._active.add(lines)

    def _file(self) -> FileSegment | None:
        """The file to add to; None where there is none to be had."""
        now = time.monotonic()
        fresh = now - self._began_at < SEGMENT_S
        if isinstance(self._active, FileSegment) and self._active.size < self._segment_bytes and fresh:
            return self._active
        file = self._disk.new()
        if file is None:
            self._let_go()
        else:
            self._activate(file)
        return file

    def _activate(self, segment: Segment | None) -> None:
        with self._changed:
            if self._active is not None:
                self._active.closed = True
            self._active = segment
            if segment is not None:
                self._segments.append(segment)
        self._began_at = time.monotonic()

    def _failed(self, error: OSError) -> None:
        self._disk.failed(error)
        self._let_go()

    def _let_go(self) -> None:
        """A file that is not added to any more; what is held in memory is."""
        if isinstance(self._active, FileSegment):
            self._activate(None)

    def _rest(self, stopping: bool) -> None:
        """A file is not kept for ever only because nobody calls: what was said stands in it."""
        active = self._active
        if active is not None and not active.left and (stopping or time.monotonic() - self._began_at >= TIDY_S):
            self._activate(None)
        self._tidy()

    # ── Small things ─────────────────────────────────────────────────────────────────────────────────────────

    def _memory(self) -> int:
        return self._incoming_bytes + sum(
            segment.size for segment in self._segments if isinstance(segment, HeldSegment)
        )

    def _tidy(self) -> None:
        """Oldest first: a file that is left from before others were written must not undo them at the next start."""
        over: list[Segment] = []
        with self._changed:
            while self._segments and self._segments[0].closed and not self._segments[0].left:
                over.append(self._segments.popleft())
        for segment in over:
            with suppress(OSError):  # a disk that is read-only: its notes are written once more at the next start
                segment.delete()

    def _drop(self, kind: str, why: str) -> None:
        self.dropped += 1
        log.error("a note was dropped", kind=kind, why=why, dropped=self.dropped)

    def _lose(self, segment: Segment, notes: int) -> None:
        with self._changed:
            segment.left -= notes
            self.waiting -= notes
            self.damaged += notes
            self._all_done.reached(-self.waiting)
        log.error("notes in the journal are damaged", notes=notes)
