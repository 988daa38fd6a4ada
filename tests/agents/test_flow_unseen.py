"""Kinds of faults that unseen conversations showed: each with sayings of its own."""

import pytest

from agents.brains.collecting import kinds
from agents.brains.collecting.base import Asking
from agents.brains.flows import orders, plan
from agents.brains.flows.filling import Filling
from tests.agents.test_flow_talk import NOW

DEVICES = {"options": [{"name": "Kettle"}, {"name": "Toaster"}, {"name": "Blender"}]}
PARTS = {"options": [{"name": "Vormittags"}, {"name": "Nachmittags"}]}
FLOW = plan.read(
    [
        {
            "name": "Repair",
            "starts": [],
            "steps": [
                {"key": "device", "name": "Device", "kind": "choice", "ask": "Which?", "limits": DEVICES},
                {"key": "day", "name": "Day", "kind": "date", "ask": "Which day?"},
                {"key": "time", "name": "Time", "kind": "time", "ask": "What time?"},
                {"key": "name", "name": "Name", "kind": "name", "ask": "Your name?"},
            ],
            "end": {"kind": "message"},
        }
    ]
)[0]
KNOWN = {"device": "Toaster", "day": "2026-12-01", "time": "15:00"}
FILLING = Filling(FLOW, "en", NOW)


@pytest.mark.parametrize("text", ["oh make it the day after tomorrow", "sorry, I meant the day after tomorrow"])
def test_a_step_named_inside_its_own_value_is_put_right_at_once(text):
    assert FILLING.corrected(text, KNOWN).values == {"day": "2026-12-02"}


def test_a_step_that_is_named_without_a_value_is_still_asked_for():
    assert FILLING.corrected("the day is wrong", KNOWN).problem_of == "day"


@pytest.mark.parametrize("text", ["no sorry the kettle the toaster is fine", "wait, the toaster works, the kettle"])
def test_of_two_options_the_one_that_was_not_known_is_the_correction(text):
    assert FILLING.corrected(text, KNOWN).values["device"] == "Kettle"


def test_of_two_new_options_none_is_taken():
    assert "device" not in FILLING.corrected("no the kettle or the blender", KNOWN).values


def test_number_words_alone_are_a_time_and_nobodys_name():
    name = FLOW.step("name")
    assert FILLING.misplaced("three thirty", KNOWN, name) == {"time": "15:30"}
    assert FILLING.misplaced("Three Oaks", KNOWN, name) == {}


@pytest.mark.parametrize("text", ["no need", "not necessary", "nicht nötig", "das brauche ich nicht"])
def test_no_need_is_nothing(text):
    assert orders.nothing(text)


@pytest.mark.parametrize(("text", "part"), [("früh", "Vormittags"), ("am Nachmittag", "Nachmittags")])
def test_parts_of_the_day_are_known_by_their_other_names(text, part):
    assert kinds.read("choice", text, Asking(NOW, "de", limits=PARTS, asked=True)).value == part
