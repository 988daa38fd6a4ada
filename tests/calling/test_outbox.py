"""Work after a call: done once, tried again, given up with its reason, and never lost."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from calling.models import Conversation, Outbox, Recording
from calling.record import outbox, recording, tasks
from calling.record.outbox import Hopeless
from tests.fakes.visitor import tone
from widgets.models import SpentTicket

WAKE = outbox._wake  # before anything stands in for it


@pytest.fixture
def asleep(monkeypatch):
    """No worker is woken: tests sweep by themselves."""
    woken = []
    monkeypatch.setattr(outbox, "_wake", lambda: woken.append(True))
    return woken


def due():
    Outbox.objects.update(due_at=timezone.now() - timedelta(seconds=1))


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("asleep")]


def test_work_is_done_once():
    done = []
    outbox.add("x", {"n": 1})
    assert outbox.sweep({"x": done.append}) == 1
    assert outbox.sweep({"x": done.append}) == 0
    assert done == [{"n": 1}]
    row = Outbox.objects.get()
    assert row.done_at and not row.error


def test_work_that_is_rolled_back_never_was(asleep):
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.add("x")
        raise RuntimeError
    assert not Outbox.objects.exists() and not asleep


def test_the_worker_is_woken_after_the_commit(asleep):
    with transaction.atomic():
        outbox.add("x")
        assert not asleep
    assert asleep == [True]


def test_a_broker_that_is_away_costs_nobody_anything(monkeypatch):
    def away():
        raise ConnectionError

    monkeypatch.setattr(outbox, "_wake", away)
    with transaction.atomic():
        outbox.add("x")
    assert Outbox.objects.count() == 1


def test_work_waits_until_it_is_due(asleep):
    outbox.add("x", due_at=timezone.now() + timedelta(hours=1))
    assert outbox.sweep({"x": lambda payload: None}) == 0
    assert not asleep


def test_two_workers_do_not_do_the_same_row():
    """The second looks while the first is at work, and once more with what it had read before."""
    outbox.add("x")
    stale = Outbox.objects.get()
    seen = []

    def first(payload):
        seen.append("first")
        assert outbox.sweep({"x": lambda payload: seen.append("second")}) == 0
        assert not outbox._claim(stale)

    assert outbox.sweep({"x": first}) == 1
    assert seen == ["first"]


def test_a_worker_that_died_is_followed_by_another():
    outbox.add("x")
    with pytest.raises(SystemExit):
        outbox.sweep({"x": lambda payload: exit(9)})
    assert outbox.sweep({"x": lambda payload: None}) == 0  # the lease of the dead one runs
    due()
    assert outbox.sweep({"x": lambda payload: None}) == 1


def test_failures_are_tried_again_later_and_later_and_then_given_up():
    def fails(payload):
        raise OSError("disk full")

    outbox.add("x", {"n": 1})
    pauses, given_up = [], []
    for _ in range(outbox.MOST_ATTEMPTS):
        due()
        before = timezone.now()
        assert outbox.sweep({"x": fails}, {"x": given_up.append}) == 0
        row = Outbox.objects.get()
        pauses.append(round((row.due_at - before).total_seconds()))
        assert row.error == "OSError: disk full"
    assert pauses[:-1] == [10 * 2**n for n in range(outbox.MOST_ATTEMPTS - 1)]
    assert row.done_at and row.attempts == outbox.MOST_ATTEMPTS
    assert given_up == [{"n": 1}]


def test_success_after_a_failure_leaves_no_error():
    outcomes = [OSError("once")]

    def fails_once(payload):
        if outcomes:
            raise outcomes.pop()

    outbox.add("x")
    outbox.sweep({"x": fails_once})
    due()
    assert outbox.sweep({"x": fails_once}) == 1
    assert Outbox.objects.get().error == ""


@pytest.mark.parametrize("task", ["hopeless", "unknown"])
def test_what_is_hopeless_is_given_up_at_once(task):
    def hopeless(payload):
        raise Hopeless("no such thing")

    outbox.add(task)
    outbox.sweep({"hopeless": hopeless})
    row = Outbox.objects.get()
    assert row.done_at and row.attempts == 1 and row.error.startswith("Hopeless")


def test_every_handler_that_can_be_given_up_is_known():
    assert set(tasks.GIVEN_UP) <= set(tasks.HANDLERS)


# ── What there is to do ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def call(folders, project):
    """An ended call whose sound lies in the spool."""
    row = Conversation.objects.create(
        reference="HB-7K2Q", project=project, widget_name="Shop", environment="sandbox", started_at=timezone.now()
    )
    Recording.objects.create(conversation=row, status=Recording.Status.ENCODING)
    recorder = recording.SpoolRecorder(row.pk)
    sound, frame = tone(300, 0.5, rate=16_000), 320
    for n in range(len(sound) // frame):
        recorder.frame(n * 0.02, sound[n * frame : (n + 1) * frame], None)
    recorder.finish().result(timeout=20)
    outbox.add("encode_recording", {"conversation": str(row.pk)})
    return row


def test_a_spool_becomes_a_recording(call):
    tasks.sweep()
    kept = Recording.objects.get()
    storage = storages["recordings"]
    assert (kept.status, kept.duration_s) == (Recording.Status.READY, pytest.approx(0.5))
    assert kept.size_bytes == storage.size(kept.file) > 500
    assert len(kept.peaks["visitor"]) == 5
    assert not recording.spools()


def test_a_crash_in_the_middle_is_made_good_from_the_spool(call, monkeypatch):
    keep_file = tasks.keep_file

    def dies(path, name):
        keep_file(path, name)
        raise OSError("power cut")

    monkeypatch.setattr(tasks, "keep_file", dies)
    tasks.sweep()
    assert Recording.objects.get().status == Recording.Status.ENCODING and recording.spools() == [call.pk]
    monkeypatch.setattr(tasks, "keep_file", keep_file)
    due()
    tasks.sweep()
    kept = Recording.objects.get()
    assert kept.status == Recording.Status.READY and not recording.spools()
    folder = kept.file.rpartition("/")[0]
    assert storages["recordings"].listdir(folder)[1] == [kept.file.rpartition("/")[2]]


def test_encoding_twice_changes_nothing(call):
    payload = {"conversation": str(call.pk)}
    tasks.encode_recording(payload)
    before = Recording.objects.values().get()
    tasks.encode_recording(payload)
    assert Recording.objects.values().get() == before


def test_a_call_without_sound_has_no_recording(call):
    recording.delete_spool(call.pk)
    tasks.sweep()
    assert not Recording.objects.exists()


def test_a_call_deleted_while_it_is_encoded_leaves_no_file(call, monkeypatch):
    keep_file = tasks.keep_file

    def deleted_meanwhile(path, name):
        name = keep_file(path, name)
        Conversation.objects.all().delete()
        return name

    monkeypatch.setattr(tasks, "keep_file", deleted_meanwhile)
    tasks.sweep()
    assert not recording.spools()
    assert not storages["recordings"].exists(f"{call.project_id}/{call.pk}.ogg")


def test_a_recording_that_nobody_can_make_is_marked_and_its_spool_kept(call, monkeypatch):
    def broken(spool, target):
        raise ValueError("no codec")

    monkeypatch.setattr(recording, "encode", broken)
    for _ in range(outbox.MOST_ATTEMPTS):
        due()
        tasks.sweep()
    assert Recording.objects.get().status == Recording.Status.FAILED
    assert recording.spools() == [call.pk]


def test_work_for_a_call_that_is_gone_is_done(folders):
    tasks.encode_recording({"conversation": str(uuid.uuid4())})


def test_the_daily_purge_forgets_what_has_expired_and_plans_the_next():
    now = timezone.now()
    SpentTicket.objects.create(nonce="old", expires_at=now - timedelta(minutes=1))
    SpentTicket.objects.create(nonce="new", expires_at=now + timedelta(minutes=1))
    Outbox.objects.create(task="x", due_at=now, done_at=now - timedelta(days=8))
    Outbox.objects.create(task="x", due_at=now, done_at=now - timedelta(days=6))
    outbox.add("purge")
    tasks.sweep()
    assert [row.nonce for row in SpentTicket.objects.all()] == ["new"]
    assert Outbox.objects.filter(task="x").count() == 1
    planned = Outbox.objects.get(task="purge", done_at=None)
    assert planned.due_at > now + timedelta(hours=23)


def test_one_of_each_regular_work_is_planned_however_often_the_gateway_starts():
    for _ in range(3):
        tasks.plan_regular_work()
    assert sorted(Outbox.objects.values_list("task", flat=True)) == ["expire", "look_at_sources", "notices", "purge"]


def test_the_worker_is_woken_by_the_name_of_its_task(monkeypatch, db):
    swept = []
    monkeypatch.setattr(outbox, "sweep", lambda *_: swept.append(True))
    WAKE()
    assert swept == [True]
