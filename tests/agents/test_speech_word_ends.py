"""When each word has been said: speech cut there and heard again has the words up to there, give or take one."""

import os
import re
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pytest

from agents.speech.providers.moonshine import MoonshineHearing
from agents.speech.providers.resampling import resample
from agents.speech.providers.table import PROVIDERS
from agents.speech.sound import SPOKEN_HZ, as_float, from_float
from agents.speech.spoken_text import spoken

MODELS_DIR = Path(os.environ["STUDIO_MODELS_DIR"])
FIGURES = {"one": "1", "two": "2", "three": "3", "nine": "9", "twenty": "20", "thirty": "30", "oh": "0", "zero": "0"}
SENTENCES = [
    "We are open from nine in the morning on weekdays and Saturdays.",
    "You can bring the bike back within thirty days for a full refund.",
    "If it rains, we will move your booking to another day free of charge.",
    "Call our workshop at 555-0198 or write to us before noon.",
    "The shop is at the corner of Market Street and Harbour Road.",
    "Please have your order number ready when you come to the desk.",
]


def letters(text):
    words = re.findall(r"[a-z]+|\d+", text.lower().replace("'", "").replace("harbour", "harbor"))
    return "".join(FIGURES.get(word, word) for word in words)


def words_heard(heard, text, near):
    """How many of the text's words make the best match with what was heard; of equal ones, the nearest."""

    def distance(count):
        forms = (" ".join(text.split()[:count]), " ".join(spoken(text)[:count]))
        return min(1 - SequenceMatcher(None, letters(heard), letters(form), autojunk=False).ratio() for form in forms)

    return min(range(len(text.split()) + 1), key=lambda count: (distance(count), abs(count - near)))


@pytest.mark.speech
@pytest.mark.parametrize("key", ["hibari:heart", "piper:joe"])
async def test_a_cut_answer_is_known_to_the_word(key):
    voice = PROVIDERS["voice"][key].make(MODELS_DIR)
    hearing = MoonshineHearing(MODELS_DIR)
    off = []
    for text in SENTENCES:
        said = await voice.speak(text)
        for count in range(3, len(text.split()), 3):
            cut = as_float(said.pcm[: int(said.word_ends_s[count - 1] * SPOKEN_HZ)])
            cut = np.pad(cut, (0, SPOKEN_HZ // 5))
            heard = (await hearing.hear(from_float(resample(cut, SPOKEN_HZ, 16_000)), language="en")).text
            off.append(words_heard(heard, text, count) - count)
    # The ear itself errs on half a sentence now and then, so a few places may be further off.
    assert sum(abs(one) <= 1 for one in off) >= 0.85 * len(off)
    assert abs(sum(off) / len(off)) < 0.4
