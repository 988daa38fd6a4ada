"""How often a topic answered: counted as calls end, by day, and not by the page that shows it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.models import Topic
from calling.models import Conversation, TopicUse, Turn
from calling.record import topic_uses

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def answered(project):
    def answered(*sources, minutes_ago=5, **values):
        at = NOW - timedelta(minutes=minutes_ago)
        given = {"reference": "HB-1", "environment": "live", "started_at": at, "ended_at": at} | values
        call = Conversation.objects.create(project=project, **given)
        for place, source in enumerate(sources):
            Turn.objects.create(conversation=call, index=place, speaker="agent", source=source, started_s=place)

    return answered


def count(project, minutes=10):
    topic_uses.count(project, NOW - timedelta(minutes=minutes), NOW)


def test_each_answer_counts_for_its_topic_two_in_one_breath_for_both(project, answered):
    answered("greeting", "topic:Hours", "topic:Hours + topic:Prices", "unknown")
    answered("topic:Prices", minutes_ago=2)
    count(project)
    assert dict(TopicUse.objects.values_list("name", "count")) == {"Hours": 2, "Prices": 2}


def test_what_was_counted_before_tests_and_calls_that_run_do_not_count(project, answered):
    answered("topic:Hours", minutes_ago=20)
    answered("topic:Hours", is_test=True)
    answered("topic:Hours", ended_at=None)
    count(project)
    assert not TopicUse.objects.exists()


def test_a_topic_has_the_uses_of_its_last_month(project):
    topic = Topic.objects.create(project=project, name="Hours", content="From nine.")
    for days, uses in ((0, 3), (29, 2), (31, 50)):
        day = NOW.date() - timedelta(days=days)
        TopicUse.objects.create(project=project, name="Hours", day=day, count=uses)
    rows = Topic.objects.annotate(uses=topic_uses.lately(NOW.date()))
    assert [(row.pk, row.uses) for row in rows] == [(topic.pk, 5)]
    topic_uses.forget_old(NOW.date() + timedelta(days=40))
    assert TopicUse.objects.count() == 1
