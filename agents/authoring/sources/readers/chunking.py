"""From paragraphs under headings to passages: short enough to be compared with a question, whole sentences each."""

import re
from collections.abc import Iterable

from agents.authoring.sources.readers.base import Passage

LONGEST = 600  # characters of a passage
LEAST = 200  # a shorter one takes the next paragraph in
HEADING_MOST = 160
WORD_LONGEST = 400  # a "word" longer than this is data, not text
_END = re.compile(r"(?<=[.!?…。！？])[\"'”’)]*\s+(?=[^\sa-z])")

Block = tuple[str, str]  # heading, paragraph


def passages(blocks: Iterable[Block], number: int = 0) -> list[Passage]:
    """Paragraphs under one heading go together as far as there is room; a long one is cut between its sentences."""
    found: list[Passage] = []
    heading, kept = "", ""
    for above, paragraph in blocks:
        above, paragraph = " ".join(above.split())[:HEADING_MOST], " ".join(paragraph.split())
        for piece in _pieces(paragraph):
            if kept and (above != heading or len(kept) >= LEAST or len(kept) + len(piece) >= LONGEST):
                found.append((heading, kept, number))
                kept = ""
            heading, kept = above, f"{kept} {_ended(piece)}".strip()
    if kept:
        found.append((heading, kept, number))
    return found


def _ended(piece: str) -> str:
    """A line without an end gets one, so that it is no part of the next sentence."""
    return piece if piece[-1:] in ".!?…:;,。！？" else f"{piece}."


def _pieces(paragraph: str) -> Iterable[str]:
    if len(paragraph) <= LONGEST:
        return [paragraph] if paragraph else []
    pieces: list[str] = []
    for sentence in _END.split(paragraph):
        for part in _parts(sentence):
            if pieces and len(pieces[-1]) + len(part) < LONGEST:
                pieces[-1] += f" {part}"
            else:
                pieces.append(part)
    return pieces


def _parts(sentence: str) -> Iterable[str]:
    """A sentence that is longer than a passage, cut between words."""
    part = ""
    for word in sentence.split():
        word = word[:WORD_LONGEST]
        if part and len(part) + len(word) >= LONGEST:
            yield part
            part = ""
        part = f"{part} {word}".strip()
    if part:
        yield part


def rows(table: list[list[str]]) -> list[str]:
    """The rows of a table as sentences, "column: value", where its first row names the columns."""
    if not table:
        return []
    head = [" ".join(cell.split()) for cell in table[0]]
    if len(table) == 1 or len([cell for cell in head if cell]) < 2:
        return [", ".join(" ".join(cell.split()) for cell in row if cell.strip()) for row in table]
    return [sentence for row in table[1:] if (sentence := row_sentence(head, row))]


def row_sentence(head: list[str], row: list[str]) -> str:
    told = []
    for place, cell in enumerate(row):
        cell = " ".join(cell.split())
        name = head[place] if place < len(head) else ""
        if cell:
            told.append(f"{name}: {cell}" if name and name != cell else cell)
    return ", ".join(told) + "." if told else ""
