"""Gives the bank's phrases to the topics they are about, so that a topic is found by other people's words, too.

Done where a project's topics become vectors, with the bank's own vectors that come with the program: it costs next to
nothing. Each intent goes to one topic at most, the one that is most about it.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from agents.brains import intents
from agents.brains.closeness import TopicLines, TopicVectors

LEAST = 0.12  # how much a topic has to be about an intent to be given its phrases
MOST = 8  # phrases a topic
INTENTS_MOST = 3  # that a topic's phrases come from


def extended(
    lines: TopicLines, vectors: npt.NDArray[np.float32], count: int, parts: Sequence[tuple[str, int]], language: str
) -> tuple[TopicLines, npt.NDArray[np.float32]]:
    """The lines of so many topics and their vectors, with the phrases that they are given; as they are where nothing
    was learned for these encoders."""
    likelihood = intents.learned(tuple(parts))
    bank, known = intents.read(language), intents.phrase_vectors(tuple(parts), language)
    if likelihood is None or not known or not len(vectors):
        return lines, vectors
    profiles = TopicVectors(lines, count, vectors, parts, likelihood).profiles()
    given = [(phrase, place) for place, own in enumerate(shares(profiles, likelihood.names, bank)) for phrase in own]
    if not given:
        return lines, vectors
    return lines.with_given(given), np.concatenate([vectors, np.stack([known[phrase] for phrase, _ in given])])


def shares(
    profiles: npt.NDArray[np.float64], names: Sequence[str], bank: dict[str, intents.Intent]
) -> list[tuple[str, ...]]:
    """For each topic the phrases of its intents, a few of each in turn."""
    owners: list[list[tuple[float, str]]] = [[] for _ in profiles]
    for number, name in enumerate(names):
        place = int(profiles[:, number].argmax())
        about = float(profiles[place, number])
        if about >= LEAST and name in bank:
            owners[place].append((about, name))
    found = []
    for own in owners:
        sources = [bank[name].questions for _, name in sorted(own, reverse=True)[:INTENTS_MOST]]
        turns = max((len(questions) for questions in sources), default=0)
        mixed = [questions[turn] for turn in range(turns) for questions in sources if turn < len(questions)]
        found.append(tuple(dict.fromkeys(mixed))[:MOST])
    return found
