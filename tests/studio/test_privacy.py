"""Recordings and privacy: what is kept how long, said before it goes; one visitor's data."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models import Member, Project
from calling.models import Conversation


@pytest.fixture
def page(client, owner, project):
    client.force_login(owner)
    return reverse("console:privacy", kwargs={"project": project.slug})


def text(response):
    return response.content.decode()


def test_what_a_change_deletes_is_said_before_it_is_saved(client, page, furnished, make_call):
    make_call(reference="HB-OLD", started_at=timezone.now() - timedelta(days=60))
    given = {"recordings_days": "", "conversations_days": "30"}
    asked = client.post(page, given)
    assert asked.status_code == 422 and "Saving deletes one conversation for good" in text(asked)
    assert Project.objects.get().conversations_days is None
    assert client.post(page, given | {"sure": "yes"}).status_code == 302
    assert Project.objects.get().conversations_days == 30
    assert "One conversation is deleted within a day." in text(client.get(page))


def test_a_choice_that_deletes_nothing_is_saved_at_once(client, page, furnished):
    assert client.post(page, {"recordings_days": "90", "conversations_days": "365"}).status_code == 302
    kept = Project.objects.get()
    assert (kept.recordings_days, kept.conversations_days) == (90, 365)
    assert "Nothing is due within a day." in text(client.get(page))


@pytest.mark.parametrize("days", [1, 7, 14])
def test_what_people_say_can_be_kept_for_days_only(client, page, project, days):
    assert client.post(page, {"recordings_days": days, "conversations_days": days}).status_code == 302
    kept = Project.objects.get()
    assert (kept.recordings_days, kept.conversations_days) == (days, days)


def test_a_number_of_days_that_is_not_offered_is_refused(client, page, project):
    assert client.post(page, {"recordings_days": "2", "conversations_days": "x"}).status_code == 422
    assert Project.objects.get().recordings_days is None


def test_a_conversation_says_until_when_it_is_kept(client, page, furnished, project):
    one = reverse("console:conversation", kwargs={"project": project.slug, "conversation": furnished.conversation.pk})
    assert "Somebody deletes it" in text(client.get(one))
    Project.objects.update(recordings_days=30, conversations_days=365)
    Conversation.objects.update(started_at="2026-01-10T12:00Z")
    said = text(client.get(one))
    assert "10 January 2027" in said and "the recording until 9 February 2026" in said


def test_a_visitor_is_found_and_what_is_chosen_is_erased(client, page, furnished, make_call):
    other = make_call(reference="HB-OTHER")
    asked = text(client.get(page, {"find": "hb-7k2q"}))
    assert f'value="{furnished.conversation.pk}" checked' in asked
    assert text(client.get(page, {"find": "boats"})).count('name="call"') == 2
    assert "Nothing is kept under that." in text(client.get(page, {"find": "never said"}))
    client.post(page + "erase/", {"call": [str(furnished.conversation.pk), "no id"]})
    assert list(Conversation.objects.all()) == [other]


def test_erasing_nothing_says_so(client, page, furnished):
    said = client.post(page + "erase/", follow=True)
    assert "Nothing was erased." in text(said) and Conversation.objects.count() == 1


def test_who_may_not_delete_conversations_erases_none_and_who_may_not_read_them_finds_none(
    client, page, furnished, editor
):
    client.force_login(editor)
    Member.objects.filter(user=editor).update(access={"settings": "edit"})
    said = text(client.get(page, {"find": "HB-7K2Q"}))
    assert 'name="call"' in said and 'data-dialog="erase"' not in said
    assert client.post(page + "erase/", {"call": str(furnished.conversation.pk)}).status_code == 403
    Member.objects.filter(user=editor).update(access={"settings": "edit", "personal_data": False})
    assert 'name="call"' not in text(client.get(page, {"find": "boats"}))
    Member.objects.filter(user=editor).update(access={"settings": "edit", "conversations": "none"})
    assert 'name="call"' not in text(client.get(page, {"find": "HB-7K2Q"}))
    assert Conversation.objects.count() == 1
