"""A caller who goes on over the first moments of an answer: still the same turn, answered once."""

import dataclasses

import pytest

from agents.brains.snapshot import TopicSnapshot
from tests.fakes.script import SNAPSHOT, TOPICS, Script, slow_engines
from tests.fakes.sentences import GREETING, HOURS, TYRES

FRIDGE = "The guarantee covers a fridge that is too warm, so please bring it here."
SHOP = dataclasses.replace(
    SNAPSHOT, topics=(*TOPICS, TopicSnapshot("guarantee", ("My fridge is too warm what should I do?",), FRIDGE))
)
UNKNOWN = "I am sorry, I do not know that. Shall I take a message, so that somebody gets back to you?"


def visitor(call):
    return [text for speaker, text in call.turns if speaker == "visitor"]


@pytest.mark.parametrize("into", [0.1, 0.7, 1.3])
def test_a_question_that_belongs_to_the_statement_before_it_is_answered_with_it(into):
    call = (
        Script(SHOP)
        .says("Somehow the milk is sour", after=0.5)
        .says("my fridge is too warm", into=into)
        .leaves(after=1)
        .play()
    )

    assert visitor(call) == ["Somehow the milk is sour my fridge is too warm"]
    assert call.said[-1] == FRIDGE and len(call.said) == 3
    first_try = call.notes.turns[2]
    assert first_try.interrupted and first_try.planned == UNKNOWN


def test_the_agent_is_silent_within_three_tenths_of_a_second():
    call = (
        Script(SHOP)
        .says("Somehow the milk is sour", after=0.5)
        .says("my fridge is too warm", into=0.7)
        .leaves(after=1)
        .play()
    )

    began = next(event.at_s for event in call.line.history if event.what == "started" and event.detail in UNKNOWN) + 0.7
    silent = next(event.at_s for event in call.line.history if event.what == "paused")
    assert silent - began <= 0.3


def test_why_a_turn_was_joined_is_kept_with_it():
    call = (
        Script(SHOP)
        .says("Somehow the milk is sour", after=0.5)
        .says("my fridge is too warm", into=0.7)
        .leaves(after=1)
        .play()
    )

    [decision] = call.decisions("visitor")
    assert decision["joined"]["do"] == "join" and decision["joined"]["after_ms"] > 900
    assert decision["end"]["reasons"]


def test_nothing_of_the_answer_that_was_cut_counts_as_said():
    call = (
        Script(SHOP).says("Somehow the milk is sour", after=0.5).says("and it is blue", into=0.7).leaves(after=1).play()
    )

    assert call.agent.state()["unknown"] == 1  # one question without an answer, not two
    assert call.said[-1] == UNKNOWN  # and not "that either"


def test_a_new_question_over_a_confident_answer_is_a_turn_of_its_own():
    call = (
        Script(SHOP)
        .says("When do you open?", after=0.5)
        .says("Can you mend my flat tyre?", into=0.7)
        .leaves(after=1)
        .play()
    )

    assert visitor(call) == ["When do you open?", "Can you mend my flat tyre?"]
    assert call.said[0] == GREETING and call.said[-1] == TYRES
    assert [turn.speaker for turn in call.notes.turns] == ["agent", "visitor", "agent", "visitor", "agent"]
    assert call.decisions("visitor")[1]["joined"]["do"] == "apart"


def test_a_question_that_begins_with_the_answer_goes_on_with_the_turn():
    """Nobody asks something new about an answer of which they have heard half a second."""
    call = (
        Script(SHOP)
        .says("When do you open?", after=0.5)
        .says("Can you mend my flat tyre?", into=0.3)
        .leaves(pause=12)
        .play()
    )

    assert visitor(call) == ["When do you open? Can you mend my flat tyre?"]
    assert len([text for text in call.said if text.startswith(HOURS[:10])]) <= 1  # answered once
    assert call.decisions("visitor")[0]["joined"]["do"] == "join"


def test_more_of_a_question_is_joined_even_over_a_confident_answer():
    call = Script(SHOP).says("When do you open?", after=0.5).says("on the blue moon", into=0.7).leaves(after=1).play()

    assert visitor(call) == ["When do you open? on the blue moon"]
    assert call.said[-1] == HOURS


@pytest.mark.parametrize("text", ["no something else", "wait a moment", "actually never mind", "stop that please"])
def test_words_that_take_back_what_was_said_stand_alone(text):
    call = Script(SHOP).says("Somehow the milk is sour", after=0.5).says(text, into=0.7).leaves(pause=8).play()

    assert visitor(call) == ["Somehow the milk is sour", text]


@pytest.mark.parametrize(
    "text", ["no on Tuesday", "wait I mean it is blue", "no I meant the butter", "no five of them"]
)
def test_a_correction_that_is_nothing_alone_is_joined_to_what_it_corrects(text):
    call = Script(SHOP).says("Somehow the milk is sour", after=0.5).says(text, into=0.7).leaves(pause=8).play()

    assert visitor(call) == [f"Somehow the milk is sour {text}"]


def test_more_of_a_question_over_the_first_words_of_a_question_back_is_no_answer_to_that():
    call = Script().says("My flat shoes?", after=0.5).says("with the red laces", into=0.4).leaves(pause=8).play()

    assert visitor(call) == ["My flat shoes? with the red laces"]


def test_a_sign_of_listening_in_the_first_moments_lets_the_answer_go_on():
    call = Script(SHOP).says("When do you open?", after=0.5).says("okay", into=0.6).leaves(after=1).play()

    assert call.said == [GREETING, HOURS] and visitor(call) == ["When do you open?"]


def test_a_yes_to_what_the_agent_has_begun_to_ask_is_an_answer():
    call = Script().says("My flat shoes?", after=0.5).says("Yes please", into=0.6).leaves(pause=8).play()

    assert visitor(call) == ["My flat shoes?", "Yes please"]
    assert call.said[-1] == TYRES


def test_speech_later_than_that_is_another_turn():
    call = (
        Script(SHOP)
        .says("Somehow the milk is sour", after=0.5)
        .says("my fridge is too warm", into=1.8)
        .leaves(after=1)
        .play()
    )

    assert visitor(call) == ["Somehow the milk is sour", "my fridge is too warm"]


def test_three_pieces_are_one_turn():
    call = (
        Script(SHOP)
        .says("Somehow the milk is sour", after=0.5)
        .says("and the butter", into=0.5)
        .says("my fridge is too warm", into=0.5)
        .leaves(after=1)
        .play()
    )

    assert visitor(call) == ["Somehow the milk is sour and the butter my fridge is too warm"]
    assert call.said[-1] == FRIDGE


def test_noise_over_the_first_moments_of_an_answer_changes_nothing():
    call = Script(SHOP).says("When do you open?", after=0.5).noise(0.4, into=0.5).leaves(after=1).play()

    assert call.said == [GREETING, HOURS] and visitor(call) == ["When do you open?"]


def test_a_caller_who_was_cut_off_is_waited_for_longer():
    call = (
        Script(SHOP)
        .says("Somehow the milk is sour", after=0.5)
        .says("my fridge is too warm", into=0.7)
        .leaves(after=1)
        .play()
    )

    assert max(call.agent.state()["pauses"]) > 1.5


# ── Pauses within a turn ───────────────────────────────────────────────────────────────────────────────────────


def begun_s(call):
    return [event.at_s for event in call.line.history if event.what == "started"]


@pytest.mark.parametrize("gap", [0.5, 0.7, 0.8])
def test_a_question_without_an_answer_yet_is_not_cut_off_in_a_pause(gap):
    """Half of it sounds whole to the rules; the mind, which has no answer to it, knows better."""
    call = Script(SHOP).says("Is the blue moon", after=0.5).says("too warm", pause=gap).leaves(after=1).play()

    assert visitor(call) == ["Is the blue moon too warm"]
    assert len(begun_s(call)) == 3  # the greeting, and one answer of two clauses
    assert len(call.said) == 2


def test_a_question_with_an_answer_is_answered_as_soon_as_ever():
    call = Script(SHOP).says("When do you open?", after=0.5).leaves(after=1).play()

    [decision] = call.decisions("visitor")
    assert decision["end"] == {"tier": "over", "wait_ms": 400, "reasons": ["question"]}


def test_a_mind_that_is_still_thinking_is_waited_for_and_not_for_ever():
    engines, tones = slow_engines(thinking_s=6.0)
    call = Script(SHOP, engines=engines, tones=tones).says("When do you open?", at=20).leaves(after=1).play()

    [decision] = call.decisions("visitor")
    assert decision["end"]["reasons"] == ["question", "thinking"]
    assert call.said[-1] == HOURS


def test_a_slow_caller_is_not_cut_off_at_the_third_pause():
    """Two pauses of this turn tell how long the next one may be."""
    script = Script(SHOP).says("My milk is", after=0.5).says("blue and it is", pause=1.2).says("sour today", pause=1.2)
    call = script.says("and the butter", pause=1.3).leaves(after=1).play()

    assert visitor(call) == ["My milk is blue and it is sour today and the butter"]
    assert not any(turn.interrupted for turn in call.notes.turns)


def test_the_pauses_of_a_piece_that_was_answered_too_soon_count_in_the_next_one():
    call = (
        Script(SHOP)
        .says("Somehow the milk is sour", after=0.5)
        .says("my fridge is warm", into=0.3)
        .leaves(after=1)
        .play()
    )

    [decision] = call.decisions("visitor")
    assert decision["end"]["reasons"][-1] == "slow_caller"
