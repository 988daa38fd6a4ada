"""Stretches of time in a longer unit than the one that is counted in: "a week" is seven nights."""

from collections.abc import Sequence, Set

from agents.brains.collecting import numerals
from agents.brains.collecting.tokens import Token, word_at

_WEEKS = {"week": 7, "weeks": 7, "fortnight": 14, "woche": 7, "wochen": 7}
_FORTNIGHTS = {"fortnight": 2, "month": 4, "months": 4, "monat": 4, "monate": 4}
_YEARS = {"year": 12, "years": 12, "jahr": 12, "jahre": 12}
_HOURS = {"hour": 60, "hours": 60, "stunde": 60, "stunden": 60}
_IN_UNITS = {
    "days": _WEEKS, "nights": _WEEKS, "tage": _WEEKS, "nächte": _WEEKS, "weeks": _FORTNIGHTS,
    "wochen": _FORTNIGHTS, "months": _YEARS, "monate": _YEARS,
    "minutes": _HOURS, "minuten": _HOURS,
}  # fmt: skip
_ONE = frozenset("a an one the ein eine einen einer whole ganze ganzes".split())


def counted(said: Sequence[Token], place: int, german: bool, units: Set[str]) -> tuple[int, int, str] | None:
    """(first token, token behind, number) of "two weeks" where days are counted."""
    count, here = 1, place
    while word_at(said, here) in _ONE:
        here += 1
    if here == place:
        number = numerals.small(said, place, german)
        if number is None:
            return None
        count, here = number
    times = factor(word_at(said, here), units)
    return (place, here + 1, str(count * times)) if times and here > place else None


def factor(word: str, units: Set[str]) -> int:
    """How many of the unit that is counted in are one of these; 0 where they are none."""
    return next((found.get(word, 0) for unit, found in _IN_UNITS.items() if unit in units), 0)


def is_longer(word: str) -> bool:
    """Is it a unit that was counted in by itself?"""
    return any(word in longer for longer in _IN_UNITS.values())
