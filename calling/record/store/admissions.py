"""Who may call, and on what: a ticket is spent and its conversation opened.

Whoever calls waits for this, so it has threads of its own, never stands behind notes, and gives up soon: while the
database is away it says so at once.
"""

import asyncio
import secrets
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from agents.brains import snapshot
from agents.brains.snapshot import AgentSnapshot
from agents.engine.notes import Ending
from agents.models import Project
from calling.models import Conversation
from calling.record.store import notes
from calling.record.store.database import ABSENT, presence
from widgets.admission import access, consent, credentials, limits
from widgets.admission.access import Admission
from widgets.refusals import Refused

PATIENCE_S = 5.0  # what a visitor waits for the database
AT_ONCE = 4  # admissions that use it side by side
REFERENCE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that sounds or looks like another
REFERENCE_LENGTH = 4


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


Take = Callable[[int, int | None], bool]

_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="admission")


async def admit(ticket: str, *, address: str, take: Take) -> CallSetup:
    """Spend a ticket and open its conversation. Raises Refused, and has written nothing then.

    `take(widget_id, most)` takes a slot for the call, if there is one. It is asked after everything else was found
    good and before the ticket is spent: somebody who meets a full house may come back with the same ticket.
    """
    if not presence.may_be_asked():
        raise Refused("UNAVAILABLE", "the database is away")
    attempt = _Attempt(take)
    work = asyncio.get_running_loop().run_in_executor(_threads, attempt.run, ticket, address)
    await asyncio.wait({work}, timeout=PATIENCE_S)
    if work.done() or not attempt.give_up():
        return await work
    work.add_done_callback(lambda late: late.cancelled() or late.exception())  # nobody asks for it any more
    presence.did_not_answer("too slow")
    raise Refused("UNAVAILABLE", "the database is too slow")


class _Attempt:
    """One admission on a thread. Once it is given up it takes no slot, and a conversation that it opens is closed."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._lock = threading.Lock()
        self._given_up = self._finished = False

    def run(self, ticket: str, address: str) -> CallSetup:
        close_old_connections()
        try:
            setup = _admit(ticket, address, self.take, self.check)
            with self._lock:
                self._finished = not self._given_up
            if not self._finished:  # it was given up while it was committed
                notes.close(setup.conversation, Ending("failed", "UNAVAILABLE"))
        except ABSENT as error:
            presence.look(error)
            raise Refused("UNAVAILABLE", type(error).__name__) from error
        finally:
            connection.close()
        presence.answered()
        return setup

    def give_up(self) -> bool:
        """False when it is too late for that: the admission is there."""
        with self._lock:
            self._given_up = not self._finished
            return self._given_up

    def check(self) -> None:
        if self._given_up:
            raise Refused("UNAVAILABLE", "nobody waits any more")

    def take(self, widget_id: int, most: int | None) -> bool:
        with self._lock:
            self.check()
            return self._take(widget_id, most)


def _admit(ticket: str, address: str, take: Take, check: Callable[[], None]) -> CallSetup:
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
        check()
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
