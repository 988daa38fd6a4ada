"""A text spoken run by run, put together again with the second at which each of its words has been said."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from agents.speech.loudness import limited
from agents.speech.providers.base import ProviderError, Spoken
from agents.speech.providers.phrasing import Clause, clauses, runs
from agents.speech.sound import SPOKEN_HZ, from_float
from agents.speech.spoken_text import spoken

LONGEST_TEXT = 1000  # characters; a clause has 40 to 200
LONGEST_RUN = 160  # letters in one go: memory and cost grow faster than the text

Piece = tuple[npt.NDArray[np.float32], dict[int, float]]  # sound at SPOKEN_HZ; for each word's place, when it was said


def check_length(text: str) -> None:
    """Raises ProviderError where a text is no clause but a page."""
    if len(text) > LONGEST_TEXT:
        raise ProviderError(f"A piece of speech has at most {LONGEST_TEXT} characters.", permanent=True)


def assembled(text: str, speak_run: Callable[[list[Clause]], Piece]) -> Spoken:
    """`speak_run` gives the sound of some clauses; a word that is not said ends with the one before it."""
    count = len(text.split())
    parts = clauses(spoken(text))
    if not parts:
        return Spoken(np.zeros(0, np.int16), (0.0,) * count)
    ends, pieces, at = np.zeros(count), [], 0.0
    for run in runs(parts, LONGEST_RUN):
        piece, said = speak_run(run)
        for place, end in said.items():
            ends[place] = at + end
        pieces.append(piece)
        at += len(piece) / SPOKEN_HZ
    ends = np.maximum.accumulate(ends)
    return Spoken(from_float(limited(np.concatenate(pieces))), tuple(float(end) for end in ends))
