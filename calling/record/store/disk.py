"""Where a journal's files come from, and whether the disk takes any. Of the journal's thread alone. No Django."""

import time
from pathlib import Path

import structlog

from calling.record.store.segments import FileSegment

log = structlog.get_logger(__name__)

RETRY_S = 5.0  # between two attempts at a disk that took nothing
SUFFIX = ".journal"


class Disk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problem = ""  # why it took nothing when it was last tried
        self._name = f"{time.time_ns():020d}"  # of this process: later ones sort behind it
        self._number = 0
        self._retry_at = 0.0

    def new(self) -> FileSegment | None:
        """The next file; None where there is none to be had now."""
        if time.monotonic() < self._retry_at:
            return None
        self._number += 1
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return FileSegment.new(self.folder / f"{self._name}-{self._number:06d}{SUFFIX}")
        except OSError as error:
            self.failed(error)
            return None

    def others(self) -> list[Path]:
        """The files of other processes, oldest first."""
        found = sorted(self.folder.glob(f"*{SUFFIX}"))
        return [path for path in found if not path.name.startswith(self._name)]

    def failed(self, error: OSError) -> None:
        if not self.problem:
            log.error("the journal cannot be written; notes are held in memory", error=error.strerror)
        self.problem = error.strerror or type(error).__name__
        self._retry_at = time.monotonic() + RETRY_S

    def worked(self) -> None:
        if self.problem:
            self.problem = ""
            log.info("the journal can be written again")
