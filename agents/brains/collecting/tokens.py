"""A text as grammars read it: words and signs with their places, digits of every script as 0 to 9."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agents.speech.words import FILLERS

CHARACTERS_MOST = 1_000
TOKENS_MOST = 120
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[^\s]")
_AM_PM = re.compile(r"\b([ap])\s?\.\s?m\b\.?", re.IGNORECASE)
FILLING = FILLERS | {"äh", "ähm", "öh", "hmm", "well", "please", "bitte", "also", "like"}
NO = frozenset(
    "make doesn't no nope sorry wait actually rather instead correction nein nee sorry quatsch moment lieber doch sondern".split()
)
_BETTER = frozenset("better instead rather besser lieber stattdessen".split())
NOT = frozenset({"not", "nicht", "isn't", "kein"})


@dataclass(frozen=True, slots=True)
class Token:
    word: str
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        return self.word.isdecimal()

    @property
    def is_word(self) -> bool:
        return self.word[0].isalpha()


def clean(text: str) -> str:
    """The text with plain digits and plain letters; what is too long is cut."""
    text = unicodedata.normalize("NFKC", text[:CHARACTERS_MOST])[:CHARACTERS_MOST]
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in text)
    return _AM_PM.sub(lambda match: (match[1] + "m").ljust(len(match[0])), text)


def tokens(text: str, german: bool = False) -> list[Token]:
    """The tokens of a clean text, in lower case, without the sounds of hesitation. "Um" is a word in German."""
    found = []
    for match in _TOKEN.finditer(text):
        word = match[0].lower().replace("’", "'")
        if word not in FILLING or (german and word == "um"):
            found.append(Token(word, match.start(), match.end()))
        if len(found) == TOKENS_MOST:
            break
    if len(found) > 1 and found[-1].word in "!?." and found[-2].is_word:  # "Half six."; "am 15." is an ordinal
        found.pop()
    return found


def word_at(said: Sequence[Token], place: int) -> str:
    return said[place].word if 0 <= place < len(said) else ""


def words_at(said: Sequence[Token], place: int, *wanted: Iterable[str] | str) -> bool:
    """Do these words stand there, one after the other? A set is any of its words."""
    return all(
        word_at(said, place + number) == each if isinstance(each, str) else word_at(said, place + number) in each
        for number, each in enumerate(wanted)
    )


def best(found: Sequence[tuple[int, int, str]], said: Sequence[Token]) -> tuple[int, int, str] | None:
    """Of several findings (first token, token behind, value): the last one behind a "no", else the first that no
    "not" stands before."""
    kept = [one for one in found if not denied(one[0], said)]
    if not kept:
        return None
    if len(kept) > 1 and any(token.word in NO for token in said[kept[0][1] : kept[-1][0]]):
        return kept[-1]
    if len(kept) > 1 and any(token.word in _BETTER for token in said[kept[-1][1] : kept[-1][1] + 3]):
        return kept[-1]  # "I said Monday, but Tuesday's better"
    if len(kept) > 1 and "i" in (said[n].word for n in range(kept[0][1], kept[-1][0])):
        between = " ".join(token.word for token in said[kept[0][1] : kept[-1][0]])
        if "i mean" in between:
            return kept[-1]
    return kept[0]


def denied(place: int, said: Sequence[Token]) -> bool:
    """Does a "not" stand before it: "not five"?"""
    before = [token.word for token in said[max(0, place - 3) : place]]
    near = before[-1:] + [
        word for word in before[-3:-1] if word in NOT and before[-1] in ("the", "at", "on", "am", "um", "den")
    ]
    return any(word in NOT for word in near)
