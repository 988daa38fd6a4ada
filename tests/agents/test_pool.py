"""The pool: fair between calls, bounded for each, and none of a job's trouble is another's."""

import asyncio
import os
import threading

import pytest

from agents.speech.inference import BEHIND_NICE, LONGEST_QUEUE, Pool, PoolFull, shared, stand_behind


class Gate:
    """A job that holds a thread until it is let go."""

    def __init__(self):
        self._open = threading.Event()
        self.entered = threading.Event()

    def hold(self):
        self.entered.set()
        assert self._open.wait(10)

    def open(self):
        self._open.set()


async def held(pool):
    """A pool of one thread whose thread is busy, and what lets it go."""
    gate = Gate()
    holding = asyncio.create_task(pool.run(gate.hold, who="holder"))
    await asyncio.to_thread(gate.entered.wait, 10)
    return gate, holding


async def test_a_job_gives_its_result_from_another_thread():
    assert await Pool(1).run(threading.get_ident) != threading.get_ident()


async def test_a_job_that_ends_in_an_error_no_future_takes_keeps_nobody_waiting():
    pool = Pool(1)
    with pytest.raises(RuntimeError, match="StopIteration"):
        await pool.run(lambda: next(iter(())))
    assert await pool.run(lambda: 5) == 5


async def test_a_pool_whose_threads_are_closed_says_so_to_everybody():
    pool = Pool(1)
    pool._executor.shutdown()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="shutdown"):
            await pool.run(lambda: 5)


async def test_a_job_raises_where_it_was_asked_for():
    pool = Pool(1)
    with pytest.raises(ZeroDivisionError):
        await pool.run(lambda: 1 / 0)
    assert await pool.run(lambda: "next") == "next"


async def test_calls_take_turns():
    pool, done = Pool(1), []
    gate, holding = await held(pool)
    jobs = [pool.run(lambda n=n: done.append(f"talkative {n}"), who="talkative") for n in range(3)]
    jobs += [pool.run(lambda n=n: done.append(f"shy {n}"), who="shy") for n in range(2)]
    waiting = [asyncio.create_task(job) for job in jobs]
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(holding, *waiting)
    assert done == ["talkative 0", "shy 0", "talkative 1", "shy 1", "talkative 2"]


async def test_a_call_with_too_many_jobs_is_refused_and_others_are_not():
    pool = Pool(1)
    gate, holding = await held(pool)
    greedy = [asyncio.create_task(pool.run(lambda: 1, who="greedy")) for _ in range(LONGEST_QUEUE)]
    await asyncio.sleep(0)
    with pytest.raises(PoolFull):
        await pool.run(lambda: 1, who="greedy")
    modest = asyncio.create_task(pool.run(lambda: "served", who="modest"))
    await asyncio.sleep(0)
    gate.open()
    assert await modest == "served"
    assert await asyncio.gather(*greedy) == [1] * LONGEST_QUEUE
    await holding


async def test_a_job_nobody_waits_for_any_more_is_not_begun():
    pool, done = Pool(1), []
    gate, holding = await held(pool)
    leaving = asyncio.create_task(pool.run(lambda: done.append("left"), who="a"))
    staying = asyncio.create_task(pool.run(lambda: done.append("stayed"), who="a"))
    await asyncio.sleep(0)
    leaving.cancel()
    gate.open()
    await asyncio.gather(holding, staying)
    assert leaving.cancelled() and done == ["stayed"]


async def test_a_job_that_fails_after_its_caller_left_troubles_nobody():
    pool, gate = Pool(1), Gate()

    def fail_late():
        gate.hold()
        raise ValueError("nobody hears this")

    leaving = asyncio.create_task(pool.run(fail_late))
    await asyncio.to_thread(gate.entered.wait, 10)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    gate.open()
    assert await pool.run(lambda: "next") == "next"


async def test_no_more_jobs_run_at_once_than_there_are_threads():
    pool, running, most, lock = Pool(2), 0, 0, threading.Lock()
    together = threading.Barrier(2)

    def job():
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        together.wait(10)
        with lock:
            running -= 1

    await asyncio.gather(*(pool.run(job, who=n) for n in range(6)))
    assert most == 2


async def test_a_loop_has_one_shared_pool():
    assert shared() is shared()
    assert await shared().run(lambda: 42) == 42


async def test_a_job_that_replaces_one_that_was_given_up_keeps_its_place():
    pool, order = Pool(1), []
    gate, holding = await held(pool)
    given_up = asyncio.create_task(pool.run(lambda: order.append("caption"), who="first"))
    await asyncio.sleep(0)
    other = asyncio.create_task(pool.run(lambda: order.append("other call"), who="second"))
    await asyncio.sleep(0)
    given_up.cancel()
    instead = asyncio.create_task(pool.run(lambda: order.append("last words"), who="first"))
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(holding, other, instead)
    assert order == ["last words", "other call"]


async def test_work_that_is_nobodys_call_runs_one_at_a_time_and_stands_back():
    stand_behind()
    assert shared().threads == 1
    rank = await shared().run(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    assert rank == max(BEHIND_NICE, os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
