"""How likely a passage is to answer a question: its meaning, the words they share, and its best sentence, weighed.

The weights were learned as those of topics are (bench/sources/learn.py): from the exam's businesses with half of their
topics taken out and given as pages, and their questions, those about nothing that stands anywhere among them.
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agents.brains.closeness import sentences
from agents.brains.sources import matching
from agents.brains.sources.matching import Asked, Fit
from agents.brains.sources.passages import Parts, Passage, stems
from agents.brains.word_signs import stem
from agents.speech.words import words

Vectors = npt.NDArray[np.float32]

# From here on a passage is the answer. Of 392 hard questions of the exam it answers 33 rightly then and 3 wrongly, and
# one of 160 that nothing answers; from 0.72 on it was half as many right ones, with three wrong ones less.
SURE = 0.65
SURE_BESIDE = 0.75  # … where a topic came close enough for a question back: its own chance is at most 0.5 then
RARE = 0.35  # words rarer than this tell what a question is about
WORDS_LEAST = 2  # of a question; one word alone may have been misheard, or mean anything
LOOKED_AT = 3  # passages whose sentences are compared
SENTENCES_MOST = 8  # of each
# Where all that a question names stands in a sentence, with a value of the kind that it asks for; where none can be
# seen; and where a sentence is about something else.
ANSWERED, NAMED, REFUTED = 0.85, 0.7, 0.3
HALFWAY = 0.45  # what was learned has to say of it, where few words tell what is asked about
SHARE_LEAST, HARDLY = 0.3, 0.9  # with fewer of them in it, a sentence has to be likelier
ROWS_MOST = 3  # that are said of one table
NAMES = ("close", "best", "shared", "in sentence", "rarest", "lead", "first", "one")
# Where nothing was learned for the encoder in use, as for the one of tests.
PLAIN = dict(zip(NAMES, (3.0, 3.0, 4.0, 2.0, 1.0, 1.0, 0.5, -6.0), strict=True))
LEARNED = Path(__file__).parent / "learned.json"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A passage, how likely it answers, and which of its sentences do."""

    passage: Passage
    chance: float
    said: tuple[str, ...]  # its sentences …
    order: tuple[int, ...]  # … and their places, the one that answers best first
    features: tuple[float, ...] = ()
    row: str = ""  # of a table: how it is read


def is_question(text: str, rarity: Callable[[str], float]) -> bool:
    """Whether there is anything in it to be looked up."""
    said = words(text)
    return len(said) >= WORDS_LEAST and any(rarity(word) >= RARE for word in said)


def shared(question: str, passage: Passage, rarity: Callable[[str], float]) -> tuple[float, float]:
    """How much of the question's words stand in a passage or above it, by their rarity; and whether its rarest does."""
    there = stems(f"{passage.leaf.title} {passage.heading} {passage.text}")
    weights = {stem(word): rarity(word) for word in words(question)}
    if not weights:
        return 0.0, 0.0
    held = sum(weight for each, weight in weights.items() if each in there)
    rarest = max(weights, key=lambda each: weights[each])
    return held / max(sum(weights.values()), 1e-6), float(rarest in there)


def looked_at(
    question: str, near: Sequence[tuple[Passage, float]], rarity: Callable[[str], float]
) -> list[tuple[Passage, float, float, float]]:
    """The passages that deserve a closer look, the likeliest first: closeness, shared words, the rarest."""
    found = [(passage, close, *shared(question, passage, rarity)) for passage, close in near]
    found.sort(key=lambda one: -(one[1] + 0.4 * one[2]))
    return found[:LOOKED_AT]


def sentences_of(passage: Passage) -> list[str]:
    return sentences(passage.text)[:SENTENCES_MOST] or [passage.text]


def weigh(
    looked: Sequence[tuple[Passage, float, float, float]],
    said: Sequence[Sequence[str]],
    vectors: Sequence[Vectors],
    asked: Vectors,
    question: str,
    rarity: Callable[[str], float],
    parts: Parts,
) -> list[Weighed]:
    """Each passage with its chance, in the order in which they are looked at, but those first that have all that is
    asked about: what was learned tells whether the first answers, and cannot tell rows of a table apart that differ in
    a name. `vectors`: of the sentences of each.
    """
    weights, rows, all_of_it = learned("+".join(name for name, _ in parts)), [], Asked.of(question, rarity)
    meant: list[tuple[Passage, Fit]] = []
    for (passage, close, held, rarest), lines, of_lines in zip(looked, said, vectors, strict=True):
        closes = of_lines @ asked
        words_in = [shared(question, Passage(passage.leaf, "", line), rarity)[0] for line in lines]
        fits = [
            matching.fit(all_of_it, passage, line, " ".join(lines[matching.start_of(lines, at) : at + 1]))
            for at, line in enumerate(lines)
        ]
        by = closes + 0.3 * np.array(words_in)
        order = tuple(sorted(range(len(lines)), key=lambda at: (*_before(fits[at]), -by[at])))
        meant += [(passage, fits[at]) for at in order if fits[at].row and fits[at].is_whole]
        measured = (close, float(closes.max()), held, rarest, max(words_in))
        rows.append((passage, tuple(lines), order, *measured, fits[order[0]]))
    found = []
    for place, (passage, lines, order, close, best, held, rarest, inside, fits_in) in enumerate(rows):
        others = [
            row[3] + 0.4 * row[5] for at, row in enumerate(rows) if at != place and row[0].leaf is not passage.leaf
        ]
        lead = (close + 0.4 * held) - max(others) if others else 0.2
        features = (close, best, held, inside, rarest, max(-0.2, min(lead, 0.3)), float(place == 0), 1.0)
        likely = with_words(chance(features, weights), fits_in)
        row = _with_alike(passage, fits_in, meant) if fits_in.is_whole else fits_in.row
        found.append((Weighed(passage, likely, lines, order, features, row), fits_in))
    return [one for one, _ in sorted(found, key=lambda both: _before(both[1]))]


def _before(fits: Fit) -> tuple[bool, int]:
    """What goes first: all that was asked about, under the nearest name."""
    return not fits.is_whole, fits.unasked if fits.is_whole else 0


def _with_alike(passage: Passage, own: Fit, meant: Sequence[tuple[Passage, Fit]]) -> str:
    """A row, and those of the same table that may be meant as well: "the kettle" is the blue one and the red one."""
    alike = [
        other.row
        for there, other in meant
        if there.leaf.source == passage.leaf.source and other.unasked == own.unasked and other.seen == own.seen
    ]
    return " ".join(list(dict.fromkeys([own.row, *alike] if own.row else []))[:ROWS_MOST])


def with_words(likely: float, fits: Fit) -> float:
    """What was learned, and what the words themselves say for or against it."""
    if fits.refuted:
        return min(likely, REFUTED)
    if fits.is_whole and (fits.tells_enough or likely >= HALFWAY):
        return max(likely, ANSWERED if fits.seen else NAMED)
    return likely * HARDLY if fits.share < SHARE_LEAST else likely


@lru_cache(maxsize=8)
def learned(encoder: str) -> dict[str, float]:
    kept: dict[str, dict[str, float]] = json.loads(LEARNED.read_text()) if LEARNED.is_file() else {}
    return kept.get(encoder, PLAIN)


def chance(features: Sequence[float], weights: dict[str, float]) -> float:
    logit = sum(value * weights[name] for name, value in zip(NAMES, features, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
