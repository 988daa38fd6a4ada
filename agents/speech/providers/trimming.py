"""Silence before and behind a piece of speech, brought to what sounds natural between two pieces."""

import numpy as np
import numpy.typing as npt

from agents.speech.sound import SPOKEN_HZ

BEFORE_S = 0.02
BEHIND_S = {"": 0.06, ",": 0.15, ";": 0.2, ":": 0.2, ".": 0.3, "?": 0.3, "!": 0.3}
QUIET = 0.01  # of the loudest sample


def trim(
    sound: npt.NDArray[np.float32], ends_s: npt.NDArray[np.float64], mark: str
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float64]]:
    """Speech at SPOKEN_HZ that begins at once and ends with the pause of `mark`; and its words' ends, moved with it."""
    loud = np.flatnonzero(np.abs(sound) > QUIET * max(float(np.abs(sound).max(initial=0.0)), 1e-6))
    if not len(loud):
        return sound[:0], np.zeros_like(ends_s)
    first = int(loud[0]) - int(BEFORE_S * SPOKEN_HZ)
    behind = int(BEHIND_S.get(mark, BEHIND_S["."]) * SPOKEN_HZ)
    last = int(loud[-1]) + 1
    kept = sound[max(0, first) : min(len(sound), last + behind)]
    kept = np.pad(kept, (max(0, -first), max(0, last + behind - len(sound))))
    fade = min(len(kept), int(0.005 * SPOKEN_HZ))
    kept[len(kept) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    spoken_s = (last - first) / SPOKEN_HZ
    return kept, np.clip(ends_s - first / SPOKEN_HZ, 0.0, spoken_s)
