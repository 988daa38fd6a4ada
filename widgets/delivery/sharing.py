"""The shareable page as the console shows it: address, picture of it, and why it would be closed."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from widgets.admission import access, call_page
from widgets.delivery import qr
from widgets.models import Widget
from widgets.refusals import Refused


@dataclass(frozen=True, slots=True)
class Sharing:
    """All that the console shows of a call page."""

    url: str
    qr: str  # an SVG element
    enabled: bool
    environment: str
    expires_at: datetime | None
    has_passphrase: bool
    expired: bool
    problem: str  # why it is closed although it is on; "" when it is open


def sharing(widget: Widget) -> Sharing:
    page = call_page.of(widget)
    problem = ""
    if page.enabled and not call_page.expired(page):
        try:
            access.check_state(widget, environment=page.environment, config=False)
        except Refused as refused:
            problem = {
                "WIDGET_OFF": _("The widget is switched off, so the page is closed."),
                "NOT_PUBLISHED": _("The look and the words are not published yet, so the page is closed."),
            }.get(
                refused.code,
                _("No version of your agent runs in %s, so the page is closed.") % page.get_environment_display(),
            )
    address = call_page.url(page)
    return Sharing(
        url=address,
        qr=qr.svg(address, _("QR code of the page")),
        enabled=page.enabled,
        environment=page.environment,
        expires_at=page.expires_at,
        has_passphrase=bool(page.passphrase),
        expired=call_page.expired(page),
        problem=problem,
    )
