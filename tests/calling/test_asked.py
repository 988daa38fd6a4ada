"""A question that a visitor began the call with, by a press on the card."""

from asgiref.sync import sync_to_async

from calling.models import Conversation
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
