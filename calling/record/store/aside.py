"""Notes that the database will not take, whatever else it takes: kept in a file for a person to look at."""

import json
import os
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
                if file.tell() + len(line) <= MOST_BYTES:
                    file.write(line)
        except OSError as problem:
            log.error("it could not be kept in a file either", error=problem.strerror)
