"""Every provider of a kind, one after the other. Real ones are marked `speech` and need the installed models."""

import json
import os
import wave
from pathlib import Path

import numpy as np
import pytest

from agents.speech.providers import scripted
from agents.speech.providers.table import PROVIDERS

CLIPS = Path(__file__).resolve().parent.parent / "speech"
MODELS_DIR = Path(os.environ["STUDIO_MODELS_DIR"])


def read_clip(name):
    with wave.open(str(CLIPS / name)) as clip:
        assert (clip.getframerate(), clip.getnchannels(), clip.getsampwidth()) == (16_000, 1, 2)
        return np.frombuffer(clip.readframes(clip.getnframes()), np.int16)


CLIP_LIST = json.loads((CLIPS / "clips.json").read_text())
SPOKEN_CLIPS = [clip for clip in CLIP_LIST if clip["text"]]


def _each(kind, stand_in):
    real = [pytest.param((kind, key), id=key, marks=pytest.mark.speech) for key in PROVIDERS[kind] if key != "words"]
    return [pytest.param(stand_in, id="scripted"), *real]


def _make(param):
    if not isinstance(param, tuple):
        return param()
    kind, key = param
    provider = PROVIDERS[kind][key]
    lacking = provider.lacks(MODELS_DIR)
    if lacking and not os.environ.get("CI"):
        pytest.skip(f"not installed here: {', '.join(lacking)}")
    assert not lacking
    return provider.make(MODELS_DIR)


@pytest.fixture(params=_each("activity", lambda: scripted.ScriptedActivity))
def make_activity(request):
    return _make(request.param)


@pytest.fixture(params=_each("hearing", scripted.ScriptedHearing))
def hearing(request):
    return _make(request.param)


@pytest.fixture(params=_each("voice", scripted.ScriptedVoice))
def voice(request):
    return _make(request.param)


@pytest.fixture(params=_each("meaning", scripted.ScriptedMeaning))
def meaning(request):
    return _make(request.param)


@pytest.fixture
def local_hearing():
    return _make(("hearing", "moonshine"))
