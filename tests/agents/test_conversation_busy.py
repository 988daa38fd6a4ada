"""Conversations on a machine that is busy: words come late, and nobody is blamed for it."""

import pytest

from agents.engine.notes import Ending
from tests.fakes.script import Script
from tests.fakes.sentences import GREETING, HOURS, NOT_HEARD, PROMPTS

LONG = "I was told by a friend of mine that you close at six every day but when do you open?"


class Slow:
    """How long each attempt to transcribe takes, one after the other; the last one is repeated."""

    def __init__(self, *seconds):
        self._seconds = list(seconds)

    def __call__(self):
        return self._seconds.pop(0) if len(self._seconds) > 1 else self._seconds[0]


@pytest.mark.parametrize("takes_s", [2.0, 6.0, 13.0])
def test_late_words_are_kept_answered_and_not_taken_for_silence(takes_s):
    call = Script(hearing_takes_s=takes_s, silence_prompt_s=5).says(LONG, after=0.5).leaves(at=60).play()

    assert ("visitor", LONG) in call.turns
    assert call.said[-1] == HOURS or HOURS in call.said
    before = call.said[: call.said.index(HOURS)]
    assert not set(before) & set(PROMPTS)


def test_the_agent_does_not_ask_who_is_there_during_speech():
    text = " ".join(f"word{number}" for number in range(60))  # 14 s

    call = Script(hearing_takes_s=9, silence_prompt_s=4).says(text, after=0.5).leaves(pause=0.1).play()

    assert call.said == [GREETING]


def test_silence_is_not_transcribed():
    call = Script(hearing_takes_s=6).says("When do you open?", after=0.5).leaves(at=40).play()

    assert ("visitor", "When do you open?") in call.turns
    assert max(call.hearing.asked) < 0.96 + 0.7  # the words, some sound before and a short tail


def test_a_turn_without_words_in_time_gets_an_honest_sentence_and_its_answer_when_they_come():
    call = Script(hearing_takes_s=13).says("When do you open?", after=0.5).leaves(at=27).play()

    assert call.said == [GREETING, NOT_HEARD, HOURS]
    assert ("visitor", "When do you open?") in call.turns


def test_the_end_of_a_turn_has_a_deadline_and_late_words_are_still_written_down():
    slow = Slow(0.05, 0.05, 0.05, 20.0, 0.05)  # three captions, then the last words hang
    text = "When do you open and can I come by bus today?"

    call = Script(hearing_takes_s=slow, partial_every_ms=700).says(text, after=0.5).leaves(at=40).play()

    visitor = [turn for turn in call.notes.written if turn.speaker == "visitor"]
    assert text.startswith(visitor[0].text) and visitor[0].text != text
    assert visitor[-1].text == text and visitor[-1].index == visitor[0].index
    assert call.said[1] == HOURS


def test_an_ear_that_never_answers_ends_the_call_with_an_apology():
    call = Script(hearing_takes_s=10_000).says("When do you open?", after=0.5).play()

    assert call.ending == Ending("failed", "AGENT_FAILURE")
    assert call.events("provider_failed") == [{"part": "hearing", "permanent": False}]


def test_what_is_degraded_is_said_and_so_is_that_it_is_over():
    slow = Slow(*[0.05] * 3, *[4.0] * 2, 0.05)

    call = (
        Script(hearing_takes_s=slow)
        .says("When do you open?", after=0.5)
        .says("When do you open?", after=0.5)
        .says("When do you open?", after=0.5)
        .says("When do you open?", after=0.5)
        .says("When do you open?", after=0.5)
        .leaves(after=1)
        .play()
    )

    levels = [event["level"] for event in call.events("hearing_degraded")]
    assert levels[0] > 0 and max(levels) == 3 and levels[-1] < max(levels)
    assert call.said.count(HOURS) == 5


def test_the_last_words_are_kept_as_far_as_they_are_known_when_the_visitor_leaves_a_busy_machine():
    slow = Slow(0.05, 0.05, 0.05, 60.0)
    text = "When do you open and can I come by bus today?"

    call = Script(hearing_takes_s=slow).says(text, after=0.5).leaves(pause=0.3).play()

    speaker, kept = call.turns[-1]
    assert speaker == "visitor" and kept and text.startswith(kept)


@pytest.mark.parametrize("pause_s", [0.1, 0.5, 3.0])
@pytest.mark.parametrize("takes_s", [3.0, 6.0, 9.0])
def test_who_hangs_up_while_words_are_late_loses_none_of_them(takes_s, pause_s):
    call = Script(hearing_takes_s=takes_s).says(LONG, after=0.5).leaves(pause=pause_s).play()

    assert ("visitor", LONG) in call.turns


def test_what_is_transcribed_when_somebody_hangs_up_is_waited_for_and_not_begun_anew():
    call = Script(hearing_takes_s=8).says("When do you open?", after=0.5).leaves(pause=2).play()

    assert ("visitor", "When do you open?") in call.turns
    assert len(call.hearing.asked) <= 2  # a caption at most, and the last words


def test_words_that_never_come_keep_no_call_from_its_end():
    call = Script(hearing_takes_s=1000).says("When do you open?", after=0.5).leaves(pause=2).play()

    assert call.ending is not None and [speaker for speaker, _text in call.turns] == ["agent"]
