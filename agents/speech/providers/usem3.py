"""Meaning by the Universal Sentence Encoder, multilingual: sixteen languages in one space, in numpy alone.

The network: a table of piece vectors (six bits a number), three branches that look at two, three and five neighbouring
pieces, the mean of all that over the sentence, and a small network behind it. Half a millisecond to two a sentence.
All but the table was taught how people ask for what a business answers (bench/encoders; `taught/README.md`).
"""

import threading
from collections.abc import Hashable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from agents.speech import inference
from agents.speech.providers import weights
from agents.speech.providers.sentence_pieces import SentencePieces

NEEDS = ("usem3", "usem3 taught", "usem3 pieces")
LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh")
DIMENSIONS = 512
LONGEST = 256  # pieces of a text that are read; the rest is cut off
CHARACTERS_MOST = 2_000
BATCH = 32  # texts a turn in the pool, so that a long list does not hold up a call
_CHUNKS = 17  # the table's rows are dealt out to this many parts, each with its own scale
_BRANCHES = ((2, 0), (3, 1), (5, 2))  # pieces a window, and how many of them are to the left
_WIDTH = 256

Numbers = npt.NDArray[np.float32]


class Usem3Meaning:
    parts = (("usem3", DIMENSIONS),)

    def __init__(self, models_dir: Path) -> None:
        self._models_dir = models_dir
        self._lock = threading.Lock()
        self._network: _Network | None = None
        self._pieces: SentencePieces | None = None

    def load(self) -> None:
        """Read the files. Raises ProviderError(permanent)."""
        with self._lock:
            if self._network is None:
                self._pieces = SentencePieces(weights.read("usem3 pieces", self._models_dir))
                self._network = _Network(
                    weights.arrays("usem3", self._models_dir), weights.arrays("usem3 taught", self._models_dir)
                )

    def rarity(self, word: str) -> float:
        """How rare a word is in its language, 0 to 1. Raises ProviderError."""
        self.load()
        assert self._pieces
        return self._pieces.rarity(word)

    async def vectors(self, texts: Sequence[str], *, who: Hashable = None) -> Numbers:
        parts = [np.zeros((0, DIMENSIONS), np.float32)]
        for start in range(0, len(texts), BATCH):
            parts.append(await inference.shared().run(partial(self.encode, texts[start : start + BATCH]), who=who))
        return np.concatenate(parts)

    def encode(self, texts: Sequence[str]) -> Numbers:
        """The vectors, here and now: for the pool. Raises ProviderError."""
        self.load()
        assert self._pieces and self._network
        ids = [np.array(self._pieces.ids(text[:CHARACTERS_MOST], LONGEST)) for text in texts]
        return np.stack([self._network.vector(each) for each in ids]) if ids else np.zeros((0, DIMENSIONS), np.float32)


class _Network:
    def __init__(self, given: dict[str, Any], taught: dict[str, Any]) -> None:
        """`taught`: what is added to arrays of the same names, eight bits each, a scale for each column."""
        for name in given.keys() & taught.keys():
            given[name] = given[name] + taught[name] * taught[f"{name} scale"].astype(np.float32)
        rows, width = given["q1"].shape
        self._table = np.empty((_CHUNKS * rows, width), np.uint8)
        for chunk in range(_CHUNKS):
            self._table[chunk::_CHUNKS] = given.pop(f"q{chunk + 1}")
        self._scale, self._low, self._least = given["scale"], given["lo"], float(given["eps"])
        self._given = given
        # The way into all three branches is one product, evened out over all of them together.
        self._into, self._into_shift, self._into_gain, self._into_level = (
            np.concatenate([given[f"{name}{size}"] for size, _ in _BRANCHES], axis=-1)
            for name in ("proj", "proj_b", "ln_g", "ln_b")
        )

    def vector(self, ids: npt.NDArray[np.int64]) -> Numbers:
        given, chunk = self._given, ids % _CHUNKS
        words = self._table[ids] * self._scale[chunk, None] + self._low[chunk, None]
        starts = self._evened(words @ self._into + self._into_shift, self._into_gain, self._into_level)
        columns = [words]
        for place, (size, left) in enumerate(_BRANCHES):
            columns.append(self._branch(starts[:, place * _WIDTH : (place + 1) * _WIDTH], size, left))
        features = self._evened(np.concatenate(columns, axis=1), given["ln_g"], given["ln_b"])
        count = np.float32(len(ids))
        mean = (features.sum(axis=0) @ given["cnn_W"] + count * given["cnn_b"]) / np.sqrt(count)
        first = np.maximum(np.maximum(mean @ given["d0"], 0) @ given["d1"] + mean @ given["p1"], 0)
        last = np.tanh(np.maximum(first @ given["d2"], 0) @ given["d3"] + first @ given["p3"])
        return (last / max(float(np.linalg.norm(last)), 1e-9)).astype(np.float32)

    def _branch(self, start: Numbers, size: int, left: int) -> Numbers:
        """What windows of that many pieces say: two layers, each added to what it was given."""
        for layer in ("1", "2"):
            padded = np.zeros((len(start) + size - 1, _WIDTH), np.float32)
            padded[left : left + len(start)] = start
            windows = np.concatenate([padded[place : place + len(start)] for place in range(size)], axis=1)
            seen = windows @ self._given[f"w{layer}_{size}"] + self._given[f"b{layer}_{size}"]
            start = np.maximum(seen, 0) + start
        return start

    def _evened(self, rows: Numbers, gain: Numbers, shift: Numbers) -> Numbers:
        centred = rows - rows.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + self._least)
        return (centred / spread * gain + shift).astype(np.float32)
