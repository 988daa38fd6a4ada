"""The shareable call page: its address, whether it is open, and the passphrase in front of it.

Its grants carry a *seal*, made of address and passphrase: with a new address, or another passphrase, everything that
was admitted before is refused at its next step. The seal is also what a visitor's browser keeps, in a cookie for this
page only, once it gave the right passphrase.
"""

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core import signing
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from widgets.admission import limits
from widgets.models import CallPage, Widget
from widgets.refusals import Refused

SITE = "Call page"  # what the record of a call says instead of a site
PASSPHRASE_LEAST, PASSPHRASE_MOST = 6, 100

COOKIE = "pickup_call_page"
PASS_S = 12 * 3600
_PASS = signing.TimestampSigner(salt="pickup.call-page.1")


def of(widget: Widget) -> CallPage:
    """The widget's page as it is, or as it would be: off, and nowhere, until somebody changes something about it."""
    return CallPage.objects.filter(widget=widget).first() or CallPage(widget=widget, environment=widget.environment)


def url(page: CallPage) -> str:
    return f"{settings.PUBLIC_URL}/call/{page.slug}"


def find(slug: str) -> CallPage | None:
    return CallPage.objects.select_related("widget__project").filter(slug=slug).first()


def expired(page: CallPage) -> bool:
    return page.expires_at is not None and page.expires_at <= timezone.now()


def is_open(page: CallPage) -> bool:
    return page.enabled and not expired(page)


def seal(page: CallPage) -> str:
    return salted_hmac("pickup.call-page.seal", f"{page.slug}:{page.passphrase}", algorithm="sha256").hexdigest()[:32]


def check(widget: Widget, link: str) -> CallPage:
    """The page that a grant was made on, if it is still open under the same address and passphrase."""
    page = CallPage.objects.filter(widget=widget).first()
    if page is None or not is_open(page) or not constant_time_compare(link, seal(page)):
        raise Refused("LINK_ENDED")
    return page


# ── The passphrase ───────────────────────────────────────────────────────────────────────────────────────────


class WrongPassphrase(Exception):
    """`left` tries remain from this address before it has to wait."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} tries left")
        self.left = left


def tidy(passphrase: str) -> str:
    """Spaces at the ends and doubled ones come from copying, and are no part of what somebody chose."""
    return " ".join(passphrase.split())


def enter(page: CallPage, typed: str, address: str) -> str:
    """The value of the cookie for somebody who knows the passphrase. Raises WrongPassphrase, or RATE_LIMITED."""
    own = limits.of_address("passphrase", address, about=f"page-{page.pk}")
    drawn = limits.draw(own, limits.of_widget("passphrase", page.widget_id))
    if not check_password(tidy(typed[: PASSPHRASE_MOST * 2]), page.passphrase):
        if not drawn.left:
            raise Refused("RATE_LIMITED", "passphrase")
        raise WrongPassphrase(drawn.left)
    drawn.give_back()
    return _PASS.sign(seal(page))


def may_enter(page: CallPage, cookie: str | None) -> bool:
    """Whether this browser gave the passphrase that the page has now, or none is asked for."""
    if not page.passphrase:
        return True
    try:
        return constant_time_compare(_PASS.unsign(cookie or "", max_age=PASS_S), seal(page))
    except signing.BadSignature:
        return False
