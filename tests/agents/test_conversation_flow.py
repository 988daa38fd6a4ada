"""Flows in a spoken conversation: the keypad, and what turn taking waits for."""

import dataclasses

import pytest

from agents.brains.flows import plan
from agents.brains.memory import Memory
from agents.engine.expectation import FREE, YES_OR_NO, Expected, expected_now
from agents.engine.keypad import WAIT_S, Keypad
from agents.engine.line import Dtmf
from tests.fakes.script import SNAPSHOT, Script

CALL_BACK = {
    "name": "Call back",
    "starts": ["Ring me please"],
    "steps": [{"key": "phone", "name": "Phone", "kind": "phone", "ask": "Which number?"}],
}
FLOWS = dataclasses.replace(SNAPSHOT, flows=plan.read([CALL_BACK]))


def typed(script, keys, **first):
    """Keys one after the other, the first one at some moment."""
    for key in keys:
        script = script.reports(Dtmf(key), **(first or {"pause": 0.2}))
        first = {}
    return script


def test_a_number_typed_on_the_keypad_is_an_answer_when_it_is_closed_with_a_hash():
    script = Script(FLOWS).says("Ring me please", after=0.5)
    call = typed(script, "5550142#", after=0.5).leaves(after=1).play()

    assert ("visitor", "5550142") in call.turns
    assert call.said[-1] == "Let me read that back. Phone: 5 5 5, 0 1 4 2. Is that right?"


def test_a_star_begins_anew_and_waiting_ends_it():
    pad = Keypad()
    assert [pad.press(key, at) for at, key in enumerate("12*34")] == [""] * 5
    assert pad.waited(4 + WAIT_S - 0.1) == ""
    assert (pad.waited(4 + WAIT_S), pad.waited(100)) == ("34", "")
    assert [pad.press(key, 0) for key in "7#"] == ["", "7"]


def test_where_no_digits_are_asked_for_a_key_is_no_answer():
    call = typed(Script(FLOWS), "12#", after=0.5).leaves(pause=1).play()

    assert [speaker for speaker, _ in call.turns] == ["agent"]


@pytest.mark.parametrize(
    ("memory", "expected"),
    [
        (Memory(flow={"flow": "x", "step": "name", "expects": "name"}, last_said="Who?"), Expected("name")),
        (Memory(flow={"flow": "x", "step": "check", "expects": "yesno"}), YES_OR_NO),
        (Memory(message={"step": "number"}, last_said="Danke. Unter welcher Nummer?"), Expected("number")),
        (Memory(message={"step": "offer"}), YES_OR_NO),
        (Memory(asked=("Parking",)), YES_OR_NO),
        (Memory(last_said="What is your name?"), Expected("name")),
        (Memory(flow={"flow": "x", "expects": "nonsense"}), FREE),
    ],
)
def test_a_flow_or_a_message_knows_what_kind_of_answer_is_due(memory, expected):
    assert expected_now(memory) == expected
