"""One visitor's conversations, for when somebody asks what is kept of them, or wants it gone.

A visitor has no account here. A reference or the id of a session names one conversation for certain. Calls from the
same address on the same day, and those in which the words were said (a name, a number, an e-mail address), may be
theirs or somebody else's: a person has to look.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from agents.models import Project
from calling.models import Conversation, Turn
from calling.record.actions import FOUND_MOST

WORDS_LEAST, WORDS_MOST = 3, 100


@dataclass(frozen=True, slots=True)
class Found:
    sure: list[Conversation]
    perhaps: list[Conversation]


def named(words: str) -> Q:
    """The conversation with this reference, however it is written, or of this session."""
    found = Q()
    for reference in {words, words.replace("-", " "), words.replace(" ", "-")}:
        found |= Q(reference__iexact=reference)
    try:
        return found | Q(pk=uuid.UUID(words))
    except ValueError:
        return found


def said(words: str) -> Exists:
    return Exists(Turn.objects.filter(conversation=OuterRef("pk"), text__icontains=words))


def find(project: Project, words: str, in_what_was_said: bool) -> Found:
    """Newest first, and no more than are erased at once."""
    words = " ".join(words.replace("\0", "").split())[:WORDS_MOST]
    rows = Conversation.objects.filter(project=project).defer("agent_state").order_by("-started_at")
    if not words:
        return Found([], [])
    sure = list(rows.filter(named(words))[:FOUND_MOST])
    perhaps = Q(pk=None)
    for call in sure:
        if call.visitor:  # the address, hashed: its salt is a day's
            days = (call.started_at - timedelta(days=1), call.started_at + timedelta(days=1))
            perhaps |= Q(visitor=call.visitor, started_at__range=days)
    if in_what_was_said and len(words) >= WORDS_LEAST:
        perhaps |= Q(said(words))
    others = rows.filter(perhaps).exclude(pk__in=[call.pk for call in sure])
    return Found(sure, list(others[: FOUND_MOST - len(sure)]))
