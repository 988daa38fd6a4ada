"""What is around a caller: rooms, noise, a telephone, and other sounds than speech. Made here, from fixed seeds."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agents.speech.sound import SPOKEN_HZ
from bench.talk.voices import LEVEL_DB, Sound, at_level

LOOP_S = 12  # noise repeats after so long
_BAND_HZ = (300.0, 3400.0)
_TAPS = 401


@dataclass(frozen=True, slots=True)
class Condition:
    """How a call sounds: noise so much softer than the speech, a telephone's band, packets that are lost."""

    name: str
    snr_db: float | None = None
    telephone: bool = False
    lost: float = 0.0  # share of the caller's packets


CLEAN = Condition("clean")
CONDITIONS = (
    CLEAN,
    Condition("noise, 15 dB softer", snr_db=15),
    Condition("noise, 5 dB softer", snr_db=5),
    Condition("telephone band", telephone=True),
    Condition("5 % of packets lost", lost=0.05),
)


def noise(condition: Condition) -> Sound:
    """A loop of it, as a street sounds; silence where there is none."""
    if condition.snr_db is None:
        return np.zeros(LOOP_S * SPOKEN_HZ, np.float32)
    drawn = np.random.default_rng(3).normal(0, 1, LOOP_S * SPOKEN_HZ)
    spectrum = np.fft.rfft(drawn)
    hz = np.fft.rfftfreq(len(drawn), 1 / SPOKEN_HZ)
    spectrum *= np.where(hz < 40, 0, 1 / np.sqrt(np.maximum(hz, 40)))
    street = np.fft.irfft(spectrum, len(drawn))
    return at_level(street.astype(np.float32), LEVEL_DB - condition.snr_db)


def telephone(sound: Sound) -> Sound:
    """300 to 3400 Hz, and 8 bits of mu-law."""
    at = np.arange(_TAPS) - _TAPS // 2
    low, high = (2 * hz / SPOKEN_HZ for hz in _BAND_HZ)
    taps = (high * np.sinc(high * at) - low * np.sinc(low * at)) * np.hamming(_TAPS)
    narrow = np.convolve(sound, taps, "same")
    small = np.sign(narrow) * np.log1p(255 * np.minimum(1, np.abs(narrow))) / np.log(256)
    small = np.round(small * 127) / 127
    return (np.sign(small) * (np.power(256, np.abs(small)) - 1) / 255).astype(np.float32)


def far(sound: Sound) -> Sound:
    """From across a room: duller, with a short tail."""
    drawn = np.random.default_rng(5)
    length = round(0.25 * SPOKEN_HZ)
    tail = drawn.normal(0, 1, length) * np.exp(-np.arange(length) / (0.06 * SPOKEN_HZ))
    tail[0] = 6
    duller = np.convolve(sound, np.ones(7) / 7, "same")
    return np.convolve(duller, tail)[: len(sound)].astype(np.float32)


def _burst(drawn: np.random.Generator, ms: float, low_hz: float, high_hz: float, decay_ms: float) -> Sound:
    count = round(ms * SPOKEN_HZ / 1000)
    hz = np.fft.rfftfreq(count, 1 / SPOKEN_HZ)
    spectrum = np.fft.rfft(drawn.normal(0, 1, count))
    spectrum[(hz < low_hz) | (hz > high_hz)] = 0
    rise = np.minimum(1, np.arange(count) / 120)
    return (np.fft.irfft(spectrum, count) * rise * np.exp(-np.arange(count) / (decay_ms * SPOKEN_HZ / 1000))).astype(
        np.float32
    )


def _series(times: int, gap_ms: float, *burst: float) -> Callable[[np.random.Generator], Sound]:
    def make(drawn: np.random.Generator) -> Sound:
        gap = np.zeros(round(gap_ms * SPOKEN_HZ / 1000), np.float32)
        return np.concatenate([each for _ in range(times) for each in (_burst(drawn, *burst), gap)])

    return make


def _throat(drawn: np.random.Generator) -> Sound:
    count = SPOKEN_HZ // 2
    at = np.arange(count) / SPOKEN_HZ
    buzz = np.sign(np.sin(2 * np.pi * 85 * at + 3 * np.sin(40 * at))) * 0.5
    whole = np.convolve(buzz, np.ones(9) / 9, "same") + _burst(drawn, 500, 200, 2500, 300)[:count]
    return (whole * np.hanning(count)).astype(np.float32)


_NOISES: dict[str, Callable[[np.random.Generator], Sound]] = {
    "cough": _series(2, 110, 260, 250, 3500, 70),
    "throat": _throat,
    "knock": _series(3, 150, 90, 60, 900, 20),
    "keys": _series(10, 100, 25, 1500, 7000, 6),
    "clatter": _series(4, 60, 200, 1500, 6000, 50),
    "burst": _series(1, 0, 900, 300, 5000, 500),
}
NOISES = tuple(_NOISES)


def bang(kind: str, db: float = 0.0) -> Sound:
    """A sound that is no voice, so much louder than a caller's speech."""
    return at_level(_NOISES[kind](np.random.default_rng(NOISES.index(kind))), LEVEL_DB + db)
