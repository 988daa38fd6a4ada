"""Meaning that remembers: a draft is tried after every change, and most of its sentences are the same as before."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from agents.speech.providers.base import Meaning, parts_of, rarity_of, told_by

SENTENCES_MOST = 30_000  # up to 896 numbers each: 107 MB; what was not asked for the longest time goes first


class CachedMeaning:
    """Any meaning with a cache of sentences before it."""

    def __init__(self, meaning: Meaning, most: int = SENTENCES_MOST) -> None:
        self.meaning = meaning
        self.parts, self.rarity = parts_of(meaning), rarity_of(meaning)
        self.plain = getattr(meaning, "plain", None)
        self._most = most
        self._kept: OrderedDict[tuple[str, bool], npt.NDArray[np.float32]] = OrderedDict()

    async def vectors(self, texts: Sequence[str], *, who: Hashable = None) -> npt.NDArray[np.float32]:
        return await self._remembered(texts, False, who)

    async def told(self, texts: Sequence[str], *, who: Hashable = None) -> npt.NDArray[np.float32]:
        return await self._remembered(texts, True, who)

    async def _remembered(self, texts: Sequence[str], told: bool, who: Hashable) -> npt.NDArray[np.float32]:
        found = {text: self._kept[text, told] for text in texts if (text, told) in self._kept}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        make = partial(told_by, self.meaning) if told else self.meaning.vectors
        made = await make(new, who=who) if new else np.zeros((0, 1), np.float32)
        found.update(zip(new, made, strict=True))
        for text, vector in found.items():
            self._kept[text, told] = vector
            self._kept.move_to_end((text, told))
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return np.stack([found[text] for text in texts]) if len(texts) else made
