"""Calls of tools in the database: the intent goes first, and whoever comes second finds it."""

import asyncio

import pytest
from django.utils import timezone

from agents.brains.tools import acting as doing
from agents.brains.tools import caller, plan
from agents.brains.tools.acting import Acting, NotWritten
from agents.brains.tools.caller import Door
from agents.brains.tools.outcome import Outcome
from agents.models import Environment, Project
from calling.models import Conversation, ToolCall
from calling.record.store import tool_calls
from calling.record.store.attempts import attempt
from calling.record.store.tool_calls import ToolCalls
from widgets.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)
TOOL = plan.tool({"id": 4, "name": "Book", "method": "POST", "url": "https://shop.example.com/x", "timeout_s": 1})
DONE = Outcome("done", {"day": "2026-12-04"}, status=201, ms=12)


@pytest.fixture
def conversation():
    project = Project.objects.create(name="Harbour Bikes", slug="harbour-bikes")
    return Conversation.objects.create(
        project=project,
        reference="HB-7K2Q",
        widget_name="Phone",
        environment=Environment.SANDBOX,
        started_at=timezone.now(),
    )


@pytest.fixture
def sent(monkeypatch):
    """What goes out, in place of a network."""
    found = []

    async def call(tool, arguments, door, key):
        found.append((key, dict(arguments)))
        return DONE

    monkeypatch.setattr(caller, "call", call)
    return found


def acting(conversation):
    return Acting(str(conversation.pk), {4: Door()}, ToolCalls(conversation.pk))


def test_a_call_is_written_down_before_it_is_sent_and_with_what_came_of_it(conversation, monkeypatch):
    there = []

    async def call(tool, arguments, door, key):
        row = await attempt(lambda check: ToolCall.objects.get(key=key), undo=lambda row: None)
        there.append((row.tool, row.arguments, row.outcome))
        return DONE

    monkeypatch.setattr(caller, "call", call)

    async def run():
        one = acting(conversation)
        return await one.begin(TOOL, {"name": "Ann"}, one.key(TOOL, "A repair:3"))

    assert asyncio.run(run()) == DONE
    assert there == [("Book", {"name": "Ann"}, None)]
    row = ToolCall.objects.get()
    assert Outcome.from_json(row.outcome, again=False) == DONE and row.conversation == conversation


def test_two_processes_send_it_once_and_both_know_what_came_of_it(conversation, sent):
    async def run():
        one, other = acting(conversation), acting(conversation)
        key = one.key(TOOL, "A repair:3")
        assert key == other.key(TOOL, "A repair:3") != one.key(TOOL, "A repair:4")
        return await asyncio.gather(one.begin(TOOL, {}, key), other.begin(TOOL, {}, key))

    first, second = asyncio.run(run())
    assert len(sent) == 1 and ToolCall.objects.count() == 1
    assert {first.again, second.again} == {True, False} and first.values == second.values


def test_a_call_whose_process_was_killed_is_not_sent_again(conversation, sent, monkeypatch):
    monkeypatch.setattr(tool_calls, "SPARE_S", -1.0)  # its time is over
    one = acting(conversation)
    key = one.key(TOOL, "A repair:3")
    ToolCall.objects.create(conversation=conversation, key=key, tool="Book", method="POST")

    async def run():
        assert (await one.before(key)).state == "unknown"
        return await one.begin(TOOL, {}, key)

    found = asyncio.run(run())
    assert (found.state, found.code, sent) == ("unknown", "INTERRUPTED", [])


def test_what_cannot_be_written_down_is_not_sent(conversation, sent, monkeypatch):
    async def away(work, undo):
        raise Refused("UNAVAILABLE", "the database is away")

    monkeypatch.setattr(tool_calls, "attempt", away)
    one = acting(conversation)

    async def run():
        with pytest.raises(NotWritten):
            await one.record.intend("key", TOOL, {})
        return await one.begin(TOOL, {}, "key")

    assert asyncio.run(run()).code == "NOT_WRITTEN"
    assert sent == [] and not ToolCall.objects.exists()


def test_nobody_who_stops_waiting_stops_what_was_begun(conversation, sent):
    async def run():
        one = acting(conversation)
        key = one.key(TOOL, "A repair:3")
        waiting = asyncio.ensure_future(asyncio.wait({one.begin(TOOL, {}, key)}))
        await asyncio.sleep(0)
        waiting.cancel()
        await doing.settled()
        return await one.before(key)

    assert asyncio.run(run()) == DONE and ToolCall.objects.get().outcome["state"] == "done"


def test_a_conversation_that_is_deleted_takes_its_calls_along(conversation):
    ToolCall.objects.create(conversation=conversation, key="k", tool="Book", method="POST", arguments={"name": "Ann"})
    conversation.delete()
    assert not ToolCall.objects.exists()
