"""Loudness against what the standard says of known signals."""

import numpy as np
import pytest

from agents.speech.loudness import KNEE, limited, lufs


def tone(hz, amplitude, rate_hz, seconds=2.0):
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate_hz)) / rate_hz)).astype(np.float32)


@pytest.mark.parametrize("rate_hz", [16_000, 24_000, 48_000])
def test_a_full_tone_of_1_khz_has_the_loudness_of_the_standard(rate_hz):
    # BS.1770: a 997 Hz sine of full scale in one channel reads -3.01.
    assert lufs(tone(997, 1.0, rate_hz), rate_hz) == pytest.approx(-3.01, abs=0.1)


def test_half_the_amplitude_is_6_db_less():
    assert lufs(tone(997, 0.5, 24_000), 24_000) == pytest.approx(-9.03, abs=0.1)


def test_silence_around_speech_does_not_count():
    heard = tone(997, 0.1, 24_000, seconds=6)
    around = np.concatenate([np.zeros(96_000, np.float32), heard, np.zeros(96_000, np.float32)])
    assert lufs(around, 24_000) == pytest.approx(lufs(heard, 24_000), abs=0.5)


def test_nothing_has_the_lowest_loudness():
    assert lufs(np.zeros(0, np.float32), 24_000) == lufs(np.zeros(48_000, np.float32), 24_000) == -70.0


def test_soft_sound_passes_the_limiter_untouched():
    sound = tone(300, KNEE - 0.01, 24_000)
    assert limited(sound) is sound


def test_loud_sound_is_bent_below_full_scale_and_keeps_its_order():
    loud = np.linspace(-3, 3, 601, dtype=np.float32)
    bent = limited(loud)
    assert np.abs(bent).max() < 1
    assert (np.diff(bent) >= 0).all()
    assert np.array_equal(bent[np.abs(loud) <= KNEE], loud[np.abs(loud) <= KNEE])
