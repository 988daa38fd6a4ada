"""May this page use this widget now? The whole lock in one place: an Admission, or Refused with a code."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from agents.authoring import publish
from agents.models import Version
from agents.outside.origins import Origin, parse_origin
from widgets import domains
from widgets.admission import call_page, credentials, lines, test_link
from widgets.admission.credentials import GrantClaims, TicketClaims
from widgets.admission.lines import Claim
from widgets.admission.shown import Shown
from widgets.card import look
from widgets.models import Widget
from widgets.refusals import Refused

_CODE = re.compile(r"[A-Za-z0-9_-]{43}")
# Refusals that a listed site's card comes with all the same: it says that calls are closed. By what it is told of it.
CLOSED = {"NO_VERSION": True, "OUT_OF_HOURS": "hours"}


class HostRefused(Refused):
    """A page of this site asked, which the widget's list does not cover."""

    def __init__(self, widget: Widget, site: str) -> None:
        super().__init__("HOST_NOT_ALLOWED")
        self.widget, self.site = widget, site


@dataclass(frozen=True, slots=True)
class Admission:
    """A page that may use a widget now, and what a call from it would show and run on."""

    widget: Widget
    origin: str
    purpose: str
    environment: str  # the widget's, or the call page's own
    shown: Shown  # what is published; a test link shows the draft while there is nothing

    @property
    def version(self) -> Version:
        return self.shown.version

    @property
    def is_test(self) -> bool:
        return self.purpose == credentials.TEST

    @property
    def site(self) -> str:
        """Where the call is from, as its record says: the site's origin, or which page of ours it was."""
        return {credentials.PAGE: call_page.SITE, credentials.TEST: test_link.SITE}.get(self.purpose, self.origin)


def find(code: str) -> Widget:
    known = Widget.objects.select_related("project").filter(code=code)
    widget = known.first() if _CODE.fullmatch(code) else None
    if widget is None:
        raise Refused("UNKNOWN_WIDGET")
    return widget


def check_host(widget: Widget, claim: str) -> Origin:
    """The claimed origin, when the widget's list covers it. Raises HostRefused for one that it does not.

    The claim proves nothing yet: the browser proves it, by `frame-ancestors` naming this origin and no other.
    """
    origin = parse_origin(claim)
    if origin is None:
        raise Refused("HOST_NOT_ALLOWED", "not an origin")
    if not domains.match(origin, widget.domains.all()):
        raise HostRefused(widget, origin.site)
    return origin


def check_page(claims: GrantClaims | TicketClaims) -> tuple[Widget, str]:
    """The widget of a page that may still show it, and the environment that answers there. Raises Refused."""
    widget = find(claims.code)
    environment = widget.environment
    if claims.purpose == credentials.EMBED:
        check_host(widget, claims.origin)
    elif claims.origin != settings.PUBLIC_URL:
        raise Refused("HOST_NOT_ALLOWED", "not our own page")
    elif claims.purpose == credentials.PAGE:
        environment = call_page.check(widget, claims.link).environment
    elif claims.purpose == credentials.TEST:
        test_link.check(widget, claims.link)
    return widget, environment


def admission(claims: GrantClaims | TicketClaims) -> Admission:
    """The whole lock, asked anew at every step: no grant outlives the list, the switch or the version."""
    widget, environment = check_page(claims)
    kept = test_link.kept(widget) if claims.purpose == credentials.TEST else widget.published
    version = check_state(widget, environment=environment, published=kept is not None)
    seen = look.read(kept)
    if claims.purpose != credentials.TEST and not seen.hours.let_call():
        raise Refused("OUT_OF_HOURS")
    return Admission(widget, claims.origin, claims.purpose, environment, Shown(widget, seen, version))


def check_state(
    widget: Widget, *, environment: str | None = None, published: bool | None = None, config: bool = True
) -> Version:
    """The version a call would run on; Refused when the widget is off, unpublished, or nothing runs there.

    Environment and whether there is something to show are the widget's own, unless a page of ours says otherwise.
    """
    if not widget.takes_calls:
        raise Refused("WIDGET_OFF")
    if not (widget.published is not None if published is None else published):
        raise Refused("NOT_PUBLISHED")
    version = publish.running(widget.project, environment or widget.environment, config=config)
    if version is None:
        raise Refused("NO_VERSION")
    return version


def closed(widget: Widget) -> Shown | None:
    """What a widget looks like while nothing runs in its environment, or outside its hours: its card shows a start that
    is off, and why.

    None where no version was ever made, so that nobody could say who would answer.
    """
    version = publish.newest(widget.project) if widget.takes_calls and widget.published is not None else None
    return version and Shown(widget, look.read(widget.published), version)


def embed_grant(widget: Widget, claim: str) -> tuple[str, Admission]:
    """The grant for a frame on somebody's page, and what it admits to."""
    claims = GrantClaims(widget.code, claim, credentials.EMBED, page=credentials.new_page())
    admitted = admission(claims)
    return _grant(claims), admitted


def own_grant(widget: Widget, purpose: str, link: str = "") -> tuple[str, GrantClaims]:
    """A grant for a page of our own (test link, call page), with its claims. The page's view decides who gets it.

    `link` says which link or page it was (call_page.seal, a TestLink's id): what it admitted ends when that ends.
    """
    if purpose == credentials.EMBED:
        raise ValueError("Embedded pages get their grant through the list of domains.")
    claims = GrantClaims(widget.code, settings.PUBLIC_URL, purpose, link, credentials.new_page())
    return _grant(claims), claims


def check_kind(widget: Widget, kind: str) -> None:
    """A Phone opens calls, a Chat opens chats."""
    if widget.kind != kind:
        raise Refused("WRONG_KIND")


def renew_grant(grant: object) -> str:
    """A fresh grant for one that is good, or expired for less than 24 hours, while its page is still admitted."""
    claims = credentials.read_renewable_grant(grant)
    admission(claims)
    return _grant(claims)


def _grant(claims: GrantClaims) -> str:
    return credentials.make_grant(claims.code, claims.origin, claims.purpose, claims.link, claims.page)


# ── What only the gateway knows. The calling room registers itself at start-up, since this room cannot import it. ──

_room: Callable[[Claim], None] | None = None
_ice: Callable[[Admission], list[dict[str, Any]]] | None = None
_expect: Callable[[Admission], None] | None = None


def register_gateway(
    *,
    check_room: Callable[[Claim], None],
    ice_servers: Callable[[Admission], list[dict[str, Any]]],
    expect: Callable[[Admission], None],
) -> None:
    """`check_room` raises Refused while one more such call cannot start; `ice_servers` says what the visitor's browser
    is told to use; `expect` is told of everybody who may call in a moment, and returns at once."""
    global _room, _ice, _expect
    _room, _ice, _expect = check_room, ice_servers, expect


def check_room(widget: Widget, address: str) -> None:
    """Raises Refused while this visitor's call could not start. A process without a gateway takes none."""
    if _room is None:
        raise Refused("FULL", "no gateway")
    _room(lines.claim(widget, address))


def ice_servers(admitted: Admission) -> list[dict[str, Any]]:
    return _ice(admitted) if _ice else []


def expect(admitted: Admission) -> None:
    """Somebody looks at the card: what their call will need is made ready meanwhile."""
    if _expect:
        _expect(admitted)
