"""The calendar and clock of a place."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def clock_of(zone: str) -> Callable[[], datetime]:
    """What time it is there; UTC where nobody knows the place."""
    place: tzinfo
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        place = UTC
    return lambda: datetime.now(place)
