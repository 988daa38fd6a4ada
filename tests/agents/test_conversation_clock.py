"""The jumping clock that conversations are tested on."""

import asyncio
import time

import pytest

from agents.engine import virtual_clock as clock


def test_hours_pass_in_the_order_of_their_timers():
    async def scene():
        loop = asyncio.get_running_loop()
        fired = []

        async def wait(seconds):
            await asyncio.sleep(seconds)
            fired.append((seconds, round(loop.time(), 6)))

        await asyncio.gather(*(wait(seconds) for seconds in (7200.0, 0.02, 60.0)))
        return fired

    assert clock.run(scene()) == [(0.02, 0.02), (60.0, 60.0), (7200.0, 7200.0)]


def test_the_clock_stands_still_while_a_thread_works():
    async def scene():
        loop = asyncio.get_running_loop()
        timer = asyncio.ensure_future(asyncio.sleep(1))
        await asyncio.to_thread(time.sleep, 0.02)
        return loop.time(), timer.done(), await timer, loop.time()

    assert clock.run(scene()) == (0.0, False, None, 1.0)


def test_a_scene_that_waits_for_nothing_is_told_so():
    async def scene():
        await asyncio.Event().wait()

    with pytest.raises(RuntimeError, match="never end"):
        clock.run(scene())
