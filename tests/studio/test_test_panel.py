"""The test panel and the questions tried on the draft, as a browser asks for them."""

import pytest

from agents.authoring import drafting
from agents.models import Agent, Topic, Variant
from calling.models import Conversation
from widgets.models import Widget


@pytest.fixture(autouse=True)
def scripted(settings):
    settings.SPEECH = "scripted"


@pytest.fixture
def shop(project):
    Topic.objects.create(
        project=project, name="opening hours", samples=["when are you open"], content="From ${variant_from}."
    )
    Topic.objects.create(project=project, name="parking", samples=["where can I park"], content="Behind the shop.")
    Variant.objects.create(project=project, key="harbour", name="Harbour", is_default=True, attributes={"from": "nine"})
    Variant.objects.create(project=project, key="north", name="North", attributes={"from": "ten"})
    return project


@pytest.fixture
def at(client, editor, shop):
    client.force_login(editor)
    return lambda path="test/": f"/console/{shop.slug}/{path}"


def test_it_begins_with_the_first_words_and_offers_the_variants(client, at):
    told = client.get(at()).json()
    assert [turn["text"] for turn in told["turns"]] == ["Hello, this is Robin. How can I help?"]
    assert [row["key"] for row in told["variants"]] == ["harbour", "north"]


def test_a_turn_says_what_answered_how_sure_and_how_long_it_took(client, at):
    visitor, agent = client.post(at(), {"text": "when are you open"}).json()["turns"]
    assert visitor["text"] == "when are you open"
    assert agent["text"] == "From nine."
    assert (agent["answered"], agent["score"]) == ("opening hours", agent["near"][0]["score"])
    assert [one["name"] for one in agent["near"]] == ["opening hours", "parking"]
    assert agent["thinking_ms"] >= 0


def test_the_conversation_is_kept_and_remembers(client, at):
    client.post(at(), {"text": "when are you open"})
    again = client.post(at(), {"text": "say that again"}).json()["turns"][1]
    assert again["text"] == "From nine."
    assert len(client.get(at()).json()["turns"]) == 5
    assert len(client.post(at(), {"restart": "1"}).json()["turns"]) == 1


def test_a_chosen_variant_speaks_its_own_words(client, at):
    assert (
        client.post(at(), {"text": "when are you open", "variant": "north"}).json()["turns"][1]["text"] == "From ten."
    )


def test_a_saved_change_counts_at_the_next_turn(client, at, shop, editor):
    client.post(at(), {"text": "when are you open"})
    topic = Topic.objects.get(name="opening hours")
    drafting.save_topic(shop, topic, {"name": topic.name, "content": "Always."}, editor)
    assert client.post(at(), {"text": "when are you open"}).json()["turns"][1]["text"] == "Always."


def test_two_people_have_two_conversations(client, at, owner):
    client.post(at(), {"text": "when are you open"})
    client.force_login(owner)
    assert len(client.get(at()).json()["turns"]) == 1


def test_trying_leaves_no_call_behind(client, at):
    client.post(at(), {"text": "when are you open"})
    assert not Conversation.objects.exists() and not Widget.objects.exists()


def test_nothing_typed_is_said_in_words(client, at):
    for path in ("test/", "knowledge/try/", "test/say/"):
        response = client.post(at(path), {"text": "  "})
        assert response.status_code == 422 and response.json()["problem"]


def test_a_text_is_spoken_as_a_sound_file(client, at):
    response = client.post(at("test/say/"), {"text": "Open from ${variant_from}.", "variant": "north"})
    assert response["Content-Type"] == "audio/wav"
    assert response.content[:4] == b"RIFF"
    assert int(response["X-First-Sound-Ms"]) >= 1


def test_sound_becomes_words(client, at):
    tone = (b"\x00\x20" * 20 + b"\x00\xe0" * 20) * 800
    response = client.post(at("test/hear/"), tone, content_type="application/octet-stream")
    assert response.json()["text"] == "I spoke for 2.0 seconds"


@pytest.mark.parametrize("sound", [b"", b"\x00" * 100, b"\x00\x00" * 16_000, b"\x01" * 1_100_001])
def test_too_short_too_long_and_silent_sound_is_refused_in_words(client, at, sound):
    response = client.post(at("test/hear/"), sound, content_type="application/octet-stream")
    assert response.status_code == 422 and response.json()["problem"]


def test_a_language_without_an_engine_for_it_is_not_heard(client, at):
    Agent.objects.update(language="it")
    response = client.post(at("test/hear/"), b"\x00\x20" * 16_000, content_type="application/octet-stream")
    assert "cannot take calls in Italian yet" in response.json()["problem"]


def test_a_question_is_answered_with_the_rule_and_the_runners_up(client, at):
    told = client.post(at("knowledge/try/"), {"text": "where can I park"}).json()
    assert (told["text"], told["answers_from"], told["asks_from"]) == ("Behind the shop.", 50, 40)
    assert told["near"][0]["url"].endswith(f"/knowledge/{Topic.objects.get(name='parking').pk}/")


def test_topics_that_sound_alike_are_named_with_their_addresses(client, at, shop):
    Topic.objects.create(project=shop, name="leaving the car", samples=["where can I park it"], content="Here.")
    pair = client.get(at("knowledge/alike/")).json()["pairs"][0]
    assert sorted(pair["names"]) == ["leaving the car", "parking"] and all(pair["urls"])


def test_somebody_who_asks_without_end_has_to_wait(client, at, monkeypatch):
    from studio.pages.agent.test_panel import TestPanel

    monkeypatch.setattr(TestPanel, "limit", ("test", 2))
    codes = [client.post(at(), {"text": "when are you open"}).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_a_request_without_its_token_changes_nothing(editor, shop):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(f"/console/{shop.slug}/test/", {"text": "hello"}).status_code == 403
