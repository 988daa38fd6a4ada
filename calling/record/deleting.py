"""What it takes to delete conversations: rows, sound, spools, and notes that were set aside. One way for everybody.

The rows go in the caller's transaction. Files go after it, by the worker: one that is gone cannot be rolled back, and
one that a crash left behind is still in the outbox.
"""

import uuid
from collections.abc import Sequence

from agents.models import Project
from calling.models import Conversation, Recording, Tag
from calling.record import outbox, unanswered

SOUNDS_A_ROW = 500  # of an outbox row: what a worker deletes well within its lease


def delete_calls(project: Project, calls: Sequence[uuid.UUID]) -> int:
    """Delete these conversations of the project with everything of them; how many there were."""
    rows = Conversation.objects.filter(project=project, pk__in=calls)
    found = list(rows.order_by("pk").values_list("pk", "recording__file"))
    groups = unanswered.groups_of(calls)
    delete_files(project, found)
    rows.delete()
    unanswered.count_again(groups)
    Tag.objects.filter(project=project, conversations=None).delete()  # a tag may be somebody's name
    return len(found)


def delete_sound(project: Project, calls: Sequence[uuid.UUID]) -> int:
    """Delete the recordings of these conversations; what was said stays in writing."""
    rows = Recording.objects.filter(conversation__project=project, conversation__in=calls)
    found = list(rows.order_by("conversation").values_list("conversation_id", "file"))
    delete_files(project, found)
    rows.delete()
    return len(found)


def delete_files(project: Project, found: Sequence[tuple[uuid.UUID, str | None]]) -> None:
    """What these calls have left outside the database, by their ids and files: the worker's work."""
    for start in range(0, len(found), SOUNDS_A_ROW):
        part = found[start : start + SOUNDS_A_ROW]
        files, calls = [file for _pk, file in part if file], [str(pk) for pk, _file in part]
        outbox.add("delete_sound", {"project": project.pk, "files": files, "conversations": calls})
