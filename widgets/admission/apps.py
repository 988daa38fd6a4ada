"""May this client without a frame of ours use this widget? Apps, and other people's pages, on the documented paths.

What they show is the widget's app token, or its public code where its owner lets that do; and where they are from: the
id of a listed app, or a listed site. All of it can be forged by a program, so limits and the off switch stand behind.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, replace

from agents.outside.origins import Origin, parse_origin
from widgets import domains
from widgets.admission import access, credentials
from widgets.admission.access import Admission
from widgets.admission.shown import Shown
from widgets.card import look
from widgets.models import AppAccess, Kind, Widget
from widgets.refusals import Refused

MESSAGING, CALLING = "app", "call"  # how tokens begin, so that people can tell them apart
HOST_CHARS = 300
_TOKEN = re.compile(r"(?:app|call)_[A-Za-z0-9_-]{43}")
# An app's id and what it may come with; it is no address, which knows no "_" and ends in a country or the like.
_APP = re.compile(r"(?:(?:[a-z][a-z0-9+.-]*:)?//)?([a-z0-9][a-z0-9_.-]*)(?::\d{1,5})?(?:[/?#].*)?")
_CODE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class AppClaims:
    """What an app was admitted with, asked anew at every step."""

    widget: int
    host: str  # where it says it is from
    revision: int
    code: str = ""  # the public code that stood in for a token


def new_token(kind: str) -> str:
    """256 random bits."""
    return f"{kind}_{secrets.token_urlsafe(32)}"


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def admit(token: str | None, host: str | None) -> AppClaims:
    """What a connector token and a host identifier admit to. Raises Refused."""
    if not token or not host:
        raise Refused("UNAUTHORIZED", "headers")
    row = _of_token(token)
    claims = AppClaims(row.widget_id, host, row.revision, "" if _TOKEN.fullmatch(token) else token)
    return replace(claims, host=admission(claims).origin)


def _of_token(token: str) -> AppAccess:
    rows = AppAccess.objects.filter(enabled=True)
    row = None
    if _TOKEN.fullmatch(token):
        row = rows.filter(token_digest=digest(token)).first()
    elif _CODE.fullmatch(token):
        row = rows.filter(widget__code=token, takes_code=True).first()
    if row is None:
        raise Refused("UNAUTHORIZED", "no such token")
    return row


def check(claims: AppClaims) -> None:
    """Whether apps are still let in by what this one was admitted with. Raises Refused."""
    rows = AppAccess.objects.filter(widget=claims.widget, enabled=True, revision=claims.revision)
    if not (rows.filter(widget__code=claims.code) if claims.code else rows).exists():
        raise Refused("TOKEN_INVALID", "app access has changed")


def admission(claims: AppClaims) -> Admission:
    """The whole lock: no access token outlives the switch, the token, the list or the version. Raises Refused."""
    row = AppAccess.objects.select_related("widget__project").filter(widget=claims.widget, enabled=True).first()
    if row is None or row.revision != claims.revision or (claims.code and row.widget.code != claims.code):
        raise Refused("UNAUTHORIZED", "app access has changed")
    widget = row.widget
    access.check_kind(widget, Kind.CHAT)
    host = check_host(row, claims.host)
    version = access.check_state(widget)
    shown = Shown(widget, look.read(widget.published), version)
    return Admission(widget, host, credentials.APP, widget.environment, shown)


def check_host(row: AppAccess, host: str) -> str:
    """A listed app's id or a listed site, and what is below either, with or without scheme and port: as it is kept.

    Never as it came: whatever stands behind an address may be about a person.
    """
    if len(host) > HOST_CHARS:
        raise Refused("HOST_NOT_ALLOWED", "too long")
    found = _APP.fullmatch(host.strip().lower())
    app_id = found[1] if found else ""
    if app_id in row.app_ids or any(app_id.endswith("." + one) for one in row.app_ids if domains.is_one_owners(one)):
        return app_id
    try:
        address = domains.normalise(host)
    except domains.BadAddress:
        raise Refused("HOST_NOT_ALLOWED", "neither an app nor a site") from None
    listed = list(row.widget.domains.all())
    ports = [address.port] if address.port else [443, 80, *(one.port for one in listed if one.port)]
    if not any(domains.match(Origin("https", address.host, port), listed) for port in ports):
        raise access.HostRefused(row.widget, str(address))
    return str(address)


def check_origin(widget: Widget, claim: str) -> str:
    """The origin of a page that asks, when the widget's list covers it; such a page may read our answer."""
    if parse_origin(claim) is None:
        raise Refused("HOST_NOT_ALLOWED", "not an origin")
    return str(access.check_host(widget, claim))
