"""The encoders were taught how people ask (bench/encoders): it is there, and it tells."""

import re

import numpy as np
import pytest

from agents.speech.providers import minilm, usem3, weights
from agents.speech.providers.minilm import MiniLmMeaning
from agents.speech.providers.usem3 import Usem3Meaning, _Network
from bench.encoders import businesses
from bench.exam import data

# Needs that never name the thing; none of them is in what was taught.
TOPICS = {
    "en": ("Opening hours", "Step-free access", "Returns", "Allergens", "Lost property", "Paying by instalments"),
    "de": ("Öffnungszeiten", "Barrierefreier Zugang", "Rückgabe", "Allergene", "Fundsachen", "Ratenzahlung"),
}
NEEDS = {
    "en": (
        ("would I still catch somebody if I came straight after work", 0),
        ("my mother cannot manage stairs any more", 1),
        ("it looked quite different in the photograph, I don't want it", 2),
        ("my daughter swells up when she eats walnuts", 3),
        ("I think my scarf is still hanging on a chair at your place", 4),
        ("I could not put down the whole sum at once", 5),
    ),
    "de": (
        ("erwische ich nach Feierabend noch jemanden", 0),
        ("meine Mutter schafft keine Treppen mehr", 1),
        ("auf dem Bild sah das ganz anders aus, das will ich so nicht", 2),
        ("meine Tochter bekommt von Walnüssen keine Luft", 3),
        ("ich glaube, mein Schal hängt noch bei euch über dem Stuhl", 4),
        ("die ganze Summe auf einmal kann ich nicht aufbringen", 5),
    ),
}


def untaught_usem3(models_dir):
    meaning = Usem3Meaning(models_dir)
    meaning.load()
    meaning._network = _Network(weights.arrays("usem3", models_dir), {})
    return meaning


def found(encode, language):
    """How likely each need's topic is among the six, in sum."""
    topics, total = encode(TOPICS[language]), 0.0
    for text, right in NEEDS[language]:
        chances = np.exp(10 * (topics @ encode([text])[0]))
        total += chances[right] / chances.sum()
    return total


def test_the_english_encoder_was_taught_the_same(settings, monkeypatch):
    now = found(MiniLmMeaning(settings.MODELS_DIR).encode, "en")
    plain = weights.session("minilm", settings.MODELS_DIR)
    monkeypatch.setattr(weights, "session", lambda *_given, **_more: plain)
    assert now > found(MiniLmMeaning(settings.MODELS_DIR).encode, "en") + 0.2


@pytest.mark.parametrize("language", ["en", "de"])
def test_needs_that_never_name_the_thing_lead_to_it_more_surely_than_before_it_was_taught(settings, language):
    now, before = Usem3Meaning(settings.MODELS_DIR), untaught_usem3(settings.MODELS_DIR)
    assert found(now.encode, language) > found(before.encode, language) + 0.2


@pytest.mark.parametrize(("own", "needs"), [("usem3 taught", usem3.NEEDS), ("minilm taught", minilm.NEEDS)])
def test_what_was_taught_is_needed_and_ships_with_the_program(settings, own, needs):
    assert own in needs
    assert weights.FILES[own].shipped
    assert weights.missing((own,), settings.MODELS_DIR) == []
    assert weights.arrays(own, settings.MODELS_DIR)


def test_nothing_of_the_exam_was_taught_beyond_what_everybody_says():
    def words(text):
        return " ".join(re.findall(r"\w+", text.lower()))

    taught = {words(text) for each in businesses.every(("de", "en")) for text in each.questions}
    exam = [asked["q"] for name in (*data.NAMES, *data.HELD_OUT) for asked in data.load(name).content["questions"]]
    assert len(taught) > 10_000
    assert sum(words(text) in taught for text in exam) < len(exam) / 100


def test_a_line_that_is_none_of_the_form_is_told(tmp_path):
    path = tmp_path / "en_x.txt"
    path.write_text("@language: en\n# Hours | When?\n> From nine.\nwhat is this\n")
    with pytest.raises(ValueError, match=r"en_x\.txt, line 4"):
        businesses.read(path)
