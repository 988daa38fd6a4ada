"""Flows: what is collected in a conversation, with detours, corrections, and what hearing engines make of words."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.brains.base import Turn, whole
from agents.brains.memory import Memory
from agents.speech.providers.scripted import ScriptedMeaning
from bench.flows import play

CONTENT = play.read()
SAYINGS = ["yes", "no", "skip", "go back", "start again", "tomorrow", "the first", "1234567", "sorry, I meant Friday"]


class Talk:
    """A conversation about one flow of the table."""

    def __init__(self, flow="repair", **changed):
        content = json.loads(json.dumps(CONTENT))
        content["flows"][flow] |= changed
        self.brain = play.brain_of(content, flow, ScriptedMeaning())
        self.memory = Memory(greeted=True, last_said="Hello!")
        self.replies = []

    async def say(self, *texts):
        for text in texts:
            reply = await whole(self.brain, Turn(text), self.memory)
            reply.remember(self.memory)
            self.memory.last_said = reply.text
            self.replies.append(reply)
        return self.replies[-1]

    @property
    def events(self):
        return [event for reply in self.replies for event in reply.events]


async def test_more_than_95_percent_of_the_scripted_conversations_end_with_the_right_data():
    played = await play.play_all(ScriptedMeaning())
    wrong = [str(one) for one in played if not one.right]

    assert len(played) >= 30
    assert len(wrong) < 0.05 * len(played), "\n\n".join(wrong)


@pytest.mark.parametrize("name", list(play.FIRST_TRY))
async def test_conversations_of_other_trades_that_were_seen_still_end_with_the_right_data(name):
    played = await play.play_all(ScriptedMeaning(), play.read_set(name))
    wrong = [str(one) for one in played if not one.right]

    assert len(played) == 30
    assert len(wrong) <= 0.05 * len(played), "\n\n".join(wrong)


async def test_an_example_of_the_owners_starts_it_and_everything_said_at_once_is_taken():
    reply = await Talk("table").say("I would like to book a table for four people on Friday at seven")

    assert reply.kind == "flow" and reply.source == "flow:Book a table"
    assert reply.text == "Of course. 4, Friday, 4 December, 7 pm. Under which name?"
    assert reply.data == {"people": "4", "day": "2026-12-04", "time": "19:00"}


async def test_all_is_read_back_and_kept_when_it_is_right():
    talk = Talk("callback")
    check = await talk.say("Somebody should ring me", "Ruth", "five five five, oh one four two", "My bill.")

    assert check.text == (
        "Let me read that back. Name: Ruth. Phone: 5 5 5, 0 1 4 2. What it is about: My bill. Is that right?"
    )
    assert [name for name, _ in talk.events] == ["flow_started"]

    done = await talk.say("Yes")

    assert done.source == "flow_finished:Ring me back" and done.offered and done.flow is None
    assert done.data == {"name": "Ruth", "phone": "5550142", "about": "My bill."}
    name, kept = talk.events[-1]
    assert (name, kept["end"], kept["flow"]) == ("flow_finished", "message", "Ring me back")
    assert kept["said"] == [["Name", "Ruth"], ["Phone", "5 5 5, 0 1 4 2"], ["What it is about", "My bill"]]


async def test_a_question_in_between_is_answered_and_the_same_thing_asked_again():
    talk = Talk()
    reply = await talk.say("I want to book a repair", "Where can I park?")

    assert reply.text == "Park behind the house. What is wrong with the bike?"
    assert (await talk.say("the brakes")).data == {"problem": "The brakes"}


async def test_what_only_counts_sometimes_is_asked_only_then():
    assert (await Talk().say("I want to book a repair", "the motor")).text.startswith("Could you read me the number")
    assert (await Talk().say("I want to book a repair", "the brakes")).text == "Which day suits you?"


async def test_three_answers_that_are_none_end_in_the_offer_of_a_message():
    talk = Talk()
    reply = await talk.say("I want to book a repair", "banana", "purple", "lamp")

    assert reply.text.startswith("I am sorry, I do not seem to get that right. Shall I take a message")
    assert (talk.memory.flow, talk.memory.message["about"]) == (None, "Book a repair")
    assert talk.events[-1] == ("flow_left", {"flow": "Book a repair", "reason": "stuck", "at": "What is broken"})
    assert (await talk.say("yes")).text == "Of course. What is your name?"


@pytest.mark.parametrize(
    ("said", "people", "day", "time", "name"),
    [
        ("at eight pm", "4", "2026-12-04", "20:00", None),
        ("um, on Saturday", "4", "2026-12-05", "19:00", None),
        ("Sunday Okafor", "4", "2026-12-04", "19:00", "Sunday Okafor"),
        ("April May", "4", "2026-12-04", "19:00", "April May"),
    ],
)
async def test_a_day_or_time_where_a_name_is_asked_changes_that_and_is_nobodys_name(said, people, day, time, name):
    reply = await Talk("table").say("I would like to book a table for four people on Friday at seven", said)

    assert reply.data == {"people": people, "day": day, "time": time} | ({"name": name} if name else {})
    assert "Under which name?" in reply.text or name


async def test_a_closed_day_is_refused_with_the_days_that_are_possible():
    reply = await Talk().say("I want to book a repair", "the brakes", "Sunday")

    assert reply.text == (
        "It cannot be Sunday, 6 December. Possible are Mondays, Tuesdays, Wednesdays, Thursdays, Fridays and "
        "Saturdays. Which day suits you?"
    )


async def test_what_is_not_optional_cannot_be_skipped():
    reply = await Talk().say("I want to book a repair", "skip")

    assert reply.text == "I need that to go on. What is wrong with the bike?"


async def test_never_mind_leaves_it_and_keeps_nothing():
    talk = Talk()
    reply = await talk.say("I want to book a repair", "the brakes", "never mind")

    assert reply.text.startswith("All right, I have left that.")
    assert talk.memory.flow is None
    assert [name for name, _ in talk.events] == ["flow_started", "flow_left"]


async def test_a_goodbye_in_the_middle_is_a_goodbye():
    talk = Talk()
    reply = await talk.say("I want to book a repair", "Goodbye")

    assert reply.ends_call and talk.events[-1][1]["reason"] == "goodbye"


async def test_a_topic_offers_its_flow_and_a_yes_begins_it():
    talk = Talk(topics=["Prices"], offer="Shall I book one?")
    offer = await talk.say("How much is a service?")
    assert offer.text == "A service is sixty pounds. Shall I book one?"

    assert (await talk.say("yes please")).text == "Of course. Which day suits you?"


async def test_what_was_told_with_the_question_that_led_to_an_offer_is_not_asked_again():
    talk = Talk(topics=["Prices"])
    await talk.say("How much is a service on Friday?")
    begun = await talk.say("yes please")

    assert begun.data == {"problem": "A service", "day": "2026-12-04"}


async def test_a_wish_that_tells_what_is_asked_for_begins_the_flow_of_its_topic_at_once():
    guide = Talk(topics=["Prices"]).brain._guide
    texts = ("Could you do a service on Friday?", "a service on Friday", "I'd like the prices please")

    assert [await guide.wanted_with("Prices", text) for text in texts] == ["Book a repair", "", ""]
    assert await guide.wanted_with("Parking", texts[0]) == ""


async def test_an_offer_that_is_declined_or_passed_over_is_forgotten():
    talk = Talk(topics=["Prices"])
    await talk.say("How much is a service?", "no thanks")
    assert talk.memory.flow is None and talk.memory.offered

    talk = Talk(topics=["Prices"])
    assert (await talk.say("How much is a service?", "Where can I park?")).text == "Park behind the house."
    assert talk.memory.flow is None


async def test_it_may_end_with_a_topic_or_with_a_text_that_holds_the_values():
    topic = await Talk("callback", end={"kind": "topic", "topic": "Prices"}).say(
        "Somebody should ring me", "Ruth", "5550142", "hm well", "Yes"
    )
    assert topic.text == "A service is sixty pounds."

    text = "Dear ${Name}, we call ${phone}. ${unknown} is left out. ${variant_x}"
    said = await Talk("callback", end={"kind": "say", "text": text}).say(
        "Somebody should ring me", "Ruth ${page.x}", "Ruth", "5550142", "the bill", "Yes"
    )
    assert said.text == "Dear Ruth, we call 5 5 5, 0 1 4 2. Is there anything else?"


async def test_turn_taking_is_told_what_kind_of_answer_is_due():
    talk = Talk()
    await talk.say("I want to book a repair", "the motor")
    assert talk.memory.flow["expects"] == "number" and talk.memory.flow["keypad"]
    await talk.say("BK477")
    assert talk.memory.flow["expects"] == "date" and not talk.memory.flow["keypad"]


async def test_a_flow_that_the_version_does_not_know_any_more_is_forgotten():
    talk = Talk()
    talk.memory.flow = {"flow": "Gone", "step": "name", "values": {}}

    assert (await talk.say("Where can I park?")).text == "Park behind the house."
    assert talk.memory.flow is None


@pytest.mark.parametrize("flow", CONTENT["flows"])
@settings(max_examples=15)
@given(texts=st.lists(st.text(max_size=80) | st.sampled_from(SAYINGS), max_size=8))
async def test_nothing_that_is_said_breaks_a_flow(flow, texts):
    talk = Talk(flow)
    await talk.say(CONTENT["flows"][flow]["starts"][0], *texts)

    assert all(reply.text for reply in talk.replies)
    json.dumps(talk.memory.to_json())


async def test_ten_thousand_characters_get_a_plain_answer():
    for text in ("x" * 10_000, "seven " * 2_000, "no " * 4_000, "?" * 10_000):
        reply = await Talk("callback").say("Somebody should ring me", text)
        assert reply.text
