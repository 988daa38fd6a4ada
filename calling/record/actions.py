"""What people do to conversations."""

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.storage import storages
from django.db import transaction

from agents.locks import locked
from agents.models import Project
from agents.people import audit
from calling.models import Conversation
from calling.record import outbox, recording
from widgets.refusals import Refused

SOUNDS_A_ROW = 500  # of an outbox row: what a worker deletes well within its lease


def delete_conversation(conversation: Conversation, by: AbstractBaseUser | None) -> None:
    """Delete a conversation with its turns, events and sound. What a running call still says is not kept."""
    file = getattr(getattr(conversation, "recording", None), "file", "")
    conversation_id, project, reference = conversation.pk, conversation.project, conversation.reference
    with transaction.atomic():
        audit.record(by, "conversation.delete", project, f"conversation:{conversation_id}", name=reference)
        conversation.delete()
        # After the commit: a file that is gone cannot be rolled back; one that is left is only a file.
        transaction.on_commit(lambda: _delete_sound(conversation_id, file))


def _delete_sound(conversation_id: object, file: str) -> None:
    if file:
        storages["recordings"].delete(file)
    recording.delete_spool(conversation_id)


@locked
def delete_project(project: Project, by: AbstractBaseUser | None) -> None:
    """Delete a project with everything in it. That it was there, and who deleted it, stays in the audit of nobody's
    project. The worker deletes its sound: there may be much of it, and a file that is gone cannot be rolled back.

    Holds the project.
    """
    rows = list(project.conversations.order_by("pk").values_list("pk", "recording__file"))
    for start in range(0, len(rows), SOUNDS_A_ROW):
        part = rows[start : start + SOUNDS_A_ROW]
        files, calls = [file for _pk, file in part if file], [str(pk) for pk, _file in part]
        outbox.add("delete_sound", {"project": project.pk, "files": files, "conversations": calls})
    audit.record(by, "project.delete", None, project)
    project.deployments.all().delete()  # they hold on to the versions
    project.delete()


def rate_conversation(conversation: str, stars: int) -> None:
    """A visitor's stars, once. Raises RATING_GIVEN, and RATING_INVALID where the conversation is there no more."""
    rows = Conversation.objects.filter(pk=conversation)
    if rows.filter(rating=None).update(rating=stars):
        return
    raise Refused("RATING_GIVEN" if rows.exists() else "RATING_INVALID")
