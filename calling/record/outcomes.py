"""What became of a conversation, counted on its own row, so that no list and no sum looks at turns to tell it.

Written whenever turns, an end or stars are: a conversation's row says at any moment what its turns say.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from calling.models import Conversation, Turn
from calling.record.topic_uses import TOPIC
from calling.record.unanswered import UNANSWERED

# What agents/brains writes as a turn's source where something is left for its owner.
MESSAGE_KEPT = "message:kept"
FLOW_FINISHED = "flow_finished:"
MODEL = "model"  # a language model worded the answer
ANSWERED = Q(source__startswith=TOPIC) | Q(source=MODEL)
MISSED = Q(source=UNANSWERED)
LEFT = Q(source=MESSAGE_KEPT) | Q(source__startswith=FLOW_FINISHED)

FAILED = Q(ended_at__isnull=False) & (Q(end_cause__in=("failed", "shutdown")) | Q(answered_at=None))
LOST = Q(end_cause="connection_lost", answered_at__isnull=False)
RATED_LOW = Q(rating__lte=2)
WANTING = Q(misses__gt=0) | Q(messages__gt=0) | FAILED | LOST | RATED_LOW


def counts(source: str) -> bool:
    """Whether a turn that was answered so is counted."""
    return source in (UNANSWERED, MESSAGE_KEPT, MODEL) or source.startswith((TOPIC, FLOW_FINISHED))


def tell(conversations: Sequence[uuid.UUID]) -> None:
    """Count what these hold again. Twice is once."""
    rows = Conversation.objects.filter(pk__in=conversations)
    rows.update(answers=_turns(ANSWERED), misses=_turns(MISSED), messages=_turns(LEFT))
    mark(rows)


def mark(rows: QuerySet[Conversation]) -> None:
    """Whether somebody ought to look at these, as their rows are now."""
    rows.update(wanting=Case(When(WANTING, then=Value(True)), default=Value(False)))


def talked_ms(answered_at: datetime | None, ended_at: datetime) -> int | None:
    return None if answered_at is None else max(0, round((ended_at - answered_at).total_seconds() * 1000))


def _turns(kind: Q) -> Any:
    rows = Turn.objects.filter(kind, conversation=OuterRef("pk")).order_by().values("conversation")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0))
