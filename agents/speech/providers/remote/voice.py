"""One call's voice at a service: the chunks of a clause put together, as loud as all voices, with an end for each word.

A clause is whole or it is not said: where the service breaks off in the middle, whoever steps in says it from its
beginning, and the caller hears it once.
"""

import asyncio
import math
from collections.abc import AsyncGenerator, Hashable, Sequence

import numpy as np

from agents.speech import inference
from agents.speech.loudness import TARGET_LUFS, limited, lufs
from agents.speech.providers.assembling import check_length
from agents.speech.providers.base import Spoken
from agents.speech.providers.remote.base import Chunk, StreamingVoice, failure
from agents.speech.sound import SPOKEN_HZ, Pcm, as_float, from_float
from agents.speech.words import words as words_in

FIRST_S = 2.0  # a service that has said nothing for so long is too slow for a call …
NEXT_S = 2.0  # … and so is one that stops in the middle
LONGEST_S = 120.0  # of sound for one clause
_GAIN_MOST_DB = 12.0
_BEFORE_S, _BEHIND_S = 0.02, 0.25  # quiet that is kept around a clause
_WORD_COST = 1.5  # letters' worth of time that every word takes, however short


class RemoteVoice:
    """A `Voice` for one call; `close` it with the call."""

    def __init__(self, voice: StreamingVoice, *, key: str, label: str, language: str) -> None:
        self.key, self.label, self.language = key, label, language
        self._voice = voice
        self._gain: float | None = None  # found with the first clause: a voice is as loud as it is

    async def speak(self, text: str, *, who: Hashable = None, speed: float = 1.0) -> Spoken:
        check_length(text)
        said = text.split()
        if not words_in(text):
            return Spoken(np.zeros(0, np.int16), (0.0,) * len(said))
        pcm, timed = await _whole(self._voice.stream(text, language=self.language, speed=speed))
        level = self._gain
        loud, self._gain, cut_s = await inference.shared().run(lambda: _levelled(pcm, level), who=who)
        return Spoken(loud, word_ends(said, [(word, end - cut_s) for word, end in timed], len(loud) / SPOKEN_HZ))

    async def close(self) -> None:
        await self._voice.close()


async def _whole(stream: AsyncGenerator[Chunk, None]) -> tuple[Pcm, list[tuple[str, float]]]:
    """Raises ProviderError."""
    pieces: list[Pcm] = []
    timed: list[tuple[str, float]] = []
    samples = 0
    try:
        while True:
            try:
                async with asyncio.timeout(NEXT_S if samples else FIRST_S):
                    chunk = await anext(stream)
            except StopAsyncIteration:
                break
            except TimeoutError:
                raise failure("TOO_SLOW", "in the middle" if samples else "at the beginning") from None
            pieces.append(chunk.pcm)
            timed += chunk.words
            samples += len(chunk.pcm)
            if samples > LONGEST_S * SPOKEN_HZ:
                raise failure("GARBLED", "too long")
    finally:
        await stream.aclose()
    if not samples:
        raise failure("GARBLED", "no sound")
    return np.concatenate(pieces), timed


def _levelled(pcm: Pcm, gain: float | None) -> tuple[Pcm, float, float]:
    """At the loudness of all voices, without the silence around it; the gain for it, and the seconds cut in front."""
    sound = as_float(pcm)
    if gain is None:
        db = min(max(TARGET_LUFS - lufs(sound, SPOKEN_HZ), -_GAIN_MOST_DB), _GAIN_MOST_DB)
        gain = 10 ** (db / 20)
    size = np.abs(sound)
    heard = np.flatnonzero(size > 0.02 * size.max())
    first, last = (int(heard[0]), int(heard[-1])) if len(heard) else (0, len(sound))
    start = max(0, first - round(_BEFORE_S * SPOKEN_HZ))
    sound = sound[start : last + round(_BEHIND_S * SPOKEN_HZ)]
    return from_float(limited(sound * np.float32(gain))), gain, start / SPOKEN_HZ


def word_ends(said: Sequence[str], timed: Sequence[tuple[str, float]], seconds: float) -> tuple[float, ...]:
    """When each word has been said: as the service tells, as far as its words are ours; else they share the time."""
    if len(timed) != len(said):
        weights: list[float] = np.cumsum([len(word) + _WORD_COST for word in said]).tolist()
        return tuple(end / weights[-1] * seconds for end in weights)
    ends = np.maximum.accumulate([end if math.isfinite(end) else 0.0 for _word, end in timed])
    return tuple(float(min(max(end, 0.0), seconds)) for end in ends)
