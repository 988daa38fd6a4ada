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
from agents.speech.providers.base import ProviderError, Spoken
from agents.speech.providers.phrasing import Clause, clauses, runs
from agents.speech.providers.resampling import resample
from agents.speech.providers.trimming import trim
from agents.speech.sound import SPOKEN_HZ, from_float
from agents.speech.spoken_text import spoken

HOP = 256  # samples for one unit of a phoneme's duration
LONGEST_TEXT = 1000  # characters; a clause has 40 to 200
LONGEST_RUN = 160  # letters in one go: memory and cost grow faster than the text
GAIN = 1.6  # the model speaks softly; this is the usual loudness of a call
_BEGIN, _PAD, _FINISH = "^", "_", "$"


def _length_delimited(field: int, content: bytes) -> bytes:
    return bytes([field << 3 | 2, len(content)]) + content


# The model computes the durations of phonemes and does not give them out. In the files of its kind a part that comes
# twice is merged, so these few bytes behind it name them as a second output: graph { output { name, float tensor } }.
DURATIONS = "/Ceil_output_0"
_FLOAT_TENSOR = _length_delimited(2, _length_delimited(1, bytes([8, 1])))
TAIL = _length_delimited(7, _length_delimited(12, _length_delimited(1, DURATIONS.encode()) + _FLOAT_TENSOR))


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
        if len(text) > LONGEST_TEXT:
            raise ProviderError(f"A piece of speech has at most {LONGEST_TEXT} characters.", permanent=True)
        return await inference.shared().run(lambda: self._speak(text, speed), who=who)

    def _speak(self, text: str, speed: float) -> Spoken:
        self.load()
        count = len(text.split())
        parts = clauses(spoken(text))
        if not parts:
            return Spoken(np.zeros(0, np.int16), (0.0,) * count)
        ends, pieces, at = np.zeros(count), [], 0.0
        for run in runs(parts, LONGEST_RUN):
            piece, said = self._speak_run(run, speed)
            for place, end in said.items():
                ends[place] = at + end
            pieces.append(piece)
            at += len(piece) / SPOKEN_HZ
        ends = np.maximum.accumulate(ends)  # a word that is not said ends with the one before it
        return Spoken(from_float(np.concatenate(pieces)), tuple(float(end) for end in ends))

    def _speak_run(self, parts: list[Clause], speed: float) -> tuple[npt.NDArray[np.float32], dict[int, float]]:
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
