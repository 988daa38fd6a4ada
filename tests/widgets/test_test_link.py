"""The test link: a blank page with the widget on it, for an hour, that says what it runs."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from agents.authoring import publish
from agents.models import Role
from agents.outside.origins import parse_origin
from widgets import actions, domains
from widgets.admission import access, credentials, test_link
from widgets.models import TestLink
from widgets.refusals import Refused

from .conftest import code_of, settings_in


@pytest.fixture
def browser(client):
    client.defaults["HTTP_HOST"] = "localhost:8000"
    return client


@pytest.fixture
def draft(project):
    """A widget nobody has published, and a version that runs."""
    publish.publish(project, by=None)
    widget = actions.create_widget(project, by=None, name="New phone")
    actions.save_draft(widget, widget.draft | {"style": {"agent_name": "Mara", "theme": "light"}}, by=None)
    return widget


def path_of(url, settings):
    return url.removeprefix(settings.PUBLIC_URL)


def held(response):
    return json.loads(re.search(r'<script id="settings"[^>]*>(.*?)</script>', response.content.decode(), re.DOTALL)[1])


def test_the_page_holds_the_widget_and_says_that_it_runs_what_is_published(widget, browser, settings):
    path = path_of(actions.make_test_link(widget, by=None), settings)
    response = browser.get(path)
    text = response.content.decode()
    assert 'data-runs="published"' in text and "version 1" in text and "Sandbox" in text
    assert f'<script src="{path}/widget.js">' in text.replace("%3A", ":")
    assert response["X-Robots-Tag"] == "noindex, nofollow" and response["Cache-Control"] == "no-store"


def test_while_nothing_is_published_it_runs_the_draft_and_says_so(draft, browser, settings):
    path = path_of(actions.make_test_link(draft, by=None), settings)
    assert 'data-runs="draft"' in browser.get(path).content.decode()
    shown = held(browser.get(f"{path}/frame"))
    assert shown["name"] == "Mara" and shown["config"]["style"]["theme"] == "light"
    actions.publish_widget(draft, by=None)
    actions.save_draft(draft, draft.draft | {"style": {"agent_name": "Later"}}, by=None)
    assert 'data-runs="published"' in browser.get(path).content.decode()
    assert held(browser.get(f"{path}/frame"))["name"] == "Mara"


def test_a_draft_can_be_called_from_its_test_link_and_from_nowhere_else(draft, browser, settings, post, room):
    actions.add_domain(draft, "example.com", by=None)
    path = path_of(actions.make_test_link(draft, by=None), settings)
    grant = held(browser.get(f"{path}/frame"))["grant"]
    ticket = post("ticket", {"grant": grant}).json()["ticket"]
    admitted = access.admission(credentials.read_ticket(ticket))
    assert admitted.is_test and admitted.site == "Test link" and admitted.environment == draft.environment
    other = post("ticket", {"grant": credentials.make_grant(draft.code, "https://example.com")})
    assert code_of(other) == "NOT_PUBLISHED"


def test_the_launcher_is_the_real_one_for_our_own_page_only(widget, browser, settings):
    path = path_of(actions.make_test_link(widget, by=None), settings)
    response = browser.get(f"{path}/widget.js")
    launcher = settings_in(response)
    here = parse_origin(settings.PUBLIC_URL)
    assert launcher["frame"] == f"{settings.PUBLIC_URL}{path}/frame"
    assert launcher["hosts"] == domains.hashed([domains.Address(here.host, here.port)], launcher["code"])


def test_a_missing_version_is_told_instead_of_a_button(project, browser, settings):
    widget = actions.create_widget(project, by=None, name="New phone")
    text = browser.get(path_of(actions.make_test_link(widget, by=None), settings)).content.decode()
    assert "No version of your agent runs in Sandbox" in text and "widget.js" not in text


def expire(widget):
    TestLink.objects.update(expires_at=timezone.now())


def revoke(widget):
    assert actions.revoke_test_links(widget, by=None) == 1


@pytest.mark.parametrize("end", [expire, revoke])
def test_what_the_link_admitted_ends_with_it(widget, browser, settings, post, room, rows, end):
    path = path_of(actions.make_test_link(widget, by=None), settings)
    grant = held(browser.get(f"{path}/frame"))["grant"]
    end(widget)
    before = rows()
    assert browser.get(path).status_code == 410
    assert browser.get(f"{path}/frame").status_code == 410
    assert b"LINK_ENDED" in browser.get(f"{path}/widget.js").content
    for name in ("ticket", "grant"):
        assert code_of(post(name, {"grant": grant})) == "LINK_ENDED"
    assert rows() == before and test_link.live(widget) == []


def test_a_link_is_good_for_an_hour_by_its_own_signature_too(widget, settings, monkeypatch):
    token = actions.make_test_link(widget, by=None).rpartition("/")[2]
    TestLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert test_link.read(token).widget == widget
    monkeypatch.setattr(test_link, "GOOD_S", -1)
    with pytest.raises(Refused, match="LINK_ENDED"):
        test_link.read(token)


@pytest.mark.parametrize("token", ["x", "x:y:z", "9808a6e79c4f4fd091a02377fafe0012", "%00", "a" * 3000])
def test_an_invented_token_opens_nothing(widget, browser, token):
    assert browser.get(f"/test/{token}").status_code == 410
    assert browser.get(f"/test/{token}/frame").status_code == 410


def test_a_link_for_one_widget_admits_to_no_other(widget, draft):
    actions.make_test_link(widget, by=None)
    forged = access.own_grant(draft, credentials.TEST, TestLink.objects.get().pk.hex)[1]
    with pytest.raises(Refused, match="LINK_ENDED"):
        access.admission(forged)


def test_the_console_sees_the_links_that_work_and_old_ones_are_forgotten(widget, owner, settings):
    actions.make_test_link(widget, by=owner)
    TestLink.objects.update(expires_at=timezone.now() - timedelta(days=2))
    actions.make_test_link(widget, by=owner)
    (link,) = test_link.live(widget)
    assert link.by == owner.get_username() and link.url.startswith(f"{settings.PUBLIC_URL}/test/")
    assert TestLink.objects.count() == 1


def _deactivated(owner, project):
    owner.is_active = False
    owner.save()


def _removed(owner, project):
    project.members.filter(user=owner).delete()


def _lowered(owner, project):
    project.members.filter(user=owner).update(role=Role.ANALYST)


@pytest.mark.parametrize("less", [_deactivated, _removed, _lowered])
def test_a_link_ends_with_what_its_maker_may(widget, owner, browser, settings, less):
    path = path_of(actions.make_test_link(widget, by=owner), settings)
    grant = held(browser.get(f"{path}/frame"))["grant"]
    claims = credentials.read_grant(grant)
    access.admission(claims)
    assert len(test_link.live(widget)) == 1
    less(owner, widget.project)
    with pytest.raises(Refused, match="LINK_ENDED"):
        access.admission(claims)
    assert browser.get(path).status_code == 410 and test_link.live(widget) == []
