"""Gives the bank's phrases to the topics they are about, so that a topic is found by other people's words, too.

Done when a version is published, and kept in it: a version answers the same for ever, however the bank grows. Each
intent goes to one topic at most, the one that is most about it.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from agents.brains import intents
from agents.brains.closeness import TopicLines, TopicVectors
from agents.brains.snapshot import TopicSnapshot
from agents.speech.providers.base import Meaning, parts_of

LEAST = 0.12  # how much a topic has to be about an intent to be given its phrases
MOST = 8  # phrases a topic
INTENTS_MOST = 3  # that a topic's phrases come from


async def give(
    topics: Sequence[TopicSnapshot], meaning: Meaning, language: str, variant: dict[str, str] | None = None
) -> tuple[TopicSnapshot, ...]:
    """The topics with their phrases; without any where nothing was learned for this meaning. Raises ProviderError."""
    bare = [replace(topic, given=()) for topic in topics]
    likelihood, bank = intents.learned(parts_of(meaning)), intents.read(language.split("-")[0].lower())
    if likelihood is None or not bank or not bare:
        return tuple(bare)
    lines = TopicLines.of(bare, variant or {})
    vectors = TopicVectors(lines, len(bare), await meaning.vectors(lines.texts), parts_of(meaning), likelihood)
    phrases = shares(vectors.profiles(), likelihood.names, bank)
    return tuple(replace(topic, given=given) for topic, given in zip(bare, phrases, strict=True))


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
