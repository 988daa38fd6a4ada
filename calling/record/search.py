"""In which conversations something was said, by the index of what was said (calling/record/search_index.py)."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Exact

from agents.models import Project
from calling.models import Conversation, Turn
from calling.record.search_index import WORDS, project_sign

LETTERS_LEAST = 3  # of what is looked for: fewer are in everything, and in no index
TURNS_MOST = 5_000  # that hold it, newest first: what was said more often is no way to find anything


@dataclass(frozen=True, slots=True)
class Found:
    calls: frozenset[uuid.UUID] = frozenset()
    is_cut: bool = False  # whether it was said so often that only the newest of it was looked at


def said(project: Project, words: str) -> Found:
    """The conversations of the project in which these words were said, in this order, within a turn."""
    if len(words) < LETTERS_LEAST:
        return Found()
    calls = _kept(project, words) if _is_kept() else _read(project, words)
    return Found(frozenset(calls), len(calls) >= TURNS_MOST)


def among(project: Project, calls: Iterable[uuid.UUID]) -> QuerySet[Conversation]:
    """These conversations of the project, however many: as one value, because a statement takes only so many."""
    if connection.vendor == "sqlite":
        given = json.dumps([pk.hex for pk in calls])
        return few(project).filter(pk__in=RawSQL("SELECT value FROM json_each(%s)", [given]))
    return few(project).filter(pk__in=RawSQL("SELECT unnest(%s::uuid[])", [list(calls)]))


def few(project: Project) -> QuerySet[Conversation]:
    """Conversations of the project, asked for in a way that no index answers: what narrows them further is then what
    a database begins with, and not the project's whole list in its order."""
    return Conversation.objects.filter(Exact(F("project_id") + Value(0), project.pk)).order_by()


def _is_kept() -> bool:
    """Whether SQLite keeps an index; PostgreSQL uses its own by itself."""
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [WORDS])
        return cursor.fetchone() is not None


def _kept(project: Project, words: str) -> list[uuid.UUID]:
    quoted = words.replace('"', '""')
    wanted = f'project : "{project_sign(project.pk)}" AND text : "{quoted}"'
    newest = f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s ORDER BY rowid DESC LIMIT {TURNS_MOST}"  # noqa: S608 — names of ours
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT conversation_id FROM calling_turn WHERE id IN ({newest})", [wanted])  # noqa: S608
        return [uuid.UUID(pk) for (pk,) in cursor.fetchall()]


def _read(project: Project, words: str) -> list[Any]:
    rows = Turn.objects.filter(conversation__project=project, text__icontains=words).order_by("-pk")
    return list(rows.values_list("conversation_id", flat=True)[:TURNS_MOST])
