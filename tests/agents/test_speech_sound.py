"""Sound at another rate, and without the silence around it."""

import numpy as np
import pytest

from agents.speech.providers.resampling import resample
from agents.speech.providers.trimming import BEFORE_S, BEHIND_S, trim
from agents.speech.sound import SPOKEN_HZ


def tone(hz, rate, seconds=1.0):
    return np.sin(2 * np.pi * hz * np.arange(int(rate * seconds)) / rate).astype(np.float32)


@pytest.mark.parametrize(("from_hz", "to_hz"), [(22_050, 24_000), (16_000, 24_000), (24_000, 16_000), (48_000, 16_000)])
def test_a_tone_stays_the_same_tone(from_hz, to_hz):
    there = resample(tone(1000, from_hz), from_hz, to_hz)
    assert len(there) == to_hz
    middle = slice(to_hz // 10, -to_hz // 10)
    assert np.abs(there - tone(1000, to_hz))[middle].max() < 0.001


def test_what_the_lower_rate_cannot_hold_is_gone():
    assert np.abs(resample(tone(10_000, 24_000), 24_000, 16_000)[1000:-1000]).max() < 0.001


def test_little_or_nothing_is_resampled_too():
    assert len(resample(np.zeros(0, np.float32), 22_050, 24_000)) == 0
    assert len(resample(np.ones(1, np.float32), 22_050, 24_000)) == 2
    assert len(resample(np.ones(147, np.float32), 22_050, 24_000)) == 160


@pytest.mark.parametrize("mark", ["", ",", "."])
def test_silence_is_trimmed_to_the_pause_of_the_mark(mark):
    speech = tone(300, SPOKEN_HZ, 0.5)
    silent = np.zeros(SPOKEN_HZ, np.float32)
    kept, ends = trim(np.concatenate([silent, speech, silent]), np.array([1.25, 1.5]), mark)
    assert len(kept) / SPOKEN_HZ == pytest.approx(BEFORE_S + 0.5 + BEHIND_S[mark], abs=0.002)
    assert ends == pytest.approx([0.25 + BEFORE_S, 0.5 + BEFORE_S], abs=0.002)


def test_a_pause_is_added_where_there_is_none():
    kept, ends = trim(tone(300, SPOKEN_HZ, 0.5), np.array([0.5]), ".")
    assert len(kept) / SPOKEN_HZ == pytest.approx(BEFORE_S + 0.5 + BEHIND_S["."], abs=0.002)
    assert ends[0] == pytest.approx(0.5 + BEFORE_S, abs=0.002)


def test_nothing_but_silence_becomes_nothing():
    kept, ends = trim(np.zeros(1000, np.float32), np.array([0.01]), ".")
    assert len(kept) == 0 and list(ends) == [0]
