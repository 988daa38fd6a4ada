"""What people do to conversations."""

import uuid
from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from agents.authoring.rehearsals import writing as rehearsals
from agents.authoring.sources import keeping
from agents.locks import locked
from agents.models import Project
from agents.people import audit
from calling.models import Conversation
from calling.record import deleting, outcomes
from widgets.refusals import Refused

FOUND_MOST = 50  # conversations of one visitor that are erased, or handed out, at once


@transaction.atomic
def delete_conversation(conversation: Conversation, by: AbstractBaseUser | None) -> None:
    """Delete a conversation with its turns, events and sound. What a running call still says is not kept."""
    target, project = f"conversation:{conversation.pk}", conversation.project
    audit.record(by, "conversation.delete", project, target, name=conversation.reference)
    deleting.delete_calls(project, [conversation.pk])


@locked
def erase_visitor(project: Project, calls: Sequence[uuid.UUID], by: AbstractBaseUser) -> int:
    """Delete what a visitor asked to be gone; how many conversations it was. Holds the project.

    The audit keeps the references, which are ours: they say that this was done, and nothing of who asked.
    """
    calls = list(calls)[:FOUND_MOST]
    rows = Conversation.objects.filter(project=project, pk__in=calls).order_by("reference")
    references = list(rows.values_list("reference", flat=True))
    if references:
        audit.record(by, "conversation.erase", project, project, conversations=len(references), references=references)
        rehearsals.forget(project, calls)
        deleting.delete_calls(project, calls)
    return len(references)


@locked
def delete_project(project: Project, by: AbstractBaseUser | None) -> None:
    """Delete a project with everything in it. That it was there, and who deleted it, stays in the audit of nobody's
    project. The worker deletes its sound: there may be much of it, and a file that is gone cannot be rolled back.

    Holds the project.
    """
    deleting.delete_files(project, list(project.conversations.order_by("pk").values_list("pk", "recording__file")))
    audit.record(by, "project.delete", None, project)
    keeping.forget_uploads(project.sources.values_list("upload", flat=True))
    project.deployments.all().delete()  # they hold on to the versions
    project.delete()


def note_listening(call: Conversation, by: AbstractBaseUser, taken: bool) -> None:
    """Somebody hears a recording, or takes it away; said once for a stretch of listening."""
    audit.record_stretch(by, "conversation.take_sound" if taken else "conversation.listen", call.project, call)


def rate_conversation(conversation: str, stars: int) -> None:
    """A visitor's stars, once. Raises RATING_GIVEN, and RATING_INVALID where the conversation is there no more."""
    rows = Conversation.objects.filter(pk=conversation)
    if rows.filter(rating=None).update(rating=stars):
        outcomes.mark(rows)
        return
    raise Refused("RATING_GIVEN" if rows.exists() else "RATING_INVALID")
