"""A flow among answers that are none: nobody is asked for ever, and whoever wants somebody told has a message taken."""

import pytest

from tests.agents.test_flow_talk import talk

BEGINNING = "I'd like a table for two on Friday at eight"


async def test_questions_in_between_without_end_lead_to_the_offer_of_a_message():
    replies = await talk("table", BEGINNING, *["do you take cash"] * 7)

    assert replies[1].text.endswith("What name is that under?") and replies[1].flow
    assert replies[-1].text.startswith("Cards and cash") is False and "Shall I take a message" in replies[-1].text
    assert replies[-1].message["about"].startswith("Reserve a table. Guests: 2")


async def test_answers_that_are_none_are_counted_whatever_stands_between_them():
    mixed = ["xy 12 cd", "do you take cash", "ef 34 gh", "is the chef married?", "ij 56 kl"]
    replies = await talk("table", BEGINNING, *mixed)

    assert "Shall I take a message" in replies[-1].text and replies[-1].flow is None


@pytest.mark.parametrize("text", ["can I leave a message", "could somebody call me back", "please call me back"])
async def test_whoever_wants_a_message_taken_in_a_flow_has_it_taken_with_what_was_told(text):
    *_, reply = await talk("table", BEGINNING, text)

    assert reply.text == "Of course. What is your name?"
    assert reply.message["about"].startswith("Reserve a table. Guests: 2")
    assert [name for name, _ in reply.events] == ["flow_left"]
