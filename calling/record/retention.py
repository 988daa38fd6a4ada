"""How long a project keeps what happened: chosen by its owner, carried out by the worker, told on each conversation.

Days are counted from the beginning of a call. A call that runs is nobody's to delete. What visitors agreed to is the
owner's proof and stays: it holds no word of theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from agents.locks import check_mark, locked, mark_of
from agents.models import Project
from agents.people import audit
from calling.models import Conversation, Recording
from calling.record import deleting

FIELDS = ("recordings_days", "conversations_days")
CHOICES_DAYS = (1, 7, 14, 30, 90, 180, 365, 1095)
A_TURN = 500  # rows of a project that are deleted in one transaction


@dataclass(frozen=True, slots=True)
class Counts:
    conversations: int = 0
    recordings: int = 0

    def __bool__(self) -> bool:
        return bool(self.conversations or self.recordings)


@locked
def choose(project: Project, days: Mapping[str, int | None], by: AbstractBaseUser, seen: str | None = None) -> bool:
    """How long things are kept from now on; whether anything changed. Holds the project. Raises Stale."""
    check_mark(seen, mark_of(project, FIELDS))
    before = {name: getattr(project, name) for name in FIELDS}
    after = {name: days[name] for name in FIELDS}
    if before == after:
        return False
    if any(value is not None and value not in CHOICES_DAYS for value in after.values()):
        raise ValueError(after)
    for name, value in after.items():
        setattr(project, name, value)
    project.save(update_fields=FIELDS)
    audit.record(by, "project.retention", project, project, before=before, after=after)
    return True


def ends(call: Conversation, days: int | None) -> datetime | None:
    """When something of this call that is kept for so many days goes; None: when somebody deletes it."""
    return call.started_at + timedelta(days=days) if days else None


def due_calls(project: Project, days: int | None, at: datetime) -> QuerySet[Conversation]:
    """The conversations that are kept no longer than until then."""
    rows = Conversation.objects.filter(project=project, ended_at__isnull=False)
    return rows.filter(started_at__lt=at - timedelta(days=days)) if days else rows.none()


def due_sound(project: Project, days: int | None, at: datetime) -> QuerySet[Recording]:
    rows = Recording.objects.filter(conversation__project=project, conversation__ended_at__isnull=False)
    return rows.filter(conversation__started_at__lt=at - timedelta(days=days)) if days else rows.none()


def count_due(project: Project, days: Mapping[str, int | None], at: datetime) -> Counts:
    """What goes by then. A recording goes with its conversation, whatever it is kept for by itself."""
    kept = [value for value in (days["recordings_days"], days["conversations_days"]) if value]
    calls = due_calls(project, days["conversations_days"], at).count()
    return Counts(calls, due_sound(project, min(kept, default=None), at).count())


def days_of(project: Project) -> dict[str, int | None]:
    return {name: getattr(project, name) for name in FIELDS}


def delete_due(now: datetime | None = None) -> bool:
    """Delete what is due in all projects, some of it in each; whether there is more. For the worker."""
    now = now or timezone.now()
    limited = Project.objects.filter(Q(recordings_days__isnull=False) | Q(conversations_days__isnull=False))
    more = [_delete_due_of(project, now) for project in limited.order_by("pk")]
    return any(more)


def _delete_due_of(project: Project, now: datetime) -> bool:
    with transaction.atomic():
        # As it is now: somebody may have chosen to keep things longer since the list was read.
        held = Project.objects.select_for_update().filter(pk=project.pk).first()
        if held is None:
            return False
        days = days_of(held)
        calls = due_calls(held, days["conversations_days"], now).order_by("started_at")
        gone = deleting.delete_calls(held, list(calls.values_list("pk", flat=True)[:A_TURN]))
        sound = due_sound(held, days["recordings_days"], now)
        unheard = deleting.delete_sound(held, list(sound.values_list("conversation_id", flat=True)[:A_TURN]))
        if gone or unheard:
            details: dict[str, Any] = {"conversations": gone, "recordings": unheard}
            audit.record(None, "conversation.expire", held, held, **details)
    return A_TURN in (gone, unheard)
