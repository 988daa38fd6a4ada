"""Chats in the database: each step is one transaction that holds the chat, so two processes never do one at once.

Nothing is told to a client that is not written here first. A step that comes again (a message that was sent again, a
second request for the agent) writes nothing and tells the same events.
"""

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
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
from calling.record import outbox
from calling.record.store import admissions, endings
from calling.record.store.attempts import attempt
from widgets.admission import apps, consent, limits
from widgets.admission.access import Admission
from widgets.admission.access_tokens import Holder
from widgets.refusals import Refused

IDLE_S = 600  # without a word of any client, heartbeats included: the chat is over
LEASE_S = 30.0  # what an answer has; whoever died over it, another thinks it out again
UNANSWERED_MOST = 20  # messages that wait for an answer
EVENTS_MOST, BYTES_MOST = 5_000, 4 * 1024 * 1024  # of one chat
ENDINGS = {
    messaging.USER_END: Ending("visitor_ended"),
    messaging.NATURAL_END: Ending("agent_ended"),
    messaging.ABANDONED: Ending("silence"),
}
END_IDLE = "end_idle_chat"

Told = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Attached:
    """A chat as a socket finds it."""

    chat: uuid.UUID
    streams: bool
    events: list[Event]  # its start, and what came after the cursor
    last: int  # sequence of the newest
    owes: bool  # a message waits for an answer that nobody thinks out
    widget_id: int | None
    project_id: int | None


@dataclass(frozen=True, slots=True)
class Owed:
    """One message to be answered, with all that the answer needs. `token` says whose the answer is."""

    chat: uuid.UUID
    token: str
    sequence: int
    text: str
    version: tuple[int, datetime]
    variant_key: str
    language: str
    state: dict[str, Any]
    platform: str
    streams: bool
    agent_name: str
    avatar_url: str
    opening: bool = False  # the agent has just come; `text` is empty
    greets: bool = False  # … and was asked for, so that it says hello


@dataclass(frozen=True, slots=True)
class Said:
    """What the agent wrote, as it is to be kept."""

    told: list[Told]
    text: str
    source: str
    score: float | None
    ends: bool
    events: tuple[tuple[str, dict[str, Any]], ...] = ()
    timings: dict[str, float] | None = None


# ── The beginning ────────────────────────────────────────────────────────────────────────────────────────────


def begin(
    holder: Holder,
    admitted: Admission,
    *,
    platform: str,
    device: str,
    streams: bool,
    agreed: uuid.UUID | None,
    address: str,
) -> str:
    """A session for whoever holds an access token. In the view's thread, which has drawn on the address's own limit."""
    limits.draw(limits.of_widget("session", admitted.widget.pk))
    now = timezone.now()
    with transaction.atomic():
        chat = Chat.objects.create(
            widget=admitted.widget,
            holder=holder.to_json(),
            user=holder.user,
            consent=agreed,
            platform=platform,
            device=device,
            streams=streams,
            visitor=limits.visitor_hash(address),
            started_at=now,
            seen_at=now,
        )
        _append(chat, [("SESSION_START", messaging.start_payload(str(uuid.uuid4()), streams=streams))])
        outbox.add(END_IDLE, {"chat": str(chat.pk)}, now + timedelta(seconds=IDLE_S))
    return str(chat.pk)


async def attach(session: str, holder: Holder, cursor: int, *, address: str, origin: str | None) -> Attached:
    """A socket comes, perhaps of a page. Raises UNKNOWN_SESSION, TOKEN_INVALID for somebody else's, and others."""
    return await _attempt(lambda: _attach(_uuid(session), holder, cursor, address, origin))


def _attach(chat_id: uuid.UUID, holder: Holder, cursor: int, address: str, origin: str | None) -> Attached:
    limits.check_address("chat-socket", address)
    _check_holder(holder)
    with transaction.atomic():
        chat = _hold(chat_id)
        if chat.user != holder.user:
            raise Refused("TOKEN_INVALID", "of another session")
        if _has_ended(chat):
            raise Refused("UNKNOWN_SESSION", "over")
        if origin is not None and origin != settings.PUBLIC_URL:
            if chat.widget is None:
                raise Refused("UNKNOWN_WIDGET", "deleted")
            apps.check_origin(chat.widget, origin)
        _see(chat)
        chat.save(update_fields=["seen_at"])
    rows = list(ChatEvent.objects.filter(chat=chat))
    # What a client has is told again where the rest hangs on it: it knows the ids.
    always = {"SESSION_START", "POLY_AGENT_JOINED"}
    events = [_event(row) for row in rows if row.sequence > cursor or row.type in always]
    project = chat.widget.project_id if chat.widget else None
    last = rows[-1].sequence if rows else 0
    return Attached(chat.pk, chat.streams, events, last, _owes(chat), chat.widget_id, project)


async def read(chat_id: uuid.UUID, after: int) -> list[Event]:
    """What was told after that."""
    return await _attempt(lambda: [_event(row) for row in ChatEvent.objects.filter(chat=chat_id, sequence__gt=after)])


def _check_holder(holder: Holder) -> None:
    """What was admitted ends with what it was admitted by."""
    if not apps.holds(holder.app):
        raise Refused("TOKEN_INVALID", "app access has changed")


async def see(chat_id: uuid.UUID, holder: Holder) -> tuple[int, bool]:
    """A client is there. The newest sequence, and whether a message waits for an answer that nobody thinks out.

    Raises TOKEN_INVALID when it may be there no longer.
    """

    def step() -> tuple[int, bool]:
        _check_holder(holder)
        with transaction.atomic():
            chat = _hold(chat_id)
            if chat.ended_at is None:
                _see(chat)
                chat.save(update_fields=["seen_at"])
            return chat.last_sequence, _owes(chat)

    return await _attempt(step)


# ── What a visitor does ──────────────────────────────────────────────────────────────────────────────────────


async def join(chat_id: uuid.UUID, custom: Custom) -> list[Event]:
    """The agent is asked for, and comes: the conversation begins. Asked again, the same is told. Raises Refused."""

    def step() -> list[Event]:
        with transaction.atomic():
            chat = _live(chat_id)
            known = ChatEvent.objects.filter(chat=chat, type__in=("REQUEST_POLY_AGENT_JOIN", "POLY_AGENT_JOINED"))
            if known.filter(type="REQUEST_POLY_AGENT_JOIN").exists():
                return [_event(row) for row in known]
            asked: list[Told] = [("REQUEST_POLY_AGENT_JOIN", {})]
            return _append(chat, asked, custom) + _come(chat)

    return await _attempt(step)


async def take(chat_id: uuid.UUID, text: str, custom: Custom, message_id: str) -> list[Event]:
    """Keep a message of the visitor, once. Raises MESSAGE_CHANGED, CHAT_FULL, RATE_LIMITED or UNKNOWN_SESSION."""

    def step() -> list[Event]:
        with transaction.atomic():
            chat = _live(chat_id)
            local = custom.get("local_id") or message_id
            known = ChatEvent.objects.filter(chat=chat, local_id=local).first()
            if known is not None:
                if known.payload.get("text") != text:
                    raise Refused("MESSAGE_CHANGED")
                return [_event(known)]
            waiting = ChatEvent.objects.filter(chat=chat, type="USER_MESSAGE", sequence__gt=chat.answered_to).count()
            if waiting >= UNANSWERED_MOST:
                raise Refused("RATE_LIMITED", "messages that wait")
            come = _come(chat)  # whoever writes asks for the agent
            payload = {"text": text, "message_id": message_id}
            events = come + _append(chat, [("USER_MESSAGE", payload)], custom, local_id=local)
            assert chat.conversation is not None
            at_s = _second(chat.conversation)
            _turn(chat.conversation, "visitor", text, at_s)
            return events

    return await _attempt(step)


async def link(chat_id: uuid.UUID, call_sid: str, custom: Custom) -> list[Event]:
    """Note which call belongs to the chat."""

    def step() -> list[Event]:
        with transaction.atomic():
            chat = _live(chat_id)
            chat.call_sid = call_sid
            chat.save(update_fields=["call_sid"])
            return _append(chat, [("LINK_TO_WEBRTC_CONVERSATION", {"call_sid": call_sid})], custom)

    return await _attempt(step)


async def end(chat_id: uuid.UUID, custom: Custom) -> list[Event]:
    """The visitor ends it. Once it is over nothing more is told."""

    def step() -> list[Event]:
        with transaction.atomic():
            chat = _hold(chat_id)
            if _has_ended(chat):
                return []
            return _append(chat, [("USER_END_SESSION", {})], custom) + _end(chat, messaging.USER_END)

    return await _attempt(step)


async def end_if_idle(chat_id: uuid.UUID) -> tuple[list[Event], float]:
    """The chat is over where no client has said anything for long: what is told of it, else the seconds that are left.

    Nothing and none for a chat that is over already.
    """
    return await _attempt(lambda: end_idle(chat_id))


def end_idle(chat_id: uuid.UUID) -> tuple[list[Event], float]:
    """The same, in a thread of the caller's."""
    with transaction.atomic():
        chat = Chat.objects.select_for_update(of=("self",)).filter(pk=chat_id).first()
        if chat is None or chat.ended_at is not None:
            return [], 0.0
        left = IDLE_S - (timezone.now() - chat.seen_at).total_seconds()
        return ([], left) if left > 0 else (_end(chat, messaging.ABANDONED), 0.0)


# ── What the agent does ──────────────────────────────────────────────────────────────────────────────────────


async def claim(chat_id: uuid.UUID) -> Owed | None:
    """The next message that nobody thinks about, for the caller alone and for LEASE_S; None where there is none."""
    return await _attempt(lambda: _claim(chat_id))


def _claim(chat_id: uuid.UUID) -> Owed | None:
    with transaction.atomic():
        chat = _hold(chat_id)
        if chat.conversation is None or _has_ended(chat) or not _owes(chat):
            return None
        conversation = chat.conversation
        greeted = ChatEvent.objects.filter(chat=chat, type="POLY_AGENT_JOINED").values_list("sequence", flat=True)
        asked = ChatEvent.objects.filter(chat=chat, type="USER_MESSAGE", sequence__gt=chat.answered_to).first()
        opening = chat.answered_to < greeted[0]
        made = Version.objects.filter(pk=conversation.version_id).values_list("created_at", flat=True).first()
        if conversation.version_id is None or made is None:
            raise Refused("NO_VERSION", "deleted")
        chat.answering = secrets.token_urlsafe(16)
        chat.answering_until = timezone.now() + timedelta(seconds=LEASE_S)
        chat.save(update_fields=["answering", "answering_until"])
        name, avatar = _card(chat)
        return Owed(
            chat=chat.pk,
            token=chat.answering,
            sequence=greeted[0] if opening or asked is None else asked.sequence,
            text="" if opening or asked is None else asked.payload["text"],
            version=(conversation.version_id, made),
            variant_key=conversation.variant_key,
            language=conversation.language,
            state=conversation.agent_state or {},
            platform=chat.platform,
            streams=chat.streams,
            agent_name=name,
            avatar_url=avatar,
            opening=opening,
            greets=ChatEvent.objects.filter(chat=chat, type="REQUEST_POLY_AGENT_JOIN").exists(),
        )


async def answered(owed: Owed, said: Iterable[Said], state: dict[str, Any]) -> list[Event] | None:
    """Keep the answer, and let the next one be thought out. None where it is somebody else's by now, or too late."""
    written = list(said)
    return await _attempt(lambda: _answered(owed, written, state))


def _answered(owed: Owed, said: list[Said], state: dict[str, Any]) -> list[Event] | None:
    with transaction.atomic():
        chat = _hold(owed.chat)
        if chat.answering != owed.token or chat.ended_at is not None or chat.conversation is None:
            return None
        conversation = chat.conversation
        chat.answered_to, chat.answering, chat.answering_until = owed.sequence, "", None
        chat.save(update_fields=["answered_to", "answering", "answering_until"])
        found: list[Event] = []
        for one in said:
            found += _append(chat, one.told)
            at_s = _second(conversation)
            _turn(conversation, "agent", one.text, at_s, source=one.source, score=one.score, timings=one.timings or {})
            for name, data in one.events:
                _note(conversation, name, at_s, data)
        Conversation.objects.filter(pk=conversation.pk).update(agent_state=state)
        if any(one.ends for one in said):
            found += _end(chat, messaging.NATURAL_END)
        return found


async def let_go(owed: Owed) -> None:
    """The answer could not be made now: somebody may try again."""

    def step() -> None:
        mine = Chat.objects.filter(pk=owed.chat, answering=owed.token)
        mine.update(answering="", answering_until=None)

    await _attempt(step)


async def agent(version: tuple[int, datetime]) -> AgentSnapshot:
    """What answers in that version."""
    return await _attempt(lambda: _agent(*version))


@lru_cache(maxsize=64)
def _agent(version: int, made: datetime) -> AgentSnapshot:
    """Kept, because versions never change, are large, and every turn asks."""
    return snapshot.read(Version.objects.get(pk=version, created_at=made).config)


# ── Steps within a transaction that holds the chat ───────────────────────────────────────────────────────────


def _hold(chat_id: uuid.UUID) -> Chat:
    rows = Chat.objects.select_for_update(of=("self",)).select_related("conversation", "widget")
    chat = rows.filter(pk=chat_id).first()
    if chat is None:
        raise Refused("UNKNOWN_SESSION")
    return chat


def _live(chat_id: uuid.UUID) -> Chat:
    chat = _hold(chat_id)
    if _has_ended(chat):
        raise Refused("UNKNOWN_SESSION", "over")
    if chat.last_sequence >= EVENTS_MOST or chat.kept_bytes >= BYTES_MOST:
        raise Refused("CHAT_FULL")
    _see(chat)
    chat.save(update_fields=["seen_at"])
    return chat


def _has_ended(chat: Chat) -> bool:
    return chat.ended_at is not None or timezone.now() - chat.seen_at >= timedelta(seconds=IDLE_S)


def _see(chat: Chat) -> None:
    chat.seen_at = timezone.now()


def _owes(chat: Chat) -> bool:
    """Whether something waits for an answer that nobody thinks out now."""
    if chat.conversation_id is None or chat.ended_at is not None:
        return False
    if chat.answering and chat.answering_until and chat.answering_until > timezone.now():
        return False
    waits = ChatEvent.objects.filter(chat=chat, sequence__gt=chat.answered_to)
    return waits.filter(type__in=("POLY_AGENT_JOINED", "USER_MESSAGE")).exists()


def _append(chat: Chat, told: Iterable[Told], custom: Custom | None = None, local_id: str | None = None) -> list[Event]:
    now = timezone.now()
    rows = []
    for type, payload in told:
        chat.last_sequence += 1
        row = ChatEvent(chat=chat, sequence=chat.last_sequence, type=type, payload=payload, custom=custom or {}, at=now)
        row.local_id = local_id
        rows.append(row)
        chat.kept_bytes += len(messaging.dump(_event(row)))
    ChatEvent.objects.bulk_create(rows)
    chat.save(update_fields=["last_sequence", "kept_bytes"])
    return [_event(row) for row in rows]


def _event(row: ChatEvent) -> Event:
    return Event(row.type, row.payload, str(row.id), row.at.isoformat(), row.sequence, row.custom)


def _come(chat: Chat) -> list[Event]:
    """The agent comes, where it has not come yet: what admitted the visitor is asked once more. Raises Refused."""
    if chat.conversation is not None:
        return []
    admitted = Holder.from_json(chat.holder).admission
    agent = _agent(admitted.version.pk, admitted.version.created_at)
    made = admissions.new_conversation(admitted, agent, chat.visitor)
    made.channel, made.answered_at = Conversation.CHAT, made.started_at
    made.consent = consent.use(admitted, str(chat.consent) if chat.consent else None, made.pk)
    made.save(force_insert=True)
    chat.conversation = made
    chat.save(update_fields=["conversation"])
    _variant, found = agent.variant(admitted.widget.variant_key)
    if not found:
        _note(made, "variant_missing", 0.0, {"key": admitted.widget.variant_key, "used": made.variant_key})
    name, avatar = _face(admitted)
    return _append(chat, [("POLY_AGENT_JOINED", {"agent_name": name, "agent_avatar_url": avatar})])


def _card(chat: Chat) -> tuple[str, str]:
    """The agent's name and picture as the visitor was told them."""
    row = ChatEvent.objects.filter(chat=chat, type="POLY_AGENT_JOINED").first()
    payload = row.payload if row else {}
    return payload.get("agent_name", ""), payload.get("agent_avatar_url", "")


def _face(admitted: Admission) -> tuple[str, str]:
    digest = admitted.shown.look.style.avatar
    picture = settings.PUBLIC_URL + reverse("widgets:picture", args=[digest]) if digest else ""
    return admitted.shown.agent_name, picture


def _end(chat: Chat, reason: str) -> list[Event]:
    now = timezone.now()
    chat.ended_at, chat.answering, chat.answering_until = now, "", None
    chat.save(update_fields=["ended_at", "answering", "answering_until"])
    if chat.conversation_id is not None:
        endings.close(chat.conversation_id, ENDINGS[reason], now)
    return _append(chat, [("SESSION_END", {"reason": reason})])


def now() -> str:
    return timezone.now().isoformat()


def _second(conversation: Conversation) -> float:
    return round((timezone.now() - conversation.started_at).total_seconds(), 3)


def _turn(conversation: Conversation, speaker: str, text: str, at_s: float, **more: Any) -> None:
    Turn.objects.create(
        conversation=conversation,
        index=conversation.turns.count(),
        speaker=speaker,
        text=text,
        planned=text if speaker == "agent" else "",
        started_s=at_s,
        ended_s=at_s,
        **more,
    )


def _note(conversation: Conversation, name: str, at_s: float, data: dict[str, Any]) -> None:
    number = conversation.events.count()
    Happened.objects.create(conversation=conversation, number=number, name=name, at_s=at_s, data=data)


async def _attempt(step: Any) -> Any:
    return await attempt(lambda check: step(), undo=lambda done: None)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text if len(text) == 36 else "")
    except ValueError:
        raise Refused("UNKNOWN_SESSION", "not an id") from None


# ── For the worker ───────────────────────────────────────────────────────────────────────────────────────────

UNUSED = timedelta(days=1)  # sessions in which nobody asked for the agent


def end_idle_later(payload: dict[str, Any]) -> None:
    """Ends a chat whose clients are gone; as long as they come back, looks again."""
    _events, left = end_idle(uuid.UUID(payload["chat"]))
    if left > 0:
        outbox.add(END_IDLE, payload, timezone.now() + timedelta(seconds=left))


def forget_unused(now: datetime) -> None:
    Chat.objects.filter(conversation=None, ended_at__lt=now - UNUSED).delete()
