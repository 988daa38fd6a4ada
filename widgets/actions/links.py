"""Pages of our own that show a widget: the call page and test links. Each write holds the widget they belong to."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.locks import check_mark, locked, mark_of
from agents.people import audit
from widgets.actions.base import (
    Invalid,
    Person,
    check_environment,
    moment,
)
from widgets.admission import call_page, test_link
from widgets.models import CallPage, TestLink, Widget, new_slug

PAGE = ("enabled", "environment", "expires_at")


@locked
def save_call_page(
    widget: Widget,
    *,
    by: Person,
    enabled: bool,
    environment: str,
    expires_at: datetime | None,
    seen: str | None = None,
) -> CallPage:
    """Switch the call page on or off, and say what it runs and until when. Acts at once.

    Holds the widget. `seen` is the mark of PAGE as somebody was shown it. Raises Invalid, and Stale.
    """
    errors: dict[str, str] = {}
    check_environment(environment, errors)
    page = call_page.of(widget)
    check_mark(seen, mark_of(page, PAGE))
    if enabled and expires_at is not None and expires_at <= timezone.now():
        errors["expires_at"] = _("Choose a moment in the future, or leave it empty.")
    if errors:
        raise Invalid(errors)
    before = {"enabled": page.enabled, "environment": page.environment, "expires_at": moment(page.expires_at)}
    after = {"enabled": enabled, "environment": str(environment), "expires_at": moment(expires_at)}
    if before != after:
        page.enabled, page.environment, page.expires_at = enabled, str(environment), expires_at
        page.save()
        audit.record(by, "widget.page", widget.project, widget, before=before, after=after)
    return page


@locked
def set_call_page_passphrase(widget: Widget, passphrase: str, *, by: Person) -> None:
    """Ask callers of the page for these words first; empty: ask no more. Who is in already is asked anew.

    Holds the widget. Raises Invalid.
    """
    page = call_page.of(widget)
    passphrase = call_page.tidy(passphrase)
    if passphrase and len(passphrase) < call_page.PASSPHRASE_LEAST:
        raise Invalid(
            {
                "passphrase": _("Use at least %d characters. A few words are easy to say and hard to guess.")
                % call_page.PASSPHRASE_LEAST
            }
        )
    if len(passphrase) > call_page.PASSPHRASE_MOST:
        raise Invalid({"passphrase": _("At most %d characters.") % call_page.PASSPHRASE_MOST})
    if not passphrase and not page.passphrase:
        return
    page.passphrase = make_password(passphrase) if passphrase else ""
    page.save()
    audit.record(by, "widget.page_passphrase", widget.project, widget, asked=bool(passphrase))


@locked
def rotate_call_page(widget: Widget, *, by: Person) -> CallPage:
    """A new address. The old one, and whatever was admitted through it, ends. Holds the widget."""
    page = call_page.of(widget)
    page.slug = new_slug()
    page.save()
    audit.record(by, "widget.page_rotate", widget.project, widget)
    return page


@locked
def make_test_link(widget: Widget, *, by: Person) -> str:
    """The address of a test page that works for an hour. Holds the widget."""
    now = timezone.now()
    TestLink.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    link = TestLink.objects.create(widget=widget, by=by, expires_at=now + timedelta(seconds=test_link.GOOD_S))
    audit.record(by, "widget.test_link", widget.project, widget)
    return test_link.url(link)


@locked
def revoke_test_links(widget: Widget, *, by: Person) -> int:
    """End every test link of the widget now. Holds the widget. Says how many still worked."""
    now = timezone.now()
    ended = widget.test_links.filter(revoked_at=None, expires_at__gt=now).update(revoked_at=now)
    if ended:
        audit.record(by, "widget.test_revoke", widget.project, widget, links=ended)
    return ended
