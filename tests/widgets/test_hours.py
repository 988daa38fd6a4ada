"""Opening hours as people write them, and what follows from them for script, card and calls."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from widgets import actions
from widgets.admission import access, credentials
from widgets.card import cleaning, config, hours, look
from widgets.models import TestLink
from widgets.refusals import Refused

from .conftest import SITE, code_of
from .test_frame import block as settings_in

OPEN, LATE, EVE = "2026-11-30T10:00:00Z", "2026-11-30T20:00:00Z", "2026-11-29T23:30:00Z"  # a Monday, and the Sunday


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("9-17", "09:00–17:00"),
        ("09:00–17:00", "09:00–17:00"),
        ("9.00 - 12.30, 13.30 - 18 Uhr", "09:00–12:30, 13:30–18:00"),
        ("1:30pm to 6pm; 9am-12pm", "09:00–12:00, 13:30–18:00"),
        ("12am-12pm", "00:00–12:00"),
        ("0-24", "00:00–24:00"),
        ("8 bis 12 und 14 bis 18", "08:00–12:00, 14:00–18:00"),
        ("22:00-02:00", "22:00–02:00"),
    ],
)
def test_hours_are_read_as_people_write_them_and_kept_in_one_form(typed, kept):
    assert hours.written(hours.read(typed)) == kept
    assert hours.read(kept) == hours.read(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "nine",
        "9",
        "9-",
        "25-26",
        "9:75-10",
        "9-9",
        "13pm-14pm",
        "9-12, 11-14",
        "24-25",
        "1-2,3-4,5-6,7-8,9-10",
        "9-10," + " " * 100,
    ],
)
def test_what_is_no_hours_is_refused(typed):
    with pytest.raises(ValueError):
        hours.read(typed)


def of(zone="Europe/Berlin", outside="closed", **days):
    kept = config.new() | {
        "hours": config.DEFAULTS["hours"] | {"enabled": True, "zone": zone, "outside": outside} | days
    }
    cleaned, errors = cleaning.clean(kept)
    assert errors == {}
    return look.read(cleaned).hours


@pytest.mark.parametrize(
    ("zone", "moment", "there"),
    [
        ("Europe/Berlin", (2026, 11, 30, 8, 59), False),
        ("Europe/Berlin", (2026, 11, 30, 9, 0), True),
        ("Europe/Berlin", (2026, 11, 30, 16, 59), True),
        ("Europe/Berlin", (2026, 11, 30, 17, 0), False),
        ("Europe/Berlin", (2026, 11, 29, 12, 0), False),
        ("America/New_York", (2026, 7, 1, 9, 0), True),
        ("America/New_York", (2026, 12, 1, 8, 59), False),
    ],
)
def test_they_are_those_of_the_owners_clock_in_summer_and_winter(zone, moment, there):
    assert of(zone).are_now(datetime(*moment, tzinfo=ZoneInfo(zone))) is there


def test_an_evening_goes_on_after_midnight():
    bar = of("UTC", fri="22:00-02:00", sat="")
    at = {day: datetime(2026, 12, day, 1, 30, tzinfo=ZoneInfo("UTC")) for day in (4, 5, 6)}
    assert [bar.are_now(at[day]) for day in (4, 5, 6)] == [False, True, False]


def test_switched_off_they_are_always_and_with_another_welcome_calls_go_on():
    assert look.read(config.new()).hours.let_call(datetime(2026, 11, 29, tzinfo=ZoneInfo("UTC")))
    assert of("UTC", "welcome").let_call(datetime(2026, 11, 29, tzinfo=ZoneInfo("UTC")))
    assert not of("UTC", "closed").let_call(datetime(2026, 11, 29, tzinfo=ZoneInfo("UTC")))


def test_a_day_or_a_zone_that_cannot_be_read_is_told_in_its_field():
    kept = {"hours": {"mon": "nine to five", "tue": 9, "zone": "Mars/Olympus", "outside": "sleep", "enabled": "yes"}}
    assert set(cleaning.clean(kept)[1]) == {"hours.mon", "hours.tue", "hours.zone", "hours.outside", "hours.enabled"}


@pytest.fixture
def keeping(widget):
    """The widget with hours; says what it is at other times."""

    def keep(outside, **words):
        draft = widget.draft | {
            "hours": config.DEFAULTS["hours"] | {"enabled": True, "outside": outside},
            "words": widget.draft["words"] | words,
        }
        actions.save_draft(widget, draft, by=None)
        actions.publish_widget(widget, by=None)
        return widget

    return keep


def frame_of(widget):
    # As the browser asks for it; each test is a visitor of its own.
    return Client().get(f"/widget/{widget.code}/frame", {"host": SITE}, headers={"Sec-Fetch-Dest": "iframe"})


def test_a_closed_widget_keeps_its_button_and_the_card_says_why(keeping):
    widget = keeping("closed", closed="Back on Monday at nine.")
    with time_machine.travel(OPEN):
        script, held = Client().get(f"/widget/{widget.code}.js").content, settings_in(frame_of(widget))
        assert held["grant"] and "closed" not in held
    with time_machine.travel(LATE):
        assert Client().get(f"/widget/{widget.code}.js").content == script
        held = settings_in(frame_of(widget))
    assert (held["grant"], held["closed"]) == ("", "hours")
    assert held["config"]["words"]["closed"] == "Back on Monday at nine."


def test_no_call_begins_outside_the_hours_whoever_held_a_grant_before(keeping, post, room, rows):
    widget = keeping("closed")
    with time_machine.travel(LATE):
        grant = credentials.make_grant(widget.code, SITE)
        before = rows()
        for name in ("ticket", "consent", "grant"):
            answer = post(name, {"grant": grant, "text": "x"})
            assert (answer.status_code, code_of(answer)) == (403, "OUT_OF_HOURS"), name
        assert rows() == before
    with time_machine.travel(OPEN):
        assert post("ticket", {"grant": credentials.make_grant(widget.code, SITE)}).status_code == 200


def test_a_hidden_button_is_one_line_in_the_console(keeping):
    widget = keeping("hidden")
    with time_machine.travel(LATE):
        assert b"OUT_OF_HOURS" in Client().get(f"/widget/{widget.code}.js").content
        assert settings_in(frame_of(widget))["closed"] == "hours"  # of a page that has been open since
    with time_machine.travel(OPEN):
        assert b"OUT_OF_HOURS" not in Client().get(f"/widget/{widget.code}.js").content


def test_another_welcome_stands_on_the_card_in_all_its_languages(keeping, post, room):
    widget = keeping("welcome", closed="We sleep. Robin answers all the same.")
    with time_machine.travel(OPEN):
        day = settings_in(frame_of(widget))["config"]["words"]["welcome"]
    with time_machine.travel(LATE):
        held = settings_in(frame_of(widget))
        assert post("ticket", {"grant": held["grant"]}).status_code == 200
    assert day != held["config"]["words"]["welcome"] == "We sleep. Robin answers all the same."
    assert "closed" not in held


def test_whoever_tries_it_out_may_do_so_at_night(keeping):
    widget = keeping("closed")
    with time_machine.travel(LATE):
        actions.make_test_link(widget, by=None)
        link = TestLink.objects.get()
        assert access.admission(access.own_grant(widget, credentials.TEST, link.pk.hex)[1]).is_test
        with pytest.raises(Refused, match="OUT_OF_HOURS"):
            access.embed_grant(widget, SITE)
