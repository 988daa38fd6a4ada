"""Kinds of turns that flows took wrongly: more than a yes, changes at the end, words that sound like numbers."""

import numpy as np
import pytest

from agents.brains import indexing, lookup
from agents.brains.collecting import digits, kinds
from agents.brains.collecting.base import Asking
from agents.brains.collecting.tokens import tokens
from agents.brains.flows.passing import behind_yes
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot
from tests.agents.test_flow_talk import NOW, talk

TABLE = ("a table for three on Friday", "at eight", "Ann Bell", "020 7946 0018", "no wishes")
CHECK = TABLE[:-1]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("yes that's right, and we need a high chair", "we need a high chair"),
        ("yeah, correct, oh and my brother uses a wheelchair", "my brother uses a wheelchair"),
        ("ja genau, und wir bringen einen Hund mit", "wir bringen einen Hund mit"),
        ("that's right and can I park there", "can I park there"),
    ],
)
def test_what_stands_behind_a_yes_is_found(text, rest):
    assert behind_yes(text).text == rest


@pytest.mark.parametrize("text", ["yes", "yes that's right", "ja, das stimmt", "yes please", "no, and four"])
def test_a_bare_yes_has_nothing_behind_it(text):
    assert behind_yes(text) is None


@pytest.mark.parametrize("text", ["yes but the name is wrong", "ja, aber der Name stimmt nicht", "yes, only not then"])
def test_a_yes_with_a_but_is_none(text):
    assert behind_yes(text).contrasts


async def test_a_wish_behind_the_yes_is_noted_with_it():
    replies = await talk("table", *TABLE, "yes that's right, and one of us needs a high chair")

    assert replies[-1].source.startswith("flow_finished:")
    assert replies[-1].data["wish"] == "one of us needs a high chair"


async def test_a_question_behind_the_yes_is_answered_and_the_flow_ends():
    replies = await talk("table", *TABLE, "yes that's right, and where can I park?")

    assert replies[-1].source.startswith("flow_finished:") and "park" in replies[-1].text.lower()


async def test_a_but_behind_the_yes_asks_what_to_change():
    replies = await talk("table", *TABLE, "yes but something is not as I said")

    assert replies[-1].flow["step"] == "fix"


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("make it four", "people", "4"),
        ("no, five", "people", "5"),
        ("no, the third", "day", "2026-12-03"),
        ("the third", "day", "2026-12-03"),
        ("no, half past seven", "time", "19:30"),
        ("Thursday", "day", "2026-12-03"),
        ("ah no we will be five", "people", "5"),
        ("at nine please", "time", "21:00"),
    ],
)
async def test_a_change_at_the_end_goes_to_what_it_is_likeliest_about(text, key, value):
    replies = await talk("table", *TABLE, text)

    assert replies[-1].data == {**replies[-2].data, key: value}
    assert replies[-1].flow["step"] == "check"


@pytest.mark.parametrize("text", ["one moment", "a second please", "hm"])
async def test_what_is_no_value_changes_nothing_at_the_end(text):
    replies = await talk("table", *TABLE, text)

    assert (replies[-1].data or replies[-2].data) == replies[-2].data


@pytest.mark.parametrize(
    ("text", "language", "asked", "value"),
    [
        ("too", "en", True, "2"),
        ("for", "en", True, "4"),
        ("ate please", "en", True, "8"),
        ("for too", "en", True, "2"),
        ("a table for too on Wednesday", "en", False, "2"),
        ("a table for for please", "en", False, "4"),
        ("we are ate", "en", True, "8"),
        ("vir", "de", True, "4"),
        ("für sex Personen", "de", True, "6"),
    ],
)
def test_a_word_that_sounds_like_a_number_is_one_where_it_can_be_nothing_else(text, language, asked, value):
    about = "How many people?" if language == "en" else "Für wie viele Personen?"

    assert kinds.read("number", text, Asking(NOW, language, about=about, asked=asked)).value == value


@pytest.mark.parametrize("text", ["I want to go to the sea", "it is for my mother", "that too", "for my son on Friday"])
def test_such_words_in_a_sentence_are_no_numbers(text):
    assert not kinds.read("number", text, Asking(NOW, "en", about="How many people?", asked=True)).value


@pytest.mark.parametrize(
    ("text", "value"), [("at ate", "20:00"), ("ate thirty", "20:30"), ("at to thirty", "14:30"), ("at too", "14:00")]
)
def test_a_time_may_sound_like_another_word(text, value):
    limits = {"from": "12:00", "to": "22:00"}

    assert kinds.read("time", text, Asking(NOW, "en", limits=limits)).value == value


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("oh seven seven double oh nine ate for to", "en", "077009842"),
        ("five five five won too tree for", "en", "5551234"),
        ("null eins fünf sieben sex vir zwei", "de", "0157642"),
    ],
)
def test_digits_that_sound_like_words_are_digits_at_the_end_too(text, language, wanted):
    german = language == "de"

    assert [run.digits for run in digits.runs(tokens(text, german), german)] == [wanted]


def test_a_number_before_other_words_ends_where_the_digits_do():
    runs = digits.runs(tokens("five five five one two for the moment"), False)

    assert [run.digits for run in runs] == ["55512"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("before lunch", "Morning"),
        ("after lunch", "Afternoon"),
        ("first thing", "Morning"),
        ("after midday", "Afternoon"),
    ],
)
def test_before_lunch_is_not_after_lunch(text, value):
    options = {
        "options": [{"name": "Morning", "also": ["before noon"]}, {"name": "Afternoon", "also": ["after lunch"]}]
    }

    assert kinds.read("choice", text, Asking(NOW, "en", options)).value == value


class Near:
    """A meaning in which each text has the vector it is given."""

    parts, rarity = (("near", 2),), staticmethod(lambda word: 1.0)

    def __init__(self, near):
        self._near = near

    async def vectors(self, texts, *, who=None):
        return np.array([self._near.get(text, (0.0, 0.0)) for text in texts], np.float32)


@pytest.mark.parametrize(("text", "wanted"), [("what I bake in", "Oven"), ("the big one", ""), ("hm", "")])
async def test_an_option_is_understood_in_other_words_where_one_is_clearly_closest(text, wanted, monkeypatch):
    near = {
        "Oven, stove": (1, 0),
        "Fridge": (0, 1),
        "what I bake in": (0.5, 0.2),
        "the big one": (0.45, 0.4),
        "hm": (0.1, 0),
    }
    monkeypatch.setattr(indexing, "learned", lambda parts: object())
    found = lookup.Lookup(
        AgentSnapshot("Robin", "", "", "", "en", (), ()), Near(near), variant={}, language="en", settings=TalkSettings()
    )

    assert await found.option(text, [("Oven", ["Oven", "stove"]), ("Fridge", ["Fridge"])]) == wanted
