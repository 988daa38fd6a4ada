"""The passages of a version's sources in memory: eight bits a number, and the signs of the words in each.

20,000 passages with 896 numbers each take 18 MB, and are compared with a question in some ten milliseconds of one core,
block by block, in the pool.
"""

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from agents.brains.word_signs import stem
from agents.speech.providers.base import Meaning, parts_of
from agents.speech.providers.meaning_cache import CachedMeaning
from agents.speech.words import words

Vectors = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Parts = tuple[tuple[str, int], ...]

SIGNS = 128  # bytes: each word of a passage sets one of these 1,024 bits
BLOCK = 2_048  # passages that are compared at a time
SENTENCES_MOST = 4_000  # that are remembered with their vectors: 14 MB
NEAR = 24  # that are looked at more closely
_TAUGHT = {"minilm": ",2", "usem3": ",3"}  # see speech/providers/taught
_BY_WORDS = 0.35  # what a share of the question's words weighs beside closeness, for being looked at


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a source, as it is cited."""

    source: str
    title: str
    address: str = ""
    number: int = 0
    kind: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Passage:
    leaf: Leaf
    heading: str
    text: str
    number: int = 0  # of the page or row; 0: as its leaf

    @property
    def whole(self) -> str:
        return told(self.leaf.title, self.heading, self.text)


def told(title: str, heading: str, text: str) -> str:
    """A passage as it is compared: with what stands above it."""
    above = heading if heading and heading not in text else ""
    return ": ".join(part for part in (above or title, text) if part)


def name_of(parts: Parts, width: int) -> str:
    """Whose vectors these are, in words that are kept with them. Once taught, an encoder makes others."""
    return "+".join(f"{name}{_TAUGHT.get(name, '')}:{size}" for name, size in parts) or f"own:{width}"


def parts_in(name: str) -> Parts:
    found = (part.partition(":") for part in name.split("+"))
    return tuple((one.partition(",")[0], int(size)) for one, _, size in found)


def packed(vectors: Vectors, texts: Sequence[str]) -> bytes:
    """Passages as they are kept: a scale for each, its numbers in eight bits, and the signs of its words."""
    scales = np.abs(vectors).max(axis=1) / np.float32(127)
    rows = np.rint(vectors / np.maximum(scales, 1e-9)[:, None]).astype(np.int8)
    return scales.astype("<f4").tobytes() + rows.tobytes() + signs(texts).tobytes()


def signs(texts: Sequence[str]) -> Bytes:
    found = np.zeros((len(texts), SIGNS * 8), np.uint8)
    for row, text in zip(found, texts, strict=True):
        row[[_bit(each) for each in stems(text)]] = 1
    return np.packbits(found, axis=1)


def stems(text: str) -> set[str]:
    return {stem(word) for word in words(text)}


def _bit(word: str) -> int:
    return zlib.crc32(word.encode()) % (SIGNS * 8)


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it is kept."""

    leaf: Leaf
    passages: Sequence[tuple[str, str, int]]
    packed: bytes


class Library:
    """Everything that one version may answer from."""

    def __init__(self, pages: Iterable[Kept], encoder: str) -> None:
        """All pages have vectors of this encoder."""
        self.encoder, self.parts = encoder, parts_in(encoder)
        width = sum(size for _name, size in self.parts)
        self._leaves: list[Leaf] = []
        self._said: list[tuple[int, str, str, int]] = []
        scales, rows, marks = [np.zeros(0, "<f4")], [np.zeros((0, width), np.int8)], [np.zeros((0, SIGNS), np.uint8)]
        for page in pages:
            count = len(page.passages)
            if len(page.packed) != count * (4 + width + SIGNS):
                continue  # of another encoder, or torn
            middle, last = count * 4, count * (4 + width)
            scales.append(np.frombuffer(page.packed[:middle], "<f4"))
            rows.append(np.frombuffer(page.packed[middle:last], np.int8).reshape(count, width))
            marks.append(np.frombuffer(page.packed[last:], np.uint8).reshape(count, SIGNS))
            self._leaves.append(page.leaf)
            place = len(self._leaves) - 1
            self._said += [(place, heading, text, number) for heading, text, number in page.passages]
        self._sentences: dict[Parts, CachedMeaning] = {}
        self._scales, self._rows = np.concatenate(scales), np.concatenate(rows)
        self._signs = np.concatenate(marks)

    def __len__(self) -> int:
        return len(self._said)

    def __getitem__(self, place: int) -> Passage:
        leaf, heading, text, number = self._said[place]
        return Passage(self._leaves[leaf], heading, text, number)

    @property
    def size_bytes(self) -> int:
        return self._scales.nbytes + self._rows.nbytes + self._signs.nbytes

    def sentences(self, meaning: Meaning) -> Meaning:
        """The same meaning, which remembers the sentences that were looked at: most of what a question costs."""
        known = self._sentences.get(parts_of(meaning))
        if known is None or known.meaning is not meaning:
            known = self._sentences[parts_of(meaning)] = CachedMeaning(meaning, SENTENCES_MOST)
        return known

    def speaks(self, parts: Parts) -> bool:
        """Whether vectors of these encoders can be compared with what is here."""
        return not parts or {name for name, _ in parts} <= {name for name, _ in self.parts}

    def near(
        self, vector: Vectors, parts: Parts, question: str, rarity: Callable[[str], float]
    ) -> list[tuple[int, float]]:
        """The passages that are closest to a question, by meaning and by words, with how close each is by meaning."""
        if not len(self):
            return []
        asked = self._as_here(vector, parts)
        close = np.empty(len(self), np.float32)
        for start in range(0, len(self), BLOCK):
            close[start : start + BLOCK] = self._rows[start : start + BLOCK].astype(np.float32) @ asked
        close *= self._scales
        likely = close + np.float32(_BY_WORDS) * self._shared(question, rarity)
        places = np.argpartition(-likely, min(NEAR, len(self)) - 1)[:NEAR]
        return [(int(place), float(close[place])) for place in places[np.argsort(-likely[places], kind="stable")]]

    def _as_here(self, vector: Vectors, parts: Parts) -> Vectors:
        """The question's vector in the places of these; where one encoder asks, it alone is asked of the two."""
        if not parts or parts == self.parts:
            return vector
        own: dict[str, Vectors] = {}
        at = 0
        for name, size in parts:
            own[name] = vector[at : at + size]
            at += size
        here = [own.get(name, np.zeros(size, np.float32)) for name, size in self.parts]
        found: Vectors = np.concatenate(here)
        return found * np.float32(np.sqrt(len(self.parts) / len(parts)))

    def _shared(self, question: str, rarity: Callable[[str], float]) -> Vectors:
        """How much of the question's words, by how rare they are, seem to be in each passage."""
        found, all_of_it = np.zeros(len(self), np.float32), 0.0
        for word in dict.fromkeys(words(question)):
            weight = rarity(word)
            bit = _bit(stem(word))
            all_of_it += weight
            found += np.float32(weight) * ((self._signs[:, bit >> 3] >> (7 - (bit & 7))) & 1)
        return found / np.float32(max(all_of_it, 1e-6))


class Shelf(Protocol):
    """Where libraries come from."""

    async def library(self, sources: Sequence[int]) -> Library | None:
        """What these sources hold by now; None where nothing of them was read. Never on the loop's own time."""
        ...
