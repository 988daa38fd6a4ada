"""The Share tab: test links, and the call page with its address, its end and its passphrase."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.models import AuditEntry
from widgets import actions
from widgets.admission import call_page, test_link
from widgets.models import TestLink


@pytest.fixture
def share(client, owner, furnished):
    client.force_login(owner)
    return f"/console/{furnished.project.slug}/web-calling/{furnished.widget.pk}/"


def test_a_test_link_is_made_opened_and_ended(client, share, furnished):
    client.post(share + "test/")
    text = client.get(share + "share/").content.decode()
    (link,) = test_link.live(furnished.widget)
    assert link.url.rsplit(":", 2)[0] in text  # its signature has the second
    assert "as it is published" in text
    path = link.url.partition("/test/")[2]
    assert client.get(f"/test/{path}").status_code == 200
    client.post(share + "test/", {"end": "1"})
    assert test_link.live(furnished.widget) == []
    assert client.get(f"/test/{path}").status_code == 410
    assert link.url not in client.get(share + "share/").content.decode()


def test_a_test_link_of_an_unpublished_widget_says_that_it_shows_the_draft(client, share, furnished, owner):
    fresh = actions.create_widget(furnished.project, by=owner, name="New one")
    address = share.replace(f"/{furnished.widget.pk}/", f"/{fresh.pk}/")
    assert "It shows the draft" in client.get(address + "share/").content.decode()


def test_an_analyst_is_not_shown_links_that_others_made(client, share, furnished, owner, analyst):
    url = actions.make_test_link(furnished.widget, by=owner)
    client.force_login(analyst)
    text = client.get(share + "share/").content.decode()
    assert url not in text and "1 test link works now" in text


def test_the_call_page_is_switched_on_with_its_address_and_picture(client, share, furnished):
    assert "Address copied" not in client.get(share + "share/").content.decode()
    client.post(share + "share/", {"enabled": "on", "environment": "sandbox", "expires_at": ""})
    page = call_page.of(furnished.widget)
    text = client.get(share + "share/").content.decode()
    assert page.enabled and call_page.url(page) in text and 'class="qr"' in text
    assert client.get(share + "share/qr/")["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize(
    "changes", [{"environment": "moon"}, {"expires_at": "soon"}, {"expires_at": "2020-01-01T10:00"}]
)
def test_a_call_page_with_a_mistake_stays_as_it_was(client, share, furnished, changes):
    values = {"enabled": "on", "environment": "sandbox", "expires_at": ""} | changes
    response = client.post(share + "share/", values)
    assert response.status_code == 422 and "has-error" in response.content.decode()
    assert not call_page.of(furnished.widget).enabled


def test_the_end_is_read_in_the_readers_time_zone(client, share, furnished):
    client.cookies["pickup_zone"] = "Asia/Tokyo"
    later = (timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    typed = (later + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M")
    client.post(share + "share/", {"enabled": "on", "environment": "sandbox", "expires_at": typed})
    assert call_page.of(furnished.widget).expires_at == later
    assert f'value="{typed}"' in client.get(share + "share/").content.decode()


def test_a_passphrase_is_set_changed_and_taken_away_and_never_shown(client, share, furnished):
    client.post(share + "share/", {"enabled": "on", "environment": "sandbox"})
    client.post(share + "share/passphrase/", {"passphrase": "three blue boats"})
    assert call_page.of(furnished.widget).passphrase.startswith(("pbkdf2", "md5", "argon2", "scrypt"))
    assert "three blue boats" not in client.get(share + "share/").content.decode()
    client.post(share + "share/passphrase/", {"remove": "1"})
    assert call_page.of(furnished.widget).passphrase == ""
    assert "three blue boats" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


@pytest.mark.parametrize("words", ["", "short", "x" * 101])
def test_a_passphrase_too_short_or_too_long_is_refused_in_its_place(client, share, furnished, words):
    client.post(share + "share/", {"enabled": "on", "environment": "sandbox"})
    response = client.post(share + "share/passphrase/", {"passphrase": words})
    assert response.status_code == 422 and 'id="pass-e"' in response.content.decode()
    assert call_page.of(furnished.widget).passphrase == ""


def test_a_new_address_makes_the_old_one_lead_nowhere(client, share, furnished):
    client.post(share + "share/", {"enabled": "on", "environment": "sandbox"})
    before = call_page.url(call_page.of(furnished.widget))
    client.post(share + "share/rotate/")
    after = call_page.url(call_page.of(furnished.widget))
    assert before != after
    assert client.get("/call/" + before.rpartition("/")[2]).status_code == 404


def test_many_links_ask_as_often_as_one(client, share, furnished, owner):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get(share + "share/")
        return len(asked)

    actions.make_test_link(furnished.widget, by=owner)
    queries()
    few = queries()
    for _link in range(10):
        actions.make_test_link(furnished.widget, by=owner)
    assert TestLink.objects.count() == 11
    assert queries() == few
