"""Why turns changed hands, in an admin's words."""

from agents.engine import turn_words
from calling.models import Turn
from studio.pages.calls import transcript, turn_wording


def test_every_reason_of_the_rules_has_words():
    assert turn_words.REASONS <= set(turn_wording.REASONS)


def test_a_visitors_turn_tells_how_long_its_end_was_waited_for_and_why():
    end = {"tier": "unknown", "wait_ms": 1200, "reasons": ["statement", "slow_caller"]}
    turn = Turn(index=1, speaker="visitor", text="My fridge is warm.", started_s=1, ended_s=2, decision={"end": end})

    line = transcript._turn(turn, None)

    assert line.waited == "Waited 1.2 s"
    assert line.waited_why == "The words did not tell whether more was to come, this visitor pauses for long"


def test_a_turn_from_before_there_were_reasons_says_nothing():
    assert turn_wording.whose_turn({}) == ("", "")
