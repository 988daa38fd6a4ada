"""Frames of sound and small measures on them. Every sample is a signed 16-bit integer, mono."""

import math

import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.int16]  # one dimension; the rate stands beside it in each name

FRAME_S = 0.020
HEARD_HZ = 16_000  # what the agent hears
HEARD_FRAME = 320  # samples in 20 ms of it
SPOKEN_HZ = 24_000  # what the agent says: keeps all of a 22.05 kHz voice, and Opus takes it as it is
SPOKEN_FRAME = 480  # samples in 20 ms of it

SILENT_DBFS = -96.0
_FULL_DB = 20 * math.log10(32768)

SILENT_FRAME: Pcm = np.zeros(HEARD_FRAME, np.int16)
SILENT_FRAME.setflags(write=False)


def power(pcm: Pcm) -> float:
    """Mean square of the samples."""
    if not len(pcm):
        return 0.0
    samples = pcm.astype(np.float32)
    return float(np.dot(samples, samples)) / len(pcm)


def power_dbfs(mean_square: float) -> float:
    """A mean square as loudness: 0 is full scale, -96 is silence."""
    return max(SILENT_DBFS, 10 * math.log10(mean_square) - _FULL_DB) if mean_square > 0 else SILENT_DBFS


def level_dbfs(pcm: Pcm) -> float:
    """Loudness of a piece of sound: 0 is full scale, -96 is silence."""
    return power_dbfs(power(pcm))


def as_float(pcm: Pcm) -> npt.NDArray[np.float32]:
    """Samples between -1 and 1, as models want them."""
    return pcm.astype(np.float32) / np.float32(32768)


def from_float(samples: npt.NDArray[np.float32]) -> Pcm:
    """Back to 16 bits; what is louder than full scale is clipped."""
    return (np.clip(samples, -1, 1) * 32767).astype(np.int16)
