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
from agents.brains.sources.passages import Parts, Passage, stems
from agents.brains.word_signs import stem
from agents.speech.words import words

Vectors = npt.NDArray[np.float32]

# From here on a passage is the answer. Of 392 hard questions of the exam it answers 33 rightly then and 3 wrongly, and
# one of 160 that nothing answers; in bench/sources/held_out.json 10 of 28 rightly, and none of 44 wrongly. From 0.72 on
# it was half as many right ones, with three wrong ones less.
SURE = 0.65
SURE_BESIDE = 0.75  # … where a topic came close enough for a question back: its own chance is at most 0.5 then
RARE = 0.35  # words rarer than this tell what a question is about
WORDS_LEAST = 2  # of a question; one word alone may have been misheard, or mean anything
LOOKED_AT = 3  # passages whose sentences are compared
SENTENCES_MOST = 8  # of each
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
    """Each passage with its chance, in the order in which they are looked at: what was learned tells whether the first
    answers, and cannot tell rows of a table apart that differ in a name. `vectors`: of the sentences of each.
    """
    weights, rows = learned("+".join(name for name, _ in parts)), []
    for (passage, close, held, rarest), lines, of_lines in zip(looked, said, vectors, strict=True):
        closes = of_lines @ asked
        words_in = [shared(question, Passage(passage.leaf, "", line), rarity)[0] for line in lines]
        by = closes + 0.3 * np.array(words_in)
        order = tuple(int(place) for place in np.argsort(-by, kind="stable"))
        rows.append((passage, tuple(lines), order, close, float(closes.max()), held, rarest, max(words_in)))
    found = []
    for place, (passage, lines, order, close, best, held, rarest, inside) in enumerate(rows):
        others = [
            row[3] + 0.4 * row[5] for at, row in enumerate(rows) if at != place and row[0].leaf is not passage.leaf
        ]
        lead = (close + 0.4 * held) - max(others) if others else 0.2
        features = (close, best, held, inside, rarest, max(-0.2, min(lead, 0.3)), float(place == 0), 1.0)
        found.append(Weighed(passage, chance(features, weights), lines, order, features))
    return found


@lru_cache(maxsize=8)
def learned(encoder: str) -> dict[str, float]:
    kept: dict[str, dict[str, float]] = json.loads(LEARNED.read_text()) if LEARNED.is_file() else {}
    return kept.get(encoder, PLAIN)


def chance(features: Sequence[float], weights: dict[str, float]) -> float:
    logit = sum(value * weights[name] for name, value in zip(NAMES, features, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
