"""Writes to a widget: what they refuse, what they change, and the audit line each leaves."""

import pytest

from agents.models import AuditEntry
from widgets import actions
from widgets.actions import Invalid
from widgets.card import config
from widgets.models import ConsentText, RefusedHost, Widget, WidgetPublication


@pytest.fixture
def audit():
    def read():
        return list(AuditEntry.objects.order_by("id").values_list("actor_name", "action", "target"))

    return read


def refused_fields(call, *given, **named):
    with pytest.raises(Invalid) as caught:
        call(*given, **named)
    return sorted(caught.value.errors)


def test_a_new_widget_is_a_draft_with_one_site(project, owner, audit):
    widget = actions.create_widget(project, by=owner, name="  Shop   phone ", address="https://Example.com/contact")
    assert (widget.name, len(widget.code), widget.published, widget.environment) == ("Shop phone", 43, None, "sandbox")
    assert [str(row) for row in widget.domains.all()] == ["example.com"]
    assert widget.draft == config.new()
    assert audit() == [("olga", "widget.create", f"widget:{widget.pk}")]


def test_two_widgets_never_share_a_code(project):
    codes = {actions.create_widget(project, by=None, name=f"x {n}").code for n in range(20)}
    assert len(codes) == 20


def test_everything_wrong_with_a_new_widget_is_said_at_once(project, rows):
    before = rows()
    wrong = {"name": " ", "address": "co.uk", "environment": "moon", "variant_key": "none"}
    assert refused_fields(actions.create_widget, project, by=None, **wrong) == sorted(wrong)
    assert refused_fields(actions.create_widget, project, by=None, name="x" * 61) == ["name"]
    assert rows() == before


def test_a_draft_is_kept_and_shown_to_nobody(widget, owner, audit):
    published = widget.published
    actions.save_draft(widget, {"words": {"welcome": "Hello"}}, by=owner)
    widget.refresh_from_db()
    assert widget.draft["words"]["welcome"] == "Hello"
    assert widget.published == published
    assert actions.differs(widget)
    assert audit()[-1] == ("olga", "widget.draft", f"widget:{widget.pk}")
    assert AuditEntry.objects.first().details == {"changed": ["words"], "name": "Shop phone"}


def test_a_draft_with_an_error_is_not_kept(widget, rows):
    before = rows()
    assert refused_fields(actions.save_draft, widget, {"words": {"welcome": "x" * 101}}, by=None) == ["words.welcome"]
    assert rows() == before


def test_the_same_draft_again_leaves_no_line(widget, rows):
    actions.save_draft(widget, widget.draft, by=None)
    before = rows()
    actions.save_draft(widget, widget.draft, by=None)
    assert rows() == before


def test_discarding_goes_back_to_what_visitors_see(widget, audit):
    actions.save_draft(widget, {"words": {"welcome": "Hello"}}, by=None)
    actions.discard_draft(widget, by=None)
    widget.refresh_from_db()
    assert widget.draft == widget.published and not actions.differs(widget)
    assert audit()[-1][1] == "widget.discard"


def test_publishing_shows_the_draft_and_keeps_its_history(widget, owner, audit):
    actions.save_draft(widget, {"words": {"welcome": "Hello"}}, by=owner)
    publication = actions.publish_widget(widget, by=owner)
    widget.refresh_from_db()
    assert widget.published["words"]["welcome"] == "Hello"
    assert (publication.by, publication.config) == (owner, widget.published)
    assert not actions.differs(widget)
    assert WidgetPublication.objects.count() == 2
    assert audit()[-1] == ("olga", "widget.publish", f"widget:{widget.pk}")


def test_publishing_the_same_again_writes_nothing(widget, rows):
    before = rows()
    actions.publish_widget(widget, by=None)
    assert rows() == before


def test_publishing_takes_the_newest_draft_and_not_the_one_in_memory(widget):
    stale = Widget.objects.get()
    actions.save_draft(widget, {"words": {"welcome": "Newer"}}, by=None)
    actions.publish_widget(stale, by=None)
    assert Widget.objects.get().published["words"]["welcome"] == "Newer"


def test_a_draft_that_became_wrong_is_not_published(widget, rows):
    Widget.objects.update(draft={"style": {"theme": "sepia"}})
    before = rows()
    assert refused_fields(actions.publish_widget, widget, by=None) == ["style.theme"]
    assert rows() == before


def test_a_published_wording_is_kept_and_named_in_the_audit(asking_widget):
    line = AuditEntry.objects.filter(action="widget.publish").first()
    assert line.details["consent"] == ConsentText.objects.get().digest


def test_the_list_of_sites_is_replaced_and_audited(widget, audit):
    actions.set_domains(widget, ["https://a.example/", "B.example:8443", "a.example"], by=None)
    assert [str(row) for row in widget.domains.all()] == ["a.example", "b.example:8443"]
    line = AuditEntry.objects.first()
    assert (line.action, line.actor_name) == ("widget.domains", "system")
    assert line.details["before"] == ["example.com"]
    assert line.details["after"] == ["a.example", "b.example:8443"]


def test_one_bad_address_leaves_the_list_alone(widget, rows):
    before = rows()
    assert refused_fields(actions.set_domains, widget, ["a.example", "co.uk", "b c"], by=None) == ["b c", "co.uk"]
    assert rows() == before


def test_the_same_list_again_leaves_no_line(widget, rows):
    before = rows()
    actions.set_domains(widget, ["EXAMPLE.com"], by=None)
    assert rows() == before


def test_sites_are_added_and_taken_off_one_by_one(widget):
    actions.add_domain(widget, "other.example:8443", by=None)
    actions.add_domain(widget, "[::1]:3000", by=None)
    actions.remove_domain(widget, widget.domains.get(host="example.com"), by=None)
    assert sorted(map(str, widget.domains.all())) == ["[::1]:3000", "other.example:8443"]
    assert refused_fields(actions.add_domain, widget, "", by=None) == ["address"]


def test_a_list_has_an_end(widget):
    many = [f"h{number}.example" for number in range(actions.DOMAINS_MOST + 1)]
    assert refused_fields(actions.set_domains, widget, many, by=None) == ["addresses"]


def refused_host(widget, host="evil.example"):
    return RefusedHost.objects.create(widget=widget, host=host, last_seen=widget.created_at)


def test_a_refused_site_is_allowed_by_typing_it(widget):
    actions.allow_refused_host(widget, refused_host(widget, "new.example:8443"), " New.example:8443 ", by=None)
    assert widget.domains.filter(host="new.example", port=8443).exists()
    assert RefusedHost.objects.count() == 0


@pytest.mark.parametrize("typed", ["", "evil", "example", "evi1.example", "evil.example:443", "co.uk"])
def test_typing_something_else_allows_nothing(widget, rows, typed):
    refused = refused_host(widget)
    before = rows()
    assert refused_fields(actions.allow_refused_host, widget, refused, typed, by=None) == ["typed"]
    assert rows() == before and RefusedHost.objects.count() == 1


def test_a_site_refused_at_another_widget_is_not_allowed_here(widget, project, rows):
    refused = refused_host(actions.create_widget(project, by=None, name="Other"))
    before = rows()
    assert refused_fields(actions.allow_refused_host, widget, refused, "evil.example", by=None) == ["typed"]
    assert rows() == before


def test_listing_a_site_forgets_what_was_refused_under_it(widget):
    for host in ("shop.new.example", "new.example:8443", "evil.example", "[::1]:3000"):
        refused_host(widget, host)
    actions.add_domain(widget, "new.example", by=None)
    assert sorted(RefusedHost.objects.values_list("host", flat=True)) == ["[::1]:3000", "evil.example"]


def test_a_refused_public_suffix_cannot_be_allowed(widget, rows):
    refused = refused_host(widget, "github.io")
    before = rows()
    assert refused_fields(actions.allow_refused_host, widget, refused, "github.io", by=None) == ["typed"]
    assert rows() == before


def test_switches_act_at_once_and_say_what_was_before(widget, project):
    project.variants.create(key="north", name="North", is_default=True)
    actions.set_enabled(widget, False, by=None)
    actions.set_environment(widget, "live", by=None)
    actions.set_variant(widget, "north", by=None)
    actions.set_max_calls(widget, 3, by=None)
    actions.rename_widget(widget, "Desk", by=None)
    saved = Widget.objects.get()
    assert (saved.enabled, saved.environment, saved.variant_key, saved.max_calls, saved.name) == (
        *(False, "live", "north", 3),
        "Desk",
    )
    lines = AuditEntry.objects.order_by("id").values_list("action", "details__before", "details__after")
    assert list(lines)[-5:] == [
        ("widget.enabled", True, False),
        ("widget.environment", "sandbox", "live"),
        ("widget.variant", "", "north"),
        ("widget.max_calls", None, 3),
        ("widget.rename", "Shop phone", "Desk"),
    ]


def test_setting_what_is_set_already_leaves_no_line(widget, rows):
    before = rows()
    actions.set_enabled(widget, True, by=None)
    actions.set_environment(widget, "sandbox", by=None)
    actions.set_variant(widget, "", by=None)
    actions.set_max_calls(widget, None, by=None)
    actions.rename_widget(widget, "Shop phone", by=None)
    assert rows() == before


def test_a_switch_is_not_set_to_what_does_not_exist(widget, rows):
    before = rows()
    assert refused_fields(actions.set_environment, widget, "moon", by=None) == ["environment"]
    assert refused_fields(actions.set_variant, widget, "none", by=None) == ["variant_key"]
    assert refused_fields(actions.set_max_calls, widget, 0, by=None) == ["max_calls"]
    assert refused_fields(actions.rename_widget, widget, "", by=None) == ["name"]
    assert rows() == before


def test_a_variant_of_another_project_is_none_of_ours(widget, stranger, rows):
    stranger.memberships.get().project.variants.create(key="theirs", name="Theirs", is_default=True)
    before = rows()
    assert refused_fields(actions.set_variant, widget, "theirs", by=None) == ["variant_key"]
    assert rows() == before


def test_a_rotated_code_is_another_and_the_audit_does_not_tell_it(widget):
    before = widget.code
    after = actions.rotate_code(widget, by=None)
    assert after != before and Widget.objects.get().code == after
    assert after not in str(AuditEntry.objects.first().details)


def test_a_deleted_widget_leaves_its_audit(widget, owner, audit):
    target = f"widget:{widget.pk}"
    actions.delete_widget(widget, by=owner)
    assert not Widget.objects.exists()
    assert audit()[-1] == ("olga", "widget.delete", target)
    assert AuditEntry.objects.first().details["name"] == "Shop phone"
