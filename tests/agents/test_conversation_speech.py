"""Conversations with the real engines, on the jumping clock: recorded speech goes in, Piper's speech comes out."""

import asyncio
import json
import os
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agents.brains.snapshot import AgentSnapshot, AgentWording, TopicSnapshot, TopicWording
from agents.speech.providers import registry
from agents.speech.providers.base import Engines
from agents.speech.providers.resampling import resample
from agents.speech.sound import HEARD_HZ, SPOKEN_HZ, as_float, from_float
from tests.fakes.script import Script

pytestmark = pytest.mark.speech
ROOT = Path(__file__).parent.parent
TOPICS = json.loads((ROOT.parent / "studio" / "demo_topics.json").read_text())
PHONE = TopicSnapshot(
    "Phone number", ("Please enter your phone number, starting with the area code.",), "There is no need to type it."
)
SNAPSHOT = AgentSnapshot(
    name="Robin",
    greeting="Hello, this is Robin. How can I help?",
    disclaimer="",
    voice="piper:joe",
    language="en",
    topics=(*(TopicSnapshot(topic["name"], tuple(topic["samples"]), topic["content"]) for topic in TOPICS), PHONE),
    variants=(),
)


@pytest.fixture(scope="module")
def engines():
    from django.conf import settings

    from agents.speech.providers.minilm import MiniLmMeaning
    from agents.speech.providers.moonshine import MoonshineHearing
    from agents.speech.providers.piper import PiperVoice
    from agents.speech.providers.silero import SileroActivity

    models = Path(settings.MODELS_DIR)
    voice = PiperVoice(models, name="joe", label="Joe", language="en")
    return Engines(lambda: SileroActivity(models), MoonshineHearing(models), voice, MiniLmMeaning(models))


def recorded(name):
    with wave.open(str(ROOT / "speech" / name)) as file:
        assert (file.getframerate(), file.getnchannels()) == (HEARD_HZ, 1)
        pcm = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    return pcm[: np.flatnonzero(np.abs(pcm) > 300)[-1]]  # without the silence behind it


def content(name):
    return next(topic["content"] for topic in TOPICS if topic["name"] == name)


def test_a_spoken_question_is_answered_and_the_human_voice_understood(engines):
    call = (
        Script(SNAPSHOT, engines=engines)
        .sounds(recorded("02-closing-time.wav"), after=0.5)
        .sounds(recorded("17-human-phone-number.wav"), after=0.5)
        .leaves(after=0.5)
        .play()
    )

    assert "close" in call.turns[1][1] and "Sunday" in call.turns[1][1]
    assert call.turns[2] == ("agent", content("Sunday opening hours"))
    assert {"phone", "number", "area"} <= set(call.turns[3][1].lower().replace(",", "").split())
    assert call.turns[4] == ("agent", PHONE.content)


def test_a_pause_in_a_sentence_is_waited_for_or_joined(engines):
    call = Script(SNAPSHOT, engines=engines).sounds(recorded("06-mid-pause.wav"), after=0.5).leaves(after=4).play()

    visitor = [turn.text for turn in call.notes.turns if turn.speaker == "visitor"]
    assert "appointment" in visitor[0] and "Thursday" in visitor[-1]


def test_speech_over_an_answer_cuts_it_and_noise_does_not(engines):
    call = (
        Script(SNAPSHOT, engines=engines)
        .sounds(recorded("02-closing-time.wav"), after=0.5)
        .sounds(recorded("12-noise-bursts-only.wav"), into=0.3)
        .sounds(recorded("02-closing-time.wav"), pause=4.0)
        .sounds(recorded("09-barge-in-stop.wav"), into=0.8)
        .leaves(pause=6)
        .play()
    )

    answers = [turn for turn in call.notes.turns if turn.source == "topic:Sunday opening hours"]
    whole, cut = answers
    assert not whole.interrupted and whole.text == whole.planned
    assert cut.interrupted and cut.text and cut.planned.startswith(cut.text) and cut.text != cut.planned
    after = call.notes.turns[call.notes.turns.index(cut) + 1]
    assert after.speaker == "visitor" and "stop" in after.text.lower()


# ── A second language ────────────────────────────────────────────────────────────────────────────────────────

GERMAN = json.loads((ROOT.parent / "studio" / "demo_german.json").read_text())
BOTH = replace(
    SNAPSHOT,
    topics=tuple(
        replace(topic, wordings={"de": TopicWording(GERMAN[topic.name]["content"], GERMAN[topic.name]["spoken"])})
        for topic in SNAPSHOT.topics
        if topic.name in GERMAN
    ),
    wordings={"de": AgentWording("pico:de-DE", "Guten Tag, hier ist Robin.")},
)


def german(text):
    """A visitor who speaks German."""

    async def speak():
        spoken = await registry.find_voice("pico:de-DE", "de", Path(os.environ["STUDIO_MODELS_DIR"])).speak(text)
        return from_float(resample(as_float(spoken.pcm), SPOKEN_HZ, HEARD_HZ))

    return asyncio.run(speak())


def test_who_speaks_german_is_heard_and_answered_in_german_and_english_is_still_understood():
    models = Path(os.environ["STUDIO_MODELS_DIR"])
    engines = registry.engines_by_language("local", {"en": "piper:joe", "de": "pico:de-DE"}, models)
    call = (
        Script(BOTH, engines=engines)
        .sounds(german("Wann haben Sie am Sonntag geöffnet?"), after=0.5)
        .sounds(german("Und was kostet es, ein Fahrrad zu mieten?"), after=0.5)
        .sounds(recorded("02-closing-time.wav"), after=0.5)
        .leaves(after=0.5)
        .play()
    )

    said = [text for who, text in call.turns if who == "visitor"]
    assert "Sonntag" in said[0] and "geöffnet" in said[0] and "Fahrrad" in said[1] and "Sunday" in said[2]
    answers = [text for who, text in call.turns if who == "agent"]
    assert answers[1] == "Gern auf Deutsch. " + GERMAN["Sunday opening hours"]["content"]
    assert GERMAN["Renting a city bike"]["content"] in answers[2]
    assert answers[3] == "Let us speak English. " + content("Sunday opening hours")
    assert [event["language"] for event in call.events("language_changed")] == ["de", "en"]
