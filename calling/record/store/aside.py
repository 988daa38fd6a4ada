"""Notes that the database will not take, whatever else it takes: kept in a file for a person to look at."""

import fcntl
import json
import os
from collections.abc import Set
from pathlib import Path

import structlog

from calling.record.store.segments import Note

log = structlog.get_logger(__name__)

NAME = "set-aside.jsonl"
MOST_BYTES = 10 * 1024 * 1024  # beyond it they are only counted


class Aside:
    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.count = 0

    def put(self, note: Note, error: Exception) -> None:
        """Never raises: the notes behind it wait."""
        self.count += 1
        log.error(
            "a note was set aside: the database does not take it",
            conversation=note.conversation,
            kind=note.kind,
            error=type(error).__name__,
            set_aside=self.count,
        )
        row = {"conversation": note.conversation, "kind": note.kind, "data": note.data, "error": type(error).__name__}
        line = json.dumps(row).encode() + b"\n"
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab") as file:
                fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed; `forget` may be another process's
                if file.tell() + len(line) <= MOST_BYTES:
                    file.write(line)
        except OSError as problem:
            log.error("it could not be kept in a file either", error=problem.strerror)


def forget(folder: Path, conversations: Set[str]) -> None:
    """Take the notes of these conversations out of the file: what was deleted is not kept there either."""
    try:
        file = (folder / NAME).open("r+b")
    except FileNotFoundError:
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = file.readlines()
        kept = [line for line in lines if _conversation(line) not in conversations]
        if len(kept) < len(lines):
            file.seek(0)
            file.writelines(kept)
            file.truncate()


def _conversation(line: bytes) -> str:
    try:
        return str(json.loads(line)["conversation"])
    except (ValueError, KeyError, TypeError):
        return ""
