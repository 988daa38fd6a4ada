"""Reads the file of E5 as its package ships it: the pieces of its vocabulary, and its numbers in four bits.

A block of four-bit numbers is 32 of them in 18 bytes: a scale of 16 bits, then 16 bytes, each with the number of its
own place in the lower half and the one 16 places on in the upper half. A number is its scale times (four bits - 8).
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MAGIC = b"E5S1"
BLOCK = 32  # numbers that share a scale
_BLOCK_BYTES = 18

Numbers = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sizes:
    width: int
    layers: int
    heads: int
    inner: int
    pieces: int
    longest: int
    least: float  # what keeps a division from being one by nothing


class E5File:
    """The file stays on the disk and is mapped: of the table of pieces only what is looked up is read.

    Raises ValueError where it is not such a file.
    """

    def __init__(self, path: Path) -> None:
        self._content: Any = np.memmap(path, np.uint8, "r")
        self._at = 0
        if bytes(self._take(4)) != MAGIC:
            raise ValueError("not a file of E5")
        self._number("<I")  # its version
        width, layers, heads, inner, pieces, longest, _kinds = (self._number("<i") for _ in range(7))
        self.sizes = Sizes(width, layers, heads, inner, pieces, longest, self._number("<f"))
        if self._number("<i") != BLOCK:
            raise ValueError("blocks of another size")
        count = self._number("<i")
        self.begin, self.end, _pad, self.unknown = (self._number("<i") for _ in range(4))
        length = self._number("<Q")
        edges = self._take(4 * (count + 1)).view(np.uint32).tolist()
        self.scores: list[float] = self._take(4 * count).view(np.float32).tolist()
        text = bytes(self._take(length))
        self.ids = {text[edges[place] : edges[place + 1]].decode(): place for place in range(count)}
        self._number("<i")
        self._take(self._number("<I"))  # how signs are made even; NFKC comes to nearly the same
        self._places = dict(self._place() for _ in range(self._number("<i")))

    def floats(self, name: str) -> Numbers:
        count, start = self._places[name]
        return np.array(self._content[start : start + 4 * count].view(np.float32))

    def blocks(self, name: str, rows: int) -> Bytes:
        """Rows × blocks × bytes of a block, still on the disk."""
        count, start = self._places[name]
        found: Bytes = self._content[start : start + count // BLOCK * _BLOCK_BYTES].reshape(rows, -1, _BLOCK_BYTES)
        return found

    def _place(self) -> tuple[str, tuple[int, int]]:
        name = bytes(self._take(self._number("<H"))).decode()
        _kind, count, start, _bytes = self._number("<B"), self._number("<I"), self._number("<Q"), self._number("<Q")
        return name, (count, start)

    def _take(self, count: int) -> Bytes:
        found = self._content[self._at : self._at + count]
        self._at += count
        return np.ascontiguousarray(found)

    def _number(self, form: str) -> Any:
        return struct.unpack(form, bytes(self._take(struct.calcsize(form))))[0]


def opened(blocks: Bytes) -> tuple[Numbers, Bytes]:
    """The scales of blocks, and their four-bit numbers in their order, one a byte."""
    scales = np.ascontiguousarray(blocks[..., :2]).view(np.float16)[..., 0].astype(np.float32)
    halves = np.asarray(blocks[..., 2:])
    return scales, np.concatenate([halves & 15, halves >> 4], axis=-1)


def plain(blocks: Bytes) -> Numbers:
    """The numbers of rows of blocks."""
    scales, four_bits = opened(blocks)
    found: Numbers = ((four_bits.astype(np.float32) - 8) * scales[..., None]).reshape(*blocks.shape[:-2], -1)
    return found
