"""Digits as they are said: "oh one five one", "double seven", "twenty-one" (2 1), "eight hundred" (8 0 0)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.brains.collecting import numerals
from agents.brains.collecting.tokens import NO, Token, clean, tokens, word_at

_ZERO = frozenset("oh o zero nought naught null owe".split())
_SIGHS = frozenset({"oh", "o"})  # a zero only beside other digits
_TIMES = {"double": 2, "doppel": 2, "doppelt": 2, "doppelte": 2, "triple": 3, "treble": 3, "dreifach": 3,
          "zweimal": 2, "dreimal": 3, "viermal": 4, "twice": 2, "thrice": 3}  # fmt: skip
_AGAIN_LEAST = 5
_ONE_BY_ONE_LEAST = 3
_AT_END = re.compile(
    r"\b(?:at the end|ends? (?:in|with)|last (?:digits?|ones?|numbers?|two|three|four)|am ende|zum schluss|hinten|endet auf|endet mit)\b",
    re.IGNORECASE,
)
_ARTICLES = frozenset({"die", "the", "-", "eine"})
# Between other digits, and behind the last one
_SOUND_ALIKE = {"to": "2", "too": "2", "for": "4", "fore": "4", "ate": "8", "won": "1", "tree": "3", "fife": "5", "sex": "6", "sicks": "6"}  # fmt: skip
_SOUND_ALIKE_DE = {"sex": "6", "vir": "4", "fier": "4", "neuen": "9", "dry": "3"}
_BETWEEN = frozenset(
    "- / . , ( ) – then dann and und area code vorwahl durchwahl extension nummer number again nochmal".split()
)
_PLUS = frozenset({"+", "plus"})


@dataclass(frozen=True, slots=True)
class Run:
    digits: str
    first: int  # token
    behind: int


def runs(said: Sequence[Token], german: bool, *, words: bool = True) -> list[Run]:
    """All stretches of digits."""
    found, place = [], 0
    while place < len(said):
        one = _run(said, place, german, words)
        if one:
            found.append(one)
            place = max(one.behind, place + 1)
        else:
            place += 1
    return found


def sighs(said: Sequence[Token], part: str) -> list[Run]:
    """ "Oh" alone behind a number that was begun: its next zero."""
    zeros = [token for token in said if token.word in _SIGHS]
    if part and zeros and len(zeros) == sum(token.is_word or token.is_number for token in said):
        return [Run("0" * len(zeros), 0, len(said))]
    return []


def _run(said: Sequence[Token], place: int, german: bool, words: bool) -> Run | None:
    digits, here, behind = "", place, place
    if word_at(said, here) in _PLUS:
        digits, here = "+", here + 1
    while here < len(said):
        one = _digits(said, here, german, bool(digits.strip("+"))) if words or said[here].is_number else None
        if one:
            digits, here = digits + one[0], one[1]
            behind = here
        elif digits and said[here].word in _BETWEEN:
            here += 1
        else:
            break
    return Run(digits, place, behind) if digits.strip("+") else None


def _digits(said: Sequence[Token], place: int, german: bool, inside: bool) -> tuple[str, int] | None:
    """The digits of one token or two, and the token behind."""
    word = word_at(said, place)
    if word.isdecimal():
        return word, place + 1
    if word in _TIMES:
        here = place + 1
        if word_at(said, here) == "mal":
            here += 1
        while word_at(said, here) in _ARTICLES:
            here += 1
        one = _digits(said, here, german, True) if word_at(said, here) not in _TIMES else None
        return (one[0] * _TIMES[word], one[1]) if one and len(one[0]) == 1 else None
    if word in _ZERO:
        is_sigh = (
            word in _SIGHS
            and not inside
            and not _plain_digit(said, place + 1 + (word_at(said, place + 1) == ","), german)
        )
        return None if is_sigh else ("0", place + 1)
    alike = _SOUND_ALIKE_DE if german else _SOUND_ALIKE
    if word in alike:
        return (alike[word], place + 1) if inside and _digits_follow(said, place, german, alike) else None
    if german and word in ("hundert", "tausend"):
        return None
    number = numerals.small(said, place, german)
    if number is None and german and (big := numerals.german(word)) is not None:
        return str(big), place + 1
    if number is None:
        return None
    value, here = number
    if german and value < 10 and word_at(said, here) == "mal":  # "drei mal die sieben"
        behind = here + 1
        while word_at(said, behind) in _ARTICLES:
            behind += 1
        one = _digits(said, behind, german, True)
        if one and len(one[0]) == 1:
            return one[0] * value, one[1]
    if word_at(said, here) in ("hundred", "hundert"):
        return f"{value}00", here + 1
    if word_at(said, here) in ("thousand", "tausend"):
        return f"{value}000", here + 1
    return str(value), here


def _digits_follow(said: Sequence[Token], place: int, german: bool, alike: Mapping[str, str]) -> bool:
    """A digit, the end, or more words that sound like digits with one of these behind them."""
    here = place + 1
    while word_at(said, here) in alike:
        here += 1
    return word_at(said, here) in ("", ".", "!") or _plain_digit(said, here, german)


def _plain_digit(said: Sequence[Token], place: int, german: bool) -> bool:
    word = word_at(said, place)
    units = numerals.UNITS_DE if german else numerals.UNITS
    return word.isdecimal() or word in units or word in _ZERO or word in _TIMES


def one_by_one(said: Sequence[Token], place: int, german: bool) -> tuple[int, int, str] | None:
    """Single digits up to the end as one number: "one oh four" is room 104. Two may as well be two numbers, and "three,
    four, five people" are nobody's room."""
    found, here = "", place
    while _plain_digit(said, here, german) and (one := _digits(said, here, german, bool(found))) and len(one[0]) == 1:
        found, here = found + one[0], one[1]
        here += word_at(said, here) == "," and here + 1 < len(said)
    is_end = word_at(said, here) in ("", ".")
    return (place, here, str(int(found))) if is_end and len(found) >= _ONE_BY_ONE_LEAST else None


def corrected(found: Sequence[Run], said: Sequence[Token], least: int) -> Run | None:
    """The stretches as one number: behind a "no, sorry" stands the whole number again, or the group that was wrong."""
    if not found:
        return None
    whole = found[0]
    for one in found[1:]:
        between = [token.word for token in said[whole.behind : one.first]]
        if not any(word in NO for word in between):
            if len(between) > 2:  # something else was said
                if len(one.digits) > len(whole.digits):
                    whole = one
                continue
            whole = Run(whole.digits + one.digits.lstrip("+"), whole.first, one.behind)
        elif len(one.digits) >= least and len(one.digits) >= len(whole.digits):
            whole = Run(one.digits, whole.first, one.behind)
        else:
            whole = _replaced(whole, one)
    return whole


def again(value: str, text: str, *, german: bool) -> str:
    """The number once more: as many digits and other ones, or its end ("one one nine at the end"); "" elsewhere."""
    found = runs(tokens(clean(text), german), german)
    new = found[0].digits if len(found) == 1 else ""
    if len(new) == len(value) >= _AGAIN_LEAST and new != value and value.strip("+").isdecimal():
        return new
    new = new if _AT_END.search(text) else ""
    return value[: -len(new)] + new if new and len(new) < len(value.strip("+")) else ""


def _replaced(whole: Run, one: Run) -> Run:
    """ "five five five, no sorry, five five six": the last group is said again, and may go on."""
    digits, new = whole.digits, one.digits
    length = min(len(digits), len(new))
    shared = max(
        range(length + 1), key=lambda n: sum(a == b for a, b in zip(digits[len(digits) - n :], new, strict=False))
    )
    size = max(shared, min(length, 3) if len(digits) >= 3 else length)
    return Run(digits[: len(digits) - min(size, len(digits))] + new, whole.first, one.behind)
