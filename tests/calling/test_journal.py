"""Notes on their way: in order, on the disk before anybody is told, and there again after a kill."""

import asyncio
import errno
import os
import subprocess
import sys
import threading

import pytest

from calling.record.store import disk as disk_module
from calling.record.store import journal as journal_module
from calling.record.store import segments
from calling.record.store.journal import Journal

CALL, OTHER = "c-1", "c-2"


@pytest.fixture
def made(tmp_path):
    """Journals of one folder, each as if of a process of its own. They are left as a killed process leaves them."""
    journals = []

    def make(**bounds):
        journals.append(Journal(tmp_path / "journal", **bounds))
        return journals[-1]

    yield make
    for one in journals:
        one.stop()


@pytest.fixture
def impatient(monkeypatch):
    """Disks are tried again, and files put away, at once."""
    monkeypatch.setattr(disk_module, "RETRY_S", 0.0)
    monkeypatch.setattr(journal_module, "TIDY_S", 0.0)


def killed(journal):
    """Its process is gone: what was written stays, locks do not."""
    journal.stop()
    for segment in journal._segments:
        if isinstance(segment, segments.FileSegment):
            os.close(segment._handle)
    journal._segments.clear()
    journal._active = None


def taken(journal, count):
    """The next notes, as soon as they are there."""
    notes = []
    while len(notes) < count:
        journal.wait(10)
        notes += journal.take(count - len(notes))
    return notes


def numbers(notes):
    return [note.data["n"] for note in notes]


def files(journal):
    return sorted(journal.folder.glob("*"))


async def test_notes_are_taken_in_the_order_in_which_they_came(made):
    journal = made()
    for n in range(1000):
        journal.append(CALL if n % 2 else OTHER, "turn", {"n": n, "text": "Grüße\n"})
    notes = taken(journal, 1000)
    assert numbers(notes) == list(range(1000))
    assert (notes[1].conversation, notes[1].kind, notes[1].data["text"]) == (CALL, "turn", "Grüße\n")
    assert journal.waiting == 1000
    journal.done(notes)
    assert journal.waiting == 0 and journal.take(10) == []


async def test_nothing_is_told_before_it_would_outlive_the_process(made, monkeypatch):
    journal = made()
    may_write, write = threading.Event(), segments.FileSegment.write

    def slow(self, lines):
        assert may_write.wait(10)
        write(self, lines)

    monkeypatch.setattr(segments.FileSegment, "write", slow)
    journal.append(CALL, "turn", {"n": 1})
    telling = asyncio.ensure_future(journal.shown(60))
    await asyncio.sleep(0)
    assert not telling.done()
    may_write.set()
    await telling
    assert b'"n":1' in files(journal)[0].read_bytes()


async def test_a_disk_that_hangs_keeps_nobody_waiting_for_long(made, monkeypatch):
    journal = made()
    may_write, write = threading.Event(), segments.FileSegment.write
    monkeypatch.setattr(segments.FileSegment, "write", lambda *given: may_write.wait(10) and write(*given))
    journal.append(CALL, "turn", {"n": 1})
    await journal.shown(0.001)  # returns
    await journal.shown(60)  # and is not asked to wait again until the disk moves
    may_write.set()
    assert numbers(taken(journal, 1)) == [1]


async def test_what_a_killed_process_left_is_taken_over_and_comes_first(made):
    first = made()
    for n in range(5):
        first.append(CALL, "turn", {"n": n})
    first.done(taken(first, 2))  # nobody wrote down that they are done: they come again
    await first.shown()
    killed(first)

    second = made()
    second.append(CALL, "turn", {"n": 99})
    assert second.take_over() == 5
    notes = taken(second, 6)
    assert numbers(notes) == [0, 1, 2, 3, 4, 99]
    second.done(notes[:5])
    second.stop()
    assert len(files(second)) == 1


async def test_the_files_of_a_living_process_are_not_taken_over(made):
    living = made()
    living.append(CALL, "turn", {"n": 1})
    await living.shown(10)
    other = made()
    assert other.take_over() == 0 and other.take(1) == []
    assert numbers(taken(living, 1)) == [1]


def test_a_process_that_is_killed_loses_nothing_that_was_shown(made):
    """A real one, with SIGKILL, at a moment it does not choose."""
    code = (
        "import asyncio, sys, pathlib\n"
        "from calling.record.store.journal import Journal\n"
        "journal = Journal(pathlib.Path(sys.argv[1]))\n"
        "async def main():\n"
        "    for n in range(10**9):\n"
        "        journal.append('c-1', 'turn', {'n': n})\n"
        "        await journal.shown(60)\n"
        "        print(n, flush=True)\n"
        "asyncio.run(main())\n"
    )
    journal = made()
    process = subprocess.Popen([sys.executable, "-c", code, str(journal.folder)], stdout=subprocess.PIPE, text=True)
    for _ in range(200):
        process.stdout.readline()
    process.kill()
    shown = 200 + len(process.stdout.read().split("\n")[:-1])
    process.wait()
    process.stdout.close()
    assert journal.take_over() >= shown
    assert numbers(taken(journal, shown)) == list(range(shown))


@pytest.mark.parametrize("cut", range(1, 32, 3))
async def test_half_a_line_at_the_end_costs_that_note_only(made, cut):
    first = made()
    for n in range(3):
        first.append(CALL, "turn", {"n": n})
    await first.shown(10)
    [path] = files(first)
    killed(first)
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])

    second = made()
    assert second.take_over() == 2
    notes = taken(second, 2)
    assert numbers(notes) == [0, 1] and second.take(1) == []
    second.done(notes)
    assert files(second) == [] and second.damaged == 0


async def test_a_line_that_was_damaged_is_counted_and_the_others_are_read(made):
    first = made()
    for n in range(3):
        first.append(CALL, "turn", {"n": n})
    await first.shown(10)
    [path] = files(first)
    killed(first)
    path.write_bytes(path.read_bytes().replace(b'"n":1', b'"n":7'))

    second = made()
    second.take_over()
    notes = taken(second, 2)
    assert numbers(notes) == [0, 2] and second.damaged == 1
    second.done(notes)
    assert files(second) == [] and second.waiting == 0


async def test_a_note_that_is_longer_than_what_is_read_at_a_time_is_read(made, monkeypatch):
    monkeypatch.setattr(segments, "PIECE_BYTES", 64)
    journal = made()
    texts = ["x" * length for length in (10, 1000, 3, 5000)]
    for n, text in enumerate(texts):
        journal.append(CALL, "turn", {"n": n, "text": text})
    assert [note.data["text"] for note in taken(journal, 4)] == texts


async def test_files_are_bounded_and_go_oldest_first_when_everything_in_them_is_done(made, impatient):
    journal = made(segment_bytes=2_000)
    for n in range(100):
        journal.append(CALL, "turn", {"n": n, "text": "x" * 100})
        await journal.shown(10)
    assert len(files(journal)) > 5 and max(path.stat().st_size for path in files(journal)) < 2_300
    notes, written = taken(journal, 100), len(files(journal))
    journal.done(notes[1:])
    assert len(files(journal)) >= written - 1  # a later one that is gone could be undone by an earlier one that is not
    journal.done(notes[:1])
    journal.stop()
    assert files(journal) == [] and journal.waiting == 0


async def test_what_was_said_does_not_lie_about_when_it_is_in_the_database(made, monkeypatch):
    monkeypatch.setattr(journal_module, "TIDY_S", 0.01)
    journal = made()
    journal.append(CALL, "turn", {"n": 1})
    journal.done(taken(journal, 1))
    async with asyncio.timeout(10):
        while files(journal):
            await asyncio.sleep(0.005)


async def test_a_file_is_not_added_to_for_long(made, monkeypatch):
    monkeypatch.setattr(journal_module, "SEGMENT_S", 0.0)
    journal = made()
    for n in range(3):
        journal.append(CALL, "turn", {"n": n})
        await journal.shown(10)
    assert len(files(journal)) == 3 and numbers(taken(journal, 3)) == [0, 1, 2]


async def test_files_are_for_nobody_elses_eyes(made):
    journal = made()
    journal.append(CALL, "turn", {"n": 1})
    await journal.shown(10)
    assert journal.folder.stat().st_mode & 0o777 == 0o700
    assert files(journal)[0].stat().st_mode & 0o777 == 0o600


# ── Disks that take nothing ──────────────────────────────────────────────────────────────────────────────────


class Disk:
    """Is full, or has room again."""

    def __init__(self, monkeypatch):
        self.full = False
        self.write = os.write
        monkeypatch.setattr(segments.os, "write", self)

    def __call__(self, handle, data):
        if not self.full:
            return self.write(handle, data)
        if len(data) > 10:
            return self.write(handle, data[:10])  # as disks do: a piece still went in
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch)


async def test_a_full_disk_is_said_and_nothing_is_lost_while_the_process_lives(made, disk, impatient):
    journal = made()
    for n in range(30):
        disk.full = 10 <= n < 20
        journal.append(CALL, "turn", {"n": n, "text": "long enough to go in by pieces"})
        await journal.shown(10)
        assert journal.problem or not disk.full
    notes = taken(journal, 30)
    assert numbers(notes) == list(range(30))
    assert journal.held == 10 and journal.dropped == 0 and journal.damaged == 0
    journal.done(notes)
    journal.stop()
    assert files(journal) == [] and journal.waiting == 0 and journal.problem == ""


async def test_a_folder_that_cannot_be_made_is_said_and_the_notes_are_held(made, tmp_path, impatient):
    (tmp_path / "journal").write_text("in the way")
    journal = made()
    journal.append(CALL, "turn", {"n": 1})
    assert numbers(taken(journal, 1)) == [1]
    assert journal.problem and journal.held == 1


async def test_a_disk_that_loses_what_it_took_is_not_trusted_with_more(made, monkeypatch):
    journal = made()

    def fails(self):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(segments.FileSegment, "sync", fails)
    for n in range(3):
        journal.append(CALL, "turn", {"n": n})
        assert numbers(taken(journal, 1)) == [n]
    assert journal.problem == "Input/output error" and journal.held == 2


async def test_more_than_memory_holds_is_dropped_and_counted_but_an_end_is_not(made, disk):
    disk.full = True
    journal = made(memory_bytes=1_000)
    for n in range(100):
        journal.append(CALL, "turn", {"n": n})
    journal.append(CALL, "close", {"n": 100}, always=True)
    kept = 101 - journal.dropped
    assert 10 < kept < 40
    notes = taken(journal, kept)
    assert numbers(notes) == [*range(kept - 1), 100]
    journal.done(notes)
    journal.append(CALL, "turn", {"n": 101})
    assert numbers(taken(journal, 1)) == [101]


async def test_a_file_that_cannot_be_read_stays_for_the_next_start_and_the_others_go_on(made, monkeypatch):
    first = made()
    first.append(CALL, "turn", {"n": 1})
    await first.shown(10)
    killed(first)
    second = made()
    second.take_over()
    second.append(CALL, "turn", {"n": 2})
    await second.shown(10)
    with monkeypatch.context() as patch:

        def broken(handle, length, at):
            raise OSError(errno.EIO, "Input/output error")

        patch.setattr(segments.os, "pread", broken)
        assert second.take(1) == []
    second.append(CALL, "turn", {"n": 3})
    await second.shown(10)
    assert second.take(5) == []  # both files were unreadable: neither is deleted
    assert len(files(second)) == 2


async def test_what_json_cannot_hold_is_dropped_with_a_word_and_breaks_no_call(made):
    journal = made()
    journal.append(CALL, "event", {"n": float("nan")})
    journal.append(CALL, "event", {"n": object()})
    assert (journal.dropped, journal.waiting) == (2, 0)


async def test_a_mistake_of_its_own_does_not_end_the_thread(made, monkeypatch):
    journal = made()
    with monkeypatch.context() as patch:
        patch.setattr(journal, "_rest", lambda stopping: 1 / 0)
        journal.append(CALL, "turn", {"n": 1})
        assert numbers(taken(journal, 1)) == [1]
    journal.append(CALL, "turn", {"n": 2})
    assert numbers(taken(journal, 1)) == [2]


async def test_waiting_for_everything_to_be_done_ends_when_it_is_or_when_it_takes_too_long(made):
    journal = made()
    assert await journal.all_done()
    journal.append(CALL, "turn", {"n": 1})
    assert not await journal.all_done(0.001)
    waiting = asyncio.ensure_future(journal.all_done(60))
    await asyncio.sleep(0)
    journal.done(taken(journal, 1))
    assert await waiting
