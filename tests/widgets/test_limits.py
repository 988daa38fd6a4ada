"""Rate limits, and the address behind proxies."""

import pytest
import time_machine
from django.test import RequestFactory

from widgets.admission import limits
from widgets.refusals import Refused


def ip(remote="203.0.113.9", forwarded=None):
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    return limits.client_ip(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers))


def test_the_allowance_is_counted_exactly_and_comes_back_with_the_next_window():
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        assert [limits.within("x", "a", 3) for _ in range(5)] == [True, True, True, False, False]
        assert limits.within("x", "b", 3) and limits.within("y", "a", 3)
        clock.shift(60)
        assert limits.within("x", "a", 3)


def test_too_many_tickets_from_one_address_are_refused_and_others_are_not():
    for _ in range(limits.PER_ADDRESS["ticket"]):
        limits.check_address("ticket", "203.0.113.9")
    with pytest.raises(Refused, match="RATE_LIMITED"):
        limits.check_address("ticket", "203.0.113.9")
    limits.check_address("ticket", "203.0.113.10")


def test_without_trusted_proxies_a_header_changes_nothing(settings):
    settings.TRUSTED_PROXIES = 0
    assert ip(forwarded="1.1.1.1") == "203.0.113.9"


def test_what_a_visitor_invents_stands_left_of_what_our_proxies_saw(settings):
    settings.TRUSTED_PROXIES = 1
    assert ip("10.0.0.1", "1.1.1.1, 2.2.2.2, 198.51.100.7") == "198.51.100.7"
    settings.TRUSTED_PROXIES = 2
    assert ip("10.0.0.1", "1.1.1.1, 198.51.100.7, 10.0.0.2") == "198.51.100.7"


def test_with_fewer_hops_than_proxies_the_connection_counts(settings):
    settings.TRUSTED_PROXIES = 2
    assert ip("10.0.0.1", "1.1.1.1") == "10.0.0.1"
    assert ip("10.0.0.1", "") == "10.0.0.1"
    assert ip("10.0.0.1") == "10.0.0.1"


def test_a_sockets_address_is_read_the_same_way(settings):
    scope = {"client": ("10.0.0.1", 5), "headers": [(b"x-forwarded-for", b"1.1.1.1"), (b"X-Forwarded-For", b"2.2.2.2")]}
    settings.TRUSTED_PROXIES = 1
    assert limits.client_ip_of(scope) == "2.2.2.2"
    settings.TRUSTED_PROXIES = 0
    assert limits.client_ip_of(scope) == "10.0.0.1"
    assert limits.client_ip_of({"client": None}) == ""


def test_an_address_cannot_be_followed_from_one_day_to_the_next():
    with time_machine.travel("2026-03-01T23:59:59Z", tick=False) as clock:
        today = limits.visitor_hash("203.0.113.9")
        assert today == limits.visitor_hash("203.0.113.9") != limits.visitor_hash("203.0.113.10")
        assert "203" not in today
        clock.shift(1)
        assert limits.visitor_hash("203.0.113.9") != today


def test_the_hash_cannot_be_made_without_the_key(settings):
    ours = limits.visitor_hash("203.0.113.9")
    settings.SECRET_KEY = "another" * 8
    assert limits.visitor_hash("203.0.113.9") != ours


def test_one_ipv6_network_is_one_visitor():
    assert limits.visitor_hash("2001:db8::1") == limits.visitor_hash("2001:db8::ffff:1")
    assert limits.visitor_hash("2001:db8::1") != limits.visitor_hash("2001:db8:0:1::1")
    assert limits.visitor_hash("::ffff:203.0.113.9") == limits.visitor_hash("203.0.113.9")


@pytest.mark.parametrize("odd", ["", "unknown", "_hidden", "1.2.3.4:55", "x" * 1000])
def test_what_is_no_address_shares_one_allowance(odd):
    assert limits.visitor_hash(odd) == limits.visitor_hash("")
