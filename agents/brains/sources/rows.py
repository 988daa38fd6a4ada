"""Rows of tables as they are kept, "Product: Blue kettle, Price: 29 euros.", taken apart and read as a sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.brains.sources.asked_for import Kind
from agents.speech.words import words

CELLS_LEAST = 2
TOLD_MOST = 6  # cells that are read where none of them was asked for
_HEAD = re.compile(r"(?:^|, )([^:,.]{1,160}): (?=\S)")


@dataclass(frozen=True, slots=True)
class Cell:
    head: str
    value: str


def cells(line: str) -> tuple[Cell, ...]:
    """The cells of a row; none where a line is something else."""
    found = list(_HEAD.finditer(line))
    if len(found) < CELLS_LEAST or found[0].start():
        return ()
    ends = [*(one.start() for one in found[1:]), len(line)]
    return tuple(Cell(one[1], line[one.end() : end].rstrip(" .")) for one, end in zip(found, ends, strict=True))


def asked(row: Sequence[Cell], kind: Kind | None, by_name: Sequence[int], named: Sequence[int]) -> list[int]:
    """The cells that are asked for: by the name of their column, by what it is called otherwise, or by how they look.
    `named`: the cells that tell which row it is."""
    if kind is None:
        return list(by_name)
    seen = [place for place, cell in enumerate(row) if place not in named and kind.is_in(cell.value)]
    called = [place for place in seen if kind.words & set(words(row[place].head))]
    for found in ([place for place in called if place in by_name], [at for at in by_name if at in seen], called):
        if found:
            return found
    return (seen if kind.has_a_unit else []) or list(by_name)


def sentence(row: Sequence[Cell], named: Sequence[int], wanted: Sequence[int], language: str) -> str:
    """ "Blue kettle: price 29 euros, in stock 4." """
    named = named or (0,)
    rest = [place for place in range(len(row)) if place not in named][:TOLD_MOST]
    told = [f"{_within(row[place].head, language)} {row[place].value}" for place in wanted or rest]
    return f"{', '.join(row[place].value for place in named)}: {', '.join(told)}."


def _within(head: str, language: str) -> str:
    """A column's name in the middle of a sentence; German writes nouns with a capital there, too."""
    return head if language.startswith("de") or head[1:] != head[1:].lower() else head.lower()
