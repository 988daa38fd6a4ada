"""Who calls is let in or told why not, soon, whatever the database does."""

import asyncio
import threading
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import OperationalError, connection

from calling.models import Conversation
from calling.record.store import admissions, attempts, database, notes
from calling.record.store import rows as rows_module
from calling.record.store.database import presence
from tests.calling.conftest import SITE
from tests.fakes.caller import Caller, gist
from widgets.admission import access
from widgets.models import SpentTicket
from widgets.refusals import Refused

make = sync_to_async
ADDRESS = "192.0.2.7"


@pytest.fixture
def slow(monkeypatch):
    """Admissions that wait until the test lets them; nobody has patience."""
    monkeypatch.setattr(attempts, "PATIENCE_S", 0.01)
    gate, spend = threading.Event(), admissions.credentials.spend_ticket

    def waits(ticket):
        assert gate.wait(30)
        return spend(ticket)

    monkeypatch.setattr(admissions.credentials, "spend_ticket", waits)
    return gate


async def until(condition):
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.005)


async def test_a_database_that_is_away_refuses_calls_with_a_code_and_takes_no_slot(calls, ticket, rows, away):
    here, good, before = calls(), await make(ticket)(), await rows()
    away.go()
    async with Caller() as caller:
        await caller.say("hello", ticket=good)
        assert gist(await caller.hears_until("closed")) == ["error UNAVAILABLE", "closed 4008"]
    assert await rows() == before and here.slots.taken == 0 and presence.is_away

    away.back()
    await until(lambda: not presence.is_away)
    async with Caller() as caller:  # the ticket is as good as it was
        await caller.say("hello", ticket=good)
        await caller.hears_until("registered")
        assert not presence.is_away
        [session] = here.sessions.values()
        session.end("visitor_ended")
        await here.quiet()


async def test_while_the_database_is_away_nobody_who_waits_looks_for_it(calls, ticket, away):
    here, good = calls(), await make(ticket)()
    away.go()
    for _ in range(5):
        with pytest.raises(Refused, match="UNAVAILABLE"):
            await here.admit(good, address=ADDRESS)
    looked = [name for name in away.tried if name.startswith("admission")]
    assert len(looked) == 2  # the first one's attempt, and its look whether it was only busy


async def test_a_database_that_hangs_holds_whoever_finds_out_and_the_others_are_told_until_it_answers(
    calls, ticket, slow, monkeypatch
):
    here, good, looks, answers = calls(), await make(ticket)(), [], threading.Event()

    def hangs():
        looks.append(threading.current_thread().name)
        return answers.wait(30)

    monkeypatch.setattr(database, "ASK_EVERY_S", 0)
    monkeypatch.setattr(database, "takes_writes", hangs)
    with pytest.raises(Refused, match="the database is too slow"):
        await here.admit(good, address=ADDRESS)
    for _ in range(5):
        with pytest.raises(Refused, match="the database is away"):
            await here.admit(good, address=ADDRESS)
    await until(lambda: looks)
    assert looks == ["database"] and presence.is_away

    answers.set()
    await until(lambda: not presence.is_away)
    slow.set()
    monkeypatch.setattr(attempts, "PATIENCE_S", 30)
    session = await here.admit(good, address=ADDRESS)
    session.end("visitor_ended")
    await here.quiet()


def test_a_card_that_asks_for_a_ticket_finds_out_too_and_the_next_one_is_told_at_once(widget, client, away):
    grant = access.embed_grant(widget, SITE)[0]

    def asks():
        given = {"grant": grant}
        said = client.post("/api/v1/widget/ticket", given, "application/json", headers={"Origin": settings.PUBLIC_URL})
        return said.status_code, said.json()["error"]["code"]

    connection.close()
    away.go()
    assert asks() == (503, "UNAVAILABLE") and presence.is_away
    before = len([name for name in away.tried if name == "MainThread"])
    assert asks() == (503, "UNAVAILABLE")
    assert len([name for name in away.tried if name == "MainThread"]) == before
    away.back()


async def test_a_database_that_was_only_busy_is_not_held_to_be_away(calls, ticket, monkeypatch):
    def busy(*_given):
        raise OperationalError("database is locked")

    here, good = calls(), await make(ticket)()
    with monkeypatch.context() as patch:
        patch.setattr(admissions.credentials, "spend_ticket", busy)
        with pytest.raises(Refused, match="UNAVAILABLE"):
            await here.admit(good, address=ADDRESS)
    assert here.slots.taken == 0 and not presence.is_away
    session = await here.admit(good, address=ADDRESS)
    session.end("visitor_ended")
    await here.quiet()


async def test_an_admission_that_takes_too_long_is_given_up_and_leaves_nothing(calls, ticket, rows, slow):
    here, good, before = calls(), await make(ticket)(), await rows()
    with pytest.raises(Refused, match="UNAVAILABLE"):
        await here.admit(good, address=ADDRESS)
    assert here.slots.taken == 0
    slow.set()
    await until(lambda: not attempts._threads._work_queue.qsize())
    await make(attempts._threads.submit(lambda: None).result)()
    assert await rows() == before and here.slots.taken == 0 and not here.sessions


async def test_one_that_is_given_up_before_its_turn_takes_no_slot(calls, ticket, monkeypatch):
    monkeypatch.setattr(attempts, "PATIENCE_S", 0.01)
    gate = threading.Event()
    blockers = [attempts._threads.submit(gate.wait, 30) for _ in range(attempts.AT_ONCE)]
    here, good = calls(), await make(ticket)()
    with pytest.raises(Refused, match="UNAVAILABLE"):
        await here.admit(good, address=ADDRESS)
    gate.set()
    for one in blockers:
        one.result()
    await make(attempts._threads.submit(lambda: None).result)()
    assert here.slots.taken == 0 and not await Conversation.objects.aexists()
    assert not await SpentTicket.objects.aexists()


async def test_a_conversation_that_was_opened_after_nobody_waited_is_closed_again(ticket, monkeypatch):
    def late(guest, check):
        setup = opened(guest, check)
        check.__self__.give_up()
        return setup

    opened = admissions._open
    monkeypatch.setattr(admissions, "_open", late)
    guest = await admissions.greet(await make(ticket)(), address=ADDRESS, check_room=lambda claim: None)
    setup = await admissions.open_conversation(guest)
    await notes.flush()
    kept = await Conversation.objects.aget(pk=setup.conversation)
    assert (kept.end_cause, kept.error_code) == ("failed", "UNAVAILABLE") and kept.ended_at


async def test_an_admission_does_not_stand_behind_notes(calls, ticket, monkeypatch):
    here, good, gate = calls(), await make(ticket)(), threading.Event()
    monkeypatch.setattr(rows_module, "write", lambda *given: gate.wait(30))
    notes.Record(uuid.uuid4()).event("x", 0.0)
    session = await here.admit(good, address=ADDRESS)
    session.end("visitor_ended")
    gate.set()
    await here.quiet()
