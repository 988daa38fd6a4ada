"""Engines without models or network that always do the same: for tests, and for trying a call without speech models."""

import zlib
from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from agents.speech.heard import Heard
from agents.speech.providers.base import Engines, Spoken
from agents.speech.sound import HEARD_HZ, SPOKEN_HZ, Pcm, level_dbfs
from agents.speech.words import words

WORD_S = 0.25
_TONE_S = 0.20  # of a word; the rest of it is silence
_WINDOW = 512  # samples: 32 ms, as a real gate has it
_LOUD_DBFS = -40.0
_DIMENSIONS = 256


class ScriptedActivity:
    """Calls everything speech that is louder than -40 dBFS."""

    def __init__(self) -> None:
        self._left: Pcm = np.zeros(0, np.int16)

    def speech(self, frame: Pcm) -> float | None:
        self._left = np.concatenate([self._left, frame])
        if len(self._left) < _WINDOW:
            return None
        window, self._left = self._left[:_WINDOW], self._left[_WINDOW:]
        return 1.0 if level_dbfs(window) > _LOUD_DBFS else 0.0

    def reset(self) -> None:
        self._left = np.zeros(0, np.int16)


class ScriptedHearing:
    """The n-th segment of speech becomes the n-th line; later ones become what is said of their length.

    A segment is transcribed several times while it grows: sound that begins with all of what was heard before is the
    same.
    """

    languages: tuple[str, ...] = ("en",)

    def __init__(self, lines: Sequence[str] = ()) -> None:
        self._lines = tuple(lines)
        self._number = -1
        self._last: Pcm | None = None

    async def hear(self, pcm_16k: Pcm, *, language: str, who: Hashable = None, final: bool = True) -> Heard:
        if level_dbfs(pcm_16k) <= _LOUD_DBFS - 20:
            return Heard()
        last = self._last
        if last is None or len(pcm_16k) < len(last) or not np.array_equal(pcm_16k[: len(last)], last):
            self._number += 1
        self._last = pcm_16k.copy()
        if self._number < len(self._lines):
            return Heard(self._lines[self._number])
        return Heard(f"I spoke for {len(pcm_16k) / HEARD_HZ:.1f} seconds")


class ScriptedVoice:
    """One tone a word, a quarter of a second each; the same word has the same tone."""

    key = "scripted:tones"
    label = "Tones"
    language = "en"

    async def speak(self, text: str, *, who: Hashable = None, speed: float = 1.0) -> Spoken:
        said, word_s = text.split(), WORD_S / speed
        at = np.arange(int(_TONE_S / speed * SPOKEN_HZ)) / SPOKEN_HZ
        pcm = np.zeros(int(len(said) * word_s * SPOKEN_HZ), np.int16)
        for place, word in enumerate(said):
            start = int(place * word_s * SPOKEN_HZ)
            tone = np.sin(2 * np.pi * word_hz(word) * at) * 8000
            pcm[start : start + len(tone)] = tone.astype(np.int16)
        return Spoken(pcm, tuple((place + 1) * word_s for place in range(len(said))))


def word_hz(word: str) -> int:
    """The tone of a word."""
    return 300 + zlib.crc32(word.lower().encode()) % 60 * 50


class ScriptedMeaning:
    """Sentences are as close as the words they share."""

    async def vectors(self, texts: Sequence[str], *, who: Hashable = None) -> npt.NDArray[np.float32]:
        rows = np.zeros((len(texts), _DIMENSIONS), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in words(text) or [""]:
                row[zlib.crc32(word.encode()) % _DIMENSIONS] += 1
        norms: npt.NDArray[np.float32] = np.linalg.norm(rows, axis=1, keepdims=True).astype(np.float32)
        return rows / norms


def engines(lines: Sequence[str] = ()) -> Engines:
    """A whole set of them for one call."""
    return Engines(ScriptedActivity, ScriptedHearing(lines), ScriptedVoice(), ScriptedMeaning())
