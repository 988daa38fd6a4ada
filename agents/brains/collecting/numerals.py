"""Numbers as words, English and German: cardinals ("one hundred and twenty", "einundzwanzig") and ordinals."""

import re
from collections.abc import Sequence
from functools import lru_cache

from agents.brains.collecting.tokens import Token, word_at

UNITS = {word: n for n, word in enumerate("zero one two three four five six seven eight nine".split())}
TEENS = {
    word: n
    for n, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), 10
    )
}
TENS = {
    word: n
    for n, word in zip(range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True)
} | {"fourty": 40}
_ORDINALS = {
    word: n
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
} | {"thirtieth": 30}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
UNITS_DE = {
    "null": 0, "ein": 1, "eins": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "zwei": 2, "zwo": 2, "drei": 3,
    "vier": 4, "fünf": 5, "fuenf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
}  # fmt: skip
_TEENS_DE = {
    "zehn": 10, "elf": 11, "zwölf": 12, "zwoelf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15, "sechzehn": 16,
    "siebzehn": 17, "achtzehn": 18, "neunzehn": 19,
}  # fmt: skip
_TENS_DE = {
    "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70,
    "achtzig": 80, "neunzig": 90,
}  # fmt: skip
_UNIT_DE = "|".join(sorted(UNITS_DE, key=len, reverse=True))
_SMALL_DE = re.compile(
    rf"(?:(?P<unit>{_UNIT_DE})und)?(?P<tens>{'|'.join(_TENS_DE)})|(?P<teen>{'|'.join(_TEENS_DE)})|(?P<only>{_UNIT_DE})"
)
_ORDINALS_DE = {"erst": 1, "zweit": 2, "dritt": 3, "viert": 4, "fünft": 5, "sechst": 6, "siebt": 7, "siebent": 7,
                "acht": 8, "neunt": 9, "zehnt": 10, "elft": 11, "zwölft": 12}  # fmt: skip
_DIGITS_MOST = 12


@lru_cache(maxsize=2048)
def german(word: str) -> int | None:
    """One German word as a number: "zweihunderteinundzwanzig" is 221."""
    if len(word) > 60:
        return None
    for scale, factor in (("tausend", 1000), ("hundert", 100)):
        before, found, after = word.partition(scale)
        if not found:
            continue
        times = german(before) if before else 1
        rest = german(after.removeprefix("und")) if after else 0
        if times is None or rest is None or rest >= factor or (factor == 100 and not 0 < times < 100):
            return None
        return times * factor + rest
    match = _SMALL_DE.fullmatch(word)
    if not match:
        return None
    if match["tens"]:
        return _TENS_DE[match["tens"]] + (UNITS_DE[match["unit"]] if match["unit"] else 0)
    return _TEENS_DE[match["teen"]] if match["teen"] else UNITS_DE[match["only"]]


def small(said: Sequence[Token], place: int, is_german: bool) -> tuple[int, int] | None:
    """A number under a hundred, and the token behind it."""
    word = word_at(said, place)
    if word.isdecimal():
        return (int(word), place + 1) if len(word) <= 2 else None
    if is_german:
        found = german(word)
        if found is None or found >= 100:
            return None
        if found < 10 and word_at(said, place + 1) == "und" and word_at(said, place + 2) in _TENS_DE:
            return found + _TENS_DE[word_at(said, place + 2)], place + 3  # "ein und zwanzig"
        return found, place + 1
    if word in TEENS:
        return TEENS[word], place + 1
    if word in TENS:
        after = place + 2 if word_at(said, place + 1) == "-" else place + 1
        unit = UNITS.get(word_at(said, after), 0)
        return (TENS[word] + unit, after + 1) if unit else (TENS[word], place + 1)
    return (UNITS[word], place + 1) if word in UNITS else None


def cardinal(said: Sequence[Token], place: int, is_german: bool) -> tuple[int, int] | None:
    """A whole number, and the token behind it."""
    word = word_at(said, place)
    if word.isdecimal():
        return (int(word), place + 1) if len(word) <= _DIGITS_MOST else None
    if is_german:
        found = german(word)
        if found is not None and found >= 100:
            return found, place + 1
        if found is not None and word_at(said, place + 1) in ("hundert", "tausend"):
            factor = 100 if word_at(said, place + 1) == "hundert" else 1000
            rest = small(said, place + 2, True)
            return (found * factor + rest[0], rest[1]) if rest else (found * factor, place + 2)
        return small(said, place, True)
    if word == "a" and word_at(said, place + 1) in _SCALES:
        return _scaled(1, said, place + 1)
    start = small(said, place, False)
    return _scaled(start[0], said, start[1]) if start else None


def _scaled(number: int, said: Sequence[Token], place: int) -> tuple[int, int]:
    """ "two | hundred and fifty thousand"."""
    total, current = 0, number
    for _ in range(8):
        word = word_at(said, place)
        if word == "hundred" and 0 < current < 100:
            current, place = current * 100, place + 1
        elif word in ("thousand", "million") and 0 < current < 1000:
            total, current, place = total + current * _SCALES[word], 0, place + 1
        elif word == "and" and word_at(said, place - 1) in _SCALES and small(said, place + 1, False):
            place += 1
        elif current % 100 == 0 and (total or current) and word_at(said, place - 1) in (*_SCALES, "and"):
            more = small(said, place, False)
            if more is None:
                break
            current, place = current + more[0], more[1]
        else:
            break
    return total + current, place


def ordinal(said: Sequence[Token], place: int, is_german: bool) -> tuple[int, int] | None:
    """ "third", "twenty-first", "3rd", "dritten", "3.": its number, and the token behind it."""
    word = word_at(said, place)
    if word.isdecimal():
        if len(word) > 2:
            return None
        behind = word_at(said, place + 1)
        touches = place + 1 < len(said) and said[place + 1].start == said[place].end  # "14 St James Square"
        if (touches and behind in ("st", "nd", "rd", "th")) or (
            is_german and behind in (".", "te", "ten", "ter", "sten")
        ):
            return int(word), place + 2
        return None
    if is_german:
        return _ordinal_de(word, place)
    if word in _ORDINALS:
        return _ORDINALS[word], place + 1
    if word in TENS:
        after = place + 2 if word_at(said, place + 1) == "-" else place + 1
        unit = _ORDINALS.get(word_at(said, after), 10)
        return (TENS[word] + unit, after + 1) if unit < 10 else None
    return None


def _ordinal_de(word: str, place: int) -> tuple[int, int] | None:
    stem = re.sub(r"e[nrsm]?$", "", word)
    if stem == word:
        return None
    if stem in _ORDINALS_DE:
        return _ORDINALS_DE[stem], place + 1
    for ending in ("st", "t"):
        number = german(stem.removesuffix(ending)) if stem.endswith(ending) else None
        if number is not None and 13 <= number < 100:
            return number, place + 1
    return None
