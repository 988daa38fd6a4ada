"""The check page and its socket: packets are counted, nothing else happens, and nobody gets much of it."""

import json

import pytest
from asgiref.sync import sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from calling.gateway import check_page, checking
from calling.gateway.routing import websocket_paths
from calling.models import Conversation
from tests.fakes.visitor import Visitor, tone
from widgets.admission import limits

PATIENCE_S = 20.0


@pytest.fixture(autouse=True)
def over_loopback(settings):
    settings.PUBLIC_URL = settings.CONSOLE_URL = "http://localhost:8190"


@pytest.fixture
def faster(monkeypatch):
    monkeypatch.setattr(checking, "COUNT_EVERY_S", 0.1)


class Checker:
    def __init__(self, origin="", address="192.0.2.9"):
        headers = [] if origin is None else [(b"origin", (origin or settings.PUBLIC_URL).encode())]
        self.socket = WebsocketCommunicator(URLRouter(websocket_paths), "/api/v1/webrtc/check", headers)
        self.socket.scope["client"] = (address, 40_000)

    async def __aenter__(self):
        assert (await self.socket.connect(timeout=PATIENCE_S))[0]
        return self

    async def __aexit__(self, *_):
        if not self.socket.future.done():
            await self.socket.disconnect(timeout=PATIENCE_S)

    async def say(self, text):
        await self.socket.send_input({"type": "websocket.receive", "text": text})

    async def offer(self, sdp):
        await self.say(json.dumps({"type": "offer", "data": {"type": "offer", "sdp": sdp}}))

    async def hears(self):
        out = await self.socket.receive_output(PATIENCE_S)
        if out["type"] == "websocket.close":
            return "closed", out.get("code", 1000)
        message = json.loads(out["text"])
        return message["type"], message["data"]

    async def hears_until(self, kind):
        while (heard := await self.hears())[0] != kind:
            pass
        return heard[1]


async def test_packets_are_counted_both_ways(db, faster):
    async with Checker() as checker, Visitor() as visitor:
        assert await checker.hears() == ("ready", {"iceServers": [], "relay": False})
        await checker.offer(await visitor.offer())
        await visitor.accept((await checker.hears_until("answer"))["sdp"])
        await visitor.connected()
        visitor.say(tone(300, 1.0))
        await visitor.finished_speaking()
        counted = {"received": 0}
        while counted["received"] < 40:
            counted = await checker.hears_until("counted")
        assert set(counted) == {"sent", "received", "lost", "roundTrip"}
        assert counted["sent"] > 20 and counted["lost"] == 0 and len(visitor.received) > 20
        await visitor.close()
        assert await checker.hears_until("closed") == 1000
    assert not any(packet.payload != checking.FIRST_COMFORT for packet in visitor.received)  # nothing is echoed
    assert not await Conversation.objects.aexists() and checking.CheckConsumer._running == 0


async def test_a_browser_that_reaches_nothing_is_told_so(db, monkeypatch):
    monkeypatch.setattr(checking, "LONGEST_S", 0.5)
    async with Checker() as checker, Visitor() as visitor:
        await checker.offer(await visitor.offer())
        assert (await checker.hears_until("error"))["code"] == "NO_UDP"
        assert await checker.hears() == ("closed", 4008)
    assert checking.CheckConsumer._running == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nonsense", "INVALID_MESSAGE"),
        ('{"type": "hello", "ticket": "x"}', "INVALID_MESSAGE"),
        ('{"type": "offer", "data": {"sdp": "v=0"}}', "NO_AUDIO"),
        ("x" * 40_000, "TOO_LARGE"),
    ],
)
async def test_whatever_is_no_offer_ends_the_check(db, text, code):
    async with Checker() as checker:
        await checker.hears_until("ready")
        await checker.say(text)
        assert (await checker.hears_until("error"))["code"] == code
        assert await checker.hears() == ("closed", 4008)
    assert checking.CheckConsumer._running == 0


async def test_a_second_offer_ends_the_check(db):
    async with Checker() as checker, Visitor() as visitor:
        offer = await visitor.offer()
        await checker.offer(offer)
        await checker.hears_until("answer")
        await checker.offer(offer)
        assert (await checker.hears_until("error"))["code"] == "CALL_EXISTS"


async def test_other_pages_cannot_check(db):
    for origin in ("https://elsewhere.example.net", "null", None):
        assert not (await Checker(origin).socket.connect(timeout=PATIENCE_S))[0]


async def test_an_address_that_checks_too_often_is_stopped(db, monkeypatch):
    monkeypatch.setitem(limits.PER_ADDRESS, "check", 1)
    async with Checker(address="192.0.2.10") as first:
        await first.hears_until("ready")
    async with Checker(address="192.0.2.10") as second:
        assert (await second.hears_until("error"))["code"] == "RATE_LIMITED"
        assert await second.hears() == ("closed", 4008)


async def test_so_many_checks_run_at_once_and_no_more(db, monkeypatch):
    monkeypatch.setattr(checking, "MOST_AT_ONCE", 1)
    async with Checker(address="192.0.2.11") as first:
        await first.hears_until("ready")
        async with Checker(address="192.0.2.11") as second:
            assert (await second.hears_until("error"))["code"] == "FULL"
    async with Checker(address="192.0.2.11") as third:
        await third.hears_until("ready")


async def test_the_relays_password_is_short_lived(db, settings, monkeypatch):
    settings.TURN_URLS, settings.TURN_SECRET = ["turn:turn.example.com"], "s" * 32
    monkeypatch.setattr("calling.gateway.ice.time.time", lambda: 1000.0)
    async with Checker(address="192.0.2.12") as checker:
        ready = await checker.hears_until("ready")
    assert ready["relay"] and ready["iceServers"][0]["username"] == f"{1000 + checking.RELAY_S}:check"


async def test_the_page_is_for_anybody_and_for_no_search_engine(db):
    answer = await sync_to_async(Client().get)("/check")
    assert answer.status_code == 200
    assert answer["X-Robots-Tag"] == "noindex, nofollow" and answer["Cache-Control"] == "no-store"
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy and "unsafe" not in policy
    page = answer.content.decode()
    assert "ws://localhost:8190/api/v1/webrtc/check" in page and 'name="robots" content="noindex' in page
    assert not any(key in page for key in ("<style", "onclick", "style="))


def test_every_check_of_the_page_has_its_words():
    shown = set(check_page.words())
    assert {"secure", "browser", "microphone", "socket", "sound", "quality", "relay"} <= shown
