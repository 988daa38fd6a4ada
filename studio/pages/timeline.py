"""How many calls began in each hour or day of the reader, counted along the index of conversations."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from django.db import connection
from django.utils import timezone

from agents.models import Project

Span = tuple[datetime, datetime]

_COUNT_SQL = (
    "(SELECT COUNT(*) FROM calling_conversation"
    " WHERE project_id = %s AND started_at >= %s AND started_at < %s AND NOT is_test)"
)


def hours(midnight: datetime, now: datetime) -> list[Span]:
    """Up to now. Where clocks are put back, an hour comes twice."""
    zone, start = midnight.tzinfo, midnight.astimezone(UTC)
    starts = [start + timedelta(hours=n) for n in range(int((now - start).total_seconds() // 3600) + 1)]
    return [(at.astimezone(zone), (at + timedelta(hours=1)).astimezone(zone)) for at in starts]


def days(today: date, count: int) -> list[Span]:
    """So many up to today, each from midnight to midnight, however long it is."""
    zone = timezone.get_current_timezone()
    starts = [
        datetime.combine(today - timedelta(days=count - 1 - place), time(), tzinfo=zone) for place in range(count + 1)
    ]
    return list(pairwise(starts))


def counts(project: Project, spans: Sequence[Span]) -> list[int]:
    """Real calls in each, in one query."""
    given: list[object] = []
    for start, end in spans:
        given += [project.pk, *(connection.ops.adapt_datetimefield_value(moment) for moment in (start, end))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join([_COUNT_SQL] * len(spans)), given)
        return list(cursor.fetchone())
