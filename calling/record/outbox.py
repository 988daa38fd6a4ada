"""Work to do after a call: rows that are written with what causes them, and done by a worker when they are due.

The rows are the truth. The broker only wakes the worker earlier than its next regular look; if it fails, work is late,
not lost. Two workers share the work: a row is taken by moving its due date, and only one of them can move it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone

from calling.models import Outbox

log = structlog.get_logger(__name__)

Handler = Callable[[dict[str, Any]], None]

SWEEP = "calling.record.tasks.sweep"  # by its name: what wakes the worker knows nothing of what the worker does
BATCH = 20
LEASE = timedelta(minutes=15)  # a worker that took a row and died: another may take it after this
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=10)  # doubled after each failure: the last one waits about 20 minutes
ERROR_CHARS = 200


class Hopeless(Exception):
    """Trying again is useless."""


def add(task: str, payload: dict[str, Any] | None = None, due_at: datetime | None = None) -> Outbox:
    """Note work, in the caller's transaction; the worker is woken when that has committed."""
    row = Outbox.objects.create(task=task, payload=payload or {}, due_at=due_at or timezone.now())
    if due_at is None or due_at <= timezone.now():
        transaction.on_commit(_wake, robust=True)
    return row


def sweep(
    handlers: dict[str, Handler],
    given_up: dict[str, Handler] | None = None,
    leases: Mapping[str, timedelta] | None = None,
) -> int:
    """Do what is due, one row after the other. Returns how many rows were done well.

    `leases`: for tasks that somebody watches, and that are to be taken up sooner after a crash.
    """
    done = 0
    for row in Outbox.objects.filter(done_at=None, due_at__lte=timezone.now()).order_by("due_at", "id")[:BATCH]:
        if _claim(row, (leases or {}).get(row.task, LEASE)):
            done += _do(row, handlers, given_up or {})
    return done


def wake() -> None:
    """Have the worker look again; without a broker it does so by its own clock."""
    transaction.on_commit(_wake, robust=True)


def _claim(row: Outbox, lasts: timedelta = LEASE) -> bool:
    """Take the row if nobody else did since it was read."""
    lease = timezone.now() + lasts
    taken = Outbox.objects.filter(pk=row.pk, done_at=None, due_at=row.due_at, attempts=row.attempts)
    if not taken.update(due_at=lease, attempts=row.attempts + 1):
        return False
    row.due_at, row.attempts = lease, row.attempts + 1
    return True


def _do(row: Outbox, handlers: dict[str, Handler], given_up: dict[str, Handler]) -> bool:
    try:
        handler = handlers.get(row.task)
        if handler is None:
            raise Hopeless("nobody knows this task")
        handler(row.payload)
    except Exception as error:
        hopeless = isinstance(error, Hopeless) or row.attempts >= MOST_ATTEMPTS
        log.exception("after-call work failed", task=row.task, row=row.pk, attempts=row.attempts, given_up=hopeless)
        now = timezone.now()
        row.error = f"{type(error).__name__}: {error}"[:ERROR_CHARS]
        if hopeless:
            row.done_at = now
            if row.task in given_up:
                given_up[row.task](row.payload)
        else:
            row.due_at = now + FIRST_PAUSE * 2 ** (row.attempts - 1)
        row.save(update_fields=["error", "done_at", "due_at"])
        return False
    row.error, row.done_at = "", timezone.now()
    row.save(update_fields=["error", "done_at"])
    return True


def _wake() -> None:
    # Not retried: whoever committed is not to wait for a broker that is away.
    current_app.signature(SWEEP).apply_async(retry=False, expires=60)
