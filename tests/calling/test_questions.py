"""Unanswered questions: alike ones together, by the worker; nothing of them outlives their conversation."""

import uuid
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from agents.authoring import publish
from agents.engine.notes import Ending
from agents.models import AuditEntry, Topic
from calling.models import Conversation, Outbox, Question, QuestionGroup, Turn
from calling.record import deleting, questions, tasks, unanswered
from calling.record.store import endings
from calling.record.unanswered import Status

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scripted(settings):
    settings.SPEECH = "scripted"  # sentences are as close as the words they share


@pytest.fixture
def ask(project):
    def ask(*texts, **values):
        now = timezone.now()
        call = Conversation.objects.create(
            project=project, reference="HB-1", environment="live", started_at=now, answered_at=now, **values
        )
        for place, text in enumerate(texts):
            Turn.objects.create(conversation=call, index=2 * place, speaker="visitor", text=text, started_s=place)
            said = {"speaker": "agent", "text": "I do not know.", "source": "unknown", "started_s": place}
            Turn.objects.create(conversation=call, index=2 * place + 1, **said)
        return call

    return ask


def groups():
    rows = QuestionGroup.objects.order_by("pk")
    return [sorted(row.questions.values_list("turn__text", flat=True)) for row in rows]


def collect(*calls):
    for call in calls:
        questions.collect(call.pk)


def test_questions_that_mean_the_same_come_together(ask):
    collect(ask("do you repair hub motors", "is there parking"), ask("do you repair the hub motors"))
    assert groups() == [["do you repair hub motors", "do you repair the hub motors"], ["is there parking"]]
    assert list(QuestionGroup.objects.values_list("asked", flat=True)) == [2, 1]


def test_collecting_twice_changes_nothing(ask):
    call = ask("do you repair hub motors")
    collect(call)
    before = list(QuestionGroup.objects.values()), list(Question.objects.values())
    collect(call)
    assert (list(QuestionGroup.objects.values()), list(Question.objects.values())) == before


@pytest.mark.parametrize("values", [{"is_test": True}, {"language": "de"}])
def test_tests_count_for_nothing_and_languages_stay_apart(ask, values):
    collect(ask("do you repair hub motors"), ask("do you repair hub motors", **values))
    assert len(groups()) == (1 if "is_test" in values else 2) and groups()[0] == ["do you repair hub motors"]


def test_the_end_of_a_call_with_a_question_left_is_work_for_the_worker_a_minute_later(ask):
    call, fine = ask("do you repair hub motors"), ask()
    for one in (call, fine):
        endings.close(one.pk, Ending("visitor_ended"), timezone.now())
    row = Outbox.objects.get(task="collect_questions")
    assert row.payload == {"conversation": str(call.pk)} and row.due_at > timezone.now()
    Outbox.objects.update(due_at=timezone.now())
    tasks.sweep()
    assert groups() == [["do you repair hub motors"]]


def test_a_conversation_that_is_gone_has_no_questions():
    assert questions.collect(uuid.uuid4()) == 0


def test_a_group_is_gone_with_the_last_conversation_it_came_from(project, ask):
    one, two = ask("do you repair hub motors"), ask("do you repair hub motors")
    collect(one, two)
    deleting.delete_calls(project, [one.pk])
    assert QuestionGroup.objects.get().asked == 1
    deleting.delete_calls(project, [two.pk])
    assert not QuestionGroup.objects.exists() and not Question.objects.exists()


def test_what_is_put_away_stays_so_and_what_was_answered_opens_for_a_newer_version_only(project, owner, ask):
    collect(ask("do you buy old bikes"), ask("do you repair hub motors"))
    away, answered = QuestionGroup.objects.order_by("pk")
    unanswered.settle(project, away.pk, Status.DISMISSED, by=owner)
    before = publish.publish(project, by=owner)
    unanswered.settle(project, answered.pk, Status.ANSWERED, by=owner)
    collect(ask("do you buy old bikes", "do you repair hub motors", version=before))
    assert set(QuestionGroup.objects.values_list("status", "asked")) == {("dismissed", 2), ("answered", 2)}
    project.agent.greeting = "Good day."
    project.agent.save()
    after = publish.publish(project, by=owner)
    collect(ask("do you repair hub motors", version=after))
    assert QuestionGroup.objects.get(pk=answered.pk).status == Status.OPEN


def test_the_least_asked_group_gives_way_when_there_are_too_many(ask, monkeypatch):
    monkeypatch.setattr(questions, "GROUPS_MOST", 2)
    collect(ask("do you repair hub motors"), ask("do you repair hub motors"), ask("is there parking"))
    collect(ask("what about children"))
    assert groups() == [["do you repair hub motors"] * 2, ["what about children"]]


def test_a_centre_is_of_length_one_and_moves_towards_what_is_asked(ask):
    collect(ask("do you repair hub motors"))
    first = questions._centre(QuestionGroup.objects.get())
    collect(ask("do you repair hub motors please"))
    second = questions._centre(QuestionGroup.objects.get())
    assert np.isclose(np.linalg.norm(second), 1) and not np.allclose(first, second)


def test_wordings_become_examples_of_a_topic_as_far_as_there_is_room(project, owner, ask):
    topic = Topic.objects.create(project=project, name="Repairs", content="Yes.", samples=["Do you repair hub motors"])
    collect(ask("Do you repair hub motors?"), ask("do you repair the hub motors"))
    group = QuestionGroup.objects.get()
    assert unanswered.add_to_topic(group, topic, by=owner) == 1
    assert Topic.objects.get().samples == ["Do you repair hub motors", "do you repair the hub motors"]
    assert QuestionGroup.objects.get().status == Status.ANSWERED
    full = Topic.objects.create(project=project, name="Full", content="Yes.", samples=[f"q{n}" for n in range(20)])
    collect(ask("is there parking"))
    lines = AuditEntry.objects.count()
    with pytest.raises(unanswered.NoRoom):
        unanswered.add_to_topic(QuestionGroup.objects.get(status="open"), full, by=owner)
    assert Topic.objects.get(pk=full.pk).samples == full.samples and AuditEntry.objects.count() == lines
    assert QuestionGroup.objects.filter(status="open").exists()


def test_wordings_differ_and_are_no_longer_than_an_example_may_be(ask):
    call = ask("Is there parking?", "is there parking", "x" * 300)
    group = QuestionGroup.objects.create(
        project=call.project, language="en", encoder="x", centre=b"", last_at=timezone.now()
    )
    for place, turn in enumerate(call.turns.filter(speaker="visitor")):
        asked_at = timezone.now() - timedelta(minutes=place)
        Question.objects.create(turn=turn, group=group, asked_at=asked_at)
    assert unanswered.wordings(group) == ["Is there parking?"]
