"""A text as a voice takes it: words in spoken form, cut into clauses at every pause."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PAUSES = ",.;:?!"
LONGEST_WORD = 60  # characters; what is longer is no word, and engines choke on it


@dataclass(frozen=True, slots=True)
class Clause:
    """Words up to a pause: the spoken ones, and for each the place in the text of the word it belongs to."""

    words: tuple[str, ...]
    places: tuple[int, ...]
    mark: str


def clauses(forms: Sequence[str]) -> list[Clause]:
    """Spoken forms, cut behind each pause. What is neither letter nor figure falls away."""
    found: list[Clause] = []
    words: list[str] = []
    places: list[int] = []
    for place, form in enumerate(forms):
        for word in form.split():
            core = word.rstrip(_PAUSES)
            mark = word[len(core) :][:1]
            if re.search(r"\w", core):
                words.append(core[:LONGEST_WORD])
                places.append(place)
            if mark and words:
                found.append(Clause(tuple(words), tuple(places), mark))
                words, places = [], []
    if words:
        found.append(Clause(tuple(words), tuple(places), ""))
    return found


def runs(parts: Sequence[Clause], longest: int) -> list[list[Clause]]:
    """Clauses in groups of at most `longest` letters, each spoken in one go; a longer clause is cut between words."""
    found: list[list[Clause]] = []
    room = 0
    for part in parts:
        for piece in _cut(part, longest):
            letters = sum(len(word) + 1 for word in piece.words)
            if not found or letters > room:
                found.append([])
                room = longest
            found[-1].append(piece)
            room -= letters
    return found


def _cut(part: Clause, longest: int) -> list[Clause]:
    pieces, start, letters = [], 0, 0
    for at, word in enumerate(part.words):
        if at > start and letters + len(word) + 1 > longest:
            pieces.append(Clause(part.words[start:at], part.places[start:at], ""))
            start, letters = at, 0
        letters += len(word) + 1
    return [*pieces, Clause(part.words[start:], part.places[start:], part.mark)]
