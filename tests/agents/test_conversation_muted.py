"""A visitor who is muted, or whose microphone is gone: a state that lasts, not a silence to ask about."""

import pytest

from agents.engine.line import Muted
from agents.engine.notes import Ending
from tests.fakes.script import Script
from tests.fakes.sentences import GREETING, HOURS, MUTED_GOODBYE, PROMPTS

REASONS = ["muted", "track_ended", "taken", "typing"]


@pytest.mark.parametrize("reason", REASONS)
def test_a_muted_visitor_is_not_asked_whether_they_are_there(reason):
    call = Script(silence_prompt_s=4).reports(Muted(True, reason), after=0.5).leaves(at=120).play()

    assert call.said == [GREETING]
    assert call.ending == Ending("visitor_ended")


def test_the_clock_begins_anew_when_the_microphone_is_open_again():
    call = (
        Script(silence_prompt_s=4)
        .reports(Muted(True), after=3)
        .reports(Muted(False), pause=60)
        .leaves(pause=3.5)
        .play()
    )

    assert call.said == [GREETING]


def test_after_the_microphone_is_open_again_silence_is_asked_about_as_usual():
    call = (
        Script(silence_prompt_s=4).reports(Muted(True), after=1).reports(Muted(False), pause=30).leaves(pause=5).play()
    )

    assert call.said == [GREETING, PROMPTS[0]]


def test_one_of_two_reasons_gone_leaves_the_other():
    call = (
        Script(silence_prompt_s=4)
        .reports(Muted(True), after=0.5)
        .reports(Muted(True, "track_ended"), pause=1)
        .reports(Muted(False), pause=1)
        .leaves(pause=30)
        .play()
    )

    assert call.said == [GREETING]


def test_a_question_whether_anybody_is_there_stops_when_the_visitor_turns_out_to_be_muted():
    call = Script(silence_prompt_s=4).reports(Muted(True), at=6.5).leaves(at=60).play()

    assert call.said[0] == GREETING and len(call.said) == 2
    assert call.notes.turns[1].interrupted
    assert PROMPTS[0].startswith(call.said[1])


def test_muting_does_not_stop_an_answer():
    call = Script().says("When do you open?", after=0.5).reports(Muted(True), into=0.5).leaves(after=30).play()

    assert call.said == [GREETING, HOURS]
    assert not call.notes.turns[-1].interrupted


@pytest.mark.parametrize("reason", REASONS)
def test_a_call_muted_for_very_long_ends_with_honest_words(reason):
    call = Script(silence_prompt_s=4, muted_max_s=90).reports(Muted(True, reason), after=0.5).play()

    assert call.ending == Ending("silence")
    assert len(call.said) == 2
    assert (call.said[1] == MUTED_GOODBYE) is (reason == "muted")


def test_a_gap_does_not_count_as_muted_time():
    call = (
        Script(silence_prompt_s=4, muted_max_s=30)
        .reports(Muted(True), after=0.5)
        .loses_connection(100, pause=1)
        .leaves(pause=5)
        .play()
    )

    assert call.said == [GREETING]


def test_a_restored_agent_knows_that_the_visitor_is_muted():
    first = Script(silence_prompt_s=4).reports(Muted(True), after=0.5).leaves(pause=1).play()

    second = Script(state=first.agent.state(), silence_prompt_s=4).leaves(at=30).play()

    assert second.said == []


def test_a_visitor_who_was_muted_before_is_believed_when_heard():
    """A page that forgot to say that the microphone is open again."""
    call = Script().reports(Muted(True), after=0.2).says("When do you open?", pause=1).leaves(after=1).play()

    assert call.said == [GREETING, HOURS]
