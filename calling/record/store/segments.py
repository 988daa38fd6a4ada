"""What the journal is made of: pieces that hold notes in order, on the disk or, if need be, in memory. No Django.

A line of a file is a checksum and a note as JSON. A process that is killed may leave half a line at the end, and a bad
disk a wrong one in the middle: neither costs the lines around it.
"""

import fcntl
import json
import os
import zlib
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger(__name__)

PIECE_BYTES = 256 * 1024  # read at a time


@dataclass(slots=True, eq=False)
class Note:
    """One thing that was noted of a conversation; `kind` says what its data means."""

    conversation: str
    kind: str
    data: dict[str, Any]
    segment: "Segment"


def line_of(conversation: str, kind: str, data: dict[str, Any]) -> bytes:
    """Raises ValueError or TypeError for what JSON cannot hold."""
    text = json.dumps([conversation, kind, data], allow_nan=False, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _note_of(line: bytes, segment: "Segment") -> Note | None:
    """None for a line that was damaged."""
    sum_of_it, _space, text = line.rstrip(b"\n").partition(b" ")
    try:
        if int(sum_of_it, 16) != zlib.crc32(text):
            return None
        conversation, kind, data = json.loads(text)
    except ValueError:
        return None
    return Note(conversation, kind, data, segment)


class Segment:
    """Notes in the order in which they came. `left` counts those that are not done, damaged ones among them."""

    def __init__(self) -> None:
        self.left = 0
        self.closed = False  # nothing is added any more
        self.unreadable = False  # its disk is broken: it is left alone

    def has_more(self) -> bool:
        """Whether there is something in it that was not read."""
        raise NotImplementedError

    def read(self, most: int) -> list[Note | None]:
        """The next notes; None for one that was damaged."""
        raise NotImplementedError

    def delete(self) -> None:
        """Every note in it is done."""


class HeldSegment(Segment):
    """In memory: what no disk took."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[bytes] = deque()
        self._added = self._read = 0  # bytes; each has one thread that changes it

    @property
    def size(self) -> int:
        return self._added - self._read

    def add(self, lines: Sequence[bytes]) -> None:
        self._added += sum(map(len, lines))
        self._lines.extend(lines)

    def has_more(self) -> bool:
        return bool(self._lines)

    def read(self, most: int) -> list[Note | None]:
        notes: list[Note | None] = []
        while self._lines and len(notes) < most:
            line = self._lines.popleft()
            self._read += len(line)
            notes.append(_note_of(line, self))
        return notes


class FileSegment(Segment):
    """In a file, locked as long as it is held: the files of a living process can be told from those of a dead one."""

    def __init__(self, path: Path, handle: int) -> None:
        super().__init__()
        self.path = path
        self.size = 0  # what may be read
        self._handle = handle
        self._read_to = 0

    @classmethod
    def new(cls, path: Path) -> "FileSegment":
        """Raises OSError."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with suppress(OSError):  # without it a power cut may take the name of the file, which no crash of ours does
            _sync_folder(path.parent)
        return cls(path, handle)

    @classmethod
    def left_behind(cls, path: Path) -> "FileSegment | None":
        """The file of a process that is gone; None while its process lives. Raises OSError."""
        handle = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        except OSError:
            pass
        segment = cls(path, handle)
        segment.closed, segment.size = True, os.fstat(handle).st_size
        at = 0
        while piece := os.pread(handle, PIECE_BYTES, at):
            segment.left += piece.count(b"\n")
            at += len(piece)
        return segment

    def write(self, lines: bytes) -> None:
        """Append whole lines. Raises OSError, and has appended nothing that counts then."""
        done = 0
        try:
            while done < len(lines):
                done += os.write(self._handle, lines[done:])
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._handle, self.size)
            raise

    def sync(self) -> None:
        """Raises OSError."""
        getattr(os, "fdatasync", os.fsync)(self._handle)

    def has_more(self) -> bool:
        return self._read_to < self.size and not self.unreadable

    def read(self, most: int) -> list[Note | None]:
        """Raises OSError."""
        notes: list[Note | None] = []
        want = PIECE_BYTES
        while self._read_to < self.size and len(notes) < most:
            piece = os.pread(self._handle, min(want, self.size - self._read_to), self._read_to)
            *lines, rest = piece.split(b"\n")
            for line in lines[: most - len(notes)]:
                self._read_to += len(line) + 1
                notes.append(_note_of(line, self))
            if lines:
                want = PIECE_BYTES
            elif piece and self._read_to + len(piece) < self.size:
                want *= 2  # one line, longer than the piece
            else:
                log.info("a journal ends within a note", file=self.path.name, bytes=len(rest))
                self._read_to = self.size
        return notes

    def delete(self) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self._handle)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
