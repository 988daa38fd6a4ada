"""Coming back to a call with a real socket and real sound: nothing is said twice, no slot leaks, one recording."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from calling.call.parts import Patience
from calling.gateway import wiring
from calling.models import Conversation, Recording
from calling.record import outbox, tasks
from tests.fakes.answerer import GREETING_HZ
from tests.fakes.caller import Caller, gist
from tests.fakes.connection import OFFER
from tests.fakes.visitor import Visitor, loudness_at, tone

pytestmark = pytest.mark.long

make = sync_to_async
SOON = Patience(dead_s=0.6, rest_s=0.2, gone_s=8.0, ping_s=0.1, tick_s=0.05, held_s=0.5)


@pytest.fixture(autouse=True)
def _asleep(monkeypatch):
    monkeypatch.setattr(outbox, "_wake", lambda: None)


@pytest.fixture
def over_loopback(settings):
    settings.PUBLIC_URL = "http://localhost:8190"


async def dial(caller, visitor, ticket):
    await caller.say("hello", ticket=await make(ticket)(), lastEvent=0)
    await hook_up(caller, visitor)
    await caller.hears_until("transcription")


async def hook_up(caller, visitor):
    """An offer, its answer, sound. Returns what was heard meanwhile."""
    await caller.offer(await visitor.offer(), sessionId=caller.session or None)
    heard = await caller.hears_until("answer")
    await visitor.accept(heard[-1]["data"]["sdp"])
    await visitor.connected()
    return heard


async def come_back(caller, token, last_event, **fields):
    """Returns the events that were told again."""
    await caller.say("hello", resumeToken=token, lastEvent=last_event, **fields)
    return (await caller.hears_until("attached"))[:-1]


async def until(condition):
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


async def listening(caller):
    """A page that lives: reads and answers pings until its socket closes. What it heard."""
    return await caller.hears_until("closed")


async def hang_up(here, caller):
    await caller.say("close")
    heard = await caller.hears_until("closed")
    await here.quiet()
    assert here.slots.taken == 0
    return gist(heard)


async def test_a_socket_that_was_lost_is_replaced_while_talking_goes_on(calls, ticket, over_loopback):
    here = calls(connection=wiring.connection, patience=SOON)
    async with Visitor() as visitor:
        async with Caller() as first:
            await dial(first, visitor, ticket)
        [session] = here.sessions.values()
        visitor.say(tone(700, 1.2))
        await visitor.finished_speaking()  # longer than a dead line is waited for
        assert session.state == "answered" and here.slots.taken == 1
        async with Caller() as second:
            assert await come_back(second, first.token, first.last_event) == []
            assert second.attached["sound"] and second.attached["seconds"] > 1
            await second.say("dtmf", digit="5")
            told = await second.hears_until("transcription")
            assert [(event["n"], event["data"]["text"]) for event in told] == [(first.last_event + 1, "5")]
            assert await hang_up(here, second) == ["ended", "close", "closed 1000"]
    assert session.history == ["new", "registered", "ringing", "answered", "ended"]
    assert await Conversation.objects.acount() == 1


async def test_sound_that_was_lost_is_replaced_behind_the_same_socket(calls, ticket, over_loopback):
    here = calls(connection=wiring.connection, patience=SOON)
    async with Caller() as caller, Visitor() as first, Visitor() as second:
        await dial(caller, first, ticket)
        [session] = here.sessions.values()
        await first.close()
        assert gist(await caller.hears_until("reconnect")) == ["reconnect"]
        heard = await hook_up(caller, second)
        assert set(gist(heard)) <= {"answer", "reconnect"}
        second.say(tone(700, 1.0))
        await second.finished_speaking()
        assert await hang_up(here, caller) == ["ended", "close", "closed 1000"]
    assert session.history == ["new", "registered", "ringing", "answered", "ended"]
    kept = await Conversation.objects.aget()
    assert [turn.text async for turn in kept.turns.all()] == ["Hello there"]
    [sound] = [event.data async for event in kept.events.filter(name="sound")]
    assert sound["connections"] == 2 and sound["received"] > 40


async def test_a_reload_keeps_agent_and_recording_and_greets_nobody_twice(calls, ticket, over_loopback):
    here = calls(connection=wiring.connection, patience=SOON, most=1)
    async with Caller() as first, Visitor() as visitor:
        await dial(first, visitor, ticket)
        await first.say("dtmf", digit="5")
        await first.hears_until("transcription")
        await visitor.listened(0.3)
        [session] = here.sessions.values()
        await visitor.close()
    await until(lambda: session.state == "detached" and here.slots.taken == 0)
    async with Caller() as other:  # somebody else has the line now
        await other.say("hello", ticket=await make(ticket)())
        await other.offer(OFFER)
        await other.hears_until("ringing")
        async with Caller() as second, Visitor() as again:
            told = await come_back(second, first.token, 0)
            assert gist(told) == ["registered", "ringing", "answered", "transcription", "transcription"]
            assert here.slots.taken == 2  # ahead of everybody, by the reserve of a full house
            await hook_up(second, again)
            again.say(tone(700, 1.0))
            await again.finished_speaking()
            await second.say("close")
            assert gist(await second.hears_until("closed")) == ["ended", "close", "closed 1000"]
            await until(lambda: len(here.sessions) <= 1)
        await other.say("close")
        await other.hears_until("closed")
    await here.quiet()
    assert here.slots.taken == 0
    assert session.history == ["new", "registered", "ringing", "answered", "detached", "answered", "ended"]
    kept = await Conversation.objects.aget(reference=session.reference)
    assert [turn.text async for turn in kept.turns.all()] == ["Hello there", "pressed 5"]
    await make(tasks.sweep)()
    recording = await Recording.objects.aget(conversation=kept)
    assert recording.status == Recording.Status.READY
    assert recording.duration_s == pytest.approx(session.seconds, abs=0.5)  # the gap is in it, as silence
    heard = again.heard()
    assert not len(heard) or loudness_at(heard, GREETING_HZ) < 0.5


async def test_speech_that_was_cut_goes_on_where_it_was_cut(calls, ticket, over_loopback):
    """The browser dies in the middle of the greeting; whoever comes back hears the rest of it, and nothing twice."""
    here = calls(connection=wiring.connection, patience=SOON)
    async with Caller() as first, Visitor() as visitor:
        await dial(first, visitor, ticket)
        await visitor.listened(0.1)
        await visitor.close()
        async with Visitor() as again:
            await hook_up(first, again)
            await again.listened(0.1)
            both_s = visitor.heard_s() + again.heard_s()
            await hang_up(here, first)
    assert both_s < 0.4 + 0.3  # the greeting lasts 0.4 s: the rest was heard, not all of it again


async def test_a_copied_tab_is_refused_and_the_call_moves_when_it_is_asked_to(calls, ticket, over_loopback):
    here = calls(connection=wiring.connection, patience=SOON)
    async with Caller() as first, Visitor() as visitor, Visitor() as elsewhere:
        await dial(first, visitor, ticket)
        [session] = here.sessions.values()
        living = asyncio.ensure_future(listening(first))
        talking = asyncio.ensure_future(keep_talking(visitor))
        async with Caller() as copied:
            await copied.say("hello", resumeToken=first.token, lastEvent=0)
            assert gist(await copied.hears_until("closed")) == ["error CALL_ELSEWHERE", "closed 4008"]
        assert not living.done() and session.state == "answered"
        async with Caller() as moved:
            await come_back(moved, first.token, 0, move=True)
            assert gist(await living)[-2:] == ["error CALL_ELSEWHERE", "closed 4008"]
            await hook_up(moved, elsewhere)
            await visitor.gone.wait()
            talking.cancel()
            assert await hang_up(here, moved) == ["ended", "close", "closed 1000"]
    assert session.history == ["new", "registered", "ringing", "answered", "ended"]


async def keep_talking(visitor):
    while True:
        visitor.say(tone(700, 0.4))
        await visitor.finished_speaking()


async def test_tokens_that_do_not_fit_open_nothing(calls, ticket, rows):
    here = calls(patience=SOON)
    async with Caller() as mine, Caller() as other:
        for caller in (mine, other):
            await caller.say("hello", ticket=await make(ticket)())
            await caller.offer(OFFER)
            await caller.hears_until("transcription")
        mixed = f"{mine.session}.{other.token.partition('.')[2]}"
        await here_is_quiet()
        before = await rows()
        for token, code in (
            (mixed, "RESUME_INVALID"),
            ("garbage", "RESUME_INVALID"),
            (mine.token[:-1], "RESUME_INVALID"),
            ("gone." + mine.token, "SESSION_GONE"),
        ):
            async with Caller() as stranger:
                await stranger.say("hello", resumeToken=token, lastEvent=0, move=True)
                assert gist(await stranger.hears_until("closed")) == [f"error {code}", "closed 4008"]
        assert await rows() == before and here.slots.taken == 2
        for caller in (mine, other):
            await caller.say("close")
            await caller.hears_until("closed")
        await here.quiet()
        async with Caller() as late:
            await late.say("hello", resumeToken=mine.token, lastEvent=0)
            assert gist(await late.hears_until("closed")) == ["error SESSION_GONE", "closed 4008"]
    assert here.slots.taken == 0


async def here_is_quiet():
    from calling.record.store import notes

    await notes.flush()


async def test_a_hello_needs_one_credential_and_not_two(calls, ticket):
    calls()
    async with Caller() as caller:
        await caller.say("hello", ticket="t", resumeToken="a.b")
        await caller.say("hello", resumeToken="a.b", move="yes")
        assert gist([await caller.hears(), await caller.hears()]) == ["error INVALID_ARGUMENT"] * 2


async def test_coming_back_asks_for_no_consent_again(calls, ticket, widget):
    from tests.calling.conftest import change

    await make(change)(widget, consent={"enabled": True, "message": "We record.", "button": "I agree"})
    here = calls(patience=SOON)
    async with Caller() as first:
        await first.say("hello", ticket=await make(ticket)())
        await first.offer(OFFER)
        await first.hears_until("transcription")
    async with Caller() as second:
        told = await come_back(second, first.token, 0)
        assert gist(told) == ["registered", "ringing", "answered", "transcription"]
        await hang_up(here, second)
    assert (await Conversation.objects.aget()).consent_id
