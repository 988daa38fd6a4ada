"""Splits text into the pieces of a unigram vocabulary, and tells how common a word is.

The vocabulary is a `sentencepiece` model file: a list of pieces with the logarithm of how often each occurs. The best
split of a text is the one with the highest sum. That same sum tells rare words from everyday ones, in every language
that the vocabulary was made from, without a word list of our own.
"""

import struct
import unicodedata
from functools import lru_cache

SPACE = "▁"
_UNKNOWN, _BEGIN, _END = 0, 1, 2
_COMMON, _RARE = -6.0, -18.0  # scores of words like "is" and of words like "varifocal"


class Unigram:
    """Any vocabulary of this kind: the pieces' numbers, their scores, and the number of what is in none."""

    def __init__(self, ids: dict[str, int], scores: list[float], unknown: int) -> None:
        self._ids, self._scores, self._unknown = ids, scores, unknown
        self._longest = max(map(len, ids))
        self._unknown_score = min(scores) - 10

    def split(self, text: str) -> list[tuple[int, float]]:
        """The pieces of the likeliest split, with their scores."""
        plain = SPACE + SPACE.join(unicodedata.normalize("NFKC", text).split())
        best = [0.0] + [-1e30] * len(plain)
        came: list[tuple[int, int]] = [(0, 0)] * (len(plain) + 1)  # from where, by which piece
        for start in range(len(plain)):
            for end in range(start + 1, min(start + self._longest, len(plain)) + 1):
                number = self._ids.get(plain[start:end])
                if number is not None:
                    score = best[start] + self._scores[number]
                elif end == start + 1:
                    number, score = self._unknown, best[start] + self._unknown_score
                else:
                    continue
                if score > best[end]:
                    best[end], came[end] = score, (start, number)
        found, end = [], len(plain)
        while end > 0:
            start, number = came[end]
            found.append((number, best[end] - best[start]))
            end = start
        return found[::-1]


class SentencePieces:
    def __init__(self, model: bytes) -> None:
        found = _pieces(model)
        ids = {piece: number for number, (piece, _) in enumerate(found)}
        self._pieces = Unigram(ids, [score for _, score in found], _UNKNOWN)
        self.rarity = lru_cache(maxsize=20_000)(self._rarity)

    def ids(self, text: str, most: int) -> list[int]:
        """The numbers of the pieces between a beginning and an end, at most that many in all."""
        return [_BEGIN, *(number for number, _ in self._pieces.split(text)[: most - 2]), _END]

    def _rarity(self, word: str) -> float:
        """0 for the commonest words, 1 for very rare ones; in the spelling in which the word is commoner."""
        scores = [sum(score for _, score in self._pieces.split(way)) for way in (word, word.capitalize())]
        return min(max((_COMMON - max(scores)) / (_COMMON - _RARE), 0.0), 1.0)


def _pieces(model: bytes) -> list[tuple[str, float]]:
    """Every piece and its score: field 1 of the message, and in it the text as field 1 and the score as field 2."""
    found, at = [], 0
    while at < len(model) and model[at] == 0x0A:
        length, at = _number(model, at + 1)
        piece, score, end = "", 0.0, at + length
        while at < end:
            kind = model[at]
            at += 1
            if kind == 0x0A:
                size, at = _number(model, at)
                piece = model[at : at + size].decode()
                at += size
            elif kind == 0x15:
                score = struct.unpack_from("<f", model, at)[0]
                at += 4
            else:  # the type of the piece, a number
                _, at = _number(model, at)
        found.append((piece, score))
    return found


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to ten bytes, the lowest seven bits first; and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
