"""Whatever sounds over the agent's voice: it is never held for ever, nor stopped by somebody far away or by itself."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.engine.expectation import FREE, Expected
from agents.engine.overlap_rules import LATE_S, NEAR_DB, Sound, Voice, judge

SOME = settings(max_examples=50)
SAID = "We open at nine every morning, and we close at six."
TEXTS = st.sampled_from(
    [
        "",
        "...",
        "okay",
        "mhm right",
        "stop",
        "no wait",
        "how much is it",
        "we close at six",
        "bye",
        "ja genau",
        "moment",
    ]
) | st.text(max_size=20)
ASKED = st.sampled_from([FREE, Expected("yesno"), Expected("number", 8), Expected("name"), Expected("email")])

sounds = st.builds(
    Sound,
    speech_s=st.floats(0.0, 5.0),
    quiet_s=st.floats(0.0, 5.0),
    text=TEXTS,
    settled=st.booleans(),
    judged_s=st.floats(0.0, 5.0),
    own_db=st.none() | st.floats(-40.0, 10.0),
    held_s=st.floats(0.0, 5.0),
    dismissed=st.booleans(),
)
voices = st.builds(
    Voice,
    text=st.just(SAID),
    expected=ASKED,
    is_goodbye=st.booleans(),
    is_held=st.booleans(),
    answers=st.booleans(),
    hold_after_s=st.sampled_from([0.2, 0.4]),
    language=st.sampled_from(["en", "de", "fr", ""]),
)


@given(sounds, voices)
@SOME
def test_every_verdict_has_its_reasons_and_can_be_kept(sound, voice):
    verdict = judge(sound, voice)

    assert json.loads(json.dumps(verdict.to_json())) == verdict.to_json()
    assert bool(verdict.reasons) == (verdict.do != "leave")


@given(sounds, voices)
@SOME
def test_a_voice_that_is_held_is_let_go_once_it_has_been_quiet_for_long(sound, voice):
    if voice.is_held and sound.quiet_s >= LATE_S and sound.speech_s >= voice.hold_after_s:
        assert judge(sound, voice).do in ("go_on", "stop")


@given(sounds, voices)
@SOME
def test_somebody_far_away_neither_holds_the_voice_nor_stops_it(sound, voice):
    if sound.own_db is not None and sound.own_db < -NEAR_DB:
        assert judge(sound, voice).do in ("leave", "go_on")


@given(sounds, voices)
@SOME
def test_what_was_nothing_before_does_not_hold_the_voice_again(sound, voice):
    if sound.dismissed:
        assert judge(sound, voice).do != "hold"


@given(sounds, voices)
@SOME
def test_a_sound_that_is_shorter_than_what_holds_the_voice_changes_nothing(sound, voice):
    if sound.speech_s < voice.hold_after_s - 0.05:
        assert judge(sound, voice).do == "leave"


@given(sounds, voices, st.sampled_from(["we open at nine", "we close at six", "nine every morning"]))
@SOME
def test_the_agents_own_words_do_not_stop_it(sound, voice, heard):
    own = Sound(sound.speech_s, sound.quiet_s, heard, sound.settled, sound.judged_s, sound.own_db, sound.held_s)

    assert judge(own, voice).do != "stop"
