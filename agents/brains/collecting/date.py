"""Dates: "tomorrow", "next Tuesday", "the third of May", "in zwei Wochen", "am 24.12.". Always of the caller's calendar:
today is passed in. What has two readings is asked ("which"), what lacks its day is kept until it comes ("part").
"""

import re
from datetime import date, timedelta

from agents.brains.collecting import calendar
from agents.brains.collecting.base import NOTHING, Asking, Heard
from agents.brains.collecting.date_reader import DateReader
from agents.brains.collecting.tokens import Token, best, clean, tokens, word_at
from agents.speech.words import words

_AFTER, _UNTIL = frozenset({"after", "nach", "ab"}), frozenset({"before", "vor"})
_BIRTH = re.compile(r"birth|born|geburt|geboren", re.IGNORECASE)
_ARRIVES = re.compile(r"\b(?:anreis|ankunft|ankomm|beginn|start|einzug|einzieh)", re.IGNORECASE)
_PAST = frozenset("last letzten letzte letzter vergangenen since seit was war".split())
_OPEN_END_DAYS = 14


def read(text: str, asking: Asking) -> Heard:
    text = clean(text)
    said, today = tokens(text, asking.german), asking.now.date()
    is_birth = bool(_BIRTH.search(asking.about)) and asking.limits.get("when") == "past"
    if is_birth and asking.part.startswith("--") and (day := _in_its_year(said, text, asking)):
        return Heard(day.isoformat(), 0, len(text))
    reader = DateReader(said, text, asking, today)
    every = list(reader.all())
    if asking.asked and (either := _either(every, said)):
        return Heard(problem="which", options=either, start=said[every[0][0]].start, end=said[every[1][1] - 1].end)
    found = best(every, said)
    if found is None:
        return NOTHING
    first, behind, value = found
    start, end = said[first].start, said[behind - 1].end
    if value.startswith("?"):
        return Heard(problem="which", options=tuple(value[1:].split("?")), start=start, end=end)
    if value.startswith("part:"):
        return Heard(problem="part", part=value[5:], start=start, end=end)
    day = date.fromisoformat(value)
    if is_birth and not asking.asked and first not in reader.with_year:
        return NOTHING  # "the seventeenth" in passing is nobody's date of birth
    if reader.past and not asking.asked and not asking.part and not _told_of_the_past(said, first):
        return NOTHING  # "on Wednesday" in passing may as well be the next one
    if is_birth and first not in reader.with_year | reader.in_months:
        return NOTHING  # nobody is born on "Thursday"
    if is_birth and first not in reader.with_year:
        return Heard(problem="part", part=f"--{value[5:]}", start=start, end=end)
    if asking.asked and not reader.past and (span := _from_or_to(day, said, first, asking)):
        return Heard(problem="part", part=span, start=start, end=end)
    problem = _outside(day, today, asking)
    if problem == "future" and not asking.asked:
        return NOTHING  # another day was spoken of
    return Heard(problem=problem, start=start, end=end, part=value) if problem else Heard(value, start, end)  # type: ignore[arg-type]


def _told_of_the_past(said: list[Token], first: int) -> bool:
    """A weekday is the last one only where that is said."""
    place = first + (said[first].word in ("on", "am", "diesen", "this"))
    if word_at(said, place) not in calendar.WEEKDAYS:
        return True
    return any(token.word in _PAST for token in said[max(0, first - 2) : place])


def _in_its_year(said: list[Token], text: str, asking: Asking) -> date | None:
    """The year of a birthday that was told without it."""
    reader = DateReader(said, text, asking, asking.now.date())
    for place in range(len(said)):
        year, _ = reader.year(place)
        if year and year <= reader.today.year:
            return calendar.made(year, int(asking.part[2:4]), int(asking.part[5:7]))
    return None


def _either(found: list[tuple[int, int, str]], said: list[Token]) -> tuple[str, ...]:
    """ "Tomorrow or Wednesday": both, where nothing else stands between them."""
    between = [token.word for token in said[found[0][1] : found[1][0]]] if len(found) == 2 else []
    if between[:1] not in (["or"], ["oder"]) or set(between[1:]) - {"on", "the", "am", "den"}:
        return ()
    return tuple(one[2] for one in found) if all(one[2][:1].isdigit() for one in found) else ()


def _from_or_to(day: date, said: list[Token], first: int, asking: Asking) -> str:
    """The span of "any day after the fifteenth"; "" where the day itself is meant: "Ab wann?" – "ab Montag"."""
    today, place = asking.now.date(), first - 1
    while word_at(said, place) in {"the", "dem", "den", "zum"} and place > 0:
        place -= 1
    word = word_at(said, place) if place >= 0 else ""
    if word in words(asking.about) or (word == "ab" and _ARRIVES.search(asking.about)):
        return ""
    if word in _AFTER:
        return (
            f"{(day + timedelta(days=word != 'ab')).isoformat()}/{(day + timedelta(days=_OPEN_END_DAYS)).isoformat()}"
        )
    return f"{today.isoformat()}/{(day - timedelta(days=1)).isoformat()}" if word in _UNTIL and day > today else ""


def _outside(day: date, today: date, asking: Asking) -> str:
    when, days = asking.limits.get("when", "future"), asking.limits.get("days")
    if when == "future" and day < today:
        return "past"
    if when == "past" and day > today:
        return "future"
    if days and day.weekday() not in days:
        return "closed"
    most = asking.limits.get("ahead")
    return "most" if most and day > today + timedelta(days=int(most)) else ""


def say(value: str, german: bool = False) -> str:
    """ "Tuesday, 3 May"."""
    day = date.fromisoformat(value)
    if german:
        return f"{calendar.DAY_NAMES_DE[day.weekday()]}, {day.day}. {calendar.MONTH_NAMES_DE[day.month - 1]}"
    return f"{calendar.DAY_NAMES[day.weekday()]}, {day.day} {calendar.MONTH_NAMES[day.month - 1]}"
