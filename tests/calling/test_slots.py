"""Lines: how many calls of whom at a time, each taken once and given back once."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calling.gateway.slots import Slots
from widgets.admission.lines import Claim
from widgets.refusals import Refused


def taken(slots, **claim):
    lease = slots.lease()
    lease.take(Claim(**({"widget_id": 1} | claim)))
    return lease


def refused(slots, code="FULL", **claim):
    before = slots.taken
    lease = slots.lease()
    with pytest.raises(Refused, match=code):
        slots.check(Claim(**({"widget_id": 1} | claim)))
    with pytest.raises(Refused, match=code):
        lease.take(Claim(**({"widget_id": 1} | claim)))
    assert slots.taken == before and not lease.holds_line


def test_lines_are_counted_in_all_for_each_widget_and_for_each_project():
    slots = Slots(4)
    taken(slots, widget_id=1, widget_most=1)
    refused(slots, widget_id=1, widget_most=1)
    taken(slots, widget_id=2, project_id=7, project_most=2)
    taken(slots, widget_id=3, project_id=7, project_most=2)
    refused(slots, widget_id=4, project_id=7, project_most=2)
    taken(slots, widget_id=5)
    refused(slots, widget_id=6)
    with pytest.raises(Refused, match="FULL"):
        slots.check()
    assert slots.taken == 4


def test_one_address_has_so_many_calls_whether_its_visitors_are_there_or_away():
    slots = Slots(9)
    first, second = (taken(slots, address="a", address_most=2) for _ in range(2))
    refused(slots, "RATE_LIMITED", address="a", address_most=2)
    taken(slots, address="b", address_most=2)
    first.rest()
    second.rest()
    refused(slots, "RATE_LIMITED", address="a", address_most=2)
    first.release()
    taken(slots, address="a", address_most=2)


def test_a_lease_is_taken_once_and_given_back_once_however_often_it_is_asked():
    slots = Slots(1)
    lease = slots.lease()
    for _ in range(3):
        lease.take(Claim(1, address="a", address_most=1))
    assert slots.taken == 1 and lease.holds_line
    for _ in range(3):
        lease.release()
    assert slots.taken == 0 and not lease.holds_line
    lease.take(Claim(1))
    assert slots.taken == 0 and not lease.resume(), "a call that is over takes nothing any more"
    taken(slots, address="a", address_most=1)


def test_who_goes_away_and_comes_back_draws_on_a_small_reserve_and_not_beyond_it():
    slots = Slots(2)
    leases = []
    for _ in range(3):  # two calls at a time go away, and two others take their lines
        pair = [taken(slots, widget_most=2), taken(slots, widget_most=2)]
        for lease in pair:
            lease.rest()
        leases += pair
    assert slots.taken == 0
    back = [lease.resume() for lease in leases]
    assert back == [True, True, True, False, False, False] and slots.taken == 3
    leases[0].release()
    assert leases[3].resume() and not leases[4].resume()
    refused(slots)


def test_a_widgets_own_limit_has_the_same_reserve():
    slots = Slots(40)
    away = [taken(slots, widget_most=1) for _ in range(1)]
    away[0].rest()
    for _ in range(20):
        away.append(taken(slots, widget_most=1))
        away[-1].rest()
    assert sum(lease.resume() for lease in away) == 1 + slots.reserve


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["take", "rest", "resume", "release"])), max_size=60))
def test_whatever_is_asked_in_whatever_order_nothing_leaks_and_no_limit_is_passed(steps):
    slots = Slots(3)
    leases = [slots.lease() for _ in range(6)]
    for which, what in steps:
        try:
            if what == "take":
                leases[which].take(Claim(which % 2, 2, address=str(which % 3), address_most=1))
            else:
                getattr(leases[which], what)()
        except Refused:
            pass
        assert slots.taken == sum(lease.holds_line for lease in leases) <= slots.most + slots.reserve
    for lease in leases:
        lease.release()
    assert slots.taken == 0 and not slots._lines and not slots._calls


def test_threads_that_take_and_release_at_the_same_time_lose_nothing():
    slots = Slots(3)

    def come_and_go():
        for _ in range(300):
            lease = slots.lease()
            try:
                lease.take(Claim(1, 2))
            except Refused:
                continue
            lease.rest()
            lease.resume()
            lease.release()

    threads = [threading.Thread(target=come_and_go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert slots.taken == 0 and not slots._lines and not slots._calls
