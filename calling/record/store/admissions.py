"""Who may call, and on what: a ticket is spent for a guest, and the conversation of a guest who calls is opened.

Whoever calls waits for this, so it never stands behind notes, and while the database is away it says so at once.
"""

import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone

from agents.brains import snapshot
from agents.brains.snapshot import AgentSnapshot
from agents.connections import keeping
from agents.connections.kinds import HEARING, VOICE
from agents.connections.service import Service
from agents.engine.notes import Ending
from agents.models import Project
from calling.models import Chat, Conversation
from calling.record.store import model_use, notes
from calling.record.store.attempts import Check, attempt
from calling.record.store.model_use import OpenedModel
from widgets.admission import access, app_calls, consent, credentials, limits, lines, refused_hosts
from widgets.admission.access import Admission
from widgets.admission.app_calls import CallClaims
from widgets.admission.credentials import TicketClaims
from widgets.admission.lines import Claim
from widgets.refusals import Refused

REFERENCE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that sounds or looks like another
REFERENCE_LENGTH = 4
SITE_CHARS = 260  # what the column holds: a name of full length with scheme and port has a few more
SPOKEN_USES = (HEARING, VOICE)  # of a call


@dataclass(frozen=True, slots=True)
class Guest:
    """Whoever said hello with a good ticket: may call, and has neither a line nor a conversation yet."""

    claims: TicketClaims | CallClaims
    claim: Claim
    address: str
    conversation: uuid.UUID  # what it will be called, if there is one
    reference: str
    agent_name: str

    @property
    def is_app(self) -> bool:
        return isinstance(self.claims, CallClaims)


@dataclass(frozen=True, slots=True)
class CallSetup:
    """A call that was opened: what it runs on, and where it is written down."""

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
    services: Mapping[str, Service] = field(default_factory=dict)  # of other people, by use
    model: OpenedModel | None = None  # that it thinks with


# ── Hello ────────────────────────────────────────────────────────────────────────────────────────────────────


async def greet(ticket: str, *, address: str, check_room: Callable[[Claim], None]) -> Guest:
    """Spend a ticket. Raises Refused, and has written nothing then.

    `check_room` raises Refused where there is no line for such a call. It is asked after everything else was found
    good and before the ticket is spent: somebody who meets a full house may come back with the same ticket.
    """
    return await attempt(lambda check: _greet(ticket, address, check_room, check), undo=lambda guest: None)


def _greet(ticket: str, address: str, check_room: Callable[[Claim], None], check: Check) -> Guest:
    limits.check_address("socket", address)
    claims = credentials.read_ticket(ticket)
    admitted = _admission(claims, address)
    consent.check_again(admitted, claims.consent)
    claim = lines.claim(admitted.widget, address)
    check_room(claim)
    reference = _new_reference(admitted.widget.project)
    with transaction.atomic():
        credentials.spend_ticket(ticket)
        check()
    return Guest(claims, claim, address, uuid.uuid4(), reference, admitted.shown.agent_name)


async def greet_app(token: str, call_sid: str, *, address: str, check_room: Callable[[Claim], None]) -> Guest:
    """Let an app in by its calling token. Raises Refused, and has written nothing then."""
    return await attempt(lambda check: _greet_app(token, call_sid, address, check_room), undo=lambda guest: None)


def _greet_app(token: str, call_sid: str, address: str, check_room: Callable[[Claim], None]) -> Guest:
    limits.check_address("socket", address)
    claims = app_calls.admit(token)
    admitted = app_calls.admission(claims)
    # The chat that the app linked to its call before: what its visitor agreed to there holds here.
    open_chats = Chat.objects.filter(widget=claims.widget, call_sid=call_sid, ended_at=None)
    chat = open_chats.order_by("-started_at").first() if call_sid else None
    if chat is not None:
        claims = replace(claims, consent=str(chat.consent) if chat.consent else None, language=chat.language)
    consent.check_again(admitted, claims.consent)
    claim = lines.claim(admitted.widget, address)
    check_room(claim)
    reference = _new_reference(admitted.widget.project)
    return Guest(claims, claim, address, uuid.uuid4(), reference, admitted.shown.agent_name)


def _admission(claims: TicketClaims | CallClaims, address: str) -> Admission:
    if isinstance(claims, CallClaims):
        return app_calls.admission(claims)
    try:
        return access.admission(claims)
    except Refused as refused:
        refused_hosts.note(refused, address)
        raise


# ── The offer ────────────────────────────────────────────────────────────────────────────────────────────────


async def open_conversation(guest: Guest) -> CallSetup:
    """The guest calls. What admitted them is asked once more. Raises Refused, and has written nothing then."""

    def undo(setup: CallSetup) -> None:
        notes.close(setup.conversation, Ending("failed", "UNAVAILABLE"))

    return await attempt(lambda check: _open(guest, check), undo)


def _open(guest: Guest, check: Check) -> CallSetup:
    admitted = _admission(guest.claims, guest.address)  # outside the transaction: it counts refused hosts
    widget = admitted.widget
    agent = snapshot.read(admitted.version.config)
    with transaction.atomic():
        conversation = _conversation(admitted, agent, guest.claim.address, guest.reference, guest.conversation)
        conversation.language = agent.spoken_language(guest.claims.language)
        conversation.consent = consent.use(admitted, guest.claims.consent, conversation.pk)
        conversation.save(force_insert=True)
        check()
    rule = admitted.shown.look.recording
    return CallSetup(
        conversation=conversation.pk,
        reference=conversation.reference,
        widget_id=widget.pk,
        project_id=widget.project_id,
        agent_name=admitted.shown.agent_name,
        snapshot=agent,
        variant_key=widget.variant_key,
        language=conversation.language,
        environment=admitted.environment,
        origin=admitted.origin,
        # An app asks on its own screens, of which we know nothing: without a yes that we keep, nothing is recorded.
        record=(rule == "on" and not guest.is_app) or (rule != "off" and conversation.consent is not None),
        is_test=admitted.is_test,
        rating=admitted.shown.look.rating,
        services=keeping.opened_for(widget.project_id, agent.services, SPOKEN_USES),
        model=model_use.opened(widget.project_id, agent.services),
    )


# ── No call came of it ───────────────────────────────────────────────────────────────────────────────────────


async def never_began(guest: Guest, code: str) -> None:
    """Keep what a guest's page reported before it offered any sound. Raises Refused."""
    await attempt(lambda check: _never_began(guest, code), undo=lambda conversation: None)


def _never_began(guest: Guest, code: str) -> Conversation:
    admitted = _admission(guest.claims, guest.address)
    limits.check_address("missed", guest.address)
    limits.check_missed(guest.address, admitted.widget.pk)
    return _missed(admitted, code, guest.claim.address, guest.claims.consent, guest.reference, guest.conversation)


def missed(admitted: Admission, code: str, address: str, agreed: str | None) -> Conversation:
    """Keep a call that ended before it began: a visitor's browser says what stood in its way.

    `agreed`: the id of a checked yes. It stays good for the next try.
    """
    reference = _new_reference(admitted.widget.project)
    return _missed(admitted, code, limits.visitor_hash(address), agreed, reference, uuid.uuid4())


def _missed(
    admitted: Admission, code: str, visitor: str, agreed: str | None, reference: str, pk: uuid.UUID
) -> Conversation:
    conversation = _conversation(admitted, snapshot.read(admitted.version.config), visitor, reference, pk)
    conversation.consent_id = uuid.UUID(agreed) if agreed else None
    conversation.ended_at, conversation.end_cause, conversation.error_code = conversation.started_at, "failed", code
    conversation.wanting = True
    conversation.save(force_insert=True)
    return conversation


def new_conversation(admitted: Admission, agent: AgentSnapshot, visitor: str) -> Conversation:
    """One with a reference and an id of its own, that is not kept yet."""
    return _conversation(admitted, agent, visitor, _new_reference(admitted.widget.project), uuid.uuid4())


def _conversation(
    admitted: Admission, agent: AgentSnapshot, visitor: str, reference: str, pk: uuid.UUID
) -> Conversation:
    """A new one that is not kept yet."""
    widget = admitted.widget
    variant, _found = agent.variant(widget.variant_key)
    return Conversation(
        pk=pk,
        reference=reference,
        project=widget.project,
        widget=widget,
        widget_name=widget.name,
        environment=admitted.environment,
        version=admitted.version,
        variant_key=variant.key if variant else "",
        language=agent.language,  # that is spoken; the card's is with the consent
        site=admitted.site[:SITE_CHARS],
        is_test=admitted.is_test,
        visitor=visitor,
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
