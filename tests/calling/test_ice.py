"""Addresses and passwords of STUN and TURN servers, and who is told them."""

import base64
import hashlib
import hmac

import pytest

from calling.gateway import ice
from widgets import actions
from widgets.admission import credentials

URL = "/api/v1/ice-servers"


@pytest.fixture
def relay(settings):
    settings.STUN_URLS = ["stun:stun.example.com:3478"]
    settings.TURN_URLS = ["turn:turn.example.com:3478", "turns:turn.example.com:443?transport=tcp"]
    settings.TURN_SECRET = "shared"
    settings.CALL_MAX_MINUTES = 30


def ask(client, token=None):
    return client.get(URL, headers={"Authorization": f"Bearer {token}"} if token else {})


def test_by_default_there_are_none(settings):
    assert ice.servers("x") == []


def test_a_password_lasts_as_long_as_the_longest_call_and_ten_minutes(relay, monkeypatch):
    monkeypatch.setattr(ice.time, "time", lambda: 1_000_000.0)
    stun, turn = ice.servers("abc")
    assert stun == {"urls": ["stun:stun.example.com:3478"]}
    assert turn["username"] == f"{1_000_000 + 40 * 60}:abc"
    expected = base64.b64encode(hmac.new(b"shared", turn["username"].encode(), hashlib.sha1).digest()).decode()
    assert turn["credential"] == expected
    assert turn["urls"] == ["turn:turn.example.com:3478", "turns:turn.example.com:443?transport=tcp"]


def test_a_relay_without_its_secret_is_not_offered(relay, settings):
    settings.TURN_SECRET = ""
    assert [set(server) for server in ice.servers("abc")] == [{"urls"}]


def test_a_grant_and_a_ticket_are_told(relay, client, widget, ticket):
    grant = credentials.make_grant(widget.code, "https://shop.example.com")
    good = ticket()
    for token in (grant, good, good):  # asking does not spend the ticket
        answer = ask(client, token)
        assert answer.status_code == 200 and len(answer.json()["iceServers"]) == 2
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", [None, "", "garbage"])
def test_nobody_else_is(relay, client, widget, token):
    answer = ask(client, token)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "UNAUTHORIZED"


def test_a_ticket_may_stand_in_the_query_as_documented_clients_have_it(relay, client, ticket):
    answer = client.get(URL, {"token": ticket()})
    assert answer.status_code == 200 and len(answer.json()["iceServers"]) == 2


def test_a_grant_or_garbage_in_the_query_is_refused_and_a_header_goes_before_it(relay, client, widget, ticket):
    grant = credentials.make_grant(widget.code, "https://shop.example.com")
    for token in (grant, "garbage", "", "é" * 10):
        assert client.get(URL, {"token": token}).status_code == 401
    assert client.get(URL, {"token": ticket()}, headers={"Authorization": "Bearer garbage"}).status_code == 401


def test_a_widget_that_was_switched_off_tells_nothing(relay, client, widget, ticket):
    good = ticket()
    actions.set_enabled(widget, False, by=None)
    answer = ask(client, good)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "WIDGET_OFF")
