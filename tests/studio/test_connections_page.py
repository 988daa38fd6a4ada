"""Connections in the console: kept, tested, forgotten, and never shown again."""

import json

import pytest

from agents.connections import keeping, kinds
from agents.connections.model import Connection
from agents.locks import mark_of
from agents.models import Agent, AuditEntry, Version
from studio.pages.connections import wording
from tests.fakes.services.hearing import Deepgram
from tests.fakes.services.speech import Cartesia
from tests.fakes.services.wire import KEY, in_memory

URL = "/console/harbour-bikes/connections/"


@pytest.fixture
def send(client, owner, project):
    client.force_login(owner)

    def post(pk=None, **changes):
        values = {"kind": "openai", "name": "Speech", "address": "", "key": KEY, **changes}
        return client.post(f"{URL}{pk}/" if pk else f"{URL}new/", values)

    return post


def test_a_service_is_connected_with_the_address_of_its_kind(send):
    assert send(voice_model="tts-1", voice_price="0.02").status_code == 302
    kept = Connection.objects.get()
    assert (kept.address, kept.of("voice")) == ("https://api.openai.com/v1", {"model": "tts-1", "price": 0.02})
    assert keeping.opened(kept, "voice").settings == {"model": "tts-1", "price": 0.02, "voice": "alloy"}
    assert keeping.opened(kept, "hearing").settings == {"model": "gpt-4o-mini-transcribe"}


def test_no_page_shows_a_key_again(send, client):
    send()
    pk = Connection.objects.get().pk
    refused = send(pk, name="", key="sk-typed-just-now-123").content.decode()
    for page in (client.get(f"{URL}{pk}/"), client.get(URL), client.get("/console/harbour-bikes/audit/")):
        assert KEY not in page.content.decode()
    assert KEY not in refused and "sk-typed" not in refused
    assert "abcd" in client.get(f"{URL}{pk}/").content.decode()


def test_a_form_without_a_key_keeps_the_one_there_is(send):
    send()
    pk = Connection.objects.get().pk
    send(pk, key="", name="Renamed")
    kept = Connection.objects.get()
    assert kept.name == "Renamed" and keeping.opened(kept, "voice").key == KEY
    send(pk, key="", forget_key="on")
    assert Connection.objects.get().sealed == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "deepgram", "key": ""}, "key"),
        ({"kind": "cartesia"}, "voice_voice"),
        ({"name": ""}, "name"),
        ({"kind": "nobody"}, "kind"),
        ({"address": "http://10.0.0.1/"}, "address"),
        ({"hearing_price": "-1"}, "hearing_price"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_kept(send, changes, field):
    answer = send(**changes)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert not Connection.objects.exists() and not AuditEntry.objects.exists()


def test_somebody_who_was_slower_is_told_and_changes_nothing(send):
    send()
    kept = Connection.objects.get()
    seen = mark_of(kept, keeping.SHOWN)
    send(kept.pk, name="Meanwhile", key="")
    assert send(kept.pk, name="Late", key="", seen=seen).status_code == 409
    assert Connection.objects.get().name == "Meanwhile"


def test_what_is_forgotten_is_gone_and_a_draft_that_used_it_says_so(send, client, project):
    send()
    pk = Connection.objects.get().pk
    chosen = {"voice": {"connection": pk, "name": "Speech"}}
    Agent.objects.filter(project=project).update(services=chosen)
    client.post(f"{URL}{pk}/delete/")
    assert not Connection.objects.exists()
    assert "A connection that is gone" in client.get("/console/harbour-bikes/agent-voice/").content.decode()


@pytest.mark.parametrize("fault", ["", "401", "garbage"])
def test_a_test_says_in_plain_words_how_it_went_and_that_stays_on_the_page(send, client, settings, monkeypatch, fault):
    settings.SPEECH = "scripted"
    ear, voice = Deepgram(["Good day"]), Cartesia()
    ear.fault = voice.fault = fault
    in_memory(monkeypatch, {"api.deepgram.com": ear, "api.cartesia.ai": voice})
    send(kind="deepgram", name="Ear")
    send(kind="cartesia", name="Voice", voice_voice="voice-1")
    for name, use in (("Ear", "hearing"), ("Voice", "voice")):
        row = Connection.objects.get(name=name)
        answer = client.post(f"{URL}{row.pk}/test/", {"use": use})
        told = json.loads(answer.content)
        assert told["works"] == (not fault) and told["code"] == {"401": "KEY", "garbage": "GARBLED"}.get(fault, "")
        assert told["told"] in wording.FAILED.values() or told["told"].startswith("It ")
        assert KEY not in str(told)
        assert ("works" if not fault else "failed") in client.get(URL).content.decode()


def test_a_service_is_tested_for_what_it_does_only(send, client):
    send(kind="deepgram")
    row = Connection.objects.get()
    assert client.post(f"{URL}{row.pk}/test/", {"use": "voice"}).status_code == 422
    assert Connection.objects.get().tested == {}


def test_agent_voice_offers_services_with_their_price_and_keeps_the_choice_in_the_draft(send, client, project):
    send(kind="deepgram", name="Ear", hearing_price="0.01")
    send(name="Both")
    page = client.get("/console/harbour-bikes/agent-voice/")
    form = page.context["form"]
    assert [label for _key, label in form.fields["hearing"].choices] == [
        "This server",
        "Both, about $0.003 a minute by public lists",
        "Ear, $0.01 a minute",
    ]
    assert [label for _key, label in form.fields["speaking"].choices][1:] == [
        "Both, about $0.015 a minute by public lists"
    ]
    ear = Connection.objects.get(name="Ear")
    values = {name: form[name].value() for name in form.fields} | {"hearing": str(ear.pk)}
    assert client.post("/console/harbour-bikes/agent-voice/", values).status_code == 302
    assert Agent.objects.get(project=project).services == {"hearing": {"connection": ear.pk, "name": "Ear"}}
    client.post("/console/harbour-bikes/agent-voice/", values | {"hearing": ""})
    assert Agent.objects.get(project=project).services == {}


def test_every_kind_has_what_its_uses_need():
    for kind in kinds.KINDS.values():
        assert all(kind.model(use) for use in kind.uses if use != kinds.MODEL), kind.key
        assert all(use in wording.USES for use in kind.uses)


@pytest.mark.parametrize("fault", ["", "401"])
def test_a_text_is_heard_in_the_voice_of_the_service_that_is_chosen(send, client, settings, monkeypatch, fault):
    settings.SPEECH = "scripted"
    voice = Cartesia()
    voice.fault = fault
    in_memory(monkeypatch, {"api.cartesia.ai": voice})
    send(kind="cartesia", name="Voice", voice_voice="voice-1")
    said = {"text": f"Good day {fault}", "service": str(Connection.objects.get().pk)}
    answer = client.post("/console/harbour-bikes/test/say/", said)
    if fault:
        assert answer.status_code == 503 and json.loads(answer.content)["problem"] == wording.FAILED["KEY"]
    else:
        assert answer["Content-Type"] == "audio/wav" and voice.said == ["Good day"]
    assert client.post("/console/harbour-bikes/test/say/", said | {"service": "99"})["Content-Type"] == "audio/wav"
    assert len(voice.asked) == 1


def test_a_call_names_the_service_that_spoke(client, owner, furnished):
    client.force_login(owner)
    config = furnished.version.config
    config["agent"]["services"] = {"voice": {"connection": furnished.connection.pk, "name": "A warm voice"}}
    Version.objects.filter(pk=furnished.version.pk).update(config=config)
    page = client.get(f"/console/harbour-bikes/conversations/{furnished.conversation.pk}/").content.decode()
    assert "A warm voice" in page
