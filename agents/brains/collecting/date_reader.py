"""All dates in one text, however they are said: each way to say one is a method that looks at one place."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from agents.brains.collecting import calendar, holidays
from agents.brains.collecting.calendar_dates import CalendarDates
from agents.brains.collecting.date_text import Found
from agents.brains.collecting.months import MonthDates
from agents.brains.collecting.near_dates import NearDates
from agents.brains.collecting.tokens import word_at


class DateReader(NearDates, MonthDates, CalendarDates):
    """All dates in one text."""

    def all(self) -> Iterator[Found]:
        place, part = 0, None
        while place < len(self.said):
            found = self._in_figures.get(place) or self._at(place)
            if found:
                place = found[1]
                if part and not self._is_within(found):
                    yield part
                part = None
                if found[2].startswith("part:"):  # "the start of January, say the second"
                    part, self.span = found, found[2][5:].split("/")
                elif found[2]:  # "" for the thirtieth of February
                    yield self._joined(found)
            else:
                place += 1
        if part:
            yield part

    def _is_within(self, found: Found) -> bool:
        """Is it a day of the span that was spoken of before it?"""
        return len(self.span) == 2 and self.span[0] <= found[2] <= self.span[1]

    @cached_property
    def _in_figures(self) -> dict[int, Found]:
        return {one[0]: one for one in self._figures()}

    def _holiday(self, place: int) -> Found | None:
        found = holidays.named(self.said, place, self.today, past=self.past)
        return (place, found[0], found[1].isoformat()) if found else None

    def _at(self, place: int) -> Found | None:
        for way in (
            *(self._holiday, self._near, self._ago, self._in, self._part_of_month, self._counted_weekday),
            *(self._week, self._weekday, self._day_month, self._bare),
        ):
            found = way(place)
            if found:
                return found
        return None

    def _joined(self, found: Found) -> Found:
        """ "Tuesday the third of May", "Tuesday, 3 May" are one date; where they differ, both are offered."""
        if (
            word_at(self.said, found[0]) not in calendar.WEEKDAYS
            and word_at(self.said, found[1] - 1) not in calendar.WEEKDAYS
        ):
            return found
        place = found[1]
        while word_at(self.said, place) in {",", "the", "der", "den", "dem", "on", "am", "."}:
            place += 1
        more = self._in_figures.get(place) or self._day_month(place) or self._bare(place, sure=True)
        if more is None or not more[2] or found[2][0] == "?" or not more[2][0].isdigit() or not found[2][0].isdigit():
            return found
        if date.fromisoformat(more[2]).weekday() == date.fromisoformat(found[2]).weekday():
            return found[0], more[1], more[2]
        return found[0], more[1], f"?{more[2]}?{found[2]}"
