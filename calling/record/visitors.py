"""One visitor's conversations, for when somebody asks what is kept of them, or wants it gone.

A visitor has no account here. A reference or the id of a session names one conversation for certain, and so does the
e-mail address or the id that their site has signed for a chat. Calls from the
same address on the same day, and those in which the words were said (a name, a number, an e-mail address), may be
theirs or somebody else's: a person has to look.
"""

import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from agents.models import Project
from calling.models import Conversation
from calling.record import identity, search
from calling.record.actions import FOUND_MOST

WORDS_LEAST, WORDS_MOST = search.LETTERS_LEAST, 100


@dataclass(frozen=True, slots=True)
class Found:
    sure: list[Conversation]
    perhaps: list[Conversation]


def named(project: Project, words: str) -> set[uuid.UUID]:
    """The conversations with this reference, however it is written, or of this session."""
    # As references are made: in capitals. Whatever capitals are asked for, their index answers.
    found = Q(reference__in={words.upper(), words.upper().replace("-", " "), words.upper().replace(" ", "-")})
    with suppress(ValueError):
        found |= Q(pk=uuid.UUID(words))
    return set(search.few(project).filter(found).values_list("pk", flat=True)[:FOUND_MOST])


def find(project: Project, words: str, in_what_was_said: bool) -> Found:
    """Newest first, and no more than are erased at once."""
    words = " ".join(words.replace("\0", "").split())[:WORDS_MOST]
    if not words:
        return Found([], [])
    rows = Conversation.objects.filter(project=project)
    sure = named(project, words)
    if in_what_was_said:
        sure |= identity.certain(project, words)
    perhaps: set[uuid.UUID] = set()
    for visitor, at in rows.filter(pk__in=sure).exclude(visitor="").values_list("visitor", "started_at"):
        days = (at - timedelta(days=1), at + timedelta(days=1))  # the address, hashed: its salt is a day's
        same = rows.filter(visitor=visitor, started_at__range=days).order_by("-started_at")
        perhaps.update(same.values_list("pk", flat=True)[:FOUND_MOST])
    if in_what_was_said and len(words) >= WORDS_LEAST:
        perhaps.update(search.said(project, words).calls | identity.found(project, words))
    found = _newest(project, sure, FOUND_MOST)
    return Found(found, _newest(project, perhaps - sure, FOUND_MOST - len(found)))


def _newest(project: Project, calls: Iterable[uuid.UUID], most: int) -> list[Conversation]:
    return list(search.among(project, calls).defer("agent_state").order_by("-started_at")[:most])
