"""May this app call by this widget? What it shows is the widget's calling token, by itself: its phone has no page.

The token is asked for anew at every step, so that a new one, a revoked one and the switch end what it admitted.
"""

import re
from dataclasses import dataclass

from widgets.admission import access, apps, credentials
from widgets.admission.access import Admission
from widgets.admission.shown import Shown
from widgets.card import look
from widgets.models import AppAccess
from widgets.refusals import Refused

SITE = "app"  # what the record of a call says instead of a site
_TOKEN = re.compile(apps.CALLING + r"_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class CallClaims:
    """What a call was admitted with."""

    widget: int
    digest: str  # of the calling token
    consent: str | None = None  # of the chat that the call belongs to
    language: str = ""


def is_token(text: str) -> bool:
    return _TOKEN.fullmatch(text) is not None


def admit(token: str) -> CallClaims:
    """Raises UNAUTHORIZED."""
    row = AppAccess.objects.filter(enabled=True, calling_digest=apps.digest(token)).first() if is_token(token) else None
    if row is None:
        raise Refused("UNAUTHORIZED", "no such token")
    return CallClaims(row.widget_id, row.calling_digest or "")


def admission(claims: CallClaims) -> Admission:
    """The whole lock. Raises Refused."""
    rows = AppAccess.objects.select_related("widget__project").filter(widget=claims.widget, enabled=True)
    row = rows.filter(calling_digest=claims.digest).first()
    if row is None:
        raise Refused("UNAUTHORIZED", "app access has changed")
    version = access.check_state(row.widget)
    shown = Shown(row.widget, look.read(row.widget.published), version)
    return Admission(row.widget, SITE, credentials.APP, row.widget.environment, shown)
