"""Why turns changed hands, in an admin's words."""

from django.utils.translation import override

from agents.brains import doubt
from agents.engine import turn_words
from calling.models import Turn
from studio.pages.calls import transcript, turn_wording


def test_every_reason_of_the_rules_has_words():
    answered = {"answered", "answered_surely", "as_expected", "unanswered"}  # turn_rules
    weighed = answered | {"perhaps_asked", "thinking", "slow_caller"}
    assert turn_words.REASONS | weighed <= set(turn_wording.REASONS)


def test_a_visitors_turn_tells_how_long_its_end_was_waited_for_and_why():
    end = {"tier": "unknown", "wait_ms": 1200, "reasons": ["statement", "slow_caller"]}
    turn = Turn(index=1, speaker="visitor", text="My fridge is warm.", started_s=1, ended_s=2, decision={"end": end})

    line = transcript._turn(turn, None)

    assert line.waited == "Waited 1.2 s"
    with override("de"):
        assert transcript._turn(turn, None).waited == "1,2 s gewartet"
    assert line.waited_why == "The words did not tell whether more was to come, this visitor pauses for long"


def test_what_went_over_an_answer_without_stopping_it_is_told():
    overlaps = [
        {"do": "go_on", "reasons": ["listening"], "text": "okay", "at_s": 3.0, "held_ms": 600},
        {"do": "go_on", "reasons": ["no_words"], "text": "", "at_s": 4.0, "held_ms": 600},
        {"do": "stop", "reasons": ["words"], "text": "how much", "at_s": 5.0, "held_ms": 600},
    ]
    turn = Turn(index=2, speaker="agent", text="Yes.", started_s=1, ended_s=6, decision={"overlaps": overlaps})

    assert transcript._turn(turn, None).overlaps == [
        "Visitor said “okay” over it; the agent went on",
        "The agent held its voice for a noise and went on",
    ]


def test_how_a_second_piece_was_taken_is_told_with_the_wait():
    end = {"tier": "over", "wait_ms": 400, "reasons": ["question"]}

    _, why = turn_wording.whose_turn({"end": end, "joined": {"do": "join", "after_ms": 1900}})

    assert why == "It was a whole question. Went on after a pause: one turn, one answer"


def test_a_turn_from_before_there_were_reasons_says_nothing():
    assert turn_wording.whose_turn({}) == ("", "")


def test_why_an_agent_asked_about_the_words_is_told():
    asked = {"doubt": {"do": "say_back", "reasons": ["hangs_on_doubtful"]}}

    assert turn_wording.doubted(asked) == ["The answer hung on words that were heard badly, so the agent asked"]
    assert turn_wording.doubted({}) == turn_wording.doubted({"doubt": {"do": "trust", "reasons": ["heard_well"]}}) == []


def test_every_reason_to_doubt_has_words():
    assert set(turn_wording.DOUBTS) == doubt.REASONS - {"heard_well"}
