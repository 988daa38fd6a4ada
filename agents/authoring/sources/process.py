"""Has files read by a process of its own (readers/child.py), each within a time; one that hangs or dies is replaced."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agents.authoring.sources.readers.base import Unreadable
from agents.outside.line_process import LineProcess

READ_S_MOST = 120.0  # for one file; a 300-page PDF takes about ten
ANSWER_MOST = 32 * 1024 * 1024
_ROOT = Path(__file__).parents[3]
_CHILD = [sys.executable, "-E", "-s", "-m", "agents.authoring.sources.readers.child"]


class Reading:
    """A process for the files of one source, and a folder for what is being read; nothing is left of either."""

    def __init__(self, *, longest_s: float = READ_S_MOST, command: list[str] = _CHILD) -> None:
        self._process = LineProcess(
            command,
            longest_s=longest_s,
            answer_most=ANSWER_MOST,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONHASHSEED": "0"},  # none of our secrets
        )

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="pickup-source-")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.stop()
        self._folder.cleanup()

    def read(self, kind: str, content: bytes, *, name: str, address: str = "", charset: str = "") -> dict[str, Any]:
        """The answer of readers/child.py. Raises Unreadable."""
        path = Path(self._folder.name) / "given"
        path.write_bytes(content)
        try:
            return self.read_file(kind, path, name=name, address=address, charset=charset)
        finally:
            path.unlink()

    def read_file(self, kind: str, path: Path, *, name: str, address: str = "", charset: str = "") -> dict[str, Any]:
        asked = {"kind": kind, "path": str(path), "name": name, "address": address, "charset": charset}
        try:
            answer = self._process.ask(asked)
        except TimeoutError:
            raise Unreadable("too_slow") from None
        except OSError:  # it was killed for what it took, most likely
            raise Unreadable("too_much") from None
        if "reason" in answer:
            raise Unreadable(answer["reason"])
        return answer


Opened = Callable[[], Reading]
