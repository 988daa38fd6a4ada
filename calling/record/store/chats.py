"""Chats in the database: each step is one transaction that holds the chat, so two processes never do one at once.

Nothing is told to a client that is not written here first. A step that comes again (a message that was sent again, a
second request for the agent) writes nothing and tells the same events.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from calling.lines import messaging
from calling.lines.context import Context
from calling.lines.messaging import Custom, Event
from calling.models import Chat, ChatEvent
from calling.record import actions, outbox
from calling.record.store import chat_context, chat_limits, chat_places
from calling.record.store import chat_rows as rows
from calling.record.store.chat_places import Place
from calling.record.store.chat_rows import IDLE_S, Told, attempted
from widgets.admission import limits
from widgets.admission.access import Admission
from widgets.admission.access_tokens import Holder
from widgets.card import look
from widgets.refusals import Refused

UNANSWERED_MOST = 20  # messages that wait for an answer
END_IDLE = "end_idle_chat"
NOTHING = Context()


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
    place: Place  # of the socket, to be given back


# ── The beginning ────────────────────────────────────────────────────────────────────────────────────────────


def begin(
    holder: Holder,
    admitted: Admission,
    *,
    platform: str,
    device: str,
    streams: bool,
    agreed: uuid.UUID | None,
    language: str,
    address: str,
) -> str:
    """A session for whoever holds an access token. In the view's thread."""
    now = timezone.now()
    with transaction.atomic():
        chat = Chat.objects.create(
            widget=admitted.widget,
            holder=holder.to_json(),
            user=holder.user,
            consent=agreed,
            language=language,
            platform=platform,
            device=device,
            streams=streams,
            visitor=limits.visitor_hash(address),
            started_at=now,
            seen_at=now,
        )
        chat_limits.draw(chat, chat_limits.CHAT_BYTES)  # of one's own sessions, as many as the view has counted
        rows.append(chat, [("SESSION_START", messaging.start_payload(str(uuid.uuid4()), streams=streams))])
        outbox.add(END_IDLE, {"chat": str(chat.pk)}, now + timedelta(seconds=IDLE_S))
    return str(chat.pk)


async def attach(session: str, holder: Holder, cursor: int, *, address: str, origin: str | None) -> Attached:
    """A socket comes, perhaps of a page. Raises UNKNOWN_SESSION, TOKEN_INVALID for somebody else's, and others."""
    return await attempted(lambda: _attach(_uuid(session), holder, cursor, address, origin))


def _attach(chat_id: uuid.UUID, holder: Holder, cursor: int, address: str, origin: str | None) -> Attached:
    limits.check_address("chat-socket", address)
    _check(holder)
    with transaction.atomic():
        chat = rows.hold(chat_id)
        if chat.user != holder.user:
            raise Refused("TOKEN_INVALID", "of another session")
        if rows.has_ended(chat):
            raise Refused("UNKNOWN_SESSION", "over")
        holder.check_origin(chat.widget, origin)
        rows.see_now(chat)
        chat.save(update_fields=["seen_at"])
    told = list(ChatEvent.objects.filter(chat=chat))
    # What a client has is told again where the rest hangs on it: it knows the ids.
    always = {"SESSION_START", "POLY_AGENT_JOINED"}
    events = [rows.event(row) for row in told if row.sequence > cursor or row.type in always]
    project = chat.widget.project_id if chat.widget else None
    last = told[-1].sequence if told else 0
    owes = rows.owes(chat)
    return Attached(chat.pk, chat.streams, events, last, owes, chat.widget_id, project, chat_places.take(chat.pk))


async def read(chat_id: uuid.UUID, after: int) -> list[Event]:
    """What was told after that."""
    return await attempted(
        lambda: [rows.event(row) for row in ChatEvent.objects.filter(chat=chat_id, sequence__gt=after)]
    )


def _check(holder: Holder) -> None:
    """What was admitted ends with what it was admitted by."""
    try:
        holder.check()
    except Refused as refused:
        raise Refused("TOKEN_INVALID", refused.detail or refused.code) from None


async def leave(place: Place) -> None:
    """A socket is gone."""
    await attempted(place.leave)


async def see(chat_id: uuid.UUID, holder: Holder, place: Place) -> tuple[int, bool]:
    """A client is there. The newest sequence, and whether a message waits for an answer that nobody thinks out.

    Raises TOKEN_INVALID when it may be there no longer.
    """

    def step() -> tuple[int, bool]:
        _check(holder)
        with transaction.atomic():
            chat = rows.hold(chat_id)
            if chat.ended_at is None:
                rows.see_now(chat)
                chat.save(update_fields=["seen_at"])
            seen = chat.last_sequence, rows.owes(chat)
        place.keep()
        return seen

    return await attempted(step)


# ── What a visitor does ──────────────────────────────────────────────────────────────────────────────────────


async def join(chat_id: uuid.UUID, custom: Custom, about: Context = NOTHING) -> list[Event]:
    """The agent is asked for, and comes: the conversation begins. Asked again, the same is told. Raises Refused."""

    def step() -> list[Event]:
        with transaction.atomic():
            chat = rows.live(chat_id)
            known = ChatEvent.objects.filter(chat=chat, type__in=("REQUEST_POLY_AGENT_JOIN", "POLY_AGENT_JOINED"))
            if known.filter(type="REQUEST_POLY_AGENT_JOIN").exists():
                return [rows.event(row) for row in known]
            asked: list[Told] = [("REQUEST_POLY_AGENT_JOIN", {})]
            told = rows.take_in(chat, asked, custom) + rows.come(chat)
            chat_context.arrived(chat)
            chat_context.keep(chat, about)
            return told

    return await attempted(step)


async def learn(chat_id: uuid.UUID, about: Context) -> None:
    """Keep what a page or an app tells of itself; before the agent has come it waits in the chat."""

    def step() -> None:
        with transaction.atomic():
            chat_context.keep(rows.live(chat_id), about)

    await attempted(step)


async def take(chat_id: uuid.UUID, text: str, custom: Custom, message_id: str) -> list[Event]:
    """Keep a message of the visitor, once. Raises MESSAGE_CHANGED, CHAT_FULL, RATE_LIMITED or UNKNOWN_SESSION."""

    def step() -> list[Event]:
        with transaction.atomic():
            chat = rows.live(chat_id)
            local = custom.get("local_id") or message_id
            known = ChatEvent.objects.filter(chat=chat, local_id=local).first()
            if known is not None:
                if known.payload.get("text") != text:
                    raise Refused("MESSAGE_CHANGED")
                return [rows.event(known)]
            waiting = ChatEvent.objects.filter(chat=chat, type="USER_MESSAGE", sequence__gt=chat.answered_to).count()
            if waiting >= UNANSWERED_MOST:
                raise Refused("RATE_LIMITED", "messages that wait")
            come = rows.come(chat)  # whoever writes asks for the agent
            if come:
                chat_context.arrived(chat)
            said: list[Told] = [("USER_MESSAGE", {"text": text, "message_id": message_id})]
            events = come + rows.take_in(chat, said, custom, local, more=chat_limits.of_turn(text))
            assert chat.conversation is not None
            at_s = rows.second(chat.conversation)
            if not rows.is_aloud(chat):  # else it is the call's to write turns; this one waits for its end
                rows.turn(chat.conversation, "visitor", text, at_s)
            return events

    return await attempted(step)


async def link(chat_id: uuid.UUID, call_sid: str, custom: Custom) -> list[Event]:
    """Note which call belongs to the chat. Raises CHAT_FULL, RATE_LIMITED or UNKNOWN_SESSION."""

    def step() -> list[Event]:
        with transaction.atomic():
            chat = rows.live(chat_id)
            chat.call_sid = call_sid
            chat.save(update_fields=["call_sid"])
            return rows.take_in(chat, [("LINK_TO_WEBRTC_CONVERSATION", {"call_sid": call_sid})], custom)

    return await attempted(step)


def rate(session: str, holder: Holder, stars: int, comment: str, origin: str | None) -> bool:
    """The stars of whoever held a chat that is over, once. In the view's thread. Raises Refused.

    True where a page of another origin may read the answer.
    """
    _check(holder)
    with transaction.atomic():
        chat = rows.hold(_uuid(session))
        if chat.user != holder.user:
            raise Refused("TOKEN_INVALID", "of another session")
        elsewhere = holder.check_origin(chat.widget, origin)
        if chat.conversation is None or not rows.has_ended(chat):
            raise Refused("RATING_INVALID", "no chat that is over")
        if chat.widget is not None and not look.read(chat.widget.published).rating:
            raise Refused("RATING_INVALID", "nobody asks")
        actions.rate_conversation(str(chat.conversation.pk), stars)
        at_s = rows.second(chat.conversation)
        rows.note(chat.conversation, "rated", at_s, {"stars": stars, "comment": comment})
    return elsewhere


async def end(chat_id: uuid.UUID, custom: Custom) -> list[Event]:
    """The visitor ends it. Once it is over nothing more is told."""

    def step() -> list[Event]:
        with transaction.atomic():
            chat = rows.hold(chat_id)
            if rows.has_ended(chat):
                return []
            return rows.append(chat, [("USER_END_SESSION", {})], custom) + rows.end(chat, messaging.USER_END)

    return await attempted(step)


async def end_if_idle(chat_id: uuid.UUID) -> tuple[list[Event], float]:
    """The chat is over where no client has said anything for long: what is told of it, else the seconds that are left.

    Nothing and none for a chat that is over already.
    """
    return await attempted(lambda: end_idle(chat_id))


def end_idle(chat_id: uuid.UUID) -> tuple[list[Event], float]:
    """The same, in a thread of the caller's."""
    with transaction.atomic():
        chat = Chat.objects.select_for_update(of=("self",)).filter(pk=chat_id).first()
        if chat is None or chat.ended_at is not None:
            return [], 0.0
        left = IDLE_S - (timezone.now() - chat.seen_at).total_seconds()
        return ([], left) if left > 0 else (rows.end(chat, messaging.ABANDONED), 0.0)


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
