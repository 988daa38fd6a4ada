"""The agent's side of a chat: whose a message is to answer, and the answer as it is kept.

A message belongs to one process for LEASE_S. Whoever dies over it, another thinks it out again; an answer that comes
too late is not kept.
"""

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agents.authoring import tools
from agents.brains.snapshot import AgentSnapshot
from agents.brains.tools.acting import Acting
from agents.connections.kinds import MODEL
from agents.models import Version
from calling.lines import messaging
from calling.lines.messaging import Event
from calling.models import ChatEvent, Conversation
from calling.record.store import chat_context, chat_limits, model_use
from calling.record.store import chat_rows as rows
from calling.record.store.chat_rows import Told, attempted
from calling.record.store.model_use import OpenedModel
from calling.record.store.tool_calls import ToolCalls
from widgets.refusals import Refused

LEASE_S = 30.0  # what an answer has


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
    greeting: str = ""  # in the widget's own words; empty: the agent's
    page: dict[str, Any] = field(default_factory=dict)  # what page or app told, and what their site signed


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
    decision: dict[str, Any] = field(default_factory=dict)


async def claim(chat_id: uuid.UUID) -> Owed | None:
    """The next message that nobody thinks about, for the caller alone and for LEASE_S; None where there is none."""
    return await attempted(lambda: _claim(chat_id))


def _claim(chat_id: uuid.UUID) -> Owed | None:
    with transaction.atomic():
        chat = rows.hold(chat_id)
        if chat.conversation is None or rows.has_ended(chat) or not rows.owes(chat):
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
        name, avatar = rows.card(chat)
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
            greeting=chat_context.greeting(chat) if opening else "",
            page=chat_context.of(chat),
        )


async def answered(owed: Owed, said: Iterable[Said], state: dict[str, Any]) -> list[Event] | None:
    """Keep the answer, and let the next one be thought out. None where it is somebody else's by now, or too late."""
    written = list(said)
    return await attempted(lambda: _answered(owed, written, state))


def _answered(owed: Owed, said: list[Said], state: dict[str, Any]) -> list[Event] | None:
    with transaction.atomic():
        chat = rows.hold(owed.chat)
        if chat.answering != owed.token or chat.ended_at is not None or chat.conversation is None:
            return None
        conversation = chat.conversation
        chat.answered_to, chat.answering, chat.answering_until = owed.sequence, "", None
        chat.save(update_fields=["answered_to", "answering", "answering_until"])
        found: list[Event] = []
        for one in said:
            found += rows.append(chat, one.told, more=chat_limits.of_turn(one.text, one.text))
            at_s = rows.second(conversation)
            more = {"source": one.source, "score": one.score, "timings": one.timings or {}, "decision": one.decision}
            rows.turn(conversation, "agent", one.text, at_s, **more)
            for name, data in one.events:
                rows.note(conversation, name, at_s, data)
        Conversation.objects.filter(pk=conversation.pk).update(agent_state=state)
        if any(one.ends for one in said):
            found += rows.end(chat, messaging.NATURAL_END)
        return found


async def model(owed: Owed, snapshot: AgentSnapshot) -> OpenedModel | None:
    """What the agent thinks with, opened for this answer; None, and nothing is asked, where it chose nothing."""
    if not snapshot.services.get(MODEL):
        return None

    def open_it() -> OpenedModel | None:
        project = Conversation.objects.filter(chat=owed.chat).values_list("project_id", flat=True).first()
        return model_use.opened(project, snapshot.services) if project else None

    return await attempted(open_it)


async def acting(owed: Owed, snapshot: AgentSnapshot) -> Acting | None:
    """How the agent's tools are called for this answer; None, and nothing is asked, where it has none."""
    if not snapshot.tools:
        return None

    def open_them() -> Acting | None:
        row = Conversation.objects.filter(chat=owed.chat).values_list("pk", "project_id").first()
        return Acting(str(row[0]), tools.doors(row[1], snapshot.tools), ToolCalls(row[0])) if row else None

    return await attempted(open_them)


async def agent(version: tuple[int, datetime]) -> AgentSnapshot:
    """What answers in that version."""
    return await attempted(lambda: rows.agent(*version))
