"""Daily work with conversations: read, handled, notes, tags. It is kept for colleagues; no visitor learns of it."""

import uuid
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.locks import locked
from agents.models import Project
from agents.people import audit
from calling.models import Conversation, Note, Tag

CHOSEN_MOST = 100  # conversations that one press is about
NOTES_MOST, NOTE_CHARS = 200, 2_000
TAGS_MOST, TAGS_OF_A_PROJECT, TAG_CHARS = 10, 200, 40


class NotPossible(ValueError):
    """What was asked would break a bound; the text says which, for the person who asked."""


def mark_read(project: Project, calls: Sequence[uuid.UUID], by: AbstractBaseUser) -> int:
    """Somebody has read these; the first who did stays. How many were new."""
    rows = _of(project, calls).filter(read_at=None)
    return rows.update(read_at=timezone.now(), read_by=by)


def mark_unread(project: Project, calls: Sequence[uuid.UUID]) -> int:
    return _of(project, calls).update(read_at=None, read_by=None)


def mark_handled(project: Project, calls: Sequence[uuid.UUID], by: AbstractBaseUser) -> int:
    """Nothing is left to do here; how many it was new for. What is handled has been read."""
    with transaction.atomic():
        rows = list(_of(project, calls).filter(handled_at=None).values_list("pk", "reference"))
        pks, now = [pk for pk, _reference in rows], timezone.now()
        mark_read(project, pks, by)
        Conversation.objects.filter(pk__in=pks).update(handled_at=now, handled_by=by)
        _record(by, "conversation.handle", project, rows)
    return len(rows)


def mark_open(project: Project, calls: Sequence[uuid.UUID], by: AbstractBaseUser) -> int:
    """Something is left to do after all."""
    with transaction.atomic():
        rows = list(_of(project, calls).exclude(handled_at=None).values_list("pk", "reference"))
        Conversation.objects.filter(pk__in=[pk for pk, _reference in rows]).update(handled_at=None, handled_by=None)
        _record(by, "conversation.reopen", project, rows)
    return len(rows)


def _of(project: Project, calls: Sequence[uuid.UUID]) -> QuerySet[Conversation]:
    return Conversation.objects.filter(project=project, pk__in=list(calls)[:CHOSEN_MOST], ended_at__isnull=False)


def _record(by: AbstractBaseUser, action: str, project: Project, rows: list[tuple[uuid.UUID, str]]) -> None:
    if len(rows) == 1:
        audit.record(by, action, project, f"conversation:{rows[0][0]}", name=rows[0][1])
    elif rows:
        audit.record(by, action, project, project, references=[reference for _pk, reference in rows])


@locked
def add_note(call: Conversation, text: str, by: AbstractBaseUser) -> Note:
    """Holds the conversation. Raises NotPossible."""
    text = text.replace("\0", "").strip()
    if not text:
        raise NotPossible(_("Write something first."))
    if len(text) > NOTE_CHARS:
        raise NotPossible(_("At most %d characters.") % NOTE_CHARS)
    if call.notes.count() >= NOTES_MOST:
        raise NotPossible(_("This conversation has as many notes as it can have."))
    name = by.get_full_name() or by.get_username()
    note = Note.objects.create(conversation=call, by=by, by_name=name[:150], text=text)
    audit.record(by, "conversation.note", call.project, f"conversation:{call.pk}", name=call.reference)
    return note


@transaction.atomic
def delete_note(note: Note, by: AbstractBaseUser) -> None:
    call = note.conversation
    audit.record(by, "conversation.note_delete", call.project, f"conversation:{call.pk}", name=call.reference)
    note.delete()


def read_tags(text: str) -> list[str]:
    """Words with commas between, each once whatever its capitals. Raises NotPossible."""
    found: dict[str, str] = {}
    for word in text.replace("\0", "").split(","):
        word = " ".join(word.split())
        if len(word) > TAG_CHARS:
            raise NotPossible(_("A tag has at most %d characters.") % TAG_CHARS)
        if word:
            found.setdefault(word.casefold(), word)
    if len(found) > TAGS_MOST:
        raise NotPossible(_("At most %d tags.") % TAGS_MOST)
    return list(found.values())


def set_tags(call: Conversation, words: Iterable[str], by: AbstractBaseUser) -> bool:
    """These and no others; whether anything changed. Holds the project. Raises NotPossible.

    A tag that nobody uses any more is gone: the list to choose from shows no left-overs.
    """
    return _set_tags(call.project, call, list(words), by)


@locked
def _set_tags(project: Project, call: Conversation, words: list[str], by: AbstractBaseUser) -> bool:
    known = {tag.name.casefold(): tag for tag in Tag.objects.filter(project=project)}
    before = {tag.name for tag in call.tags.all()}
    tags = []
    for word in words:
        tag = known.get(word.casefold())
        if tag is None:
            if len(known) >= TAGS_OF_A_PROJECT:
                raise NotPossible(_("This project has as many tags as it can have. Use one of those there are."))
            tag = known[word.casefold()] = Tag.objects.create(project=project, name=word)
        tags.append(tag)
    after = {tag.name for tag in tags}
    if before == after:
        return False
    call.tags.set(tags)
    Tag.objects.filter(project=project, name__in=before - after, conversations=None).delete()
    # How many and not which: a tag may be somebody's name, and the audit keeps what it holds when they are forgotten.
    counts = {"added": len(after - before), "removed": len(before - after)}
    audit.record(by, "conversation.tags", project, f"conversation:{call.pk}", name=call.reference, **counts)
    return True
