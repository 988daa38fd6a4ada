"""The frame document: what the browser is told to prove, and who is turned away."""

import json
import re

import pytest
from django.db import OperationalError

from agents.authoring import publish
from agents.models import Variant
from widgets import actions
from widgets.admission import access, consent, credentials, limits
from widgets.card import look, texts
from widgets.models import RefusedHost, Widget

from .conftest import SITE


@pytest.fixture
def fetch(client):
    def get(widget, host=SITE, **headers):
        code = widget if isinstance(widget, str) else widget.code
        query = {} if host is None else {"host": host}
        return client.get(f"/widget/{code}/frame", query, headers={"Sec-Fetch-Dest": "iframe"} | headers)

    return get


def block(response):
    found = re.search(rb'<script id="settings" type="application/json">(.*?)</script>', response.content, re.S)
    return json.loads(found[1])


def policy(response):
    rules = [rule.strip().split(" ") for rule in response["Content-Security-Policy"].split(";")]
    return {rule[0]: rule[1:] for rule in rules}


def assert_closed(response):
    assert policy(response)["frame-ancestors"] == ["'none'"]
    assert b"settings" not in response.content and b"<script" not in response.content
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_a_listed_page_gets_a_document_that_only_it_may_frame(widget, fetch):
    response = fetch(widget)
    assert response.status_code == 200
    assert policy(response)["frame-ancestors"] == [SITE]
    assert not response.has_header("X-Frame-Options")
    assert response["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_the_policy_names_the_claimed_origin_and_never_the_whole_list(widget, fetch):
    actions.set_domains(widget, ["example.com", "other.example"], by=None)
    response = fetch(widget, "https://other.example:8443")
    assert policy(response)["frame-ancestors"] == ["https://other.example:8443"]


def test_nothing_inline_may_run_and_nothing_foreign_may_load(widget, fetch, settings):
    rules = policy(fetch(widget))
    assert rules["default-src"] == ["'self'"]
    assert rules["base-uri"] == ["'none'"] and rules["object-src"] == ["'none'"] and rules["form-action"] == ["'none'"]
    assert rules["connect-src"] == ["'self'", settings.PUBLIC_URL.replace("http", "ws")]
    assert "unsafe" not in str(rules) and "*" not in str(rules)


def test_the_block_holds_what_the_contract_says(widget, fetch):
    held = block(fetch(widget))
    assert set(held) == {"code", "host", "grant", "expiresIn", "name", "language", "config", "consent", "urls"}
    assert (held["code"], held["host"], held["name"], held["consent"]) == (widget.code, SITE, "Robin", None)
    claims = credentials.read_grant(held["grant"])
    assert claims == credentials.GrantClaims(widget.code, SITE, "embed", page=claims.page) and claims.page
    assert set(held["urls"]) == {"grant", "consent", "ticket", "rating", "missed", "signal", "later"}


def test_the_wording_is_there_where_consent_is_asked_for(asking_widget, fetch):
    held = block(fetch(asking_widget))
    assert held["config"]["consent"] is True
    assert held["consent"] == consent.wording(look.read(asking_widget.published)).shown()


def test_an_owners_words_cannot_break_out_of_the_block(widget, fetch):
    words = "</script><script>alert(1)</script>&amp;"
    scripts = fetch(widget).content.count(b"</script>")
    actions.save_draft(widget, {"words": {"welcome": words}, "style": {"agent_name": "<b>R</b>"}}, by=None)
    actions.publish_widget(widget, by=None)
    response = fetch(widget)
    assert response.content.count(b"</script>") == scripts
    assert b"<b>R" not in response.content
    assert block(response)["config"]["words"]["welcome"] == words


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "null",
        "*",
        "example.com",
        "https://evil.com",
        "https://evil-example.com",
        "https://example.com.evil.com",
        "https://example.com@evil.com",
        "https://example.com/",
        "https://example.com.",
        "https://example.com https://evil.com",
        "https://example.com; script-src *",
        "https://example.com\r\nX-Frame-Options: ALLOWALL",
        "https://example.com,https://evil.com",
        "https://*.example.com",
        "'self'",
        "data:",
    ],
)
def test_any_other_claim_gets_a_closed_page_and_no_grant(widget, fetch, rows, host):
    before = rows()
    response = fetch(widget, host)
    assert response.status_code == 403
    assert b"HOST_NOT_ALLOWED" in response.content
    assert_closed(response)
    assert rows() == before


def test_a_refused_site_is_counted(widget, fetch):
    fetch(widget, "https://evil.com:8443")
    assert list(RefusedHost.objects.values_list("host", "count")) == [("evil.com:8443", 1)]


def test_two_claims_at_once_do_not_mix(widget, client):
    response = client.get(f"/widget/{widget.code}/frame?host={SITE}&host=https://evil.com")
    assert response.status_code == 403
    assert_closed(response)


@pytest.mark.parametrize("dest", ["document", "object", "embed", "frame", "script", "empty", "IFRAME"])
def test_a_frame_opened_as_a_page_is_refused(widget, fetch, rows, dest):
    before = rows()
    response = fetch(widget, **{"Sec-Fetch-Dest": dest})
    assert response.status_code == 403 and b"FORBIDDEN" in response.content
    assert_closed(response)
    assert rows() == before and RefusedHost.objects.count() == 0


def test_a_browser_too_old_to_say_what_it_wants_is_let_in(widget, client):
    assert client.get(f"/widget/{widget.code}/frame", {"host": SITE}).status_code == 200


@pytest.mark.parametrize("code", ["x", "c" * 43, "<b>"])
def test_an_unknown_code_is_a_closed_page(db, fetch, rows, code):
    before = rows()
    response = fetch(code)
    assert response.status_code == 404 and b"UNKNOWN_WIDGET" in response.content
    assert_closed(response)
    assert rows() == before


def test_an_off_widget_is_a_closed_page(widget, fetch):
    actions.set_enabled(widget, False, by=None)
    response = fetch(widget)
    assert response.status_code == 403 and b"WIDGET_OFF" in response.content
    assert_closed(response)


def test_too_many_are_a_closed_page(widget, fetch, monkeypatch):
    monkeypatch.setitem(limits.PER_ADDRESS, "frame", 1)
    assert fetch(widget).status_code == 200
    response = fetch(widget)
    assert response.status_code == 429
    assert_closed(response)


def test_a_framed_page_marks_the_widget_as_seen(widget, fetch):
    fetch(widget)
    assert Widget.objects.get().seen_host == "shop.example.com"


def test_the_lock_is_the_same_for_a_signed_in_owner(widget, client, owner, fetch):
    client.force_login(owner)
    assert fetch(widget, "https://evil.com").status_code == 403


def test_a_server_grant_is_not_needed_nor_accepted_by_address(widget, client):
    grant, _claims = access.own_grant(widget, credentials.PAGE)
    response = client.get(f"/widget/{widget.code}/frame", {"host": "https://evil.com", "grant": grant})
    assert response.status_code == 403
    assert_closed(response)


def test_the_page_may_hear_the_visitor_only_where_its_owner_has_said_so(widget, fetch):
    assert "sound" not in block(fetch(widget))["urls"]
    actions.save_draft(widget, widget.draft | {"audio_to_page": True}, by=None)
    assert "sound" not in block(fetch(widget))["urls"]  # a draft gives nothing away
    actions.publish_widget(widget, by=None)
    module, worklet = block(fetch(widget))["urls"]["sound"]
    assert module.endswith("later/sound.js") and worklet.endswith("later/sound-worklet.js")


# ── Languages ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def speaking(asking_widget):
    def publish(choice):
        draft = asking_widget.draft | {
            "languages": ["en", "de", "ar"],
            "language_choice": choice,
            "texts": {"de": {"welcome": "Hallo", "message": "Einverstanden?"}, "ar": {"message": "موافق؟"}},
        }
        actions.save_draft(asking_widget, draft, by=None)
        actions.publish_widget(asking_widget, by=None)
        return asking_widget

    return publish


def strings(response):
    return re.findall(r"/(?:strings|later)/([\w-]+?)(?:\.\w+)?\.js\"></script>", response.content.decode())


@pytest.mark.parametrize(
    ("choice", "accepted", "language"),
    [("browser", "de-DE,en;q=0.5", "de"), ("browser", "nl", "en"), ("first", "de", "en"), ("browser", "ar", "ar")],
)
def test_the_document_is_in_the_visitors_language_and_brings_its_words_only(
    speaking, fetch, choice, accepted, language
):
    widget = speaking(choice)
    response = fetch(widget, **{"Accept-Language": accepted})
    held = block(response)
    assert held["language"] == language
    assert f'<html lang="{language}"' in response.content.decode()
    assert ('dir="rtl"' in response.content.decode()) == (language == "ar")
    assert strings(response) == ([] if language == "en" else [language])
    assert held["consent"] == consent.wording(look.read(widget.published), language).shown()
    assert held["config"]["words"]["welcome"] == texts.standing(look.read(widget.published), language, "welcome")[0]
    assert "offers" not in held and "texts" not in held["config"]
    others = {"Hallo", "Einverstanden?", "موافق؟"} - set(
        map(str, [held["config"]["words"]["welcome"], held["consent"]["text"]])
    )
    assert not any(words in json.dumps(held, ensure_ascii=False) for words in others)


def test_a_card_that_asks_holds_what_each_language_needs(speaking, fetch):
    widget = speaking("ask")
    response = fetch(widget, **{"Accept-Language": "de"})
    held = block(response)
    assert held["language"] == "de" and strings(response) == ["de", "languages"]
    assert [(one["language"], one["name"]) for one in held["offers"]] == [
        ("en", "English"),
        ("de", "Deutsch"),
        ("ar", "العربية"),
    ]
    english, german, arabic = held["offers"]
    assert (english["first"], english["later"]) == ([], [])
    assert "strings/ar" in arabic["first"][0] and "strings/ar-later" in arabic["later"][0]
    assert german["words"] == held["config"]["words"] and german["consent"] == held["consent"]
    assert arabic["consent"] == consent.wording(look.read(widget.published), "ar").shown()


def test_variables_are_filled_with_the_variants_words_and_never_shown(widget, fetch, project):
    Variant.objects.create(
        project=project,
        key="bath",
        name="Bath",
        is_default=True,
        attributes={"shop": "Bath <b>Bikes</b>", "agent_name": "Ada"},
    )
    publish.publish(project, by=None)
    words = {"welcome": "Ask ${variant_shop} in ${variant_nowhere}", "start_label": "${variant_gap}"}
    actions.save_draft(widget, {"words": words, "style": {"agent_name": "${variant_unknown}"}}, by=None)
    actions.publish_widget(widget, by=None)
    response = fetch(widget)
    held = block(response)
    assert held["config"]["words"] == {
        "welcome": "Ask Bath <b>Bikes</b> in",
        "start_label": "Start call",
        "end_label": "End call",
    }
    assert held["name"] == "Ada"
    assert b"${" not in response.content and b"<b>" not in response.content


def test_a_widget_published_before_there_were_languages_is_shown_as_it_was(widget, fetch):
    old = {key: value for key, value in widget.published.items() if key not in ("language_choice", "texts")}
    Widget.objects.update(published=old)
    held = block(fetch(widget, **{"Accept-Language": "de"}))
    shown = {name: old["words"][name] for name in ("welcome", "start_label", "end_label")}
    assert held["language"] == "en" and held["config"]["words"] == shown


@pytest.mark.parametrize("where", ["find", "check_state"])
def test_a_database_that_is_away_is_told_by_frame_and_script_and_breaks_no_page(
    widget, fetch, client, monkeypatch, where
):
    def away(*_given, **_named):
        raise OperationalError("connection refused")

    monkeypatch.setattr(access, where, away)
    response = fetch(widget)
    assert response.status_code == 503 and b"UNAVAILABLE" in response.content
    assert_closed(response)
    served = client.get(f"/widget/{widget.code}.js")
    assert served.status_code == 200 and b"OperationalError" not in served.content
    if where == "find":
        assert b"(UNAVAILABLE)" in served.content
