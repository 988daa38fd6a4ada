"""Days of the week in what people ask and in what topics are about."""

import pytest

from agents.brains import days
from agents.brains.follow_ups import joined
from agents.brains.lookup import Context, Lookup
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot
from agents.speech.providers.scripted import ScriptedMeaning

WORK, WEEKEND, EVERY = {0, 1, 2, 3, 4}, {5, 6}, set(range(7))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Are you open on Sundays?", {6}),
        ("Friday's fine", {4}),
        ("Monday to Friday from nine", WORK),
        ("Saturday – Tuesday", {5, 6, 0, 1}),
        ("on working days and at the weekend", EVERY),
        ("every day", EVERY),
        ("Sonntagszuschlag", {6}),
        ("Mittwoch bis Freitag", {2, 3, 4}),
        ("von lunes a viernes", WORK),
        ("du lundi au mercredi", {0, 1, 2}),
        ("am Wochenende", WEEKEND),
        ("the monsoon, a sundae, Fridamay", set()),
        ("", set()),
    ],
)
def test_days_are_read_alone_in_ranges_and_together(text: str, named: set[int]):
    assert days.named(text) == named


def test_a_day_that_is_named_now_takes_the_place_of_the_one_before():
    assert joined("When are you open on Sundays?", "And on Fridays?") == "When are you open ? And on Fridays?"
    assert joined("When are you open on Sundays?", "And the workshop?") == (
        "When are you open on Sundays? And the workshop?"
    )


def test_nothing_that_is_typed_takes_long_or_throws():
    for text in ("on " * 5_000, "monday-" * 3_000, "١٢٣ " * 3_000, "\x00\ud800"):
        days.without(text)
        days.named(text)


async def test_a_topic_named_for_another_day_is_not_the_answer():
    topics = (
        TopicSnapshot("Sunday hours", ("when are you open on Sundays",), "On Sundays from ten to five."),
        TopicSnapshot("Hours on weekdays", ("when are you open",), "Monday to Friday from nine to seven."),
        TopicSnapshot("Market", ("is there a market",), "The market is on Saturday."),
    )
    lookup = Lookup(
        AgentSnapshot("Robin", "Hello.", "", "", "en", topics, ()),
        ScriptedMeaning(),
        variant={},
        language="en",
        settings=TalkSettings(),
    )
    asked = {
        "And on Fridays?": [0],
        "Open on Sundays?": [1],
        "On Saturday?": [0, 1],
        "When?": [],
        "Any market today?": [],
    }
    assert {question: lookup._about_other_days(question) for question in asked} == asked

    after_sunday = Context(spoken=0, before="When are you open on Sundays?")
    found = await lookup.find("When are you open on Fridays?", after_sunday)
    assert found.choice.places[:1] == (1,)
    assert lookup._find_by_words("When are you open on Fridays?", after_sunday).choice.places[:1] == (1,)
