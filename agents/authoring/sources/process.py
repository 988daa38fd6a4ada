"""Has files read by a process of its own (readers/child.py), each within a time; one that hangs or dies is replaced."""

import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agents.authoring.sources.readers.base import Unreadable

READ_S_MOST = 120.0  # for one file; a 300-page PDF takes about ten
ANSWER_MOST = 32 * 1024 * 1024
_ROOT = Path(__file__).parents[3]
_CHILD = [sys.executable, "-E", "-s", "-m", "agents.authoring.sources.readers.child"]


class Reading:
    """A process for the files of one source, and a folder for what is being read; nothing is left of either."""

    def __init__(self, *, longest_s: float = READ_S_MOST, command: list[str] = _CHILD) -> None:
        self._longest_s, self._command = longest_s, command
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="pickup-source-")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
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
            answer = self._ask(json.dumps(asked).encode() + b"\n")
        except TimeoutError:
            self._stop()
            raise Unreadable("too_slow") from None
        except (OSError, ValueError):  # it was killed for what it took, most likely
            self._stop()
            raise Unreadable("too_much") from None
        if "reason" in answer:
            raise Unreadable(answer["reason"])
        return answer

    def _ask(self, line: bytes) -> dict[str, Any]:
        process = self._process
        if process is None or process.poll() is not None:
            self._stop()
            process = self._process = subprocess.Popen(  # noqa: S603 (our own interpreter, our own module)
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                cwd=_ROOT,
                env={"PATH": os.environ.get("PATH", ""), "PYTHONHASHSEED": "0"},  # none of our secrets
                start_new_session=True,
            )
        assert process.stdin and process.stdout
        process.stdin.write(line)
        said, until = bytearray(), time.monotonic() + self._longest_s
        while not said.endswith(b"\n"):
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError
            piece = os.read(process.stdout.fileno(), 1 << 20)
            if not piece:
                raise OSError("the process ended")
            said += piece
            if len(said) > ANSWER_MOST:
                raise OSError("the process says too much")
        answer: dict[str, Any] = json.loads(said)
        return answer

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        assert process.stdin and process.stdout
        process.stdin.close()
        process.stdout.close()


Opened = Callable[[], Reading]
