"""Sound over the agent's voice: held first, decided when it is known what it was."""

import dataclasses

import pytest

from agents.brains.snapshot import TopicSnapshot
from tests.fakes.script import SNAPSHOT, TOPICS, Script
from tests.fakes.sentences import GREETING, HOURS, TYRES

LONG = (
    "We have city bikes and mountain bikes and electric bikes, and we rent them out by the hour or by the day or week."
)
SHOP = dataclasses.replace(SNAPSHOT, topics=(*TOPICS, TopicSnapshot("rental", ("Which bikes can I rent?",), LONG)))
RENT = "Which bikes can I rent?"


def over_the_answer(text, *, into=2.0, louder_db=0.0, pause=9.0, **settings):
    """A question, and something over its answer, after the moments in which it would be more of the question."""
    return (
        Script(SHOP, **settings)
        .says(RENT, after=0.5)
        .says(text, into=into, louder_db=louder_db)
        .leaves(pause=pause)
        .play()
    )


def overlaps(call):
    return [overlap for decision in call.decisions("agent") for overlap in decision.get("overlaps", ())]


@pytest.mark.parametrize("text", ["okay", "mhm", "yes right", "I see", "uh-huh okay", "thank you"])
def test_a_sign_of_listening_holds_the_voice_and_lets_it_go_on(text):
    call = over_the_answer(text)

    assert call.said == [GREETING, LONG]
    assert not call.notes.turns[-1].interrupted
    assert call.happened("paused", "resumed", "cleared")[:2] == ["paused", "resumed"]
    [overlap] = overlaps(call)
    assert (overlap["do"], overlap["reasons"], overlap["text"]) == ("go_on", ["listening"], text)
    assert 0 < overlap["held_ms"] < 1000


def test_a_voice_that_was_held_goes_on_with_the_word_that_was_cut():
    call = over_the_answer("okay")

    whole = [event.detail for event in call.line.history if event.what == "ended"]
    assert " ".join(whole[-len(LONG.split(", ")) :]).endswith(LONG.split(", ")[-1])
    assert [event.detail for event in call.line.history if event.what == "resumed"] == [False]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("stop", "command"),
        ("wait please", "command"),
        ("no not that", "command"),
        ("how much?", "command"),
        ("that is too dear", "words"),
        ("okay but what about Sundays?", "words"),
    ],
)
def test_words_with_a_wish_in_them_stop_the_voice(text, reason):
    call = over_the_answer(text)

    answer = next(turn for turn in call.notes.turns if turn.planned == LONG)
    assert answer.interrupted and answer.text and LONG.startswith(answer.text)
    assert ("visitor", text) in call.turns
    [overlap] = overlaps(call)
    assert (overlap["do"], overlap["reasons"]) == ("stop", [reason])
    assert call.happened("paused", "resumed", "cleared")[:2] == ["paused", "cleared"]


def test_the_voice_is_silent_after_a_fifth_of_a_second_of_speech():
    call = over_the_answer("excuse me how much is a city bike for a week?")

    paused = next(event.at_s for event in call.line.history if event.what == "paused")
    assert paused - call.notes.turns[3].started_s == pytest.approx(0.2, abs=0.06)


def test_a_voice_in_the_background_does_not_hold_the_agents_voice():
    call = over_the_answer("did you see the game last night it was great", louder_db=-18)

    assert call.said == [GREETING, LONG]
    assert call.happened("paused") == [] and call.happened("cleared") == []
    assert call.events("sound_ignored")[0]["reason"] == "agent_speaking"


def test_a_voice_in_the_background_that_outlasts_the_answer_is_no_turn():
    words = "did you see the game last night it was great and then we went home and had some tea and cake before bed"

    call = over_the_answer(words, into=4.0, louder_db=-18)

    assert call.said == [GREETING, LONG]
    assert [turn for turn in call.turns if turn[0] == "visitor"] == [("visitor", RENT)]
    assert call.events("sound_ignored") == [{"reason": "softer", "speech_s": pytest.approx(5.5, abs=0.5)}]


def test_what_the_visitor_says_after_a_voice_in_the_background_is_theirs_alone():
    words = "did you see the game last night it was great and then we went home and had some tea and cake before bed"

    call = (
        Script(SHOP)
        .says(RENT, after=0.5)
        .says(words, into=4.0, louder_db=-18)
        .says("When do you open?", pause=0.4)
        .leaves(pause=6)
        .play()
    )

    assert [turn for turn in call.turns if turn[0] == "visitor"] == [
        ("visitor", RENT),
        ("visitor", "When do you open?"),
    ]
    assert call.said[-1] == HOURS
    assert call.events("sound_ignored")[0]["reason"] == "softer"


def test_what_the_visitor_says_after_the_agents_own_words_came_back_is_theirs_alone():
    call = (
        Script(SHOP, barge_in_ms=60_000)
        .says(RENT, after=0.5)
        .says("by the hour or by the day or week", into=4.6)
        .says("When do you open?", pause=0.4)
        .leaves(pause=6)
        .play()
    )

    assert [turn for turn in call.turns if turn[0] == "visitor"] == [
        ("visitor", RENT),
        ("visitor", "When do you open?"),
    ]
    assert call.said == [GREETING, LONG, HOURS]
    assert call.events("sound_ignored")[0]["reason"] == "own_words"


def test_the_visitors_own_level_is_not_known_before_their_first_turn():
    call = Script().says("Can you mend my flat tyre?", into=0.8, louder_db=-18).leaves(after=1).play()

    assert call.said[-1] == TYRES


def test_the_agents_own_words_coming_back_do_not_stop_it():
    call = over_the_answer("city bikes and mountain", into=2.2)

    assert call.said == [GREETING, LONG]
    assert overlaps(call)[0]["reasons"] == ["own_words"]


def test_noise_holds_the_voice_once_and_lets_it_go_on():
    call = Script(SHOP).says(RENT, after=0.5).noise(4.0, into=2.0).leaves(pause=9).play()

    assert call.said == [GREETING, LONG]
    assert call.happened("paused", "resumed") == ["paused", "resumed"]
    assert overlaps(call)[0]["reasons"] == ["no_words"]


def test_words_in_the_middle_of_noise_stop_the_voice_after_all():
    script = Script(SHOP).says(RENT, after=0.5)
    noise = script.noise(2.0, into=2.0)
    call = noise.says("how much is a city bike", pause=0.0).leaves(pause=9).play()

    assert call.notes.turns[2].interrupted


def test_an_answer_to_a_question_of_the_agent_stops_it():
    snapshot = dataclasses.replace(
        SNAPSHOT, topics=(*TOPICS, TopicSnapshot("rental", (RENT,), "Would you like a city bike or a mountain bike?"))
    )
    call = Script(snapshot).says(RENT, after=0.5).says("mhm", into=1.8).leaves(pause=6).play()

    assert overlaps(call)[0]["reasons"] == ["answer"]


def test_words_that_come_late_do_not_keep_the_voice_waiting():
    takes = iter([0.05] * 2 + [6.0] * 9)

    call = (
        Script(SHOP, hearing_takes_s=lambda: next(takes))
        .says(RENT, after=0.5)
        .says("okay", into=2.0)
        .leaves(pause=14)
        .play()
    )

    assert call.said == [GREETING, LONG]
    assert call.happened("paused", "resumed") == ["paused", "resumed"]
    assert overlaps(call)[0]["reasons"] == ["words_late"]


def test_speech_that_goes_on_stops_the_voice_even_without_words():
    takes = iter([0.05] * 2 + [6.0] * 9)
    text = "please tell me how much a city bike costs for a week or two"

    call = (
        Script(SHOP, hearing_takes_s=lambda: next(takes))
        .says(RENT, after=0.5)
        .says(text, into=2.0)
        .leaves(pause=14)
        .play()
    )

    assert call.notes.turns[2].interrupted
    assert overlaps(call)[0]["reasons"] == ["long"]
    assert ("visitor", text) in call.turns


def test_a_long_hold_begins_the_clause_again():
    takes = iter([0.05] * 2 + [1.4] * 9)

    call = (
        Script(SHOP, hearing_takes_s=lambda: next(takes))
        .says(RENT, after=0.5)
        .says("okay", into=2.0)
        .leaves(pause=14)
        .play()
    )

    assert call.said == [GREETING, LONG]
    assert [event.detail for event in call.line.history if event.what == "resumed"] == [True]


# ── What was not heard ───────────────────────────────────────────────────────────────────────────────────────


def test_an_agent_that_was_stopped_goes_on_where_it_was_when_asked_to():
    call = (
        Script(SHOP)
        .says(RENT, after=0.5)
        .says("please wait a moment", into=2.2)
        .says("go on please", pause=7)
        .leaves(after=1)
        .play()
    )

    heard, rest = call.said[1], call.said[-1]
    assert call.turns[-2] == ("visitor", "go on please")
    assert LONG.startswith(heard) and LONG.endswith(rest) and len(rest) < len(LONG)
    assert call.notes.turns[-1].source == "topic:rental"


def test_a_question_over_an_answer_drops_the_rest_of_it():
    call = over_the_answer("Can you mend my flat tyre?")

    assert call.said[-1] == TYRES
    assert call.agent.state()["unsaid"] == ""


def test_nothing_is_said_twice_after_a_hold():
    call = over_the_answer("okay")

    assert [turn.text for turn in call.notes.turns if turn.speaker == "agent"] == [GREETING, LONG]


# ── Settings ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_agent_that_is_not_to_be_interrupted_talks_on():
    call = over_the_answer("Can you mend my flat tyre?", barge_in_ms=60_000)

    assert call.said == [GREETING, LONG]
    assert call.happened("paused", "cleared") == []


def test_a_few_words_have_to_be_said_where_it_is_set_so():
    call = over_the_answer("stop", barge_in_ms=800)
    assert call.said == [GREETING, LONG] and call.happened("paused") == []

    call = over_the_answer("Can you mend my flat tyre?", barge_in_ms=800)
    assert call.said[-1] == TYRES


def test_the_greeting_is_heard_to_its_end_where_it_is_set_so():
    call = Script(barge_in_greeting=False).says("my flat tyre?", into=0.1).leaves(after=2).play()
    assert call.said == [GREETING] and not call.notes.turns[0].interrupted

    call = Script().says("Can you mend my flat tyre?", into=0.3).leaves(after=2).play()
    assert call.notes.turns[0].interrupted and call.said[-1] == TYRES


def test_an_agent_lets_itself_be_stopped_so_often_and_no_more():
    call = (
        Script(SHOP, barge_ins_max=1)
        .says(RENT, after=0.5)
        .says(RENT, into=2.0)
        .says("Can you mend my flat tyre?", into=2.0)
        .leaves(after=1)
        .play()
    )

    assert [turn.interrupted for turn in call.notes.turns if turn.speaker == "agent"] == [False, True, False]
    assert call.said[-1] == LONG
