"""Our own card comes in by the messaging API with the grant of its page, and no other way: what holds for a call's
ticket holds for a chat's access token."""

import json

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as set_up

from calling.gateway.chat import here
from calling.models import Chat, Conversation
from tests.fakes.messaging import Refused, Sdk
from widgets import actions
from widgets.admission import access, call_page, consent, credentials
from widgets.models import ConsentRecord, TestLink

from .conftest import SITE, change
from .test_messaging_door import SESSIONS, TOKEN

OURS = {"Origin": set_up.PUBLIC_URL}


@pytest.fixture
def grant(chat_widget):
    actions.save_app_access(chat_widget, by=None, enabled=False)
    return access.embed_grant(chat_widget, SITE)[0]


def ask(client, grant, **headers):
    given = {"Authorization": f"Bearer {grant}"} | OURS | headers
    return client.post(
        TOKEN, content_type="application/json", headers={name: held for name, held in given.items() if held}
    )


def session(client, token, body=None, **headers):
    given = {"Authorization": f"Bearer {token}"} | OURS | headers
    return client.post(SESSIONS, json.dumps(body or {}), content_type="application/json", headers=given)


def test_the_grant_of_a_listed_page_is_swapped_for_a_token_without_any_app_access(client, grant, chat_widget):
    given = ask(client, grant)
    assert given.status_code == 200 and given["Cache-Control"] == "no-store"
    assert not given.has_header("Access-Control-Allow-Origin")
    made = session(client, given.json()["access_token"], {"streaming_enabled": True})
    assert Chat.objects.get(pk=made.json()["session_id"]).widget == chat_widget


@pytest.mark.parametrize("origin", ["https://shop.example.com", "null", ""])
def test_no_page_but_our_own_card_may_use_a_grant(client, grant, origin):
    answer = ask(client, grant, Origin=origin)
    assert (answer.status_code, answer.json()["code"]) == (403, "ORIGIN_NOT_ALLOWED")
    token = ask(client, grant).json()["access_token"]
    answer = session(client, token, Origin=origin or "https://evil.com")
    assert answer.json()["code"] == "ORIGIN_NOT_ALLOWED" and not Chat.objects.exists()


@pytest.mark.parametrize("given", ["x", "", "x.y.z", "app_" + "x" * 43])
def test_what_is_no_grant_admits_nobody(client, grant, given):
    answer = ask(client, given)
    assert answer.status_code == 401 and answer.json()["code"] == "GRANT_INVALID"


def test_an_expired_grant_says_so_and_a_fresh_one_is_taken(client, grant, time_machine_at):
    with time_machine_at(credentials.GRANT_S + 5):
        answer = ask(client, grant)
        assert (answer.status_code, answer.json()["code"]) == (401, "GRANT_EXPIRED")
        fresh = client.post(
            "/api/v1/widget/grant", json.dumps({"grant": grant}), content_type="application/json", headers=OURS
        )
        assert ask(client, fresh.json()["grant"]).status_code == 200


def test_a_ticket_is_for_calls_and_a_grant_of_a_phone_opens_no_chat(client, grant, project):
    phone = actions.create_widget(project, by=None, name="Phone", address="example.com")
    actions.publish_widget(phone, by=None)
    assert ask(client, access.embed_grant(phone, SITE)[0]).json()["code"] == "WRONG_KIND"
    answer = client.post(
        "/api/v1/widget/ticket", json.dumps({"grant": grant}), content_type="application/json", headers=OURS
    )
    assert answer.status_code == 409 and answer.json()["error"]["code"] == "WRONG_KIND"


@pytest.mark.parametrize(
    ("action", "code"),
    [(lambda widget: actions.set_enabled(widget, False, by=None), "WIDGET_OFF"),
     (lambda widget: actions.set_environment(widget, "live", by=None), "NO_VERSION"),
     (lambda widget: actions.set_domains(widget, ["example.org"], by=None), "HOST_NOT_ALLOWED"),
     (lambda widget: actions.rotate_code(widget, by=None), "UNKNOWN_WIDGET")],
)  # fmt: skip
def test_the_whole_lock_is_asked_for_the_token_and_for_the_session(client, grant, chat_widget, action, code):
    token = ask(client, grant).json()["access_token"]
    action(chat_widget)
    assert ask(client, grant).json()["code"] == code
    assert session(client, token).json()["code"] == code
    assert not Chat.objects.exists() and not Conversation.objects.exists()


def test_outside_its_hours_a_chat_that_is_closed_begins_none(client, grant, chat_widget):
    closed = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "")
    change(chat_widget, hours=chat_widget.draft["hours"] | {"enabled": True, "outside": "closed"} | closed)
    answer = ask(client, grant)
    assert (answer.status_code, answer.json()["code"]) == (403, "OUT_OF_HOURS")


def test_consent_is_shown_and_kept_as_for_a_call(client, grant, chat_widget):
    change(chat_widget, consent={"enabled": True, "message": "We write it down.", "button": "Yes"})
    token = ask(client, grant).json()["access_token"]
    refused = session(client, token)
    assert refused.status_code == 403 and not Chat.objects.exists()
    digest = refused.json()["consent"]["digest"]
    assert session(client, token, {"consent": digest}).status_code == 200
    assert Chat.objects.get().consent == ConsentRecord.objects.get().pk
    assert digest == consent.wording(access.admission(credentials.read_grant(grant)).shown.look).digest


async def test_the_card_holds_a_chat_on_its_page_and_the_record_says_which_one(chats, grant, client):
    card = await sync_to_async(Card)(client, grant)
    await card.open()
    await card.until(lambda: card.texts)
    kept = await Conversation.objects.aget()
    assert (kept.site, kept.channel, kept.is_test) == (SITE, Conversation.CHAT, False)
    await card.leave()
    await here.here().hub.quiet()


async def test_no_other_origin_opens_the_socket_of_a_card(chats, grant, client):
    card = await sync_to_async(Card)(client, grant)
    for origin in ("https://shop.example.com", ""):
        card.headers = {"origin": origin} if origin else {}
        with pytest.raises(Refused, match="403"):
            await card.open()


async def test_a_chat_of_a_page_that_is_off_the_list_is_closed_at_its_next_heartbeat(
    chats, grant, client, chat_widget, monkeypatch
):
    monkeypatch.setattr("calling.gateway.chat.consumer.SEE_EVERY_S", 0)
    card = await sync_to_async(Card)(client, grant)
    await card.open()
    await card.until(lambda: card.texts)
    await sync_to_async(actions.set_domains)(chat_widget, ["example.org"], by=None)
    await card.say("HEARTBEAT")
    assert await card.close_code() == 4001
    await here.here().hub.quiet()


def test_a_test_link_chats_as_a_test_until_it_is_revoked(client, chat_widget):
    actions.make_test_link(chat_widget, by=None)
    link = TestLink.objects.get()
    held, _claims = access.own_grant(chat_widget, credentials.TEST, link.pk.hex)
    token = ask(client, held).json()["access_token"]
    assert session(client, token).status_code == 200
    actions.revoke_test_links(chat_widget, by=None)
    assert session(client, token).json()["code"] == "LINK_ENDED"


def test_a_call_page_chats_in_its_own_environment(client, chat_widget):
    actions.save_call_page(chat_widget, by=None, enabled=True, environment="live", expires_at=None)
    page = call_page.of(chat_widget)
    held, _claims = access.own_grant(chat_widget, credentials.PAGE, call_page.seal(page))
    assert ask(client, held).json()["code"] == "NO_VERSION"


class Card(Sdk):
    """Our own card: a session by a grant, the socket from our own origin."""

    def __init__(self, client, grant):
        super().__init__("", "", platform="web")
        self.access = ask(client, grant).json()["access_token"]
        self.session = session(client, self.access).json()["session_id"]
        self.headers = {"origin": set_up.PUBLIC_URL}
