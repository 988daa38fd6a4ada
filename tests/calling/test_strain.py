"""Calls are admitted by how busy the machine is, not by their number alone."""

import asyncio

import pytest

from agents.speech.inference import Pool
from calling.gateway import calls
from calling.gateway.strain import BEAT_S, INFERENCE_S, LOOP_S, WINDOW_S, Strain
from widgets.refusals import Refused

BEATS = round(WINDOW_S / BEAT_S)


class Waits:
    def __init__(self):
        self.s = 0.0

    def __call__(self):
        return self.s


def beaten(strain, late_s, times=BEATS):
    for _ in range(times):
        strain.beat(late_s)
    return strain


def test_a_loop_that_is_late_most_of_the_time_is_strained_and_one_late_moment_is_nothing():
    assert beaten(Strain(Waits()), LOOP_S * 1.1).late == "event loop"
    assert beaten(Strain(Waits()), LOOP_S * 9, times=BEATS - 1).late == ""  # of a process that has only just begun
    once = beaten(Strain(Waits()), 0.001)
    once.beat(3.0)
    assert once.late == ""


def test_jobs_that_wait_for_a_thread_are_strain_and_calls_come_again_only_when_it_is_half():
    waits = Waits()
    strain = beaten(Strain(waits), 0.0)
    waits.s = INFERENCE_S
    strain.beat(0.0)
    assert strain.late == "inference"

    waits.s = INFERENCE_S * 0.7
    strain.beat(0.0)
    assert strain.late == "inference"

    waits.s = INFERENCE_S * 0.4
    strain.beat(0.0)
    assert strain.late == ""


def strained(most, taken):
    live = calls.Live(most=most)
    live.strain = beaten(Strain(Waits()), 1.0)
    live.slots._lines["all", 0] = taken
    return live


def test_a_strained_process_refuses_one_more_call_as_it_does_when_all_lines_are_taken():
    live = strained(most=100, taken=calls.FEW)

    with pytest.raises(Refused) as refused:
        live.check_room()

    assert (refused.value.code, refused.value.detail) == ("FULL", "busy: event loop")
    assert live.slots.taken == calls.FEW


def test_a_few_calls_are_taken_however_busy_others_make_the_machine():
    strained(most=100, taken=calls.FEW - 1).check_room()


async def test_the_pool_tells_how_long_most_jobs_waited_and_those_that_still_wait():
    now = [100.0]
    pool = Pool(1, clock=lambda: now[0])
    begun, go = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold():
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result(10)

    first = asyncio.create_task(pool.run(hold, who=1))
    await begun.wait()
    second = asyncio.create_task(pool.run(int, who=2))
    await asyncio.sleep(0)
    now[0] += 0.5
    assert pool.waited_s(10, 1.0) == pytest.approx(0.5)

    go.set()
    await asyncio.gather(first, second)
    assert pool.waited_s(10, 1.0) == pytest.approx(0.5)
    assert pool.waited_s(10, 0.5) == pytest.approx(0.0)
    now[0] += 11
    assert pool.waited_s(10, 1.0) == 0.0
