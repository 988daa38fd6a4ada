"""What a visitor writes: a question that the call began with, by a press on the card, and whatever is typed in it."""

import asyncio

from asgiref.sync import sync_to_async

from agents.engine import virtual_clock as clock
from agents.engine.line import Typed
from calling.call import protocol
from calling.models import Conversation
from tests.fakes.call import Call
from tests.fakes.caller import Caller
from tests.fakes.connection import OFFER

make = sync_to_async


async def test_a_question_that_the_call_began_with_reaches_the_agent_once(calls, ticket):
    here = calls()
    async with Caller() as caller:
        await caller.say("hello", ticket=await make(ticket)())
        await caller.offer(OFFER)
        await caller.hears_until("transcription")
        await caller.say("ask", text=" When do you open? ")
        await caller.say("ask", text="And when do you close?")
        await caller.say("dtmf", digit="9")
        await caller.hears_until("closed")
        await here.quiet()
    kept = await Conversation.objects.aget()
    assert [turn.text async for turn in kept.turns.all()] == ["Hello there", "asked When do you open?"]


def test_what_is_typed_is_heard_once_however_often_a_page_that_lost_its_socket_says_it():
    async def scene():
        async with Call() as call:
            await call.answered()
            for text, id in (("Do you mend tyres?", "w1"), ("Do you mend tyres?", "w1"), ("And brakes?", "w2")):
                call.session.handle(protocol.Written(text, id))
            await asyncio.sleep(0.1)
            call.session.handle(protocol.HangUp())
        typed = [event for event in call.agent.events if isinstance(event, Typed)]
        assert typed == [Typed("Do you mend tyres?", id="w1"), Typed("And brakes?", id="w2")]

    clock.run(scene())


def test_more_than_anybody_types_is_refused_and_the_call_goes_on():
    async def scene():
        async with Call() as call:
            await call.answered()
            for n in range(32):
                call.session.handle(protocol.Written(f"Do you mend tyre {n}?", f"w{n}"))
            await asyncio.sleep(0.1)
            assert call.page.errors() == ["RATE_LIMITED"] * 2
            await asyncio.sleep(60)
            call.session.handle(protocol.Written("And brakes?", "w32"))
            await asyncio.sleep(0.1)
            call.session.handle(protocol.HangUp())
        typed = [event.text for event in call.agent.events if isinstance(event, Typed)]
        assert len(typed) == 31 and typed[-1] == "And brakes?"

    clock.run(scene())
