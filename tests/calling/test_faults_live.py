"""What fails around a call in the process: the line is back, the conversation closed once, and the next call works."""

import asyncio
from concurrent.futures import Future

import pytest
from asgiref.sync import sync_to_async

from calling import faults
from calling.call.session import Session
from calling.gateway import consumers, place, prewarm
from calling.models import Conversation
from calling.record.recording import SpoolRecorder
from tests.fakes.caller import Caller, gist
from tests.fakes.connection import OFFER

make = sync_to_async


@pytest.fixture(autouse=True)
def _counted():
    faults.counted.clear()
    yield
    faults.counted.clear()


def fails(*_given, **_named):
    raise RuntimeError("never seen before")


async def dial(caller, ticket):
    await caller.say("hello", ticket=await make(ticket)())
    await caller.offer(OFFER)
    return gist(await caller.hears_until("transcription"))


async def a_call(here, ticket):
    """One call from its first word to its last."""
    async with Caller() as caller:
        await dial(caller, ticket)
        await caller.say("close")
        await caller.hears_until("closed")
    await here.quiet()


@pytest.mark.parametrize("part", ["finish raises", "finish never comes", "frames fail"])
async def test_a_recording_that_fails_keeps_no_call_from_its_end(calls, ticket, monkeypatch, part):
    monkeypatch.setattr(place, "RECORDED_S", 0.05)
    here = calls(most=1)
    with monkeypatch.context() as patch:
        if part == "finish raises":
            patch.setattr(SpoolRecorder, "finish", fails)
        elif part == "finish never comes":
            patch.setattr(SpoolRecorder, "finish", lambda recorder: Future())
        else:
            patch.setattr(SpoolRecorder, "frame", fails)
        await a_call(here, ticket)
    assert here.slots.taken == 0 and not here.sessions
    assert (await Conversation.objects.aget()).end_cause == "visitor_ended"
    await a_call(here, ticket)


async def test_a_session_that_breaks_in_a_way_nobody_foresaw_gives_everything_back(calls, ticket, monkeypatch):
    here = calls(most=1)
    with monkeypatch.context() as patch:
        patch.setattr(Session, "_talk", fails)
        async with Caller() as caller:
            await caller.say("hello", ticket=await make(ticket)())
            await caller.offer(OFFER)
            assert gist(await caller.hears_until("closed"))[-4:] == [
                "error HANDLER_ERROR",
                "ended",
                "close",
                "closed 1000",
            ]
        await here.quiet()
    assert here.slots.taken == 0 and here.connections[0].closed and faults.counted["session"] == 1
    kept = await Conversation.objects.aget()
    assert (kept.end_cause, kept.error_code) == ("failed", "HANDLER_ERROR")
    await a_call(here, ticket)


async def test_a_socket_whose_writer_dies_is_closed_and_the_call_goes_on_by_another_one(calls, ticket, monkeypatch):
    here = calls()
    async with Caller() as first, Caller() as second:
        await dial(first, ticket)
        [session] = here.sessions.values()
        monkeypatch.setattr(consumers.notes, "shown", fails)
        await first.say("ping")
        assert gist(await first.hears_until("closed")) == ["closed 3008"]
        monkeypatch.undo()
        assert faults.counted["socket"] == 1 and session.state == "answered" and session.page.socket is None
        await second.say("hello", resumeToken=first.token, lastEvent=99)
        await second.hears_until("attached")
        await second.say("close")
        await second.hears_until("closed")
        await here.quiet()
    assert (await Conversation.objects.aget()).end_cause == "visitor_ended"


async def test_a_greeting_that_cannot_be_made_ahead_is_tried_again_for_the_next_visitor(monkeypatch):
    monkeypatch.setattr(prewarm.wiring, "agent", fails)
    named = (1, "", "en")
    for tries in (1, 2):
        prewarm._start([named], None)
        await asyncio.wait(set(prewarm._tasks))
        assert faults.counted["prewarm"] == tries and named not in prewarm._known
