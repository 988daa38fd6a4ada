"""How an agent talks: choices, their numbers, and what a call makes of them."""

import pytest

from agents.brains import manner, snapshot
from agents.brains.settings import TalkSettings
from agents.engine.turn_rules import STYLES, waits_ms
from agents.speech.providers import registry
from agents.speech.providers.scripted import ScriptedVoice
from agents.speech.providers.voice_cache import CachedVoice, PacedVoice, VoiceCache


def test_what_nobody_chose_stays_the_installations():
    theirs = TalkSettings(end_of_turn_ms=700, silence_prompt_s=20)
    assert manner.applied(theirs, {}) == theirs


def test_a_chosen_patience_is_one_of_the_measured_styles():
    dial = manner.DIALS["end_of_turn_ms"]
    styles = {name: manner.applied(TalkSettings(), {"end_of_turn_ms": value}) for name, value in dial.choices.items()}
    assert waits_ms(styles["brisk"].end_of_turn_ms) == STYLES["quick"]
    assert waits_ms(styles["patient"].end_of_turn_ms) == STYLES["patient"]
    assert waits_ms(TalkSettings().end_of_turn_ms) == waits_ms(dial.default) == STYLES["normal"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"speed": 1.2, "end_of_turn_ms": 400}, {"speed": 1.2}),
        ({"speed": 9, "barge_in_ms": 1}, {"speed": 1.4, "barge_in_ms": 100}),
        ({"speed": "fast", "volume": 3, "end_of_turn_ms": True}, {}),
    ],
)
def test_only_known_numbers_within_their_limits_are_kept(given, kept):
    assert manner.clean(given) == kept


def test_a_number_is_told_by_the_name_of_its_choice():
    dial = manner.DIALS["end_of_turn_ms"]
    assert [dial.choice(value) for value in (None, 400, 700, 640)] == ["default", "default", "patient", "own"]


def test_a_version_without_manner_is_still_read():
    config = {
        "schema": 1,
        "agent": {"name": "Robin", "greeting": "Hello.", "voice": "piper:joe", "language": "en"},
        "topics": [],
        "variants": [],
    }
    assert snapshot.read(config).manner == {}
    config["agent"]["manner"] = {"speed": 0.88}
    assert snapshot.read(config).manner == {"speed": 0.88}


async def test_a_quicker_voice_needs_less_time_and_is_kept_apart():
    cached = CachedVoice(ScriptedVoice(), VoiceCache())
    plain = await cached.speak("one two three four")
    quick = await PacedVoice(cached, 1.25).speak("one two three four")
    assert len(quick.pcm) == pytest.approx(len(plain.pcm) / 1.25, abs=2)
    assert await cached.speak("one two three four") is plain


def test_english_and_german_are_understood_and_spoken():
    assert registry.hears("en-GB") and registry.hears("de-AT")
    assert any(key == "pico:de-DE" for key, _ in registry.voices("de"))


def test_who_may_stop_the_agent_is_part_of_its_manner():
    applied = manner.applied(TalkSettings(), manner.clean({"barge_in_greeting": 0, "barge_ins_max": 2}))
    assert (applied.barge_in_greeting, applied.barge_ins_max) == (False, 2)
    assert manner.clean({"barge_in_greeting": 1, "barge_ins_max": 0}) == {}


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_not_kept(odd):
    assert manner.clean({"speed": odd, "end_of_turn_ms": 300}) == {"end_of_turn_ms": 300}
