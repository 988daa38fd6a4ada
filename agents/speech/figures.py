"""Sums, clock times and dates as people write them in different countries, found in a text and read.

"1.299,00 €", "€1,299.00" and "EUR 1299" are one sum; "17 h" and "17h30" are times of day; "12/05/2026" is May in most
of the world and December in the United States, so the voice's locale decides (`day_first`). How each is said is the
business of spoken_text.py (English) and spoken_elsewhere.py.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_SIGNS = {"$": "$", "€": "€", "£": "£", "¥": "¥", "us$": "$"}
_CODES = {"eur": "€", "euro": "€", "euros": "€", "usd": "$", "gbp": "£", "jpy": "¥", "chf": "chf"}
_PAUSES = ",.;:?!"
_BEHIND = "\"'”’)]}>»*_" + _PAUSES + "…"
_BEFORE = "\"'“‘([{<«*_"

_NUMBER = r"\d{1,3}(?:[.,'’\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_SUM = re.compile(rf"({_NUMBER})(?:[.,][-–—]{{1,2}})?")
_GLUED_BEFORE = re.compile(rf"(US\$|[$€£¥]|(?:EUR|USD|GBP|CHF|JPY))({_NUMBER})(?:[.,][-–—]{{1,2}})?")
_GLUED_BEHIND = re.compile(rf"({_NUMBER})(?:[.,][-–—]{{1,2}})?([$€£¥]|(?:EUR|USD|GBP|CHF|JPY))", re.I)
_SPAN = re.compile(rf"({_NUMBER})[-–—]({_NUMBER})([$€£¥]?)")
_CLOCK = re.compile(r"([01]?\d|2[0-4])[hH]([0-5]\d)?")
_HOUR = re.compile(r"[01]?\d|2[0-4]")
_CLOCK_SPAN = re.compile(r"([01]?\d|2[0-4])[hH]([0-5]\d)?[-–—]([01]?\d|2[0-4])[hH]([0-5]\d)?")
_DATE = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d{2})|(\d{1,2})-(\d{1,2})-(\d{4})|(\d{4})-(\d\d)-(\d\d)")
_DECIMAL_COMMA = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}|\d+,\d{1,2}")
# Behind these words "17 h" is a time of day; elsewhere it lasts that long.
_AT = frozenset(
    "at from until till by before after between since around about to um ab bis von vor nach gegen zwischen à de dès"
    " vers jusqu'à entre avant après a las desde hasta hacia antes después dalle alle fino verso entro".split()
)
_AND = frozenset({"and", "or", "to", "-", "–", "—", "und", "oder", "bis", "et", "ou", "à", "y", "o", "a", "e"})
_SCALES = frozenset({"k", "m", "bn", "thousand", "million", "billion", "trillion"})


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of money: `currency` is a sign of `_SIGNS`, or "chf"; `least` is the other end of "10–20 €"."""

    currency: str
    whole: int
    cents: int = 0
    least: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """One time of day, or two with "to" between them."""

    times: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """How long something lasts."""

    hours: int


@dataclass(frozen=True, slots=True)
class Day:
    day: date


@dataclass(frozen=True, slots=True)
class Decimal:
    """A number with a decimal comma, written with a point."""

    digits: str


Value = Sum | Clock | Hours | Day | Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """What stands in `words[place]`, and in the word behind it where `words_used` is 2."""

    place: int
    words_used: int
    value: Value
    mark: str  # the pause behind it


def figures(words: Sequence[str], *, day_first: bool) -> list[Figure]:
    """Every sum, time and date among the words of a text."""
    found: list[Figure] = []
    place = 0
    while place < len(words):
        figure = _at(words, place, found, day_first)
        if figure:
            found.append(figure)
        place += figure.words_used if figure else 1
    return found


def ambiguous_dates(text: str) -> list[str]:
    """Dates that are different days in different countries, as they were written."""
    found = []
    for word in text.split():
        core, _ = _split(word)
        read = _DATE.fullmatch(core)
        if read and read[1] and read[2] == "/" and read_day(core, day_first=True) and read_day(core, day_first=False):
            if read_day(core, day_first=True) != read_day(core, day_first=False):
                found.append(core)
    return list(dict.fromkeys(found))


def _at(words: Sequence[str], place: int, before: Sequence[Figure], day_first: bool) -> Figure | None:
    core, mark = _split(words[place])
    after, after_mark = _split(words[place + 1]) if place + 1 < len(words) else ("", "")
    if not re.search(r"\d", core):
        currency = _currency(words[place].strip(_BEFORE))
        if currency and not mark and (_SUM.fullmatch(after)) and core.lower() not in ("euro", "euros"):
            scaled = place + 2 < len(words) and _split(words[place + 2])[0].lower() in _SCALES
            return None if scaled else Figure(place, 2, _sum(currency, after), after_mark)
        return None
    if day := read_day(core, day_first=day_first):
        return Figure(place, 1, Day(day), mark)
    if spans := _CLOCK_SPAN.fullmatch(core):
        return Figure(place, 1, Clock((_time(spans[1], spans[2]), _time(spans[3], spans[4]))), mark)
    if clock := _CLOCK.fullmatch(core):
        return _hours(words, place, 1, clock[1], clock[2], mark, before)
    if not mark and after.lower() == "h" and _HOUR.fullmatch(core):
        return _hours(words, place, 2, core, None, after_mark, before)
    return _money(core, mark, words, place) or _decimal(core, mark, place)


def _money(core: str, mark: str, words: Sequence[str], place: int) -> Figure | None:
    following = words[place + 1] if place + 1 < len(words) else ""
    after, after_mark = _split(following)
    if glued := _GLUED_BEFORE.fullmatch(core):
        return (
            None if after.lower() in _SCALES else Figure(place, 1, _sum(_named(glued[1]), core[len(glued[1]) :]), mark)
        )
    if glued := _GLUED_BEHIND.fullmatch(core):
        return Figure(place, 1, _sum(_named(glued[2]), glued[1]), mark)
    if span := _SPAN.fullmatch(core):
        if span[3]:
            return Figure(place, 1, _span(_SIGNS[span[3]], span), mark)
        currency = _currency(following)
        return Figure(place, 2, _span(currency, span), after_mark) if currency and not mark else None
    currency = _currency(following)
    if currency and (_SUM.fullmatch(core) or _SUM.fullmatch(words[place].strip(_BEFORE))) and (not mark or mark == ","):
        if mark == "," and not re.search(r"[.,][-–—]{1,2}$", words[place]):
            return None
        return Figure(place, 2, _sum(currency, core), after_mark)
    return None


def _decimal(core: str, mark: str, place: int) -> Figure | None:
    """ "1.299,00" and "3,5": what an English voice would read as something else."""
    percent = "%" if core.endswith("%") else ""
    number = core.removesuffix("%")
    if not _DECIMAL_COMMA.fullmatch(number):
        return None
    whole, _, cents = number.partition(",")
    digits = whole.replace(".", "") + (f".{cents}" if cents.strip("0") else "")
    return Figure(place, 1, Decimal(digits + percent), mark)


def _hours(
    words: Sequence[str], place: int, used: int, hour: str, minute: str | None, mark: str, before: Sequence[Figure]
) -> Figure:
    word = words[place - 1].lower().strip(_BEFORE) if place else ""
    clocks = [figure for figure in before if isinstance(figure.value, Clock)]
    joined = bool(clocks) and word in _AND and clocks[-1].place + clocks[-1].words_used == place - 1
    if minute or word in _AT or word.startswith(("d'", "l'")) or joined:
        return Figure(place, used, Clock((_time(hour, minute),)), mark)
    return Figure(place, used, Hours(int(hour)), mark)


def _time(hour: str, minute: str | None) -> tuple[int, int]:
    return int(hour), int(minute or 0)


def _span(currency: str, span: re.Match[str]) -> Sum:
    last = _sum(currency, span[2])
    first = _sum(currency, span[1])
    return Sum(currency, last.whole, last.cents, f"{first.whole}" + (f".{first.cents:02}" if first.cents else ""))


def _sum(currency: str, number: str) -> Sum:
    """The last mark with one or two figures behind it is the decimal one, wherever it was written."""
    number = re.sub(r"[.,][-–—]{1,2}$", "", number)
    parts = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", number)
    assert parts is not None
    return Sum(currency, int(re.sub(r"\D", "", parts[1]) or 0), int((parts[2] or "0").ljust(2, "0")))


def _currency(word: str) -> str:
    core = word.rstrip(_BEHIND).lower()
    return _SIGNS.get(core) or _CODES.get(core, "")


def _named(sign: str) -> str:
    return _SIGNS.get(sign.lower()) or _CODES[sign.lower()]


def read_day(core: str, *, day_first: bool) -> date | None:
    """The day of "12/05/2026", "12.05.2026" or "2026-05-12"; None where it is none."""
    match = _DATE.fullmatch(core)
    if not match:
        return None
    if match[8]:
        year, month, day = int(match[8]), int(match[9]), int(match[10])
    else:
        first, second = int(match[1] or match[5]), int(match[3] or match[6])
        year = int(match[4] or match[7])
        year += 2000 if year < 100 else 0
        if match[2] == ".":
            day_first = True
        elif first > 12 or second > 12:
            day_first = first > 12
        day, month = (first, second) if day_first else (second, first)
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 1000 <= year else None


def _split(word: str) -> tuple[str, str]:
    """A word without what stands around it, and the pause behind it."""
    word = word.lstrip(_BEFORE)
    core = word.rstrip(_BEHIND)
    if re.search(r"\d[.,][-–—]{1,2}$", core):
        return core, next((sign for sign in word[len(core) :] if sign in _PAUSES), "")
    behind = word[len(core) :].replace("…", ".")
    return core, next((sign for sign in behind if sign in _PAUSES), "")
