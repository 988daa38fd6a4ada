"""Callers: sentences in voices of several engines, all at one level, and none of them the agent's own.

Sound here is float, at 24 kHz, with full scale at 1. eSpeak is left out where the machine has none.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agents.speech.providers.base import Voice
from agents.speech.providers.resampling import resample
from agents.speech.providers.table import PROVIDERS
from agents.speech.sound import SPOKEN_HZ, as_float

ROOT = Path(__file__).resolve().parent.parent.parent
MODELS_DIR = Path(os.environ.get("STUDIO_MODELS_DIR", ROOT / "data" / "models"))
AGENT = "hibari:heart"  # what answers in the demo
LEVEL_DB = -26.0  # of a caller's speech
ESPEAK_HZ = 22_050
SHORTEST_S = 0.12  # of a piece that anybody can hear

Sound = npt.NDArray[np.float32]
Place = tuple[float, float]  # from when to when, in seconds

# A name may end in ~PERCENT: the same voice, that much faster and higher, as another speaker is.
_WANTED = ("piper:joe", "pico:en-GB", "espeak:en-us+m3", "pico:en-US", "piper:joe~7", "espeak:en-gb+f2")


def callers(wanted: Sequence[str] = _WANTED) -> list[str]:
    with_espeak = shutil.which("espeak-ng") is not None
    return [name for name in wanted if with_espeak or not name.startswith("espeak")]


def active_db(sound: Sound) -> float:
    """Loudness of the speech in it, its pauses left out."""
    frames = sound[: len(sound) // 480 * 480].reshape(-1, 480)
    powers = (frames * frames).mean(axis=1)
    loud = powers[powers > powers.max(initial=0.0) * 0.01]
    return float(10 * np.log10(loud.mean() + 1e-12)) if len(loud) else -96.0


def at_level(sound: Sound, db: float) -> Sound:
    return (sound * 10 ** ((db - active_db(sound)) / 20)).astype(np.float32)


def silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * SPOKEN_HZ), np.float32)


@cache
def say(voice: str, text: str) -> Sound:
    """Trimmed to the speech, at the level of callers."""
    name, _, faster = voice.partition("~")
    sound = _espeak(name.removeprefix("espeak:"), text) if name.startswith("espeak") else _ours(name, text)
    if faster:
        sound = resample(sound, round(SPOKEN_HZ * (1 + int(faster) / 100) / 240) * 240, SPOKEN_HZ)
    return at_level(_trimmed(sound), LEVEL_DB)


@cache
def _voice(name: str) -> Voice:
    made = PROVIDERS["voice"][name].make(MODELS_DIR)
    made.load()
    return made


def _ours(name: str, text: str) -> Sound:
    with ThreadPoolExecutor(1) as aside:  # a loop may run in this thread
        return as_float(aside.submit(lambda: asyncio.run(_voice(name).speak(text))).result().pcm)


def _espeak(variant: str, text: str) -> Sound:
    spoken = subprocess.run(
        ["espeak-ng", "-v", variant, "-s", "155", "--stdout", text], capture_output=True, check=True
    ).stdout
    return resample(as_float(np.frombuffer(spoken[44:], "<i2")), ESPEAK_HZ, SPOKEN_HZ)


def _trimmed(sound: Sound, keep_s: float = 0.02) -> Sound:
    frames = sound[: len(sound) // 240 * 240].reshape(-1, 240)
    size = np.sqrt((frames * frames).mean(axis=1))
    loud = np.flatnonzero(size > size.max(initial=0.0) * 0.02)
    if not len(loud):
        return sound
    keep = round(keep_s * SPOKEN_HZ)
    return sound[max(0, loud[0] * 240 - keep) : (loud[-1] + 1) * 240 + keep]


def with_pauses(
    voice: str, pieces: Sequence[str], pauses_s: Sequence[float]
) -> tuple[Sound, list[tuple[float, float]]]:
    """The pieces with these silences between them, and from when to when each of them sounds.

    Where a sentence goes on, it is spoken whole and drawn out at its own gap: pieces that are spoken one by one fall
    in pitch at their ends, as no caller does in the middle of a sentence.
    """
    sounds = _pieces(voice, pieces)
    out, places, at = [], [], 0.0
    for number, sound in enumerate(sounds):
        places.append((at, at + len(sound) / SPOKEN_HZ))
        out.append(sound)
        if number < len(sounds) - 1:
            out.append(silence(pauses_s[number]))
            at = places[-1][1] + pauses_s[number]
    return np.concatenate(out), places


def _pieces(voice: str, pieces: Sequence[str]) -> list[Sound]:
    return _spoken(voice, tuple(pieces))


@cache
def _spoken(voice: str, pieces: tuple[str, ...]) -> list[Sound]:
    apart = [say(voice, piece) for piece in pieces]
    if len(pieces) == 1 or any(piece[-1] in ".?!" for piece in pieces[:-1]):
        return apart
    whole = say(voice, " ".join(pieces))
    total = sum(map(len, apart))
    wanted = np.cumsum([len(each) for each in apart])[:-1] / total * len(whole)
    # Never so far that a word is left without sound: two pauses would be one of twice the length
    room_s = [min(len(a), len(b)) / SPOKEN_HZ * 0.4 for a, b in pairwise(apart)]
    cuts = [_quietest(whole, int(at), min(0.35, room)) for at, room in zip(wanted, room_s, strict=True)]
    split = [_trimmed(each) for each in np.split(whole, cuts)]
    return split if min(map(len, split)) >= SHORTEST_S * SPOKEN_HZ else apart


def _quietest(sound: Sound, near: int, within_s: float, window: int = 1200) -> int:
    low, high = (
        max(window, near - round(within_s * SPOKEN_HZ)),
        min(len(sound) - window, near + round(within_s * SPOKEN_HZ)),
    )
    places = range(low, max(low + 1, high), 240)
    return min(places, key=lambda at: float(np.square(sound[at - window // 2 : at + window // 2]).sum()))


@cache
def agent_says(clause: str) -> Sound:
    """A clause as the agent says it: what to look for in its channel."""
    return _ours(AGENT, clause)
