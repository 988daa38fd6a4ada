"""The shareable call page: who gets in, what it shows, and that everything it admitted ends with it."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from agents.authoring import publish
from agents.models import AuditEntry
from widgets import actions
from widgets.admission import access, call_page, consent, credentials, limits
from widgets.card import look
from widgets.delivery import qr, sharing
from widgets.models import CallPage
from widgets.refusals import Refused

from .conftest import code_of

WORDS = "anchor street"


@pytest.fixture
def shared(widget):
    """The page of a published widget, switched on."""
    return actions.save_call_page(widget, by=None, enabled=True, environment="sandbox", expires_at=None)


@pytest.fixture
def locked(shared, widget):
    actions.set_call_page_passphrase(widget, WORDS, by=None)
    shared.refresh_from_db()
    return shared


@pytest.fixture
def browser(client, settings):
    """A visitor's browser at our own address."""
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "calls.example.com"]
    client.defaults["HTTP_HOST"] = "localhost:8000"
    return client


def held(response):
    """The settings block of a frame."""
    return json.loads(re.search(r'<script id="settings"[^>]*>(.*?)</script>', response.content.decode(), re.DOTALL)[1])


def frame(browser, page, **headers):
    return browser.get(f"/call/{page.slug}/frame", headers={"Sec-Fetch-Dest": "iframe"} | headers)


def give(browser, page, passphrase, **headers):
    return browser.post(f"/call/{page.slug}", {"passphrase": passphrase}, headers=headers)


# ── What it is ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_is_off_until_somebody_switches_it_on(widget, browser):
    assert not call_page.of(widget).enabled and not CallPage.objects.exists()
    page = actions.rotate_call_page(widget, by=None)
    assert not page.enabled
    assert browser.get(f"/call/{page.slug}").status_code == 410
    assert frame(browser, page).status_code == 410


def test_an_address_cannot_be_guessed_and_every_widget_has_its_own(widget, project):
    other = actions.create_widget(project, by=None, name="Other")
    slugs = {actions.rotate_call_page(one, by=None).slug for one in (widget, other)}
    assert len(slugs) == 2 and all(re.fullmatch(r"[A-Za-z0-9_-]{22}", slug) for slug in slugs)
    assert call_page.of(widget).slug in slugs


def test_an_open_page_is_kept_by_nobody_and_listed_nowhere(shared, browser):
    for response in (browser.get(f"/call/{shared.slug}"), frame(browser, shared)):
        assert response.status_code == 200
        assert response["X-Robots-Tag"] == "noindex, nofollow" and response["Cache-Control"] == "no-store"
        assert 'name="robots" content="noindex' in response.content.decode()


def test_the_page_may_be_framed_by_nobody_and_its_frame_by_the_page_only(shared, browser, settings):
    policy = browser.get(f"/call/{shared.slug}")["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy and "unsafe" not in policy and "default-src 'self'" in policy
    policy = frame(browser, shared)["Content-Security-Policy"]
    assert f"frame-ancestors {settings.PUBLIC_URL}" in policy and "unsafe" not in policy


def test_the_page_shows_whose_it_is_and_who_answers(shared, browser):
    text = browser.get(f"/call/{shared.slug}").content.decode()
    assert "Harbour Bikes" in text and "Talk to Robin" in text
    assert f'src="/call/{shared.slug}/frame"' in text and 'allow="microphone; autoplay"' in text
    assert not re.search(r"<style|style=|<script(?![^>]*src=)", text)


def test_the_owners_policies_stand_in_the_pages_foot_and_once(asking_widget, browser):
    page = actions.save_call_page(asking_widget, by=None, enabled=True, environment="sandbox", expires_at=None)
    assert browser.get(f"/call/{page.slug}").content.decode().count("https://example.com/privacy") == 1
    shown = held(frame(browser, page))
    assert shown["config"]["policies"] is None and shown["captions"] is True
    assert [link["url"] for link in shown["consent"]["links"]] == ["https://example.com/privacy"]


def test_a_visitor_at_the_machines_other_name_is_sent_to_the_public_one(shared, browser, settings):
    response = browser.get(f"/call/{shared.slug}", headers={"Host": "127.0.0.1:8000"})
    assert response["Location"] == f"{settings.PUBLIC_URL}/call/{shared.slug}"


def test_the_frame_is_no_page(shared, browser):
    assert frame(browser, shared, **{"Sec-Fetch-Dest": "document"}).status_code == 403


# ── What it runs ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_has_an_environment_of_its_own(shared, widget, project, browser):
    actions.save_call_page(widget, by=None, enabled=True, environment="live", expires_at=None)
    assert browser.get(f"/call/{shared.slug}").status_code == 503
    live = publish.publish(project, by=None, environment="live")
    claims = credentials.read_grant(held(frame(browser, shared))["grant"])
    admitted = access.admission(claims)
    assert (admitted.environment, admitted.version, admitted.site) == ("live", live, "Call page")
    assert widget.environment == "sandbox" and not admitted.is_test


def test_no_domain_needs_to_be_listed(shared, widget, browser):
    actions.set_domains(widget, [], by=None)
    assert frame(browser, shared).status_code == 200


def test_a_grant_of_the_page_becomes_a_ticket(shared, browser, post, room):
    response = post("ticket", {"grant": held(frame(browser, shared))["grant"]})
    assert credentials.read_ticket(response.json()["ticket"]).purpose == credentials.PAGE


def test_consent_is_asked_for_as_everywhere(asking_widget, browser, post, room, rows):
    page = actions.save_call_page(asking_widget, by=None, enabled=True, environment="sandbox", expires_at=None)
    shown = held(frame(browser, page))
    assert shown["consent"]["digest"] == consent.wording(look.read(asking_widget.published)).digest
    before = rows()
    assert code_of(post("ticket", {"grant": shown["grant"]})) == "CONSENT_REQUIRED"
    assert rows() == before
    yes = post("consent", {"grant": shown["grant"], "text": shown["consent"]["digest"]}).json()["consent"]
    assert post("ticket", {"grant": shown["grant"], "consent": yes}).status_code == 200


@pytest.mark.parametrize("how", ["off", "unpublished"])
def test_a_widget_nobody_can_call_shows_so_and_not_why(shared, widget, browser, how):
    if how == "off":
        actions.set_enabled(widget, False, by=None)
    else:
        type(widget).objects.update(published=None)
    response = browser.get(f"/call/{shared.slug}")
    assert response.status_code == 503 and b"not open right now" in response.content
    assert frame(browser, shared).status_code in (403, 409)


# ── Its end ──────────────────────────────────────────────────────────────────────────────────────────────────


def off(widget):
    actions.save_call_page(widget, by=None, enabled=False, environment="sandbox", expires_at=None)


def expire(widget):
    CallPage.objects.update(expires_at=timezone.now())


def rotate(widget):
    actions.rotate_call_page(widget, by=None)


def new_passphrase(widget):
    actions.set_call_page_passphrase(widget, "another passphrase", by=None)


@pytest.mark.parametrize("end", [off, expire, rotate, new_passphrase])
def test_what_the_page_admitted_ends_with_it(shared, widget, browser, post, room, rows, end):
    grant = held(frame(browser, shared))["grant"]
    ticket = post("ticket", {"grant": grant}).json()["ticket"]
    end(widget)
    before = rows()
    for response in (post("ticket", {"grant": grant}), post("grant", {"grant": grant})):
        assert code_of(response) == "LINK_ENDED" and response.status_code == 410
    with pytest.raises(Refused, match="LINK_ENDED"):
        access.admission(credentials.read_ticket(ticket))
    assert rows() == before


def test_an_expired_page_says_until_when_it_was_open(shared, browser):
    CallPage.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    response = browser.get(f"/call/{shared.slug}")
    assert response.status_code == 410
    assert b"This link has ended" in response.content and b"<time datetime=" in response.content


def test_a_rotated_address_is_one_nobody_knows(shared, widget, browser):
    page = actions.rotate_call_page(widget, by=None)
    assert page.slug != shared.slug
    assert browser.get(f"/call/{shared.slug}").status_code == 404
    assert browser.get(f"/call/{page.slug}").status_code == 200


def test_an_address_nobody_made_shows_nothing_of_anybody(shared, browser):
    response = browser.get("/call/" + "x" * 22)
    assert response.status_code == 404 and b"Harbour" not in response.content
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_a_grant_for_one_page_opens_no_other(shared, project):
    other = actions.create_widget(project, by=None, name="Other")
    actions.publish_widget(other, by=None)
    actions.save_call_page(other, by=None, enabled=True, environment="sandbox", expires_at=None)
    forged = access.own_grant(other, credentials.PAGE, call_page.seal(shared))[1]
    with pytest.raises(Refused, match="LINK_ENDED"):
        access.admission(forged)


# ── The passphrase ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_passphrase_is_asked_for_before_anything_is_given(locked, browser, rows):
    response = browser.get(f"/call/{locked.slug}")
    assert b"Enter the passphrase" in response.content and b"<iframe" not in response.content
    before = rows()
    assert frame(browser, locked).status_code == 403
    assert rows() == before


def test_the_right_passphrase_opens_the_page_for_this_browser_and_no_other(locked, browser):
    response = give(browser, locked, f"  {WORDS.replace(' ', '  ')} ")
    cookie = response.cookies[call_page.COOKIE]
    assert response.status_code == 302 and response["Location"] == f"/call/{locked.slug}"
    assert cookie["path"] == f"/call/{locked.slug}" and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert WORDS not in cookie.value
    assert b"<iframe" in browser.get(f"/call/{locked.slug}").content
    assert frame(browser, locked).status_code == 200
    browser.cookies.clear()
    assert frame(browser, locked).status_code == 403


def test_the_passphrase_is_kept_as_a_hash(locked):
    assert WORDS not in locked.passphrase and locked.passphrase.count("$") >= 2


def test_a_wrong_passphrase_is_told_with_the_tries_left_and_then_locks(locked, browser):
    tries = limits.PER_ADDRESS["passphrase"]
    said = [give(browser, locked, "wrong words").content.decode() for _try in range(tries + 1)]
    left = [re.search(r"(\w+) tr(?:y|ies) left", text) for text in said]
    assert [found[1] if found else "" for found in left] == ["4", "3", "2", "One", "", ""]
    assert all("Too many tries" in text for text in said[-2:])
    assert give(browser, locked, WORDS).status_code == 429
    assert call_page.COOKIE not in browser.cookies


def test_many_tries_at_once_are_no_more_than_many_in_a_row(locked):
    def attempt(_number):
        try:
            call_page.enter(locked, "wrong words", "203.0.113.9")
        except call_page.WrongPassphrase:
            return "wrong"
        except Refused:
            return "locked"

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(attempt, range(30)))
    assert said.count("wrong") == limits.PER_ADDRESS["passphrase"] - 1


def test_many_addresses_together_are_limited_too(locked, monkeypatch):
    monkeypatch.setitem(limits.PER_WIDGET, "passphrase", 3)
    for number in range(2):
        with pytest.raises(call_page.WrongPassphrase):
            call_page.enter(locked, "wrong words", f"203.0.113.{number}")
    for words in ("wrong words", WORDS):
        with pytest.raises(Refused, match="RATE_LIMITED"):
            call_page.enter(locked, words, "203.0.113.200")


def test_one_address_cannot_lock_everybody_else_out(locked):
    for number in range(limits.PER_WIDGET["passphrase"] * 2):
        with pytest.raises((call_page.WrongPassphrase, Refused)):
            call_page.enter(locked, "wrong words", f"2001:db8:0:1::{number:x}")
    assert call_page.may_enter(locked, call_page.enter(locked, WORDS, "203.0.113.9"))


def test_people_who_know_the_words_use_nothing_up(locked, monkeypatch):
    monkeypatch.setitem(limits.PER_WIDGET, "passphrase", 3)
    for _time in range(10):
        call_page.enter(locked, WORDS, "203.0.113.9")


def test_another_site_cannot_use_up_a_visitors_tries(locked, browser):
    response = give(browser, locked, "wrong words", Origin="https://evil.example")
    assert response.status_code == 403
    assert b"4 tries left" in give(browser, locked, "wrong words").content


@pytest.mark.parametrize("cookie", ["", "x", "a:b:c", "0" * 5000])
def test_an_invented_cookie_opens_nothing(locked, browser, cookie):
    browser.cookies[call_page.COOKIE] = cookie
    assert frame(browser, locked).status_code == 403


def test_a_cookie_for_one_page_opens_no_other(locked, browser, project):
    other = actions.create_widget(project, by=None, name="Other")
    actions.publish_widget(other, by=None)
    page = actions.save_call_page(other, by=None, enabled=True, environment="sandbox", expires_at=None)
    actions.set_call_page_passphrase(other, WORDS, by=None)
    page.refresh_from_db()
    assert not call_page.may_enter(page, call_page.enter(locked, WORDS, "203.0.113.1"))


# ── What its owner does ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("passphrase", ["short", "x" * 101])
def test_a_passphrase_that_is_too_short_or_too_long_is_refused(shared, widget, rows, passphrase):
    before = rows()
    with pytest.raises(actions.Invalid) as caught:
        actions.set_call_page_passphrase(widget, passphrase, by=None)
    assert set(caught.value.errors) == {"passphrase"} and rows() == before


def test_a_page_cannot_end_in_the_past_or_run_nowhere(widget, rows):
    before = rows()
    past = timezone.now() - timedelta(minutes=1)
    with pytest.raises(actions.Invalid) as caught:
        actions.save_call_page(widget, by=None, enabled=True, environment="moon", expires_at=past)
    assert set(caught.value.errors) == {"environment", "expires_at"} and rows() == before


def test_everything_done_to_a_page_is_kept_in_the_audit_and_the_passphrase_is_not(widget, owner):
    actions.save_call_page(widget, by=owner, enabled=True, environment="sandbox", expires_at=None)
    actions.save_call_page(widget, by=owner, enabled=True, environment="sandbox", expires_at=None)
    actions.set_call_page_passphrase(widget, WORDS, by=owner)
    actions.rotate_call_page(widget, by=owner)
    lines = AuditEntry.objects.filter(action__startswith="widget.page").order_by("pk")
    assert [line.action for line in lines] == ["widget.page", "widget.page_passphrase", "widget.page_rotate"]
    assert WORDS not in str(list(lines.values()))


def test_the_console_sees_the_page_with_its_picture_and_why_nobody_could_call(shared, widget, settings):
    told = sharing.sharing(widget)
    assert told.url == f"{settings.PUBLIC_URL}/call/{shared.slug}"
    assert (told.enabled, told.expired, told.has_passphrase, told.problem) == (True, False, False, "")
    actions.set_enabled(widget, False, by=None)
    assert "switched off" in sharing.sharing(widget).problem


def test_the_picture_is_plain_svg_that_a_strict_policy_lets_through():
    drawn = qr.svg("https://calls.example.com/call/abc", 'A "code" & <more>')
    root = ElementTree.fromstring(drawn)
    assert root.attrib["role"] == "img" and root.attrib["aria-label"] == 'A "code" & <more>'
    assert "style" not in drawn and "<script" not in drawn
