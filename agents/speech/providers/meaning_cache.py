"""Meaning that remembers: a draft is tried after every change, and most of its sentences are the same as before."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from agents.speech.providers.base import Meaning, parts_of, rarity_of

SENTENCES_MOST = 30_000  # up to 896 numbers each: 107 MB; what was not asked for the longest time goes first


class CachedMeaning:
    """Any meaning with a cache of sentences before it."""

    def __init__(self, meaning: Meaning, most: int = SENTENCES_MOST) -> None:
        self.meaning = meaning
        self.parts, self.rarity = parts_of(meaning), rarity_of(meaning)
        self._most = most
        self._kept: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()

    async def vectors(self, texts: Sequence[str], *, who: Hashable = None) -> npt.NDArray[np.float32]:
        found = {text: self._kept[text] for text in texts if text in self._kept}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        made = await self.meaning.vectors(new, who=who) if new else np.zeros((0, 1), np.float32)
        found.update(zip(new, made, strict=True))
        for text, vector in found.items():
            self._kept[text] = vector
            self._kept.move_to_end(text)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return np.stack([found[text] for text in texts]) if len(texts) else made
