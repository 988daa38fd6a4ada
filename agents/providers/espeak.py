"""Phonemes from eSpeak, which runs as one separate process for the whole life of ours and is asked over a pipe.

Blocking, a tenth of a millisecond a clause: call it from the pool. A process that died or hangs is replaced.
"""

import atexit
import ctypes.util
import importlib.util
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from agents.providers.base import ProviderError

LONGEST_WAIT_S = 5.0
_CHILD = Path(__file__).with_name("espeak_child.py")


def is_installed() -> bool:
    return importlib.util.find_spec("espeakng_loader") is not None or bool(ctypes.util.find_library("espeak-ng"))


class Espeak:
    """The process, started at the first question."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def phonemes(self, texts: Sequence[str], voice: str) -> list[str]:
        """IPA for each text, words parted by spaces. Raises ProviderError."""
        line = json.dumps({"voice": voice, "texts": list(texts)}).encode() + b"\n"
        with self._lock:
            try:
                said = self._ask(line)
            except OSError:
                self._stop()
                try:
                    said = self._ask(line)
                except OSError as error:
                    self._stop()
                    raise ProviderError(f"eSpeak does not answer: {error}") from error
        if "error" in said:
            raise ProviderError(said["error"], permanent=True)
        return said["phonemes"]

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _ask(self, line: bytes) -> dict:
        process = self._process
        if process is None or process.poll() is not None:
            self._stop()
            process = self._process = subprocess.Popen(  # noqa: S603 (our own interpreter, our own file)
                [sys.executable, "-I", str(_CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
        process.stdin.write(line)
        return json.loads(self._read_line(process))

    def _read_line(self, process: subprocess.Popen[bytes]) -> bytes:
        until = time.monotonic() + LONGEST_WAIT_S
        descriptor, said = process.stdout.fileno(), b""
        while not said.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise OSError("no answer in time")
            piece = os.read(descriptor, 65536)
            if not piece:
                raise OSError("the process ended")
            said += piece
        return said

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


shared = Espeak()
atexit.register(shared.close)
