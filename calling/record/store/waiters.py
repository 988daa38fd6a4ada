"""Coroutines of any event loop that wait for a thread to get somewhere."""

import asyncio
from contextlib import suppress


class Waiters:
    """Not safe by itself: whoever owns it holds a lock around each call but `wait`."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, asyncio.AbstractEventLoop, asyncio.Future[None]]] = []

    def add(self, upto: int) -> "asyncio.Future[None]":
        """A future that is done once `reached` is told of this number."""
        loop = asyncio.get_running_loop()
        self._waiting.append((upto, loop, loop.create_future()))
        return self._waiting[-1][2]

    def reached(self, number: int) -> None:
        ready = [one for one in self._waiting if one[0] <= number]
        self._waiting = [one for one in self._waiting if one[0] > number]
        for _upto, loop, future in ready:
            with suppress(RuntimeError):  # its loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_finish, future)


def _finish(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
