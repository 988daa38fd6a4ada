"""More kinds of faults that unseen conversations showed: each with sayings of its own."""

import pytest

from agents.brains.collecting import kinds
from agents.brains.collecting.base import Asking
from agents.brains.flows import orders, plan, questions
from agents.brains.flows.filling import Filling
from tests.agents.grammar_cases import NOW

SIZES = {"options": [{"name": "Small"}, {"name": "Medium", "also": ["middle"]}, {"name": "Large"}]}
MOVE = plan.read(
    [
        {
            "name": "Move",
            "steps": [
                {"key": "from", "name": "Old address", "kind": "address", "ask": "From where?"},
                {"key": "to", "name": "New address", "kind": "address", "ask": "Where to?"},
                {"key": "rooms", "name": "Rooms", "kind": "number", "ask": "How many rooms are there?"},
                {"key": "lift", "name": "Lift", "kind": "yesno", "ask": "Is there a lift?"},
            ],
        }
    ]
)[0]
FILLING = Filling(MOVE, "en", NOW)
KNOWN = {"from": "5 Orchard Close", "to": "12 Royal Crescent"}


def read(kind, text, language="en", about="", asked=True, **limits):
    return kinds.read(kind, text, Asking(NOW, language, limits, asked, about))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("the start of January, say the second", "2027-01-02"),
        ("in January on the ninth", "2027-01-09"),
        ("end of the year, no, early February, the third", "2027-02-03"),
        ("next week, Thursday", "2026-12-10"),
        ("I said Wednesday but Thursday's better", "2026-12-03"),
        ("Wednesday after work", "2026-12-02"),
        ("on Boxing Day", "2026-12-26"),
        ("Easter Monday", "2027-03-29"),
    ],
)
def test_a_day_is_found_where_more_is_said_than_the_day(text, value):
    assert read("date", text).value == value


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("mid January", "2027-01-11/2027-01-20"),
        ("at the end of the month", "2026-11-21/2026-11-30"),
        ("early next month", "2026-12-01/2026-12-10"),
    ],
)
def test_a_part_of_a_month_is_a_span(text, span):
    assert read("date", text).part == span


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("the small's too small so the large", "Large"),
        ("not the large, the medium", "Medium"),
        ("medium instead of small", "Medium"),
        ("large rather than medium", "Large"),
        ("the first one", "Small"),
    ],
)
def test_of_two_options_the_one_that_is_not_turned_down(text, value):
    assert read("choice", text, **SIZES).value == value


@pytest.mark.parametrize("text", ["first thing in the morning", "the second floor", "at the last minute"])
def test_a_place_in_a_row_of_something_else_is_no_option(text):
    assert read("choice", text, **SIZES).value == ""


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "Charlotte Webb two Bs", "Charlotte Webb"),
        ("en", "Colin Ashe with an E", "Colin Ashe"),
        ("en", "he's called Rex", "Rex"),
        ("en", "we call her Minnie", "Minnie"),
        ("de", "die Minka", "Minka"),
        ("de", "Meier mit zwei i", "Meier"),
        ("de", "Name ist Schuster", "Schuster"),
    ],
)
def test_a_name_is_what_is_left_of_what_is_said_about_it(language, text, value):
    assert read("name", text, language).value == value


@pytest.mark.parametrize("text", ["I said Monday", "yes then", "did you say that"])
def test_what_is_said_of_other_things_is_nobodys_name(text):
    assert read("name", text).value == ""


@pytest.mark.parametrize(
    ("text", "value"),
    [("but she's only five", "5"), ("my son is nearly ten", "10"), ("I turned sixty last month", "60")],
)
def test_an_age_is_told_in_passing(text, value):
    assert read("number", text, about="Age How old is the pupil?", asked=False).value == value


def test_two_addresses_in_one_breath_are_both_taken():
    told = FILLING.fill("can you move my things from 8 Mill Lane to 4 The Green", {}, None).values

    assert told == {"from": "8 Mill Lane", "to": "4 The Green"}


def test_the_address_that_is_named_is_the_one_that_is_put_right():
    assert FILLING.corrected("the new address is wrong, it's number fifteen", KNOWN).values == {
        "to": "15 Royal Crescent"
    }
    assert FILLING.corrected("sorry the old address should be number 7", KNOWN).values == {"from": "7 Orchard Close"}


def test_rooms_are_no_address():
    asked = MOVE.step("to")

    assert FILLING.misplaced("six rooms and a garage", {"from": "5 Orchard Close"}, asked) == {"rooms": "6"}
    assert FILLING.misplaced("6 Garage Lane", {"from": "5 Orchard Close"}, asked) == {}


def test_a_question_with_the_words_of_a_step_is_no_answer_to_it():
    about = "Breakfast Would you like breakfast?"

    assert (
        questions.of_any_form("is breakfast included") and not read("yesno", "is breakfast included", about=about).value
    )
    assert read("yesno", "without breakfast", about=about).value == "no"
    assert read("yesno", "breakfast yes", about=about).value == "yes"


@pytest.mark.parametrize("text", ["could I come by on Friday", "can we do three", "könnte ich am Freitag vorbeikommen"])
def test_a_proposal_is_no_question_in_between(text):
    assert not questions.of_any_form(text)


@pytest.mark.parametrize("text", ["I don't do email", "I do not use one", "no email"])
def test_whoever_does_not_have_it_leaves_it_out(text):
    assert orders.nothing(text, "E-mail Is there an e-mail address?")
