"""Grammars: what people say becomes a value, or the reason why there is none."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.brains.collecting import kinds
from agents.brains.collecting.base import Asking
from tests.agents.grammar_cases import CASES, NOW


def heard(kind, language, text, limits=None, **more):
    return kinds.read(kind, text, Asking(NOW, language, limits or {}, about="How many people?", **more))


@pytest.mark.parametrize(("kind", "language", "text", "wanted", "limits"), CASES)
def test_what_was_said_is_what_is_kept(kind, language, text, wanted, limits):
    found = heard(kind, language, text, limits)

    assert (f"problem:{found.problem}" if found.problem else found.value) == wanted


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("name", "I want to book a repair"),
        ("name", "I'm calling about my bike"),
        ("name", "this is urgent"),
        ("time", "there are three of us"),
        ("time", "I have 3 bikes"),
        ("number", "at seven on the third"),
        ("phone", "order 12345"),
        ("date", "the second bike"),
        ("yesno", "yes"),
        ("text", "anything"),
        ("address", "I live in London"),
        ("amount", "in twenty days"),
        ("code", "see you at 7"),
    ],
)
def test_in_passing_nothing_is_taken_that_was_not_meant(kind, text):
    assert heard(kind, "en", text, asked=False).problem == "none"


@pytest.mark.parametrize(
    ("kind", "language", "text", "value"),
    [
        ("name", "en", "my name is Ben Oduya and I am late", "Ben Oduya"),
        ("time", "en", "on Friday at six", "18:00"),
        ("number", "en", "a table for four people", "4"),
        ("phone", "en", "call me on 0151 234 5678 please", "01512345678"),
        ("email", "en", "write to anna at gmail dot com please", "anna@gmail.com"),
        ("address", "en", "send it to 12 Baker Street, London please", "12 Baker Street, London"),
        ("amount", "en", "it may cost twenty pounds", "20 GBP"),
        ("name", "de", "ich heiße Jana Kern", "Jana Kern"),
        ("time", "de", "am Dienstag um halb drei", "14:30"),
    ],
)
def test_what_comes_along_unasked_is_taken(kind, language, text, value):
    assert heard(kind, language, text, asked=False).value == value


def test_a_number_is_said_in_two_goes():
    first = heard("phone", "en", "oh two oh")
    assert first.part == "020"
    assert heard("phone", "en", "seven nine four six double oh one eight", part=first.part).value == "02079460018"


def test_an_oh_alone_is_the_next_zero_of_a_number_that_was_begun_and_a_sigh_elsewhere():
    assert heard("code", "en", "Oh.", part="4711", limits={"length": 5}).value == "47110"
    assert heard("phone", "en", "oh, oh", part="02079").value == "0207900"
    assert heard("code", "en", "Oh, sorry?", part="4711", limits={"length": 5}).problem == "none"
    assert heard("phone", "en", "Oh.").problem == "none"


def test_a_day_of_a_week_that_is_known_is_in_that_week():
    week = heard("date", "en", "next week")
    assert heard("date", "en", "Wednesday", part=week.part).value == "2026-12-09"


def test_a_morning_that_is_known_settles_the_hour():
    part = heard("time", "en", "in the evening")
    assert heard("time", "en", "eight", part=part.part).value == "20:00"


@pytest.mark.parametrize("days", range(0, 360, 23))
def test_every_date_that_is_read_back_is_understood_again(days):
    day = (NOW + timedelta(days=days)).date()
    for language in ("en", "de"):
        said = kinds.say("date", day.isoformat(), language)
        assert heard("date", language, said.partition(", ")[2]).value == day.isoformat(), said


@pytest.mark.parametrize("minutes", range(0, 24 * 60, 35))
def test_every_time_that_is_read_back_is_understood_again(minutes):
    value = f"{minutes // 60:02}:{minutes % 60:02}"
    for language in ("en", "de"):
        if language == "de" and not 7 <= minutes // 60 < 24:
            continue  # "3 Uhr" is taken for the afternoon
        assert heard("time", language, kinds.say("time", value, language)).value == value


PIECES = ["one ", "a ", "at dot ", "no, ", "monday ", "half past ", "double ", "ein und ", "7", "eins", "my name is "]
PIECES += ["ﷺ", "\u0000", "¹²³", "१२३", "hundert"]
_ANY = st.one_of(st.text(max_size=200), st.text(alphabet="0123456789٠١٢０１２ ,.:-+@aeinot", max_size=200))


@pytest.mark.parametrize("kind", kinds.KINDS)
@settings(max_examples=60)
@given(
    text=_ANY,
    asked=st.booleans(),
    german=st.booleans(),
    part=st.sampled_from(["", "020", "am", "2026-12-07/2026-12-13", "x"]),
)
def test_no_text_makes_a_grammar_fail(kind, text, asked, german, part):
    language = "de" if german else "en"
    limits = {"options": [{"name": "The motor", "also": ["engine"]}, {"name": "A"}], "length": 5}
    found = kinds.read(kind, text, Asking(NOW, language, limits, asked, "How many people?", part))

    assert bool(found.value) != bool(found.problem)
    if found.value:
        assert kinds.say(kind, found.value, language)


@pytest.mark.parametrize("kind", kinds.KINDS)
@pytest.mark.parametrize("piece", PIECES)
def test_ten_thousand_characters_are_no_trouble(kind, piece):
    text = (piece * 10_000)[:10_000]
    for language in ("en", "de"):
        found = kinds.read(kind, text, Asking(NOW, language, {"options": [{"name": "one"}]}, True, "How many people?"))
        assert len(found.value) <= 1_000
