"""What speaks for and against a line by its words alone: whether all that a question names stands there, and a value of
the kind that it asks for.

What was learned cannot know it: its questions are hard ones, in other words than the answers', and its pages few. Of
500 pages that are alike the right one is hardly closer than the next, but it alone has the names that were asked about.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.brains.sources import codes, rows
from agents.brains.sources.asked_for import OFFERED, PLAIN, Kind, asked_for, has_a_unit
from agents.brains.sources.passages import Passage
from agents.brains.word_signs import stem
from agents.speech.words import words

TELLING = 0.3  # words rarer than this tell what is asked about
WHOLE = 0.8  # the share of its telling words from which a sentence has what a question names; the rest are common words
COMMON = 0.4  # … which are no rarer than this
PARTLY = 0.7  # the share at most where the rarest of them stands in the heading alone, or a rarer one nowhere
SEVERAL, NAMES = 0.9, 1.3  # what the telling words weigh, by their rarity, where they are enough
_SHARED_LEAST, _ENDING_MOST = 4, 3  # letters that two forms of a word begin with, and those that may follow
_HANGS = re.compile(
    r"^(?:it|its|they|them|their|this|that|these|those|he|she|both|then|there|also|however|otherwise|but|and|so"
    r"|es|sie|er|das|dies\w*|beide\w*|dort|dann|dazu|dabei|sonst|danach|aber|auch|jedoch)\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?=.*\d)(?=.*[a-z])")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: the kind of thing it asks for, and the words that tell about what, by how rare they are."""

    kind: Kind | None
    telling: dict[str, float]

    @classmethod
    def of(cls, question: str, rarity: Callable[[str], float]) -> "Asked":
        kind = asked_for(question)
        plain = PLAIN | (kind.words if kind else frozenset())
        said = [word.partition("'")[0] for word in words(question)]  # "what's"
        told = {word: max(rarity(word), TELLING if word.isdigit() else 0.0) for word in said}
        return cls(kind, {word: by for word, by in told.items() if by >= TELLING and word not in plain})

    @property
    def weight(self) -> float:
        return sum(self.telling.values())


@dataclass(frozen=True, slots=True)
class Fit:
    """How a line fits a question: the share of its telling words that stand there, whether it holds what is asked for,
    and whether that could be seen at all; how a row is read."""

    share: float
    answers: bool
    seen: bool
    refuted: bool  # it is about something else
    weight: float  # of the telling words together
    row: str = ""
    unasked: int = 0  # words of the row's name that the question has not: "Ashford" is nearer to it than "Ashford 2"

    @property
    def is_whole(self) -> bool:
        return self.share >= WHOLE and self.answers and not self.refuted

    @property
    def tells_enough(self) -> bool:
        """Whether the words alone do, however close it is: of "How do I find your shop" one tells, and no rare one."""
        return bool(self.row) or self.weight >= (SEVERAL if self.seen else NAMES)


def fit(asked: Asked, passage: Passage, line: str, said: str) -> Fit:
    """`line`: a sentence or row of a passage. `said`: with the sentences before that it hangs on."""
    above = f"{passage.leaf.source} {passage.leaf.title} {passage.heading}"
    line, said = codes.written(line), codes.written(said)
    if found := _of_row(asked, passage, rows.cells(line), above):
        return found
    share, missing = _shared(asked, words(f"{above} {said}"))
    answers = asked.kind is None or asked.kind.is_in(said)
    refuted = not answers or any(_CODE.match(word) for word in missing)
    if asked.telling and not _is_in(max(asked.telling, key=lambda word: asked.telling[word]), words(said)):
        share = min(share, PARTLY)
    if any(asked.telling[word] > COMMON for word in missing):
        share = min(share, PARTLY)
    return Fit(share, answers, bool(asked.kind and asked.kind.looks), refuted, asked.weight)


def start_of(lines: Sequence[str], place: int) -> int:
    """Where what is said begins: "It takes four hours." tells nothing without the sentence before."""
    while place and _HANGS.match(lines[place]):
        place -= 1
    return place


def _of_row(asked: Asked, passage: Passage, row: Sequence[rows.Cell], above: str) -> Fit | None:
    """A row is one thing under a name, and a column of it is asked for: it answers nothing about what it does not name.
    None where no cell is asked about: "Monday: 9 to 5, Tuesday: 10 to 4" is no row."""
    asked = Asked(asked.kind, {word: by for word, by in asked.telling.items() if word not in OFFERED})
    heads = [words(cell.head) for cell in row]
    named, matched = _names(row, [word for word in asked.telling if not any(_is_in(word, head) for head in heads)])
    if not named:
        return None
    share, missing = _shared(asked, words(f"{above} {' '.join(f'{cell.head} {cell.value}' for cell in row)}"))
    by_name = [at for at, head in enumerate(heads) if any(_is_in(word, head) for word in asked.telling)]
    by_name = [at for at in dict.fromkeys([*by_name, *matched]) if at not in named]
    wanted = rows.asked(row, asked.kind, by_name, named)
    answers = bool(wanted) or asked.kind is None or asked.kind.looks is None
    said = rows.sentence(row, named, wanted, passage.leaf.language)
    name = [word for at in named for word in words(row[at].value)]
    unasked = sum(not any(_is_in(word, [one]) for word in asked.telling) for one in name)
    return Fit(share, answers, bool(wanted), bool(missing) or not answers, asked.weight, said, unasked)


def _names(row: Sequence[rows.Cell], telling: Sequence[str]) -> tuple[list[int], list[int]]:
    """The cells that tell which row it is, and those that only have a word of the question: "15 euros a weekend"."""
    named: list[int] = []
    matched: list[int] = []
    left = list(telling)
    for at, cell in enumerate(row):
        still = [word for word in left if not _is_in(word, words(cell.value))]
        if len(still) < len(left):
            left = still
            (matched if at and has_a_unit(cell.value) else named).append(at)
    return named, matched


def _shared(asked: Asked, there: Sequence[str]) -> tuple[float, list[str]]:
    missing = [word for word in asked.telling if not _is_in(word, there)]
    whole = asked.weight
    left = sum(asked.telling[word] for word in missing)
    return (1 - left / whole if missing else 1.0) if whole else 0.0, missing


def _is_in(word: str, there: Sequence[str]) -> bool:
    own = stem(word)
    return any(own == stem(other) or _alike(word, other) for other in there)


def _alike(asked: str, there: str) -> bool:
    """Another form of the word, "delivered" and "delivery", or one that it is part of: "Zahn" of "Zahnarzt"."""
    same = [one == other for one, other in zip(asked, there, strict=False)]
    shared = same.index(False) if False in same else len(same)
    if shared >= _SHARED_LEAST and max(len(asked), len(there)) - shared <= _ENDING_MOST:
        return True
    return len(asked) > _SHARED_LEAST and asked in there
