"""Days and months by their names, and the arithmetic of "next Tuesday" and "the third of May"."""

from datetime import date, timedelta

WEEKDAYS = {
    word: n
    for n, names in enumerate(
        (
            "monday mon montag montags",
            "tuesday tues tue dienstag dienstags",
            "wednesday wed wednsday mittwoch mittwochs",
            "thursday thurs thur thu donnerstag donnerstags",
            "friday fri freitag freitags",
            "saturday samstag sonnabend samstags",
            "sunday sonntag sonntags",
        )
    )
    for word in names.split()
}
MONTHS = {
    word: n
    for n, names in enumerate(
        (
            "january jan januar jänner",
            "february feb februar feber",
            "march mar märz maerz",
            "april apr",
            "may mai",
            "june jun juni juno",
            "july jul juli julei",
            "august aug",
            "september sept sep",
            "october oct oktober okt",
            "november nov",
            "december dec dezember dez",
        ),
        1,
    )
    for word in names.split()
}
DAY_NAMES = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
DAY_NAMES_DE = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split()
MONTH_NAMES = "January February March April May June July August September October November December".split()
MONTH_NAMES_DE = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
_YEARS_AHEAD = 8  # until there is a 29 February again


def coming(weekday: int, today: date, *, also_today: bool = False) -> date:
    """The next day of that name."""
    days = (weekday - today.weekday()) % 7
    return today + timedelta(days=days if days or also_today else 7)


def of_next_week(weekday: int, today: date) -> date:
    """The day of that name in the week after this one; weeks begin on Monday."""
    return today + timedelta(days=7 - today.weekday() + weekday)


def in_year(day: int, month: int, today: date, *, past: bool) -> date | None:
    """The next day and month like that, or the last one; None where there is none."""
    years = range(today.year + past * 0, today.year + _YEARS_AHEAD + 1)
    if past:
        years = range(today.year, today.year - _YEARS_AHEAD - 1, -1)
    for year in years:
        found = made(year, month, day)
        if found and (found <= today if past else found >= today):
            return found
    return None


def of_month(day: int, today: date, *, past: bool) -> date | None:
    """The next (or last) day of a month with that number."""
    year, month = today.year, today.month
    for _ in range(13):
        found = made(year, month, day)
        if found and (found <= today if past else found >= today):
            return found
        month += -1 if past else 1
        year, month = (year - 1, 12) if month == 0 else (year + 1, 1) if month == 13 else (year, month)
    return None


def made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
