"""Bars of Home's charts: zero-based, each labelled with its number, in a box of 418 by 130."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

OPENING_HOURS = (8, 18)  # the least that the chart of a day shows
WIDTH, FLOOR, HEIGHT = 418, 104, 80
LABELS_MOST = 14  # more would run into each other
NUMBERS_MOST = 16  # bars that have room for a number above them


def of_day(hours: dict[int, int], now: datetime) -> dict[str, Any]:
    """A day's calls by hour, at least the opening hours wide."""
    first, last = min([OPENING_HOURS[0], *hours]), max([OPENING_HOURS[1], now.hour, *hours])
    busiest = max(hours, key=lambda hour: hours[hour])
    said = _("Calls by hour today. Most calls, %(n)d, came between %(from)d and %(to)d o’clock.")
    label = said % {"n": hours[busiest], "from": busiest, "to": busiest + 1}
    return {"bars": _bars([(str(hour), hours.get(hour, 0)) for hour in range(first, last + 1)]), "label": label}


def of_days(counts: dict[date, int], days: int, today: date) -> dict[str, Any]:
    """The calls of so many days up to today."""
    shown = [today - timedelta(days=days - 1 - place) for place in range(days)]
    busiest = max(counts, key=lambda day: counts[day])
    said = _("Calls by day. Most calls, %(n)d, came on %(day)s.")
    label = said % {"n": counts[busiest], "day": date_format(busiest, _("j F"))}
    return {"bars": _bars([(str(day.day), counts.get(day, 0)) for day in shown]), "label": label}


def _bars(columns: list[tuple[str, int]]) -> list[dict[str, Any]]:
    most = max(count for _label, count in columns)
    step = WIDTH / len(columns)
    every = -(-len(columns) // LABELS_MOST)
    return [
        {
            "x": round((place + 0.5) * step - 4, 1),
            "middle": round((place + 0.5) * step, 1),
            "label": label if place % every == 0 else "",
            "count": count,
            "number": count if len(columns) <= NUMBERS_MOST or count == most else "",
            "height": round(count / most * HEIGHT, 1),
            "y": round(FLOOR - count / most * HEIGHT, 1),
            "label_y": round(FLOOR - 8 - count / most * HEIGHT, 1),
        }
        for place, (label, count) in enumerate(columns)
    ]
