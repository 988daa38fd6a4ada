"""Voice activity by Silero: 32 ms windows out of 20 ms frames, 0.3 ms of work for each."""

from pathlib import Path

import numpy as np

from agents.speech.providers import weights
from agents.speech.sound import HEARD_HZ, Pcm

WINDOW = 512
CONTEXT = 64  # the model wants the end of the window before
NEEDS = ("silero",)
_RATE = np.array(HEARD_HZ, np.int64)


class SileroActivity:
    """One a call; the model behind it is shared. Small enough to run where it is called."""

    def __init__(self, models_dir: Path) -> None:
        self._session = weights.session("silero", models_dir)
        self.reset()

    def reset(self) -> None:
        self._state = np.zeros((2, 1, 128), np.float32)
        self._input = np.zeros((1, CONTEXT + WINDOW), np.float32)
        self._waiting = np.empty(0, np.float32)

    def speech(self, frame: Pcm) -> float | None:
        """The probability of speech of the newest whole window, or None while it fills."""
        self._waiting = np.concatenate([self._waiting, frame.astype(np.float32) / 32768])
        probability = None
        while len(self._waiting) >= WINDOW:
            self._input[0, :CONTEXT] = self._input[0, -CONTEXT:]
            self._input[0, CONTEXT:] = self._waiting[:WINDOW]
            self._waiting = self._waiting[WINDOW:]
            out, self._state = self._session.run(None, {"input": self._input, "state": self._state, "sr": _RATE})
            probability = float(out[0, 0])
        return probability
