"""Rehearsals in the worker: slice by slice, one run a project, taken up again after a kill; and made from calls."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.authoring import drafting
from agents.authoring.rehearsals import runs, writing
from agents.authoring.rehearsals.script import Check, ScriptLine, ScriptRefused
from agents.brains.phrases import phrases
from agents.models import Agent, Project, Rehearsal, RehearsalCall, RehearsalRun, Topic
from calling.models import Conversation, Event, Outbox, Turn
from calling.record import from_call, outbox, tasks
from calling.rehearsing import running as rehearsing
from calling.rehearsing import tasks as _added  # noqa: F401
from tests.fakes import rehearsals as fake


@pytest.fixture
def asleep(monkeypatch):
    woken = []
    monkeypatch.setattr(outbox, "_wake", lambda: woken.append(True))
    return woken


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("asleep")]


@pytest.fixture
def shop():
    project = Project.objects.create(name="Shop", slug="shop")
    Agent.objects.create(project=project, name="Robin", greeting="Hello!")
    fake.rehearsal(fake.furnish(project))
    return project


def sweep():
    return outbox.sweep(tasks.HANDLERS, tasks.GIVEN_UP, tasks.LEASES)


def test_a_run_is_begun_with_its_row_and_ends_in_the_worker(shop, asleep):
    run = rehearsing.start(shop, None, times=2)
    assert asleep == [True]

    tasks.sweep()

    run.refresh_from_db()
    assert run.state == "done" and list(RehearsalCall.objects.values_list("passed", flat=True)) == [True, True]
    assert not Outbox.objects.filter(done_at=None).exists()


def test_a_refused_run_leaves_no_row(shop):
    rehearsing.start(shop, None)

    with pytest.raises(runs.RunRefused):
        rehearsing.start(shop, None)

    assert Outbox.objects.count() == RehearsalRun.objects.count() == 1


def test_other_work_comes_between_two_slices(shop, monkeypatch):
    monkeypatch.setattr(runs, "SLICE_S", 0)
    monkeypatch.setattr(runs.go_on, "__kwdefaults__", {**runs.go_on.__kwdefaults__, "slice_s": 0})
    done = []
    rehearsing.start(shop, None, times=2)
    outbox.add("x", {"n": 1})
    handlers = tasks.HANDLERS | {"x": lambda payload: done.append(RehearsalCall.objects.exclude(passed=None).count())}

    outbox.sweep(handlers)

    assert done == [1]


def test_a_sweep_that_finds_more_and_more_gives_way_and_wakes_the_next(monkeypatch, asleep):
    monkeypatch.setattr(tasks, "SWEEP_S_MOST", 0)
    monkeypatch.setitem(tasks.HANDLERS, "x", lambda payload: outbox.add("x"))
    outbox.add("x")
    asleep.clear()

    tasks.sweep()

    assert Outbox.objects.filter(done_at=None).count() == 1 and len(asleep) == 2


def test_what_a_killed_worker_left_is_taken_up_soon(shop, monkeypatch):
    def killed(*_args, **_more):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(runs, "play", killed)
        rehearsing.start(shop, None)
        with pytest.raises(SystemExit):
            sweep()
    row = Outbox.objects.get(task=rehearsing.TASK)
    assert timezone.now() < row.due_at <= timezone.now() + rehearsing.LEASE < timezone.now() + outbox.LEASE
    Outbox.objects.update(due_at=timezone.now() - timedelta(seconds=1))

    assert sweep() == 1
    assert RehearsalRun.objects.get().state == "done" and RehearsalCall.objects.get().passed


def test_a_run_that_cannot_go_on_is_told_so(shop, monkeypatch):
    def breaks(*_args, **_more):
        raise RuntimeError("broken")

    monkeypatch.setattr(runs, "play", breaks)
    monkeypatch.setattr(outbox, "MOST_ATTEMPTS", 1)
    rehearsing.start(shop, None)

    assert sweep() == 0
    assert RehearsalRun.objects.get().state == "failed"


def test_a_run_whose_project_is_gone_is_nobodys(shop):
    run = rehearsing.start(shop, None)
    RehearsalRun.objects.filter(pk=run.pk).delete()

    assert sweep() == 1


# ── Made from a call ───────────────────────────────────────────────────────────────────────────────────────────


def call_of(project, *turns, message=False, **values):
    now = timezone.now()
    call = Conversation.objects.create(
        project=project, reference="AB", widget_name="Shop", environment="live", started_at=now, ended_at=now, **values
    )
    for index, (speaker, text, *source) in enumerate(turns):
        more = {"source": source[0]} if source else {}
        Turn.objects.create(conversation=call, index=index, speaker=speaker, text=text, started_s=index, **more)
    if message:
        Event.objects.create(conversation=call, at_s=9, name="message_taken", data={})
    return call


def test_what_was_said_is_said_again_and_what_answered_has_to_answer(shop):
    call = call_of(
        shop,
        ("agent", "Hello!", "greeting"),
        ("visitor", "Where can I  park?"),
        ("agent", "Behind the house.", "topic:Parking"),
        ("visitor", ""),
        ("visitor", "And what about it?"),
        ("agent", "Do you mean …?", "ask"),
        variant_key="",
    )

    made = from_call.make(call, "Parking", None)

    assert made.name == "Parking" and writing.script_of(made).lines == (
        ScriptLine("Where can I park?", (Check("topic", "Parking"),)),
        ScriptLine("And what about it?", (Check("asks"),)),
    )
    assert from_call.make(call, "Parking", None).name == "Parking 2"


def test_names_and_numbers_are_replaced_by_others(shop):
    words = phrases("en")
    call = call_of(
        shop,
        ("visitor", "Call me back on +44 7700 900 123 or at ann@bell.example"),
        ("agent", f"Of course. {words.message_name}", "message"),
        ("visitor", "It's Ann Bell"),
        ("agent", words.message_number.format("Ann"), "message"),
        ("visitor", "oh seven seven double oh"),
        message=True,
    )

    made = from_call.make(call, "Rings 07700 900123", None)

    assert [line["say"] for line in made.lines] == [
        "Call me back on 020 7946 0112 or at sam@example.com",
        "Sam Okafor",
        "020 7946 0112",
    ]
    assert made.name == "Rings 020 7946 0112" and made.checks == [{"kind": "message", "value": ""}]


def test_a_flow_that_reached_its_end_has_to_reach_it_again(shop):
    call = call_of(shop, ("visitor", "A repair, please"), ("agent", "Which day?", "flow:Repair"))
    Event.objects.create(conversation=call, at_s=9, name="flow_finished", data={"flow": "Repair"})

    assert from_call.make(call, "Repair", None).checks == [{"kind": "flow", "value": "Repair"}]


def test_a_call_in_which_nothing_answered_has_to_have_answers(shop):
    call = call_of(shop, ("visitor", "Do you sell boats?"), ("agent", "I don’t know that.", "unknown"))

    assert from_call.make(call, "Boats", None).checks == [{"kind": "all_known", "value": ""}]


def test_nothing_is_made_of_a_call_in_which_nobody_spoke(shop):
    before = Rehearsal.objects.count()

    with pytest.raises(ScriptRefused):
        from_call.make(call_of(shop, ("agent", "Hello!", "greeting")), "x", None)

    assert Rehearsal.objects.count() == before


def test_a_rehearsal_made_from_a_call_passes_as_long_as_the_same_answers(shop):
    call = call_of(shop, ("visitor", "Where can I park?"), ("agent", "Behind the house.", "topic:Parking"))
    made = from_call.make(call, "From a call", None)

    rehearsing.start(shop, None, rehearsals=[made])
    tasks.sweep()
    drafting.save_topic(shop, Topic.objects.get(name="Parking"), {"name": "Parking", "active": False}, None)
    rehearsing.start(shop, None, rehearsals=[made])
    tasks.sweep()

    assert list(made.calls.order_by("run_id").values_list("passed", flat=True)) == [True, False]
