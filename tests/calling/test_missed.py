"""Calls that never came to a socket: kept with what stood in their way, for those who may use the widget only."""

import pytest
from django.conf import settings
from django.test import Client

from calling.models import Conversation
from calling.record import end_reasons
from tests.calling.conftest import SITE, change
from widgets import actions
from widgets.admission import access, consent, credentials, limits
from widgets.refusals import REPORTED


def missed(grant, code="MICROPHONE_DENIED", consent="", address="127.0.0.1", **headers):
    answer = Client(REMOTE_ADDR=address).post(
        "/api/v1/widget/missed",
        {"grant": grant, "code": code, "consent": consent},
        "application/json",
        headers={"Origin": settings.PUBLIC_URL} | headers,
    )
    return answer.status_code, answer.json().get("error", {}).get("code") or answer.json()


@pytest.fixture
def grant(widget):
    return access.embed_grant(widget, SITE)[0]


@pytest.mark.parametrize("code", sorted(REPORTED))
def test_what_kept_a_visitor_from_calling_is_kept_in_the_same_words(grant, widget, code):
    status, told = missed(grant, code)
    call = Conversation.objects.get()
    assert (status, told) == (200, {"reference": call.reference})
    assert (call.end_cause, call.error_code, call.site, call.widget) == ("failed", code, SITE, widget)
    assert call.answered_at is None and call.ended_at == call.started_at and call.version is not None
    assert end_reasons.reason(code)


def test_whoever_tries_again_and_again_on_one_page_is_one_call_with_the_last_reason(grant, widget):
    _status, first = missed(grant)
    _status, last = missed(access.renew_grant(grant), "MICROPHONE_BUSY")
    call = Conversation.objects.get()
    assert (call.error_code, call.reference) == ("MICROPHONE_BUSY", last["reference"]) and first != last
    assert missed(access.embed_grant(widget, SITE)[0])[0] == 200
    assert Conversation.objects.count() == 2, "another page is another visitor"


@pytest.mark.parametrize("code", ["", None, 5, ["FULL"], "HANDLER_ERROR", "MICROPHONE_<b>", "SESSION_GONE"])
def test_only_what_a_browser_can_know_is_taken(grant, code):
    assert missed(grant, code) == (400, "INVALID_ARGUMENT")
    assert not Conversation.objects.exists()


def test_who_may_not_use_the_widget_leaves_nothing(grant, widget):
    for wrong in ("", "garbage", None, grant + "x", credentials.make_ticket(credentials.read_grant(grant), None)):
        assert missed(wrong) == (401, "GRANT_INVALID")
    assert missed(grant, Origin=SITE) == (403, "ORIGIN_NOT_ALLOWED")
    actions.set_domains(widget, ["elsewhere.example"], by=None)
    assert missed(grant) == (403, "HOST_NOT_ALLOWED")
    actions.set_enabled(widget, False, by=None)
    assert not Conversation.objects.exists()


def test_nobody_fills_the_list_with_them(widget, monkeypatch):
    monkeypatch.setitem(limits.PER_ADDRESS, "missed", 2)
    assert [missed(access.embed_grant(widget, SITE)[0])[0] for _ in range(3)] == [200, 200, 429]
    assert Conversation.objects.count() == 2


@pytest.mark.parametrize("name", ["missed", "missed-in-a-day"])
def test_neither_one_address_nor_all_together_fill_the_list_with_them(widget, monkeypatch, name):
    monkeypatch.setitem(limits.PER_ADDRESS, "missed-in-a-day", 3)
    monkeypatch.setitem(limits.PER_WIDGET, name, 5)
    pages = [access.embed_grant(widget, SITE)[0] for _page in range(12)]
    found = [missed(grant, address=f"203.0.113.{1 + page // 4}")[0] for page, grant in enumerate(pages)]
    assert found == [200, 200, 200, 429, 200, 200, 429, 429, 429, 429, 429, 429]
    assert Conversation.objects.count() == 5


def test_the_yes_that_was_given_stands_beside_it_and_is_good_for_the_next_try(grant, widget):
    change(widget, consent=widget.draft["consent"] | {"enabled": True})
    admitted = access.admission(credentials.read_grant(grant))
    yes = consent.record(admitted, consent.wording(admitted.shown.look).digest)

    status, _told = missed(grant, consent=str(yes.pk))

    assert (status, Conversation.objects.get().consent) == (200, yes)
    assert consent.check(admitted, str(yes.pk)) == str(yes.pk)


def test_a_yes_that_nobody_gave_keeps_nothing(grant, widget):
    change(widget, consent=widget.draft["consent"] | {"enabled": True})

    assert missed(grant, consent="0" * 36) == (403, "CONSENT_INVALID")
    assert not Conversation.objects.exists()
