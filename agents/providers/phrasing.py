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
