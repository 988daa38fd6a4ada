"""Grant and ticket: made, checked, renewed, spent. Each is signed with a salt of its own, so none passes for another.

A *grant* says: this document was made for this widget on a page of this origin. It lasts 15 minutes and opens nothing
by itself. A *ticket* is what a grant is swapped for, together with the visitor's consent: it lasts 60 seconds and
starts one call. A *rating ticket* comes with the end of a call, and lets its visitor rate that call within ten minutes.
None stands in a URL, but for a ticket in the one of ICE servers, where documented clients put theirs.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from widgets.models import SpentTicket
from widgets.refusals import Refused

GRANT_S = 15 * 60
RENEWABLE_S = 24 * 3600
TICKET_S = 60
RATING_S = 10 * 60
SWEEP_S = 600

# Why a grant was made. Embedded pages pass the list of domains; the others are our own pages, which never do.
EMBED, TEST, PAGE = "embed", "test", "page"
PURPOSES = (EMBED, TEST, PAGE)
APP = "app"  # no grant is made for it: an app shows a token of its own (apps.py)

_GRANT = signing.TimestampSigner(salt="pickup.grant.1")
_TICKET = signing.TimestampSigner(salt="pickup.ticket.1")
_RATING = signing.TimestampSigner(salt="pickup.rating.1")


@dataclass(frozen=True, slots=True)
class GrantClaims:
    code: str
    origin: str
    purpose: str
    link: str = ""  # of a call page or test link: which one, so that what it admitted ends with it
    page: str = ""  # which document: what its visitor tried before belongs to what they do then


@dataclass(frozen=True, slots=True)
class TicketClaims:
    code: str
    origin: str
    purpose: str
    consent: str | None
    nonce: str
    link: str = ""
    language: str = ""  # of the card, when the call was asked for
    chat: str = ""  # that goes on aloud with this call …
    user: str = ""  # … and whose it is
    page: str = ""  # of the grant


def make_grant(code: str, origin: str, purpose: str = EMBED, link: str = "", page: str = "") -> str:
    if purpose not in PURPOSES:
        raise ValueError(f"A grant is made for one of {PURPOSES}, not {purpose!r}.")
    held = {"w": code, "o": origin, "p": purpose, "l": link, "d": page}
    return _GRANT.sign_object({name: value for name, value in held.items() if value}, compress=True)


def new_page() -> str:
    return secrets.token_urlsafe(9)


def read_grant(grant: object) -> GrantClaims:
    """The claims of a grant that is still good. Raises GRANT_INVALID or GRANT_EXPIRED."""
    return _read_grant(grant, GRANT_S)


def read_renewable_grant(grant: object) -> GrantClaims:
    """The claims of a grant that may be swapped for a fresh one: good, or expired for less than 24 hours.

    Whether its page is still listed is for access.admission to say.
    """
    return _read_grant(grant, GRANT_S + RENEWABLE_S)


def _read_grant(grant: object, age_s: int) -> GrantClaims:
    if not isinstance(grant, str) or not grant.isascii() or len(grant) > 2000:
        raise Refused("GRANT_INVALID")
    try:
        held = _GRANT.unsign_object(grant, max_age=age_s)
        return GrantClaims(held["w"], held["o"], _purpose(held["p"]), held.get("l", ""), held.get("d", ""))
    except signing.SignatureExpired:
        raise Refused("GRANT_EXPIRED") from None
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        raise Refused("GRANT_INVALID") from None


def _purpose(held: str) -> str:
    """A grant of an earlier release may be for something that there is no more."""
    if held not in PURPOSES:
        raise ValueError("no such purpose")
    return held


def make_ticket(
    claims: GrantClaims, consent: str | None = None, language: str = "", chat: str = "", user: str = ""
) -> str:
    """A ticket for one call. Whether one may be had is for access.admission and consent.check to say, before."""
    held = {"w": claims.code, "o": claims.origin, "p": claims.purpose, "c": consent, "n": secrets.token_urlsafe(16)}
    more = {"l": claims.link, "g": language, "h": chat, "u": user, "d": claims.page}
    return _TICKET.sign_object(held | {name: value for name, value in more.items() if value}, compress=True)


def read_ticket(ticket: object) -> TicketClaims:
    """The claims of a ticket that has not expired, without spending it. Raises TICKET_INVALID."""
    if not isinstance(ticket, str) or not ticket.isascii() or len(ticket) > 2000:
        raise Refused("TICKET_INVALID")
    try:
        held = _TICKET.unsign_object(ticket, max_age=TICKET_S)
        more = (held.get(name, "") for name in "lghud")
        return TicketClaims(held["w"], held["o"], _purpose(held["p"]), held["c"], held["n"], *more)
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        raise Refused("TICKET_INVALID") from None


def spend_ticket(ticket: object) -> TicketClaims:
    """Use a ticket up. Of any number of attempts at once, in whatever process, one succeeds; others are TICKET_SPENT.

    The row's primary key decides, so there is no moment between looking and writing.
    """
    claims = read_ticket(ticket)
    now = timezone.now()
    try:
        with transaction.atomic():
            # A ticket is refused by its age anyway TICKET_S after it was made, so its row is not needed for longer.
            SpentTicket.objects.create(nonce=claims.nonce, expires_at=now + timedelta(seconds=TICKET_S + 5))
    except IntegrityError:
        raise Refused("TICKET_SPENT") from None
    if cache.add("tickets-swept", True, SWEEP_S):
        SpentTicket.objects.filter(expires_at__lt=now).delete()
    return claims


def make_rating(conversation: str) -> str:
    """A ticket for the stars of one conversation, by its id."""
    return _RATING.sign_object({"c": conversation})


def read_rating(ticket: object) -> str:
    """The id of the conversation. Raises RATING_INVALID. That it is rated once is for the conversation's row to say."""
    if not isinstance(ticket, str) or not ticket.isascii() or len(ticket) > 2000:
        raise Refused("RATING_INVALID")
    try:
        return str(_RATING.unsign_object(ticket, max_age=RATING_S)["c"])
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        raise Refused("RATING_INVALID") from None


def bearer(header: str | None, query: str = "") -> GrantClaims | TicketClaims:
    """What an `Authorization: Bearer …` header holds: a good grant, or a ticket, which is not spent by it.

    `query`, where there is no header, may hold a ticket: addresses end in logs, and a ticket is worth nothing by then.
    """
    if query and not header:
        return _ticket(query)
    scheme, _space, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refused("UNAUTHORIZED")
    try:
        return read_grant(token.strip())
    except Refused as refused:
        if refused.code == "GRANT_EXPIRED":
            raise
    return _ticket(token.strip())


def _ticket(token: str) -> TicketClaims:
    try:
        return read_ticket(token)
    except Refused:
        raise Refused("UNAUTHORIZED") from None
