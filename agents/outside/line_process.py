"""A process of our own beside this one that answers a line of JSON with a line of JSON, each within a time."""

import json
import os
import select
import subprocess
import time
from typing import Any


class LineProcess:
    """Started at the first question, anew after a failure. Blocks: ask from a thread, one at a time."""

    def __init__(
        self,
        command: list[str],
        *,
        longest_s: float,
        answer_most: int | None = None,
        **started: Any,
    ) -> None:
        """`answer_most`: bytes of one answer. `started`: more for subprocess.Popen."""
        self._command, self._longest_s, self._answer_most = command, longest_s, answer_most
        self._started = started
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer. Raises TimeoutError, or OSError where it died or spoke nonsense; then it is stopped already."""
        try:
            return self._ask(json.dumps(question).encode() + b"\n")
        except OSError:  # TimeoutError is one
            self.stop()
            raise

    def _ask(self, line: bytes) -> dict[str, Any]:
        process = self._process
        if process is None or process.poll() is not None:
            self.stop()
            process = self._process = subprocess.Popen(  # noqa: S603 (our own interpreter, our own files)
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,  # Ctrl-C is for us; it ends when its input does
                **self._started,
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
            if self._answer_most is not None and len(said) > self._answer_most:
                raise OSError("the process says too much")
        try:
            answer: dict[str, Any] = json.loads(said)
        except ValueError as error:
            raise OSError("the process spoke nonsense") from error
        return answer

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        assert process.stdin and process.stdout
        process.stdin.close()
        process.stdout.close()
