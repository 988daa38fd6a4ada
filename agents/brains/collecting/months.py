"""Parts of months, and weekdays counted in them: "the end of January", "Mitte März", "the last Saturday in May"."""

from datetime import date, timedelta

from agents.brains.collecting import calendar
from agents.brains.collecting.date_text import DateText, Found
from agents.brains.collecting.tokens import word_at, words_at

_PARTS = {
    "start": (1, 10), "beginning": (1, 10), "early": (1, 10), "anfang": (1, 10), "mid": (11, 20), "middle": (11, 20),
    "mitte": (11, 20), "end": (21, 31), "late": (21, 31), "ende": (21, 31),
}  # fmt: skip
_LAST = frozenset("last letzten letzter letzte".split())
_JOINS = frozenset("of in im the des dem vom".split())
_MARKS = frozenset("the am den der on an".split())
_MONTH = frozenset("month monats monat".split())


class MonthDates(DateText):
    def _part_of_month(self, place: int) -> Found | None:
        part = _PARTS.get(word_at(self.said, place))
        month = self._behind_joins(place + 1) if part else None
        if not part or not month:
            return None
        first, last = self._first_of(month[0]), self._last_of(month[0])
        if last < self.today.replace(day=min(part[0], last.day)) and not self.past:
            first, last = self._first_of(month[0], years=1), self._last_of(month[0], years=1)
        start = first.replace(day=part[0])
        end = min(first.replace(day=min(part[1], last.day)), last)
        return place, month[1], f"part:{start.isoformat()}/{end.isoformat()}"

    def _counted_weekday(self, place: int) -> Found | None:
        """ "The last Saturday in January", "am ersten Montag im Februar"."""
        first = place + (word_at(self.said, place) in _MARKS)
        ordinal = self._ordinal(first)
        is_last = word_at(self.said, first) in _LAST
        here = first + 1 if is_last else ordinal[1] if ordinal and ordinal[0] <= 5 else 0
        if is_last and word_at(self.said, here) in ("day", "tag") and (month := self._behind_joins(here + 1)):
            return place, month[1], self._last_of(month[0]).isoformat()
        weekday = calendar.WEEKDAYS.get(word_at(self.said, here)) if here else None
        month = self._behind_joins(here + 1) if weekday is not None else None
        if weekday is None or not month or word_at(self.said, here + 1) not in _JOINS:
            return None
        for years in (0, 1):
            day = self._nth(weekday, 0 if is_last or not ordinal else ordinal[0], month[0], years)
            if day and (day >= self.today or self.past):
                return place, month[1], day.isoformat()
        return None

    def _nth(self, weekday: int, number: int, month: int, years: int) -> date | None:
        """`number`: 0 for the last one."""
        if not number:
            last = self._last_of(month, years=years)
            return last - timedelta(days=(last.weekday() - weekday) % 7)
        first = self._first_of(month, years=years)
        day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
        return day if day.month == first.month else None

    def _behind_joins(self, place: int) -> tuple[int, int] | None:
        """A month behind "of", "in the", and the token behind it; "the month" is this one, "next month" the next."""
        here = place
        while word_at(self.said, here) in _JOINS and here < place + 2:
            here += 1
        if month := calendar.MONTHS.get(word_at(self.said, here)):
            return month, here + 1
        if words_at(self.said, here, ("next", "nächsten", "kommenden"), _MONTH):
            return self.today.month % 12 + 1, here + 2
        here += word_at(self.said, here) in ("this", "diesen", "dieses")
        return (self.today.month, here + 1) if word_at(self.said, here) in _MONTH else None

    def _first_of(self, month: int, *, years: int = 0) -> date:
        """Of the month that is coming, or that it is."""
        ahead = month < self.today.month and not self.past
        return date(self.today.year + ahead + years, month, 1)

    def _last_of(self, month: int, *, years: int = 0) -> date:
        first = self._first_of(month, years=years)
        return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
