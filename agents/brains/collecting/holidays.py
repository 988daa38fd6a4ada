"""Days that have a name of their own: "Christmas Eve", "der zweite Weihnachtsfeiertag", "Ostermontag"."""

from collections.abc import Sequence
from datetime import date, timedelta

from agents.brains.collecting import calendar
from agents.brains.collecting.tokens import Token, word_at, words_at

# Month and day; a whole number alone: days from Easter Sunday.
_NAMED: tuple[tuple[str, tuple[int, int] | int], ...] = (
    ("christmas eve", (12, 24)),
    ("christmas day", (12, 25)),
    ("boxing day", (12, 26)),
    ("new year's eve", (12, 31)),
    ("new years eve", (12, 31)),
    ("new year's day", (1, 1)),
    ("new years day", (1, 1)),
    ("new year's", (1, 1)),
    ("valentine's day", (2, 14)),
    ("valentines day", (2, 14)),
    ("valentine's", (2, 14)),
    ("saint patrick's day", (3, 17)),
    ("halloween", (10, 31)),
    ("good friday", -2),
    ("easter saturday", -1),
    ("easter sunday", 0),
    ("easter monday", 1),
    ("heiligabend", (12, 24)),
    ("heilig abend", (12, 24)),
    ("heiligen abend", (12, 24)),
    ("ersten weihnachtsfeiertag", (12, 25)),
    ("erste weihnachtsfeiertag", (12, 25)),
    ("ersten weihnachtstag", (12, 25)),
    ("zweiten weihnachtsfeiertag", (12, 26)),
    ("zweite weihnachtsfeiertag", (12, 26)),
    ("zweiten weihnachtstag", (12, 26)),
    ("silvester", (12, 31)),
    ("sylvester", (12, 31)),
    ("neujahr", (1, 1)),
    ("neujahrstag", (1, 1)),
    ("nikolaus", (12, 6)),
    ("nikolaustag", (12, 6)),
    ("valentinstag", (2, 14)),
    ("tag der arbeit", (5, 1)),
    ("karfreitag", -2),
    ("ostersamstag", -1),
    ("ostersonntag", 0),
    ("ostermontag", 1),
    ("himmelfahrt", 39),
    ("pfingstsonntag", 49),
    ("pfingstmontag", 50),
)
_MARKS = frozenset("on the am an den der zu".split())
_DAYS = tuple((tuple(name.split()), day) for name, day in _NAMED)
_FIRST = frozenset(name[0] for name, _ in _DAYS)


def named(said: Sequence[Token], place: int, today: date, *, past: bool) -> tuple[int, date] | None:
    """The token behind a day that is named there, and that day: the next one, or the last one."""
    first = place + (said[place].word in _MARKS)  # "am zweiten Weihnachtsfeiertag"
    if word_at(said, first) not in _FIRST:
        return None
    for name, day in _DAYS:
        if words_at(said, first, *name):
            return first + len(name), _coming(day, today, past=past)
    return None


def _coming(day: tuple[int, int] | int, today: date, *, past: bool) -> date:
    years = (today.year, today.year - 1) if past else (today.year, today.year + 1)
    found = [
        date(year, *day) if isinstance(day, tuple) else easter_sunday(year) + timedelta(days=day) for year in years
    ]
    return next(one for one in found if (one <= today if past else one >= today))


def easter_sunday(year: int) -> date:
    """By the rule of the Gregorian calendar."""
    golden, century = year % 19, year // 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (year % 100 // 4) - moon - year % 100 % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    found = calendar.made(year, month, day + 1)
    assert found is not None
    return found
