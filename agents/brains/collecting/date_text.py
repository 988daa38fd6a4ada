"""A text in which dates are looked for, the calendar around it, and what all ways to say a date have in common."""

from datetime import date, timedelta

from agents.brains.collecting import calendar, numerals
from agents.brains.collecting.base import Asking
from agents.brains.collecting.tokens import Token, word_at

Found = tuple[int, int, str]  # first token, token behind, ISO date | "?one?two" | "part:…"; "" for what no calendar has


class DateText:
    def __init__(self, said: list[Token], text: str, asking: Asking, today: date) -> None:
        self.said = [_without_ending(token, plural=asking.asked) for token in said]
        self.text, self.asking, self.today = text, asking, today
        self._ordinals: dict[int, tuple[int, int] | None] = {}
        self.in_months: set[int] = set()  # first tokens of dates that are a day and a month
        self.german = asking.german
        self.past = asking.limits.get("when") == "past"
        self.span = asking.part.split("/") if "/" in asking.part else []
        self.with_year: set[int] = set()  # first tokens of dates whose year was said

    def _ordinal(self, place: int) -> tuple[int, int] | None:
        """The ordinal at a place, and the token behind it; each way to say a date asks for it."""
        if place not in self._ordinals:
            self._ordinals[place] = numerals.ordinal(self.said, place, self.german)
        return self._ordinals[place]

    def _plus(self, days: int) -> str:
        return (self.today + timedelta(days=days)).isoformat()

    def _span_of_week(self, weeks: int) -> str:
        monday = self.today - timedelta(days=self.today.weekday()) + timedelta(weeks=weeks)
        return f"part:{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"

    def _in_week(self, weekday: int, weeks: int) -> str:
        monday = self.today - timedelta(days=self.today.weekday())
        return (monday + timedelta(weeks=weeks, days=weekday)).isoformat()

    def _week_behind(self, weekday: int) -> str:
        """A week behind the coming one."""
        return (calendar.coming(weekday, self.today) + timedelta(weeks=1)).isoformat()

    def _month(self, place: int) -> int:
        return calendar.MONTHS.get(word_at(self.said, place), 0)

    def _day(self, place: int, *, bare: bool) -> tuple[int, int] | None:
        found = self._ordinal(place)
        if not found and bare:
            found = numerals.small(self.said, place, self.german)
        return found if found and 1 <= found[0] <= 31 else None

    def year(self, place: int) -> tuple[int, int]:
        here = place + (word_at(self.said, place) == ",")
        word = word_at(self.said, here)
        if word.isdecimal() and len(word) == 4 and 1900 <= int(word) <= 2100:
            return int(word), here + 1
        if word.isdecimal():
            return (self._of_century(int(word)), here + 1) if self.past and len(word) == 2 else (0, place)
        found = numerals.cardinal(self.said, here, self.german)
        if found and 1900 <= found[0] <= 2100:
            return found[0], found[1]
        if found and found[0] in (19, 20) and not self.german:
            rest = numerals.small(self.said, found[1], False)
            if rest and rest[0] >= 10:
                return found[0] * 100 + rest[0], rest[1]
        if found and self.past and 10 <= found[0] <= 99:
            return self._of_century(found[0]), found[1]
        return 0, place

    def _of_century(self, year: int) -> int:
        """The latest year that ends like that."""
        century = self.today.year // 100 * 100
        return century + year if century + year <= self.today.year else century - 100 + year


def _without_ending(token: Token, *, plural: bool) -> Token:
    """ "Tuesday's better", and where a day was asked for "Tuesdays are best"."""
    bare = token.word.removesuffix("'s")
    if plural and bare.endswith("days"):
        bare = bare.removesuffix("s")
    return Token(bare, token.start, token.end) if bare in calendar.WEEKDAYS else token
