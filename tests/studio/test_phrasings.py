"""The everyday phrasings of a topic in the console: shown when asked for, switched off with the form."""

import pytest

from agents.authoring import publish
from agents.brains import intents, snapshot
from agents.models import Topic

PHRASE, OTHER = intents.read("en")["parking"].questions[:2]


@pytest.fixture
def topic(project):
    return Topic.objects.create(project=project, name="parking", samples=["where can I park"], content="Behind it.")


@pytest.fixture
def at(client, editor, topic, settings):
    settings.SPEECH = "scripted"
    client.force_login(editor)
    return lambda path="": f"/console/{topic.project.slug}/knowledge/{topic.pk}/{path}"


def test_a_topic_tells_its_phrasings_to_who_may_edit_it(client, at, monkeypatch):
    async def phrasings(trial, draft, name):
        return (PHRASE, name)

    monkeypatch.setattr("agents.authoring.playground.Trial.phrasings", phrasings)

    assert f'data-phrasings="{at("phrasings/")}"' in client.get(at()).content.decode()
    assert client.get(at("phrasings/")).json() == {"phrasings": [PHRASE, "parking"]}


def test_a_phrasing_that_is_switched_off_is_so_in_the_draft_and_in_what_is_published(client, at, topic, owner):
    before = publish.publish(topic.project, by=owner)
    given = {"name": "parking", "content": "Behind it.", "samples": "where can I park", "active": "on"}

    assert client.post(at(), given | {"refused": f"{PHRASE}\r\n{OTHER}\nnot of the bank"}).status_code == 302

    topic.refresh_from_db()
    assert topic.refused == [PHRASE, OTHER]
    after = publish.publish(topic.project, by=owner)
    assert "refused" not in before.config["topics"][0]
    assert snapshot.read(after.config).topics[0].refused == (PHRASE, OTHER)
    assert "refused" in publish.thawed_topic(before.config["topics"][0])


def test_new_topics_and_readers_see_no_phrasings(client, at, analyst, topic):
    assert "data-phrasings" not in client.get(f"/console/{topic.project.slug}/knowledge/new/").content.decode()
    client.force_login(analyst)
    assert "data-phrasings" not in client.get(at()).content.decode()
    assert client.get(at("phrasings/")).status_code == 403
