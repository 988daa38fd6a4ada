"""Which unanswered questions are alike: the worker reads each with the encoder that the agent answers by.

A question joins the group whose centre is closest to it, if that is close enough, else it begins one. What was answered
since opens again only when a version that was made after that could not answer it either.
"""

import asyncio
import uuid
from typing import Any

import numpy as np
import numpy.typing as npt
import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agents.locks import Gone, hold
from calling.models import Conversation, Question, QuestionGroup, Turn
from calling.record import notices
from calling.record.unanswered import UNANSWERED, Status

log = structlog.get_logger(__name__)

CLOSE = 0.57  # a question at least this close to a centre asks for the same: of 22 pairs 13 were, of 188 others one
GROUPS_MOST = 500  # of a project in one language; the one least asked for gives way
HEAVIEST = 20  # questions that a centre is the mean of at most: one that has many still moves

Vectors = npt.NDArray[np.float32]


def collect(conversation: uuid.UUID) -> int:
    """Put the unanswered questions of a call into groups; how many are new. Twice is once."""
    call = Conversation.objects.select_related("project", "version").filter(pk=conversation, is_test=False).first()
    turns = _asked(call) if call else []
    if call is None or not turns:
        return 0
    encoder, vectors = _read([turn.text for turn in turns], call.language)
    with transaction.atomic():
        try:
            hold(call.project)
        except Gone:
            return 0
        there = set(Turn.objects.filter(pk__in=[turn.pk for turn in turns], question=None).values_list("pk", flat=True))
        for turn, vector in zip(turns, vectors, strict=True):
            if turn.pk in there:  # not deleted, and not collected, since it was read
                _put(call, turn, encoder, vector)
        if there:
            notices.add(call.project, notices.Kind.QUESTIONS, {"asked": len(there)}, timezone.now())
    return len(there)


def _asked(call: Conversation) -> list[Turn]:
    """The visitor's turns before the agent's that knew no answer; without words there is nothing to group."""
    found, before = [], None
    for turn in call.turns.filter(source__in=("", UNANSWERED)).order_by("index"):
        if turn.speaker == "visitor":
            before = turn
        elif turn.source == UNANSWERED and before is not None and before.text.strip():
            found.append(before)
            before = None
    return found


def _read(texts: list[str], language: str) -> tuple[str, Vectors]:
    """Which encoder read them, and their vectors. Raises ProviderError."""
    from agents.speech.providers import registry  # models are loaded where there is something to read

    if settings.SPEECH == "scripted":
        meaning: Any = registry.engines(settings.SPEECH, "", language, settings.MODELS_DIR).meaning
    else:
        meaning = registry.find_meaning(language, settings.MODELS_DIR)
    return type(meaning).__name__, asyncio.run(meaning.vectors(texts))


def _put(call: Conversation, turn: Turn, encoder: str, vector: Vectors) -> None:
    rows = QuestionGroup.objects.filter(project=call.project, language=call.language)
    groups = list(rows.filter(encoder=encoder))
    group, weight = _closest(groups, vector), 0
    if group is None:
        if len(groups) >= GROUPS_MOST:
            log.info("a group of questions gave way to a new one", project=call.project_id)
            min(groups, key=lambda one: (one.status == Status.OPEN, one.asked, one.last_at)).delete()
        group = QuestionGroup(project=call.project, language=call.language, encoder=encoder, last_at=call.started_at)
    else:
        weight = min(group.asked, HEAVIEST)
    centre = vector if not weight else _centre(group) * weight + vector
    group.centre = (centre / np.linalg.norm(centre)).astype(np.float32).tobytes()
    group.asked += 1
    group.last_at = max(group.last_at, call.started_at)
    if group.status == Status.ANSWERED and call.version and group.done_at and call.version.created_at > group.done_at:
        group.status, group.done_at, group.done_by = Status.OPEN, None, None
    group.save()
    Question.objects.create(turn=turn, group=group, asked_at=call.started_at)


def _closest(groups: list[QuestionGroup], vector: Vectors) -> QuestionGroup | None:
    if not groups:
        return None
    closeness = np.stack([_centre(group) for group in groups]) @ vector
    best = int(closeness.argmax())
    return groups[best] if closeness[best] >= CLOSE else None


def _centre(group: QuestionGroup) -> Vectors:
    return np.frombuffer(bytes(group.centre), np.float32)
