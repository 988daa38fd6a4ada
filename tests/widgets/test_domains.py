"""Which addresses can be listed, and which pages a list covers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.outside.origins import parse_origin
from widgets import domains
from widgets.domains import Address, BadAddress, match, normalise
from widgets.short_hash import short_hash


def covers(listed, origin):
    parsed = parse_origin(origin)
    return parsed is not None and match(parsed, [normalise(one) for one in listed])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("example.com", "example.com"),
        ("https://Example.COM/contact?from=1#top", "example.com"),
        ("  http://example.com/  ", "example.com"),
        ("//example.com/x", "example.com"),
        ("example.com.", "example.com"),
        ("*.example.com", "example.com"),
        ("https://example.com:8443/", "example.com:8443"),
        ("räder-am-hafen.example", "xn--rder-am-hafen-bfb.example"),
        ("XN--RDER-AM-HAFEN-BFB.example", "xn--rder-am-hafen-bfb.example"),
        ("ＥＸＡＭＰＬＥ。com", "example.com"),
        ("straße.example", "xn--strae-oqa.example"),
        ("xn--i-7iq.ws", "xn--i-7iq.ws"),
        ("my_shop.example.com", "my_shop.example.com"),
        ("localhost:3000", "localhost:3000"),
        ("intranet", "intranet"),
        ("127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://[2001:DB8::1]:8080/", "[2001:db8::1]:8080"),
        ("2001:db8:0:0::1", "[2001:db8::1]"),
        ("shop.co.uk", "shop.co.uk"),
        ("me.github.io", "me.github.io"),
    ],
)
def test_every_usual_form_is_kept_in_one(typed, kept):
    assert str(normalise(typed)) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "https://",
        "co.uk",
        "*.co.uk",
        "github.io",
        "com",
        "wiki",
        "xn--p1ai",
        "https://user:password@example.com",
        "example.com@evil.example",
        "ex ample.com",
        "a..example",
        "-a.example",
        "a-.example",
        "xn--é.example",
        "xn--\u0661.example",
        "a" * 64 + ".example",
        "a." * 130 + "example",
        "127.1",
        "0x7f000001",
        "1.2.3.4.5",
        "256.1.1.1",
        "[::1",
        "[::1]x",
        "[fe80::1%eth0]",
        "example.com:0",
        "example.com:70000",
        "example.com:80:80",
        "mailto:me@example.com",
        "exa%6dple.com",
        "example.com\n.evil.example",
    ],
)
def test_what_names_no_host_of_ones_own_is_refused_with_a_reason(typed):
    with pytest.raises(BadAddress) as refusal:
        normalise(typed)
    assert refusal.value.problem


@pytest.mark.parametrize(
    ("listed", "origin"),
    [
        ("example.com", "https://example.com"),
        ("example.com", "https://shop.example.com"),
        ("example.com", "https://a.b.example.com:8443"),
        ("example.com", "http://example.com"),
        ("example.com:443", "https://example.com"),
        ("example.com:80", "http://example.com"),
        ("example.com:8443", "https://shop.example.com:8443"),
        ("localhost", "http://localhost:3000"),
        ("localhost:3000", "http://localhost:3000"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("[::1]", "http://[::1]:8000"),
        ("räder.example", "https://shop.xn--rder-loa.example"),
    ],
)
def test_a_listed_host_and_what_is_under_it_are_covered(listed, origin):
    assert covers([listed], origin)


@pytest.mark.parametrize(
    ("listed", "origin"),
    [
        ("example.com", "https://evil-example.com"),
        ("example.com", "https://example.com.evil.com"),
        ("example.com", "https://examplexcom"),
        ("example.com", "https://com"),
        ("shop.example.com", "https://example.com"),
        ("shop.example.com", "https://other.example.com"),
        ("example.com", "https://example.com@evil.com"),
        ("example.com", "https://evil.com/example.com"),
        ("example.com", "https://evil.com#.example.com"),
        ("example.com", "https://evil.com\\.example.com"),
        ("example.com", "https://evil.com?.example.com"),
        ("example.com", "https://evil.com .example.com"),
        ("example.com", "https://evil.com\n.example.com"),
        ("example.com", "https://evil.com;.example.com"),
        ("example.com", "https://*.example.com"),
        ("example.com", "https://.example.com"),
        ("example.com", "https://example.com."),
        ("example.com", "https://EXAMPLE.com"),
        ("example.com", "https://example.com/"),
        ("example.com", "https://example.com:443"),
        ("example.com", "https://example.com:0443"),
        ("example.com", "https://example.com:99999"),
        ("example.com", "ftp://example.com"),
        ("example.com", "file://example.com"),
        ("example.com", "chrome-extension://example.com"),
        ("example.com", "//example.com"),
        ("example.com", "example.com"),
        ("example.com", "null"),
        ("example.com", ""),
        ("example.com", "https://" + "a" * 300 + ".example.com"),
        ("example.com:8443", "https://example.com"),
        ("example.com:8443", "https://example.com:8444"),
        ("räder.example", "https://räder.example"),
        ("raeder.example", "https://xn--rder-loa.example"),
        ("localhost", "http://evil.localhost"),
        ("intranet", "https://evil.intranet"),
        ("127.0.0.1", "http://evil.127.0.0.1"),
        ("127.0.0.1", "http://127.0.0.2"),
        ("127.0.0.1", "http://2130706433"),
        ("127.0.0.1", "http://127.1"),
        ("127.0.0.1", "http://[::ffff:7f00:1]"),
        ("[::1]", "http://[0:0:0:0:0:0:0:1]"),
        ("[::1]", "http://[::2]"),
    ],
)
def test_nothing_that_only_looks_like_a_listed_host_is_covered(listed, origin):
    assert not covers([listed], origin)


def test_an_empty_list_covers_nobody():
    assert not covers([], "https://example.com")
    assert not covers([], "http://localhost:8000")


LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True).filter(
    lambda label: not label.startswith("xn--") and label[2:4] != "--"
)
NAMES = st.builds(lambda labels: ".".join([*labels, "example"]), st.lists(LABEL, min_size=1, max_size=4))
PORTS = st.none() | st.integers(1, 65535)


@given(NAMES, PORTS)
def test_normalising_twice_changes_nothing(name, port):
    once = normalise(f"{name}:{port}" if port else name)
    assert normalise(str(once)) == once


@given(NAMES, LABEL)
def test_a_subdomain_is_covered_and_a_lookalike_is_not(name, label):
    assert covers([name], f"https://{label}.{name}")
    assert not covers([name], f"https://{label}{name}")
    assert not covers([name], f"https://{name}.{label}.test")


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_bad_one_and_nothing_else(text):
    try:
        kept = normalise(text)
    except BadAddress:
        return
    assert normalise(str(kept)) == kept
    assert kept.host.isascii() and kept.host == kept.host.lower()


@given(st.text(max_size=60) | st.builds("https://{}".format, st.text(max_size=30)))
def test_an_origin_that_is_read_is_written_back_letter_by_letter(text):
    parsed = parse_origin(text)
    assert parsed is None or str(parsed) == text


@given(NAMES, PORTS, NAMES, PORTS)
def test_the_scripts_hashes_say_what_the_server_says(listed, port, visited, visited_port):
    """The loader's rule, as docs/wire.md has it: `=host`, the host, each parent; each with and without the port."""
    row, origin = Address(listed, port), parse_origin(f"https://{visited}:{visited_port or 444}")
    if origin is None:
        return
    labels = origin.host.split(".")
    names = ["=" + origin.host] + [".".join(labels[at:]) for at in range(len(labels))]
    claims = [claim for name in names for claim in (name, f"{name}:{origin.port}")]
    hashes = domains.hashed([row], "salt")
    seen = any("{}.{}".format(*short_hash("salt" + claim)) in hashes for claim in claims)
    assert seen == match(origin, [row])


def test_names_without_a_dot_are_hashed_as_exact():
    assert domains.rule(Address("localhost", 3000)) == "=localhost:3000"
    assert domains.rule(Address("127.0.0.1")) == "=127.0.0.1"
    assert domains.rule(Address("example.com")) == "example.com"


def test_hashes_differ_between_widgets_and_not_between_loads():
    row = Address("example.com")
    assert domains.hashed([row], "a") == domains.hashed([row], "a") != domains.hashed([row], "b")
