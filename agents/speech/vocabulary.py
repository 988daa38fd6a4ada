"""The words that callers of one agent use, put in where an ear wrote something that sounds like them.

Two lists of the owner's: corrections ("heard X, meant Y"), which hold wherever X was heard; and key phrases, names of
products, people and streets, which replace what sounds nearly the same, where the ear was not sure of it anyway.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agents.speech.heard import Heard
from agents.speech.sounds import alike, mixed_up_with, sounds
from agents.speech.words import words

ALIKE = 0.75  # from this likeness a doubtful stretch is the phrase
SURE = 0.5  # a stretch of which the ear is at least as sure is left alone …
ALIKE_TO_SURE = 0.92  # … unless it sounds as near as this
LEAST_SOUNDS = 3  # of a phrase: a shorter one sounds like too much else
WORDS_MORE = 2  # of a stretch, than its phrase has
WORDS_MOST = 60  # of a text; the rest is left as it is
CORRECTED = 0.95  # how sure a word is that the owner has corrected


@dataclass(frozen=True, slots=True)
class _Phrase:
    written: str
    said: tuple[str, ...]
    sound: str


class Vocabulary:
    """One agent's, frozen in its version."""

    def __init__(self, phrases: Sequence[str] = (), corrections: Sequence[tuple[str, str]] = ()) -> None:
        made = [_Phrase(" ".join(phrase.split()), tuple(words(phrase)), sounds(phrase)) for phrase in phrases]
        self._phrases = [phrase for phrase in made if len(phrase.sound) >= LEAST_SOUNDS]
        self._longest = max((len(phrase.said) for phrase in self._phrases), default=0) + WORDS_MORE
        self._by_first: dict[str, list[_Phrase]] = defaultdict(list)
        for phrase in self._phrases:
            for first in mixed_up_with(phrase.sound[0]):
                self._by_first[first].append(phrase)
        self._corrections = sorted(
            ((tuple(words(heard)), " ".join(meant.split())) for heard, meant in corrections if words(heard)),
            key=lambda pair: -len(pair[0]),
        )

    def __bool__(self) -> bool:
        return bool(self._phrases or self._corrections)

    def correct(self, heard: Heard) -> Heard:
        """The same with the owner's words in their places. Takes a few milliseconds: not on the event loop."""
        for said, meant in self._corrections:
            heard = _replaced(heard, said, meant)
        return self._with_phrases(heard)

    def _with_phrases(self, heard: Heard) -> Heard:
        """The likeliest stretch first; what was replaced is not looked at again."""
        taken: set[int] = set()
        while self._phrases and (found := self._best(heard, taken)):
            phrase, start, length, likeness = found
            count = len(phrase.written.split())
            heard = _put(heard, start, length, phrase.written, min(likeness, 1.0))
            taken = {place if place < start else place - length + count for place in taken}
            taken.update(range(start, start + count))
        return heard

    def _best(self, heard: Heard, taken: set[int]) -> tuple[_Phrase, int, int, float] | None:
        tokens = heard.text.split()[:WORDS_MOST]
        sure = heard.sure or (1.0,) * len(tokens)
        best: tuple[_Phrase, int, int, float] | None = None
        for start in range(len(tokens)):
            for length in range(1, min(self._longest, len(tokens) - start) + 1):
                if taken.intersection(range(start, start + length)):
                    break
                stretch = " ".join(tokens[start : start + length])
                least = ALIKE if min(sure[start : start + length]) < SURE else ALIKE_TO_SURE
                for phrase, likeness in self._like(stretch, length):
                    if likeness >= least and (best is None or likeness > best[3]):
                        best = phrase, start, length, likeness
        return best

    def _like(self, stretch: str, length: int) -> Iterator[tuple[_Phrase, float]]:
        """The phrases that it may be, and how alike they sound. Only those that begin alike are compared."""
        spoken = sounds(stretch)
        for phrase in self._by_first.get(spoken[:1], ()):
            close = abs(len(spoken) - len(phrase.sound)) <= max(1, len(phrase.sound) // 3)
            if close and length <= len(phrase.said) + WORDS_MORE:
                is_it = tuple(words(stretch)) == phrase.said  # nothing else may take its place then
                yield phrase, 1.01 if is_it else alike(spoken, phrase.sound)


def _replaced(heard: Heard, said: tuple[str, ...], meant: str) -> Heard:
    start = 0
    while True:
        tokens = heard.text.split()
        place = next(
            (at for at in range(start, len(tokens) - len(said) + 1) if _words_of(tokens[at : at + len(said)]) == said),
            None,
        )
        if place is None:
            return heard
        heard = _put(heard, place, len(said), meant, CORRECTED)
        start = place + len(meant.split())


def _words_of(tokens: Sequence[str]) -> tuple[str, ...]:
    return tuple(words(" ".join(tokens)))


def _put(heard: Heard, start: int, length: int, written: str, sure: float) -> Heard:
    """`written` in place of so many words; the mark behind the last one stays."""
    tokens = heard.text.split()
    before = " ".join(tokens[start : start + length])
    mark = before[len(before.rstrip(".,?!;:")) :]
    new = (written.rstrip(".,?!;:") + mark).split()
    known = heard.sure or (1.0,) * len(tokens)
    sures = (*known[:start], *(max(sure, min(known[start : start + length])),) * len(new), *known[start + length :])
    changed = heard.changed
    if words(before) != words(written):
        changed = (*changed, (before.rstrip(".,?!;:"), written))
    text = " ".join([*tokens[:start], *new, *tokens[start + length :]])
    return replace(heard, text=text, sure=sures if heard.sure else (), changed=changed)
