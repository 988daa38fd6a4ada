"""A separate process that answers questions over a pipe, one line of JSON each; replaced when it dies or hangs.

For native code that must not run in ours: because of its licence, because it keeps the interpreter's lock while it
works, or because it may crash. Questions block: ask from the pool.
"""

import atexit
import sys
import threading
from pathlib import Path
from typing import Any

from agents.outside.line_process import LineProcess
from agents.speech.providers.base import ProviderError


class HelperProcess:
    """Runs a Python file of this folder, started at the first question, for as long as our process lives."""

    def __init__(self, file_name: str, name: str, *, longest_wait_s: float = 5.0) -> None:
        command = [sys.executable, "-I", str(Path(__file__).parent / file_name)]
        self._name = name
        self._lock = threading.Lock()
        self._process = LineProcess(command, longest_s=longest_wait_s)
        atexit.register(self.close)

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer. A process that died is replaced and asked again; one that hangs ends. Raises ProviderError.

        Its own process answers `{"error": ..}` to what it will never be able to do.
        """
        with self._lock:
            try:
                answer = self._process.ask(question)
            except TimeoutError as error:
                raise ProviderError(f"{self._name} does not answer") from error
            except OSError:
                try:
                    answer = self._process.ask(question)
                except OSError as error:
                    raise ProviderError(f"{self._name} does not run: {error}") from error
        if "error" in answer:
            raise ProviderError(answer["error"], permanent=True)
        return answer

    def close(self) -> None:
        with self._lock:
            self._process.stop()
