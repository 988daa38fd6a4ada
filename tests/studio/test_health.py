"""Probes tell whether calls can be taken, and nothing that is nobody's business."""

import os
import sqlite3
import time
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection
from django.db.backends.sqlite3 import base as sqlite

from calling import faults
from calling.record import tasks
from calling.record.store import database
from studio.running import celery, health


@pytest.fixture(autouse=True)
def no_faults():
    faults.counted.clear()
    yield
    faults.counted.clear()


@pytest.fixture(autouse=True)
def no_worker():
    celery.heartbeat_file().unlink(missing_ok=True)
    yield
    celery.heartbeat_file().unlink(missing_ok=True)


def test_a_living_process_says_so_without_the_database(client):
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


def test_ready_when_database_and_models_are_there(client, db, settings):
    settings.SPEECH = "scripted"

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "database": "ok",
        "speech": "ok",
        "alone": "ok",
        "notes": "ok",
        "worker": "not seen yet",
        "faults": {},
    }


def test_what_failed_inside_calls_is_counted_by_part(client, db, settings):
    settings.SPEECH = "scripted"
    faults.report("watch", RuntimeError("never seen before"), call="HB-7K2Q")
    assert faults.guarded("watch", lambda: 1 / 0, "otherwise") == "otherwise"

    response = client.get("/readyz")

    assert response.status_code == 200 and response.json()["faults"] == {"watch": 2}


def test_not_ready_without_models(client, db, settings, tmp_path):
    settings.SPEECH, settings.MODELS_DIR = "local", tmp_path

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["speech"].startswith("No ")


def test_a_failing_database_is_told_without_its_secrets(client, settings, monkeypatch):
    settings.SPEECH = "scripted"

    def fails():
        raise DatabaseError("password authentication failed for user pickup at db.internal")

    monkeypatch.setattr(database.connection, "cursor", fails)
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == "does not answer"
    assert "internal" not in response.content.decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has one lock for all")
def test_not_ready_while_another_program_holds_the_database(tmp_path, client, settings, monkeypatch, django_db_blocker):
    settings.SPEECH = "scripted"
    monkeypatch.setattr(database, "WRITE_WAIT_MS", 20)
    named = {**connection.settings_dict, "NAME": str(tmp_path / "held.sqlite3")}
    here = sqlite.DatabaseWrapper(named, alias="held")
    monkeypatch.setattr(database, "connection", here)
    monkeypatch.setattr(health.alone, "here", lambda: SimpleNamespace(may_be=lambda: True))
    monkeypatch.setattr(health, "speech_problem", lambda: "")
    other = sqlite3.connect(named["NAME"], isolation_level=None)
    with django_db_blocker.unblock():
        here.ensure_connection()  # makes the file, with its write-ahead log
        other.execute("BEGIN IMMEDIATE")
        held = client.get("/readyz")
        other.execute("ROLLBACK")
        free = client.get("/readyz")
        patience_ms = here.cursor().execute("PRAGMA busy_timeout").fetchone()[0]
        here.close()
    other.close()

    assert (held.status_code, held.json()["database"]) == (503, "takes no writes")
    assert (free.status_code, free.json()["database"]) == (200, "ok")
    assert patience_ms > 20  # what the process itself waits is as before


def test_a_sweep_leaves_a_heartbeat(db):
    assert health.worker_state() == "not seen yet"

    tasks.sweep.apply()

    assert health.worker_state() == "ok"


def test_an_old_heartbeat_is_late():
    path = celery.heartbeat_file()
    path.touch()
    long_ago = time.time() - health.WORKER_LATE_S - 1
    os.utime(path, (long_ago, long_ago))

    assert health.worker_state() == "late"


def test_probes_take_no_posts(client):
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
