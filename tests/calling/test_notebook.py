"""What a call keeps of what a page sends: changes, and only so much of a kind; what was more is said at the end."""

import asyncio

import pytest

from agents.engine import virtual_clock as clock
from calling.call import protocol
from calling.call.notebook import BYTES_OF_A_KIND, MOST_HELD, MOST_OF_A_KIND, Notebook
from tests.fakes.call import Call
from tests.fakes.call import Notebook as Kept


def begun():
    kept = Kept()
    notebook = Notebook(kept)
    notebook.begin()
    return notebook, kept


def names(kept):
    return [name for name, _at_s, _data in kept.events]


def test_of_a_kind_so_many_are_kept_and_the_rest_is_counted():
    notebook, kept = begun()
    for _ in range(MOST_OF_A_KIND + 70):
        notebook.event("dtmf", 1.0, digit="5")
    notebook.event("sound", 9.0, lost_percent=0.0)
    notebook.end(10.0)
    assert names(kept) == ["dtmf"] * MOST_OF_A_KIND + ["sound", "dropped"]
    assert kept.events[-1] == ("dropped", 10.0, {"dtmf": 70})


def test_what_is_large_is_kept_up_to_its_bytes_and_crowds_nothing_else_out():
    notebook, kept = begun()
    for _ in range(100):
        notebook.event("page_info", 1.0, text="é" * 2000, data={})
    notebook.event("dtmf", 1.0, digit="5")
    notebook.end(10.0)
    kept_infos = names(kept).count("page_info")
    assert 0 < kept_infos <= BYTES_OF_A_KIND // 2000 and "dtmf" in names(kept)
    assert kept.events[-1][2] == {"page_info": 100 - kept_infos}


def test_a_call_in_which_nothing_was_too_much_says_nothing_of_it():
    notebook, kept = begun()
    notebook.event("muted", 1.0, reason="muted")
    notebook.end(10.0)
    notebook.end(10.0)
    assert names(kept) == ["muted"]


def test_what_is_said_before_the_call_is_held_up_to_a_few_and_then_counts():
    kept = Kept()
    notebook = Notebook(kept)
    for _ in range(MOST_HELD + 5):
        notebook.event("browser_failed", -1.0, code="ICE_FAILED")
    assert names(kept) == []
    notebook.begin()
    notebook.end(0.0)
    assert names(kept) == ["browser_failed"] * MOST_HELD + ["dropped"]


def test_of_a_line_without_a_call_nothing_is_kept():
    kept = Kept()
    notebook = Notebook(kept)
    for _ in range(MOST_HELD + 5):
        notebook.event("browser_failed", -1.0, code="ICE_FAILED")
    notebook.end(0.0)
    assert names(kept) == []


@pytest.mark.parametrize(
    ("message", "name", "times"),
    [
        (protocol.Muted(True, "muted"), "muted", 1),
        (protocol.Report("ICE_FAILED"), "browser_failed", 1),
    ],
)
def test_the_same_again_is_nothing_new(message, name, times):
    async def scene():
        async with Call() as call:
            await call.answered()
            for _ in range(50):
                call.session.handle(message)
            await asyncio.sleep(1)
            call.session.handle(protocol.HangUp())
        return names(call.notebook)

    assert clock.run(scene()).count(name) == times


def test_a_flood_of_changes_ends_in_one_line_that_counts_it():
    async def scene():
        async with Call() as call:
            await call.answered()
            for number in range(3 * MOST_OF_A_KIND):
                call.session.handle(protocol.Muted(number % 2 == 0, "muted"))
            call.session.handle(protocol.HangUp())
        return call.notebook

    kept = clock.run(scene())
    assert names(kept).count("muted") == names(kept).count("unmuted") == MOST_OF_A_KIND
    assert kept.events[-1][0] == "dropped" and kept.events[-1][2] == {"muted": 100, "unmuted": 100}
