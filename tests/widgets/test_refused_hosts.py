"""Counting who was turned away, without letting them write as much as they like."""

from itertools import count

import time_machine

from widgets.admission import limits, refused_hosts
from widgets.admission.refused_hosts import KEPT, WRITE_EVERY_S
from widgets.models import RefusedHost

_addresses = count()


def address():
    """Another visitor's each time."""
    number = next(_addresses)
    return f"10.0.{number // 250}.{number % 250}"


def counts(widget):
    return dict(RefusedHost.objects.filter(widget=widget).values_list("host", "count"))


def test_refusals_in_a_burst_are_one_write_and_are_added_later(widget, django_assert_num_queries):
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        refused_hosts.count(widget, "evil.example", address())
        with django_assert_num_queries(0):
            for _ in range(9):
                refused_hosts.count(widget, "evil.example", address())
        assert counts(widget) == {"evil.example": 1}
        clock.shift(WRITE_EVERY_S + 1)
        refused_hosts.count(widget, "evil.example", address())
        assert counts(widget) == {"evil.example": 11}


def test_first_and_last_time_are_kept(widget):
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        refused_hosts.count(widget, "evil.example", address())
        clock.shift(3600)
        refused_hosts.count(widget, "evil.example", address())
    row = RefusedHost.objects.get()
    assert (row.last_seen - row.first_seen).total_seconds() == 3600


def test_a_flood_of_invented_hosts_displaces_itself_and_not_the_one_that_keeps_asking(widget):
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        for _ in range(3):
            refused_hosts.count(widget, "regular.example", address())
            clock.shift(WRITE_EVERY_S + 1)
        for number in range(100):
            refused_hosts.count(widget, f"h{number}.example", address())
            clock.shift(3)
    kept = counts(widget)
    assert len(kept) == KEPT
    assert kept["regular.example"] == 3
    assert "h99.example" in kept and "h0.example" not in kept


def test_a_widget_writes_at_most_its_allowance_in_a_minute(widget):
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        written = set()
        for number in range(500):
            refused_hosts.count(widget, f"h{number}.example", address())
            written |= counts(widget).keys()
    assert len(written) == limits.PER_WIDGET["refused-write"]


def test_one_widgets_flood_leaves_anothers_count_alone(widget, project):
    from widgets import actions

    other = actions.create_widget(project, by=None, name="Other")
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        for number in range(200):
            refused_hosts.count(widget, f"h{number}.example", address())
        refused_hosts.count(other, "evil.example", address())
    assert counts(other) == {"evil.example": 1}


def test_one_address_cannot_use_up_what_is_counted_for_all(widget):
    for number in range(limits.PER_WIDGET["refused"] * 2):
        refused_hosts.count(widget, f"h{number}.example", "203.0.113.9")
    refused_hosts.count(widget, "evil.example", address())
    assert "evil.example" in counts(widget)
