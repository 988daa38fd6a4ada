"""What went unanswered, in groups of what is alike: what people do about a group, and what is left of one.

Which question belongs to which group is found out by the worker (calling/record/questions.py).
"""

import uuid
from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.authoring import drafting
from agents.authoring.topics import SAMPLE_MOST, SAMPLES_MOST
from agents.locks import hold, locked
from agents.models import Project, Topic
from agents.people import audit
from calling.models import Question, QuestionGroup

UNANSWERED = "unknown"  # a turn's source where the agent knew no answer (agents/brains/topics.py)
Status = QuestionGroup.Status


class NoRoom(ValueError):
    """Nothing was written: the topic has as many example questions as it can have."""


def wordings(group: QuestionGroup, most: int = SAMPLES_MOST) -> list[str]:
    """How it was asked, newest first, each wording once: as example questions may be."""
    found: dict[str, str] = {}
    for text in group.questions.values_list("turn__text", flat=True)[: most * 5]:
        text = " ".join(text.split())
        if text and len(text) <= SAMPLE_MOST:
            found.setdefault(text.casefold().rstrip(" ?.!"), text)
        if len(found) == most:
            break
    return list(found.values())


@transaction.atomic
def add_to_topic(group: QuestionGroup, topic: Topic, by: AbstractBaseUser) -> int:
    """Make of its wordings example questions of a topic, as many as there is room for; how many are new.

    Raises NoRoom, and Gone.
    """
    hold(group.project)
    hold(topic)
    kept = {sample.casefold().rstrip(" ?.!") for sample in topic.samples}
    new = [text for text in wordings(group) if text.casefold().rstrip(" ?.!") not in kept]
    taken = new[: max(0, SAMPLES_MOST - len(topic.samples))]
    if new and not taken:
        raise NoRoom(_("“%s” has as many example questions as it can have.") % topic.name)
    if taken:
        values = {"name": topic.name, "samples": [*topic.samples, *taken]}
        drafting.save_topic(group.project, topic, values, by)
    settle(group.project, group.pk, Status.ANSWERED, by)
    return len(taken)


@locked
def settle(project: Project, group: int, status: str, by: AbstractBaseUser) -> bool:
    """Say what has become of a group: answered, not for us, or open again; whether that is new. Holds the project."""
    row = QuestionGroup.objects.filter(project=project, pk=group).exclude(status=status).first()
    if row is None:
        return False
    row.status = status
    row.done_at, row.done_by = (None, None) if status == Status.OPEN else (timezone.now(), by)
    row.save(update_fields=["status", "done_at", "done_by"])
    audit.record(by, "conversation.questions", project, f"questions:{row.pk}", status=status, asked=row.asked)
    return True


def groups_of(calls: Sequence[uuid.UUID]) -> list[int]:
    """The groups that have a question from one of these calls."""
    found = Question.objects.filter(turn__conversation__in=calls).order_by().values_list("group", flat=True)
    return list(found.distinct())


def count_again(groups: Sequence[int]) -> None:
    """After questions have gone. A group that has none left goes, too: nothing of a visitor stays behind."""
    left = QuestionGroup.objects.filter(pk__in=groups).order_by().annotate(n=Count("questions"))
    for group in left.annotate(newest=Max("questions__asked_at")):
        if group.n:
            QuestionGroup.objects.filter(pk=group.pk).update(asked=group.n, last_at=group.newest)
        else:
            group.delete()
