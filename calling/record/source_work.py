"""Sources in the worker: a reading is begun with a row of the outbox, and goes on slice by slice, a row each."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from agents.authoring.sources import keeping, reading
from agents.brains.sources.passages import name_of
from agents.models import Project, Source
from agents.speech.providers.base import Meaning, parts_of
from calling.record import outbox, tasks

TASK, LOOK = "read_source", "look_at_sources"
LOOK_EVERY = timedelta(minutes=5)
LEASE = timedelta(minutes=5)  # longer than a slice with the longest file


@transaction.atomic
def add(project: Project, values: Mapping[str, Any], by: AbstractBaseUser | None, upload: File | None = None) -> Source:
    """A new source, and its reading. Raises SourceRefused."""
    source = keeping.add(project, values, by, upload)
    _plan(source)
    return source


@transaction.atomic
def read_again(source: Source, *, only_vectors: bool = False) -> None:
    """Have it read again, in place of a reading that goes on. Raises Gone."""
    keeping.read_again(source, only_vectors=only_vectors)
    _plan(source)


def _plan(source: Source) -> None:
    outbox.add(TASK, {"source": source.pk, "reading": source.reading})


def go_on(payload: dict[str, Any]) -> None:
    """Work for a while; the rest is another row's, so that other work comes in between."""
    if reading.go_on(payload["source"], payload["reading"], meaning_of):
        outbox.add(TASK, payload)


def give_up(payload: dict[str, Any]) -> None:
    reading.fail(payload["source"], payload["reading"], "lost")


def look(payload: dict[str, Any]) -> None:
    """Read again what is due, or has vectors of another encoder than its language has now."""
    keeping.forget_unkept()
    keeping.forget_strays()
    for source in keeping.due():
        read_again(source)
    for source in Source.objects.filter(round__gt=0, reading=0).exclude(encoder=""):
        parts = parts_of(meaning_of(source.language))
        if parts and source.encoder != name_of(parts, 0):
            read_again(source, only_vectors=True)
    tasks.plan(LOOK, timezone.now() + LOOK_EVERY)


def meaning_of(language: str) -> Meaning:
    from agents.speech.providers import registry  # loads the speech libraries: not before a source needs them

    if settings.SPEECH == "scripted":
        return registry.engines(settings.SPEECH, "", language, settings.MODELS_DIR).meaning
    return registry.find_meaning(language, settings.MODELS_DIR)


tasks.register({TASK: go_on, LOOK: look}, {LOOK: LOOK_EVERY})
tasks.GIVEN_UP[TASK] = give_up
tasks.LEASES[TASK] = LEASE
