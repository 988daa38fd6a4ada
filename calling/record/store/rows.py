"""What a note does to the rows of its conversation. Twice is once: after a crash notes come again."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from agents.engine.notes import Ending
from calling.lines.messaging import Event as Told
from calling.models import Conversation, Event, Recording, Turn
from calling.record import outcomes, recording
from calling.record.store import chat_calls, chat_news, endings
from calling.record.store.segments import Note


class Deleted(Exception):
    """The conversation is gone: somebody deleted it."""


def write(conversation: uuid.UUID, notes: Sequence[Note]) -> None:
    """Notes of one conversation, in their order, all or none. Raises Deleted."""
    turns: dict[int, Turn] = {}
    events: list[Event] = []
    told: list[Told] = []
    with transaction.atomic():
        # Before its conversation, as the chat's own steps do.
        chat = chat_calls.hold(conversation) if any("chat" in note.data for note in notes) else None
        mine = Conversation.objects.filter(pk=conversation)
        if not mine.select_for_update(no_key=True).values_list("pk").first():
            raise Deleted
        for note in notes:
            match note.kind:
                case "turn":  # noted again as it goes on: the last one counts
                    turns[note.data["index"]] = Turn(conversation_id=conversation, **_known(note, Turn))
                case "event":
                    events.append(Event(conversation_id=conversation, **_known(note, Event)))
                case "state":
                    mine.update(agent_state=note.data["state"])
                case "answered":
                    mine.filter(answered_at=None).update(answered_at=datetime.fromisoformat(note.data["at"]))
                    if note.data["recorded"]:
                        Recording.objects.get_or_create(conversation_id=conversation)
        _write_turns(list(turns.values()))
        if any(outcomes.counts(turn.source) for turn in turns.values()):
            outcomes.tell([conversation])
        Event.objects.bulk_create(events, ignore_conflicts=True)
        if chat is not None:
            told = chat_calls.tell_turns(chat, turns.values())
            for note in notes:
                told += chat_calls.hang_up(chat, note.data) if note.kind == "hang_up" else []
        for note in notes:
            if note.kind == "close":
                ending = Ending(note.data["cause"], note.data["code"])
                endings.close(conversation, ending, datetime.fromisoformat(note.data["at"]))
    if chat is not None and told:
        chat_news.tell(chat.pk, told)


def _known(note: Note, model: type[Model]) -> dict[str, Any]:
    """What the model has a place for: the process that noted it may have been an older or a newer one."""
    names = {field.name for field in model._meta.concrete_fields}
    return {name: value for name, value in note.data.items() if name in names}


def _write_turns(turns: list[Turn]) -> None:
    fields = [field.name for field in Turn._meta.concrete_fields if field.name not in ("id", "conversation", "index")]
    Turn.objects.bulk_create(
        turns, update_conflicts=True, unique_fields=["conversation", "index"], update_fields=fields
    )


def forget(conversation: uuid.UUID, notes: Sequence[Note]) -> None:
    """Notes of a conversation that was deleted while it ran; when it is over, its sound goes too."""
    if any(note.kind == "close" for note in notes):
        recording.delete_spool(conversation)
