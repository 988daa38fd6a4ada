"""Rows of a chat: what its steps are made of, each within a transaction that holds the chat."""

import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from agents.brains import snapshot
from agents.brains.snapshot import AgentSnapshot
from agents.engine.notes import Ending
from agents.models import Version
from calling.lines import messaging
from calling.lines.messaging import Custom, Event
from calling.models import Chat, ChatEvent, Conversation, Turn
from calling.models import Event as Happened
from calling.record import outcomes
from calling.record.store import chat_limits, endings, new_conversations
from calling.record.store.attempts import attempt
from widgets.admission import consent, limits
from widgets.admission.access import Admission
from widgets.admission.access_tokens import Holder
from widgets.refusals import Refused

T = TypeVar("T")

IDLE_S = 600  # without a word of any client, heartbeats included: the chat is over
ENDINGS = {
    messaging.USER_END: Ending("visitor_ended"),
    messaging.NATURAL_END: Ending("agent_ended"),
    messaging.ABANDONED: Ending("silence"),
}

Told = tuple[str, dict[str, Any]]  # type and payload of an event

_threads = ThreadPoolExecutor(4, thread_name_prefix="chat")  # of their own: no call waits behind chats


async def attempted(step: Callable[[], T]) -> T:
    """What a step returns. Raises Refused: UNAVAILABLE where the database does not do it in time."""
    return await attempt(lambda check: step(), undo=lambda done: None, threads=_threads)


def hold(chat_id: uuid.UUID) -> Chat:
    rows = Chat.objects.select_for_update(of=("self",)).select_related("conversation", "widget")
    chat = rows.filter(pk=chat_id).first()
    if chat is None:
        raise Refused("UNKNOWN_SESSION")
    return chat


def live(chat_id: uuid.UUID) -> Chat:
    chat = hold(chat_id)
    if has_ended(chat):
        raise Refused("UNKNOWN_SESSION", "over")
    chat_limits.check_length(chat)
    see_now(chat)
    chat.save(update_fields=["seen_at"])
    return chat


def has_ended(chat: Chat) -> bool:
    return chat.ended_at is not None or timezone.now() - chat.seen_at >= timedelta(seconds=IDLE_S)


def is_aloud(chat: Chat) -> bool:
    """Whether a call has the conversation now, or has not given it back yet."""
    return chat.aloud_until is not None and chat.aloud_until > timezone.now()


def see_now(chat: Chat) -> None:
    chat.seen_at = timezone.now()


def owes(chat: Chat) -> bool:
    """Whether something waits for an answer that nobody thinks out now."""
    if chat.conversation_id is None or chat.ended_at is not None or is_aloud(chat):
        return False
    if chat.answering and chat.answering_until and chat.answering_until > timezone.now():
        return False
    waits = ChatEvent.objects.filter(chat=chat, sequence__gt=chat.answered_to)
    return waits.filter(type__in=("POLY_AGENT_JOINED", "USER_MESSAGE")).exists()


def take_in(
    chat: Chat, told: list[Told], custom: Custom | None = None, local_id: str | None = None, more: int = 0
) -> list[Event]:
    """Keep what a visitor says, within every limit. Raises CHAT_FULL or RATE_LIMITED.

    `more`: bytes that are kept elsewhere for it.
    """
    size = chat_limits.of_events(told, custom or {}) + more
    chat_limits.check_length(chat, size)
    limits.draw(limits.of_visitor("message", chat.visitor))
    chat_limits.draw(chat, size)
    return _append(chat, told, custom, local_id, size)


def append(
    chat: Chat, told: Iterable[Told], custom: Custom | None = None, more: int = 0, local_id: str | None = None
) -> list[Event]:
    """Keep what follows from it: that is refused to nobody, and counts."""
    told = list(told)
    size = chat_limits.of_events(told, custom or {}) + more
    chat_limits.charge(chat, size)
    return _append(chat, told, custom, local_id, size)


def _append(chat: Chat, told: list[Told], custom: Custom | None, local_id: str | None, size: int) -> list[Event]:
    now = timezone.now()
    rows = []
    for type, payload in told:
        chat.last_sequence += 1
        row = ChatEvent(chat=chat, sequence=chat.last_sequence, type=type, payload=payload, custom=custom or {}, at=now)
        row.local_id = local_id
        rows.append(row)
    chat.kept_bytes += size
    ChatEvent.objects.bulk_create(rows)
    chat.save(update_fields=["last_sequence", "kept_bytes"])
    return [event(row) for row in rows]


def event(row: ChatEvent) -> Event:
    return Event(row.type, row.payload, str(row.id), row.at.isoformat(), row.sequence, row.custom)


def come(chat: Chat) -> list[Event]:
    """The agent comes, where it has not come yet: what admitted the visitor is asked once more. Raises Refused."""
    if chat.conversation is not None:
        return []
    admitted = Holder.from_json(chat.holder).admission
    snapshotted = agent(admitted.version.pk, admitted.version.created_at)
    made = new_conversations.of_chat(admitted, snapshotted, chat.visitor)
    made.channel, made.answered_at = Conversation.CHAT, made.started_at
    made.language = snapshotted.spoken_language(chat.language)
    made.consent = consent.use(admitted, str(chat.consent) if chat.consent else None, made.pk)
    made.save(force_insert=True)
    chat.conversation = made
    chat.save(update_fields=["conversation"])
    _variant, found = snapshotted.variant(admitted.widget.variant_key)
    if not found:
        note(made, "variant_missing", 0.0, {"key": admitted.widget.variant_key, "used": made.variant_key})
    name, avatar = _face(admitted)
    return append(chat, [("POLY_AGENT_JOINED", {"agent_name": name, "agent_avatar_url": avatar})])


def card(chat: Chat) -> tuple[str, str]:
    """The agent's name and picture as the visitor was told them."""
    row = ChatEvent.objects.filter(chat=chat, type="POLY_AGENT_JOINED").first()
    payload = row.payload if row else {}
    return payload.get("agent_name", ""), payload.get("agent_avatar_url", "")


def _face(admitted: Admission) -> tuple[str, str]:
    digest = admitted.shown.look.style.avatar
    picture = settings.PUBLIC_URL + reverse("widgets:picture", args=[digest]) if digest else ""
    return admitted.shown.agent_name, picture


def end(chat: Chat, reason: str) -> list[Event]:
    now = timezone.now()
    chat.ended_at, chat.answering, chat.answering_until = now, "", None
    chat.save(update_fields=["ended_at", "answering", "answering_until"])
    if chat.conversation_id is not None:
        endings.close(chat.conversation_id, ENDINGS[reason], now)
    return append(chat, [("SESSION_END", {"reason": reason})])


def now() -> str:
    return timezone.now().isoformat()


def second(conversation: Conversation) -> float:
    return round((timezone.now() - conversation.started_at).total_seconds(), 3)


def next_index(conversation: Conversation) -> int:
    """Of a turn; a call leaves out numbers of what turned out to be nothing."""
    last: int | None = conversation.turns.aggregate(last=Max("index"))["last"]
    return 0 if last is None else last + 1


def turn(conversation: Conversation, speaker: str, text: str, at_s: float, **more: Any) -> None:
    Turn.objects.create(
        conversation=conversation,
        index=next_index(conversation),
        speaker=speaker,
        text=text,
        planned=text if speaker == "agent" else "",
        started_s=at_s,
        ended_s=at_s,
        **more,
    )
    if outcomes.counts(more.get("source", "")):
        outcomes.tell([conversation.pk])


def note(conversation: Conversation, name: str, at_s: float, data: dict[str, Any]) -> None:
    number = conversation.events.count()
    Happened.objects.create(conversation=conversation, number=number, name=name, at_s=at_s, data=data)


@lru_cache(maxsize=64)
def agent(version: int, made: datetime) -> AgentSnapshot:
    """Kept, because versions never change, are large, and every turn asks."""
    return snapshot.read(Version.objects.get(pk=version, created_at=made).config)
