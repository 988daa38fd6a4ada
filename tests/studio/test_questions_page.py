"""Unanswered questions in the console: what was asked, and what one press makes of it."""

import pytest

from agents.models import AuditEntry, Topic
from calling.models import QuestionGroup, Turn
from tests.studio.test_isolation import address, everything


@pytest.fixture
def console(client, editor):
    client.force_login(editor)
    return client


def test_the_list_has_what_was_asked_and_leads_to_the_conversation(console, furnished):
    page = console.get(address("questions", furnished)).content.decode()
    assert "Do you sell &lt;b&gt;boats&lt;/b&gt;?" in page
    assert address("conversation", furnished) in page
    assert f"knowledge/new/?questions={furnished.group.pk}" in page
    assert "Unanswered" in console.get(address("conversations", furnished)).content.decode()


def test_an_answer_that_is_written_settles_the_question(console, furnished):
    there = f"{address('topic_add', furnished)}?questions={furnished.group.pk}"
    assert "Do you sell &lt;b&gt;boats&lt;/b&gt;?</textarea>" in console.get(there).content.decode()
    sent = console.post(there, {"name": "Boats", "content": "No.", "samples": "Do you sell boats?", "active": "on"})
    assert sent["Location"] == address("questions", furnished)
    assert Topic.objects.get(name="Boats").samples == ["Do you sell boats?"]
    assert QuestionGroup.objects.get().status == "answered"


def test_a_question_is_added_to_a_topic(console, furnished):
    console.post(address("question_add", furnished), {"topic": furnished.topic.pk})
    assert Topic.objects.get().samples == ["Open?", "Do you sell <b>boats</b>?"]
    assert QuestionGroup.objects.get().status == "answered"


@pytest.mark.parametrize("topic", ["", "x", "999999"])
def test_a_topic_that_is_not_there_changes_nothing(console, furnished, topic):
    before = everything()
    assert console.post(address("question_add", furnished), {"topic": topic}).status_code in (302, 404)
    assert everything() == before


def test_a_question_is_put_away_and_opened_again(console, furnished):
    page = address("question_settle", furnished)
    console.post(page, {"status": "dismissed"})
    assert QuestionGroup.objects.get().status == "dismissed"
    assert "Nothing is unanswered" in console.get(address("questions", furnished)).content.decode()
    assert "boats" in console.get(address("questions", furnished), {"view": "dismissed"}).content.decode()
    console.post(page, {"status": "open"})
    assert QuestionGroup.objects.get().status == "open"
    assert "boats" not in "".join(str(line.details) for line in AuditEntry.objects.all())


def test_who_may_not_change_the_agent_reads_and_presses_nothing(client, furnished, analyst):
    client.force_login(analyst)
    page = client.get(address("questions", furnished)).content.decode()
    assert "boats" in page and "Write the answer" not in page and "question_settle" not in page


def test_a_list_shows_the_beginning_of_what_is_very_long(console, furnished):
    long = "boats " * 20_000
    Turn.objects.filter(speaker="visitor").update(text=long + "END")
    for name in ("questions", "conversations"):
        page = console.get(address(name, furnished)).content.decode()
        assert "boats boats" in page and "…" in page
        assert len(page) < 60_000 and "END" not in page, name
    page = console.get(address("conversation", furnished)).content.decode()
    assert page.count("END") == Turn.objects.filter(speaker="visitor").count(), "whole in one place only"
