"""What authors do with sources: add one, keep it in the draft, switch it off, have it read again, delete it.

Whether a version uses a source is frozen with it; what a source holds is read anew, and so a deletion acts at once.
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.authoring.sources import reading
from agents.locks import check_mark, hold, locked, mark_of
from agents.models import Project, Source
from agents.people import audit

NAME_MOST, TEXT_MOST = 100, 200_000
SOURCES_MOST = 50
PAGES_MOST = 500
UNKEPT_FOR = timedelta(days=1)
STRAY_AFTER = timedelta(hours=1)  # longer than an upload takes to become a source
FIELDS = ("name", "address", "text", "pages_most", "every", "language")  # that an author may change later


class SourceRefused(ValueError):
    """The source cannot be kept so. `field` is where; the text is for its author."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@locked
def add(project: Project, values: Mapping[str, Any], by: AbstractBaseUser | None, upload: File | None = None) -> Source:
    """A new source that is to be read, and not yet part of the draft. Holds the project. Raises SourceRefused."""
    if project.sources.count() >= SOURCES_MOST:
        raise SourceRefused("name", _("A project has at most %d sources. Delete one first.") % SOURCES_MOST)
    source = Source(project=project, **values)
    _check_name(source)
    if upload is not None:
        source.file_name = str(upload.name)[-200:]
        source.upload = storages["sources"].save(secrets.token_hex(16), upload)
    source.save()
    audit.record(by, "source.add", project, source, kind=source.kind)
    reading.begin(source)
    return source


@transaction.atomic
def change(source: Source, values: Mapping[str, Any], by: AbstractBaseUser | None, seen: str | None = None) -> bool:
    """Keep what an author changed; whether it has to be read again. Holds project and source.

    Raises SourceRefused, Stale and Gone.
    """
    hold(source.project)
    hold(source)
    check_mark(seen, mark_of(source, FIELDS))
    changed = [name for name, value in values.items() if getattr(source, name) != value]
    for name in changed:
        setattr(source, name, values[name])
    _check_name(source)
    if changed:
        source.due_at = reading.next_time(source)
        source.save(update_fields=[*changed, "due_at"])
        audit.record(by, "source.edit", source.project, source, fields=changed)
    return bool({"address", "text", "pages_most"} & set(changed))


@transaction.atomic
def keep(source: Source, by: AbstractBaseUser | None, *, active: bool = True) -> None:
    """Make it part of the draft, or take it out. Holds project and source. Raises Gone."""
    hold(source.project)
    hold(source)
    if (source.active, source.kept) != (active, True):
        source.active, source.kept = active, True
        source.save(update_fields=["active", "kept"])
        audit.record(by, "source.on" if active else "source.off", source.project, source)


@transaction.atomic
def read_again(source: Source, *, only_vectors: bool = False) -> int:
    """Plan another reading; its number. Holds the source. Raises Gone."""
    hold(source)
    return reading.begin(source, only_vectors=only_vectors)


@transaction.atomic
def delete(source: Source, by: AbstractBaseUser | None) -> None:
    """Delete it with all that was read of it, at once and for every version. Holds project and source. Raises Gone."""
    hold(source.project)
    hold(source)
    audit.record(by, "source.delete", source.project, source)
    upload = source.upload
    source.delete()
    forget_uploads([upload])


def forget_uploads(names: Iterable[str]) -> None:
    """Delete files that were not read yet, once it is sure that their sources are gone."""
    for name in filter(None, names):
        transaction.on_commit(partial(storages["sources"].delete, name))


def forget_strays() -> None:
    """Delete files that no source waits for: a process was killed, or a transaction taken back, behind their upload."""
    kept, before = storages["sources"], timezone.now() - STRAY_AFTER
    found = kept.listdir("")[1] if kept.exists("") else []
    waited_for = set(Source.objects.exclude(upload="").values_list("upload", flat=True))
    for name in set(found) - waited_for:
        if kept.get_modified_time(name) < before:
            kept.delete(name)


def forget_unkept() -> None:
    """Delete what somebody looked at and never kept."""
    for source in Source.objects.filter(kept=False, made_at__lt=timezone.now() - UNKEPT_FOR):
        delete(source, None)


def due() -> list[Source]:
    """What is to be read again by now."""
    return list(Source.objects.filter(kept=True, reading=0, due_at__lte=timezone.now()))


def _check_name(source: Source) -> None:
    if not source.name:
        raise SourceRefused("name", _("Give the source a name."))
    if Source.objects.filter(project=source.project, name=source.name).exclude(pk=source.pk).exists():
        raise SourceRefused("name", _("Another source has this name."))
