"""Voices by hibari: a small neural voice, 24 kHz, a hundredth of a second of work for a second of speech.

The package brings the model and turns text into phonemes by itself, without eSpeak. The model gives a spectrum for each
12.5 ms, and beside it how long each phoneme lasts, which is how we know when each word has been said.
"""

import importlib.util
import json
import threading
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import numpy as np

from agents.speech import inference
from agents.speech.providers import weights
from agents.speech.providers.alignment import word_ends
from agents.speech.providers.assembling import Piece, assembled, check_length
from agents.speech.providers.base import ProviderError, Spoken
from agents.speech.providers.named_outputs import tail
from agents.speech.providers.phrasing import Clause
from agents.speech.providers.trimming import trim

NEEDS = ("hibari", "hibari vocabulary")
DURATIONS = "/Round_output_0"  # of each phoneme, in steps of the model's text side
STEP_S = 0.025
GAIN = 2.24  # to the loudness of all voices (loudness.py)
_MARKS = ".,;:?!"
_EDGE = 0  # stands before the first phoneme and behind the last

_lock = threading.Lock()
_phonemes: Any = None  # made once: its word lists take a third of a second


def is_installed() -> bool:
    return importlib.util.find_spec("hibari") is not None


class HibariVoice:
    """Shared by all calls of a process."""

    def __init__(self, models_dir: Path, *, name: str, label: str) -> None:
        self.key, self.label, self.language = f"hibari:{name}", label, "en"
        self._models_dir = models_dir
        self._signs: dict[str, int] = {}

    def load(self) -> None:
        """Bring model and word lists into memory. Raises ProviderError."""
        weights.session("hibari", self._models_dir, tail=tail(DURATIONS))
        if not self._signs:
            _speller()
            self._signs = json.loads(weights.read("hibari vocabulary", self._models_dir))

    async def speak(self, text: str, *, who: Hashable = None, speed: float = 1.0) -> Spoken:
        check_length(text)
        return await inference.shared().run(lambda: self._speak(text, speed), who=who)

    def _speak(self, text: str, speed: float) -> Spoken:
        self.load()
        return assembled(text, lambda parts: self._speak_run(parts, speed))

    def _speak_run(self, parts: list[Clause], speed: float) -> Piece:
        from hibari import dsp

        ids, last = self._ids(parts)
        outputs = weights.session("hibari", self._models_dir, tail=tail(DURATIONS)).run(
            None, {"ids": np.array([ids], np.int64), "speed": np.array([speed], np.float32)}
        )
        # The same noise each time: a clip that is made again is the same clip.
        sound = dsp.synth(*(one[0] for one in outputs[:6]), np.random.default_rng(0))
        until_s = np.cumsum(outputs[6].reshape(-1)) * STEP_S
        ends_s = np.array([until_s[at] for at in last.values()])
        piece, ends_s = trim(sound * np.float32(GAIN), ends_s, parts[-1].mark)
        return piece, dict(zip(last, (float(end) for end in ends_s), strict=True))

    def _ids(self, parts: list[Clause]) -> tuple[list[int], dict[int, int]]:
        """The model's input, and for each word's place the index of its last phoneme in it."""
        words = [word for part in parts for word in part.words]
        places = [place for part in parts for place in part.places]
        said = _spelled(" ".join(" ".join(part.words) + part.mark for part in parts))
        # Only where a word became two or none is each asked for alone: unknown words are slow.
        counted = len(said.split(" ")) == len(words)
        ends = word_ends(said, words if counted else [_spelled(word) or "." for word in words])
        ids, at = [_EDGE], {}
        for index, sign in enumerate(said):
            if sign in self._signs:
                ids.append(self._signs[sign])
            at[index] = len(ids) - 1
        last = {}
        for place, end in zip(places, ends, strict=True):
            sounding = len(said[:end].rstrip(_MARKS))
            last[place] = at.get(sounding - 1, 0)
        return [*ids, _EDGE], last


def _speller() -> Any:
    global _phonemes
    with _lock:
        if _phonemes is None:
            try:
                from hibari.g2p import G2P

                _phonemes = G2P()
            except Exception as error:  # whatever a broken package does
                raise ProviderError(f"The package hibari-tts does not run here: {error}", permanent=True) from error
        return _phonemes


def _spelled(text: str) -> str:
    """The phonemes of a text, words parted by single spaces."""
    try:
        return " ".join(_speller()(text).split())
    except ProviderError:
        raise
    except Exception as error:
        raise ProviderError(f"hibari cannot read this: {type(error).__name__}") from error
