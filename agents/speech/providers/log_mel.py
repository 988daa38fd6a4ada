"""What Whisper hears with: how loud each of 80 bands is, a hundred times a second."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from agents.speech.sound import HEARD_HZ

BANDS, WINDOW, HOP = 80, 400, 160
FRAMES_PER_S = HEARD_HZ // HOP
_LINEAR_UNTIL_HZ, _LINEAR_STEP_HZ = 1000.0, 200 / 3  # below, bands stand at equal distances; above, at equal ratios
_RATIO = np.log(6.4) / 27

Numbers = npt.NDArray[np.float32]


def log_mel(sound: Numbers) -> Numbers:
    """BANDS × frames, from -1 (the floor) to about 1. The sound has at least half a window."""
    around = np.pad(sound, WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(around, WINDOW)[::HOP][: len(sound) // HOP]
    power = np.abs(np.fft.rfft(frames * _window(), axis=1)) ** 2
    found = np.log10(np.maximum(_filters() @ power.T, 1e-10))
    found = (np.maximum(found, found.max() - 8.0) + 4.0) / 4.0
    return np.ascontiguousarray(found, np.float32)


@lru_cache(maxsize=1)
def _window() -> npt.NDArray[np.float64]:
    return np.hanning(WINDOW + 1)[:-1]


@lru_cache(maxsize=1)
def _filters() -> npt.NDArray[np.float64]:
    """One row a band: a triangle over the frequencies, of equal area in each."""
    last = _LINEAR_UNTIL_HZ / _LINEAR_STEP_HZ
    mels = np.linspace(0.0, last + np.log(HEARD_HZ / 2 / _LINEAR_UNTIL_HZ) / _RATIO, BANDS + 2)
    edges = np.where(mels < last, mels * _LINEAR_STEP_HZ, _LINEAR_UNTIL_HZ * np.exp(_RATIO * (mels - last)))
    bins = np.linspace(0.0, HEARD_HZ / 2, WINDOW // 2 + 1)
    widths = np.diff(edges)
    ramps = edges[:, None] - bins
    rising, falling = -ramps[:-2] / widths[:-1, None], ramps[2:] / widths[1:, None]
    return np.maximum(0.0, np.minimum(rising, falling)) * (2.0 / (edges[2:] - edges[:-2]))[:, None]
