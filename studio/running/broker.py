"""The broker that needs no server: wake-ups for the worker are files in the data folder.

Kombu has such a transport, but its messages can be seen before they are written, and then end the worker that reads
one; and they are taken through the system's temporary folder, where a move is not atomic. Here a message appears, and
is taken, by one rename within one folder: whole or not at all, and by one worker only.
"""

import itertools
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

_count = itertools.count()  # two messages of one nanosecond; some clocks are that coarse


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **_: Any) -> None:
        folder = Path(self.data_folder_out)
        # Names are sorted to find the oldest; the wall clock goes on after a restart.
        name = f"{time.time_ns():020d}_{next(_count):09d}_{uuid.uuid4()}"
        draft = folder / f".{name}"
        draft.write_text(dumps(payload), encoding="utf-8")
        draft.rename(folder / f"{name}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for path in self._waiting(queue):
            taken = path.with_name(f".{path.name}")
            try:
                path.rename(taken)
            except FileNotFoundError:  # another worker was quicker
                continue
            text = taken.read_text(encoding="utf-8")
            taken.unlink()
            return loads(text)
        raise Empty

    def _purge(self, queue: str) -> int:
        gone = self._waiting(queue)
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _waiting(self, queue: str) -> list[Path]:
        """This queue's messages, oldest first."""
        ending = f".{queue}.msg"
        names = sorted(name for name in os.listdir(self.data_folder_in) if name.endswith(ending) and name[0] != ".")
        return [Path(self.data_folder_in, name) for name in names]


class Transport(filesystem.Transport):
    Channel = Channel
