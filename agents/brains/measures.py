"""What is measured about a question: a row for each topic, and one for "none of them"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agents.brains import intents
from agents.brains.closeness import ASK, GIVEN, SAY, WHOLE, TopicLines, TopicVectors
from agents.brains.snapshot import TopicSnapshot, fill
from agents.brains.word_signs import WordSigns

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]
Parts = Sequence[tuple[str, int]]
_BESIDE_PARTS = 5  # columns of topic_names that are of no single encoder
_GHOSTS = np.linspace(0.95, 0.5, 8)  # quantiles; as many topics as a project needs to be measured by itself alone
_SPREAD_LEAST = 0.03  # of closeness among topics: smaller differences are noise


def topic_names(parts: Parts) -> list[str]:
    """The columns of `Measures.topics`."""
    by_part = [f"{name} {what}" for name, _ in parts for what in ("ask", "say", "whole")]
    return [*by_part, "any", "intent", "shared", "sound", "ahead"]


def none_names(parts: Parts) -> list[str]:
    """The columns of `Measures.none`."""
    return ["one", *(f"{name} background" for name, _ in parts), "unseen", "foreign", "closest", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Measures:
    topics: Numbers  # topics × topic_names
    none: Numbers  # none_names
    ghosts: Numbers  # how close what nobody asked for is to the question: stands in for topics that are not there

    def only(self, places: Sequence[int]) -> "Measures":
        """As if only these topics had been written."""
        topics, none = self.topics[list(places)].copy(), self.none.copy()
        mean = topics[:, :-_BESIDE_PARTS].mean(axis=1)
        topics[:, -1], none[-2] = _ahead(mean, self.ghosts), mean.max(initial=0.0)
        return Measures(topics, none, self.ghosts)

    def without(self, place: int) -> "Measures":
        """As if that topic had not been written."""
        return self.only([each for each in range(len(self.topics)) if each != place])


def _ahead(mean: Numbers, ghosts: Numbers) -> Numbers:
    """How far each topic is ahead of the others; a project of few topics is filled up with ghosts."""
    cohort = np.concatenate([mean, ghosts[: max(len(ghosts) - len(mean), 0)]])
    found: Numbers = (mean - cohort.mean()) / (cohort.std() + _SPREAD_LEAST) if len(cohort) else mean
    return found


class TopicIndex:
    """A project's topics, ready to be compared with questions. Everything that needs vectors was computed before."""

    def __init__(
        self,
        topics: Sequence[TopicSnapshot],
        variant: dict[str, str],
        lines: TopicLines,
        vectors: Vectors,
        background: Vectors,
        parts: Parts,
        rarity: Callable[[str], float],
    ) -> None:
        self.parts = tuple(parts)
        self.vectors = TopicVectors(lines, len(topics), vectors, self.parts, intents.learned(self.parts))
        self.words = WordSigns(
            [[fill(text, variant) for text in (topic.name, topic.content, *topic.samples)] for topic in topics], rarity
        )
        self.contents = tuple(fill(topic.content, variant) for topic in topics)
        self._background = background

    def measure(self, question: str, vector: Vectors) -> Measures:
        close = self.vectors
        by_role = [close.closest_by_part(vector, role) for role in (ASK, SAY, WHOLE)]
        columns = [by_role[role][part] for part in range(len(self.parts)) for role in range(3)]
        same, foreign, elsewhere = close.same_intent(vector)
        shared, unseen = self.words.shared(question)
        known = close.closest(vector, (ASK, GIVEN))
        mean = np.mean(columns, axis=0)
        stranger = self._background @ vector
        ghosts = np.quantile(stranger, _GHOSTS).astype(float) if len(stranger) else np.zeros(0)
        columns += [known, same, shared, self.words.sounding(question), _ahead(mean, ghosts)]
        none, start = [1.0], 0
        for _, width in self.parts:
            cut = slice(start, start + width)
            far = self._background[:, cut] @ vector[cut] * len(self.parts)
            none.append(float(far.max()) if len(far) else 0.0)
            start += width
        none += [unseen, foreign, float(mean.max(initial=0.0)), elsewhere]
        return Measures(np.stack(columns, axis=1), np.array(none), ghosts)
