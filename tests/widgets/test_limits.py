"""Rate limits, and the address behind proxies."""

import re
import threading
from pathlib import Path

import pytest
import time_machine
from django.test import RequestFactory

from widgets.admission import limits
from widgets.refusals import Refused

ROOT = Path(limits.__file__).parents[2]


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


def test_ones_own_allowance_comes_first_and_what_it_refuses_uses_nothing_up_for_others(monkeypatch):
    monkeypatch.setitem(limits.PER_ADDRESS, "ticket", 2)
    monkeypatch.setitem(limits.PER_WIDGET, "ticket", 3)

    def ask(address):
        return limits.draw(limits.of_address("ticket", address), limits.of_widget("ticket", 1)).left

    assert ask("203.0.113.9") == 1
    for _try in range(10):
        try:
            ask("203.0.113.9")
        except Refused:
            pass
    assert ask("203.0.113.10") == 0
    with pytest.raises(Refused, match="all-ticket"):
        ask("203.0.113.11")


def test_a_try_that_was_no_guess_is_given_back(monkeypatch):
    own, shared = (limits.Allowance(name, "x", 3) for name in ("own", "shared"))
    for _try in range(2):
        limits.draw(own, shared)
    limits.draw(own, shared).give_back()
    assert (own.count(), shared.count()) == (1, 3)


def test_of_many_at_once_each_gets_a_number_of_its_own():
    allowance, seats, found = limits.Allowance("x", "y", 5), threading.Barrier(20), []

    def count():
        seats.wait(10)
        found.append(allowance.count())

    threads = [threading.Thread(target=count) for _one in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(1, 21))


def test_everybody_together_is_never_asked_before_the_one_who_asks():
    """Whoever draws on what others share has drawn on their own first, here or (as `endpoint` and `View` do) before."""
    after_their_own = {"widgets/admission/endpoints.py": 1, "widgets/admission/refused_hosts.py": 1}
    after_their_own |= {"calling/gateway/chat/views.py": 1, "widgets/admission/chat_tickets.py": 1}
    for room in ("widgets", "calling", "studio"):
        for path in (ROOT / room).rglob("*.py"):
            draws = re.findall(r"draw\(\s*(?:limits\.)?of_widget", path.read_text(encoding="utf-8"))
            assert len(draws) == after_their_own.get(path.relative_to(ROOT).as_posix(), 0), path


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
