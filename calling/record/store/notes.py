"""What a call notes while it runs."""

import uuid
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from agents.engine.notes import TurnNote
from calling.models import Conversation, Event, Recording, Turn
from calling.record.store import thread


class Record:
    """Takes the notes of one call. Nothing here waits; everything is written in the order in which it came."""

    def __init__(self, conversation: uuid.UUID, *, recorded: bool = False) -> None:
        self.conversation = conversation
        self.recorded = recorded

    def answered(self) -> None:
        at = timezone.now()
        self._soon("answered", lambda: self._answer(at))

    def turn(self, note: TurnNote) -> None:
        kept = replace(note, timings=dict(note.timings))  # the agent goes on changing its own
        self._soon("turn", lambda: self._write_turn(kept))

    def event(self, name: str, at_s: float, **data: Any) -> None:
        self._soon(
            "event",
            lambda: Event.objects.create(conversation_id=self.conversation, name=name[:40], at_s=at_s, data=data),
        )

    def state(self, state: dict[str, Any]) -> None:
        self._soon("state", lambda: self._mine().update(agent_state=state))

    def _soon(self, what: str, work: Callable[[], Any]) -> None:
        thread.the_thread.submit_if_room(work, what)

    def _mine(self) -> Any:
        return Conversation.objects.filter(pk=self.conversation)

    def _answer(self, at: datetime) -> None:
        with transaction.atomic():
            self._mine().update(answered_at=at)
            if self.recorded:
                Recording.objects.get_or_create(conversation_id=self.conversation)

    def _write_turn(self, note: TurnNote) -> None:
        fields = asdict(note) | {"source": note.source[:120]}
        Turn.objects.bulk_create(
            [Turn(conversation_id=self.conversation, **fields)],
            update_conflicts=True,
            unique_fields=["conversation", "index"],
            update_fields=[name for name in fields if name != "index"],
        )
