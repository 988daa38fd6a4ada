"""What is kept no longer goes by itself, whole; what is erased leaves nothing anywhere."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from agents.authoring.rehearsals import writing
from agents.authoring.rehearsals.script import Check, Script, ScriptLine
from agents.locks import Stale, mark_of
from agents.models import AuditEntry, Project, Rehearsal
from calling.models import Conversation, Event, Outbox, Recording, Turn
from calling.record import actions, handling, outbox, retention, tasks, visitors
from calling.record.recording import spool_folder
from calling.record.store import aside

pytestmark = pytest.mark.django_db


@pytest.fixture
def folders(settings, tmp_path):
    settings.SPOOL_DIR, settings.JOURNAL_DIR = tmp_path / "spool", tmp_path / "journal"
    settings.JOURNAL_DIR.mkdir()
    sound = settings.STORAGES["recordings"]
    options = sound["OPTIONS"] | {"location": tmp_path / "recordings"}
    settings.STORAGES = settings.STORAGES | {"recordings": sound | {"OPTIONS": options}}


@pytest.fixture
def make_call(project, folders):
    def make(days_ago, running=False, **values):
        began = timezone.now() - timedelta(days=days_ago)
        over = {} if running else {"ended_at": began + timedelta(minutes=1)}
        call = Conversation.objects.create(
            project=project, reference=f"HB-{days_ago}", environment="live", started_at=began, **over, **values
        )
        Turn.objects.create(conversation=call, index=0, speaker="visitor", text="My number is 12345.", started_s=0)
        Event.objects.create(conversation=call, number=0, at_s=1, name="muted")
        file = storages["recordings"].save(f"{project.pk}/{call.pk}.ogg", ContentFile(b"sound"))
        Recording.objects.create(conversation=call, status=Recording.Status.READY, file=file)
        return call

    return make


def keep(project, recordings=None, conversations=None):
    project.recordings_days, project.conversations_days = recordings, conversations
    project.save()


def has_sound(call):
    return storages["recordings"].exists(f"{call.project_id}/{call.pk}.ogg")


def work():
    outbox.add("expire")
    tasks.sweep()


def test_what_is_older_than_a_project_keeps_it_goes_with_everything_of_it(project, make_call):
    keep(project, conversations=30)
    old, new, running = make_call(31), make_call(29), make_call(40, running=True)
    work()
    assert set(Conversation.objects.all()) == {new, running}
    assert {row.conversation_id for row in Turn.objects.all()} == {new.pk, running.pk}
    assert Event.objects.count() == Recording.objects.count() == 2
    assert not has_sound(old) and has_sound(new) and has_sound(running)
    line = AuditEntry.objects.get()
    assert (line.action, line.actor, line.details["conversations"]) == ("conversation.expire", None, 1)


def test_recordings_may_go_before_what_was_said(project, make_call):
    keep(project, recordings=30)
    old = make_call(31)
    work()
    assert not Recording.objects.exists() and not has_sound(old)
    assert Turn.objects.get().conversation == old


def test_a_project_that_keeps_everything_loses_nothing(project, make_call):
    call = make_call(5000)
    work()
    assert has_sound(call) and not AuditEntry.objects.exists()


def test_it_is_done_again_an_hour_later_and_at_once_while_there_is_more(project, make_call, monkeypatch):
    monkeypatch.setattr(retention, "A_TURN", 1)
    keep(project, conversations=30)
    for days in (40, 41, 42):
        make_call(days)
    work()
    assert not Conversation.objects.exists()
    planned = Outbox.objects.get(task="expire", done_at=None)
    assert planned.due_at > timezone.now() + timedelta(minutes=50)


def test_a_choice_that_nobody_offers_changes_nothing(project, owner):
    with pytest.raises(ValueError):
        retention.choose(project, {"recordings_days": 2, "conversations_days": None}, by=owner)
    assert Project.objects.get().recordings_days is None and not AuditEntry.objects.exists()


def test_who_saw_another_choice_changes_nothing(project, owner):
    seen = mark_of(project, retention.FIELDS)
    days = {"recordings_days": 30, "conversations_days": 90}
    assert retention.choose(project, days, by=owner, seen=seen)
    with pytest.raises(Stale):
        retention.choose(project, days | {"recordings_days": None}, by=owner, seen=seen)
    assert Project.objects.get().recordings_days == 30
    line = AuditEntry.objects.get()
    assert line.details["before"] == {"recordings_days": None, "conversations_days": None}
    assert line.details["after"] == days


def test_an_erased_visitor_leaves_nothing(project, owner, make_call, settings, django_capture_on_commit_callbacks):
    call, other = make_call(1), make_call(2)
    spool_folder(call.pk).mkdir(parents=True)
    refused = settings.JOURNAL_DIR / aside.NAME
    rows = [{"conversation": str(one), "kind": "turn", "data": {"text": "12345"}} for one in (call.pk, uuid.uuid4())]
    refused.write_text("".join(json.dumps(row) + "\n" for row in rows) + "no json\n")
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.erase_visitor(project, [call.pk], by=owner) == 1
    assert list(Conversation.objects.all()) == [other]
    assert not has_sound(call) and has_sound(other) and not spool_folder(call.pk).exists()
    assert refused.read_text() == json.dumps(rows[1]) + "\nno json\n"
    kept = [str(row) for model in (AuditEntry, Outbox) for row in model._base_manager.values()]
    assert "12345" not in "".join(kept)
    assert AuditEntry.objects.get().details["references"] == ["HB-1"]


def test_an_erased_visitor_takes_along_what_was_made_of_their_words(project, owner, make_call):
    call, other = make_call(1), make_call(2)
    script = Script((ScriptLine("My scooter is green", (Check("asks"),)),))
    for one in (call, other):
        writing.save(project, None, f"From {one.reference}", script, owner, made_from=one.pk)
    actions.erase_visitor(project, [call.pk], by=owner)
    assert list(Rehearsal.objects.values_list("made_from", flat=True)) == [other.pk]


def test_the_audit_counts_tags_and_names_none(project, owner, make_call):
    handling.set_tags(make_call(1), ["Quincy Tagname", "Boats"], by=owner)
    line = AuditEntry.objects.get(action="conversation.tags")
    assert line.details == {"name": "HB-1", "added": 2, "removed": 0}


def test_nothing_of_another_project_is_erased(project, owner, make_call, stranger):
    call = make_call(1)
    other = stranger.memberships.get().project
    assert actions.erase_visitor(other, [call.pk], by=stranger) == 0
    assert Conversation.objects.get() == call and not AuditEntry.objects.exists()


def test_a_visitor_is_found_by_reference_and_session_and_perhaps_by_words_and_address(project, make_call):
    call = make_call(1, visitor="abc")
    same_day, elsewhere = make_call(1, visitor="abc"), make_call(20, visitor="abc")
    Conversation.objects.filter(pk=same_day.pk).update(reference="HB-X")
    elsewhere.turns.all().delete()
    same_day.turns.all().delete()
    for asked in ("hb 1", str(call.pk)):
        found = visitors.find(project, asked, in_what_was_said=True)
        assert (found.sure, found.perhaps) == ([call], [same_day])
    found = visitors.find(project, "number is 12345", in_what_was_said=True)
    assert (found.sure, found.perhaps) == ([], [call])
    assert visitors.find(project, "number is 12345", in_what_was_said=False) == visitors.Found([], [])
    assert visitors.find(project, " \0", in_what_was_said=True) == visitors.Found([], [])
