"""Opening hours as people write them, and whether it is one of them now, where the widget's owner is."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 24 * 60
SPANS_MOST, TEXT_MOST = 4, 100  # a day
_SPAN = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2}))?\s*([ap]m)?\s*(?:-|–|—|to|bis)\s*(\d{1,2})(?:[:.h](\d{2}))?\s*([ap]m)?(?:\s*(?:uhr|h))?",
    re.IGNORECASE,
)

Span = tuple[int, int]  # minutes from midnight; one that ends after it is the evening's


@dataclass(frozen=True, slots=True)
class Hours:
    """When visitors may call, or meet other words. Switched off: always."""

    enabled: bool
    zone: str
    outside: str  # welcome: calls go on; closed: the card says so; hidden: no button
    days: tuple[tuple[Span, ...], ...]  # from Monday

    def are_now(self, now: datetime | None = None) -> bool:
        if not self.enabled:
            return True
        here = (now or datetime.now(UTC)).astimezone(_zone(self.zone))
        minute, today = here.hour * 60 + here.minute, here.weekday()
        return any(start <= minute < end for start, end in self.days[today]) or any(
            start <= minute + MIDNIGHT < end for start, end in self.days[today - 1]
        )

    def let_call(self, now: datetime | None = None) -> bool:
        return self.outside == "welcome" or self.are_now(now)


def read(text: str) -> tuple[Span, ...]:
    """The spans of a day: "9–12:30, 1:30pm-6pm". Nothing means closed. Raises ValueError for what is none."""
    if len(text) > TEXT_MOST:
        raise ValueError(text[:TEXT_MOST])
    spans = []
    for part in filter(None, (one.strip() for one in re.split(r"[,;\n]|\band\b|\bund\b", text))):
        found = _SPAN.fullmatch(part)
        if not found:
            raise ValueError(part)
        start, end = _minute(*found.group(1, 2, 3)), _minute(*found.group(4, 5, 6))
        if start >= MIDNIGHT or start == end:
            raise ValueError(part)
        spans.append((start, end if end > start else end + MIDNIGHT))
    spans.sort()
    if len(spans) > SPANS_MOST or any(one[1] > other[0] for one, other in pairwise(spans)):
        raise ValueError(text)
    return tuple(spans)


def _minute(hour: str, minute: str | None, half: str | None) -> int:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(hour)
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    if minutes > 59 or hours * 60 + minutes > MIDNIGHT:
        raise ValueError(hour)
    return hours * 60 + minutes


def written(spans: tuple[Span, ...]) -> str:
    """In one form: "09:00–12:30, 13:30–18:00"."""

    def clock(minute: int) -> str:
        minute = minute - MIDNIGHT if minute > MIDNIGHT else minute
        return f"{minute // 60:02}:{minute % 60:02}"

    return ", ".join(f"{clock(start)}–{clock(end)}" for start, end in spans)


@cache
def zones() -> tuple[str, ...]:
    """The names of all time zones, as regions and cities."""
    named = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    return ("UTC", *named)


@cache
def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)  # there on a machine that knows no zones, too
