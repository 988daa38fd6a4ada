"""Every note reaches the database, in its order, once, whatever the database does meanwhile."""

import asyncio
import json
import random
import threading

import pytest
from asgiref.sync import sync_to_async
from django.db import DataError, OperationalError
from django.utils import timezone

from agents.engine.notes import Ending, TurnNote
from calling.gateway import alone
from calling.gateway import calls as live
from calling.gateway.alone import Alone
from calling.models import Conversation, Event, Recording, Turn
from calling.record import outbox, recording
from calling.record.store import database, notes, recovery, rows, segments, writer
from calling.record.store.journal import Journal
from tests.calling.test_journal import killed
from tests.fakes.caller import Caller
from tests.fakes.connection import OFFER
from widgets.refusals import Refused

make = sync_to_async
write = rows.write


@pytest.fixture(autouse=True)
def _hurried(monkeypatch):
    monkeypatch.setattr(outbox, "_wake", lambda: None)
    monkeypatch.setattr(writer, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(writer, "LONGEST_PAUSE_S", 0.01)


@pytest.fixture
def only_gateway(tmp_path):
    made = Alone(tmp_path)
    assert made.take() == ""
    alone.install(made)
    yield made
    alone.install(None)
    made.release()


@pytest.fixture
async def call(widget, project):
    """Opens conversations that can be noted in."""
    count = iter(range(100))

    async def opened():
        return await Conversation.objects.acreate(
            reference=f"HB-{next(count)}", project=project, widget=widget, environment="live", started_at=timezone.now()
        )

    return opened


def say(conversation, index, text):
    notes.Record(conversation.pk).turn(TurnNote(index, "agent", text, 0.1))


async def said(conversation):
    return [turn.text async for turn in conversation.turns.all()]


class Refusing:
    """A database that has something against notes with a certain word; it counts how often it was asked."""

    def __init__(self, word, error):
        self.word, self.error, self.asked = word, error, 0
        self.tried = threading.Event()

    def __call__(self, conversation, batch):
        if any(self.word in json.dumps(note.data) for note in batch):
            self.asked += 1
            if self.asked > 10:
                self.tried.set()
            raise self.error
        write(conversation, batch)


async def test_a_database_that_is_away_for_long_gets_everything_in_order_when_it_is_back(call, away, store):
    one, other = await call(), await call()
    away.go()
    for index in range(50):
        say(one, index, f"one {index}")
        say(other, index, f"other {index}")
    say(one, 0, "said again")
    notes.close(one.pk, Ending("agent_ended"))
    async with asyncio.timeout(30):
        while len(away.tried) < 30:  # ten times what once was the end of it
            await asyncio.sleep(0.001)
    assert not await notes.flush(0.001) and store.journal.waiting == 102 and database.presence.is_away
    away.back()
    await notes.flush()
    assert await said(one) == ["said again", *[f"one {index}" for index in range(1, 50)]]
    assert await said(other) == [f"other {index}" for index in range(50)]
    await one.arefresh_from_db()
    assert one.end_cause == "agent_ended" and not database.presence.is_away
    assert store.aside.count == store.journal.dropped == 0


@pytest.mark.parametrize("error", [DataError("too long"), ValueError("no such thing"), KeyError("index")])
async def test_a_note_that_the_database_refuses_is_set_aside_and_keeps_nobody_waiting(call, store, monkeypatch, error):
    one, other = await call(), await call()
    refusing = Refusing("poison", error)
    monkeypatch.setattr(rows, "write", refusing)
    for index, text in enumerate(["before", "poison", "after"]):
        say(one, index, text)
        say(other, index, text.replace("poison", "fine"))
    await notes.flush()
    assert await said(one) == ["before", "after"] and await said(other) == ["before", "fine", "after"]
    assert store.aside.count == 1 and refusing.asked >= writer.TRIES
    kept = json.loads(store.aside.path.read_text())
    assert (kept["conversation"], kept["data"]["text"]) == (str(one.pk), "poison")
    assert store.aside.path.stat().st_mode & 0o777 == 0o600


async def test_while_one_note_is_tried_again_the_notes_of_other_calls_are_written(call, store, monkeypatch):
    monkeypatch.setattr(writer, "TRIES", 10**9)
    one, other = await call(), await call()
    refusing = Refusing("poison", DataError("never"))
    monkeypatch.setattr(rows, "write", refusing)
    say(one, 0, "poison")
    await make(refusing.tried.wait)(30)
    for index in range(20):
        say(other, index, "fine")
    async with asyncio.timeout(30):
        while await Turn.objects.acount() < 20:
            await asyncio.sleep(0.001)
    assert store.aside.count == 0 and store.journal.waiting == 1


async def test_a_database_that_has_no_time_for_anybody_loses_no_note(call, store, monkeypatch):
    """It answers, and takes nothing: locked, read-only, or its own disk is full."""
    one = await call()
    refusing = Refusing("", OperationalError("disk full"))
    monkeypatch.setattr(writer, "BUSY_TRIES", 3)
    monkeypatch.setattr(rows, "write", refusing)
    say(one, 0, "patience")
    await make(refusing.tried.wait)(30)
    assert store.aside.count == 0
    monkeypatch.setattr(rows, "write", write)
    await notes.flush()
    assert await said(one) == ["patience"]


async def test_a_note_that_alone_finds_no_time_is_set_aside_in_the_end(call, store, monkeypatch):
    one, other = await call(), await call()
    refusing = Refusing("poison", OperationalError("stack depth limit exceeded"))
    monkeypatch.setattr(writer, "BUSY_TRIES", 15)
    monkeypatch.setattr(rows, "write", refusing)
    say(one, 0, "poison")
    await make(refusing.tried.wait)(30)
    say(other, 0, "fine")
    await notes.flush()
    assert await said(other) == ["fine"] and store.aside.count == 1


async def test_what_is_written_again_changes_nothing(call, store):
    """The whole journal of a call, from any note on, as after a kill."""
    one = await call()
    record = notes.Record(one.pk, recorded=True)
    record.answered()
    for index in range(3):
        record.turn(TurnNote(index, "agent", f"begun {index}", index, timings={"voice": 1.0}))
        record.event("muted", 1.0)
        record.turn(TurnNote(index, "agent", f"whole {index}", index, index + 1, timings={"voice": 1.0}))
        record.state({"turns": index})
    notes.close(one.pk, Ending("visitor_ended"))
    written = []
    store.stop()
    remembered = store.journal.take(100)
    for start in range(len(remembered)):
        await make(write)(one.pk, remembered)
        await make(write)(one.pk, remembered[start:])
        kept = [
            [row async for row in model.objects.order_by("pk").values()]
            for model in (Conversation, Turn, Event, Recording)
        ]
        written.append(kept)
    assert all(kept == written[0] for kept in written)
    assert [len(kept) for kept in written[0]] == [1, 3, 3, 1]
    assert [turn["text"] for turn in written[0][1]] == ["whole 0", "whole 1", "whole 2"]
    assert [event["number"] for event in written[0][2]] == [0, 1, 2]


async def test_notes_of_many_calls_survive_kills_and_failures_at_random_moments(call, store, monkeypatch):
    chance = random.Random(7)
    conversations = [await call() for _ in range(3)]
    records = [notes.Record(one.pk) for one in conversations]

    def unsteady(conversation, batch):
        if chance.random() < 0.3:
            raise OperationalError("again")
        write(conversation, batch)
        if chance.random() < 0.2:
            raise OperationalError("committed, and the answer was lost")

    monkeypatch.setattr(rows, "write", unsteady)
    here = store
    for index in range(40):
        for record in records:
            record.turn(TurnNote(index, "agent", "begun", index))
            record.turn(TurnNote(index, "agent", f"whole {index}", index))
            record.event("muted", index)
            record.state({"turns": index})
        await notes.shown()
        if chance.random() < 0.1:
            here.stop()
            killed(here.journal)
            here = writer.Writer(Journal(store.journal.folder))
            writer.install(here)
            here.journal.take_over()
            here.start()
    await notes.flush()
    here.stop()
    for one in conversations:
        assert await said(one) == [f"whole {index}" for index in range(40)]
        assert [event.number async for event in one.events.all()] == list(range(40))
        await one.arefresh_from_db()
        assert one.agent_state == {"turns": 39}
    assert here.aside.count == 0 and list(here.journal.folder.glob("*.journal")) == []


async def test_notes_of_a_deleted_conversation_go_nowhere_and_its_sound_goes_with_its_end(call, store):
    one, other = await call(), await call()
    recording.spool_folder(one.pk).mkdir(parents=True)
    await Conversation.objects.filter(pk=one.pk).adelete()
    say(one, 0, "nobody hears")
    await notes.flush()
    assert recording.spools() == [one.pk]  # it is still being written to
    notes.close(one.pk, Ending("agent_ended"))
    say(other, 0, "heard")
    await notes.flush()
    assert recording.spools() == [] and await said(other) == ["heard"] and store.aside.count == 0


async def test_what_no_database_could_hold_is_kept_without_it(call):
    one = await call()
    record = notes.Record(one.pk)
    record.turn(TurnNote(0, "visitor", "a\0b\ud800c", 0.1, source="x" * 500, timings={"voice": float("nan")}))
    record.event("n" * 100, 0.1, data={"a\0": ["\udfff", float("inf"), 1, True, None]})
    record.state({"words": "\0"})
    await notes.flush()
    turn, event = await Turn.objects.aget(), await Event.objects.aget()
    assert (turn.text, len(turn.source), turn.timings) == ("a�b?c", 120, {"voice": None})
    assert (len(event.name), event.data) == (40, {"data": {"a�": ["?", None, 1, True, None]}})


async def test_a_note_is_what_was_said_when_it_was_noted(call):
    one = await call()
    note = TurnNote(0, "agent", "Hello", 0.1, timings={"voice": 1.0})
    notes.Record(one.pk).turn(note)
    note.text, note.timings["voice"] = "changed later by the agent", 2.0
    await notes.flush()
    turn = await Turn.objects.aget()
    assert (turn.text, turn.timings) == ("Hello", {"voice": 1.0})


async def test_notes_of_another_version_of_ours_are_read_as_far_as_they_are_understood(call, store):
    one = await call()
    fields = {"index": 0, "speaker": "agent", "text": "Hello", "started_s": 0.1}
    store.note(one.pk, "turn", fields | {"mood": "of the next version"})
    store.note(one.pk, "of the next version", {})
    await notes.flush()
    assert await said(one) == ["Hello"] and store.aside.count == 0


async def test_a_mistake_of_its_own_does_not_end_the_thread(call, store, monkeypatch):
    one, mistaken = await call(), threading.Event()
    with monkeypatch.context() as patch:

        def mistake(most):
            mistaken.set()
            raise RuntimeError("never seen before")

        patch.setattr(store.journal, "take", mistake)
        say(one, 0, "first")
        await make(mistaken.wait)(30)
    say(one, 1, "second")
    await notes.flush()
    assert await said(one) == ["first", "second"]


# ── A call and its process while the database is away ────────────────────────────────────────────────────────


async def test_a_call_ends_and_its_line_is_free_while_the_database_is_away(calls, ticket, away, store):
    here = calls(most=1)
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        await caller.hears_until("transcription")
        await notes.flush()
        away.go()
        await caller.say("dtmf", digit="5")
        await caller.hears_until("transcription")
        await caller.say("close")
        await caller.hears_until("closed")
    assert not await here.quiet(0.001)
    assert here.slots.taken == 0 and not here.sessions
    here.check_room()  # raises where there is none
    assert [one.closed for one in here.connections] == [1]
    away.back()
    await here.quiet()
    kept = await Conversation.objects.aget()
    assert await said(kept) == ["Hello there", "pressed 5"] and kept.end_cause == "visitor_ended"
    assert (await Recording.objects.aget()).status == Recording.Status.ENCODING


async def test_a_page_is_told_nothing_that_a_crash_could_still_undo(calls, ticket, store, monkeypatch):
    here, may_write, to_file = calls(), threading.Event(), segments.FileSegment.write
    monkeypatch.setattr(segments.FileSegment, "write", lambda *given: may_write.wait(30) and to_file(*given))
    monkeypatch.setattr(notes, "shown", lambda: store.journal.shown(30))
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        await caller.hears_until("registered")
        [session] = here.sessions.values()
        async with asyncio.timeout(30):
            while "transcription" not in [event.name for event in session.page._events.since(0)]:
                await asyncio.sleep(0.001)
        sent = [message.get("text", "") for message in caller.socket.output_queue._queue]
        assert not any("Hello there" in text for text in sent)  # noted and told, and both wait for the disk
        may_write.set()
        await caller.hears_until("transcription")
        await caller.say("close")
        await caller.hears_until("closed")
        await here.quiet()


async def test_draining_does_not_wait_for_a_database_that_is_away_and_the_next_start_goes_on(
    calls, ticket, away, store, monkeypatch
):
    monkeypatch.setattr(live, "FLUSH_S", 0.01)
    here = calls()
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        await caller.hears_until("transcription")
        away.go()
        await here.drain(0)
    store.stop()
    killed(store.journal)
    away.back()
    next_one = writer.Writer(Journal(store.journal.folder))
    writer.install(next_one)
    assert await recovery.recover() == 0
    kept = await Conversation.objects.aget()
    assert kept.end_cause == "shutdown" and await said(kept) == ["Hello there"]
    next_one.stop()


async def test_a_start_without_its_database_takes_no_calls_until_what_was_left_is_in_order(
    calls, ticket, call, away, store, only_gateway, monkeypatch
):
    monkeypatch.setattr(live, "RECOVER_S", 0.01)
    monkeypatch.setattr(recovery, "AGAIN_S", 0.01)
    monkeypatch.setattr(live.prewarm, "begin", lambda: None)
    here, good, left = calls(), await make(ticket)(), await call()
    say(left, 0, "left behind")
    await notes.shown()
    away.go()
    await live.start()
    with pytest.raises(Refused, match="UNAVAILABLE"):
        await here.admit(good, address="192.0.2.7")
    away.back()
    assert await here.recovery == 1
    await left.arefresh_from_db()
    assert left.end_cause == "connection_lost" and await said(left) == ["left behind"]
    database.presence.answered()
    session = await here.admit(good, address="192.0.2.7")
    session.end("visitor_ended")
    await here.quiet()


async def test_a_start_that_is_told_to_end_does_not_wait_for_its_database(calls, away, only_gateway, monkeypatch):
    monkeypatch.setattr(live, "RECOVER_S", 0.01)
    monkeypatch.setattr(live, "FLUSH_S", 0.01)
    monkeypatch.setattr(live.prewarm, "begin", lambda: None)
    here = calls()
    away.go()
    await live.start()
    await here.drain(0)
    assert here.draining
