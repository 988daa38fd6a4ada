"""Whisper: what it is given, what it gives back, and which language was spoken."""

import os
from pathlib import Path

import numpy as np
import pytest

from agents.speech import sound
from agents.speech.heard import Heard
from agents.speech.providers import registry, whisper
from agents.speech.providers.base import ProviderError
from agents.speech.providers.log_mel import BANDS, log_mel
from agents.speech.providers.resampling import resample
from agents.speech.providers.several_hearings import SeveralHearings
from tests.contracts.conftest import read_clip

MODELS_DIR = Path(os.environ["STUDIO_MODELS_DIR"])
LOUD = np.full(32_000, 1000, np.int16)


def test_a_tone_is_loudest_in_the_band_it_lies_in():
    at = np.arange(16_000) / 16_000
    low, high = (log_mel(np.sin(2 * np.pi * hz * at).astype(np.float32)) for hz in (300, 3000))
    assert low.shape == (BANDS, 100)
    assert low.mean(axis=1).argmax() < 15 < 40 < high.mean(axis=1).argmax()


def test_pieces_are_bytes_of_a_text_and_marks_are_none():
    assert whisper.join_pieces(["<|startoftranscript|>", "ĠWann", "ĠÃ¶ff", "nen", "<|endoftext|>"]) == " Wann öffnen"


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        (" Wann haben  Sie auf? ", "Wann haben Sie auf?"),
        ("...", ""),
        ("[Musik]", ""),
        ("Untertitel im Auftrag des ZDF", ""),
        ("Vielen Dank fürs Zuschauen.", ""),
        ("Vielen Dank.", "Vielen Dank."),
    ],
)
def test_what_subtitles_say_of_silence_is_nothing(text, heard):
    assert whisper.tidy(text) == heard


class Knows:
    """A hearing of one language, and one that tells two apart."""

    def __init__(self, text, told=None):
        self.text, self.told, self.asked = text, told or {}, 0

    async def hear(self, pcm_16k, *, language, who=None, final=True):
        return Heard(self.text)

    async def language(self, pcm_16k, among, *, who=None):
        self.asked += 1
        return self.told


@pytest.mark.parametrize(
    ("told", "heard"),
    [
        ({"en": 0.98, "de": 0.02}, ("One has a can", "en")),
        ({"en": 0.02, "de": 0.98}, ("Wann haben Sie geöffnet?", "de")),
        ({"en": 0.3, "de": 0.7}, ("One has a can", "en")),  # nobody is sure
    ],
)
async def test_words_are_those_of_the_language_that_was_told_by_sound(told, heard):
    teller = Knows("Wann haben Sie geöffnet?", told)
    found = await SeveralHearings({"en": Knows("One has a can"), "de": teller}, teller).hear(LOUD, language="en")
    assert (found.text, found.language) == heard


async def test_a_short_answer_is_in_the_language_that_is_spoken():
    teller = Knows("Ja", {"en": 0.0, "de": 1.0})
    hearing = SeveralHearings({"en": Knows("Yah"), "de": teller}, teller)
    assert (await hearing.hear(LOUD[:12_000], language="en")).language == "en"
    assert (await hearing.hear(LOUD[:12_000], language="de")).text == "Ja"
    assert teller.asked == 0


def test_german_is_heard_by_whisper_and_english_by_the_quicker_one():
    assert (registry.hearing_key("de-AT"), registry.hearing_key("en-GB")) == ("whisper", "moonshine")
    assert registry.hears("de") and not registry.hears("ja")


def test_without_its_weights_a_language_is_left_out_and_the_first_one_is_refused(tmp_path):
    with pytest.raises(ProviderError, match="missing"):
        registry.engines_by_language("local", {"de": "pico:de-DE", "en": "piper:joe"}, tmp_path)
    assert list(registry.engines_by_language("scripted", {"en": "", "de": ""}, tmp_path)) == ["en", "de"]


# ── With the real engines ────────────────────────────────────────────────────────────────────────────────────

SENTENCES = ["Wann haben Sie am Sonntag geöffnet?", "Was kostet es, ein Fahrrad für einen Tag zu mieten?"]


async def said(text, voice="pico:de-DE", language="de"):
    spoken = await registry.find_voice(voice, language, MODELS_DIR).speak(text)
    return sound.from_float(resample(sound.as_float(spoken.pcm), sound.SPOKEN_HZ, sound.HEARD_HZ))


@pytest.mark.speech
async def test_a_german_sentence_is_made_out_and_its_language_told():
    engines = registry.engines_by_language("local", {"en": "piper:joe", "de": "pico:de-DE"}, MODELS_DIR)
    hearing = engines["en"].hearing
    for text in SENTENCES:
        found = await hearing.hear(await said(text), language="en")
        assert found.language == "de"
        wanted = set(text.lower().strip("?").replace(",", "").split())
        heard = set(found.text.lower().strip("?.").replace(",", "").split())
        assert len(wanted & heard) >= 0.8 * len(wanted), found.text
    english = await hearing.hear(read_clip("02-closing-time.wav"), language="de")
    assert english.language == "en" and "close" in english.text
