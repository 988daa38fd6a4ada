"""Somebody who speaks word by word is waited for as they need it, and nobody else is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.brains.memory import KEPT_TURNS, Memory
from agents.brains.settings import TalkSettings
from agents.engine import tempo, turn_rules
from agents.engine.expectation import Expected
from tests.fakes.script import SNAPSHOT, Script

SETTINGS = TalkSettings()
FREE = Expected()
SLOW_TURN = (1.6, 4)


def wait_ms(text, expected=FREE, **known):
    pauses = known.pop("pauses", ())
    return turn_rules.end_of_turn(text, expected, pauses, SETTINGS, **known).wait_ms


def test_who_spoke_word_by_word_before_is_waited_for_from_the_first_pause_of_the_next_turn():
    pauses = (0.9, 0.8, 1.0)

    assert wait_ms("When do you open?", before=[SLOW_TURN], pauses=pauses) == 1200
    assert wait_ms("When do you open?", before=[(3.0, 2), (2.4, 1)], pauses=pauses) == 400
    assert wait_ms("When do you open?", before=[SLOW_TURN]) == 400  # how long they pause is not known


def test_a_slow_caller_who_speaks_in_one_go_is_soon_none():
    assert tempo.is_word_by_word([SLOW_TURN])
    assert not tempo.is_word_by_word([SLOW_TURN, (2.9, 1)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Yes.", Expected("yesno")), ("4217-3306", Expected("number", 8)), ("a@b.com", Expected("email"))],
)
def test_what_was_asked_for_is_whole_however_slowly_it_was_said(text, expected):
    slow = {"before": [SLOW_TURN], "pauses": (1.0,) * 5, "own_pauses": (0.9, 0.9), "spoken_s": 1.0}

    assert wait_ms(text, expected, **slow) == 400


def test_one_pause_in_the_middle_makes_no_slow_caller():
    assert tempo.told((0.9,), 2.4) == (2.4, 2)
    assert not tempo.is_word_by_word([(2.4, 2)] * 3)
    assert wait_ms("When do you open?", own_pauses=(0.9,), spoken_s=2.4) == 400


def test_a_short_answer_tells_nothing_of_a_callers_tempo():
    assert tempo.told((), 0.4) is None
    assert tempo.told((0.2,), 0.4) is None
    assert tempo.told((0.5,), 0.6) == (0.6, 2)


def test_a_turn_that_went_on_is_kept_once_and_the_oldest_is_forgotten():
    memory = Memory()
    for spoken_s in (1.0, 2.0, 3.0, 4.0):
        memory.learn_tempo((spoken_s, 1))
    memory.learn_tempo((5.0, 2), again=True)

    assert memory.tempo == [(2.0, 1), (3.0, 1), (5.0, 2)] and len(memory.tempo) == KEPT_TURNS
    assert Memory.from_json(json.loads(json.dumps(memory.to_json()))).tempo == memory.tempo


seconds = st.floats(0.0, 9.0)


@given(
    st.sampled_from(["When do you open?", "My fridge is warm.", "I would,", "Yes.", ""]),
    st.sampled_from([FREE, Expected("yesno"), Expected("number", 8)]),
    st.lists(seconds, max_size=6),
    st.lists(seconds, max_size=6),
    st.lists(st.tuples(seconds, st.integers(1, 9)), max_size=3),
    seconds,
    st.sampled_from(["", "thinking", "answer", "sure", "asked", "none"]),
    st.sampled_from(["en", "de", "fr", ""]),
)
def test_a_tempo_only_ever_lengthens_a_wait_and_never_past_that_of_more_to_come(
    text, expected, pauses, own_pauses, before, spoken_s, mind, language
):
    def end(**known):
        return turn_rules.end_of_turn(text, expected, known.pop("pauses", ()), SETTINGS, language, mind=mind, **known)

    usual = end()
    slow = end(pauses=pauses, own_pauses=own_pauses, before=before, spoken_s=spoken_s)

    assert 400 <= usual.wait_ms <= slow.wait_ms <= 1600
    assert ("slow_caller" in slow.reasons) == (slow.wait_ms > usual.wait_ms)


def test_a_call_learns_the_tempo_of_its_caller_once_a_turn():
    script = Script(SNAPSHOT).says("Somehow", after=0.5)
    for word in ("milk", "is", "sour"):
        script.says(word, pause=0.6)
    call = script.says("When do you open in the morning?", after=1).leaves(after=1).play()

    slow, fluent = call.agent.state()["tempo"]
    assert slow[1] == 4 and tempo.is_word_by_word([slow])
    assert fluent[1] == 1
    reasons = call.decisions("visitor")[-1]["end"]["reasons"]
    assert "slow_caller" in reasons
