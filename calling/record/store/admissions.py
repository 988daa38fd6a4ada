"""Who may call, and on what: a ticket is spent for a guest, and the conversation of a guest who calls is opened.

Whoever calls waits for this, so it never stands behind notes, and while the database is away it says so at once.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction

from agents.authoring import tools
from agents.brains import snapshot
from agents.brains.snapshot import AgentSnapshot
from agents.brains.tools.caller import Door
from agents.connections import keeping
from agents.connections.kinds import HEARING, VOICE
from agents.connections.service import Service
from agents.engine.notes import Ending
from calling.models import Chat, Conversation
from calling.record.store import chat_calls, model_use, new_conversations, notes
from calling.record.store.attempts import Check, attempt
from calling.record.store.chat_calls import Aloud
from calling.record.store.model_use import OpenedModel
from widgets.admission import access, app_calls, consent, credentials, limits, lines, refused_hosts
from widgets.admission.access import Admission
from widgets.admission.app_calls import CallClaims
from widgets.admission.credentials import TicketClaims
from widgets.admission.lines import Claim
from widgets.refusals import Refused

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
    chat: uuid.UUID | None = None  # that goes on aloud with this call, in its own conversation

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
    aloud: Aloud | None = None  # where it is a chat that goes on aloud
    doors: Mapping[int, Door] = field(default_factory=dict)  # where its tools are asked


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
    chat = chat_calls.of(claims, admitted) if claims.chat else None
    if chat is None:
        consent.check_again(admitted, claims.consent)
    claim = lines.claim(admitted.widget, address)
    check_room(claim)
    if chat is None or chat.conversation is None:
        conversation, reference = uuid.uuid4(), new_conversations.new_reference(admitted.widget.project)
    else:
        conversation, reference = chat.conversation.pk, chat.conversation.reference
    with transaction.atomic():
        credentials.spend_ticket(ticket)
        check()
    name = admitted.shown.agent_name
    return Guest(claims, claim, address, conversation, reference, name, chat.pk if chat else None)


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
    reference = new_conversations.new_reference(admitted.widget.project)
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
        ending = Ending("failed", "UNAVAILABLE")
        if setup.aloud:
            notes.hang_up(setup.conversation, setup.aloud.chat, ending, 0.0)
        else:
            notes.close(setup.conversation, ending)

    return await attempt(lambda check: _open(guest, check), undo)


def _open(guest: Guest, check: Check) -> CallSetup:
    admitted = _admission(guest.claims, guest.address)  # outside the transaction: it counts refused hosts
    widget = admitted.widget
    agent = snapshot.read(admitted.version.config)
    aloud = None
    with transaction.atomic():
        if guest.chat is None:
            conversation = new_conversations.of_call(
                admitted, agent, guest.claim.address, guest.reference, guest.conversation
            )
            conversation.language = agent.spoken_language(guest.claims.language)
            conversation.consent = consent.use(admitted, guest.claims.consent, conversation.pk)
            before = _tried_before(guest)
            conversation.save(force_insert=True)
            if before is not None:
                before.delete()
                conversation.events.create(at_s=0.0, name="browser_failed", data={"code": before.error_code})
        else:
            conversation, aloud = chat_calls.begin(guest.chat, admitted)
            agent = snapshot.read(conversation.version.config) if conversation.version else agent
        # Before the commit: what is read may fail as well as what is written, and all of it is tried again together.
        services = keeping.opened_for(widget.project_id, agent.services, SPOKEN_USES)
        model = model_use.opened(widget.project_id, agent.services)
        doors = tools.doors(widget.project_id, agent.tools)
        check()
    rule = "off" if aloud else admitted.shown.look.recording  # of a chat there is no sound to keep
    return CallSetup(
        conversation=conversation.pk,
        reference=conversation.reference,
        widget_id=widget.pk,
        project_id=widget.project_id,
        agent_name=admitted.shown.agent_name,
        snapshot=agent,
        variant_key=conversation.variant_key if aloud else widget.variant_key,
        language=conversation.language,
        environment=admitted.environment,
        origin=admitted.origin,
        # An app asks on its own screens, of which we know nothing: without a yes that we keep, nothing is recorded.
        record=(rule == "on" and not guest.is_app) or (rule != "off" and conversation.consent is not None),
        is_test=admitted.is_test,
        rating=admitted.shown.look.rating and aloud is None,  # a chat is rated when it is over
        services=services,
        model=model,
        aloud=aloud,
        doors=doors,
    )


def _tried_before(guest: Guest) -> Conversation | None:
    """What is kept of the same page's visitor who had no microphone, and now types, or has found it."""
    if isinstance(guest.claims, CallClaims) or not guest.claims.page:
        return None
    rows = Conversation.objects.filter(pk=new_conversations.never_begun_id(guest.claims.page), answered_at=None)
    return rows.filter(widget__code=guest.claims.code, error_code__startswith="MICROPHONE_").first()


# ── No call came of it ───────────────────────────────────────────────────────────────────────────────────────


async def never_began(guest: Guest, code: str) -> None:
    """Keep what a guest's page reported before it offered any sound. Raises Refused."""
    await attempt(lambda check: _never_began(guest, code), undo=lambda conversation: None)


def _never_began(guest: Guest, code: str) -> Conversation:
    admitted = _admission(guest.claims, guest.address)
    limits.check_address("missed", guest.address)
    limits.check_missed(guest.address, admitted.widget.pk)
    page = "" if isinstance(guest.claims, CallClaims) else guest.claims.page
    return _missed(admitted, code, guest.claim.address, guest.claims.consent, guest.reference, page)


def missed(admitted: Admission, code: str, address: str, agreed: str | None, page: str = "") -> Conversation:
    """Keep a call that ended before it began: a visitor's browser says what stood in its way.

    `agreed`: the id of a checked yes. It stays good for the next try. `page`: the grant's; a page has one such row,
    of its visitor's last try.
    """
    reference = new_conversations.new_reference(admitted.widget.project)
    return _missed(admitted, code, limits.visitor_hash(address), agreed, reference, page)


@transaction.atomic
def _missed(
    admitted: Admission, code: str, visitor: str, agreed: str | None, reference: str, page: str
) -> Conversation:
    pk = new_conversations.never_begun_id(page)
    Conversation.objects.filter(pk=pk, answered_at=None).delete()
    conversation = new_conversations.of_call(admitted, snapshot.read(admitted.version.config), visitor, reference, pk)
    conversation.consent_id = uuid.UUID(agreed) if agreed else None
    conversation.ended_at, conversation.end_cause, conversation.error_code = conversation.started_at, "failed", code
    conversation.wanting = True
    conversation.save(force_insert=True)
    return conversation
