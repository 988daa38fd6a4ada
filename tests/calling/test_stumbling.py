"""A database that stumbles while a call comes in: nothing is written twice or left taken, and the next call works."""

import threading

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from agents.authoring import publish, tool_rules, tools
from agents.connections import keeping
from agents.models import Agent
from calling.models import Conversation
from calling.record.store.database import presence
from tests.fakes.caller import Caller, gist
from tests.fakes.connection import OFFER
from widgets.models import SpentTicket

make = sync_to_async


@pytest.fixture
def equipped(widget, project, owner):
    """An agent with all that is read of other tables for its calls: an ear, a model, and a tool with a key."""
    values = {"kind": "openai", "name": "Speech", "address": "https://api.example.com/v1"}
    service = {"connection": keeping.save(project, None, values, owner, key="sk-live-0123456789abcd").pk, "model": "x"}
    Agent.objects.filter(project=project).update(services={"hearing": service, "model": service})
    asked = {"name": "Look up an order", "url": "https://shop.example.com/orders/{number}", "secrets": ["X-Key"]}
    values, _ = tool_rules.clean(asked | {"parameters": [{"name": "Number"}]})
    tools.save_tool(project, None, values, owner, secrets={"X-Key": "sk-live-7"})
    publish.publish(project, by=owner)


@pytest.fixture
def stumbling(monkeypatch):
    """A database whose n-th statement of an admission fails, once or for good; it counts them."""

    class Stumbling:
        fails_at, for_good, count, counted = 0, False, 0, 0

        def begin(self, fails_at, for_good):
            self.counted = self.count
            self.fails_at, self.for_good, self.count = fails_at, for_good, 0

        def fails(self):
            self.count += 1
            return self.fails_at and (self.count >= self.fails_at if self.for_good else self.count == self.fails_at)

    made, execute = Stumbling(), CursorWrapper._execute_with_wrappers

    def executed(cursor, *statement, **named):
        if threading.current_thread().name.startswith("admission") and made.fails():
            raise OperationalError("database is locked")
        return execute(cursor, *statement, **named)

    monkeypatch.setattr(CursorWrapper, "_execute_with_wrappers", executed)
    return made


async def attempted(here, ticket, stumbling, at, *, for_good=False):
    """One call whose n-th statement fails: what the page heard, how many conversations and spent tickets came of it."""
    good, before = await make(ticket)(), await counted()
    stumbling.begin(at, for_good)
    async with Caller(address=f"198.51.100.{at}") as caller:
        await caller.say("hello", ticket=good)
        await caller.offer(OFFER)
        order = gist(await caller.hears_until("closed" if for_good else "transcription"))
        if not for_good:
            await caller.say("close")
            await caller.hears_until("closed")
    stumbling.begin(0, False)
    presence.answered()
    await here.quiet()
    return order, *(now - then for now, then in zip(await counted(), before, strict=True))


async def counted():
    return await Conversation.objects.acount(), await SpentTicket.objects.acount()


async def test_an_admission_that_stumbles_once_takes_its_line_once(calls, equipped, ticket, stumbling):
    here = calls(most=1)
    whole = await attempted(here, ticket, stumbling, 0)
    statements = stumbling.counted
    assert statements > 10 and whole[0][-1] == "transcription"
    for at in range(1, statements + 1):
        assert await attempted(here, ticket, stumbling, at) == whole == (whole[0], 1, 1), at
        assert here.slots.taken == 0 and not presence.is_away
    assert not await Conversation.objects.filter(ended_at=None).aexists()


async def test_a_database_that_goes_in_the_middle_of_an_admission_leaves_no_line_taken(
    calls, equipped, ticket, stumbling
):
    here = calls(most=1)
    for _ in range(2):  # the first one also sweeps spent tickets, which nobody after it does
        await attempted(here, ticket, stumbling, 0)
    for at in range(1, stumbling.counted + 1):
        order, conversations, spent = await attempted(here, ticket, stumbling, at, for_good=True)
        assert "error UNAVAILABLE" in order and not conversations and spent == ("registered" in order), (at, order)
        assert here.slots.taken == 0 and not here.sessions
        assert (await attempted(here, ticket, stumbling, 0))[1:] == (1, 1), "the line is free again"
    assert not await Conversation.objects.filter(ended_at=None).aexists()


@pytest.mark.parametrize("at", [1, 2])
async def test_a_commit_whose_answer_is_lost_is_told_as_a_database_that_is_away(calls, ticket, monkeypatch, at):
    here, good, done = calls(most=1), await make(ticket)(), []
    commit = BaseDatabaseWrapper._commit

    def loses_the_answer(wrapper):
        commit(wrapper)
        if threading.current_thread().name.startswith("admission"):
            done.append(wrapper)
            if len(done) == at:
                raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(BaseDatabaseWrapper, "_commit", loses_the_answer)
    async with Caller() as caller:
        await caller.say("hello", ticket=good)
        await caller.offer(OFFER)
        told = [one for one in gist(await caller.hears_until("closed")) if one.startswith("error")]
    await here.quiet()
    assert told == ["error UNAVAILABLE"] and len(done) >= at
    assert here.slots.taken == 0 and not here.sessions
    assert not await Conversation.objects.filter(ended_at=None).aexists()
