"""Two people who change the same widget at once, on two connections, in every order: it ends as it does in a row."""

import inspect
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from agents.models import AuditEntry
from tests.fakes.together import assert_as_in_a_row
from widgets import actions
from widgets.models import RefusedHost, TestLink, Widget

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

WRITES = {name for name in actions.__all__ if name[0].islower()} - {"differs"}
LATER = timezone.now() + timedelta(days=1)


def at(pk):
    return Widget.objects.get(pk=pk)


def remove_domain(pk, host="old.example"):
    widget = at(pk)
    row = widget.domains.filter(host=host).first()
    if row:
        actions.remove_domain(widget, row, by=None)


def allow_refused(pk):
    widget = at(pk)
    row = RefusedHost.objects.filter(widget=widget).first()
    if row:
        actions.allow_refused_host(widget, row, row.host, by=None)


def worded(words):
    def save(pk):
        widget = at(pk)
        draft = {**widget.draft, "words": {**widget.draft["words"], "welcome": words}}
        actions.save_draft(widget, draft, by=None, revision=widget.draft_revision)

    return save


def restore(pk):
    widget = at(pk)
    actions.restore_publication(widget, widget.publications.last(), by=None)


def publish(pk):
    widget = at(pk)
    actions.publish_widget(widget, by=None, revision=widget.draft_revision)


def share(**given):
    given = {"enabled": True, "environment": "sandbox", "expires_at": None} | given
    return lambda pk: actions.save_call_page(at(pk), by=None, **given)


ACTS = {
    "add a site": lambda pk: actions.add_domain(at(pk), "new.example", by=None),
    "add another site": lambda pk: actions.add_domain(at(pk), "newer.example", by=None),
    "remove a site": remove_domain,
    "allow a refused site": allow_refused,
    "replace the sites": lambda pk: actions.set_domains(at(pk), ["only.example"], by=None),
    "rename": lambda pk: actions.rename_widget(at(pk), "New name", by=None),
    "rename back": lambda pk: actions.rename_widget(at(pk), "Shop phone", by=None),
    "switch on": lambda pk: actions.set_enabled(at(pk), True, by=None),
    "switch off": lambda pk: actions.set_enabled(at(pk), False, by=None),
    "limit": lambda pk: actions.set_max_calls(at(pk), 3, by=None),
    "no limit": lambda pk: actions.set_max_calls(at(pk), None, by=None),
    "to live": lambda pk: actions.set_environment(at(pk), "live", by=None),
    "to sandbox": lambda pk: actions.set_environment(at(pk), "sandbox", by=None),
    "archive": lambda pk: actions.archive_widget(at(pk), by=None),
    "unarchive": lambda pk: actions.unarchive_widget(at(pk), by=None),
    "delete": lambda pk: actions.delete_widget(at(pk), by=None),
    "duplicate": lambda pk: actions.duplicate_widget(at(pk), by=None),
    "say hello": worded("Hello."),
    "say welcome": worded("Welcome."),
    "discard": lambda pk: actions.discard_draft(at(pk), by=None),
    "restore": restore,
    "take back": lambda pk: actions.take_draft_back(at(pk), by=None),
    "publish": publish,
    "open the page": share(),
    "end the page": share(expires_at=LATER),
    "close the page": share(enabled=False),
    "ask for words": lambda pk: actions.set_call_page_passphrase(at(pk), "open sesame", by=None),
    "ask for none": lambda pk: actions.set_call_page_passphrase(at(pk), "", by=None),
    "move the page": lambda pk: actions.rotate_call_page(at(pk), by=None),
    "make a link": lambda pk: actions.make_test_link(at(pk), by=None),
    "end the links": lambda pk: actions.revoke_test_links(at(pk), by=None),
    "rotate": lambda pk: actions.rotate_code(at(pk), by=None),
}
PAIRS = [
    ("add a site", "remove a site"),
    ("add a site", "add another site"),
    ("remove a site", "add a site"),
    ("remove a site", "replace the sites"),
    ("allow a refused site", "remove a site"),
    ("add a site", "delete"),
    ("rename", "rename back"),
    ("switch on", "archive"),
    ("archive", "archive"),
    ("no limit", "limit"),
    ("to sandbox", "to live"),
    ("make a link", "archive"),
    ("end the links", "make a link"),
    ("say hello", "say welcome"),
    ("say hello", "publish"),
    ("publish", "publish"),
    ("discard", "say hello"),
    ("say hello", "restore"),
    ("say hello", "take back"),
    ("restore", "take back"),
    ("close the page", "end the page"),
    ("ask for none", "ask for words"),
    ("move the page", "delete"),
    ("duplicate", "add a site"),
    ("delete", "delete"),
]


@pytest.fixture
def prepare(widget):
    """A published widget with a changed draft, sites, a site that was turned away, a page and a link."""

    def made():
        for earlier in Widget.objects.all():  # each comparison begins with the same name, and no two may have one
            Widget.objects.filter(pk=earlier.pk).update(name=f"Earlier {earlier.pk}")
        copy = actions.create_widget(widget.project, by=None, name="Shop phone")
        actions.set_domains(copy, ["old.example", "kept.example"], by=None)
        actions.publish_widget(copy, by=None)
        actions.save_draft(copy, {**copy.draft, "rating": True}, by=None)
        actions.discard_draft(copy, by=None)
        actions.save_draft(copy, {**copy.draft, "recording": "off"}, by=None)
        RefusedHost.objects.create(widget=copy, host="asks.example", last_seen=timezone.now())
        actions.make_test_link(copy, by=None)
        return copy.pk

    return made


def state(pk):
    """What became of the widget, and what the audit tells of it; times and random codes left out."""
    lines = AuditEntry.objects.filter(target=f"widget:{pk}").order_by("pk")
    told = [(line.action, line.details | {"published_at": ""}) for line in lines]
    widget = Widget.objects.filter(pk=pk).first()
    if widget is None:
        return told
    page = getattr(widget, "call_page", None)
    return (
        told,
        (widget.name, widget.environment, widget.variant_key, widget.enabled, widget.max_calls),
        (widget.draft, widget.draft_revision, widget.draft_aside, widget.published, widget.archived_at is not None),
        sorted(row.host for row in widget.domains.all()),
        sorted(row.host for row in widget.refused_hosts.all()),
        [row.config for row in widget.publications.all()],
        page and (page.enabled, page.environment, page.expires_at, bool(page.passphrase)),
        TestLink.objects.filter(widget=widget, revoked_at=None).count(),
    )


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_two_people_at_once_leave_what_they_leave_in_a_row(prepare, first, second):
    assert assert_as_in_a_row(prepare, ACTS[first], ACTS[second], state) > 1


def test_every_write_to_a_widget_holds_it_and_says_so():
    first = {name: next(iter(inspect.signature(getattr(actions, name)).parameters), "") for name in WRITES}
    assert {name for name, of in first.items() if of != "widget"} == {"create_widget"}
    for name in WRITES - {"create_widget"}:
        write = getattr(actions, name)
        assert write.locks, name
        assert re.search(r"Holds the (widget|first)", write.__doc__), name
