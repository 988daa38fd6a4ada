"""The guarded client meets everything that a hostile address can do to a server."""

import gzip
import threading
import zlib

import pytest

from agents.outside import guarded_client
from agents.outside.guarded_client import NotFetched, fetch, is_public

from .strange_sites import RawServer, Site, certificate


@pytest.fixture
def site():
    running = Site()
    yield running
    running.stop()


@pytest.fixture
def raw():
    """Starts servers that speak in their own way."""
    running = []

    def start(speak):
        running.append(RawServer(speak))
        return f"http://127.0.0.1:{running[-1].port}/"

    yield start
    for server in running:
        server.stop()


def refused(url, **options):
    with pytest.raises(NotFetched) as caught:
        fetch(url, **options)
    return caught.value.code


def inside(site, path="/"):
    return f"http://127.0.0.1:{site.port}{path}"


# ── Which addresses ──────────────────────────────────────────────────────────────────────────────────────────


INNER = """
127.0.0.1 127.8.9.10 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 192.0.0.8
192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 192.88.99.1
:: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe ::127.0.0.1 fe80::1 fe80::1%eth0 fec0::1 fc00::1 fd12:3456::1
ff02::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 2001:0:53aa:64c:0:0:80ff:fffe 64:ff9b::7f00:1 64:ff9b::a00:1
64:ff9b:1::1 100::1 3fff::1 nonsense
"""


@pytest.mark.parametrize("address", INNER.split())
def test_an_inner_address_is_not_public(address):
    assert not is_public(address)


PUBLIC = ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_that_everybody_reaches_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/", "PRIVATE"),
        ("https://169.254.169.254/latest/meta-data/", "PRIVATE"),
        ("https://[::1]/", "PRIVATE"),
        ("https://[::ffff:7f00:1]/", "PRIVATE"),
        ("https://[::ffff:127.0.0.1]/", "ADDRESS"),
        ("https://[fe80::1%25eth0]/", "ADDRESS"),
        ("https://2130706433/", "ADDRESS"),
        ("https://0x7f000001/", "ADDRESS"),
        ("https://0177.0.0.1/", "ADDRESS"),
        ("https://127.1/", "ADDRESS"),
        ("https://１２７.0.0.1/", "PRIVATE"),
        ("https://user:word@example.com/", "ADDRESS"),
        ("https://example.com@127.0.0.1/", "ADDRESS"),
        ("https://127.0.0.1\\@example.com/", "ADDRESS"),
        ("https://example.com:22/", "ADDRESS"),
        ("https://example.com:99999/", "ADDRESS"),
        ("https://exa mple.com/", "ADDRESS"),
        ("https://example.com/\r\nHost: inner", "ADDRESS"),
        ("https:///", "ADDRESS"),
        ("https://" + "a" * 2000, "ADDRESS"),
        ("http://example.com/", "HTTPS_ONLY"),
        ("file:///etc/passwd", "ADDRESS"),
        ("gopher://example.com/", "ADDRESS"),
        ("ftp://example.com/", "ADDRESS"),
        ("//example.com/", "ADDRESS"),
    ],
)
def test_no_spelling_of_an_address_leads_inside(url, code):
    asked = []
    assert refused(url, resolve=lambda host, port: asked.append(host) or ["127.0.0.1"]) == code
    assert asked == []


def test_a_name_that_leads_inside_is_refused_before_anything_connects(site):
    url = f"https://inner.example.com:{site.port}/"
    assert refused(url, resolve=lambda host, port: ["127.0.0.1"]) == "PRIVATE"
    assert site.asked == []


def test_a_name_with_one_inner_address_among_public_ones_is_refused():
    assert refused("https://example.com/", resolve=lambda host, port: ["1.1.1.1", "10.0.0.7"]) == "PRIVATE"


def test_a_name_is_resolved_once_so_that_a_second_answer_changes_nothing(site, monkeypatch):
    """DNS rebinding: public when it is looked at, inside when it is connected to. Here only the first answer counts."""
    answers, connected = iter([["1.1.1.1"], ["127.0.0.1"]]), []

    def connect(address, timeout):
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(guarded_client.socket, "create_connection", connect)
    assert (
        refused(f"https://turncoat.example.com:{site.port}/", resolve=lambda host, port: next(answers)) == "UNREACHABLE"
    )
    assert connected == ["1.1.1.1"]
    assert next(answers) == ["127.0.0.1"]  # nobody asked for it


def test_an_unknown_name_is_said_to_be_one():
    assert refused("https://nowhere.example.com/", resolve=lambda host, port: []) == "UNKNOWN_NAME"


# ── Redirects ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def public(monkeypatch):
    """Loopback counts as public, everything else as it is: redirects can then be tried without leaving the machine."""
    real = is_public
    monkeypatch.setattr(guarded_client, "is_public", lambda address: address == "127.0.0.1" or real(address))


@pytest.fixture
def secure(tmp_path):
    server, visitor = certificate(tmp_path, "shop.example.com", "127.0.0.1")
    running = Site(server)
    running.visitor = visitor
    yield running
    running.stop()


def to_here(host, port):
    return {"shop.example.com": ["127.0.0.1"], "inner.example.com": ["10.0.0.7"]}[host]


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("https://169.254.169.254/latest/meta-data/", "PRIVATE"),
        ("https://[::1]/", "PRIVATE"),
        ("https://inner.example.com/", "PRIVATE"),
        ("http://shop.example.com/", "HTTPS_ONLY"),
        ("file:///etc/passwd", "ADDRESS"),
        ("https://2852039166/", "ADDRESS"),
    ],
)
def test_a_redirect_is_looked_at_like_the_first_address(secure, public, place, code):
    secure.put("/", status=302, Location=place)
    url = f"https://shop.example.com:{secure.port}/"
    assert refused(url, resolve=to_here, tls=secure.visitor) == code
    assert len(secure.asked) == 1


def test_a_redirect_on_the_same_site_is_followed_and_the_last_address_is_told(secure, public):
    secure.pages["/shop?a=b%20c"] = (200, [("X-One", "1"), ("X-One", "2")], b"<h1>Shop</h1>")
    url = f"https://shop.example.com:{secure.port}/"
    secure.put("/", status=301, Location="/shop?a=b%20c")
    got = fetch(url, resolve=to_here, tls=secure.visitor)
    assert (got.url, got.status, got.text) == (f"{url}shop?a=b%20c", 200, "<h1>Shop</h1>")
    assert got.all("X-One") == ["1", "2"]
    assert secure.asked[1] == ("/shop?a=b%20c", f"shop.example.com:{secure.port}")


def test_redirects_in_a_circle_end(site):
    site.put("/", status=302, Location="/")
    assert refused(inside(site), private=True) == "REDIRECTS"
    assert len(site.asked) == guarded_client.REDIRECTS_MOST + 1


def test_a_certificate_for_another_name_is_refused(secure, public):
    url = f"https://other.example.com:{secure.port}/"
    assert refused(url, resolve=lambda host, port: ["127.0.0.1"], tls=secure.visitor) == "CERTIFICATE"
    assert secure.asked == []


# ── Size and time ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_is_fetched_with_its_own_name_even_where_private_addresses_are_allowed(site):
    site.put("/", "Grüße", Content_Type="text/html; charset=utf-8")
    got = fetch(f"http://localhost:{site.port}/", private=True)
    assert (got.status, got.text, got.cut) == (200, "Grüße", False)
    assert site.asked == [("/", f"localhost:{site.port}")]


def test_a_huge_page_is_cut(site):
    site.put("/", b"x" * 300_000)
    got = fetch(inside(site), private=True, most=100_000)
    assert (len(got.body), got.cut) == (100_000, True)


def test_a_packed_page_is_unpacked(site):
    site.put("/", gzip.compress(b"<p>Hello</p>"), Content_Encoding="gzip")
    assert fetch(inside(site), private=True).body == b"<p>Hello</p>"


def test_a_page_that_grows_when_unpacked_is_cut_before_it_does(site, monkeypatch):
    grown = []
    real = zlib.decompressobj

    class Counting:
        def __init__(self, wbits):
            self.inner = real(wbits=wbits)

        def decompress(self, data, most):
            out = self.inner.decompress(data, most)
            grown.append(len(out))
            return out

    monkeypatch.setattr(guarded_client.zlib, "decompressobj", Counting)
    site.put("/", gzip.compress(bytes(50_000_000), 9), Content_Encoding="gzip")
    got = fetch(inside(site), private=True, most=100_000)
    assert (len(got.body), got.cut) == (100_000, True)
    assert sum(grown) <= 100_001


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
def test_an_encoding_that_was_not_asked_for_is_refused(site, encoding):
    site.put("/", b"....", Content_Encoding=encoding)
    assert refused(inside(site), private=True) == "NOT_HTTP"


def test_what_only_claims_to_be_packed_is_refused(site):
    site.put("/", b"not packed at all", Content_Encoding="gzip")
    assert refused(inside(site), private=True) == "NOT_HTTP"


def test_a_server_that_says_nothing_is_left(raw):
    url = raw(lambda connection, over: over.wait())
    assert refused(url, private=True, all_s=0.5) == "TOO_SLOW"


def test_a_server_that_drips_its_body_is_left(raw):
    def drip(connection, over):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not over.wait(0.05):
            connection.sendall(b"x")

    assert refused(raw(drip), private=True, all_s=0.5) == "TOO_SLOW"


def test_a_server_that_drips_its_headers_is_left(raw):
    def drip(connection, over):
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not over.wait(0.05):
            connection.sendall(b"x")

    assert refused(raw(drip), private=True, all_s=0.5) == "TOO_SLOW"


def test_a_name_server_that_never_answers_is_left():
    over = threading.Event()
    try:
        assert refused("https://example.com/", all_s=0.2, resolve=lambda host, port: over.wait() and []) == "TOO_SLOW"
    finally:
        over.set()


@pytest.mark.parametrize(
    "said", [b"SSH-2.0-OpenSSH_9.6\r\n", b"\x00" * 70_000, b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200]
)
def test_what_is_not_the_web_is_refused(raw, said):
    assert refused(raw(lambda connection, over: connection.sendall(said)), private=True) == "NOT_HTTP"


def test_nobody_listening_is_unreachable(site):
    site.stop()
    assert refused(inside(site), private=True) == "UNREACHABLE"
