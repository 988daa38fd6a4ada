"""Which sockets a connection opens and what it tells the browser about them."""

import socket

import pytest

from calling.lines import LineError
from calling.lines.webrtc import addresses
from calling.lines.webrtc.addresses import MediaSettings, host_addresses, open_endpoints


@pytest.fixture
def opened():
    """Opens endpoints and closes them afterwards."""
    endpoints = []

    def open_with(**settings):
        new = open_endpoints(MediaSettings(**settings))
        endpoints.extend(new)
        return new

    yield open_with
    for endpoint in endpoints:
        endpoint.socket.close()


@pytest.fixture
def alone(monkeypatch):
    """A machine without a network."""
    monkeypatch.setattr(addresses, "host_addresses", list)


def test_own_addresses_are_none_that_mean_this_machine_or_this_cable_only():
    assert not any(address.startswith(("127.", "169.254.", "fe80", "::1")) for address in host_addresses())


def test_without_a_network_loopback_is_offered_when_told_so(alone, opened):
    assert [endpoint.address for endpoint in opened(allow_loopback=True)] == ["127.0.0.1"]


def test_without_a_network_and_loopback_no_connection_can_be_made(alone):
    with pytest.raises(LineError) as refused:
        open_endpoints(MediaSettings())
    assert refused.value.code == "MEDIA_BRIDGE_FAILURE"


def test_real_addresses_come_before_loopback(monkeypatch, opened):
    monkeypatch.setattr(addresses, "host_addresses", lambda: ["127.0.0.2", "127.0.0.3"])
    found = opened(allow_loopback=True)
    assert [each.address for each in sorted(found, key=lambda each: -each.preference)] == [
        "127.0.0.2",
        "127.0.0.3",
        "127.0.0.1",
    ]


def test_an_address_that_cannot_be_bound_is_left_out(monkeypatch, opened):
    monkeypatch.setattr(addresses, "host_addresses", lambda: ["203.0.113.9", "127.0.0.2"])
    assert [endpoint.address for endpoint in opened()] == ["127.0.0.2"]


def test_a_translated_address_is_told_and_every_own_one_listens(opened):
    (endpoint,) = opened(address="203.0.113.9", allow_loopback=True)
    assert endpoint.address == "203.0.113.9"
    assert endpoint.socket.getsockname()[0] == "0.0.0.0"


def test_an_own_address_that_is_to_be_told_is_the_one_that_listens(monkeypatch, opened):
    monkeypatch.setattr(addresses, "host_addresses", lambda: ["127.0.0.2", "127.0.0.3"])
    (endpoint,) = opened(address="127.0.0.3")
    assert (endpoint.address, endpoint.socket.getsockname()[0]) == ("127.0.0.3", "127.0.0.3")


def test_ports_stay_in_their_range_until_none_is_left(alone, opened):
    settings = {"allow_loopback": True, "port_range": (8110, 8113)}
    ports = {opened(**settings)[0].socket.getsockname()[1] for _ in range(4)}
    with pytest.raises(LineError) as refused:
        opened(**settings)
    assert ports == {8110, 8111, 8112, 8113}
    assert refused.value.code == "MEDIA_BRIDGE_FAILURE"


def test_a_name_is_no_address():
    with pytest.raises(ValueError, match="does not appear"):
        MediaSettings(address="media.example.com")


def test_sockets_do_not_block(alone, opened):
    assert opened(allow_loopback=True)[0].socket.type == socket.SOCK_DGRAM
    assert not opened(allow_loopback=True)[0].socket.getblocking()
