"""How a call ends in the database: once, and with its recording handed over once."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from agents.engine.notes import Ending
from calling.models import Conversation, Recording, Turn
from calling.record import outbox, outcomes
from calling.record.unanswered import UNANSWERED

COLLECTED_AFTER = timedelta(minutes=1)  # nobody waits for it, and what a worker does now is recordings


def close(conversation: uuid.UUID, ending: Ending, at: datetime) -> None:
    """Write the end of a call, and what is to be done after it. The second time changes nothing."""
    with transaction.atomic():
        runs = Conversation.objects.filter(pk=conversation, ended_at=None)
        for answered_at in runs.values_list("answered_at", flat=True):
            runs.update(
                ended_at=at,
                end_cause=ending.cause,
                error_code=ending.code,
                talked_ms=outcomes.talked_ms(answered_at, at),
            )
        outcomes.tell([conversation])
        hand_over(conversation)
        if Turn.objects.filter(conversation=conversation, source=UNANSWERED).exists():
            outbox.add("collect_questions", {"conversation": str(conversation)}, timezone.now() + COLLECTED_AFTER)


def hand_over(conversation: uuid.UUID) -> None:
    """The recording goes to the worker, once."""
    spooled = Recording.objects.filter(conversation_id=conversation, status=Recording.Status.SPOOLING)
    if spooled.update(status=Recording.Status.ENCODING):
        outbox.add("encode_recording", {"conversation": str(conversation)})
