"""Connections: what is kept of a service, who may change it, and that a key never comes out again."""

import json
import stat

import pytest
from django.core import serializers

from agents.authoring import publish, restoring
from agents.connections import keeping, sealing
from agents.connections.keeping import ConnectionRefused, Result, Unreadable
from agents.connections.model import Connection
from agents.connections.service import Service
from agents.locks import Stale, mark_of
from agents.models import Agent, AuditEntry
from agents.people import roles
from calling.gateway import wiring
from studio.pages.agent import differences
from tests.fakes.script import SNAPSHOT
from tests.fakes.services import wire
from tests.fakes.services.speech import Cartesia
from tests.fakes.services.wire import in_memory

KEY = "sk-live-0123456789abcd"


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def save(project, owner, data_dir):
    def save(connection=None, *, key=KEY, seen=None, **values):
        values = {
            "kind": "openai",
            "name": "Speech",
            "address": "https://api.example.com/v1/",
            "settings": {"voice": {"voice": "alloy"}},
            **values,
        }
        return keeping.save(project, connection, values, owner, key=key, seen=seen)

    return save


def test_a_key_is_kept_sealed_and_opens_for_use(save, data_dir):
    kept = Connection.objects.get(pk=save().pk)
    assert KEY not in kept.sealed and kept.ends == "abcd" and kept.address == "https://api.example.com/v1"
    service = keeping.opened(kept, "voice", {"voice": "verse"})
    assert service.key == KEY and service.settings == {"model": "gpt-4o-mini-tts", "voice": "verse"}
    assert KEY not in repr(service)
    assert stat.S_IMODE((data_dir / sealing.FILE).stat().st_mode) == 0o600
    assert [path.name for path in data_dir.iterdir()] == [sealing.FILE]


def test_a_key_stands_nowhere_else(save, project, owner):
    connection = save()
    save(connection, key="sk-another-0123456789", name="Speech 2")
    version = publish.publish(project, by=owner)
    told = json.dumps([list(AuditEntry.objects.values("action", "target", "details")), version.config], default=str)
    told += serializers.serialize("json", [Connection.objects.get()]) + repr(connection)
    assert "sk-" not in told and "abcd" not in told.replace(Connection.objects.get().sealed, "")


def test_the_audit_says_that_a_key_was_changed_and_not_which(save):
    connection = save()
    save(connection, key="sk-another-0123456789")
    save(Connection.objects.get(), key="")
    last, changed, made = AuditEntry.objects.all()
    assert [row.action for row in (made, changed, last)] == ["connection.create", "connection.edit", "connection.edit"]
    assert (changed.details["key"], last.details["key"]) == ("changed", "removed")
    assert Connection.objects.get().sealed == "" and Connection.objects.get().ends == ""


def test_what_is_saved_without_a_key_keeps_it(save):
    connection = save()
    save(connection, key=None, name="Other name")
    assert keeping.opened(Connection.objects.get(), "voice").key == KEY


@pytest.mark.parametrize("moved", [{"address": "https://other.example.com"}, {"kind": "deepgram"}])
def test_a_key_does_not_follow_to_another_address(save, moved):
    connection = save()
    with pytest.raises(ConnectionRefused) as refused:
        save(connection, key=None, **moved)
    assert refused.value.field == "key"
    assert Connection.objects.get().address == "https://api.example.com/v1"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "http://api.example.com"),
        ("address", "api.example.com"),
        ("address", "https://127.0.0.1/v1"),
        ("address", "https://user:word@api.example.com"),
        ("address", "https://api.example.com/v1?key=1"),
        ("address", "https://api.example.com:25/"),
        ("kind", "nobody"),
        ("key", "two words"),
        ("key", "ключ"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_is_kept(save, field, value):
    with pytest.raises(ConnectionRefused) as refused:
        save(**{field: value})
    assert refused.value.field == field
    assert not Connection.objects.exists() and not AuditEntry.objects.exists()


def test_with_leave_an_address_inside_may_be_asked(save, settings):
    settings.FETCH_PRIVATE = True
    assert save(address="ws://127.0.0.1:8765/v1").address == "http://127.0.0.1:8765/v1"
    assert keeping.opened(Connection.objects.get(), "voice").private


def test_two_of_one_name_are_refused(save):
    save()
    with pytest.raises(ConnectionRefused):
        save()
    assert Connection.objects.count() == 1


def test_somebody_who_was_slower_changes_nothing(save):
    connection = save()
    seen = mark_of(connection, keeping.SHOWN)
    save(connection, key=None, name="Meanwhile")
    with pytest.raises(Stale):
        save(connection, key=None, name="Late", seen=seen)
    assert Connection.objects.get().name == "Meanwhile"


def test_a_lost_file_makes_a_key_unreadable_and_says_so(save, data_dir):
    save()
    (data_dir / sealing.FILE).unlink()
    with pytest.raises(Unreadable):
        keeping.opened(Connection.objects.get(), "voice")


def test_how_a_test_went_is_kept_for_what_was_tested_only(save):
    connection = save()
    keeping.note_test(connection, "voice", Result("", 180))
    assert Connection.objects.get().tested["voice"]["ms"] == 180
    save(Connection.objects.get(), key="sk-another-0123456789")
    keeping.note_test(connection, "hearing", Result("KEY", 90))  # of the key before
    assert Connection.objects.get().tested == {}


def test_what_is_removed_is_gone_with_its_key(save, owner):
    keeping.remove(save(), owner)
    assert not Connection.objects.exists()
    assert AuditEntry.objects.first().action == "connection.delete"


def test_who_may_change_settings_may_change_connections(project, owner, editor, analyst):
    assert [roles.may(each, project, "connections.edit") for each in (owner, editor, analyst)] == [True, False, False]


def test_what_an_agent_chose_is_opened_for_a_call_and_what_is_gone_is_left_out(save, project, data_dir, owner):
    connection = save()
    chosen = {
        "hearing": {"connection": connection.pk, "name": "Speech", "model": "whisper-1"},
        "voice": {"connection": 999, "model": "tts-1"},
    }
    found = keeping.opened_for(project.pk, chosen, ("hearing", "voice", "model"))
    assert list(found) == ["hearing"]
    assert (found["hearing"].key, dict(found["hearing"].settings)) == (KEY, {"model": "whisper-1"})
    (data_dir / sealing.FILE).unlink()
    assert keeping.opened_for(project.pk, chosen, ("hearing",)) == {}


def test_a_connection_of_another_project_is_nobody_s(save, project, stranger):
    connection = save()
    other = stranger.memberships.get().project
    assert keeping.opened_for(other.pk, {"voice": {"connection": connection.pk}}, ("voice",)) == {}


def test_a_version_holds_which_connection_is_used_and_a_draft_gets_it_back(save, project, owner):
    connection = save()
    chosen = {"voice": {"connection": connection.pk, "name": "Speech", "model": "tts-1", "voice": "alloy"}}
    Agent.objects.filter(project=project).update(services=chosen)
    version = publish.publish(project, by=owner)
    assert publish.draft(project).services == chosen == version.config["agent"]["services"]
    Agent.objects.filter(project=project).update(services={})
    told = [(one.what, one.before, one.after) for one in differences.between(version.config, publish.freeze(project))]
    assert told == [("Speaks with", "Speech, tts-1, alloy", "this server")]
    restoring.make_draft(project, version, by=owner)
    assert Agent.objects.get(project=project).services == chosen


async def test_a_call_is_put_together_with_what_was_opened(monkeypatch, settings):
    settings.SPEECH = "scripted"
    voice = Cartesia()
    in_memory(monkeypatch, {"cartesia.example.com": voice})
    service = Service(1, "cartesia", "Voice", "https://cartesia.example.com", wire.KEY, settings={"voice": "v"})
    made = wiring.agent(SNAPSHOT, "", "en", {"voice": service})
    await made.make_ready()
    assert voice.said == ["Hello, this is Robin."]
    made._services.begin()
    await made._services.close()
    assert voice.open == 0
