"""A voice call of an app: a token opens it, the session's id brings it back, and its sound says that it lives."""

import uuid

import pytest

from calling.call.parts import Patience
from calling.gateway import wiring
from calling.models import Conversation, Recording
from calling.record import outbox
from tests.fakes.caller import Caller, gist
from tests.fakes.visitor import Visitor, loudness_at, tone
from widgets import actions
from widgets.admission import consent
from widgets.card import look

from .conftest import change
from .test_consumers import OFFER, refused
from .test_live import GREETING_HZ, until
from .test_messaging import db

ICE = "/api/v1/ice-servers"


@pytest.fixture(autouse=True)
def _asleep(monkeypatch):
    monkeypatch.setattr(outbox, "_wake", lambda: None)


@pytest.fixture
def token(chat_widget):
    return actions.new_calling_token(chat_widget, by=None)


def app():
    """A documented app: it sends no Origin, and answers no ping."""
    return Caller(None, answers=False)


async def hang_up(here, caller, session):
    await caller.say("close", sessionId=session)
    assert gist(await caller.hears_until("closed")) == ["close", "closed 1000"]
    await here.quiet()


@pytest.mark.parametrize("id", [{"sessionId": None}, {"sessionId": ""}, {}])
async def test_null_empty_and_absent_ids_begin_a_call_and_only_documented_frames_come(calls, token, id):
    here = calls()
    async with app() as caller:
        more = {"mode": "end-to-end", "callSid": str(uuid.uuid4()), "caller": "Polyphone", "callee": "Polyphone"}
        await caller.offer(OFFER, authToken=token, **id, **more)
        answer = await caller.hears()
        assert answer["type"] == "answer" and answer["data"]["type"] == "answer"
        await until(lambda: here.sessions and next(iter(here.sessions.values())).state == "answered")
        await hang_up(here, caller, answer["sessionId"])
    kept = await Conversation.objects.aget()
    assert (kept.channel, kept.site, kept.end_cause) == (Conversation.CALL, "app", "visitor_ended")


@pytest.mark.parametrize(
    ("given", "code"),
    [({}, "UNAUTHORIZED"), ({"authToken": "call_" + "x" * 43}, "UNAUTHORIZED"), ({"authToken": "x"}, "UNAUTHORIZED"),
     ({"mode": "echo"}, "FORBIDDEN"), ({"mode": "fax"}, "INVALID_ARGUMENT")],
)  # fmt: skip
async def test_an_offer_without_the_token_begins_nothing(calls, token, rows, given, code):
    calls()
    async with app() as caller:
        frame = ("offer", {"data": {"type": "offer", "sdp": OFFER}} | given)
        if code == "INVALID_ARGUMENT":  # the socket stays open for a better one
            before = await rows()
            await caller.say(*frame[:1], **frame[1])
            assert gist([await caller.hears()]) == [f"error {code}"] and await rows() == before
        else:
            await refused(caller, rows, frame, code)


async def test_the_token_of_chats_and_a_ticket_begin_no_call_of_an_app(calls, app_token, rows):
    calls()
    async with app() as caller:
        await refused(
            caller, rows, ("offer", {"data": {"type": "offer", "sdp": OFFER}, "authToken": app_token}), "UNAUTHORIZED"
        )
    async with app() as caller:
        await refused(caller, rows, ("hello", {"ticket": "x"}), "UNAUTHORIZED")


async def test_a_calling_token_is_no_ticket_of_a_page(calls, token, rows):
    calls()
    async with Caller() as caller:
        await refused(
            caller, rows, ("offer", {"data": {"type": "offer", "sdp": OFFER}, "authToken": token}), "TICKET_INVALID"
        )


@pytest.mark.parametrize("less", ["off", "another", "revoked", "switched off"])
async def test_a_call_begins_no_longer_than_its_access_lasts(calls, token, chat_widget, rows, less):
    calls()
    do = {
        "off": lambda: actions.save_app_access(chat_widget, by=None, enabled=False),
        "another": lambda: actions.new_calling_token(chat_widget, by=None),
        "revoked": lambda: actions.revoke_apps(chat_widget, by=None),
        "switched off": lambda: actions.set_enabled(chat_widget, False, by=None),
    }[less]
    await db(do)
    code = "WIDGET_OFF" if less == "switched off" else "UNAUTHORIZED"
    async with app() as caller:
        await refused(caller, rows, ("offer", {"data": {"type": "offer", "sdp": OFFER}, "authToken": token}), code)


async def test_a_lost_socket_comes_back_by_the_sessions_id_alone(calls, token):
    here = calls()
    async with app() as first:
        await first.offer(OFFER, authToken=token)
        session = (await first.hears())["sessionId"]
        await until(lambda: here.sessions[session].state == "answered")
        await first.vanish()
        async with app() as second:
            await second.say(
                "ice-candidate", sessionId=session, data={"candidate": "", "sdpMid": None, "sdpMLineIndex": 0}
            )
            await until(lambda: here.sessions[session].page.socket is not None)
            await hang_up(here, second, session)


async def test_nobody_comes_back_by_a_guess_or_to_the_call_of_a_page(calls, token, ticket, rows):
    here = calls()
    async with app() as stranger:
        await refused(stranger, rows, ("close", {"sessionId": "x" * 22}), "SESSION_GONE")
    assert not here.sessions


async def test_an_app_whose_sound_is_gone_is_let_go_though_its_socket_is_open(calls, token):
    here = calls(patience=Patience(tick_s=0.02, dead_s=0.1, rest_s=0.1, gone_s=0.3))
    async with app() as caller:
        await caller.offer(OFFER, authToken=token)
        await caller.hears()
        await until(lambda: here.sessions and next(iter(here.sessions.values())).state == "answered")
        here.connections[-1].silent = True
        assert gist(await caller.hears_until("closed"))[-2:] == ["close", "closed 1000"]
        await here.quiet()
    assert (await Conversation.objects.aget()).end_cause == "connection_lost"


async def test_the_yes_of_the_chat_holds_for_its_call_and_nothing_is_recorded_without_one(
    calls, token, chat_widget, sdk
):
    here = calls()
    async with app() as caller:
        await caller.offer(OFFER, authToken=token)
        session = (await caller.hears())["sessionId"]
        await until(lambda: here.sessions[session].state == "answered")
        await hang_up(here, caller, session)
    assert not await Recording.objects.aexists(), "the widget records, but nobody has agreed"
    words = {"enabled": True, "message": "We write it down.", "button": "Yes"}
    await db(change, chat_widget, consent=words)
    async with app() as caller:
        await caller.offer(OFFER, authToken=token)
        assert gist(await caller.hears_until("closed")) == ["error CONSENT_REQUIRED", "closed 4008"]
    digest = (await db(lambda: consent.wording(look.read(chat_widget.published)))).digest
    client = sdk()
    await client.begin(consent=digest)
    client.agent_joined = True
    await client.open()
    await client.say("LINK_TO_WEBRTC_CONVERSATION", {"call_sid": "sid-7"})
    await client.heard("LINK_TO_WEBRTC_CONVERSATION")
    async with app() as caller:
        await caller.offer(OFFER, authToken=token, callSid="sid-7")
        session = (await caller.hears())["sessionId"]
        await until(lambda: here.sessions[session].state == "answered")
        await hang_up(here, caller, session)
    newest = await Conversation.objects.order_by("-started_at").select_related("consent").afirst()
    assert newest.consent is not None


def test_ice_servers_come_for_the_calling_token_by_query_and_header(client, token, settings):
    settings.STUN_URLS = ["stun:stun.example.com"]
    settings.TURN_URLS, settings.TURN_SECRET = ["turn:turn.example.com:3478"], "secret"
    for answer in (
        client.get(ICE, {"token": token}),
        client.get(ICE, headers={"Authorization": f"Bearer {token}"}),
    ):
        servers = answer.json()["iceServers"]
        assert answer.status_code == 200 and servers[0]["urls"] == ["stun:stun.example.com"]
        assert servers[1]["username"] and servers[1]["credential"]
        assert answer["Cache-Control"] == "no-store"
    for wrong in ("call_" + "x" * 43, "app_" + "x" * 43, "x"):
        answer = client.get(ICE, {"token": wrong})
        assert answer.status_code == 401 and answer.json()["error"]["code"] == "UNAUTHORIZED"


async def test_a_real_far_end_talks_with_the_agent_over_the_calling_token(calls, token, settings):
    settings.PUBLIC_URL = "http://localhost:8120"
    here = calls(connection=wiring.connection)
    async with app() as caller, Visitor() as visitor:
        await caller.offer(await visitor.offer(), authToken=token, sessionId=None)
        answer = (await caller.hears_until("answer"))[-1]
        await visitor.accept(answer["data"]["sdp"])
        await visitor.connected()
        greeting = await visitor.listened(0.3)
        visitor.say(tone(700, 0.3))
        await visitor.finished_speaking()
        await caller.vanish()
        async with app() as again:
            await again.say("ice-candidate", sessionId=answer["sessionId"], data={"candidate": ""})
            await hang_up(here, again, answer["sessionId"])
    assert loudness_at(greeting[1600:4800], GREETING_HZ) > 0.9
    assert (await Conversation.objects.aget()).end_cause == "visitor_ended"
