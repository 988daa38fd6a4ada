"""Which engines a call gets, and what is said about those that are missing."""

import os
from pathlib import Path

import pytest

from agents.models import Agent
from agents.speech.providers import registry, weights
from agents.speech.providers.base import ProviderError
from agents.speech.providers.scripted import ScriptedHearing, ScriptedMeaning

MODELS_DIR = Path(os.environ["STUDIO_MODELS_DIR"])


def test_scripted_speech_needs_no_files(tmp_path):
    engines = registry.engines("scripted", "piper:joe", "en", tmp_path)
    assert isinstance(engines.hearing, ScriptedHearing)
    assert engines.hearing is not registry.engines("scripted", "piper:joe", "en", tmp_path).hearing
    assert engines.activity() is not engines.activity()


def test_a_missing_voice_is_replaced_by_one_of_its_language(tmp_path):
    assert registry.find_voice("piper:joe", "en", tmp_path).key == "hibari:heart"
    assert registry.find_voice("pico:en-GB", "en-GB", tmp_path).key == "pico:en-GB"
    assert registry.find_voice("piper:joe", "de", tmp_path).key == "pico:de-DE"
    assert registry.find_voice("no:such", "fr", tmp_path).key == "pico:fr-FR"


def test_without_either_neural_voice_the_plain_one_speaks(tmp_path, monkeypatch):
    monkeypatch.setitem(weights.FILES, "hibari", weights.Weights("nowhere.onnx", ""))
    assert registry.find_voice("hibari:heart", "en", tmp_path).key == "pico:en-US"


def test_missing_meaning_is_replaced_by_shared_words(tmp_path):
    assert isinstance(registry.find_meaning("en", tmp_path), ScriptedMeaning)


def test_a_language_nobody_speaks_is_refused(tmp_path):
    with pytest.raises(ProviderError, match="language ja") as refused:
        registry.find_voice("piper:joe", "ja", tmp_path)
    assert refused.value.permanent


def test_a_call_without_hearing_is_refused_in_plain_words(tmp_path):
    with pytest.raises(ProviderError, match="missing: the file for silero") as refused:
        registry.engines("local", "piper:joe", "en", tmp_path)
    assert refused.value.permanent


def test_everything_missing_is_named_with_what_to_do(tmp_path):
    told = {(one.kind, one.key): one for one in registry.available(tmp_path)}
    assert not told["hearing", "moonshine"].ready
    assert "manage.py models" in told["hearing", "moonshine"].problem
    assert told["voice", "pico:en-US"].ready and told["voice", "pico:en-US"].problem == ""


def test_a_new_agent_has_a_voice_that_exists():
    assert (Agent._meta.get_field("voice").default, "Hibari (American)") in registry.voices("en")
    assert all(key.startswith("pico:") for key, _ in registry.voices("de-DE")) and registry.voices("de")


async def test_warming_up_without_models_says_what_is_wrong_and_goes_on(tmp_path):
    wrong = await registry.warm_up(tmp_path, "local")
    assert len(wrong) == 2 and "silero" in wrong[0] and "moonshine" in wrong[1]
    assert await registry.warm_up(tmp_path, "scripted") == []


async def test_a_voice_whose_file_was_changed_is_replaced_from_then_on(tmp_path):
    for name in ("piper joe", "piper joe settings"):
        path = weights.FILES[name].find(tmp_path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"changed")
    wrong = await registry.warm_up(tmp_path, "local", voice="piper:joe")
    assert any("not the one that was pinned" in one for one in wrong)
    assert registry.find_voice("piper:joe", "en", tmp_path).key == "hibari:heart"


@pytest.mark.speech
async def test_with_all_models_a_call_has_the_best_of_each():
    assert await registry.warm_up(MODELS_DIR, "local") == []
    engines = registry.engines("local", "piper:joe", "en", MODELS_DIR)
    assert engines.voice.key == "piper:joe"
    assert engines is not registry.engines("local", "piper:joe", "en", MODELS_DIR)
    assert engines.hearing is registry.engines("local", "piper:joe", "en", MODELS_DIR).hearing
