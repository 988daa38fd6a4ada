"""Where each word of a clause ends in the clause's phonemes.

eSpeak joins and changes words when they stand together ("out of" → "aʊɾəv"), so the spaces in its answer do not count
words. Each word's phonemes alone, compared with those of the clause, tell where it went.
"""

from collections.abc import Sequence

_VOWELS = frozenset("aeiouyæɐɑɒɔəɚɛɜɪʊʌᵻː")
_STRESS = frozenset("ˈˌ")


def word_ends(clause: str, words: Sequence[str]) -> list[int]:
    """For each word, the index in `clause` just behind its last phoneme. Never decreasing."""
    counts = [len(word.split()) for word in words]
    tokens = clause.split(" ")
    if sum(counts) == len(tokens) and all(counts):
        return _count(tokens, counts)
    return _compare(clause, words)


def _count(tokens: list[str], counts: list[int]) -> list[int]:
    ends, at, taken = [], -1, 0
    for count in counts:
        at += sum(len(token) + 1 for token in tokens[taken : taken + count])
        taken += count
        ends.append(at)
    return ends


def _cost(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one == " " or other == " ":
        return 2.0
    if one in _STRESS or other in _STRESS:
        return 1.5
    return 0.5 if (one in _VOWELS) == (other in _VOWELS) else 1.5


def _skip(sign: str) -> float:
    return 0.3 if sign in _STRESS or sign in " ː" else 1.0


def _compare(clause: str, words: Sequence[str]) -> list[int]:
    """The cheapest way to turn the words, one after the other, into the clause."""
    alone, marks = "", []
    for word in words:
        alone += (" " if alone and word else "") + word
        marks.append(len(alone))
    rows, columns = len(alone) + 1, len(clause) + 1
    costs = [[0.0] * columns for _ in range(rows)]
    for column in range(1, columns):
        costs[0][column] = costs[0][column - 1] + _skip(clause[column - 1])
    for row in range(1, rows):
        sign, before, here = alone[row - 1], costs[row - 1], costs[row]
        skip = _skip(sign)
        here[0] = before[0] + skip
        for column in range(1, columns):
            other = clause[column - 1]
            here[column] = min(
                before[column - 1] + _cost(sign, other), before[column] + skip, here[column - 1] + _skip(other)
            )
    reached = [0] * rows  # for each place in `alone`, the place in `clause` that it came to
    row, column = rows - 1, columns - 1
    reached[row] = column
    while row and column:
        sign, other, cost = alone[row - 1], clause[column - 1], costs[row][column]
        if cost == costs[row - 1][column - 1] + _cost(sign, other):
            row, column = row - 1, column - 1
        elif cost == costs[row - 1][column] + _skip(sign):
            row -= 1
        else:
            column -= 1
            continue
        reached[row] = column
    ends: list[int] = []
    for mark in marks:
        end = reached[mark]
        while end and clause[end - 1] in " ˈˌ":
            end -= 1
        ends.append(max(end, ends[-1] if ends else 0))
    if ends:
        ends[-1] = len(clause)
    return ends
