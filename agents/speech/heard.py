"""What an ear made out of sound: the words, and how sure it is of each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.speech.words import even, joined, real_words, words


@dataclass(frozen=True, slots=True)
class Heard:
    """Words, and for each of `text.split()` how likely it is the right one; () where an engine does not tell."""

    text: str = ""
    sure: tuple[float, ...] = ()
    language: str = ""  # they were made out in; "": the one that was asked for
    above_db: float = 0.0  # how far the speech stood out of its surroundings; 0: not known
    changed: tuple[tuple[str, str], ...] = ()  # what stands for what was made out first: (heard, meant)
    asks: float = 0.0  # how near the ear was to a question mark at the end, from 0 to 1; 0 where it does not tell

    def __post_init__(self) -> None:
        if self.sure and len(self.sure) != len(self.text.split()):
            object.__setattr__(self, "sure", ())  # better none than those of other words

    def __bool__(self) -> bool:
        return bool(self.text)

    def evened(self) -> "Heard":
        """One space between words, and one spelling for a word."""
        return replace(self, text=even(self.text))

    def joined(self, other: "Heard") -> "Heard":
        """Two pieces of one turn. Where one of them does not tell how sure it is, it counts as sure."""
        sure = (*self._each(), *other._each()) if self.sure or other.sure else ()
        changed = (*self.changed, *other.changed)
        above_db = min(self.above_db, other.above_db) if self and other else self.above_db or other.above_db
        asks = other.asks if other else self.asks
        return Heard(joined(self.text, other.text), sure, self.language or other.language, above_db, changed, asks)

    def _each(self) -> tuple[float, ...]:
        return self.sure or (1.0,) * len(self.text.split())

    @property
    def certainty(self) -> float:
        """How sure the text is as a whole: the mean of its words; 1 where nothing is known."""
        known = [sure for word, sure in zip(self.text.split(), self.sure, strict=False) if real_words(word)]
        return sum(known) / len(known) if known else 1.0

    def doubtful(self, least: float) -> tuple[int, ...]:
        """The places of the words that are less likely right than this."""
        pairs = enumerate(zip(self.text.split(), self.sure, strict=False))
        return tuple(place for place, (word, sure) in pairs if sure < least and words(word))

    def without(self, places: Sequence[int]) -> str:
        """The text without the words at these places."""
        return " ".join(word for place, word in enumerate(self.text.split()) if place not in places)


NOTHING = Heard()
