"""Keeps processes running: starts them, starts a crashed one again, and ends them all together.

`manage.py serve` runs the gateway and the worker under it. A child holds the reading end of a pipe as its standard
input; when the supervisor dies without saying goodbye the pipe closes, and the child ends too (`end_with_parent`).
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)

BACKOFF_S = (1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_S = 60.0  # a child that ran this long starts over with the shortest pause
CANNOT_START = 78  # EX_CONFIG: the child says that starting it again is useless


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    command: Sequence[str]


class Supervisor:
    """Runs children until `stop` is called or one of them exits with CANNOT_START."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        grace_s: float,
        backoff_s: Sequence[float] = BACKOFF_S,
        steady_s: float = STEADY_S,
    ) -> None:
        self.children = children
        self.grace_s = grace_s
        self.backoff_s = backoff_s
        self.steady_s = steady_s
        self.history: list[tuple[str, str]] = []  # (child, what happened), for tests and for the curious
        self._stopping = asyncio.Event()
        self._failed = False

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> int:
        """Returns the exit status for the whole: 0 after `stop`, 1 when a child could not start at all."""
        async with asyncio.TaskGroup() as group:
            for child in self.children:
                group.create_task(self._keep(child))
        return 1 if self._failed else 0

    async def _keep(self, child: Child) -> None:
        loop = asyncio.get_running_loop()
        crashes = 0
        while not self._stopping.is_set():
            started = loop.time()
            process = await asyncio.create_subprocess_exec(
                *child.command, stdin=asyncio.subprocess.PIPE, start_new_session=True
            )
            self._note(child, "started")
            if await self._ended_first(process):
                await self._end(child, process)
                return
            status = process.returncode
            self._note(child, f"exited {status}")
            if status == CANNOT_START:
                self._failed = True
                self.stop()
                return
            crashes = 1 if loop.time() - started > self.steady_s else crashes + 1
            pause_s = self.backoff_s[min(crashes, len(self.backoff_s)) - 1]
            log.warning("process ended by itself", process=child.name, status=status, again_in_s=pause_s)
            await self._pause(pause_s)

    async def _ended_first(self, process: asyncio.subprocess.Process) -> bool:
        """Waits for the process or for `stop`; True when it was `stop`."""
        exited = asyncio.ensure_future(process.wait())
        stopped = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({exited, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            if not exited.done():
                exited.cancel()
        return process.returncode is None

    async def _end(self, child: Child, process: asyncio.subprocess.Process) -> None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), self.grace_s)
        except TimeoutError:
            log.error("process did not end in time and was killed", process=child.name)
            process.kill()
            await process.wait()
        self._note(child, "ended")

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            pass

    def _note(self, child: Child, what: str) -> None:
        self.history.append((child.name, what))
        del self.history[:-100]


def end_with_parent(end: Callable[[], None] | None = None) -> None:
    """Ends this process when the one that holds the other end of standard input is gone."""

    def watch() -> None:
        while os.read(0, 64):
            pass
        if end:
            end()
        else:
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def manage(*words: str) -> list[str]:
    """The command line of one of our own commands, run by this very interpreter."""
    from django.conf import settings

    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
