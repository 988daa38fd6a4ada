"""The lock: who is admitted, who is not, and that a refusal leaves nothing behind but its count."""

import pytest

from agents.authoring import publish
from widgets import actions
from widgets.admission import access, call_page, credentials, lines
from widgets.admission.credentials import EMBED, PAGE, GrantClaims
from widgets.card import look
from widgets.models import RefusedHost, Widget
from widgets.refusals import Refused

from .conftest import SITE

ADDRESS = "192.0.2.7"


def refusal(call, *given):
    with pytest.raises(Refused) as caught:
        call(*given)
    return caught.value.code


def claims(widget, origin=SITE, purpose=EMBED):
    return GrantClaims(widget.code, origin, purpose)


def test_a_listed_page_of_a_published_widget_is_admitted(widget):
    admitted = access.admission(claims(widget))
    assert admitted.widget == widget
    assert admitted.origin == SITE
    assert admitted.version.number == 1
    assert admitted.shown.agent_name == "Robin"
    assert admitted.shown.look == look.read(widget.published)


@pytest.mark.parametrize("code", ["", "x", "c" * 43, "c" * 44, "../../etc/passwd", "\x00" * 43, "é" * 43])
def test_an_unknown_code_admits_nobody(widget, rows, code):
    before = rows()
    assert refusal(access.admission, GrantClaims(code, SITE, EMBED)) == "UNKNOWN_WIDGET"
    assert rows() == before


def test_an_empty_list_admits_nobody(widget, rows):
    actions.set_domains(widget, [], by=None)
    before = rows()
    for origin in (SITE, "http://localhost:8000", "http://testserver"):
        assert refusal(access.admission, claims(widget, origin)) == "HOST_NOT_ALLOWED"
    assert rows() == before


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil-example.com",
        "https://example.com.evil.com",
        "https://example.com@evil.com",
        "https://evil.com",
        "https://xn--exmple-cua.com",
        "http://93.184.216.34",
    ],
)
def test_a_lookalike_is_refused_and_counted_at_most(widget, rows, origin):
    before = rows()
    assert refusal(access.admission, claims(widget, origin)) == "HOST_NOT_ALLOWED"
    assert rows() == before
    assert RefusedHost.objects.count() <= 1


@pytest.mark.parametrize("origin", ["null", "", "*", "https://", "about:blank", "'none'", "https://a b", "é"])
def test_what_is_no_origin_is_refused_and_not_even_counted(widget, rows, origin):
    before = rows()
    assert refusal(access.admission, claims(widget, origin)) == "HOST_NOT_ALLOWED"
    assert rows() == before
    assert RefusedHost.objects.count() == 0


def test_each_state_in_which_nobody_can_call_has_its_code(project):
    widget = actions.create_widget(project, by=None, name="New", address="example.com")
    assert refusal(access.admission, claims(widget)) == "NOT_PUBLISHED"
    publish.publish(project, by=None, environment="live")
    actions.set_environment(widget, "live", by=None)
    actions.publish_widget(widget, by=None)
    access.admission(claims(widget))
    actions.set_environment(widget, "sandbox", by=None)
    assert refusal(access.admission, claims(widget)) == "NO_VERSION"
    actions.set_enabled(widget, False, by=None)
    assert refusal(access.admission, claims(widget)) == "WIDGET_OFF"


def test_an_unlisted_page_does_not_learn_in_which_state_a_widget_is(widget):
    actions.set_enabled(widget, False, by=None)
    assert refusal(access.admission, claims(widget, "https://evil.com")) == "HOST_NOT_ALLOWED"


def test_changes_act_at_once_on_grants_that_are_out_already(widget, grant):
    held = credentials.read_grant(grant)
    access.admission(held)
    actions.set_domains(widget, ["other.example"], by=None)
    assert refusal(access.admission, held) == "HOST_NOT_ALLOWED"
    assert refusal(access.renew_grant, grant) == "HOST_NOT_ALLOWED"


def test_a_rotated_code_ends_the_grants_made_for_the_old_one(widget, grant):
    actions.rotate_code(widget, by=None)
    assert refusal(access.admission, credentials.read_grant(grant)) == "UNKNOWN_WIDGET"


def test_our_own_pages_need_no_listing_and_no_other_page_passes_for_one(widget, settings):
    actions.set_domains(widget, [], by=None)
    page = actions.save_call_page(widget, by=None, enabled=True, environment="sandbox", expires_at=None)
    held = credentials.read_grant(access.own_grant(widget, PAGE, call_page.seal(page))[0])
    assert held.origin == settings.PUBLIC_URL
    access.admission(held)
    assert refusal(access.admission, claims(widget, "https://evil.com", PAGE)) == "HOST_NOT_ALLOWED"


def test_the_server_makes_no_grant_for_an_embedded_page_past_the_list(widget):
    with pytest.raises(ValueError, match="list of domains"):
        access.own_grant(widget, EMBED)


def test_a_grant_for_our_own_page_is_no_grant_for_an_embedded_one(widget, settings):
    assert refusal(access.admission, claims(widget, settings.PUBLIC_URL)) == "HOST_NOT_ALLOWED"


def test_a_version_that_is_promoted_shows_in_the_next_admission(widget, project):
    assert access.admission(claims(widget)).version.number == 1
    project.agent.greeting = "Good morning."
    project.agent.save()
    publish.publish(project, by=None)
    assert access.admission(claims(widget)).version.number == 2


def test_the_name_shown_is_the_widgets_else_the_variants_else_the_agents(widget, project):
    project.variants.create(key="north", name="North", is_default=True, attributes={"agent_name": "Nora"})
    project.variants.create(key="south", name="South", attributes={})
    publish.publish(project, by=None)
    assert access.admission(claims(widget)).shown.agent_name == "Nora"
    actions.set_variant(widget, "south", by=None)
    assert access.admission(claims(Widget.objects.get())).shown.agent_name == "Robin"
    actions.save_draft(widget, {"style": {"agent_name": "Rita"}}, by=None)
    actions.publish_widget(widget, by=None)
    assert access.admission(claims(widget)).shown.agent_name == "Rita"


def test_a_process_without_a_gateway_takes_no_calls(widget, monkeypatch):
    monkeypatch.setattr(access, "_room", None)
    monkeypatch.setattr(access, "_ice", None)
    monkeypatch.setattr(access, "_expect", None)
    assert refusal(access.check_room, widget, ADDRESS) == "FULL"


def test_the_gateway_is_asked_about_the_widget_its_project_and_the_address(widget, monkeypatch):
    monkeypatch.setattr(access, "_room", None)
    monkeypatch.setattr(access, "_ice", None)
    monkeypatch.setattr(access, "_expect", None)
    asked = []
    access.register_gateway(check_room=asked.append, ice_servers=lambda admitted: [], expect=lambda admitted: None)
    access.check_room(widget, ADDRESS)
    assert asked == [lines.claim(widget, ADDRESS)]
