"""How a call ends in the database, and what becomes of those that a killed process left open."""

import uuid
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agents.engine.notes import Ending
from calling.models import Conversation, Recording
from calling.record import outbox, recording, tasks
from calling.record.store import thread

log = structlog.get_logger(__name__)


async def close_conversation(conversation: uuid.UUID, ending: Ending) -> None:
    """Write the end of a call, and what is to be done after it. The second time changes nothing."""
    at = timezone.now()
    await thread.run(lambda: close(conversation, ending, at))


def close(conversation: uuid.UUID, ending: Ending, at: datetime) -> None:
    with transaction.atomic():
        ended = Conversation.objects.filter(pk=conversation, ended_at=None).update(
            ended_at=at, end_cause=ending.cause, error_code=ending.code
        )
        if not ended and not Conversation.objects.filter(pk=conversation).exists():
            recording.delete_spool(conversation)  # deleted while it ran
            return
        _hand_over(conversation)


def _hand_over(conversation: uuid.UUID) -> None:
    """The recording goes to the worker, once."""
    spooled = Recording.objects.filter(conversation_id=conversation, status=Recording.Status.SPOOLING)
    if spooled.update(status=Recording.Status.ENCODING):
        outbox.add("encode_recording", {"conversation": str(conversation)})


async def recover() -> int:
    """What a killed process left behind: its calls are ended, its spools go to the worker. Returns how many calls.

    For the start of a gateway, before it takes calls: one gateway serves a database, so whatever is open is orphaned.
    """
    return await thread.run(_recover)


def _recover() -> int:
    left_open = list(Conversation.objects.filter(ended_at=None).annotate(last_s=Max("turns__ended_s")))
    for conversation in left_open:
        began = conversation.answered_at or conversation.started_at
        lasted_s = max(conversation.last_s or 0.0, recording.spooled_s(conversation.pk))
        close(conversation.pk, Ending("connection_lost"), began + timedelta(seconds=lasted_s))
    for conversation in recording.spools():
        row = Recording.objects.filter(conversation_id=conversation).first()
        if row is None or row.status == Recording.Status.READY:
            recording.delete_spool(conversation)
        else:
            with transaction.atomic():
                _hand_over(conversation)
    tasks.plan_purge()
    if left_open:
        log.warning("calls that a killed process left open were ended", calls=len(left_open))
    return len(left_open)
