"""Notices: gathered once, counted until they were seen, told to whoever may know of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models import Member
from calling.models import Notice
from calling.record import notices
from calling.record.notices import Kind
from widgets.models import RefusedHost


@pytest.fixture
def page(client, owner, project):
    client.force_login(owner)
    return reverse("console:notices", kwargs={"project": project.slug})


def look(minutes=10):
    now = timezone.now()
    notices.look(now - timedelta(minutes=minutes), now)


def text(client, page):
    return client.get(page).content.decode()


def test_failed_calls_and_refused_sites_are_gathered(client, page, furnished, make_call):
    make_call(minutes_ago=2, answered_at=None, end_cause="failed", error_code="MICROPHONE_DENIED")
    make_call(minutes_ago=2, end_cause="failed", is_test=True)
    make_call(minutes_ago=90, end_cause="failed")
    look()
    assert set(Notice.objects.values_list("kind", "count")) == {("failed", 1), ("refused", 1)}
    said = text(client, page)
    assert "1 call failed" in said and "Microphone refused (1)" in said and "other.example.net" in said


def test_a_site_that_asks_all_day_is_one_site(furnished):
    look()
    RefusedHost.objects.update(last_seen=timezone.now())
    look()
    assert Notice.objects.get(kind=Kind.REFUSED).count == 1


def test_a_day_is_one_line_with_the_most_frequent_reasons(project, owner):
    now = timezone.now()
    for _time in range(2):
        notices.add(project, Kind.FAILED, {"FULL": 2, "NO_UDP": 1}, now)
    row = Notice.objects.get()
    assert row.count == 6 and row.details == {"FULL": 4, "NO_UDP": 2}
    notices.add(project, Kind.FAILED, {f"CODE_{n}": 1 for n in range(40)}, now)
    assert len(Notice.objects.get().details) == notices.DETAILS_MOST and Notice.objects.get().count == 46


def test_what_is_new_is_counted_until_it_was_shown(client, page, furnished):
    look()
    home = reverse("console:home", kwargs={"project": furnished.project.slug})
    assert "not seen yet" in text(client, home)
    assert "data-seen" in text(client, page) and "not seen yet" in text(client, home)
    assert client.post(page + "seen/", headers={"Accept": "text/x-part"}).status_code == 204
    assert "not seen yet" not in text(client, home) and "data-seen" not in text(client, page)


def test_one_is_told_only_of_what_one_may_read(client, page, furnished, editor, make_call):
    make_call(minutes_ago=2, end_cause="failed")
    look()
    client.force_login(editor)
    Member.objects.filter(user=editor).update(access={"conversations": "none"})
    said = text(client, page)
    assert "other.example.net" in said and "call failed" not in said
    Member.objects.filter(user=editor).update(access={"web_calling": "none"})
    said = text(client, page)
    assert "call failed" in said and "other.example.net" not in said


def test_old_notices_are_forgotten(project):
    notices.add(project, Kind.FAILED, {"FULL": 1}, timezone.now() - timedelta(days=91))
    notices.add(project, Kind.FAILED, {"FULL": 1}, timezone.now())
    notices.forget_old(timezone.now())
    assert Notice.objects.count() == 1


def test_questions_without_an_answer_are_told_with_a_way_to_them(client, page, furnished):
    notices.add(furnished.project, Kind.QUESTIONS, {"asked": 3}, timezone.now())
    said = text(client, page)
    assert "3 questions went unanswered" in said and "conversations/questions/" in said
