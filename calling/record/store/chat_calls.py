"""A chat goes on aloud: the call that is placed from it is written into the same conversation, and gives it back.

While it lasts, nothing else writes turns there: what is typed into the call goes through it, and what comes by the
messaging socket waits for its end. Clients of the chat are told of each turn, so that one transcript holds both media.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from calling.lines.messaging import Event
from calling.models import Chat, ChatEvent, Conversation, Turn
from calling.record.store import chat_context
from calling.record.store import chat_rows as rows
from widgets.admission import consent
from widgets.admission.access import Admission
from widgets.admission.credentials import TicketClaims
from widgets.refusals import Refused

BEGAN, ENDED, SAID = "VOICE_STARTED", "VOICE_ENDED", "VOICE_TURN"  # types of events, unknown to the published clients
LATE = timedelta(minutes=2)  # what a call takes to come up, and to be written down after its end
EVENTS_A_CALL = 1_000_000  # numbers of a call's own events, which are written later than those of its chat


@dataclass(frozen=True, slots=True)
class Aloud:
    """Where a call stands in the conversation that it goes on with."""

    chat: uuid.UUID
    began_at: datetime  # of the conversation: its seconds count from here
    first_event: int
    state: dict[str, Any] = field(default_factory=dict)  # of the agent


def of(claims: TicketClaims, admitted: Admission) -> Chat:
    """The chat of a ticket, as long as it can go on aloud. Raises Refused."""
    chats = Chat.objects.select_related("conversation__consent__text", "widget")
    chat = chats.filter(pk=_uuid(claims.chat), user=claims.user, widget=admitted.widget).first()
    if chat is None:
        raise Refused("UNKNOWN_SESSION")
    _check(chat, admitted)
    return chat


def _check(chat: Chat, admitted: Admission) -> None:
    if rows.has_ended(chat) or chat.conversation is None:
        raise Refused("UNKNOWN_SESSION", "over" if chat.conversation else "nobody has come yet")
    if rows.is_aloud(chat):
        raise Refused("CALL_EXISTS")
    consent.check_used(admitted, chat.conversation.consent)


def begin(chat_id: uuid.UUID, admitted: Admission) -> tuple[Conversation, Aloud]:
    """The call begins, within the caller's transaction. An answer that is being written is dropped: it comes by voice,
    or after the call. Raises Refused."""
    chat = rows.hold(chat_id)
    _check(chat, admitted)
    assert chat.conversation is not None
    conversation = chat.conversation
    chat.answering, chat.answering_until = "", None
    chat.aloud_until = timezone.now() + timedelta(minutes=settings.CALL_MAX_MINUTES) + LATE
    chat.save(update_fields=["answering", "answering_until", "aloud_until"])
    rows.append(chat, [(BEGAN, {})])
    rows.note(conversation, "talk_began", rows.second(conversation), {})
    state = dict(conversation.agent_state or {}) | {"next_index": rows.next_index(conversation)}
    state["page"] = chat_context.of(chat)
    calls = ChatEvent.objects.filter(chat=chat, type=BEGAN).count()
    began_at = conversation.answered_at or conversation.started_at
    return conversation, Aloud(chat.pk, began_at, calls * EVENTS_A_CALL, state)


# ── What the call notes (in the writer's transaction, which holds the chat) ──────────────────────────────────


def hold(conversation: uuid.UUID) -> Chat | None:
    return Chat.objects.select_for_update(of=("self",)).filter(conversation=conversation).first()


def tell_turns(chat: Chat, turns: Iterable[Turn]) -> list[Event]:
    """What was said, once it is said: told again where it was corrected, under the same number."""
    told: list[Event] = []
    if chat.ended_at is not None:
        return told
    for turn in turns:
        if turn.ended_s is None or not turn.text:
            continue
        typed = turn.decision.get("typed") or ""
        payload = {"turn": turn.index, "speaker": turn.speaker, "text": turn.text}
        payload["medium"] = "text" if "typed" in turn.decision else "voice"
        known = ChatEvent.objects.filter(chat=chat, type=SAID, payload__turn=turn.index).last()
        if known is not None and known.payload == payload:
            continue
        custom = {"local_id": typed} if typed else {}
        kept = typed if typed and not ChatEvent.objects.filter(chat=chat, local_id=typed).exists() else None
        told += rows.append(chat, [(SAID, payload)], custom, local_id=kept)
    return told


def hang_up(chat: Chat, data: dict[str, Any]) -> list[Event]:
    """The chat is one in writing again: what came meanwhile is its turn now. The second time changes nothing."""
    if chat.aloud_until is None:
        return []
    chat.aloud_until = None
    chat.save(update_fields=["aloud_until"])
    if chat.conversation is None:
        return []
    conversation, seconds = chat.conversation, round(data["seconds"])
    rows.note(conversation, "talk_ended", rows.second(conversation), {"seconds": seconds, "cause": data["cause"]})
    if chat.ended_at is not None:
        return []
    began = ChatEvent.objects.filter(chat=chat, type=BEGAN).aggregate(last=Max("sequence"))["last"] or 0
    for waits in ChatEvent.objects.filter(chat=chat, type="USER_MESSAGE", sequence__gt=began):
        rows.turn(conversation, "visitor", waits.payload["text"], rows.second(conversation))
    return rows.append(chat, [(ENDED, {"seconds": seconds, "cause": data["cause"], "code": data["code"]})])


def left_open() -> list[Event]:
    """Calls of a process that was killed are over. For a start that has the database alone, within a transaction."""
    told: list[Event] = []
    for chat in Chat.objects.select_for_update(of=("self",)).exclude(aloud_until=None):
        told += hang_up(chat, {"seconds": 0, "cause": "connection_lost", "code": ""})
    return told


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Refused("UNKNOWN_SESSION", "not an id") from None
