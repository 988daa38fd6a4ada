"""What a widget still needs before visitors can call, and what its owner should know: the console's checklist."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from agents.authoring import publish
from widgets import domains
from widgets.card import look
from widgets.models import Kind, Widget


@dataclass(frozen=True, slots=True)
class Need:
    """One line of the checklist. "missing" keeps visitors from calling; "warning" does not."""

    code: str
    level: Literal["done", "missing", "warning"]
    message: str


def needs(widget: Widget) -> list[Need]:
    """The checklist, in the order in which one works it off."""
    return [*_must(widget), *_should(widget)]


def _need(code: str, done: bool, yes: str, no: str) -> Need:
    return Need(code, "done" if done else "missing", yes if done else no)


def _must(widget: Widget) -> Iterator[Need]:
    version = publish.running(widget.project, widget.environment)
    place = {"environment": widget.get_environment_display(), "number": version.number if version else 0}
    yield _need(
        "version",
        version is not None,
        _("Version %(number)d runs in %(environment)s.") % place,
        _("No version of your agent runs in %(environment)s. Publish one.") % place,
    )
    hosts = [row.shown for row in widget.domains.all()]
    yield _need(
        "domains",
        bool(hosts),
        _("Your button appears on %s.") % ", ".join(hosts[:3]),
        _("No site is on the list, so the button appears nowhere. Add yours."),
    )
    yield _need(
        "published",
        widget.published is not None,
        _("The look and the words are published."),
        _("The look and the words are not published yet."),
    )
    off = _("The widget is in the archive.") if widget.archived_at else _("The widget is switched off.")
    yield _need("enabled", widget.takes_calls, _("The widget is switched on."), off)


def _should(widget: Widget) -> Iterator[Need]:
    shown = look.read(widget.published or widget.draft)
    if publish.missing_variant(widget.project, widget.environment, widget.variant_key):
        message = _("The running version has no variant “%s”. Calls use the default one.") % widget.variant_key
        yield Need("variant", "warning", message)
    if widget.kind == Kind.PHONE and shown.recording == "on" and not shown.consent.enabled:
        message = _(
            "Calls are recorded. The card tells visitors so, but does not ask them, and in many places the law wants "
            "their yes first. Switch on “Disclaimer and consent” under Content."
        )
        yield Need("recording", "warning", message)
    if widget.kind == Kind.PHONE and shown.recording == "after_consent" and not shown.consent.enabled:
        message = _("Calls are recorded after consent, but nobody is asked, so nothing is recorded.")
        yield Need("recording", "warning", message)
    if widget.seen_at is None:
        yield Need("seen", "warning", _("Your tag has not been seen on a listed site yet."))
    else:
        yield Need("seen", "done", _("Your tag was seen on %s.") % domains.readable(widget.seen_host))
