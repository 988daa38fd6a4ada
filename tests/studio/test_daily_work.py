"""Daily work with conversations: read, handled, notes, tags, neighbours. By those whose work it is, by nobody else."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models import AuditEntry, Member
from calling.models import Conversation, Note, Tag
from calling.record import deleting, handling, outcomes
from tests.studio.test_isolation import address, everything


@pytest.fixture
def console(client, editor):
    client.force_login(editor)
    return client


def mark(console, furnished, do, *calls):
    return console.post(address("conversations_mark", furnished), {"do": do, "call": [str(call.pk) for call in calls]})


def listed(console, furnished, **given):
    page = console.get(address("conversations", furnished), given).content.decode()
    return re.findall(r'class="row-link" href="[^"]*?/conversations/([0-9a-f-]{36})/', page)


def test_looking_reads_nothing_and_the_browser_says_that_it_was_shown(console, furnished, editor):
    page = console.get(address("conversation", furnished)).content.decode()
    assert "data-unread=" in page and Conversation.objects.get().read_at is None
    told = console.post(
        address("conversations_mark", furnished),
        {"do": "read", "call": str(furnished.conversation.pk)},
        headers={"Accept": "text/x-part"},
    )
    assert told.status_code == 204
    assert Conversation.objects.get().read_by == editor
    assert "data-unread=" not in console.get(address("conversation", furnished)).content.decode()


def test_the_first_who_read_it_stays_and_it_can_be_unread_again(furnished, editor, owner):
    pk = furnished.conversation.pk
    assert handling.mark_read(furnished.project, [pk], owner) == 1
    assert handling.mark_read(furnished.project, [pk], editor) == 0
    assert Conversation.objects.get().read_by == owner
    handling.mark_unread(furnished.project, [pk])
    assert Conversation.objects.get().read_at is None


def test_what_is_handled_says_by_whom_and_can_be_opened_again(console, furnished, editor):
    mark(console, furnished, "handled", furnished.conversation)
    call = Conversation.objects.get()
    assert (call.handled_by, call.read_by) == (editor, editor)
    assert "Handled by emil" in console.get(address("conversations", furnished)).content.decode()
    assert "Open again" in console.get(address("conversation", furnished)).content.decode()
    mark(console, furnished, "open", furnished.conversation)
    assert Conversation.objects.get().handled_at is None
    assert [line.action for line in AuditEntry.objects.all()[:2]] == ["conversation.reopen", "conversation.handle"]


def test_a_call_that_runs_is_not_handled(console, furnished, make_call):
    running = make_call(ended_at=None, end_cause="")
    mark(console, furnished, "handled", running)
    assert Conversation.objects.get(pk=running.pk).handled_at is None


def test_the_list_is_narrowed_to_what_is_new_or_left_to_do(console, furnished, make_call, editor):
    one = furnished.conversation
    fine = make_call(reference="HB-FINE")
    fine.turns.filter(source="unknown").delete()
    outcomes.tell([fine.pk])
    old = make_call(reference="HB-OLD", started_at=timezone.now() - timedelta(days=40))
    handling.mark_read(furnished.project, [fine.pk], editor)
    assert set(listed(console, furnished, state="unread")) == {str(one.pk), str(old.pk)}
    assert listed(console, furnished, state="todo") == [str(one.pk)]
    handling.mark_handled(furnished.project, [one.pk], editor)
    assert listed(console, furnished, state="todo") == []
    assert listed(console, furnished, state="handled") == [str(one.pk)]
    assert len(listed(console, furnished, state="open")) == 2 and len(listed(console, furnished, state="x")) == 3


def test_a_note_is_kept_with_its_writer_and_taken_back_by_them(console, furnished, client, owner):
    page = address("conversation_note", furnished)
    console.post(page, {"text": "  Rang <b>twice</b>. "})
    note = Note.objects.get(by_name="emil")
    shown = console.get(address("conversation", furnished)).content.decode()
    assert note.text == "Rang <b>twice</b>." and "Rang &lt;b&gt;twice&lt;/b&gt;." in shown
    assert f"notes/{furnished.note.pk}/delete/" not in shown and f"notes/{note.pk}/delete/" in shown
    assert console.post(f"{page}{furnished.note.pk}/delete/").status_code == 403
    console.post(f"{page}{note.pk}/delete/")
    assert list(Note.objects.all()) == [furnished.note]
    client.force_login(owner)
    client.post(f"{page}{furnished.note.pk}/delete/")
    assert not Note.objects.exists()
    assert "Rang" not in "".join(str(line.details) for line in AuditEntry.objects.all())


@pytest.mark.parametrize("text", ["", "  ", "\0", "x" * 2001])
def test_a_note_without_words_or_with_too_many_is_refused(console, furnished, text):
    before = everything()
    assert console.post(address("conversation_note", furnished), {"text": text}).status_code == 302
    assert everything() == before


def test_tags_are_words_of_the_project_each_once(console, furnished, make_call, project):
    page = address("conversation_tags", furnished)
    console.post(page, {"tags": "Call back,  call BACK , Rentals"})
    assert [tag.name for tag in furnished.conversation.tags.all()] == ["Call back", "Rentals"]
    assert listed(console, furnished, tag="Rentals") == [str(furnished.conversation.pk)]
    assert len(listed(console, furnished, tag="nobody’s")) == 1  # no such tag: not narrowed
    handling.set_tags(make_call(), ["RENTALS"], by=None)
    console.post(page, {"tags": "Call back"})
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["Call back", "Rentals"]
    console.post(page, {"tags": ""})
    assert [tag.name for tag in Tag.objects.all()] == ["Rentals"]
    deleting.delete_calls(project, list(Conversation.objects.values_list("pk", flat=True)))
    assert not Tag.objects.exists()


@pytest.mark.parametrize("tags", ["x" * 41, ",".join(f"t{n}" for n in range(11))])
def test_too_long_and_too_many_tags_are_refused(console, furnished, tags):
    before = everything()
    console.post(address("conversation_tags", furnished), {"tags": tags})
    assert everything() == before


def test_neighbours_are_those_of_the_list_with_its_filters(console, furnished, make_call):
    oldest = make_call(minutes_ago=30, rating=1)
    make_call(minutes_ago=20)
    newest = make_call(minutes_ago=1, rating=2)
    middle = make_call(minutes_ago=10, rating=1)
    page = reverse("console:conversation", kwargs={"project": furnished.project.slug, "conversation": middle.pk})
    shown = console.get(page, {"result": "rated_low"}).content.decode()
    found = re.findall(r'rel="(\w+)" data-key="(\w)" href="[^"]*/([0-9a-f-]{36})/\?result=rated_low"', shown)
    assert found == [("prev", "k", str(newest.pk)), ("next", "j", str(oldest.pk))]


def test_whose_work_it_is_not_changes_nothing_and_is_offered_nothing(client, furnished, analyst):
    client.force_login(analyst)
    before = everything()
    for name in ("conversations_mark", "conversation_note", "conversation_tags", "conversation_note_delete"):
        given = {"do": "handled", "call": str(furnished.conversation.pk), "text": "x", "tags": "x"}
        assert client.post(address(name, furnished), given).status_code == 403
    assert everything() == before
    page = client.get(address("conversation", furnished)).content.decode()
    assert "Mark handled" not in page and "data-unread" not in page and "Ring back on Friday." in page
    Member.objects.filter(user=analyst).update(access={"personal_data": False, "daily_work": True})
    page = client.get(address("conversation", furnished)).content.decode()
    assert "Ring back on Friday." not in page and "Mark handled" in page
    assert client.post(address("conversation_note", furnished), {"text": "x"}).status_code == 403


def test_nothing_of_another_project_is_marked(client, furnished, stranger):
    other = stranger.memberships.get().project
    client.force_login(stranger)
    given = {"do": "handled", "call": str(furnished.conversation.pk)}
    client.post(reverse("console:conversations_mark", kwargs={"project": other.slug}), given)
    assert Conversation.objects.get().handled_at is None
