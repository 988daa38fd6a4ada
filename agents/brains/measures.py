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


def topic_names(parts: Parts) -> list[str]:
    """The columns of `Measures.topics`."""
    by_part = [f"{name} {what}" for name, _ in parts for what in ("ask", "say", "whole")]
    return [*by_part, "any", "intent", "shared", "sound"]


def none_names(parts: Parts) -> list[str]:
    """The columns of `Measures.none`."""
    return ["one", *(f"{name} background" for name, _ in parts), "unseen", "foreign"]


@dataclass(frozen=True, slots=True)
class Measures:
    topics: Numbers  # topics × topic_names
    none: Numbers  # none_names

    def without(self, place: int) -> "Measures":
        """As if that topic had not been written."""
        return Measures(np.delete(self.topics, place, 0), self.none)


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
        self._background = background

    def measure(self, question: str, vector: Vectors) -> Measures:
        close = self.vectors
        by_role = [close.closest_by_part(vector, role) for role in (ASK, SAY, WHOLE)]
        columns = [by_role[role][part] for part in range(len(self.parts)) for role in range(3)]
        same, foreign = close.same_intent(vector)
        shared, unseen = self.words.shared(question)
        known = close.closest(vector, (ASK, GIVEN))
        columns += [known, same, shared, self.words.sounding(question)]
        none, start = [1.0], 0
        for _, width in self.parts:
            cut = slice(start, start + width)
            far = self._background[:, cut] @ vector[cut] * len(self.parts)
            none.append(float(far.max()) if len(far) else 0.0)
            start += width
        return Measures(np.stack(columns, axis=1), np.array([*none, unseen, foreign]))
