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


def given(
    lines: TopicLines, vectors: npt.NDArray[np.float32], count: int, parts: Sequence[tuple[str, int]], language: str
) -> list[tuple[str, ...]]:
    """For each topic its phrases, with those that its author refused; none where nothing was learned."""
    likelihood = intents.learned(tuple(parts))
    if likelihood is None or not intents.phrase_vectors(tuple(parts), language) or not len(vectors):
        return [()] * count
    profiles = TopicVectors(lines, count, vectors, parts, likelihood).profiles()
    return shares(profiles, likelihood.names, intents.read(language))


def extended(
    lines: TopicLines, vectors: npt.NDArray[np.float32], count: int, parts: Sequence[tuple[str, int]], language: str
) -> tuple[TopicLines, npt.NDArray[np.float32]]:
    """The lines of so many topics and their vectors, with the phrases that they are given; as they are where nothing
    was learned for these encoders."""
    refused = dict(enumerate(lines.refused))
    kept = [
        (phrase, place)
        for place, own in enumerate(given(lines, vectors, count, parts, language))
        for phrase in own
        if phrase not in refused.get(place, ())
    ]
    if not kept:
        return lines, vectors
    known = intents.phrase_vectors(tuple(parts), language)
    return lines.with_given(kept), np.concatenate([vectors, np.stack([known[phrase] for phrase, _ in kept])])


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
