"""All dates in one text, however they are said: each way to say one is a method that looks at one place."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from agents.brains.collecting import calendar, numerals
from agents.brains.collecting.base import Asking
from agents.brains.collecting.tokens import Token, word_at, words_at

_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_FIGURES = re.compile(
    r"(?<![\d.:/])(\d{1,2})([./])\s?(\d{1,2})(?:\2\s?(\d{4}|\d{2})|(?=\.)|(?![\d.:/])(?!\s*(?:uhr|am\b|pm\b)))", re.I
)
_NEAR = {
    "today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1, "heute": 0, "morgen": 1, "übermorgen": 2,
    "uebermorgen": 2, "gestern": -1, "vorgestern": -2, "tonite": 0, "overmorrow": 2,
}  # fmt: skip
_NEXT = frozenset("next nächste nächsten nächster nächstes naechsten naechste".split())
_COMING = frozenset("this coming kommenden kommende kommender diesen diese dieser diesem am on".split())
_OVERNEXT = frozenset("übernächste übernächsten übernächster".split())
_WEEK = frozenset({"week", "woche"})
_WEEKS = frozenset({"week", "weeks", "woche", "wochen", "fortnight"})
_DAYS = frozenset({"day", "days", "tag", "tagen", "tage"})
_MONTHS = frozenset({"month", "months", "monat", "monaten", "monate"})
_IN = frozenset({"in", "within"})
_NO_TOMORROW = frozenset("guten heute gestern am jeden nächsten good diesen".split())  # before "Morgen"
_MARKS = frozenset({"the", "am", "den", "der", "on", "dem", "zum"})
_NO_DAY = frozenset(
    "uhr o'clock am pm people personen leute euro euros pounds dollars percent % : o clock minutes minuten".split()
)
_Found = tuple[int, int, str]


class DateReader:
    """All dates in one text, as (first token, token behind, ISO date | "?one?two" | "part:…")."""

    def __init__(self, said: list[Token], text: str, asking: Asking, today: date) -> None:
        self.said = [
            Token(token.word.removesuffix("'s"), token.start, token.end)
            if token.word.removesuffix("'s") in calendar.WEEKDAYS
            else token
            for token in said
        ]
        self.text, self.asking, self.today = text, asking, today
        self.in_months: set[int] = set()  # first tokens of dates that are a day and a month
        self.german = asking.german
        self.past = asking.limits.get("when") == "past"
        self.span = asking.part.split("/") if "/" in asking.part else []
        self.with_year: set[int] = set()  # first tokens of dates whose year was said

    def all(self) -> Iterator[_Found]:
        place = 0
        figures = {one[0]: one for one in self._figures()}
        while place < len(self.said):
            found = figures.get(place) or self._at(place)
            if found:
                if found[2]:  # "" for the thirtieth of February
                    yield self._joined(found)
                place = found[1]
            else:
                place += 1

    def _at(self, place: int) -> _Found | None:
        for way in (self._near, self._in, self._week, self._weekday, self._day_month, self._bare):
            found = way(place)
            if found:
                return found
        return None

    def _joined(self, found: _Found) -> _Found:
        """ "Tuesday the third of May", "Tuesday, 3 May" are one date; where they differ, both are offered."""
        if (
            word_at(self.said, found[0]) not in calendar.WEEKDAYS
            and word_at(self.said, found[1] - 1) not in calendar.WEEKDAYS
        ):
            return found
        place = found[1]
        while word_at(self.said, place) in {",", "the", "der", "den", "dem", "on", "am", "."}:
            place += 1
        more = (
            next((one for one in self._figures() if one[0] == place), None)
            or self._day_month(place)
            or self._bare(place, sure=True)
        )
        if more is None or not more[2] or found[2][0] == "?" or not more[2][0].isdigit() or not found[2][0].isdigit():
            return found
        if date.fromisoformat(more[2]).weekday() == date.fromisoformat(found[2]).weekday():
            return found[0], more[1], more[2]
        return found[0], more[1], f"?{more[2]}?{found[2]}"

    # ── Ways to say a date ───────────────────────────────────────────────────────────────────────────────────

    def _near(self, place: int) -> _Found | None:
        said, word = self.said, word_at(self.said, place)
        if words_at(said, place, "day", "after", "tomorrow"):
            return place, place + 3, self._plus(2)
        if words_at(said, place, "a", "week", ("today", "tomorrow")) or words_at(
            said, place, "heute", "in", "einer", "woche"
        ):
            return (
                place,
                place + (3 if word == "a" else 4),
                self._plus(8 if word_at(said, place + 2) == "tomorrow" else 7),
            )
        if word == "morgen" and word_at(said, place + 1) == "in" and word_at(said, place + 2) == "einer":
            return place, place + 4, self._plus(8)
        if word == "this" and word_at(said, place + 1) in ("morning", "afternoon", "evening"):
            return place, place + 1, self._plus(0)
        if word not in _NEAR:
            return None
        if word == "morgen" and (
            word_at(said, place - 1) in _NO_TOMORROW or word_at(said, place - 1) in calendar.WEEKDAYS
        ):
            return None
        if (
            self.german != (word in ("heute", "morgen", "gestern", "übermorgen", "uebermorgen", "vorgestern"))
            and word == "morgen"
        ):
            return None
        return place, place + 1, self._plus(_NEAR[word])

    def _plus(self, days: int) -> str:
        return (self.today + timedelta(days=days)).isoformat()

    def _in(self, place: int) -> _Found | None:
        """ "in three days", "in two weeks", "three weeks from now"."""
        said, here = self.said, place
        leads = word_at(said, here) in _IN
        here += leads
        if word_at(said, here) in ("a", "an", "einem", "einer", "one"):
            count: tuple[int, int] | None = (1, here + 1)
        elif words_at(said, here, "couple", "of"):
            count = (2, here + 2)
        else:
            count = numerals.cardinal(said, here, self.german)
        if words_at(said, here, "a", "couple", "of"):
            count = (2, here + 3)
        if count is None or count[0] > 1000:
            return None
        unit, behind = word_at(said, count[1]), count[1] + 1
        if unit not in _DAYS | _WEEKS | _MONTHS:
            return None
        from_now = words_at(said, behind, "from", ("now", "today")) or words_at(said, behind, "ab", ("heute", "jetzt"))
        if unit in _WEEKS and words_at(said, behind, ("on", "from", "am"), tuple(calendar.WEEKDAYS)):
            weekday = calendar.WEEKDAYS[word_at(said, behind + 1)]  # "a week on Friday"
            day = calendar.coming(weekday, self.today) + timedelta(weeks=count[0])
            if leads:  # "in two weeks on Friday"
                monday = self.today + timedelta(weeks=count[0]) - timedelta(days=self.today.weekday())
                day = monday + timedelta(days=weekday)
            return place, behind + 2, day.isoformat()
        if not leads and not from_now:
            return None
        behind += 2 if from_now else 0
        if unit in _MONTHS:
            month = self.today.month - 1 + count[0]
            day_ = calendar.made(self.today.year + month // 12, month % 12 + 1, min(self.today.day, 28))
            return (place, behind, day_.isoformat()) if day_ else None
        days = count[0] * (14 if unit == "fortnight" else 7 if unit in _WEEKS else 1)
        return place, behind, self._plus(days)

    def _week(self, place: int) -> _Found | None:
        """ "next week", with the day before or behind it."""
        said = self.said
        word = word_at(said, place)
        if words_at(said, place, "week", "after", "next"):
            behind = place + 3 + words_at(said, place + 3, ("on", ","))
            if words_at(said, behind, tuple(calendar.WEEKDAYS)):
                return place, behind + 1, self._in_week(calendar.WEEKDAYS[said[behind].word], 2)
            return place, place + 3, self._span_of_week(2)
        if word_at(said, place + 1) not in _WEEK:
            if word in ("weekend", "wochenende"):
                saturday = calendar.coming(5, self.today, also_today=True)
                if word_at(said, place - 1) in _NEXT:
                    saturday = calendar.of_next_week(5, self.today)
                return place, place + 1, f"?{saturday.isoformat()}?{(saturday + timedelta(days=1)).isoformat()}"
            return None
        weeks = (
            1
            if word in _NEXT | {"kommende", "kommenden"}
            else 2
            if word in _OVERNEXT
            else 0
            if word in ("this", "diese", "dieser")
            else None
        )
        if weeks is None:
            return None
        behind = place + 2
        if words_at(said, behind, ("on", "am", ",")):
            behind += 1
        if words_at(said, behind, tuple(calendar.WEEKDAYS)):
            return place, behind + 1, self._in_week(calendar.WEEKDAYS[said[behind].word], weeks)
        return place, place + 2, self._span_of_week(weeks)

    def _span_of_week(self, weeks: int) -> str:
        monday = self.today - timedelta(days=self.today.weekday()) + timedelta(weeks=weeks)
        return f"part:{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"

    def _in_week(self, weekday: int, weeks: int) -> str:
        monday = self.today - timedelta(days=self.today.weekday())
        return (monday + timedelta(weeks=weeks, days=weekday)).isoformat()

    def _weekday(self, place: int) -> _Found | None:
        said, here = self.said, place
        modifier = ""
        if word_at(said, here) in _NEXT | _COMING | _OVERNEXT:
            modifier, here = word_at(said, here), here + 1
        if word_at(said, here) in _COMING | _NEXT and modifier in _COMING:  # "on next", "am kommenden"
            modifier, here = word_at(said, here), here + 1
        word = word_at(said, here)
        parts = re.fullmatch(r"(\w+tag|mittwoch|sonnabend)(?:morgen|vormittag|nachmittag|abend|früh|mittag)", word)
        word = parts[1] if parts else word
        if word not in calendar.WEEKDAYS:
            return None
        weekday, here = calendar.WEEKDAYS[word], here + 1
        if word_at(said, here) in ("next", "nächste", "kommende") and word_at(said, here + 1) in _WEEK:
            return place, here + 2, self._in_week(weekday, 1)
        if word_at(said, here) in _OVERNEXT and word_at(said, here + 1) in _WEEK:
            return place, here + 2, self._in_week(weekday, 2)
        if words_at(said, here, ("week",)) and modifier != "this":  # "Friday week"
            return place, here + 1, self._week_behind(weekday)
        if words_at(said, here, "in", ("einer", "a"), ("woche", "week")):
            return place, here + 3, self._week_behind(weekday)
        if words_at(said, here, ("in",)) and (count := numerals.cardinal(said, here + 1, self.german)):
            if word_at(said, count[1]) in _WEEKS and count[0] < 60:  # "Wednesday in two weeks"
                day = calendar.coming(weekday, self.today) + timedelta(weeks=count[0])
                return place, count[1] + 1, day.isoformat()
        if words_at(said, here, "after", "next"):
            return place, here + 2, self._in_week(weekday, 2)
        if word_at(said, here) in ("after", "danach", "darauf") and not numerals.cardinal(said, here + 1, self.german):
            return place, here + 1, self._week_behind(weekday)  # "not this Friday, the Friday after"
        if behind := self._after_next(here):
            return place, behind, self._in_week(weekday, 2)
        if len(self.span) == 2 and modifier not in _NEXT:
            day = calendar.coming(weekday, date.fromisoformat(self.span[0]), also_today=True)
            if day > self.today:
                return place, here, day.isoformat()
        if modifier in _OVERNEXT:
            return place, here, (calendar.coming(weekday, self.today) + timedelta(weeks=1)).isoformat()
        if modifier == "next":
            return place, here, calendar.of_next_week(weekday, self.today).isoformat()
        if self.past:
            return place, here, (calendar.coming(weekday, self.today) - timedelta(weeks=1)).isoformat()
        return place, here, calendar.coming(weekday, self.today).isoformat()

    def _week_behind(self, weekday: int) -> str:
        """A week behind the coming one."""
        return (calendar.coming(weekday, self.today) + timedelta(weeks=1)).isoformat()

    def _after_next(self, place: int) -> int:
        """The token behind "(of, in) the week after next"; 0 where that is not said."""
        here = place
        while word_at(self.said, here) in {",", "of", "in", "the"}:
            here += 1
        return here + 3 if words_at(self.said, here, "week", "after", "next") else 0

    def _day_month(self, place: int) -> _Found | None:
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
        if month:
            return self._dated(place, day[0], month, behind + 1)
        if not self.german and behind > day[1]:  # "the third of the fifth"
            behind += word_at(said, behind) == "the"
        second = numerals.ordinal(said, behind, self.german) if self.german or behind > day[1] else None
        if second and second[0] <= 12:
            if word_at(said, here).isdecimal() or numerals.ordinal(said, here, self.german):  # "am dritten fünften"
                return self._dated(place, day[0], second[0], second[1])
        return self._in_numbers(place, here)

    def _in_numbers(self, place: int, here: int) -> _Found | None:
        """ "fourteen three eighty-two": nothing but day, month and year, where a day long ago was asked for."""
        if not (self.past and self.asking.asked):
            return None
        day = numerals.small(self.said, here, self.german)
        month = numerals.small(self.said, day[1], self.german) if day else None
        year, behind = self.year(month[1]) if month else (0, here)
        if not day or not month or not year or not 1 <= month[0] <= 12 or any(t.is_number for t in self.said[behind:]):
            return None
        return self._dated(place, day[0], month[0], month[1])

    def _month(self, place: int) -> int:
        return calendar.MONTHS.get(word_at(self.said, place), 0)

    def _day(self, place: int, *, bare: bool) -> tuple[int, int] | None:
        found = numerals.ordinal(self.said, place, self.german)
        if not found and bare:
            found = numerals.small(self.said, place, self.german)
        return found if found and 1 <= found[0] <= 31 else None

    def _dated(self, place: int, day: int, month: int, behind: int) -> _Found | None:
        year, behind = self.year(behind)
        self.in_months.add(place)
        if year:
            self.with_year.add(place)
        found = calendar.made(year, month, day) if year else calendar.in_year(day, month, self.today, past=self.past)
        return place, behind, found.isoformat() if found else ""

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

    def _whole_month(self, place: int, here: int, month: int) -> _Found | None:
        first = calendar.in_year(1, month, self.today.replace(day=1), past=self.past)
        if first is None:
            return None
        last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return place, here + 1, f"part:{first.isoformat()}/{last.isoformat()}"

    def _bare(self, place: int, *, sure: bool = False) -> _Found | None:
        """ "the 15th", "am fünfzehnten"; a plain "15" only where a date was asked for and nothing else is said."""
        said, here = self.said, place
        marked = word_at(said, here) in _MARKS
        here += marked
        found = numerals.ordinal(said, here, self.german)
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

    def _figures(self) -> Iterator[_Found]:
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

    def _placed(self, match: re.Match[str], value: str) -> Iterator[_Found]:
        """A stretch of the text as its tokens."""
        places = [n for n, token in enumerate(self.said) if match.start() <= token.start < match.end()]
        if places and re.search(r"\d{4}|\d\D+\d+\D+\d", match[0]):
            self.with_year.add(places[0])
        if places and value:
            yield places[0], places[-1] + 1, value
