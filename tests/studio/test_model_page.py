"""Model: choosing a service by address and key, testing it, what it may cost, and what of it a conversation tells."""

import json

import pytest
from django.core.management import call_command

from agents.authoring import publish, restoring
from agents.brains.language_model.base import Usage
from agents.connections import keeping
from agents.connections.model import Connection
from agents.models import Agent, AuditEntry, Environment
from calling.models import ModelUse
from calling.record.store import model_use
from studio.pages.agent import differences, model_wording
from tests.fakes.model_service import ModelService, Says

URL = "/console/harbour-bikes/model/"
KEY = "sk-test-8c2e"


@pytest.fixture
def service(settings):
    settings.FETCH_PRIVATE = True
    with ModelService(key=KEY) as running:
        yield running


@pytest.fixture
def send(client, owner, project):
    client.force_login(owner)

    def post(**changes):
        values = {"way": "service", "connection": "new", "key": KEY, "model": "writer-mini", "persona": "Warm."}
        return client.post(URL, values | changes)

    return post


def agent():
    return Agent.objects.get()


def test_an_address_and_a_key_are_kept_as_a_connection_and_the_choice_in_the_draft(send, service, client):
    assert send(address=service.address, rules="No jokes.").status_code == 302
    row = Connection.objects.get()
    assert (row.kind, row.address, row.name) == ("openai", service.address, "127.0.0.1")
    assert KEY not in row.sealed and keeping.opened(row, "model").key == KEY
    assert agent().services == {"model": {"connection": row.pk, "name": "127.0.0.1", "model": "writer-mini"}}
    assert KEY not in client.get(URL).content.decode()
    assert KEY not in json.dumps(publish.freeze(agent().project))
    assert KEY not in json.dumps(list(AuditEntry.objects.values("details")))


def test_no_model_is_the_default_and_taking_it_away_leaves_the_other_services(send, service):
    send(address=service.address)
    row = Agent.objects.get()
    row.services |= {"voice": {"connection": 7}}
    row.save()
    assert send(way="none", connection="", model="").status_code == 302
    assert agent().services == {"voice": {"connection": 7}}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": ""}, "address"),
        ({"address": "http://10.0.0.1/v1"}, "address"),
        ({"address": "https://models.example.com/v1", "model": ""}, "model"),
        ({"address": "https://models.example.com/v1", "key": "two words"}, "key"),
        ({"connection": "999"}, "connection"),
        ({"way": "magic"}, "way"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(send, changes, field):
    answer = send(**changes)
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not Connection.objects.exists() and agent().services == {} and not agent().persona
    assert not AuditEntry.objects.exists()


def test_somebody_who_was_slower_leaves_no_connection_behind(send):
    assert send(address="https://models.example.com/v1", seen="other").status_code == 409
    assert not Connection.objects.exists()


def test_who_may_not_connect_may_choose_but_neither_test_nor_spend(client, project, editor):
    client.force_login(editor)
    assert client.get(URL).status_code == 200
    refused = client.post(URL, {"way": "service", "connection": "new", "address": "https://x.example/v1", "model": "m"})
    assert refused.status_code == 422 and not Connection.objects.exists()
    assert client.post(f"{URL}test/").status_code == 403 and client.post(f"{URL}costs/").status_code == 403


def test_a_version_keeps_persona_rules_and_choice_and_gives_them_back(send, service, project):
    send(address=service.address, rules="No jokes.")
    version = publish.publish(project, by=None)
    who = version.config["agent"]
    assert (who["persona"], who["rules"], who["services"]["model"]["model"]) == ("Warm.", "No jokes.", "writer-mini")
    before = version.config
    send(way="none", persona="", rules="")
    changed = differences.between(before, publish.freeze(project))
    assert {one.what for one in changed} == {"How it is", "Rules", "Thinks with"}
    restoring.make_draft(project, version, by=None)
    assert agent().rules == "No jokes." and "model" in agent().services


def test_a_good_service_is_tested_with_its_first_words_time(send, service, client):
    service.answers = [Says(["I am ready."])]
    send(address=service.address)
    page = client.post(f"{URL}test/", follow=True).content.decode()
    assert "I am ready." in page and "52 tokens" in page
    assert Connection.objects.get().tested["model"]["code"] == ""
    assert service.asked[0]["model"] == "writer-mini"


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (Says(status=401), "The service refused the key."),
        (Says(status=404), "The service knows no such address, or no such model."),
        (Says(raw=[b"<html>"]), "The service broke off."),
        (Says(status=302, headers={"Location": "http://127.0.0.1/"}), "This address may not be asked"),
    ],
)
def test_a_test_that_fails_says_so_in_plain_words(send, service, client, says, words):
    service.answers = [says, says]
    send(address=service.address)
    page = client.post(f"{URL}test/", follow=True).content.decode()
    assert words in page and KEY not in page
    assert Connection.objects.get().tested["model"]["code"]


def test_every_failure_of_a_model_has_words():
    from typing import get_args

    from agents.brains.language_model.base import Code
    from agents.brains.language_model.guardrails import Reason

    assert set(get_args(Code)) < set(model_wording.FAILED)
    assert set(get_args(Reason)) == set(model_wording.WITHHELD)


def test_limits_and_prices_act_at_once_and_are_kept_with_the_connection(send, service, client, project):
    send(address=service.address)
    client.post(
        f"{URL}costs/", {"read_price": "0.5", "written_price": "2", "conversation_most": "900", "day_most": "0"}
    )
    opened = model_use.opened(project.pk, agent().services)
    assert opened.service.settings["conversation_most"] == 900 and opened.service.settings["read_price"] == 0.5
    client.post(f"{URL}costs/", {"day_most": "-1"})
    assert Connection.objects.get().of("model")["day_most"] == 0


@pytest.mark.django_db(transaction=True)
def test_what_a_day_has_used_is_counted_at_once_and_written_down(project):
    meter = model_use.meter_of(project.pk)
    meter.add(Usage(100, 20))
    meter.add(Usage(10, 2))
    assert meter.used() == 132
    model_use.settle()
    row = ModelUse.objects.get(project=project)
    assert (row.read, row.written, model_use.meter_of(project.pk).used()) == (110, 22, 132)


@pytest.mark.django_db(transaction=True)
def test_ask_answers_with_the_model_of_the_version_and_says_so(send, service, project, tmp_path, capsys, settings):
    settings.SPEECH = "scripted"
    project.topics.create(name="Hours", samples=["When do you open?"], content="We open at nine.")
    send(address=service.address)
    publish.publish(project, by=None, environment=Environment.SANDBOX)
    service.answers = [Says(["At nine, every day."])]
    file = tmp_path / "asked.json"
    file.write_text(json.dumps([["When do you open?"]]))
    call_command("ask", str(file))
    (line,) = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert (line["text"], line["kind"], line["source"]) == ("At nine, every day.", "model", "model")
    assert line["model"]["read"] == 40 and ModelUse.objects.get().written == 12
    call_command("ask", str(file), "--no-model")
    assert json.loads(capsys.readouterr().out)["source"] == "topic:Hours" and service.requests == 1


def test_a_conversation_tells_what_a_model_did_and_cost():
    told = {"name": "writer-mini", "read": 900, "written": 30, "first_ms": 410, "cost": 0.0012}
    assert model_wording.of_turn({"model": told}) == [
        "writer-mini, 930 tokens, its first words after 0.41 s, cost 0.0012"
    ]
    assert "limit" in model_wording.of_turn({"model": {"skipped": "day"}})[0]
    assert model_wording.of_turn({}) == []


def test_what_a_model_answered_counts_as_answered():
    from calling.record import outcomes

    assert outcomes.counts("model") and not outcomes.counts("model:crisis")
