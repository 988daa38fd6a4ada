"""Frames of sound and small measures on them. Every sample is a signed 16-bit integer, mono."""

import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.int16]  # one dimension; the rate stands beside it in each name

FRAME_S = 0.020
HEARD_HZ = 16_000  # what the agent hears
HEARD_FRAME = 320  # samples in 20 ms of it
SPOKEN_HZ = 24_000  # what the agent says: keeps all of a 22.05 kHz voice, and Opus takes it as it is
SPOKEN_FRAME = 480  # samples in 20 ms of it

SILENT_FRAME: Pcm = np.zeros(HEARD_FRAME, np.int16)
SILENT_FRAME.setflags(write=False)


def level_dbfs(pcm: Pcm) -> float:
    """Loudness of a piece of sound: 0 is full scale, -96 is silence."""
    if not len(pcm):
        return -96.0
    rms = float(np.sqrt(np.mean(np.square(pcm.astype(np.float32)))))
    return max(-96.0, 20 * float(np.log10(rms / 32768))) if rms > 0 else -96.0


def as_float(pcm: Pcm) -> npt.NDArray[np.float32]:
    """Samples between -1 and 1, as models want them."""
    return pcm.astype(np.float32) / np.float32(32768)


def from_float(samples: npt.NDArray[np.float32]) -> Pcm:
    """Back to 16 bits; what is louder than full scale is clipped."""
    return (np.clip(samples, -1, 1) * 32767).astype(np.int16)
