"""Whole calls over real sound connections in one process, and what happens to the house when visitors die."""

import asyncio
import threading

import av
import numpy as np
import pytest
from asgiref.sync import sync_to_async
from django.core.files.storage import storages

from calling.call.parts import Patience
from calling.gateway import wiring
from calling.models import Conversation, Outbox, Recording
from calling.record import outbox, recording, tasks
from calling.record.store import admissions
from tests.calling.conftest import change
from tests.fakes.answerer import GREETING_HZ
from tests.fakes.caller import Caller, gist
from tests.fakes.connection import OFFER
from tests.fakes.visitor import Visitor, loudness_at, tone
from widgets.refusals import Refused

pytestmark = pytest.mark.long

make = sync_to_async
SOON = Patience(dead_s=0.4, rest_s=0.2, gone_s=0.8, ping_s=0.1, tick_s=0.05)


@pytest.fixture(autouse=True)
def _asleep(monkeypatch):
    monkeypatch.setattr(outbox, "_wake", lambda: None)


@pytest.fixture
def over_loopback(settings):
    settings.PUBLIC_URL = "http://localhost:8120"


async def dial(caller, visitor, ticket):
    """From hello to sound, as a page does it."""
    await caller.say("hello", ticket=await make(ticket)(), lastEvent=0)
    await caller.offer(await visitor.offer())
    heard = await caller.hears_until("answer")
    await visitor.accept(heard[-1]["data"]["sdp"])
    await visitor.connected()
    return gist(heard + await caller.hears_until("transcription"))


def is_full(here):
    try:
        here.check_room()
    except Refused as refused:
        assert refused.code == "FULL"
        return True
    return False


def kill(visitor):
    """The browser is gone from one moment to the next: no goodbye, no packet."""
    ice = visitor.pc.getTransceivers()[0].sender.transport.transport
    for protocol in ice._connection._protocols:
        protocol.transport.abort()


async def until(condition):
    """Wait for something that happens by itself."""
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_call_is_heard_on_both_sides_and_kept(calls, ticket, over_loopback):
    here = calls(connection=wiring.connection)
    async with Caller() as caller, Visitor() as visitor:
        order = await dial(caller, visitor, ticket)
        assert order == ["registered", "ringing", "answer", "answered", "transcription"]
        visitor.say(tone(700, 1.0))
        await visitor.finished_speaking()
        greeting = await visitor.listened(0.3)
        await caller.say("dtmf", digit="5")
        await caller.hears_until("transcription")
        await caller.say("close", sessionId=caller.session)
        assert gist(await caller.hears_until("closed")) == ["ended", "close", "closed 1000"]
        await here.quiet()
    assert loudness_at(greeting[1600:4800], GREETING_HZ) > 0.9
    kept = await Conversation.objects.aget()
    assert [turn.text async for turn in kept.turns.all()] == ["Hello there", "pressed 5"]
    assert (await Recording.objects.aget()).status == Recording.Status.ENCODING

    await make(tasks.sweep)()
    kept = await Recording.objects.aget()
    assert kept.status == Recording.Status.READY and recording.spools() == []
    with av.open(storages["recordings"].path(kept.file)) as file:
        sound = np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], axis=1)
    visitor_side, agent_side = (side[np.abs(side) > 0] for side in sound)
    assert len(visitor_side) > 0.8 * 48_000 and len(agent_side) > 0.3 * 48_000
    assert loudness_at(sound[0], 700, rate=48_000) > 0.3 > loudness_at(sound[0], GREETING_HZ, rate=48_000)
    assert loudness_at(sound[1], GREETING_HZ, rate=48_000) > 0.3 > loudness_at(sound[1], 700, rate=48_000)


async def test_the_voice_agent_of_the_published_version_answers(calls, ticket, over_loopback, settings):
    settings.SPEECH, settings.END_OF_TURN_MS = "scripted", 200
    here = calls(connection=wiring.connection, answerer=wiring.answerer)
    async with Caller() as caller, Visitor() as visitor:
        assert (await dial(caller, visitor, ticket))[:4] == ["registered", "ringing", "answer", "answered"]
        while (await caller.hears()).get("data") != {"state": "listening"}:
            pass  # the greeting plays
        visitor.say(tone(700, 1.0))
        speakers = []
        while speakers[-1:] != ["agent"]:
            message = await caller.hears()
            if message.get("name") == "transcription" and message["data"]["index"] > 0:
                speakers.append(message["data"]["speaker"])
        assert "visitor" in speakers
        await caller.say("close")
        await caller.hears_until("ended")
        await here.quiet()
    kept = await Conversation.objects.aget()
    turns = [turn async for turn in kept.turns.all()]
    assert turns[0].text == turns[0].planned == "Hello, this is Robin. How can I help?"
    assert turns[1].speaker == "visitor" and turns[1].text.startswith("I spoke for")
    assert turns[2].speaker == "agent" and turns[2].planned
    assert kept.end_cause == "visitor_ended" and kept.agent_state


async def test_a_widget_that_records_nothing_leaves_no_sound(calls, ticket, widget, over_loopback):
    await make(change)(widget, recording="off")
    here = calls(connection=wiring.connection)
    async with Caller() as caller, Visitor() as visitor:
        await dial(caller, visitor, ticket)
        await caller.say("close")
        await caller.hears_until("closed")
        await here.quiet()
    assert not await Recording.objects.aexists() and recording.spools() == []
    assert not await Outbox.objects.filter(task="encode_recording").aexists()


async def test_a_browser_killed_in_mid_call_frees_its_slot_and_loses_no_turn(calls, ticket, over_loopback):
    here = calls(connection=wiring.connection, patience=SOON, most=1)
    async with Caller() as caller, Visitor() as visitor:
        await dial(caller, visitor, ticket)
        await caller.say("dtmf", digit="5")
        await caller.hears_until("transcription")
        [session] = here.sessions.values()
        assert is_full(here)
        kill(visitor)
        await caller.vanish()
        await until(lambda: not is_full(here))
        assert session.state == "detached" and list(here.sessions.values()) == [session]
        await here.quiet()
    assert session.history == ["new", "registered", "ringing", "answered", "detached", "ended"]
    kept = await Conversation.objects.aget()
    assert kept.end_cause == "connection_lost" and kept.ended_at
    assert [turn.text async for turn in kept.turns.all()] == ["Hello there", "pressed 5"]
    assert await Outbox.objects.filter(task="encode_recording").acount() == 1
    assert here.slots.taken == 0


async def test_a_page_that_hangs_with_its_socket_open_is_noticed(calls, ticket, over_loopback):
    """The browser says no pong and sends no sound, but nobody closes the socket."""
    here = calls(connection=wiring.connection, patience=SOON)
    async with Caller() as caller, Visitor() as visitor:
        await dial(caller, visitor, ticket)
        caller.answers = False
        kill(visitor)
        assert gist(await caller.hears_until("closed"))[-3:] == ["ended", "close", "closed 1000"]
        await here.quiet()
    assert (await Conversation.objects.aget()).end_cause == "connection_lost"


async def test_a_call_goes_on_when_only_its_socket_dies(calls, ticket, over_loopback):
    here = calls(connection=wiring.connection, patience=SOON)
    async with Caller() as caller, Visitor() as visitor:
        await dial(caller, visitor, ticket)
        [session] = here.sessions.values()
        await caller.vanish()
        before = len(visitor.received)
        visitor.say(tone(700, 1.5))
        await visitor.finished_speaking()  # longer than a dead line is waited for
        assert session.state == "answered" and len(visitor.received) >= before
        session.end("shutdown")
        await here.quiet()


async def test_a_browser_without_a_way_to_us_is_told_in_time(calls, ticket, over_loopback):
    here = calls(connection=wiring.connection, patience=Patience(connect_s=0.3))
    async with Caller() as caller, Visitor() as visitor:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(await visitor.offer())  # and never takes the answer
        heard = gist(await caller.hears_until("closed"))
        await here.quiet()
    assert heard == ["registered", "ringing", "answer", "error NO_UDP", "ended", "close", "closed 1000"]
    assert (await Conversation.objects.aget()).error_code == "NO_UDP"
    assert here.slots.taken == 0


@pytest.fixture
def slow_store(monkeypatch):
    """Who said hello waits in the store's thread until the test lets them in."""
    gate, asked, greet = threading.Event(), threading.Event(), admissions._greet

    def slow(*everything):
        guest = greet(*everything)
        asked.set()
        assert gate.wait(30)
        return guest

    monkeypatch.setattr(admissions, "_greet", slow)
    return gate, asked


async def test_a_page_that_leaves_while_it_is_admitted_leaves_no_slot_behind(calls, ticket, slow_store):
    gate, asked = slow_store
    here = calls(patience=SOON)
    asking = asyncio.ensure_future(here.admit(await make(ticket)(), address="192.0.2.7"))
    await until(asked.is_set)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    gate.set()
    await here.quiet()
    assert not await Conversation.objects.aexists(), "no call came of it"
    assert here.slots.taken == 0 and not here.sessions


async def test_a_call_that_is_admitted_while_the_process_ends_ends_with_it(calls, ticket, slow_store):
    gate, asked = slow_store
    here = calls()
    asking = asyncio.ensure_future(here.admit(await make(ticket)(), address="192.0.2.7"))
    await until(asked.is_set)
    draining = asyncio.ensure_future(here.drain(0))
    await asyncio.sleep(0)
    gate.set()
    await draining
    assert (await asking).history == ["new", "ended"]
    assert not await Conversation.objects.aexists(), "no call came of it"
    assert here.slots.taken == 0


async def test_draining_lets_a_call_end_by_itself_first(calls, ticket):
    here = calls()
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        await caller.hears_until("transcription")
        draining = asyncio.ensure_future(here.drain(20))
        await caller.say("dtmf", digit="9")
        await caller.hears_until("closed")
        await draining
    assert (await Conversation.objects.aget()).end_cause == "agent_ended"


def test_settings_become_arguments(settings):
    settings.END_OF_TURN_MS, settings.SILENCE_PROMPT_S, settings.SILENCE_PROMPTS = 700, 7, 2
    settings.CALL_MAX_MINUTES = 5
    talk = wiring.talk_settings()
    assert (talk.end_of_turn_ms, talk.silence_prompt_s, talk.silence_prompts, talk.call_max_s) == (700, 7.0, 2, 300.0)
    settings.MEDIA_ADDRESS, settings.MEDIA_PORTS = "192.0.2.1", (40_000, 40_100)
    for url, local in (
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", True),
        ("http://pickup.localhost", True),
        ("https://calls.example.com", False),
    ):
        settings.PUBLIC_URL = url
        media = wiring.media_settings()
        assert (media.allow_loopback, media.address, media.port_range) == (local, "192.0.2.1", (40_000, 40_100))
