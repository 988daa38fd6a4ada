"""A published widget, tickets for it, and the calls of this process, each test with its own."""

import asyncio
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from asgiref.sync import sync_to_async
from channels.layers import channel_layers
from django.apps import apps
from django.db import OperationalError
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.utils import timezone

from agents.authoring import publish, topics
from calling.call.parts import Patience
from calling.gateway import calls as live
from calling.gateway.chat import here
from calling.record.store import database, writer
from calling.record.store.journal import Journal
from tests.fakes.answerer import ObedientAnswerer
from tests.fakes.connection import FakeConnection
from tests.fakes.messaging import Sdk
from widgets import actions
from widgets.admission import consent, credentials
from widgets.admission.access import admission
from widgets.admission.credentials import GrantClaims

SITE = "https://shop.example.com"


@pytest.fixture(autouse=True)
def _database_is_there():
    """What one test found out about the database says nothing to the next."""
    yield
    database.presence.answered()


@pytest.fixture(autouse=True)
def store(tmp_path):
    """The way of this test's notes into the database."""
    made = writer.Writer(Journal(tmp_path / "journal"))
    writer.install(made)
    yield made
    writer.install(None)
    made.stop()


@pytest.fixture
def folders(settings, tmp_path):
    """Spool and recordings of this test only."""
    settings.SPOOL_DIR = tmp_path / "spool"
    settings.STORAGES = settings.STORAGES | {
        "recordings": settings.STORAGES["recordings"]
        | {"OPTIONS": settings.STORAGES["recordings"]["OPTIONS"] | {"location": tmp_path / "recordings"}}
    }
    return tmp_path


@pytest.fixture
def widget(transactional_db, folders, project):
    publish.publish(project, by=None)
    widget = actions.create_widget(project, by=None, name="Shop phone", address="example.com")
    actions.publish_widget(widget, by=None)
    return widget


def change(widget, **parts):
    """Publish the widget with other settings."""
    actions.save_draft(widget, widget.draft | parts, by=None)
    actions.publish_widget(widget, by=None)


@pytest.fixture
def ticket(widget):
    """A fresh ticket, with the visitor's consent where the widget asks for it."""

    def make(**claims):
        grant = GrantClaims(**({"code": widget.code, "origin": SITE, "purpose": credentials.EMBED} | claims))
        given = None
        admitted = admission(grant)
        said = consent.wording(admitted.shown.look)
        if said:
            given = str(consent.record(admitted, said.digest).pk)
        return credentials.make_ticket(grant, given)

    return make


@pytest.fixture
def calls():
    """The calls of this process, with an obedient agent and connections without sound."""
    made = []

    def make(*, patience=None, most=4, answerer=None, connection=FakeConnection):
        async def ready(setup):
            return ObedientAnswerer()

        def connect():
            here.connections.append(connection())
            return here.connections[-1]

        here = live.Live(answerer=answerer or ready, connection=connect, patience=patience or Patience(), most=most)
        here.connections = []
        live.install(here)
        made.append(here)
        return here

    yield make
    live.install(None)
    assert not any(here.sessions for here in made), "a call was left running"


@pytest.fixture
def away():
    """A database that nobody can connect to from `go` to `back`; it notes who tries."""

    class Away:
        def __init__(self):
            self.tried = []  # by which threads

        def go(self):
            patch.setattr(DatabaseWrapper, "get_new_connection", self)

        def back(self):
            patch.undo()

        def __call__(self, *_given):
            self.tried.append(threading.current_thread().name)
            raise OperationalError("connection refused")

    patch, made = pytest.MonkeyPatch(), Away()
    yield made
    patch.undo()


@pytest.fixture
def rows():
    """Every row of the rooms, but for the counter of refused hosts; from asynchronous tests."""

    def read():
        return {
            model.__name__: list(model.objects.order_by("pk").values())
            for label in ("agents", "widgets", "calling")
            for model in apps.get_app_config(label).get_models()
            if model.__name__ != "RefusedHost"
        }

    return sync_to_async(read)


@pytest.fixture
def time_machine_at():
    """So many seconds later; the event loop's own clock goes on as it does."""

    def later(seconds):
        return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True)

    return later


# ── Chats ────────────────────────────────────────────────────────────────────────────────────────────────────

APP = "com.example.app"
TOPICS = [
    {
        "name": "Hours",
        "samples": ["when are you open", "opening hours"],
        "content": "We open at 9.\n\n- Monday\n- Friday",
    },
    {
        "name": "Prices",
        "samples": ["what does it cost", "price of a tyre"],
        "content": "See [our list](https://example.com/p).",
    },
]


@pytest.fixture
def chat_widget(transactional_db, folders, project, settings):
    """A published chat that apps may use."""
    settings.SPEECH = "scripted"
    topics.import_topics(project, TOPICS, by=None)
    publish.publish(project, by=None)
    widget = actions.create_widget(project, by=None, name="Shop chat", address="example.com", kind="chat")
    actions.publish_widget(widget, by=None)
    actions.save_app_access(widget, by=None, enabled=True, app_ids=[APP])
    return widget


@pytest.fixture
def app_token(chat_widget):
    return actions.new_app_token(chat_widget, by=None)


@pytest.fixture
def chats(chat_widget):
    """The chats of this process; a call makes those of another one, with which it shares the database and the layer."""
    channel_layers.backends.clear()
    made = []

    def process(**given):
        there = here.Chats(**given)
        here.install(there)
        made.append(there)
        return there

    process()
    yield process
    here.install(None)
    channel_layers.backends.clear()


@pytest.fixture
async def sdk(chats, app_token):
    """A client of the messaging API on a device; all sockets are closed in the end, and nothing goes on."""
    clients = []

    def make(**given):
        clients.append(Sdk(app_token, APP, **given))
        return clients[-1]

    yield make
    await here.here().hub.quiet()
    for client in clients:
        if client.socket is not None:
            with suppress(asyncio.CancelledError):  # of a socket that was waited for in vain: others go on
                await client.leave()
    await here.here().hub.quiet()
