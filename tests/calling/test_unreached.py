"""Cards that never came to their page: the tag tells, without a grant, and is believed within narrow limits."""

import pytest
from django.conf import settings
from django.test import Client

from calling.models import Conversation
from calling.record import end_reasons
from tests.calling.conftest import SITE
from widgets import actions
from widgets.admission import limits
from widgets.models import RefusedHost
from widgets.refusals import REPORTED, UNREACHED


def tell(widget, why="FRAME_BLOCKED", origin=SITE, body=None, address="127.0.0.1"):
    body = f"{widget.code} {why}" if body is None else body
    answer = Client().post(
        "/api/v1/widget/unreached",
        body,
        "text/plain;charset=UTF-8",
        headers={"Origin": origin} if origin else {},
        REMOTE_ADDR=address,
    )
    return answer.status_code, answer.json()["error"]["code"] if answer.content else ""


@pytest.mark.parametrize("why", sorted(UNREACHED))
def test_what_kept_the_card_from_the_page_is_kept_with_its_site(widget, why):
    assert tell(widget, why) == (204, "")
    call = Conversation.objects.get()
    assert (call.end_cause, call.error_code, call.site, call.widget) == ("failed", why, SITE, widget)
    assert call.answered_at is None and call.ended_at == call.started_at and not call.is_test
    assert end_reasons.reason(why)
    assert why not in REPORTED  # inside a call nobody can say that


@pytest.mark.parametrize("why", ["", "FULL", "MICROPHONE_DENIED", "frame_blocked", "FRAME_BLOCKED x", "<b>", "é"])
def test_a_tag_can_say_nothing_else(widget, why):
    assert tell(widget, why)[0] == 400
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("body", ["", " ", "x" * 5000, "{}", "\x00 FRAME_BLOCKED"])
def test_a_body_that_is_none_of_ours_leaves_nothing(widget, body):
    assert tell(widget, body=body)[0] in (400, 404)
    assert not Conversation.objects.exists()


def test_a_page_that_is_not_listed_leaves_nothing_and_is_not_counted(widget):
    for origin in ("https://evil.example", "null", "", "x", settings.PUBLIC_URL):
        assert tell(widget, origin=origin) == (403, "HOST_NOT_ALLOWED")
    actions.set_enabled(widget, False, by=None)
    assert tell(widget) == (403, "WIDGET_OFF")
    assert not Conversation.objects.exists() and not RefusedHost.objects.exists()


def test_nobody_fills_the_list_with_them(widget, monkeypatch):
    monkeypatch.setitem(limits.PER_ADDRESS, "unreached", 2)
    monkeypatch.setitem(limits.PER_WIDGET, "unreached", 3)
    assert [tell(widget)[0] for _ in range(3)] == [204, 204, 204]
    assert [tell(widget, address=f"203.0.113.{visitor}")[0] for visitor in (1, 2)] == [204, 204]
    assert Conversation.objects.count() == 3


def test_it_is_asked_for_with_nothing_but_a_plain_post(widget):
    assert Client().get("/api/v1/widget/unreached").status_code == 405
    assert not Conversation.objects.exists()
