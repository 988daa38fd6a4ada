"""Signs that words give beside meaning: rare words that a topic has too, and words that sound like one of its own.

Hearing engines write what they know: "route canal", "the livery", "warrant tea". The consonants of such a stretch are
nearly those of the word that was said.
"""

import math
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from agents.speech.words import words

Numbers = npt.NDArray[np.float64]

_ENDINGS = ("ings", "ing", "ies", "ern", "ed", "es", "en", "er", "s", "e", "n")
_STEM_LEAST = 3
_INSIDE_LEAST = 5  # a word of this length counts as said when it is part of a longer one: "Zahn" in "Zahnreinigung"
_RARE_LEAST = 0.4  # words rarer than this are worth listening for
_STRETCH_MOST = 4  # words that one misheard word may have become
_SOUND_MOST = 1.5
_SMOOTHING = 0.3  # rare words are counted against this many more
_CLASSES = {
    letter: str(number)
    for number, letters in enumerate(("bfpvw", "cgjkqsxz", "dt", "l", "mn", "r"))
    for letter in letters
}
_SAME_SOUND = (("ph", "f"), ("ght", "t"), ("wh", "w"), ("tion", "xn"), ("cion", "xn"), ("ß", "s"))
WORDS_MOST = 80  # of a question; a longer one is judged by its beginning


def stem(word: str) -> str:
    """The word without accents and without its commonest endings."""
    plain = bare(word)
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= _STEM_LEAST:
            return plain[: -len(ending)]
    return plain


def bare(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if unicodedata.category(letter) != "Mn")


def skeleton(text: str) -> str:
    """The classes of the consonants in their order, doubles once."""
    plain = bare(text.lower())
    for written, heard in _SAME_SOUND:
        plain = plain.replace(written, heard)
    found, last = "", ""
    for letter in plain:
        kind = _CLASSES.get(letter, "")
        if kind and kind != last:
            found += kind
        if kind or letter in "aeiouy":
            last = kind
    return found


class WordSigns:
    """The words of a project's topics, ready to be compared with those of a question."""

    def __init__(self, texts: Sequence[Sequence[str]], rarity: Callable[[str], float]) -> None:
        """`texts`: for each topic all that is written in it."""
        self._rarity, self._count = rarity, len(texts)
        said = [{word for text in of_topic for word in words(text)} for of_topic in texts]
        self._stems = [{stem(word) for word in of_topic} for of_topic in said]
        self._topics_with: dict[str, int] = defaultdict(int)
        for of_topic in self._stems:
            for each in of_topic:
                self._topics_with[each] += 1
        self._hits: dict[str, Numbers] = {}
        self._sounding: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, of_topic in enumerate(said):
            for word in of_topic:
                bones = skeleton(word)
                if len(bones) >= 2 and len(word) > 2 and rarity(word) > _RARE_LEAST:
                    self._sounding[bones].append((place, word))
        self._near: dict[str, list[str]] = defaultdict(list)  # skeletons by what is left of them without one class
        for bones in self._sounding:
            for left in _without_one(bones):
                self._near[left].append(bones)

    def weight(self, word: str) -> float:
        """A word counts by how rare it is in its language and in the project."""
        common = math.log1p(self._topics_with.get(stem(word), 0)) / math.log1p(self._count + 1)
        return self._rarity(word) * (1 - common)

    def shared(self, question: str) -> tuple[Numbers, float]:
        """For each topic the share of the question's rare words that it has; and the share that none has."""
        said = words(question)[:WORDS_MOST]
        if not said or not self._count:
            return np.zeros(self._count), 0.0
        weights = np.array([self.weight(word) for word in said])
        hits = np.stack([self._topics_having(word) for word in said], axis=1)
        total = float(weights.sum()) + _SMOOTHING
        return hits @ weights / total, float((weights * (hits.max(axis=0) == 0)).sum()) / total

    def sounding(self, question: str) -> Numbers:
        """For each topic how much of its rare words the question sounds like, without those that it says."""
        said = words(question)[:WORDS_MOST]
        found = np.zeros(self._count)
        literal = {stem(word) for word in said}
        stretches = {
            skeleton("".join(said[start : start + length]))
            for length in range(1, _STRETCH_MOST + 1)
            for start in range(len(said) - length + 1)
        }
        alike = {bones for stretch in stretches if len(stretch) >= 2 for bones in self._alike(stretch)}
        for bones in alike:
            for place, word in self._sounding[bones]:
                if stem(word) not in literal:
                    found[place] += self.weight(word) * min(len(bones), 4) / 4
        return np.minimum(found, _SOUND_MOST)

    def _alike(self, stretch: str) -> set[str]:
        """The skeletons equal to this one, or one class away when both are long enough to afford it."""
        found = {stretch} if stretch in self._sounding else set()
        if len(stretch) >= 5:
            for left in _without_one(stretch):
                found.update(bones for bones in self._near.get(left, ()) if len(bones) >= 5 and bones[0] == stretch[0])
        return found

    def _topics_having(self, word: str) -> Numbers:
        if word not in self._hits:
            wanted = stem(word)
            self._hits[word] = np.array([self._has(stems, wanted) for stems in self._stems], float)
        return self._hits[word]

    @staticmethod
    def _has(stems: set[str], wanted: str) -> bool:
        if wanted in stems:
            return True
        long = len(wanted) >= _INSIDE_LEAST
        return long and any(len(each) >= _INSIDE_LEAST - 1 and (each in wanted or wanted in each) for each in stems)


def _without_one(bones: str) -> set[str]:
    """The skeleton itself and what is left of it without one of its classes: two that share one are a step apart."""
    return {bones, *(bones[:place] + bones[place + 1 :] for place in range(len(bones)))}
