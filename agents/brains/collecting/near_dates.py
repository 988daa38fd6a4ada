"""Dates that are told from today: "tomorrow", "in three days", "next week on Friday", "Tuesday"."""

import re
from datetime import date, timedelta

from agents.brains.collecting import calendar, numerals
from agents.brains.collecting.date_text import DateText, Found
from agents.brains.collecting.tokens import word_at, words_at

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
_NOTHING_MORE = frozenset({"", ",", ".", "!", "that", "then", "dann"})  # "Wednesday after work" is no week later
_COUNT_MOST = 1_000
_LAST = frozenset("last letzten letzte letzter vergangenen".split())
_NO_TOMORROW = frozenset("guten heute gestern am jeden nächsten good diesen".split())  # before "Morgen"


class NearDates(DateText):
    def _near(self, place: int) -> Found | None:
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
        if word in ("heute", "morgen") and words_at(said, place + 1, "in", "einer", "woche"):
            return place, place + 4, self._plus(8)
        if word in ("heute", "morgen") and (ahead := self._in(place + 1)):  # "heute in vierzehn Tagen"
            day = date.fromisoformat(ahead[2]) + timedelta(days=word == "morgen")
            return place, ahead[1], day.isoformat()
        if word == "this" and word_at(said, place + 1) in ("morning", "afternoon", "evening"):
            return place, place + 1, self._plus(0)
        if words_at(said, place, ("last", "letzte"), ("night", "nacht")):
            return place, place + 2, self._plus(-1)
        if words_at(said, place, "day", "before", "yesterday"):
            return place, place + 3, self._plus(-2)
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

    def _ago(self, place: int) -> Found | None:
        """ "three days ago", "vor zwei Wochen"."""
        leads = word_at(self.said, place) == "vor"
        count = self._count(place + leads)
        unit, behind = (word_at(self.said, count[1]), count[1] + 1) if count else ("", place)
        if count is None or unit not in _DAYS | _WEEKS or not (leads or word_at(self.said, behind) == "ago"):
            return None
        days = count[0] * (14 if unit == "fortnight" else 7 if unit in _WEEKS else 1)
        return place, behind + (not leads), self._plus(-days)

    def _count(self, place: int) -> tuple[int, int] | None:
        """How many of something, up to what fits a calendar, and the token behind."""
        said = self.said
        if word_at(said, place) in ("a", "an", "einem", "einer", "one") and word_at(said, place + 1) != "couple":
            return 1, place + 1
        here = place + (word_at(said, place) == "a")
        if word_at(said, here) == "couple":
            return 2, here + 1 + (word_at(said, here + 1) == "of")
        count = numerals.cardinal(said, place, self.german)
        return count if count and count[0] <= _COUNT_MOST else None

    def _in(self, place: int) -> Found | None:
        """ "in three days", "in two weeks", "three weeks from now"."""
        said, here = self.said, place
        leads = word_at(said, here) in _IN
        count = self._count(here + leads)
        if count is None:
            return None
        unit, behind = word_at(said, count[1]), count[1] + 1
        if unit not in _DAYS | _WEEKS | _MONTHS:
            return None
        from_now = words_at(said, behind, "from", ("now", "today")) or words_at(said, behind, "ab", ("heute", "jetzt"))
        if unit in _WEEKS and word_at(said, behind) in ("today", "tomorrow") and count[0] < 60:  # "two weeks today"
            days = count[0] * (14 if unit == "fortnight" else 7) + (said[behind].word == "tomorrow")
            return place, behind + 1, self._plus(days)
        lasts = word_at(said, place - 1) == "for" and word_at(said, behind) == "from"  # "for a week from Saturday"
        if unit in _WEEKS and not lasts and words_at(said, behind, ("on", "from", "am"), tuple(calendar.WEEKDAYS)):
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

    def _week(self, place: int) -> Found | None:
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

    def _weekday(self, place: int) -> Found | None:
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
        if word_at(said, here) in ("after", "danach", "darauf") and word_at(said, here + 1) in _NOTHING_MORE:
            return place, here + 1, self._week_behind(weekday)  # "not this Friday, the Friday after"
        if behind := self._after_next(here):
            return place, behind, self._in_week(weekday, 2)
        if len(self.span) == 2 and modifier not in _NEXT:
            day = calendar.coming(weekday, date.fromisoformat(self.span[0]), also_today=True)
            if (day <= self.today) == self.past:
                return place, here, day.isoformat()
        if modifier in _OVERNEXT:
            return place, here, (calendar.coming(weekday, self.today) + timedelta(weeks=1)).isoformat()
        if modifier == "next":
            return place, here, calendar.of_next_week(weekday, self.today).isoformat()
        if self.past:
            was = calendar.coming(weekday, self.today, also_today=word_at(said, place - 1) in _LAST)
            return place, here, (was - timedelta(weeks=1)).isoformat()
        return place, here, calendar.coming(weekday, self.today).isoformat()

    def _after_next(self, place: int) -> int:
        """The token behind "(of, in) the week after next"; 0 where that is not said."""
        here = place
        while word_at(self.said, here) in {",", "of", "in", "the"}:
            here += 1
        return here + 3 if words_at(self.said, here, "week", "after", "next") else 0
