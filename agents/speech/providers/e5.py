"""Meaning by multilingual E5 (small, four bits): a hundred languages in one space, about ten milliseconds a sentence.

It was made to be told which of two a text is: a question, or something that may answer one. All its vectors lie close
together; without what each of the two has in common they are as far apart as those of other encoders.
"""

import threading
from collections.abc import Hashable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agents.speech import inference
from agents.speech.providers import memory, weights
from agents.speech.providers.base import ProviderError
from agents.speech.providers.e5_file import E5File, plain
from agents.speech.providers.e5_network import GIVEN, network
from agents.speech.providers.sentence_pieces import Unigram

NEEDS = ("e5", "e5 means")
DIMENSIONS = 384
LONGEST = 128  # pieces; a text of that many costs eight times an ordinary question
CHARACTERS_MOST = 2_000
BATCH = 4  # texts a turn in the pool, so that a long list does not hold up a call
_ASKED, _TOLD = "query: ", "passage: "

Numbers = npt.NDArray[np.float32]


class E5Meaning:
    parts = (("e5", DIMENSIONS),)

    def __init__(self, models_dir: Path) -> None:
        self._models_dir = models_dir
        self._lock = threading.Lock()
        self._loaded: tuple[_Encoder, Numbers] | None = None

    def load(self) -> None:
        """Read the files. Raises ProviderError(permanent)."""
        with self._lock:
            if self._loaded is None:
                weights.read("e5", self._models_dir)  # checks it; what is used of it stays on the disk
                means = np.frombuffer(weights.read("e5 means", self._models_dir), "<f2").astype(np.float32)
                self._loaded = _Encoder(self._models_dir), means.reshape(2, DIMENSIONS)
                memory.give_back()

    async def vectors(self, texts: Sequence[str], *, who: Hashable = None) -> Numbers:
        return await self._in_turns(texts, False, who)

    async def told(self, texts: Sequence[str], *, who: Hashable = None) -> Numbers:
        return await self._in_turns(texts, True, who)

    async def _in_turns(self, texts: Sequence[str], told: bool, who: Hashable) -> Numbers:
        parts = [np.zeros((0, DIMENSIONS), np.float32)]
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            parts.append(await inference.shared().run(partial(self.encode, batch, told=told), who=who))
        return np.concatenate(parts)

    def encode(self, texts: Sequence[str], *, told: bool = False) -> Numbers:
        """The vectors, here and now: for the pool. Raises ProviderError."""
        self.load()
        assert self._loaded
        encoder, means = self._loaded
        mark, mean = (_TOLD if told else _ASKED), means[int(told)]
        rows = [encoder.vector(mark + text[:CHARACTERS_MOST]) - mean for text in texts]
        found = np.stack(rows) if rows else np.zeros((0, DIMENSIONS), np.float32)
        length = np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return (found / length).astype(np.float32)


class _Encoder:
    def __init__(self, models_dir: Path) -> None:
        try:
            file = E5File(weights.FILES["e5"].find(models_dir))
        except (ValueError, OSError) as error:
            raise ProviderError(f"The file for e5 cannot be read: {error}", permanent=True) from error
        self._begin, self._end = file.begin, file.end
        self._pieces = Unigram(file.ids, file.scores, file.unknown)
        self._table = file.blocks("emb.word", file.sizes.pieces)
        kind = file.floats("emb.type")[: file.sizes.width]  # the first one: there is one text at a time
        self._places = file.floats("emb.pos").reshape(-1, file.sizes.width)[:LONGEST] + kind
        self._session = weights.made_session("e5", network(file))

    def vector(self, text: str) -> Numbers:
        """A vector of length one."""
        pieces = [number for number, _ in self._pieces.split(text)[: LONGEST - 2]]
        ids = [self._begin, *pieces, self._end]
        rows = plain(self._table[ids]) + self._places[: len(ids)]
        mean = self._session.run(None, {GIVEN: rows})[0]
        return (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
