"""A project's topics as vectors: how close a question comes to what each is asked by, and to what it says."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agents.brains.intents import ELSEWHERE, Likelihood
from agents.brains.snapshot import TopicSnapshot, fill
from agents.speech.words import even

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]

ASK, GIVEN, SAY, WHOLE = range(4)  # names and samples; phrases of the bank; "name: sentence"; a sample with the content
SENTENCES_MOST = 40  # of a topic; later ones are part of its last
_WITH_CONTENT = 2  # the name and the first sample are also compared together with the content
_CLOSEST, _COMPANY = 3, 0.3  # the old measure: three closest lines, and what their mean weighs beside the closest one
_SAID_LESS = 0.7  # what a topic says tells less of its intent than what it is asked by
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\sa-z])")


def sentences(content: str) -> list[str]:
    """The sentences of an answer; abbreviations go before small letters, so they do not end one."""
    found = _SENTENCE_END.split(" ".join(content.split()))
    if len(found) > SENTENCES_MOST:
        found = [*found[: SENTENCES_MOST - 1], " ".join(found[SENTENCES_MOST - 1 :])]
    return [each for each in found if each]


@dataclass(frozen=True, slots=True)
class TopicLines:
    """Every line that a topic may be found by, in the order of the topics."""

    texts: tuple[str, ...]
    owners: tuple[int, ...]
    roles: tuple[int, ...]
    refused: tuple[tuple[str, ...], ...] = ()  # for each topic the phrases of the bank that it does not want

    @classmethod
    def of(cls, topics: Sequence[TopicSnapshot], variant: dict[str, str]) -> "TopicLines":
        rows: list[tuple[str, int, int]] = []
        for place, topic in enumerate(topics):
            asks = [topic.name, *topic.samples]
            rows += [(line, place, ASK) for line in asks]
            rows += [(f"{topic.titled or topic.name}: {sentence}", place, SAY) for sentence in sentences(topic.content)]
            rows += [(f"{line} {topic.content}", place, WHOLE) for line in asks[:_WITH_CONTENT]]
        texts = tuple(even(fill(text, variant)) for text, _, _ in rows)
        owners, roles = tuple(owner for _, owner, _ in rows), tuple(role for _, _, role in rows)
        return cls(texts, owners, roles, tuple(topic.refused for topic in topics))

    @property
    def told(self) -> frozenset[str]:
        """The lines that may answer a question; the others are what is asked."""
        return frozenset(text for text, role in zip(self.texts, self.roles, strict=True) if role in (SAY, WHOLE))

    def with_given(self, phrases: Sequence[tuple[str, int]]) -> "TopicLines":
        """With phrases of the bank behind them, each with the place of its topic."""
        return TopicLines(
            (*self.texts, *(phrase for phrase, _ in phrases)),
            (*self.owners, *(place for _, place in phrases)),
            (*self.roles, *(GIVEN for _ in phrases)),
            self.refused,
        )


class TopicVectors:
    """The lines' vectors, and what they tell about a question's."""

    def __init__(
        self,
        lines: TopicLines,
        count: int,
        vectors: Vectors,
        parts: Sequence[tuple[str, int]],
        intents: Likelihood | None,
    ) -> None:
        self.count = count
        self._owners, self._roles, self._vectors = np.array(lines.owners), np.array(lines.roles), vectors
        self.rows = vectors
        edges = np.cumsum([0, *(width for _, width in parts)])
        # Side by side in a vector of length one, each part alone has a length of its own.
        self._cuts = [slice(int(start), int(end)) for start, end in itertools.pairwise(edges)]
        self._stretch = float(len(parts) or 1)
        self._intents = intents
        self._profile = self._topic_profiles() if intents is not None and len(vectors) else None

    def closest(self, question: Vectors, roles: Sequence[int]) -> Numbers:
        """For each topic its closest line of these roles."""
        return self._most(self._vectors @ question, roles)

    def closest_by_part(self, question: Vectors, role: int) -> list[Numbers]:
        """The same by each encoder alone."""
        return [self._most(self._vectors[:, cut] @ question[cut] * self._stretch, (role,)) for cut in self._cuts]

    def company(self, question: Vectors) -> Numbers:
        """The closest line with its next ones, which tell near-duplicates apart; what nobody wrote does not count."""
        close, found = self._vectors @ question, np.zeros(self.count)
        for place in range(self.count):
            own = close[(self._owners == place) & ((self._roles == ASK) | (self._roles == WHOLE))]
            best = np.sort(own)[::-1][:_CLOSEST]
            found[place] = round(float(best[0]) * (1 - _COMPANY) + float(best.mean()) * _COMPANY, 4)
        return found

    def sentences(self, question: Vectors, place: int) -> Numbers:
        """How close each sentence of a topic is."""
        return self._vectors[(self._owners == place) & (self._roles == SAY)] @ question

    def same_intent(self, question: Vectors) -> tuple[Numbers, float, float]:
        """For each topic how much it is about the same everyday thing; the chance that no topic is about it, and the
        chance that no business at all is."""
        if self._intents is None or self._profile is None:
            return np.zeros(self.count), 0.0, 0.0
        chances = self._intents.of(question[None])[0].astype(float)
        covered = np.minimum(self._profile.max(axis=0) * 2, 1.0)
        elsewhere = float(chances[self._intents.names.index(ELSEWHERE)])
        return np.sqrt(self._profile) @ np.sqrt(chances), float(chances @ (1 - covered)), elsewhere

    def profiles(self) -> Numbers:
        """Topics × intents: what each topic is about."""
        return self._profile if self._profile is not None else np.zeros((self.count, 0))

    def _topic_profiles(self) -> Numbers:
        assert self._intents is not None
        chances, rows = self._intents.of(self._vectors), []
        for place in range(self.count):
            asked = chances[(self._owners == place) & (self._roles == ASK)].mean(axis=0)
            said = chances[(self._owners == place) & (self._roles == SAY)]
            rows.append(np.maximum(asked, _SAID_LESS * said.max(axis=0)) if len(said) else asked)
        return np.array(rows, float)

    def _most(self, close: Vectors, roles: Sequence[int]) -> Numbers:
        found = np.full(self.count, -1.0)
        mask = np.isin(self._roles, roles)
        np.maximum.at(found, self._owners[mask], close[mask])
        return found
