"""Spelled words: "M I L L E R", "B as in Berlin", "kilo india mike", "Doppel-L", and letters as hearing engines write
them ("bee", "double you"). Only two letters in a row are spelling: "see" and "mike" are words, too."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.brains.collecting.numerals import UNITS
from agents.brains.collecting.tokens import Token, word_at, words_at

_NATO = (
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa"
    " quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu"
).split()
_GERMAN_NAMES = (
    "anton berta cäsar dora emil friedrich gustav heinrich ida julius kaufmann ludwig martha nordpol otto paula quelle"
    " richard samuel siegfried theodor ulrich viktor wilhelm xanthippe ypsilon zacharias zeppelin"
).split()
_ALPHABETS = {word: word[0] for word in _NATO}
_ALPHABETS_DE = {word: word[0] for word in _GERMAN_NAMES} | {
    "ärger": "ä", "ökonom": "ö", "übermut": "ü", "eszett": "ß", "schule": "sch",
}  # fmt: skip
_HEARD = {
    "bee": "b", "cee": "c", "sea": "c", "see": "c", "dee": "d", "eff": "f", "gee": "g", "aitch": "h", "jay": "j",
    "kay": "k", "ell": "l", "el": "l", "em": "m", "en": "n", "oh": "o", "pee": "p", "pea": "p", "queue": "q",
    "cue": "q", "are": "r", "ar": "r", "ess": "s", "tee": "t", "tea": "t", "you": "u", "vee": "v", "ex": "x",
    "why": "y", "zed": "z", "zee": "z",
}  # fmt: skip
_HEARD_DE = {
    "be": "b", "ce": "c", "de": "d", "ef": "f", "eff": "f", "ge": "g", "ha": "h", "jot": "j", "ka": "k", "el": "l",
    "em": "m", "en": "n", "pe": "p", "ku": "q", "er": "r", "es": "s", "te": "t", "vau": "v", "fau": "v", "we": "w",
    "ix": "x", "zett": "z", "zet": "z",
}  # fmt: skip
_DOUBLES = frozenset({"double", "doppel", "doppelt", "triple"})
_BETWEEN = frozenset({"-", ",", ".", "–"})
_LIKE = (("as", "in"), ("for",), ("like",), ("wie",), ("as",), ("von",))


@dataclass(frozen=True, slots=True)
class Letter:
    letters: str
    behind: int  # the token behind it
    sure: float  # 1: a single letter; a half: a word of an alphabet; 0: a word that sounds like one


@dataclass(frozen=True, slots=True)
class Spelled:
    letters: str
    first: int
    behind: int
    count: int
    single: int  # how many of them were single letters


def letter(said: Sequence[Token], place: int, german: bool) -> Letter | None:
    """The letter that begins at a token."""
    word = word_at(said, place)
    if not word or not word[0].isalpha() or (word == "oh" and _is_digit(said, place + 1)):
        return None  # "B K oh four": a zero
    if word in _DOUBLES and word_at(said, place + 1):
        if word == "double" and word_at(said, place + 1) in ("you", "u"):
            return Letter("w", place + 2, 0)
        behind = place + 2 if word_at(said, place + 1) == "-" else place + 1
        if word_at(said, behind) in _DOUBLES:  # "double double double …" would be letters without end
            return None
        twice = letter(said, behind, german)
        return Letter(twice.letters * (3 if word == "triple" else 2), twice.behind, twice.sure) if twice else None
    if word.startswith("doppel") and len(word) == 7:  # "doppell"
        return Letter(word[-1] * 2, place + 1, 1)
    if len(word) == 1:
        return Letter(word, _behind_example(said, place), 1)
    if word in _ALPHABETS:
        return Letter(_ALPHABETS[word], place + 1, 0.5)
    if german and word in _ALPHABETS_DE:
        return Letter(_ALPHABETS_DE[word], place + 1, 0.5)
    heard = _HEARD_DE if german else _HEARD
    return Letter(heard[word], place + 1, 0) if word in heard else None


def _is_digit(said: Sequence[Token], place: int) -> bool:
    word = word_at(said, place + (word_at(said, place) == ","))
    return word.isdecimal() or word in UNITS


def _behind_example(said: Sequence[Token], place: int) -> int:
    """Behind "as in Berlin", where that stands behind a letter."""
    word = word_at(said, place)
    if word == "x" and word_at(said, place + 1) == "ray":
        return place + 2
    for like in _LIKE:
        behind = place + 1 + len(like)
        example = word_at(said, behind)
        if len(example) > 1 and example.startswith(word) and words_at(said, place + 1, *like):
            return behind + 1
    return place + 1


def run(said: Sequence[Token], place: int, german: bool) -> Spelled | None:
    """Letters in a row; None where it may be words as well."""
    found, here, behind, count, sure, single = "", place, place, 0, 0.0, 0
    while one := letter(said, here, german):
        found, here, count = found + one.letters, one.behind, count + 1
        sure, single = sure + one.sure, single + (one.sure == 1)
        behind = here
        while word_at(said, here) in _BETWEEN:
            here += 1
    if count < 2 or (sure < 1 and count < 3):  # "see you" is no spelling
        return None
    return Spelled(found, place, behind, count, single)
