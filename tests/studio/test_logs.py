"""Lines that strangers can cause: short, without a traceback, and only so many of a kind in a minute."""

import logging

import pytest
from structlog.testing import capture_logs

from studio.running import gateway, logs


def record(message="x", name="studio", line=1, **more):
    made = logging.LogRecord(name, logging.ERROR, __file__, line, message, (), None)
    made.__dict__.update(more)
    return made


def test_of_one_kind_only_so_many_are_kept_in_a_minute_and_others_go_on():
    now = [0.0]
    bounded = logs.Bounded(lambda: now[0])
    kept = [bounded.filter(record({"event": "request", "status": 404})) for _line in range(logs.LINES_A_MINUTE + 5)]
    assert (sum(kept), kept[-1]) == (logs.LINES_A_MINUTE, False)
    assert bounded.filter(record({"event": "request", "status": 200}))
    assert bounded.filter(record(name="daphne", line=2))
    now[0] = 60.0
    assert bounded.filter(record({"event": "request", "status": 404}))


def test_a_request_that_cannot_be_meant_well_leaves_one_short_line():
    error = ValueError("bad")
    line = record("Invalid HTTP_HOST header: " + "x" * 5000, "django.security.DisallowedHost")
    line.exc_info = (ValueError, error, None)
    assert logs.Bounded().filter(line)
    assert line.exc_info is None and len(line.getMessage()) <= logs.MESSAGE_MOST


def test_no_value_in_a_line_is_as_long_as_a_stranger_likes():
    ours = record({"event": "request", "path": "/" + "A" * 15_000, "status": 404})
    theirs = record("Not Found: /" + "A" * 15_000, "django")
    assert all(map(logs.Bounded().filter, (ours, theirs)))
    assert len(ours.msg["path"]) == len(theirs.getMessage()) == logs.MESSAGE_MOST
    assert ours.msg["path"].startswith("/AAA") and ours.msg["status"] == 404


def test_a_refusal_with_a_status_of_its_own_is_no_error_and_a_crash_is_one():
    bounded = logs.Bounded()
    assert not bounded.filter(record("Service Unavailable: /api/v1/widget/ticket", "django.request", status_code=503))
    assert bounded.filter(
        record("Internal Server Error: /x", "django.request", exc_info=(ValueError, ValueError("x"), None))
    )


@pytest.mark.parametrize("made", ["by structlog", "by logging"])
def test_of_one_error_only_so_many_are_told_at_length_in_a_minute(made):
    bounded, error = logs.Bounded(lambda: 0.0), ValueError("x")
    long = 0
    for _line in range(logs.TRACEBACKS_A_MINUTE + 5):
        if made == "by structlog":
            line = record({"event": "a part of a call failed", "exc_info": error}, "calling.faults")
        else:
            line = record(name="daphne", exc_info=(ValueError, error, None))
        assert bounded.filter(line)
        long += bool(line.exc_info or (isinstance(line.msg, dict) and "exc_info" in line.msg))
    assert long == logs.TRACEBACKS_A_MINUTE


SECRETS = ["/call/Ab3dEf", "/call/Ab3dEf/frame", "/test/x:y:z/widget.js", "/console/invitation/abc/"]


@pytest.mark.parametrize("path", SECRETS)
def test_the_address_of_a_page_that_lets_people_in_is_not_in_the_log(path):
    with capture_logs() as lines:
        details = {"method": "GET", "path": path, "status": 200, "time_taken": 1, "size": 1}
        gateway.log_access("http", "complete", details)
    assert path.split("/")[-2 if path.startswith("/console") else 2] not in lines[0]["path"] and "…" in lines[0]["path"]
