"""Conversations with the real engines, on the jumping clock: recorded speech goes in, Piper's speech comes out."""

import json
import wave
from pathlib import Path

import numpy as np
import pytest

from agents.brains.snapshot import AgentSnapshot, TopicSnapshot
from agents.speech.providers.base import Engines
from agents.speech.sound import HEARD_HZ
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
