"""Voices by Piper: neural, 22 kHz, a tenth of a second of work for a second of speech.

The text is put in spoken form, eSpeak gives the phonemes, the model gives sound, and beside it how long each phoneme
lasts, which is how we know when each word has been said.
"""

import json
import unicodedata
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from agents.speech import inference
from agents.speech.providers import espeak, weights
from agents.speech.providers.alignment import word_ends
from agents.speech.providers.assembling import Piece, assembled, check_length
from agents.speech.providers.base import Spoken
from agents.speech.providers.named_outputs import tail
from agents.speech.providers.phrasing import Clause
from agents.speech.providers.resampling import resample
from agents.speech.providers.trimming import trim
from agents.speech.sound import SPOKEN_HZ

HOP = 256  # samples for one unit of a phoneme's duration
GAIN = 1.97  # to the loudness of all voices (loudness.py)
_BEGIN, _PAD, _FINISH = "^", "_", "$"


# The model computes the durations of phonemes and does not give them out by itself.
DURATIONS = "/Ceil_output_0"
TAIL = tail(DURATIONS)


class PiperVoice:
    """Shared by all calls of a process."""

    def __init__(self, models_dir: Path, *, name: str, label: str, language: str) -> None:
        self.key, self.label, self.language = f"piper:{name}", label, language
        self._models_dir = models_dir
        self._weights = f"piper {name}"
        self._settings: dict[str, Any] = {}

    def load(self) -> None:
        """Bring the model into memory. Raises ProviderError."""
        weights.session(self._weights, self._models_dir, tail=TAIL)
        if not self._settings:
            self._settings = json.loads(weights.read(f"{self._weights} settings", self._models_dir))

    async def speak(self, text: str, *, who: Hashable = None, speed: float = 1.0) -> Spoken:
        check_length(text)
        return await inference.shared().run(lambda: self._speak(text, speed), who=who)

    def _speak(self, text: str, speed: float) -> Spoken:
        self.load()
        return assembled(text, lambda parts: self._speak_run(parts, speed))

    def _speak_run(self, parts: list[Clause], speed: float) -> Piece:
        """The sound of some clauses, and for each word's place the second at which it has been said."""
        ids, last = self._ids(parts)
        sound, durations = self._run(ids, speed)
        rate = self._settings["audio"]["sample_rate"]
        until = np.cumsum(durations) * HOP / rate
        ends = np.array([until[at] for at in last.values()])
        piece, ends = trim(resample(sound * GAIN, rate, SPOKEN_HZ), ends, parts[-1].mark)
        return piece, dict(zip(last, (float(end) for end in ends), strict=True))

    def _ids(self, parts: list[Clause]) -> tuple[list[int], dict[int, int]]:
        """The model's input, and for each word's place the index of its last phoneme in it."""
        asked = [" ".join(part.words) for part in parts] + [word for part in parts for word in part.words]
        answers = iter(espeak.phonemes(asked, self._settings["espeak"]["voice"]))
        whole = [next(answers) for _ in parts]
        known, last = self._settings["phoneme_id_map"], {}
        ids = [*known[_BEGIN], *known[_PAD]]

        def add(sign: str) -> None:
            if sign in known:
                ids.extend([*known[sign], *known[_PAD]])

        for number, (part, said) in enumerate(zip(parts, whole, strict=True)):
            alone = [next(answers) for _ in part.words]
            ends = word_ends(said, alone)
            at = 0
            for place, end in zip(part.places, ends, strict=True):
                for sign in unicodedata.normalize("NFD", said[at:end]):
                    add(sign)
                at = max(at, end)
                last[place] = len(ids) - 1
            if part.mark:
                add(part.mark)
            if number < len(parts) - 1:
                add(" ")
        return ids + list(known[_FINISH]), last

    def _run(self, ids: list[int], speed: float) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        tuned = self._settings["inference"]
        scales = [tuned["noise_scale"], tuned["length_scale"] / speed, tuned["noise_w"]]
        sound, durations = weights.session(self._weights, self._models_dir, tail=TAIL).run(
            ["output", DURATIONS],
            {
                "input": np.array([ids], np.int64),
                "input_lengths": np.array([len(ids)], np.int64),
                "scales": np.array(scales, np.float32),
            },
        )
        return sound.reshape(-1), durations.reshape(-1)
