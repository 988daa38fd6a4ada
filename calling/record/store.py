"""The only bridge between a live call and the database.

One thread does all of it, in order, so a turn never overtakes the call it belongs to, and the event loop never waits.
Notes are queued and written behind the call's back; admissions and endings are awaited.
"""

import asyncio
import secrets
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from django.db import IntegrityError, OperationalError, close_old_connections, connection, transaction
from django.db.models import Max
from django.utils import timezone

from agents.brains import snapshot
from agents.brains.snapshot import AgentSnapshot
from agents.engine.notes import Ending, TurnNote
from agents.models import Project
from calling.models import Conversation, Event, Recording, Turn
from calling.record import outbox, recording, tasks
from widgets.admission import access, consent, credentials, limits
from widgets.admission.access import Admission
from widgets.refusals import Refused

log = structlog.get_logger(__name__)

T = TypeVar("T")

LONGEST_QUEUE = 5_000  # notes that wait; beyond it new ones are dropped and counted. A call makes about one a second.
PAUSES_S = (0.1, 0.5, 2.0)  # between attempts at a database that is busy
REFERENCE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that sounds or looks like another
REFERENCE_LENGTH = 4


# ── The thread ───────────────────────────────────────────────────────────────────────────────────────────────


class _Thread:
    """Runs database work, one piece after the other, with a connection that is closed when nothing is left to do."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._lock = threading.Lock()
        self._waiting = 0
        self.dropped = 0

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        with self._lock:
            self._waiting += 1
        return self._executor.submit(self._run, work)

    def submit_if_room(self, work: Callable[[], None], what: str) -> None:
        if self._waiting >= LONGEST_QUEUE:
            self.dropped += 1
            log.error("a note was dropped: the database does not keep up", what=what, dropped=self.dropped)
            return
        self.submit(work).add_done_callback(lambda done: _look(done, what))

    def _run(self, work: Callable[[], T]) -> T:
        close_old_connections()
        try:
            return _retried(work)
        finally:
            with self._lock:
                self._waiting -= 1
                idle = not self._waiting
            if idle:  # many notes in a row share a connection; an idle thread holds none
                connection.close()


_thread = _Thread()


async def run(work: Callable[[], T]) -> T:
    """Do database work on the store's thread and wait for it."""
    return await asyncio.wrap_future(_thread.submit(work))


async def flush() -> None:
    """Return when everything noted so far is written."""
    await run(lambda: None)


def _retried(work: Callable[[], T]) -> T:
    for pause_s in PAUSES_S:
        try:
            return work()
        except OperationalError as error:
            log.warning("the database is busy or away; trying again", error=type(error).__name__, after_s=pause_s)
            close_old_connections()
            time.sleep(pause_s)
    return work()


def _look(done: "Future[Any]", what: str) -> None:
    error = done.exception()
    if isinstance(error, IntegrityError):
        log.info("a note came after its conversation was deleted", what=what)
    elif error is not None:
        log.error("a note could not be written", what=what, exc_info=error)


# ── Who may call, and on what ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class CallSetup:
    """A call that was admitted: what it runs on, and where it is written down."""

    conversation: uuid.UUID
    reference: str
    widget_id: int
    project_id: int
    agent_name: str
    snapshot: AgentSnapshot
    variant_key: str
    language: str
    environment: str
    origin: str
    record: bool
    is_test: bool
    rating: bool = False  # whether the visitor is asked for stars afterwards


async def admit(ticket: str, *, address: str, take: Callable[[int, int | None], bool]) -> CallSetup:
    """Spend a ticket and open its conversation. Raises Refused, and has written nothing then.

    `take(widget_id, most)` takes a slot for the call, if there is one. It is asked after everything else was found
    good and before the ticket is spent: somebody who meets a full house may come back with the same ticket.
    """
    return await run(lambda: _admit(ticket, address, take))


def _admit(ticket: str, address: str, take: Callable[[int, int | None], bool]) -> CallSetup:
    limits.check_address("socket", address)
    claims = credentials.read_ticket(ticket)
    admitted = access.admission(claims)  # outside the transaction: it counts refused hosts
    widget, version = admitted.widget, admitted.version
    agent = snapshot.read(version.config)
    if not take(widget.pk, widget.max_calls):
        raise Refused("FULL")
    with transaction.atomic():
        credentials.spend_ticket(ticket)
        conversation = _conversation(admitted, agent, address)
        conversation.consent = consent.use(admitted, claims.consent, conversation.pk)
        conversation.save(force_insert=True)
    rule = admitted.config["recording"]
    return CallSetup(
        conversation=conversation.pk,
        reference=conversation.reference,
        widget_id=widget.pk,
        project_id=widget.project_id,
        agent_name=admitted.agent_name,
        snapshot=agent,
        variant_key=widget.variant_key,
        language=conversation.language,
        environment=admitted.environment,
        origin=admitted.origin,
        record=rule == "on" or (rule == "after_consent" and conversation.consent is not None),
        is_test=admitted.is_test,
        rating=bool(admitted.config.get("rating")),
    )


def missed(admitted: Admission, code: str, address: str, agreed: str | None) -> Conversation:
    """Keep a call that ended before it began: a visitor's browser says what stood in its way.

    `agreed`: the id of a checked yes. It stays good for the next try.
    """
    conversation = _conversation(admitted, snapshot.read(admitted.version.config), address)
    conversation.consent_id = uuid.UUID(agreed) if agreed else None
    conversation.ended_at, conversation.end_cause, conversation.error_code = conversation.started_at, "failed", code
    conversation.save(force_insert=True)
    return conversation


def _conversation(admitted: Admission, agent: AgentSnapshot, address: str) -> Conversation:
    """A new one that is not kept yet."""
    widget = admitted.widget
    variant, _found = agent.variant(widget.variant_key)
    return Conversation(
        reference=_new_reference(widget.project),
        project=widget.project,
        widget=widget,
        widget_name=widget.name,
        environment=admitted.environment,
        version=admitted.version,
        variant_key=variant.key if variant else "",
        language=agent.language,  # what is spoken; the card's is with the consent
        site=admitted.site,
        is_test=admitted.is_test,
        visitor=limits.visitor_hash(address),
        started_at=timezone.now(),
    )


def _new_reference(project: Project) -> str:
    """Short enough to say on the phone: "HB-7K2Q". Two signs of the project, then chance; longer when many are used."""
    words = project.slug.upper().split("-")
    start = "".join(word[0] for word in words if word)[:2] if len(words) > 1 else words[0][:2]
    length = REFERENCE_LENGTH
    while True:
        for _attempt in range(5):
            reference = f"{start}-" + "".join(secrets.choice(REFERENCE_SIGNS) for _sign in range(length))
            if not Conversation.objects.filter(reference=reference).exists():
                return reference
        length += 1


# ── What is noted ────────────────────────────────────────────────────────────────────────────────────────────


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
        _thread.submit_if_room(work, what)

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


# ── The end ──────────────────────────────────────────────────────────────────────────────────────────────────


async def close_conversation(conversation: uuid.UUID, ending: Ending) -> None:
    """Write the end of a call, and what is to be done after it. The second time changes nothing."""
    at = timezone.now()
    await run(lambda: _close(conversation, ending, at))


def _close(conversation: uuid.UUID, ending: Ending, at: datetime) -> None:
    with transaction.atomic():
        ended = Conversation.objects.filter(pk=conversation, ended_at=None).update(
            ended_at=at, end_cause=ending.cause, error_code=ending.code
        )
        if not ended and not Conversation.objects.filter(pk=conversation).exists():
            recording.delete_spool(conversation)  # deleted while it ran
            return
        _hand_over(conversation)


def _hand_over(conversation: uuid.UUID) -> None:
    """The recording goes to the worker, once."""
    spooled = Recording.objects.filter(conversation_id=conversation, status=Recording.Status.SPOOLING)
    if spooled.update(status=Recording.Status.ENCODING):
        outbox.add("encode_recording", {"conversation": str(conversation)})


async def recover() -> int:
    """What a killed process left behind: its calls are ended, its spools go to the worker. Returns how many calls.

    For the start of a gateway, before it takes calls: one gateway serves a database, so whatever is open is orphaned.
    """
    return await run(_recover)


def _recover() -> int:
    left_open = list(Conversation.objects.filter(ended_at=None).annotate(last_s=Max("turns__ended_s")))
    for conversation in left_open:
        began = conversation.answered_at or conversation.started_at
        lasted_s = max(conversation.last_s or 0.0, recording.spooled_s(conversation.pk))
        _close(conversation.pk, Ending("connection_lost"), began + timedelta(seconds=lasted_s))
    for conversation in recording.spools():
        row = Recording.objects.filter(conversation_id=conversation).first()
        if row is None or row.status == Recording.Status.READY:
            recording.delete_spool(conversation)
        else:
            with transaction.atomic():
                _hand_over(conversation)
    tasks.plan_purge()
    if left_open:
        log.warning("calls that a killed process left open were ended", calls=len(left_open))
    return len(left_open)
