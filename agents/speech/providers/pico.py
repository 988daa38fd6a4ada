"""Voices by SVOX Pico: robotic but clear, 16 kHz, in five languages, with no weights to install. The fallback.

It tells nothing about time: each clause is spoken on its own, which fixes its ends, and words share it by length.
"""

import base64
from collections.abc import Hashable
from functools import cache
from importlib.util import find_spec

import numpy as np

from agents.speech import inference
from agents.speech.loudness import limited
from agents.speech.providers.assembling import check_length
from agents.speech.providers.base import Spoken
from agents.speech.providers.helper_process import HelperProcess
from agents.speech.providers.phrasing import Clause, clauses
from agents.speech.providers.resampling import resample
from agents.speech.providers.trimming import BEHIND_S, trim
from agents.speech.sound import SPOKEN_HZ, as_float, from_float
from agents.speech.spoken_text import spoken

PICO_HZ = 16_000
GAIN = {"en": 1.22, "de": 1.22, "es": 1.1, "fr": 1.22, "it": 1.4}  # to the loudness of all voices (loudness.py)
_WORD_COST = 1.5  # letters' worth of time that every word takes, however short

process = HelperProcess("pico_child.py", "Pico", longest_wait_s=4.0)


@cache
def is_installed() -> bool:
    return find_spec("py_nanotts") is not None


class PicoVoice:
    """Shared by all calls of a process. `name` is one of en-US, en-GB, de-DE, es-ES, fr-FR, it-IT."""

    def __init__(self, name: str, label: str) -> None:
        self.key, self.label, self.language = f"pico:{name}", label, name.split("-")[0]
        self._name = name

    def load(self) -> None:
        """Start the process. Raises ProviderError."""
        process.ask({"voice": self._name, "texts": []})

    async def speak(self, text: str, *, who: Hashable = None, speed: float = 1.0) -> Spoken:
        check_length(text)
        return await inference.shared().run(lambda: self._speak(text, speed), who=who)

    def _speak(self, text: str, speed: float) -> Spoken:
        words = text.split()
        ends = np.zeros(len(words))
        parts = clauses(spoken(text, self.language, day_first=self._name != "en-US"))
        pieces, at = [], 0.0
        texts = [" ".join(part.words) + (part.mark or ".") for part in parts]
        sounds = process.ask({"voice": self._name, "texts": texts, "speed": speed})["sounds"] if texts else []
        for part, sound in zip(parts, sounds, strict=True):
            heard = resample(as_float(np.frombuffer(base64.b64decode(sound), "<i2")), PICO_HZ, SPOKEN_HZ)
            piece, _ = trim(heard, np.zeros(0), part.mark)
            seconds = len(piece) / SPOKEN_HZ
            said = max(0.0, seconds - BEHIND_S.get(part.mark, BEHIND_S["."]))
            for place, end in zip(part.places, _share(part, said), strict=True):
                ends[place] = at + end
            pieces.append(piece)
            at += seconds
        pcm = (
            from_float(limited(np.concatenate(pieces) * np.float32(GAIN[self.language])))
            if pieces
            else np.zeros(0, np.int16)
        )
        return Spoken(pcm, tuple(float(end) for end in np.maximum.accumulate(ends)) if len(ends) else ())


def _share(clause: Clause, seconds: float) -> list[float]:
    weights = np.cumsum([len(word) + _WORD_COST for word in clause.words])
    return [float(end) for end in weights / weights[-1] * seconds]
