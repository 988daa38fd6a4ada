"""Meaning in languages other than English: USE, and E5 beside it where `manage.py better_meaning` was run.

E5 tells questions in other words better apart and costs a multiple of USE, so only topics are compared by both. What
is kept for long (passages of sources) and what goes by limits of its own stays with the one that is always there.
"""

import math
from collections.abc import Hashable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agents.speech.providers import e5, usem3, weights
from agents.speech.providers.e5 import E5Meaning
from agents.speech.providers.usem3 import Usem3Meaning

NEEDS = (*usem3.NEEDS, *e5.NEEDS)
_EACH = np.float32(math.sqrt(2))  # side by side, both make a vector of length one

Numbers = npt.NDArray[np.float32]


def make(models_dir: Path) -> "Usem3Meaning | BesideE5":
    return Usem3Meaning(models_dir) if weights.missing(NEEDS, models_dir) else BesideE5(models_dir)


class BesideE5:
    def __init__(self, models_dir: Path) -> None:
        self.plain, self._e5 = Usem3Meaning(models_dir), E5Meaning(models_dir)
        self.parts = (*self.plain.parts, *self._e5.parts)
        self.rarity = self.plain.rarity

    async def vectors(self, texts: Sequence[str], *, who: Hashable = None) -> Numbers:
        found = await self.plain.vectors(texts, who=who), await self._e5.vectors(texts, who=who)
        return np.concatenate(found, axis=1) / _EACH

    async def told(self, texts: Sequence[str], *, who: Hashable = None) -> Numbers:
        found = await self.plain.vectors(texts, who=who), await self._e5.told(texts, who=who)
        return np.concatenate(found, axis=1) / _EACH
