"""What became of a conversation stands on its row: written with its turns, its end and its stars."""

import uuid
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from agents.engine.notes import Ending
from calling.models import Conversation, Turn
from calling.record import actions, outcomes
from calling.record.store import endings, rows
from calling.record.store.segments import Note

NAMES = ("answers", "misses", "messages", "wanting")


@pytest.fixture
def call(project):
    now = timezone.now()
    return Conversation.objects.create(
        project=project, reference="HB-1", environment="live", started_at=now, answered_at=now
    )


def noted(index, source, speaker="agent"):
    data = {"index": index, "speaker": speaker, "text": "Words", "source": source, "started_s": index}
    return Note("", "turn", data, None)


def told(call):
    return Conversation.objects.values_list(*NAMES).get(pk=call.pk)


@pytest.mark.parametrize(
    ("source", "is_told"),
    [
        ("greeting", (0, 0, 0, False)),
        ("topic:Hours", (1, 0, 0, False)),
        ("topic:Hours + topic:Prices", (1, 0, 0, False)),
        ("unknown", (0, 1, 0, True)),
        ("message:kept", (0, 0, 1, True)),
        ("message:name", (0, 0, 0, False)),
        ("flow_finished:Ring me back", (0, 0, 1, True)),
    ],
)
def test_a_turn_is_counted_as_it_is_written_and_once(call, source, is_told):
    for _again in range(2):
        rows.write(call.pk, [noted(0, "greeting"), noted(1, "", "visitor"), noted(2, source)])
    assert told(call) == is_told


@pytest.mark.parametrize(
    ("cause", "wants"), [("visitor_ended", False), ("failed", True), ("shutdown", True), ("connection_lost", True)]
)
def test_an_end_tells_how_long_it_took_and_whether_somebody_ought_to_look(call, cause, wants):
    endings.close(call.pk, Ending(cause), call.answered_at + timedelta(seconds=42.5))
    endings.close(call.pk, Ending("failed"), call.answered_at + timedelta(seconds=99))
    call.refresh_from_db()
    assert (call.talked_ms, call.wanting) == (42_500, wants)


def test_a_call_that_nobody_answered_wants_a_look_and_has_no_length(call):
    Conversation.objects.update(answered_at=None)
    endings.close(call.pk, Ending("visitor_ended"), timezone.now())
    call.refresh_from_db()
    assert (call.talked_ms, call.wanting) == (None, True)


@pytest.mark.parametrize(("stars", "wants"), [(5, False), (3, False), (2, True)])
def test_few_stars_want_a_look(call, stars, wants):
    actions.rate_conversation(str(call.pk), stars)
    assert told(call)[-1] is wants


def test_old_calls_are_told_in_batches_as_new_ones_are(project, call, monkeypatch):
    migration = import_module("calling.migrations.0015_tell_old_calls")
    monkeypatch.setattr(migration, "BATCH", 2)
    now, sources = timezone.now(), ["topic:Hours", "unknown", "message:kept", "flow_finished:X", "greeting"]
    for n, source in enumerate(sources):
        ended = {"ended_at": now + timedelta(seconds=n), "end_cause": "visitor_ended"}
        old = Conversation.objects.create(
            pk=uuid.UUID(int=n + 1), project=project, reference=f"HB-{n}", environment="live", started_at=now,
            answered_at=now, **ended,
        )  # fmt: skip
        Turn.objects.create(conversation=old, index=0, speaker="agent", text="Words", source=source, started_s=0)
    Conversation.objects.filter(reference="HB-4").update(end_cause="connection_lost")
    migration.tell(apps, None)
    by_migration = list(Conversation.objects.order_by("pk").values_list(*NAMES, "talked_ms"))
    assert [row[-1] for row in by_migration[:5]] == [0, 1000, 2000, 3000, 4000]
    outcomes.tell(list(Conversation.objects.values_list("pk", flat=True)))
    assert list(Conversation.objects.order_by("pk").values_list(*NAMES, "talked_ms")) == by_migration
    assert [row[3] for row in by_migration[:5]] == [False, True, True, True, True]
