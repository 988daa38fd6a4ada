"""Who gets a line and who is kept as a call: when, and how many at a time."""

import asyncio
from functools import partial

import pytest
from asgiref.sync import sync_to_async

from calling.call.parts import Patience
from calling.gateway import consumers, slots
from calling.gateway.place import Place
from calling.models import Conversation, Event
from calling.record.store import admissions
from tests.calling.conftest import SITE, change
from tests.fakes.caller import Caller, gist
from tests.fakes.connection import OFFER, FakeConnection
from widgets.admission import access, credentials
from widgets.models import ConsentRecord

make = sync_to_async
AWAY = Patience(dead_s=0.2, rest_s=0.1, gone_s=20, ping_s=0.05, tick_s=0.02, held_s=0.05)


async def until(condition):
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


async def hello(caller, ticket):
    await caller.say("hello", ticket=await make(ticket)())
    await caller.hears_until("registered")


async def dial(caller, ticket):
    await hello(caller, ticket)
    await caller.offer(OFFER)
    return gist(await caller.hears_until("transcription"))


async def hang_up(here, *callers):
    for caller in callers:
        await caller.say("close")
        await caller.hears_until("closed")
    await here.quiet()
    assert here.slots.taken == 0


# ── What is a call ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_line_that_is_opened_and_closed_again_without_a_call_leaves_no_conversation(calls, ticket, rows):
    here, good = calls(), await make(ticket)()
    before = await rows()
    async with Caller() as caller:
        await caller.say("hello", ticket=good)
        await caller.hears_until("registered")
        await caller.say("muted", muted=True)
        assert here.slots.taken == 0
        await hang_up(here, caller)
    after = await rows()
    assert len(after.pop("SpentTicket")) == 1 and not before.pop("SpentTicket")
    assert after == before


async def test_what_is_said_before_the_call_is_kept_with_it(calls, ticket):
    here = calls()
    async with Caller() as caller:
        await hello(caller, ticket)
        await caller.say("muted", muted=True)
        await caller.offer(OFFER)
        await caller.hears_until("transcription")
        await hang_up(here, caller)
    assert await (await Conversation.objects.aget()).events.filter(name="muted").aexists()


async def test_what_kept_a_page_from_offering_sound_is_kept_as_a_call_that_never_began(calls, ticket, widget):
    await make(change)(widget, consent={"enabled": True, "message": "We record.", "button": "Yes"})
    here = calls()
    async with Caller() as caller:
        await hello(caller, ticket)
        await caller.say("report", code="MICROPHONE_BUSY")
        await hang_up(here, caller)
    kept = await Conversation.objects.select_related("consent").aget()
    assert (kept.reference, kept.end_cause, kept.error_code) == (caller.reference, "failed", "MICROPHONE_BUSY")
    assert kept.ended_at and not kept.answered_at and kept.consent.conversation is None, (
        "the yes is good for another try"
    )
    assert (await ConsentRecord.objects.aget()).pk == kept.consent_id


@pytest.mark.parametrize(
    ("code", "page", "left"),
    [("MICROPHONE_DENIED", "this", 1), ("MICROPHONE_DENIED", "another", 2), ("NETWORK", "this", 2)],
)
async def test_who_had_no_microphone_and_then_types_is_one_conversation(calls, widget, ticket, code, page, left):
    grant = credentials.GrantClaims(widget.code, SITE, page="this", purpose=credentials.EMBED)
    await make(admissions.missed)(await make(access.admission)(grant), code, "10.0.0.1", None, "this")
    here = calls()
    async with Caller() as caller:
        await dial(caller, partial(ticket, page=page))
        await hang_up(here, caller)
    assert await Conversation.objects.acount() == left
    call = await Conversation.objects.aget(answered_at__isnull=False)
    said = [event.data["code"] async for event in call.events.filter(name="browser_failed")]
    assert said == (["MICROPHONE_DENIED"] if left == 1 else [])


async def test_reports_that_come_by_the_dozen_are_not_all_kept(calls, ticket, monkeypatch):
    from widgets.admission import limits

    monkeypatch.setitem(limits.PER_ADDRESS, "missed", 2)
    here = calls()
    for _ in range(4):
        async with Caller() as caller:
            await hello(caller, ticket)
            await caller.say("report", code="MICROPHONE_BUSY")
            await hang_up(here, caller)
    assert await Conversation.objects.acount() == 2


@pytest.mark.parametrize("reports", [True, False])
async def test_calls_that_their_page_ends_before_an_answer_are_not_all_kept(calls, ticket, monkeypatch, reports):
    from widgets.admission import limits

    monkeypatch.setitem(limits.PER_ADDRESS, "missed", 2)

    here = calls(connection=lambda: FakeConnection(up=False))
    for _ in range(4):
        async with Caller() as caller:
            await hello(caller, ticket)
            if reports:
                await caller.say("report", code="MICROPHONE_BUSY")
            await caller.offer(OFFER)
            async with asyncio.timeout(10):  # the database tells of no event
                while not await Conversation.objects.filter(ended_at=None).aexists():
                    await asyncio.sleep(0.01)
            await hang_up(here, caller)
    assert await Conversation.objects.acount() == 2 and here.slots.taken == 0


async def test_a_call_that_was_answered_is_kept_whatever_its_page_reports(calls, ticket, monkeypatch):
    from widgets.admission import limits

    monkeypatch.setitem(limits.PER_ADDRESS, "missed", 0)
    here = calls()
    async with Caller() as caller:
        await dial(caller, ticket)
        await caller.say("report", code="MICROPHONE_BUSY")
        await hang_up(here, caller)
    assert (await Conversation.objects.aget()).answered_at


# ── How many ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_tickets_and_pongs_hold_no_line(calls, ticket):
    here = calls(most=1)
    guests = [Caller() for _ in range(3)]
    for guest in guests:
        await guest.connect()
        await hello(guest, ticket)
    async with Caller(address="192.0.2.99") as caller:
        assert (await dial(caller, ticket))[-1] == "transcription"
        await caller.say("close")
        await caller.hears_until("closed")
    await hang_up(here, *guests)


async def test_of_one_address_only_so_many_wait_without_a_call(calls, ticket, monkeypatch):
    monkeypatch.setattr(slots, "WAITING_EACH", 2)
    here = calls()
    async with Caller() as first, Caller() as second, Caller() as third, Caller(address="192.0.2.99") as other:
        await hello(first, ticket)
        await hello(second, ticket)
        kept = await make(ticket)()
        await third.say("hello", ticket=kept)
        assert gist(await third.hears_until("closed")) == ["error RATE_LIMITED", "closed 4008"]
        await hello(other, ticket)
        await first.offer(OFFER)
        await first.hears_until("transcription")
        async with Caller() as fourth:  # the first one calls now, and waits no more
            await fourth.say("hello", ticket=kept)
            await fourth.hears_until("registered")
            await hang_up(here, first, second, other, fourth)


async def test_one_address_has_so_many_calls_and_others_have_theirs(calls, ticket, settings):
    settings.CALLS_PER_ADDRESS = 1
    here = calls()
    async with Caller() as first, Caller() as second, Caller(address="192.0.2.99") as other:
        await hello(second, ticket)
        await dial(first, ticket)
        await second.offer(OFFER)
        assert gist(await second.hears_until("closed")) == ["error RATE_LIMITED", "ended", "close", "closed 1000"]
        async with Caller() as third:
            await third.say("hello", ticket=await make(ticket)())
            assert gist(await third.hears_until("closed")) == ["error RATE_LIMITED", "closed 4008"]
        await dial(other, ticket)
        assert here.slots.taken == 2
        await hang_up(here, first, other)
    assert await Conversation.objects.acount() == 2


async def test_a_house_that_fills_between_hello_and_offer_is_told_and_keeps_nothing(calls, ticket, rows):
    here = calls(most=1)
    async with Caller() as first, Caller() as second:
        await hello(second, ticket)
        await dial(first, ticket)
        await here_is_written()
        before = await rows()
        await second.offer(OFFER)
        assert gist(await second.hears_until("closed")) == ["error FULL", "ended", "close", "closed 1000"]
        assert await rows() == before and here.slots.taken == 1 and len(here.connections) == 1
        await hang_up(here, first)


async def here_is_written():
    from calling.record.store import notes

    await notes.flush()


async def test_who_goes_away_and_comes_back_does_not_pass_the_limit_but_by_the_reserve(calls, ticket):
    """Six calls by a limit of two: three may talk, the others are told and wait, and go on when somebody hangs up."""
    here = calls(most=2, patience=AWAY)
    left = []
    for _ in range(3):
        pair = [Caller(address=f"192.0.2.{len(left) + n}") for n in range(2)]
        for caller in pair:
            await caller.connect()
            await dial(caller, ticket)
        for caller in pair:
            await caller.vanish()
        for connection in here.connections:
            connection.silent = 1
        await until(lambda: here.slots.taken == 0)
        left += pair
    told = []
    for gone, connection in zip(left, here.connections, strict=True):  # both in the order of their calls
        async with Caller() as caller:
            await caller.say("hello", resumeToken=gone.token, lastEvent=99)
            told += gist(await caller.hears_until("attached"))
            connection.silent = 0  # who is back is heard from then on, whatever becomes of the socket
    assert told == ["attached"] * 3 + ["error FULL", "attached"] * 3
    talking, waiting = states(here, "answered"), states(here, "detached")
    assert len(talking) == here.slots.taken == 3 and len(waiting) == 3
    for session in talking:
        session.end("visitor_ended")
    await until(lambda: all(session.state == "answered" for session in waiting))
    for session in waiting:
        session.end("visitor_ended")
    await here.quiet()
    assert here.slots.taken == 0 and await Conversation.objects.filter(end_cause="visitor_ended").acount() == 6


def states(here, state):
    return [session for session in here.sessions.values() if session.state == state]


async def test_a_page_that_sends_without_end_fills_no_table(calls, ticket, monkeypatch):
    monkeypatch.setattr(consumers, "MESSAGES_A_SECOND", 100_000.0)
    monkeypatch.setattr(consumers, "BURST", 100_000.0)
    here = calls()
    async with Caller() as caller:
        await dial(caller, ticket)
        for number in range(300):
            await caller.say("muted", muted=number % 2 == 0)
            await caller.say("report", code="ICE_FAILED")
        await caller.say("ping")
        await caller.hears_until("pong")
        await hang_up(here, caller)
    kept = [(event.name, event.data) async for event in Event.objects.order_by("id")]
    assert len(kept) <= 2 * 200 + 3 and [name for name, _data in kept].count("browser_failed") == 1
    assert len(str(kept)) < 100_000


async def test_a_guest_for_whom_nothing_can_be_made_ready_gives_the_place_among_the_waiting_back(
    calls, ticket, monkeypatch
):
    here = calls(most=1)
    with monkeypatch.context() as patch:
        patch.setattr(Place, "parts", lambda *given: 1 / 0)
        for _ in range(3):
            async with Caller() as caller:
                await caller.say("hello", ticket=await make(ticket)())
                assert gist(await caller.hears_until("closed")) == ["error HANDLER_ERROR", "closed 4008"]
        await here.quiet()
    assert here.slots._waiting.total() == 0 and not here.sessions
    async with Caller() as caller:
        assert (await dial(caller, ticket))[-1] == "transcription"
        await hang_up(here, caller)
