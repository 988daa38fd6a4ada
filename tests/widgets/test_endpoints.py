"""Grant, consent, ticket: asked for by our own frame, and by everybody else."""

import json

import pytest
import time_machine
from django.db import OperationalError

from widgets import actions
from widgets.admission import access, call_page, consent, credentials, limits, lines
from widgets.card import look
from widgets.models import ConsentRecord, RefusedHost

from .conftest import SITE, code_of

ENDPOINTS = ["grant", "consent", "ticket"]


@pytest.mark.parametrize("name", ENDPOINTS)
@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        SITE,
        "https://evil.com",
        "http://localhost",
        "http://localhost:8000.evil.com",
        "http://LOCALHOST:8000",
        "https://localhost:8000",
        "http://localhost:8000/",
        "http://127.0.0.1:8000",
    ],
)
def test_only_our_own_origin_may_ask(grant, post, rows, room, name, origin):
    before = rows()
    response = post(name, {"grant": grant}, Origin=origin)
    assert (response.status_code, code_of(response)) == (403, "ORIGIN_NOT_ALLOWED")
    assert rows() == before
    assert not response.has_header("Access-Control-Allow-Origin")


@pytest.mark.parametrize("name", ENDPOINTS)
def test_without_an_origin_nobody_is_answered(grant, client, rows, room, name):
    before = rows()
    response = client.post(f"/api/v1/widget/{name}", {"grant": grant}, content_type="application/json")
    assert code_of(response) == "ORIGIN_NOT_ALLOWED"
    assert rows() == before


@pytest.mark.parametrize("name", ENDPOINTS)
@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"[]", b"null", b'"x"', b"5", b"{", b"\xff\xfe", b"[" * 4000, b'{"grant": ' + b"[" * 3000],
)
def test_garbage_is_an_invalid_message(widget, post, rows, room, name, body):
    before = rows()
    response = post(name, body)
    assert (response.status_code, code_of(response)) == (400, "INVALID_MESSAGE")
    assert rows() == before


@pytest.mark.parametrize("name", ENDPOINTS)
def test_what_is_not_sent_as_json_is_an_invalid_message(grant, client, rows, room, settings, name):
    before = rows()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        body = json.dumps({"grant": grant})
        headers = {"Origin": settings.PUBLIC_URL}
        response = client.generic("POST", f"/api/v1/widget/{name}", body, content_type=kind, headers=headers)
        assert code_of(response) == "INVALID_MESSAGE"
    assert rows() == before


@pytest.mark.parametrize("name", ENDPOINTS)
def test_more_than_8_kb_is_too_large(grant, post, rows, room, name):
    before = rows()
    response = post(name, {"grant": grant, "more": "x" * 8192})
    assert (response.status_code, code_of(response)) == (413, "TOO_LARGE")
    response = post(name, b"x" * (3 * 1024 * 1024))
    assert code_of(response) == "TOO_LARGE"
    assert rows() == before


@pytest.mark.parametrize("length", ["-1", "9" * 5000, "²", "x", "1e3"])
def test_a_length_that_is_no_number_is_too_large(grant, client, settings, room, length):
    headers = {"Origin": settings.PUBLIC_URL}
    body = {"data": "{}", "content_type": "application/json"}
    response = client.generic("POST", "/api/v1/widget/ticket", **body, headers=headers, CONTENT_LENGTH=length)
    assert code_of(response) == "TOO_LARGE"


@pytest.mark.parametrize("name", ENDPOINTS)
@pytest.mark.parametrize("bad", [None, 5, [], {}, "x", "a:b:c"])
def test_a_forged_grant_is_invalid(widget, post, rows, room, name, bad):
    before = rows()
    response = post(name, {"grant": bad})
    assert (response.status_code, code_of(response)) == (401, "GRANT_INVALID")
    assert rows() == before


@pytest.mark.parametrize("name", ENDPOINTS)
def test_reading_is_not_asking(client, settings, name):
    assert client.get(f"/api/v1/widget/{name}", headers={"Origin": settings.PUBLIC_URL}).status_code == 405


@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_grant_is_not_read_from_the_address(grant, client, settings, room, name):
    headers = {"Origin": settings.PUBLIC_URL}
    response = client.post(f"/api/v1/widget/{name}?grant={grant}", {}, content_type="application/json", headers=headers)
    assert code_of(response) == "GRANT_INVALID"


def test_no_cross_site_token_is_asked_for_since_no_cookie_counts(widget, grant, room, settings):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    headers = {"Origin": settings.PUBLIC_URL}
    response = client.post("/api/v1/widget/ticket", {"grant": grant}, content_type="application/json", headers=headers)
    assert response.status_code == 200
    assert not response.cookies


def test_a_ticket_is_given_and_never_kept_by_anybody(grant, post, room, rows):
    before = rows()
    response = post("ticket", {"grant": grant})
    held = response.json()
    assert response.status_code == 200 and response["Cache-Control"] == "no-store"
    assert set(held) == {"ticket", "expiresIn", "iceServers"}
    assert (held["expiresIn"], held["iceServers"]) == (60, [{"urls": "stun:stun.example.com"}])
    assert rows() == before
    assert credentials.spend_ticket(held["ticket"]).origin == SITE


def test_an_expired_grant_gives_nothing_until_it_is_renewed(widget, post, room, rows):
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        grant = credentials.make_grant(widget.code, SITE)
        clock.shift(credentials.GRANT_S + 1)
        before = rows()
        assert code_of(post("ticket", {"grant": grant})) == "GRANT_EXPIRED"
        renewed = post("grant", {"grant": grant}).json()
        assert renewed["expiresIn"] == credentials.GRANT_S
        assert rows() == before
        assert post("ticket", {"grant": renewed["grant"]}).status_code == 200


def test_a_grant_expired_for_a_day_is_not_renewed(widget, post, rows):
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        grant = credentials.make_grant(widget.code, SITE)
        clock.shift(credentials.GRANT_S + credentials.RENEWABLE_S + 1)
        before = rows()
        assert code_of(post("grant", {"grant": grant})) == "GRANT_EXPIRED"
        assert rows() == before


def test_a_grant_is_not_renewed_for_a_page_taken_off_the_list(widget, grant, post, room, rows):
    actions.set_domains(widget, ["other.example"], by=None)
    before = rows()
    for name in ENDPOINTS:
        assert code_of(post(name, {"grant": grant})) == "HOST_NOT_ALLOWED"
    assert rows() == before
    assert RefusedHost.objects.get().host == "shop.example.com"


def test_off_and_full_have_their_codes_and_leave_nothing(widget, grant, post, room, rows):
    before = rows()
    room["free"] = False
    response = post("ticket", {"grant": grant})
    assert (response.status_code, code_of(response)) == (503, "FULL")
    room["code"] = "RATE_LIMITED"
    response = post("ticket", {"grant": grant})
    assert (response.status_code, code_of(response)) == (429, "RATE_LIMITED")
    assert room["asked"] == lines.claim(widget, "127.0.0.1")
    assert rows() == before
    actions.set_enabled(widget, False, by=None)
    before = rows()
    assert code_of(post("ticket", {"grant": grant})) == "WIDGET_OFF"
    assert code_of(post("grant", {"grant": grant})) == "WIDGET_OFF"
    assert rows() == before


def test_with_consent_on_the_way_to_a_ticket_leads_through_the_record(asking_widget, grant, post, room, rows):
    before = rows()
    assert code_of(post("ticket", {"grant": grant})) == "CONSENT_REQUIRED"
    assert code_of(post("ticket", {"grant": grant, "consent": "x"})) == "CONSENT_INVALID"
    assert code_of(post("consent", {"grant": grant, "text": "x", "language": "en"})) == "CONSENT_INVALID"
    assert rows() == before
    digest = consent.wording(look.read(asking_widget.published)).digest
    given = post("consent", {"grant": grant, "text": digest, "language": "en"}).json()["consent"]
    response = post("ticket", {"grant": grant, "consent": given})
    assert credentials.read_ticket(response.json()["ticket"]).consent == given
    assert ConsentRecord.objects.get().conversation is None


def test_a_yes_given_through_another_widgets_grant_does_not_count(asking_widget, grant, post, room, project):
    other = actions.create_widget(project, by=None, name="Other", address="example.com")
    actions.save_draft(other, asking_widget.draft, by=None)
    actions.publish_widget(other, by=None)
    digest = consent.wording(look.read(other.published)).digest
    theirs = post("consent", {"grant": credentials.make_grant(other.code, SITE), "text": digest}).json()["consent"]
    assert code_of(post("ticket", {"grant": grant, "consent": theirs})) == "CONSENT_INVALID"


def test_a_full_house_asks_for_consent_first_and_then_says_full(asking_widget, grant, post, room):
    room["free"] = False
    assert code_of(post("ticket", {"grant": grant})) == "CONSENT_REQUIRED"


@pytest.mark.parametrize("name", ENDPOINTS)
def test_an_address_that_asks_too_often_is_told_when_to_come_back(grant, post, room, rows, monkeypatch, name):
    monkeypatch.setitem(limits.PER_ADDRESS, name, 1)
    post(name, {"grant": "x"})
    before = rows()
    response = post(name, {"grant": grant})
    assert (response.status_code, code_of(response), response["Retry-After"]) == (429, "RATE_LIMITED", "60")
    assert rows() == before


def test_a_busy_widget_has_its_own_limit(widget, grant, post, room, monkeypatch):
    monkeypatch.setitem(limits.PER_WIDGET, "ticket", 1)
    assert post("ticket", {"grant": grant}).status_code == 200
    assert code_of(post("ticket", {"grant": grant})) == "RATE_LIMITED"


def test_a_flood_of_bad_origins_does_not_use_up_a_neighbours_allowance(grant, post, room, monkeypatch):
    monkeypatch.setitem(limits.PER_ADDRESS, "ticket", 1)
    for _ in range(3):
        post("ticket", {"grant": grant}, Origin="https://evil.com")
    assert post("ticket", {"grant": grant}).status_code == 200


def test_a_refusal_is_logged_without_the_visitor(grant, post, room, caplog):
    post("ticket", {"grant": "secret-looking-thing"})
    lines = " ".join(record.getMessage() for record in caplog.records)
    assert "GRANT_INVALID" in lines
    assert "secret-looking" not in lines and "127.0.0.1" not in lines


def test_a_frames_grant_for_our_own_page_gets_a_ticket(widget, post, room):
    actions.set_domains(widget, [], by=None)
    page = actions.save_call_page(widget, by=None, enabled=True, environment="sandbox", expires_at=None)
    response = post("ticket", {"grant": access.own_grant(widget, credentials.PAGE, call_page.seal(page))[0]})
    assert credentials.read_ticket(response.json()["ticket"]).purpose == "page"


@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_database_that_is_away_is_told_with_a_code_the_card_has_words_for(grant, post, room, rows, monkeypatch, name):
    before = rows()
    with monkeypatch.context() as patch:

        def away(*_given):
            raise OperationalError("connection refused")

        patch.setattr(access, "find", away)
        response = post(name, {"grant": grant})
    assert (response.status_code, code_of(response)) == (503, "UNAVAILABLE")
    assert rows() == before
