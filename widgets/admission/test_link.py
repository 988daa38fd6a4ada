"""The test link: a blank page of our own with the widget on it, for an hour, for whoever holds the address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.utils import timezone

from agents.people import roles
from widgets.models import TestLink, Widget
from widgets.refusals import Refused

SITE = "Test link"  # what the record of a call says instead of a site
GOOD_S = 3600
MAKES = "widgets.edit"  # who may make one

_LINK = signing.TimestampSigner(salt="pickup.test-link.1")


@dataclass(frozen=True, slots=True)
class Live:
    """A link that still works, for the console."""

    url: str
    by: str
    expires_at: datetime


def url(link: TestLink) -> str:
    return f"{settings.PUBLIC_URL}/test/{_LINK.sign(link.pk.hex)}"


def live(widget: Widget) -> list[Live]:
    """The links that work now, the newest first."""
    rows = list(widget.test_links.filter(revoked_at=None, expires_at__gt=timezone.now()).select_related("by"))
    makers = {row.by_id: row.by for row in rows}
    may = {pk for pk, by in makers.items() if _may_show(by, widget)}  # each asked once
    return [Live(url(row), row.by.get_username() if row.by else "", row.expires_at) for row in rows if row.by_id in may]


def read(token: str) -> TestLink:
    """The link of an address. Raises LINK_ENDED for one that is over, revoked, or was never ours."""
    try:
        pk = UUID(_LINK.unsign(token, max_age=GOOD_S))
    except (signing.BadSignature, ValueError):
        raise Refused("LINK_ENDED") from None
    found = TestLink.objects.select_related("widget__project", "by").filter(pk=pk).first()
    if found is None or not _works(found):
        raise Refused("LINK_ENDED")
    return found


def check(widget: Widget, link: str) -> None:
    """Whether the link that a grant was made on still works."""
    try:
        found = TestLink.objects.select_related("widget__project", "by").filter(pk=UUID(link), widget=widget).first()
    except ValueError:
        found = None
    if found is None or not _works(found):
        raise Refused("LINK_ENDED")


def _works(link: TestLink) -> bool:
    return link.revoked_at is None and link.expires_at > timezone.now() and _may_show(link.by, link.widget)


def _may_show(by: Any, widget: Widget) -> bool:
    """Whether whoever made a link could make it still; one that nobody made was made on the server itself."""
    return by is None or roles.may(by, widget.project, MAKES)


def kept(widget: Widget) -> dict[str, Any]:
    """What a test shows: what is published, or the draft while nothing is."""
    return widget.published if widget.published is not None else widget.draft
