"""The doctor tries things out and says what it found in plain words."""

import socket
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from calling.record.store import database
from studio.running import celery, doctor


@pytest.fixture(autouse=True)
def no_worker():
    celery.heartbeat_file().unlink(missing_ok=True)


def states(findings):
    return {finding.subject: finding.state for finding in findings}


def test_a_machine_on_which_calls_work_passes(db, settings):
    settings.SPEECH = "scripted"
    out = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=out)

    assert ended.value.code == 0, out.getvalue()
    assert "Calls can work." in out.getvalue()
    assert "BAD" not in out.getvalue()


def test_missing_models_stop_calls(db, settings, tmp_path):
    settings.MODELS_DIR = tmp_path
    out = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=out)

    assert ended.value.code == 1
    assert "Calls cannot work yet." in out.getvalue()
    assert "manage.py models" in out.getvalue()


@pytest.mark.speech
def test_it_says_a_sentence_and_hears_it(settings):
    (finding,) = doctor.look_at_speech()

    assert finding.state == "good", finding
    assert "morning" in finding.says


def test_an_error_of_the_checks_is_bad_and_a_warning_is_not(settings):
    settings.SPEECH = "scripted"
    settings.PUBLIC_URL = "http://calls.example.com"
    settings.SECURE = False
    settings.TURN_URLS, settings.TURN_SECRET = ["turn:turn.example.com"], ""

    found = states(doctor.look_at_settings())

    assert found["Settings (studio.E001)"] == "bad"
    assert found["Settings (studio.W001)"] == "notice"


def test_a_database_that_does_not_answer_is_bad(monkeypatch):
    def fails():
        raise DatabaseError

    monkeypatch.setattr(database.connection, "cursor", fails)

    assert states(doctor.look_at_database()) == {"Database": "bad"}


def test_sound_has_an_address_to_go_to(settings):
    (finding,) = doctor.look_at_sound_addresses()

    assert finding.state == "good"
    assert "127.0.0.1" in finding.says


def test_ports_that_are_taken_are_counted(settings):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("", 0))
        port = other.getsockname()[1]
        settings.MEDIA_PORTS, settings.MAX_CALLS = (port, port), 1

        assert states(doctor.look_at_ports()) == {"UDP ports": "notice"}

    assert states(doctor.look_at_ports()) == {"UDP ports": "good"}


def test_a_private_address_is_told_on_a_public_server(settings):
    settings.PUBLIC_URL = "https://calls.example.com"
    settings.MEDIA_ADDRESS = "10.0.0.5"

    assert states(doctor.look_at_sound_addresses()[1:]) == {"Sound": "notice"}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("stun:localhost:3478", True),
        ("turn:localhost?transport=udp", True),
        ("turns:127.0.0.1:443?transport=tcp", True),
        ("turn:[::1]:3478", True),
        ("turn:no-such-host.invalid", False),
    ],
)
def test_relays_are_looked_up(url, host):
    assert doctor._resolves(url) is host


def test_a_worker_that_never_ran_is_a_notice(db):
    assert states(doctor.look_at_worker()) == {"Worker": "notice"}

    celery.heartbeat_file().touch()
    assert states(doctor.look_at_worker()) == {"Worker": "good"}
