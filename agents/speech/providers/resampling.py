"""Sound from one rate to another: a windowed sinc in as many phases as the ratio has, for whole pieces of sound."""

from functools import lru_cache
from math import ceil, gcd

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
HALF_WIDTH = 16  # zero crossings on each side: aliases are 80 dB down


@lru_cache(maxsize=16)
def _filters(up: int, down: int) -> Samples:
    """One row of weights for each of the `up` positions an output sample can have between two input samples."""
    cutoff = min(1.0, up / down) * 0.95
    half = ceil(HALF_WIDTH / cutoff)
    taps = np.arange(-half + 1, half + 1, dtype=np.float64)
    at = taps[None, :] - (np.arange(up) / up)[:, None]
    window = np.where(np.abs(at) < half, np.i0(8.6 * np.sqrt(np.maximum(0, 1 - (at / half) ** 2))) / np.i0(8.6), 0)
    rows = cutoff * np.sinc(cutoff * at) * window
    return (rows / rows.sum(axis=1, keepdims=True)).astype(np.float32)


def resample(sound: Samples, from_hz: int, to_hz: int) -> Samples:
    """The same sound at another rate; its length in seconds stays what it was, to the sample."""
    if from_hz == to_hz or not len(sound):
        return sound
    common = gcd(from_hz, to_hz)
    up, down = to_hz // common, from_hz // common
    rows = _filters(up, down)
    half = rows.shape[1] // 2
    length = ceil(len(sound) * up / down)
    padded = np.pad(sound.astype(np.float32), (half - 1, half + 1))
    windows = np.lib.stride_tricks.sliding_window_view(padded, rows.shape[1])
    out = np.empty(length, np.float32)
    for phase in range(min(up, length)):  # outputs `up` apart share a phase, and start `down` inputs apart
        start = phase * down
        outputs = len(range(phase, length, up))
        out[phase::up] = windows[start // up :: down][:outputs] @ rows[start % up]
    return out
