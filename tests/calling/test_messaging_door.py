"""Who comes in by the messaging API: tokens, sessions and the socket's handshake, as the documented API has them."""

import base64
import json
from datetime import timedelta

import jwt
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as set_up
from django.utils import timezone

from calling.models import Chat, Conversation
from tests.fakes.messaging import PREFIX, Refused, Sdk, claims
from widgets import actions
from widgets.admission import access_tokens, consent
from widgets.models import AppAccess

from .conftest import APP, change

TOKEN, SESSIONS = "/api/v1/access-token", "/api/v1/sessions"


def ask(client, token, host, **headers):
    given = {"X-Token": token, "X-Host": host} | headers
    return client.post(
        TOKEN, "{}", content_type="application/json", headers={name: value for name, value in given.items() if value}
    )


def session(client, access, body="{}", **headers):
    return client.post(
        SESSIONS, body, content_type="application/json", headers={"Authorization": f"Bearer {access}"} | headers
    )


# ── Access tokens ────────────────────────────────────────────────────────────────────────────────────────────


def test_an_app_gets_an_access_token_that_looks_like_a_jwt(client, app_token):
    answer = ask(client, app_token, APP)
    assert answer.status_code == 200
    said = answer.json()
    assert said["token_type"] == "Bearer" and said["expires_in"] == 86400
    assert claims(said["access_token"])["sub"]
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "host",
    [
        APP,
        APP.upper(),
        f"https://{APP}",
        f"{APP}:443",
        f"ios-app://beta.{APP}/x",
        "example.com",
        "shop.example.com",
        "https://shop.example.com",
        "https://shop.example.com:8443/x",
    ],
)
def test_a_listed_app_and_a_listed_site_with_its_subdomains_are_hosts(client, app_token, host):
    assert ask(client, app_token, host).status_code == 200


@pytest.mark.parametrize(
    ("host", "kept"),
    [
        (f" {APP.upper()} ", APP),
        (f"android-app://{APP}:8443/John+Doe", APP),
        (f"https://Beta.{APP}?mail=a@b.c", f"beta.{APP}"),
        ("https://SHOP.example.com./path?name=John+Doe&mail=a@b.c#x", "shop.example.com"),
        ("//shop.example.com:8443/x", "shop.example.com:8443"),
        ("https://shop.example.com/" + "x" * 270, "shop.example.com"),
    ],
)
async def test_where_an_app_is_from_is_kept_in_one_spelling_and_nothing_behind_it(sdk, host, kept):
    client = sdk()
    client.host = host
    await client.start()
    chat = await sync_to_async(lambda: Chat.objects.select_related("conversation").get())()
    assert (chat.conversation.site, chat.holder["app"]["host"]) == (kept, kept)
    assert json.loads(base64.urlsafe_b64decode(client.access.split(".")[1] + "=="))["app"]["host"] == kept


@pytest.mark.parametrize("ids", [["shop"], ["co.uk"]])
def test_an_id_that_whole_countries_end_in_admits_itself_alone(client, chat_widget, ids):
    actions.save_app_access(chat_widget, by=None, enabled=True, app_ids=ids)
    token = actions.new_app_token(chat_widget, by=None)
    assert ask(client, token, ids[0]).status_code == 200
    assert ask(client, token, f"https://{ids[0]}:443").status_code == 200
    assert ask(client, token, f"strangers.{ids[0]}").status_code == 401


@pytest.mark.parametrize(
    "host",
    [
        "com.example.other",
        f"bad{APP}",
        f"{APP}.other",
        f".{APP}",
        f"x@{APP}",
        f"https://other/{APP}",
        f"{APP}:other",
        "example.org",
        "badexample.com",
        "com",
        "",
        "x" * 400,
        "ex ample",
    ],
)
def test_no_other_host_is(client, app_token, host):
    answer = ask(client, app_token, host)
    assert answer.status_code == 401
    assert answer.json()["message"] in ("Failed to validate connector", "Missing authentication headers")


@pytest.mark.parametrize("missing", ["X-Token", "X-Host"])
def test_missing_headers_are_named_in_the_words_that_clients_compare(client, app_token, missing):
    answer = ask(client, app_token, APP, **{missing: ""})
    assert answer.status_code == 401
    said = answer.json()
    assert said["message"] == said["error"] == "Missing authentication headers" and said["code"] == "UNAUTHORIZED"


@pytest.mark.parametrize("token", ["x", "app_" + "x" * 43, "call_" + "x" * 43, "é", "x" * 43])
def test_an_unknown_token_admits_nobody(client, app_token, token):
    answer = ask(client, token, APP)
    assert answer.status_code == 401 and answer.json()["message"] == "Failed to validate connector"


def test_the_calling_token_is_not_the_messaging_one(client, chat_widget):
    token = actions.new_calling_token(chat_widget, by=None)
    assert ask(client, token, APP).status_code == 401


def test_the_public_code_admits_only_where_its_owner_says_so(client, chat_widget):
    assert ask(client, chat_widget.code, "example.com").status_code == 401
    actions.save_app_access(chat_widget, by=None, enabled=True, takes_code=True)
    access = ask(client, chat_widget.code, "example.com").json()["access_token"]
    assert session(client, access).status_code == 200
    actions.rotate_code(chat_widget, by=None)
    assert session(client, access).status_code == 401


def test_apps_are_off_until_somebody_switches_them_on(client, project, chat_widget):
    other = actions.create_widget(project, by=None, name="Other chat", address="example.com", kind="chat")
    actions.publish_widget(other, by=None)
    token = actions.new_app_token(other, by=None)
    assert ask(client, token, "example.com").status_code == 401


def test_only_digests_of_tokens_are_kept(app_token, chat_widget):
    kept = AppAccess.objects.filter(widget=chat_widget).values().get()
    assert app_token not in json.dumps(kept, default=str)
    assert app_token.endswith(kept["token_end"])


def test_a_phone_widget_has_no_chat(client, project, chat_widget):
    phone = actions.create_widget(project, by=None, name="Phone", address="example.com")
    actions.publish_widget(phone, by=None)
    actions.save_app_access(phone, by=None, enabled=True)
    answer = ask(client, actions.new_app_token(phone, by=None), "example.com")
    assert answer.status_code == 401 and answer.json()["code"] == "WRONG_KIND"


@pytest.mark.parametrize(
    ("action", "code"),
    [(lambda widget: actions.set_enabled(widget, False, by=None), "WIDGET_OFF"),
     (lambda widget: actions.set_environment(widget, "live", by=None), "NO_VERSION")],
)  # fmt: skip
def test_a_widget_that_takes_nobody_takes_no_app(client, chat_widget, app_token, action, code):
    access = ask(client, app_token, APP).json()["access_token"]
    action(chat_widget)
    answer = ask(client, app_token, APP)
    assert answer.status_code == 403 and answer.json()["code"] == code
    assert answer.json()["message"] == "Unable to get agent details from connector service"
    assert session(client, access).json()["code"] == code
    assert not Chat.objects.exists()


@pytest.mark.parametrize("less", ["revoke", "off", "another token", "fewer apps"])
def test_what_was_admitted_ends_with_what_it_was_admitted_by(client, chat_widget, app_token, less):
    access = ask(client, app_token, APP).json()["access_token"]
    assert session(client, access).status_code == 200
    match less:
        case "revoke":
            actions.revoke_apps(chat_widget, by=None)
        case "off":
            actions.save_app_access(chat_widget, by=None, enabled=False, app_ids=[APP])
        case "another token":
            actions.new_app_token(chat_widget, by=None)
        case "fewer apps":
            actions.save_app_access(chat_widget, by=None, enabled=True, app_ids=["com.example.more"])
    assert session(client, access).status_code == 401


def test_a_site_that_is_off_the_list_is_out_at_once(client, chat_widget, app_token):
    access = ask(client, app_token, "shop.example.com").json()["access_token"]
    actions.set_domains(chat_widget, ["example.org"], by=None)
    assert session(client, access).json()["code"] == "HOST_NOT_ALLOWED"


def test_an_address_that_asks_too_often_is_told_when_to_come_back(client, app_token, settings):
    for _ in range(60):
        assert ask(client, app_token, APP).status_code == 200
    answer = ask(client, app_token, APP)
    assert answer.status_code == 429 and answer["Retry-After"] == "60"


# ── Pages of other origins ───────────────────────────────────────────────────────────────────────────────────


def test_a_listed_page_may_read_the_answers_and_no_other(client, app_token):
    origin = "https://shop.example.com"
    given = ask(client, app_token, "example.com", Origin=origin)
    assert given["Access-Control-Allow-Origin"] == origin
    made = session(client, given.json()["access_token"], Origin=origin)
    assert made.status_code == 200 and made["Access-Control-Allow-Origin"] == origin
    for other in ("https://evil.com", "null"):
        refused = ask(client, app_token, "example.com", Origin=other)
        assert refused.status_code == 401 and not refused.has_header("Access-Control-Allow-Origin")


def test_a_preflight_may_bring_the_headers_of_the_documented_clients(client, chat_widget):
    asked = "authorization,content-type,x-host,x-polyai-correlation-id,x-token"
    for path in (TOKEN, SESSIONS):
        answer = client.options(
            path,
            headers={
                "Origin": "https://shop.example.com",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": asked,
            },
        )
        assert answer["Access-Control-Allow-Origin"] == "https://shop.example.com"
        assert set(asked.split(",")) <= set(answer["Access-Control-Allow-Headers"].split(", "))


# ── Sessions ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def access(client, app_token):
    return ask(client, app_token, APP).json()["access_token"]


def test_a_session_needs_no_body(client, access):
    answer = client.post(SESSIONS, headers={"Authorization": f"Bearer {access}"}, content_type="application/json")
    assert answer.status_code == 200
    chat = Chat.objects.get(pk=answer.json()["session_id"])
    assert (chat.platform, chat.streams, chat.conversation) == ("web", False, None)
    assert not Conversation.objects.exists(), "nobody has asked for the agent yet"


def test_a_session_keeps_what_was_said_of_the_device(client, access):
    body = {"streaming_enabled": True, "platform": "ios", "device_type": "tablet", "more": 1}
    chat = Chat.objects.get(pk=session(client, access, json.dumps(body)).json()["session_id"])
    assert (chat.platform, chat.streams, chat.device) == ("ios", True, "tablet")


def test_a_field_that_is_null_is_one_that_was_left_out(client, access):
    fields = ("streaming_enabled", "platform", "device_type", "consent", "language")
    answer = session(client, access, json.dumps(dict.fromkeys(fields)))
    assert answer.status_code == 200
    chat = Chat.objects.get(pk=answer.json()["session_id"])
    assert (chat.platform, chat.streams, chat.device) == ("web", False, "")


def test_a_session_without_authorization_is_a_bad_request(client, chat_widget):
    answer = client.post(SESSIONS, "{}", content_type="application/json")
    assert answer.status_code == 400 and answer.json()["message"] == "Missing authentication headers"


def other_key():
    held = {"iss": "pickup", "aud": "messaging", "sub": "x", "iat": 1, "exp": 9999999999, "app": {}}
    return jwt.encode(held, "another key, long enough for the algorithm", "HS256")


def unsigned():
    held = {"iss": "pickup", "aud": "messaging", "sub": "x", "iat": 1, "exp": 9999999999, "app": {}}
    return jwt.encode(held, "", "none")


@pytest.mark.parametrize("given", ["Basic x", "Bearer", "Bearer x.y.z", "x", other_key, unsigned])
def test_a_session_for_anything_but_our_own_token_is_refused(client, chat_widget, given):
    given = f"Bearer {given()}" if callable(given) else given
    answer = client.post(SESSIONS, "{}", content_type="application/json", headers={"Authorization": given})
    assert answer.status_code == 401 and answer.json()["message"] == "Failed to validate connector"
    assert not Chat.objects.exists()


def test_an_access_token_ends_after_a_day(client, access, time_machine_at):
    with time_machine_at(access_tokens.LIFE_S - 60):
        assert session(client, access).status_code == 200
    with time_machine_at(access_tokens.LIFE_S + 60):
        assert session(client, access).status_code == 401


def test_an_access_token_outlives_a_change_of_the_secret_key(client, access, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [set_up.SECRET_KEY], "another-secret-key-of-some-length-here"
    assert session(client, access).status_code == 200


@pytest.mark.parametrize(
    "body",
    ["{", "[]", '"x"', "1", '{"platform": "toaster"}', '{"streaming_enabled": "maybe"}', '{"platform": {}}',
     '{"device_type": 7}', '{"consent": {}}', '{"language": "' + "x" * 99 + '"}', "\xff", "[" * 3000],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_refused_in_the_documented_words(client, access, body):
    answer = session(client, access, body)
    assert answer.status_code == 400 and answer.json()["message"] == "Error parsing request"
    assert not Chat.objects.exists()


@pytest.mark.parametrize("path", [TOKEN, SESSIONS])
@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_there_is_one_method_only(client, chat_widget, path, method):
    answer = getattr(client, method)(path)
    assert answer.status_code == 405 and "POST" in answer["Allow"]
    assert set(answer.json()) == {"message", "error", "code", "detail"}


def test_consent_is_asked_by_a_session_and_proven_by_a_record(client, chat_widget, access):
    change(chat_widget, consent={"enabled": True, "message": "We keep chats.", "button": "I agree"})
    refused = session(client, access)
    assert refused.status_code == 403 and refused.json()["code"] == "CONSENT_REQUIRED"
    wording = refused.json()["consent"]
    assert wording["text"] == "We keep chats."
    assert session(client, access, json.dumps({"consent": "0" * 64})).status_code == 403
    assert not Chat.objects.exists()
    made = session(client, access, json.dumps({"consent": wording["digest"]}))
    chat = Chat.objects.get(pk=made.json()["session_id"])
    assert consent.ConsentRecord.objects.get(pk=chat.consent).text.text == "We keep chats."


# ── The socket ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("query", ["access_token", "auth_token"])
async def test_both_names_of_the_token_open_the_socket(sdk, query):
    client = sdk(query=query)
    await client.begin()
    await client.open()
    assert client.started


async def test_a_fresh_session_begins_with_one_event_in_a_batch(sdk):
    client = await sdk().begin()
    await client.open()
    frame = client.frames[0]
    assert frame["type"] == PREFIX + "EVENT_BATCH" and frame["sequence"] is None and frame["id"] and frame["timestamp"]
    (start,) = frame["payload"]["events"]
    assert start["type"] == PREFIX + "SESSION_START" and start["sequence"] == 1
    assert start["payload"]["capabilities"] == {
        "streaming": False,
        "max_message_size_bytes": 131072,
        "max_reconnect_attempts": 5,
        "heartbeat_interval_seconds": 30,
    }
    assert start["payload"]["context_id"]


@pytest.mark.parametrize("cursor", ["", "x", "-1", "seq:", "seq:x", "1e3", "9" * 30, "٣"])
async def test_a_cursor_that_cannot_be_read_means_everything(sdk, cursor):
    client = await sdk().start()
    await client.leave()
    other = Sdk("", APP)
    other.access, other.session = client.access, client.session
    await other.open(cursor=cursor)
    assert len(other.batches[0]) == client.cursor
    await other.leave()


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"session_id": ""}, 400),
        ({"access_token": ""}, 400),
        ({"session_id": "00000000-0000-4000-8000-000000000000"}, 404),
        ({"session_id": "not-an-id"}, 404),
        ({"access_token": "x.y.z"}, 401),
    ],
)
async def test_a_handshake_that_cannot_be_admitted_says_why_by_its_status(sdk, changed, status):
    client = await sdk().begin()
    with pytest.raises(Refused) as refused:
        await client.open(**changed)
    assert refused.value.args == (status,)


async def test_somebody_elses_token_opens_no_session(sdk):
    one, other = await sdk().begin(), await sdk().begin()
    one.session = other.session
    with pytest.raises(Refused) as refused:
        await one.open()
    assert refused.value.args == (401,)


async def test_the_eleventh_socket_of_a_session_is_too_many(sdk):
    client = await sdk().begin()
    others = []
    for _ in range(10):
        one = Sdk("", APP)
        one.access, one.session = client.access, client.session
        others.append(await one.open())
    with pytest.raises(Refused) as refused:
        await client.open()
    assert refused.value.args == (429,)
    await others[0].leave()
    await client.open()
    for one in others[1:]:
        await one.leave()


async def test_a_session_that_was_left_for_ten_minutes_is_over(sdk):
    client = await sdk().start()
    await client.leave()
    long_ago = timezone.now() - timedelta(seconds=600)
    await sync_to_async(Chat.objects.update)(seen_at=long_ago)
    with pytest.raises(Refused) as refused:
        await client.open()
    assert refused.value.args == (404,)


async def test_a_page_that_is_not_listed_opens_no_socket(sdk, chat_widget):
    client = await sdk().begin()
    client.headers = {"origin": "https://evil.com"}
    with pytest.raises(Refused) as refused:
        await client.open()
    assert refused.value.args == (403,)
    client.headers = {"origin": "https://shop.example.com"}
    await client.open()


async def test_a_revoked_app_opens_no_socket_again(sdk, chat_widget):
    client = await sdk().start()
    await client.leave()
    await sync_to_async(actions.revoke_apps)(chat_widget, by=None)
    with pytest.raises(Refused) as refused:
        await client.open()
    assert refused.value.args == (401,)
