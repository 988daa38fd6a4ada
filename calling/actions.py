"""What people do to conversations."""

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.storage import storages
from django.db import transaction

from agents import audit
from calling import recording
from calling.models import Conversation
from widgets.refusals import Refused


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


def rate_conversation(conversation: str, stars: int) -> None:
    """A visitor's stars, once. Raises RATING_GIVEN, and RATING_INVALID where the conversation is there no more."""
    rows = Conversation.objects.filter(pk=conversation)
    if rows.filter(rating=None).update(rating=stars):
        return
    raise Refused("RATING_GIVEN" if rows.exists() else "RATING_INVALID")
