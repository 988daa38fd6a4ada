"""A separate process that answers questions over a pipe, one line of JSON each; replaced when it dies or hangs.

For native code that must not run in ours: because of its licence, because it keeps the interpreter's lock while it
works, or because it may crash. Questions block: ask from the pool.
"""

import atexit
import json
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from agents.speech.providers.base import ProviderError


class HelperProcess:
    """Runs a Python file of this folder, started at the first question, for as long as our process lives."""

    def __init__(self, file_name: str, name: str, *, longest_wait_s: float = 5.0) -> None:
        self._file = Path(__file__).parent / file_name
        self._name = name
        self._longest_wait_s = longest_wait_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer. A process that died is replaced and asked again; one that hangs ends. Raises ProviderError.

        Its own process answers `{"error": ..}` to what it will never be able to do.
        """
        line = json.dumps(question).encode() + b"\n"
        with self._lock:
            try:
                answer = self._ask(line)
            except TimeoutError as error:
                self._stop()
                raise ProviderError(f"{self._name} does not answer") from error
            except OSError:
                self._stop()
                try:
                    answer = self._ask(line)
                except OSError as error:
                    self._stop()
                    raise ProviderError(f"{self._name} does not run: {error}") from error
        if "error" in answer:
            raise ProviderError(answer["error"], permanent=True)
        return answer

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _ask(self, line: bytes) -> dict[str, Any]:
        process = self._process
        if process is None or process.poll() is not None:
            self._stop()
            process = self._process = subprocess.Popen(  # noqa: S603 (our own interpreter, our own file)
                [sys.executable, "-I", str(self._file)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,  # Ctrl-C is for us; the helper ends when its input does
            )
        assert process.stdin and process.stdout
        process.stdin.write(line)
        until = time.monotonic() + self._longest_wait_s
        said = bytearray()
        while not said.endswith(b"\n"):
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError
            piece = os.read(process.stdout.fileno(), 1 << 20)
            if not piece:
                raise OSError("the process ended")
            said += piece
        try:
            answer: dict[str, Any] = json.loads(said)
        except ValueError as error:
            raise OSError("the process spoke nonsense") from error
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
