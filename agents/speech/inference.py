"""Where inference runs: beside the event loop, as many threads as cores, fair between calls."""

import asyncio
import math
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")
WAITS_KEPT = 256  # of the newest jobs: how long they had to wait
BEHIND_NICE = 10
LONGEST_QUEUE = 64  # jobs of one call; a call that wants more is refused, others go on


class PoolFull(Exception):
    """One call has too many jobs waiting. Never seen in a healthy call; the job is dropped."""


class Pool:
    """Runs blocking jobs in threads. Jobs of different callers take turns, so one talkative call cannot starve another.

    Models release the interpreter lock while they compute, so threads suffice. One pool serves a process.
    """

    def __init__(self, threads: int = 0, clock: Callable[[], float] = time.monotonic, *, behind: bool = False) -> None:
        """`behind`: whatever else the machine has to do goes first."""
        self.threads = threads or os.cpu_count() or 1
        first = _stand_back if behind else None
        self._executor = ThreadPoolExecutor(self.threads, thread_name_prefix="inference", initializer=first)
        self._clock = clock
        self._waiting: dict[Hashable, deque[tuple[asyncio.Future[Any], Callable[[], Any], float]]] = {}
        self._waits: deque[tuple[float, float]] = deque(maxlen=WAITS_KEPT)  # when a job began, and after what wait
        self._turn: deque[Hashable] = deque()
        self._running = 0

    async def run(self, job: Callable[[], T], *, who: Hashable = None) -> T:
        """Run `job` in a thread and return its result. A cancelled caller's job is dropped if it has not begun."""
        queue = self._waiting.get(who)
        if queue is None:
            queue = self._waiting[who] = deque()
            self._turn.append(who)
        if len(queue) >= LONGEST_QUEUE:
            raise PoolFull(f"{LONGEST_QUEUE} jobs are waiting")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        queue.append((future, job, self._clock()))
        self._start()
        return await future

    def waited_s(self, within_s: float, share: float) -> float:
        """How long this share of the jobs begun in the last seconds waited for a thread at most; those that still wait
        count as long as they have."""
        now_s = self._clock()
        begun = [wait_s for at_s, wait_s in self._waits if at_s >= now_s - within_s]
        waiting = [now_s - queue[0][2] for queue in self._waiting.values() if not queue[0][0].done()]
        return most([*begun, *waiting], share)

    def _start(self) -> None:
        while self._running < self.threads and self._turn:
            who = self._turn.popleft()
            queue = self._waiting[who]
            while queue[0][0].done() and len(queue) > 1:  # given up: the caller's next job takes its place
                queue.popleft()
            future, job, since_s = queue.popleft()
            if queue:
                self._turn.append(who)
            else:
                del self._waiting[who]
            if future.done():
                continue
            try:
                work = asyncio.get_running_loop().run_in_executor(self._executor, _contained, job)
            except RuntimeError as error:  # the threads are closed
                future.set_exception(error)
                continue
            self._running += 1
            self._waits.append((self._clock(), self._clock() - since_s))
            work.add_done_callback(partial(self._finish, future))

    def _finish(self, future: asyncio.Future[Any], done: asyncio.Future[Any]) -> None:
        self._running -= 1
        if done.cancelled():  # the threads are being closed
            future.cancel()
        elif error := done.exception():  # retrieved even when nobody waits, so that nothing warns
            if not future.done():
                future.set_exception(error)
        elif not future.done():
            future.set_result(done.result())
        self._start()


def most(values: Iterable[float], share: float) -> float:
    """What so large a share of them does not exceed; 0 where there are none."""
    ordered = sorted(values)
    return ordered[math.ceil(len(ordered) * share) - 1] if ordered else 0.0


def _contained(job: Callable[[], T]) -> T:
    try:
        return job()
    except StopIteration as error:  # which no future takes: whoever waits would wait for ever
        raise RuntimeError("a job ended in StopIteration") from error


_pools: dict[asyncio.AbstractEventLoop, Pool] = {}


def shared() -> Pool:
    """The pool of the running loop (a process has one loop; tests have many)."""
    return _pools.get(asyncio.get_running_loop()) or _put(Pool())


def stand_behind() -> None:
    """The running loop's jobs are nobody's call: they run one at a time, when nothing else wants to. Called first."""
    _put(Pool(1, behind=True))


def _put(pool: Pool) -> Pool:
    for other in [other for other in _pools if other.is_closed()]:
        _pools.pop(other)._executor.shutdown(wait=False)
    _pools[asyncio.get_running_loop()] = pool
    return pool


def _stand_back() -> None:
    """Of the thread that runs it; on other systems a thread has no rank of its own."""
    if sys.platform == "linux":
        with suppress(OSError):
            own = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, own, max(BEHIND_NICE, os.getpriority(os.PRIO_PROCESS, own)))
