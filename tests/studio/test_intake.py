"""What comes in: refused while it arrives when it is too large, too slow or too much. Without a network."""

import json
from types import SimpleNamespace

import pytest
from django.urls import reverse
from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from studio.running import bodies, intake, sockets
from widgets.refusals import CODES

HOST = b"Host: localhost:8000\r\n"


class Wire(StringTransport):
    """Remembers how it ended."""

    half_closed = aborted = False

    def loseWriteConnection(self):
        self.half_closed = True

    def abortConnection(self):
        self.aborted = True


class Visitor:
    """One connection, as seen from outside."""

    def __init__(self, door, host="203.0.113.5"):
        self.wire = Wire(peerAddress=IPv4Address("TCP", host, 4000), hostAddress=IPv4Address("TCP", "127.0.0.1", 8000))
        self.channel = door.buildProtocol(None)
        self.channel.makeConnection(self.wire)
        door.visitors.append(self)

    def send(self, *parts):
        for part in parts:
            self.channel.dataReceived(part)

    def post(self, path, *headers):
        self.send(b"POST " + path.encode() + b" HTTP/1.1\r\n" + HOST + b"".join(h + b"\r\n" for h in headers) + b"\r\n")

    @property
    def answer(self):
        return self.wire.value()

    @property
    def code(self):
        """The code of a refusal; empty: none was said."""
        return json.loads(self.answer.rpartition(b"\r\n\r\n")[2])["error"]["code"] if self.answer else ""


class Server:
    """Takes requests and answers none of them before it is told to."""

    server_name, root_path, request_buffer_size, http_timeout = "", "", 8192, None
    proxy_forwarded_address_header = None

    def __init__(self):
        self.requests = []
        self.scopes = []

    def protocol_connected(self, request):
        pass

    protocol_disconnected = log_action = lambda *_given: None

    def create_application(self, request, scope):
        self.requests.append(request)
        self.scopes.append(scope)
        return SimpleNamespace(put_nowait=lambda message: None)

    def answer(self):
        for request in self.requests:
            request.handle_reply({"type": "http.response.start", "status": 200, "headers": [(b"Content-Length", b"0")]})
            request.handle_reply({"type": "http.response.body"})
        self.requests.clear()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def door(clock):
    made = intake.Door(Server())
    made.reactor = clock
    made.visitors = []
    yield made
    for visitor in made.visitors:
        visitor.channel.connectionLost(None)
    assert made.spooled == 0 and not made._waiting


@pytest.fixture
def visitor(door):
    return Visitor(door)


def chunk(size):
    return b"%x\r\n" % size + b"x" * size + b"\r\n"


@pytest.mark.parametrize("path", ["/", "/nothing/here", "/console/login/", "/api/v1/widget/ticket", "/call/abc"])
def test_a_body_that_says_it_is_too_large_is_refused_before_any_of_it_came(visitor, door, path):
    visitor.post(path, b"Content-Length: 314572800")
    assert visitor.answer.startswith(b"HTTP/1.1 413 ")
    assert (visitor.code, visitor.wire.half_closed) == ("TOO_LARGE", True)
    assert door.server.requests == []


def test_a_chunked_body_is_refused_when_it_becomes_too_large(visitor, door):
    visitor.post("/call/abc", b"Transfer-Encoding: chunked")
    visitor.send(*[chunk(16_000)] * 4)
    assert visitor.answer == b""
    visitor.send(chunk(16_000))
    assert (visitor.code, visitor.wire.half_closed) == ("TOO_LARGE", True)
    visitor.send(b"0\r\n\r\n")
    assert door.server.requests == [] and visitor.answer.count(b"HTTP/1.1") == 1


def test_a_path_that_needs_little_takes_little(visitor, door):
    visitor.post("/api/v1/widget/ticket", b"Content-Length: 8193")
    assert visitor.code == "TOO_LARGE"


@pytest.mark.parametrize("headers", [[b"Content-Length: 8192"], [b"Transfer-Encoding: chunked"]])
def test_a_body_that_fits_arrives_whole(visitor, door, headers):
    visitor.post("/api/v1/widget/ticket", *headers)
    visitor.send(b"x" * 8192 if b"Length" in headers[0] else chunk(8192) + b"0\r\n\r\n")
    assert door.server.scopes[0]["path"] == "/api/v1/widget/ticket"
    assert visitor.answer == b""


def test_a_length_of_five_thousand_digits_is_too_large(visitor):
    visitor.post("/", b"Content-Length: " + b"9" * 5000)
    assert visitor.code == "TOO_LARGE"


def test_a_refused_sender_is_not_listened_to_for_long(visitor, clock):
    visitor.post("/", b"Content-Length: 314572800")
    visitor.send(b"x" * 500_000)
    assert not visitor.wire.aborted
    visitor.send(b"x" * 600_000)
    assert visitor.wire.aborted


def test_a_refused_sender_who_stays_is_hung_up_on(visitor, clock):
    visitor.post("/", b"Content-Length: 314572800")
    clock.advance(intake.LAST_WORDS_S + 0.1)
    assert visitor.wire.aborted


def test_who_asks_before_sending_is_not_told_to_go_on(visitor):
    visitor.post("/", b"Content-Length: 314572800", b"Expect: 100-continue")
    assert b"100 Continue" not in visitor.answer and visitor.code == "TOO_LARGE"


# ── Slow ones ────────────────────────────────────────────────────────────────────────────────────────────────


def test_headers_have_to_end_in_time_however_steadily_they_come(visitor, clock):
    visitor.send(b"GET / HTTP/1.1\r\n", HOST)
    for number in range(intake.HEADERS_S - 1):
        clock.advance(1)
        visitor.send(b"X-%d: y\r\n" % number)
    assert visitor.answer == b""
    clock.advance(1)
    assert visitor.answer.startswith(b"HTTP/1.1 408 ") and visitor.code == "TOO_SLOW"


def test_a_body_has_to_end_in_time_however_steadily_it_comes(visitor, clock):
    visitor.post("/call/abc", b"Content-Length: 100")
    for _second in range(intake.BODY_S):
        clock.advance(1)
        visitor.send(b"x")
    assert visitor.answer == b""
    clock.advance(1)
    assert visitor.code == "TOO_SLOW"


def test_a_connection_that_says_nothing_is_closed_without_a_word(visitor, clock):
    clock.advance(intake.HEADERS_S + 0.1)
    assert visitor.wire.disconnecting and visitor.answer == b""


def test_an_answer_may_take_its_time_and_an_idle_connection_ends(visitor, door, clock):
    visitor.send(b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
    clock.advance(1000)
    assert visitor.answer == b"" and not visitor.wire.disconnecting
    door.server.answer()
    clock.advance(intake.IDLE_S - 1)
    assert visitor.answer.startswith(b"HTTP/1.1 200") and not visitor.wire.disconnecting
    clock.advance(2)
    assert visitor.wire.disconnecting


def test_the_second_request_of_a_connection_has_a_deadline_of_its_own(visitor, door, clock):
    for _request in range(3):
        visitor.send(b"GET /healthz HTTP/1.1\r\n")
        clock.advance(intake.HEADERS_S - 1)
        visitor.send(HOST + b"\r\n")
        door.server.answer()
        clock.advance(intake.IDLE_S - 1)
    assert visitor.answer.count(b"HTTP/1.1 200") == 3
    visitor.send(b"GET /healthz HTTP/1.1\r\n")
    clock.advance(intake.HEADERS_S)
    assert visitor.code == "TOO_SLOW"


# ── Many ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(intake, "WAITING_MOST", 4)


def test_of_too_many_half_open_connections_the_oldest_of_the_address_with_most_goes(few, door):
    patient = Visitor(door, "198.51.100.7")
    many = [Visitor(door) for _one in range(4)]
    assert [one.wire.aborted for one in (patient, *many)] == [False, True, False, False, False]


def test_a_connection_that_is_being_answered_is_not_one_that_waits(few, door):
    busy = [Visitor(door) for _one in range(4)]
    for one in busy:
        one.send(b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
    waiting = [Visitor(door) for _one in range(4)]
    assert not any(one.wire.aborted for one in (*busy, *waiting))


def test_behind_a_proxy_the_one_that_waited_longest_goes(few, door, settings):
    settings.TRUSTED_PROXIES = 1
    first = Visitor(door, "10.0.0.1")
    rest = [Visitor(door, "10.0.0.2") for _one in range(4)]
    assert [one.wire.aborted for one in (first, *rest)] == [True, False, False, False, False]


def test_bodies_on_disk_are_bounded_together_and_forgotten_at_their_end(door, monkeypatch):
    monkeypatch.setattr(intake, "SPOOLED_MOST", 300_000)
    monkeypatch.setattr(intake, "KEPT_IN_MEMORY", 10_000)
    visitors = [Visitor(door) for _one in range(6)]
    for one in visitors:
        one.post("/call/abc", b"Content-Length: 65536")
        one.send(b"x" * 60_000)
    assert [one.code for one in visitors] == [""] * 5 + ["RATE_LIMITED"]
    for one in visitors:
        one.channel.connectionLost(None)
    assert door.spooled == 0


# ── Who signed in may send more ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def asked(door, monkeypatch):
    """Says whether somebody is signed in, when told to."""
    asked = []
    monkeypatch.setattr(door, "do", asked.append)
    yield asked
    for one in asked:
        one.close()


def answering(door, known):
    async def is_signed_in(cookies):
        return known

    door.is_signed_in = is_signed_in


async def test_a_large_body_is_read_on_only_for_somebody_who_is_signed_in(visitor, door, asked):
    answering(door, True)
    visitor.post("/console/shop/variants/", b"Content-Length: 1000000", b"Cookie: pickup_session=abc")
    assert visitor.wire.producerState == "paused"
    await asked.pop()
    assert visitor.wire.producerState == "producing"
    visitor.send(*[b"x" * 50_000] * 20)
    assert visitor.answer == b"" and len(door.server.requests) == 1


async def test_a_large_body_of_nobody_in_particular_is_led_to_the_login(visitor, door, asked):
    answering(door, False)
    visitor.post("/console/shop/variants/", b"Content-Length: 1000000")
    await asked.pop()
    assert visitor.answer.startswith(b"HTTP/1.1 303 ")
    assert b"Location: /console/login/?next=/console/shop/variants/\r\n" in visitor.answer
    assert visitor.wire.half_closed and door.server.requests == []


async def test_chunks_are_read_on_only_for_somebody_who_is_signed_in(visitor, door, asked):
    answering(door, False)
    visitor.post("/console/shop/variants/", b"Transfer-Encoding: chunked")
    visitor.send(*[chunk(16_000)] * 4)
    assert asked == []
    visitor.send(chunk(16_000))
    await asked.pop()
    assert b" 303 " in visitor.answer


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/console/shop/variants/", 41 * 1024 * 1024),
        ("/console/shop/knowledge/import/", 11 * 1024 * 1024),
        ("/console/shop/persona/", 2 * 1024 * 1024),
        ("/raw-admin/auth/user/1/change/", 2 * 1024 * 1024),
        ("/console/nothing", 64 * 1024),
        ("/check", 64 * 1024),
        ("/api/v1/widget/missed", 8 * 1024),
        ("/api/v1/access-token", 8 * 1024),
        ("/api/v1/sessions", 8 * 1024),
        ("//[", 64 * 1024),
    ],
)
def test_each_path_takes_what_it_can_need(path, most):
    assert bodies.body_most(path) == most


def test_a_session_is_known_by_its_cookie(client, owner):
    client.force_login(owner)
    cookie = f"a=b; pickup_session={client.cookies['pickup_session'].value}".encode()
    assert bodies.is_signed_in(cookie)
    for wrong in (b"", b"pickup_session=", b"pickup_session=" + b"x" * 32, b"\xff\x00=;;;", cookie[:-1]):
        assert not bodies.is_signed_in(wrong)
    client.post(reverse("console:logout"))
    assert not bodies.is_signed_in(cookie)


def test_a_path_to_mount_us_below_is_not_taken_from_strangers(visitor, door):
    visitor.send(b"GET /x/console/ HTTP/1.1\r\n" + HOST + b"Daphne-Root-Path: /x\r\n\r\n")
    assert door.server.scopes[0]["root_path"] == ""


@pytest.mark.parametrize("path", ["/api/v1/access-token", "/api/v1/sessions", "/api/v1/chat/rating"])
def test_the_messaging_api_words_a_body_that_is_too_large_as_it_words_every_refusal(visitor, path):
    visitor.post(path, b"Content-Length: 314572800")
    body = json.loads(visitor.answer.rpartition(b"\r\n\r\n")[2])
    assert body == {
        "message": "Message too large",
        "error": "Message too large",
        "code": "TOO_LARGE",
        "detail": CODES["TOO_LARGE"].message,
    }


def test_a_message_beyond_the_outer_wall_is_closed_as_documented_and_not_broken_off(monkeypatch):
    said = []
    socket = sockets.Socket()
    monkeypatch.setattr(socket, "sendCloseFrame", lambda code, **_more: said.append(code))
    monkeypatch.setattr(socket, "dropConnection", lambda **_more: said.append("dropped"))
    socket.state, socket.failByDrop = sockets.Socket.STATE_OPEN, True
    socket.transport = SimpleNamespace(pauseProducing=lambda: said.append("no more is read"))
    socket._max_message_size_exceeded(2_000_000, 262_144, "too large")
    assert said == [1009, "no more is read"]
