"""One gateway serves a data folder and a database; a second one says so and touches nothing."""

import asyncio
import io
import os
import signal
import subprocess
import sys

import pytest
from asgiref.sync import sync_to_async
from django.core.management import call_command
from django.db.backends.postgresql.base import DatabaseWrapper
from django.utils import timezone

from calling.gateway import alone, calls
from calling.gateway.alone import Alone
from calling.models import Conversation
from studio.env import database
from studio.management.commands import gateway, serve
from studio.running.supervisor import CANNOT_START
from tests.browser.site import free_port
from tests.fakes import postgres

HOLDS = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from calling.gateway.alone import Alone
locks = Alone(Path(sys.argv[2]))
print(repr(locks.take()), flush=True)
time.sleep(600)
"""


@pytest.fixture
def locks(tmp_path):
    """Makes the locks of one gateway after the other, by folder; all are released in the end."""
    made = []

    def make(folder="data", session=None):
        (tmp_path / folder).mkdir(exist_ok=True)
        made.append(Alone(tmp_path / folder, session))
        return made[-1]

    yield make
    for one in made:
        one.release()


@pytest.fixture
def installed():
    yield alone.install
    alone.install(None)


def test_of_two_gateways_on_one_folder_the_second_is_told_whose_it_is(locks):
    first, second = locks(), locks()
    assert first.take() == "" and first.is_held
    problem = second.take()
    assert "One gateway serves it" in problem and f"process {os.getpid()}" in problem and "\n" not in problem
    assert not second.is_held and first.is_held
    assert locks("elsewhere").take() == ""
    first.release()
    assert second.take() == ""


def test_a_gateway_that_is_killed_leaves_nothing_to_clean_up(locks, tmp_path):
    (tmp_path / "data").mkdir()
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(serve.settings.BASE_DIR), str(tmp_path / "data")],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "studio.settings"},
    )
    try:
        assert child.stdout.readline() == "''\n"
        assert f"process {child.pid}" in locks().take()
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    assert locks().take() == ""


def test_neither_command_starts_where_a_gateway_runs(locks, installed, settings, tmp_path, monkeypatch):
    assert locks().take() == ""
    settings.DATA_DIR, settings.PORT = tmp_path / "data", free_port()
    monkeypatch.setattr(serve, "static_is_fresh", lambda: pytest.fail("the folder was touched"))
    installed(Alone(tmp_path / "data"))
    for command, status in ((gateway.Command, CANNOT_START), (serve.Command, 1)):
        said = io.StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command(command(stderr=said))
        assert ended.value.code == status
        assert said.getvalue().count("\n") == 1 and "Another gateway" in said.getvalue()


@pytest.mark.django_db(transaction=True)
async def test_what_is_open_is_ended_only_while_both_locks_are_held(installed, locks, widget, project, monkeypatch):
    monkeypatch.setattr(calls, "RECOVER_S", 0.05)
    open_call = await Conversation.objects.acreate(
        reference="HB-2345", project=project, widget=widget, widget_name="x", started_at=timezone.now()
    )
    ours = locks()
    installed(ours)
    calls.install(None)
    try:
        await calls.start()
        await open_call.arefresh_from_db()
        assert open_call.ended_at is None and not calls.here().recovery.done()
        assert await sync_to_async(ours.take)() == ""
        assert await calls.here().recovery == 1
        await open_call.arefresh_from_db()
        assert open_call.end_cause == "connection_lost"
    finally:
        calls.install(None)


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def server():
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed")
    made = postgres.Postgres(free_port())
    yield made
    made.remove()


@pytest.fixture
def session(server, monkeypatch, django_db_blocker):
    """Makes connections of that server, as the settings would."""
    monkeypatch.setattr(alone, "BEAT_S", 0.02)
    monkeypatch.setattr(alone, "AGAIN_S", 0.02)
    monkeypatch.setattr(alone, "PATIENCE_S", 0.5)
    defaults = {"OPTIONS": {}, "TIME_ZONE": None, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "TEST": {}}
    with django_db_blocker.unblock():
        yield lambda: DatabaseWrapper(defaults | database(server.url, "unused"), "gateway")


async def until(condition):
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.mark.long
async def test_of_two_gateways_with_folders_of_their_own_one_has_the_database(locks, session):
    first, second = locks("one", session), locks("two", session)
    assert await asyncio.to_thread(first.take) == "" and first.is_held
    assert "uses the database" in await asyncio.to_thread(second.take)
    assert first.is_held and not second.is_held
    first.release()
    third = locks("two", session)
    assert await asyncio.to_thread(third.take) == "" and third.is_held


async def test_a_gateway_whose_database_is_away_starts_and_waits_for_the_lock(locks, session, server):
    server.stop()
    try:
        first = locks("one", session)
        assert await asyncio.to_thread(first.take) == "" and not first.is_held and not first.may_be()
    finally:
        server.start()
    await asyncio.wait_for(first.held(), 30)
    assert first.may_be()


async def test_a_gateway_that_lost_the_database_to_another_one_is_told(locks, session, server):
    first, lost = locks("one", session), []
    first.lost = lambda: lost.append(True)
    await asyncio.to_thread(first.take)
    looked, first._look = first._look, lambda session: (_ for _ in ()).throw(ConnectionError("gone"))
    await until(lambda: not first.is_held)
    second = locks("two", session)
    assert await asyncio.to_thread(second.take) == "" and second.is_held
    first._look = looked
    await until(lambda: lost)
    assert not first.is_held and second.is_held
