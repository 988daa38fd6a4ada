"""Dates of the calendar: "the third of May", "the 15th", "24.12.", "fourteen three eighty-two"."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from agents.brains.collecting import calendar, numerals
from agents.brains.collecting.date_text import DateText, Found
from agents.brains.collecting.tokens import word_at, words_at

_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_FIGURES = re.compile(
    r"(?<![\d.:/])(\d{1,2})([./])\s?(\d{1,2})(?:\2\s?(\d{4}|\d{2})|(?=\.)|(?![\d.:/])(?!\s*(?:uhr|am\b|pm\b)))", re.I
)
_YEAR_TOKENS_MOST = 5  # "two thousand and twenty-one"
_MARKS = frozenset({"the", "am", "den", "der", "on", "dem", "zum", "vom"})
_NO_DAY = frozenset(
    "uhr o'clock am pm people personen leute euro euros pounds dollars percent % : o clock minutes minuten".split()
)


class CalendarDates(DateText):
    def _day_month(self, place: int) -> Found | None:
        said, here = self.said, place
        if word_at(said, here) in _MARKS and word_at(said, here) not in calendar.MONTHS:
            here += 1
        month = self._month(here)
        if month:  # "May the third"
            behind = here + 1 + (word_at(said, here + 1) == "the") + (word_at(said, here + 1) == ".")
            day = self._day(behind, bare=True)
            if day and word_at(said, day[1]) not in (":", "am", "pm", "o'clock"):
                return self._dated(place, day[0], month, day[1])
            if (
                word_at(said, place - 1) == "in"
                or word_at(said, here) in ("januar",)
                or (self.asking.asked and len(said) <= 2)
            ):
                return self._whole_month(place, here, month)
            return None
        day = self._day(here, bare=True)
        if day is None:
            return None
        behind = day[1]
        behind += word_at(said, behind) in ("of", "day", ",")
        behind += word_at(said, behind) == "of"
        month = self._month(behind)
        if month and word_at(said, behind - 1) == "," and words_at(said, behind + 1, "the"):
            return None  # "two thousand and one, June the ninth"
        if month:
            return self._dated(place, day[0], month, behind + 1)
        if not self.german and behind > day[1]:  # "the third of the fifth"
            behind += word_at(said, behind) == "the"
        second = self._ordinal(behind) if self.german or behind > day[1] else None
        if second and second[0] <= 12:
            if word_at(said, here).isdecimal() or self._ordinal(here):  # "am dritten fünften"
                return self._dated(place, day[0], second[0], second[1])
        return self._in_numbers(place, here)

    def _in_numbers(self, place: int, here: int) -> Found | None:
        """ "fourteen three eighty-two": nothing but day, month and year, where a day long ago was asked for."""
        if not (self.past and self.asking.asked):
            return None
        day = self._day(here, bare=True)
        month = self._day(day[1], bare=True) if day else None
        year, behind = self.year(month[1]) if month else (0, here)
        if not day or not month or not year or not 1 <= month[0] <= 12 or any(t.is_number for t in self.said[behind:]):
            return None
        return self._dated(place, day[0], month[0], month[1])

    def _dated(self, place: int, day: int, month: int, behind: int) -> Found | None:
        year, behind = self.year(behind)
        if not year and self.past:
            year, place = self._year_before(place)
        self.in_months.add(place)
        if year:
            self.with_year.add(place)
        found = calendar.made(year, month, day) if year else calendar.in_year(day, month, self.today, past=self.past)
        return place, behind, found.isoformat() if found else ""

    def _year_before(self, place: int) -> tuple[int, int]:
        """The year of "two thousand and one, June the ninth", and where it begins; 0 and the place where none is."""
        end = place - (word_at(self.said, place - 1) == ",")
        for start in range(max(0, end - _YEAR_TOKENS_MOST), end):
            year, behind = self.year(start)
            if year and behind == end:
                return year, start
        return 0, place

    def _whole_month(self, place: int, here: int, month: int) -> Found | None:
        first = calendar.in_year(1, month, self.today.replace(day=1), past=self.past)
        if first is None:
            return None
        last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return place, here + 1, f"part:{first.isoformat()}/{last.isoformat()}"

    def _bare(self, place: int, *, sure: bool = False) -> Found | None:
        """ "the 15th", "am fünfzehnten"; a plain "15" only where a date was asked for and nothing else is said."""
        said, here = self.said, place
        marked = word_at(said, here) in _MARKS
        here += marked
        found = self._ordinal(here)
        alone = self.asking.asked and len(said) <= 2 + marked
        if found is None and alone and (number := numerals.small(said, here, self.german)):
            found = number if number[1] >= len(said) else None
        if found is None or not 1 <= found[0] <= 31:
            return None
        if word_at(said, found[1]) in _NO_DAY or (
            word_at(said, here) in ("second", "erste", "ersten") and not (marked and self.asking.asked)
        ):
            return None
        if not (marked or sure or alone or word_at(said, here).isdecimal() or self.asking.asked):
            return None
        if word_at(said, found[1]) in ("one", "time", "mal", "option", "floor", "stock"):
            return None
        if len(self.span) == 2:
            day = calendar.of_month(found[0], date.fromisoformat(self.span[0]), past=False)
        else:
            day = calendar.of_month(found[0], self.today, past=self.past)
        return (place, found[1], day.isoformat()) if day else None

    def _figures(self) -> Iterator[Found]:
        for match in _ISO.finditer(self.text):
            day = calendar.made(int(match[1]), int(match[2]), int(match[3]))
            if day:
                yield from self._placed(match, day.isoformat())
        for match in _FIGURES.finditer(self.text):
            if match[2] == "." and not (self.german or match[4]):
                continue
            yield from self._placed(match, self._of_figures(match))

    def _of_figures(self, match: re.Match[str]) -> str:
        year = int(match[4]) + (2000 if len(match[4]) == 2 else 0) if match[4] else 0

        def made(day: int, month: int) -> date | None:
            return calendar.made(year, month, day) if year else calendar.in_year(day, month, self.today, past=self.past)

        first, second = made(int(match[1]), int(match[3])), made(int(match[3]), int(match[1]))
        if match[2] == "." or self.german or self.asking.language.lower() not in ("en", "en-us"):
            return first.isoformat() if first else ""
        if self.asking.language.lower() == "en-us":
            return second.isoformat() if second else ""
        if first and second and first != second:
            return f"?{first.isoformat()}?{second.isoformat()}"
        found = first or second
        return found.isoformat() if found else ""

    def _placed(self, match: re.Match[str], value: str) -> Iterator[Found]:
        """A stretch of the text as its tokens."""
        places = [n for n, token in enumerate(self.said) if match.start() <= token.start < match.end()]
        if places and re.search(r"\d{4}|\d\D+\d+\D+\d", match[0]):
            self.with_year.add(places[0])
        if places and value:
            yield places[0], places[-1] + 1, value
