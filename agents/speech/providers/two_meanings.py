"""Meaning by two encoders at once: their vectors stand side by side, so that a product is the mean of two closenesses.

They err in different places. Whoever wants to know what each of them says cuts the vectors at `parts`.
"""

import math
from collections.abc import Hashable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agents.speech.providers import minilm, usem3
from agents.speech.providers.minilm import MiniLmMeaning
from agents.speech.providers.usem3 import Usem3Meaning

NEEDS = (*minilm.NEEDS, *usem3.NEEDS)


class TwoMeanings:
    def __init__(self, models_dir: Path) -> None:
        self._first, self._second = MiniLmMeaning(models_dir), Usem3Meaning(models_dir)
        self.parts = (*self._first.parts, *self._second.parts)
        self.rarity = self._second.rarity

    async def vectors(self, texts: Sequence[str], *, who: Hashable = None) -> npt.NDArray[np.float32]:
        found = [await one.vectors(texts, who=who) for one in (self._first, self._second)]
        return np.concatenate(found, axis=1) / np.float32(math.sqrt(len(found)))
