"""How often each topic answered, by day: counted by the worker as calls end, so that no page counts turns."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import TruncDate

from agents.models import Project
from calling.models import TopicUse, Turn

TOPIC = "topic:"  # what agents/brains/topics.py writes as a turn's source: "topic:NAME", two of them with AND between
AND = " + "
DAYS = 30
LONGEST_CALL = timedelta(hours=5)


def topics_of(source: str) -> list[str]:
    """The topics that answered; none where none did."""
    return source.removeprefix(TOPIC).split(f"{AND}{TOPIC}") if source.startswith(TOPIC) else []


def count(project: Project, since: datetime, until: datetime) -> None:
    """Add the answers of calls that ended after the one moment, up to the other."""
    turns = Turn.objects.filter(conversation__project=project, conversation__is_test=False)
    turns = turns.filter(conversation__started_at__gt=since - LONGEST_CALL, source__startswith=TOPIC)
    ended = turns.filter(conversation__ended_at__gt=since, conversation__ended_at__lte=until)
    found: Counter[tuple[date, str]] = Counter()
    by_day = ended.annotate(day=TruncDate("conversation__started_at")).order_by()
    for day, source, n in by_day.values_list("day", "source").annotate(Count("pk")):
        found.update({(day, topic): n for topic in topics_of(source)})
    if not found:
        return
    with transaction.atomic():
        there = TopicUse.objects.select_for_update().filter(project=project, day__in={day for day, _name in found})
        rows = {(row.day, row.name): row for row in there}
        for (day, name), n in found.items():
            row = rows.get((day, name)) or TopicUse(project=project, day=day, name=name[:100])
            row.count += n
            row.save()


def lately(today: date) -> Subquery:
    """Of a topic, by its name: how often it answered in the last days."""
    rows = TopicUse.objects.filter(project=OuterRef("project"), name=OuterRef("name"), day__gt=today - timedelta(DAYS))
    return Subquery(rows.order_by().values("name").annotate(n=Sum("count")).values("n"))


def forget_old(today: date) -> None:
    TopicUse.objects.filter(day__lt=today - timedelta(2 * DAYS)).delete()
