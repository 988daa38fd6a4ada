"""Flows among people: how they begin, questions in between, answers in other words, answers that never come."""

import threading
from datetime import datetime

import pytest

from agents.brains.base import Turn, whole
from agents.brains.collecting import kinds
from agents.brains.collecting.base import Asking
from agents.brains.flows import plan, starting
from agents.brains.flows.filling import Filling
from agents.brains.flows.running import Running
from agents.brains.memory import Memory
from agents.speech.providers.scripted import ScriptedMeaning
from bench.flows import play

TRADES = play.read_set("first")
FLOWS = plan.read([row for row in TRADES["flows"].values() if row["language"] == "en"])
DEVICES = [{"name": "Washing machine", "also": ["washer"]}, {"name": "Dishwasher"}]
NOW = datetime(2026, 11, 30, 10)


async def talk(flow, *texts):
    brain, memory = play.brain_of(TRADES, flow, ScriptedMeaning()), Memory(greeted=True)
    replies = []
    for text in texts:
        reply = await whole(brain, Turn(text), memory)
        reply.remember(memory)
        memory.last_said = reply.text
        replies.append(reply)
    return replies


def read(kind, text, about="", language="en", **given):
    return kinds.read(kind, text, Asking(NOW, language, about=about, **given))


@pytest.mark.parametrize(
    "text",
    ["hi could we get a table by the window on Friday please", "uh I'd love to book for tomorrow a table for six"],
)
async def test_a_flow_begins_with_the_words_of_an_example_whatever_is_said_around_them(text):
    (reply,) = await talk("table", text)

    assert reply.source == "flow:Reserve a table" and reply.data


@pytest.mark.parametrize(
    "text", ["I'd like to cancel my table", "How do I book a table?", "I do not want a table", "the table is wet"]
)
def test_words_of_an_example_in_a_question_or_a_cancellation_begin_nothing(text):
    assert starting.begun_by("I'd like a table", FLOWS) == "Reserve a table"
    assert starting.begun_by(text, FLOWS) == ""


@pytest.mark.parametrize(
    "text",
    [
        "how much is a service on Friday",
        "I'd like a service on Friday, how much is that?",
        "I'd like to know the price of a service",
        "I want to cancel my service on Friday",
        "Ich möchte wissen, was eine Inspektion am Freitag kostet",
        "a service on Friday",
    ],
)
def test_a_question_and_what_is_to_be_undone_are_no_wish_to_begin(text):
    assert starting.requests("I'd like a service on Friday") and starting.requests("Kann ich am Freitag kommen?")
    assert not starting.requests(text)


async def test_what_was_said_before_a_question_back_is_not_asked_again():
    brain = play.brain_of(TRADES, "table", ScriptedMeaning())
    memory = Memory(greeted=True, asked=("Reserve a table",), question="Friday night with friends maybe")
    reply = await whole(brain, Turn("for four at eight"), memory)

    assert reply.data == {"people": "4", "day": "2026-12-04", "time": "20:00"}


@pytest.mark.parametrize("text", ["do you take cash", "hang on, can I bring my dog?", "wait is there a car park"])
async def test_a_question_in_between_is_nobodys_name(text):
    *_, reply = await talk("table", "I'd like a table for two on Friday at eight", text)

    assert reply.text.endswith("What name is that under?") and "name" not in reply.data
    assert "I did not" not in reply.text


async def test_a_question_that_nobody_can_answer_is_said_to_be_one():
    *_, reply = await talk("table", "I'd like a table for two on Friday at eight", "is the chef married?")

    assert reply.text == "I am afraid I do not know that. What name is that under?"


async def test_a_day_that_cannot_be_is_refused_when_it_is_told_at_the_start_too():
    (reply,) = await talk("table", "I'd like a table for two for tonight")

    assert "It cannot be Monday, 30 November." in reply.text and "day" not in reply.data


async def test_a_time_that_cannot_be_is_refused_at_once_wherever_it_is_told():
    (begun,) = await talk("table", "I'd like a table for Friday at nine in the morning")
    assert "It has to be between noon and 10 pm." in begun.text and begun.data == {"day": "2026-12-04"}

    *_, later = await talk("table", "I'd like a table", "for two on Friday at nine in the morning")
    assert "It has to be between noon and 10 pm." in later.text and later.data == {"people": "2", "day": "2026-12-04"}


async def test_the_same_thing_asked_in_vain_ends_in_a_message_whatever_else_was_understood():
    texts = ["Friday", "at nine", "purple", "Thursday", "at ten", "lamp", "Friday", "at nine"]
    replies = await talk("doctor", "I need to see a doctor", *texts)

    given_up = next(reply for reply in replies if any(name == "flow_left" for name, _ in reply.events))
    assert "Shall I take a message" in given_up.text and given_up.message["step"] == "offer"
    assert "Friday" in given_up.message["about"] or "Thursday" in given_up.message["about"]


async def test_the_number_somebody_calls_from_cannot_be_seen_and_that_is_said():
    *_, reply = await talk("table", "I'd like a table for two on Friday at eight", "Ann", "the number I'm calling from")

    assert reply.text.startswith("I cannot see the number you are calling from.") and "phone" not in reply.data


async def test_a_pain_in_the_back_is_no_way_back():
    *_, reply = await talk("doctor", "I need to see a doctor", "I've got a terrible pain in my back")

    assert reply.data["reason"] == "Something acute"


async def test_a_weekday_that_corrects_a_day_is_the_one_of_that_week():
    *_, reply = await talk("table", "I'd like a table", "for two", "next Thursday", "no sorry Wednesday")

    assert reply.data["day"] == "2026-12-09"


async def test_a_birthday_without_its_year_is_asked_for_it():
    replies = await talk(
        "doctor", "I need to see a doctor on Friday at nine", "check-up", "no", "Ann Bell", "the 5th of May", "72"
    )

    assert replies[-2].text == "And the year?" and replies[-1].data["birth"] == "1972-05-05"


@pytest.mark.parametrize(
    ("text", "language", "people"),
    [
        ("just me and my wife", "en", "2"),
        ("three adults and two small kids", "en", "5"),
        ("me, my husband and our three children", "en", "5"),
        ("my parents and me", "en", "3"),
        ("four plus a baby", "en", "5"),
        ("there's four of us, oh wait, make that six", "en", "6"),
        ("only me", "en", "1"),
        ("meine Frau und ich", "de", "2"),
        ("drei Erwachsene und ein Kind", "de", "4"),
        ("wir sind jetzt doch sieben.", "de", "7"),
    ],
)
def test_people_who_are_named_are_counted(text, language, people):
    about = "Guests How many of you?" if language == "en" else "Personen Für wie viele Personen?"

    assert read("number", text, about, language).value == people


@pytest.mark.parametrize(
    ("kind", "text", "value", "limits"),
    [
        ("date", "Wednesday the week after next", "2026-12-16", {}),
        ("date", "the thirtieth of the eleventh two thousand and one", "2001-11-30", {"when": "past"}),
        ("date", "fourteen three eighty two", "1982-03-14", {"when": "past"}),
        ("time", "Half six.", "18:30", {"from": "12:00", "to": "22:00"}),
        ("name", "Bell, Jonathan Bell", "Jonathan Bell", {}),
        ("address", "to my work, that's 120 Bishop Street", "120 Bishop Street", {}),
        ("choice", "dish washer", "Dishwasher", {"options": DEVICES}),
        ("yesno", "first time yes", "yes", {}),
        ("phone", "oh right 07700 900 808", "07700900808", {}),
    ],
)  # fmt: skip
def test_ways_to_say_it(kind, text, value, limits):
    assert read(kind, text, limits=limits).value == value


def test_doubles_without_end_are_no_letters():
    assert read("code", "double triple " * 60 + "a").problem
    assert read("name", "triple " * 100 + "b").problem


async def test_a_long_text_is_read_beside_the_loop(monkeypatch):
    threads, step = [], Running.step
    monkeypatch.setattr(
        Running, "step", lambda self, *given: threads.append(threading.current_thread()) or step(self, *given)
    )
    *_, reply = await talk("table", "I'd like a table", "for four", "seven " * 2_000)

    assert reply.text and threads[0] is threading.main_thread() and threads[1] is not threading.main_thread()


@pytest.mark.parametrize(
    ("kind", "value", "text", "wanted"),
    [
        ("address", "64 Maple Drive", "I said Maple Grove not Maple Drive", "64 Maple Grove"),
        ("address", "Flat 3, 27 Station Road", "the house number is 29", "Flat 3, 29 Station Road"),
        ("address", "52 Union Street, Leeds", "no the street is Onion Street", "52 Onion Street, Leeds"),
        ("address", "33 Park Lane", "and the postcode is M1 4BT", "33 Park Lane, M1 4BT"),
        ("phone", "07700900222", "no it ends in 223", "07700900223"),
        ("name", "Tom Becker", "Becher, not Becker", "Tom Becher"),
    ],
)
def test_a_part_of_what_is_known_is_put_right(kind, value, text, wanted):
    flow = plan.Flow("x", steps=(plan.Step("it", "It", kind, "Which?"),))

    assert Filling(flow, "en", NOW).corrected(text, {"it": value}).values == {"it": wanted}


async def test_make_it_is_an_answer_where_that_was_asked():
    *_, reply = await talk("table", "I'd like a table for four this Saturday", "make it half eight")

    assert reply.data == {"people": "4", "day": "2026-12-05", "time": "20:30"}
