"""Rehearsals: a pretended caller types with the real conversation, and what was said is looked up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from agents.authoring import drafting, publish
from agents.authoring.rehearsals import checks, runs, script, standing, typed_call, ways_to_say, writing
from agents.authoring.rehearsals.checks import Said
from agents.authoring.rehearsals.script import Check, ScriptRefused
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot
from agents.locks import Stale
from agents.models import AuditEntry, Environment, Rehearsal, RehearsalCall, RehearsalRun, Topic
from agents.speech.providers.scripted import ScriptedMeaning
from tests.fakes import rehearsals as fake

AGENT = AgentSnapshot(
    name="Robin",
    greeting="Hello, this is Robin.",
    disclaimer="This call is recorded.",
    voice="scripted:tones",
    language="en",
    topics=tuple(TopicSnapshot(row["name"], tuple(row["samples"]), row["content"]) for row in fake.TOPICS),
    variants=(),
)


def play(*lines, call=(), number=0, agent=AGENT, **settings):
    given = fake.script(*lines, call=call)
    return typed_call.play(given, agent, ScriptedMeaning(), TalkSettings(**settings), number=number)


def failed(played):
    return [(found.kind, found.value, found.line) for found in played.findings if not found.passed]


# ── A call ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_caller_hears_the_opening_out_and_says_line_after_line():
    played = play(("Where can I park?", ("topic", "Parking")), ("When are you open?", ("says", "from NINE to five.")))

    assert played.passed and played.cause == "visitor_ended"
    assert [(turn.who, turn.line) for turn in played.said] == [
        ("agent", None),
        ("agent", None),
        ("caller", 0),
        ("agent", 0),
        ("caller", 1),
        ("agent", 1),
    ]
    assert [turn.text for turn in played.said[:4]] == [
        "This call is recorded.",
        "Hello, this is Robin.",
        "Where can I park?",
        "Park behind the house, in Anchor Lane.",
    ]
    times = [turn.at_s for turn in played.said]
    assert times == sorted(times) and times[-1] > 5


def test_what_is_missing_is_found_with_what_answered_instead():
    played = play(
        ("When are you open?", ("topic", "Parking"), ("says", "half past nine"), ("not_says", "nine to five"))
    )

    assert failed(played) == [("topic", "Parking", 0), ("says", "half past nine", 0), ("not_says", "nine to five", 0)]
    assert played.findings[0].instead == ("topic:Opening hours",)


def test_an_agent_that_does_not_know_is_told_from_one_that_does():
    played = play(("Do you sell zeppelins?", "unknown"), call=["all_known"])

    assert failed(played) == [("all_known", "", None)]


def test_a_goodbye_ends_the_call_and_what_stands_behind_it_cannot_be_said():
    played = play(("Goodbye",), ("Where can I park?", ("topic", "Parking")), call=["ends"])

    assert played.cause == "agent_ended"
    assert failed(played) == [("said", "", 1)]


def test_a_message_is_taken_through_the_whole_conversation():
    lines = [("Can somebody call me back?",), ("Sam Okafor",), ("020 7946 0112",), ("My bike",), ("Yes",)]

    assert play(*lines, call=["message"]).passed
    assert failed(play(*lines[:3], call=["message"])) == [("message", "", None)]


def test_minutes_of_talk_are_held_on_a_clock_of_their_own():
    played = play(*[("When are you open?",)] * 30, call=["all_known"])

    assert played.passed and played.said[-1].at_s > 60


def test_a_call_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(typed_call, "REAL_S_MOST", 0.0)

    with pytest.raises(typed_call.NotPlayed):
        play(("When are you open?", "unknown"))


def test_the_limits_of_a_call_are_those_of_the_installation():
    played = play(*[("When are you open?",)] * 30, call=["all_known"], call_max_s=20.0)

    assert played.cause == "time_limit" and any(found.kind == "said" for found in played.findings if not found.passed)


def test_no_two_callers_say_a_line_alike_and_each_says_it_always_the_same():
    ways = [ways_to_say.said("When are you open?", number, "en") for number in range(5)]

    assert ways == [
        "When are you open?",
        "when are you open",
        "Um, when are you open?",
        "When, when are you open?",
        "Um, when are you open",
    ]
    assert [ways_to_say.said("Yes", number, "de") for number in (2, 3)] == ["Ähm, yes", "Yes"]
    assert {ways_to_say.said("020 7946 0112", number, "en") for number in range(5)} == {"020 7946 0112"}


def test_words_are_found_whatever_their_case_and_only_side_by_side():
    said = [Said("agent", "It costs $12.50, we're told: TEN a day.", 0, 0)]

    def passes(kind, value):
        return checks.judge(fake.script(("x", (kind, value))), [Said("caller", "x", 0, 0), *said], "", ())[0].passed

    assert passes("says", "we’re told ten") and not passes("says", "costs ten")
    assert passes("not_says", "costs ten") and not passes("not_says", "ten A day")


# ── What is written ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def shop(project):
    return fake.furnish(project)


@pytest.mark.django_db
def test_a_rehearsal_is_kept_clean_and_audited(shop, owner):
    kept = writing.save(
        shop,
        None,
        "  Parks  ",
        fake.script(("  Where  can I park? ", ("says", " "), "asks"), ("",), call=["ends"]),
        owner,
    )

    assert kept.name == "Parks" and kept.checks == [{"kind": "ends", "value": ""}]
    assert kept.lines == [{"say": "Where can I park?", "checks": [{"kind": "asks", "value": ""}]}]
    assert AuditEntry.objects.get(action="rehearsal.create").actor == owner


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("", fake.script(("Hello", "asks"))),
        ("Empty", fake.script(("", ""), call=["ends"])),
        ("No check", fake.script(("Hello",))),
        ("Only an empty check", fake.script(("Hello", ("says", "  ")))),
        ("A check of nothing", fake.script(("Hello",), ("", "asks"))),
        ("Unknown", fake.script(("Hello", "dances"))),
        ("Misplaced", fake.script(("Hello", "ends"))),
        ("Misplaced too", fake.script(("Hello",), call=["asks"])),
        ("Too many", fake.script(*[("Hello", "asks")] * (script.LINES_MOST + 1))),
        ("Too long", fake.script(("a" * (script.SAY_MOST + 1), "asks"))),
        ("A long check", fake.script(("Hello", ("says", "a" * (script.VALUE_MOST + 1))))),
        ("Parks", fake.script(("Hello", "asks"))),
    ],
)
def test_what_cannot_be_a_rehearsal_is_refused_and_nothing_is_kept(shop, name, given):
    fake.rehearsal(shop)
    before = list(Rehearsal.objects.values()), AuditEntry.objects.count()

    with pytest.raises(ScriptRefused):
        writing.save(shop, None, name, given, None)

    assert (list(Rehearsal.objects.values()), AuditEntry.objects.count()) == before


@pytest.mark.django_db
def test_a_project_has_a_bounded_number_of_them(shop, monkeypatch):
    monkeypatch.setattr(writing, "REHEARSALS_MOST", 1)
    row = fake.rehearsal(shop)

    with pytest.raises(ScriptRefused):
        fake.rehearsal(shop, "Another")

    assert writing.save(shop, row, "Changed", fake.script(("Hello", "asks")), None).name == "Changed"


@pytest.mark.django_db
def test_who_was_shown_an_older_one_overwrites_nothing(shop):
    row = fake.rehearsal(shop)

    with pytest.raises(Stale):
        writing.save(shop, row, "Mine", fake.script(("Hello", "asks")), None, seen="older")

    assert Rehearsal.objects.get().name == "Parks"


# ── Runs ───────────────────────────────────────────────────────────────────────────────────────────────────────


def meaning(_language):
    return ScriptedMeaning()


def hold(run, **how):
    return runs.go_on(run, meaning, TalkSettings(), **how)


def rates(project, mark=None):
    mark = mark or publish.mark_of_config(publish.freeze(project))
    found = standing.of(project, [mark])[mark]
    return {
        row.name: (found.rates[row.pk].passed, found.rates[row.pk].held)
        for row in found.rehearsals
        if row.pk in found.rates
    }


@pytest.mark.django_db
def test_a_run_holds_each_rehearsal_so_many_times_and_keeps_what_it_finds(shop):
    fake.rehearsal(shop)
    fake.rehearsal(shop, "Wrong", ("When are you open?", ("topic", "Parking")))
    run = runs.start(shop, None, times=3)

    assert hold(run) is False

    run.refresh_from_db()
    assert (run.state, run.config) == ("done", None) and run.ended_at
    assert rates(shop) == {"Parks": (3, 3), "Wrong": (0, 3)}
    call = RehearsalCall.objects.filter(rehearsal__name="Wrong").last()
    assert call.result["said"][-1]["text"] == "We are open from nine to five."
    assert call.result["findings"][0]["instead"] == ["topic:Opening hours"]


@pytest.mark.django_db
def test_a_run_talks_with_the_draft_as_it_was_when_it_began(shop):
    fake.rehearsal(shop, "Parks", ("Where can I park?", ("says", "Anchor Lane")))
    run = runs.start(shop, None)
    topic = Topic.objects.get(name="Parking")
    before = publish.mark_of_config(publish.freeze(shop))
    drafting.save_topic(shop, topic, {"name": "Parking", "content": "Nowhere."}, None)

    hold(run)

    assert rates(shop, before) == {"Parks": (1, 1)} and rates(shop) == {}


@pytest.mark.django_db
def test_what_was_found_with_the_draft_holds_for_the_version_that_is_made_of_it(shop):
    fake.rehearsal(shop)
    hold(runs.start(shop, None))

    version = publish.publish(shop, by=None)

    assert version.mark and rates(shop, version.mark) == {"Parks": (1, 1)}


@pytest.mark.django_db
def test_an_environment_is_rehearsed_with_what_runs_there(shop):
    fake.rehearsal(shop, "Parks", ("Where can I park?", ("says", "Anchor Lane")))
    version = publish.publish(shop, by=None, environment=Environment.LIVE)
    drafting.save_topic(shop, Topic.objects.get(name="Parking"), {"name": "Parking", "content": "Nowhere."}, None)

    run = runs.start(shop, None, environment="live")
    hold(run)

    assert run.version == version and rates(shop, version.mark) == {"Parks": (1, 1)}


@pytest.mark.django_db
def test_a_changed_rehearsal_stands_as_not_held(shop):
    row = fake.rehearsal(shop)
    hold(runs.start(shop, None))

    writing.save(shop, row, "Parks", fake.script(("Where can I park?", "unknown")), None)

    assert rates(shop) == {}


@pytest.mark.django_db
def test_the_newest_run_of_a_state_counts(shop):
    row = fake.rehearsal(shop)
    hold(runs.start(shop, None, times=2))
    run = runs.start(shop, None, rehearsals=[row], times=5)
    hold(run)

    assert rates(shop) == {"Parks": (5, 5)}


@pytest.mark.django_db
@pytest.mark.parametrize("case", ["running", "nothing written", "nothing runs there"])
def test_a_run_that_cannot_be_is_refused_and_nothing_is_planned(shop, case):
    if case != "nothing written":
        fake.rehearsal(shop)
    if case == "running":
        runs.start(shop, None)
    before = RehearsalRun.objects.count(), RehearsalCall.objects.count()

    with pytest.raises(runs.RunRefused):
        runs.start(shop, None, environment="live" if case == "nothing runs there" else "")

    assert (RehearsalRun.objects.count(), RehearsalCall.objects.count()) == before


@pytest.mark.django_db
def test_a_run_goes_on_in_slices(shop):
    fake.rehearsal(shop)
    run = runs.start(shop, None, times=3)

    assert [hold(run, slice_s=0) for _ in range(3)] == [True, True, True]
    assert standing.progress(run) == (3, 3) and hold(run) is False
    run.refresh_from_db()
    assert run.state == "done"


@pytest.mark.django_db
def test_a_stopped_run_keeps_what_it_found_and_holds_no_more(shop):
    fake.rehearsal(shop)
    run = runs.start(shop, None, times=3)
    hold(run, slice_s=0)

    runs.stop(run)

    assert hold(run) is False
    run.refresh_from_db()
    assert run.state == "stopped" and rates(shop) == {"Parks": (1, 1)}
    assert runs.start(shop, None).pk != run.pk


@pytest.mark.django_db
def test_a_call_in_which_a_worker_died_is_held_again_and_not_for_ever(shop, monkeypatch):
    fake.rehearsal(shop)
    run = runs.start(shop, None)
    tried = []

    def dies(*_args, **_more):
        tried.append(1)
        raise SystemExit

    monkeypatch.setattr(runs, "play", dies)
    for _ in range(runs.ATTEMPTS_MOST):
        with pytest.raises(SystemExit):
            hold(run)

    assert hold(run) is False
    call = RehearsalCall.objects.get()
    assert len(tried) == runs.ATTEMPTS_MOST and (call.passed, call.result) == (False, {"problem": "lost"})


@pytest.mark.django_db
def test_a_run_that_nobody_goes_on_with_makes_room_for_the_next(shop):
    fake.rehearsal(shop)
    run = runs.start(shop, None)
    RehearsalRun.objects.update(alive_at=timezone.now() - runs.LOST_AFTER - timedelta(seconds=1))

    new = runs.start(shop, None)

    run.refresh_from_db()
    assert (run.state, new.state) == ("failed", "running")


@pytest.mark.django_db
def test_calls_by_voice_are_held_by_whoever_speaks(shop):
    row = fake.rehearsal(shop)
    writing.save(shop, row, "Parks", writing.script_of(row), None, by_voice=True)
    asked = []

    def speak(given, agent, variant, number):
        asked.append((given.lines[0].say, agent.name, variant, number))
        return checks.Played((), "visitor_ended", (checks.Finding("ends", "", None, passed=False),))

    hold(runs.start(shop, None, times=2), speak=speak)
    assert asked == [("Where can I park?", "Robin", "", 0), ("Where can I park?", "Robin", "", 1)]
    assert rates(shop) == {"Parks": (0, 2)}

    hold(runs.start(shop, None))
    assert RehearsalCall.objects.latest("pk").result == {"problem": "speechless"}


@pytest.mark.django_db
def test_old_runs_go(shop, monkeypatch):
    monkeypatch.setattr(runs, "RUNS_KEPT", 2)
    fake.rehearsal(shop)
    for _ in range(4):
        hold(runs.start(shop, None))

    assert RehearsalRun.objects.count() == 2 and rates(shop) == {"Parks": (1, 1)}


def test_every_kind_of_check_is_judged():
    for kind, what in script.KINDS.items():
        check = Check(kind, "x")
        if what.of_line:
            found = checks.judge(fake.script(("x", (kind, "x"))), [Said("caller", "x", 0, 0)], "", ())[0]
            assert found.kind == kind
        if what.of_call:
            passes_unheard = kind in ("not_says", "all_known", "quick", "one_turn")
            assert checks._of_call(check, [], "", ()).passed is passes_unheard


def found(kind, said=(), events=(), value=""):
    (finding,) = checks.judge(fake.script(("x",), call=[(kind, value)]), [Said("caller", "x", 0, 0), *said], "", events)
    return finding.passed


def test_a_slow_answer_and_a_line_that_was_taken_for_two_turns_are_found():
    assert found("quick", [Said("agent", "y", 1, 0, waited_ms=1500.0)])
    assert not found("quick", [Said("agent", "y", 1, 0, waited_ms=1501.0)])
    assert found("quick", [Said("agent", "greeting", 1, None, waited_ms=9000.0)])
    assert found("one_turn") and not found("one_turn", [Said("caller", "and more of it", 1, 0)])


def test_what_a_flow_has_collected_is_looked_up():
    kept = [("flow_finished", {"flow": "Repair", "said": [["Day", "Friday, 4 December"], ["Name", "Sam"]]})]

    assert found("flow", events=kept, value="Repair") and not found("flow", events=kept, value="Rental")
    assert found("collects", events=kept, value="friday 4") and not found("collects", events=kept, value="Thursday")
    assert not found("flow", events=[("flow_started", {"flow": "Repair"})], value="Repair")


# ── Somebody who interrupts ────────────────────────────────────────────────────────────────────────────────────

LONG = tuple(
    TopicSnapshot(row["name"], tuple(row["samples"]), f"{row['content']} That is so on every day of the week.")
    for row in fake.TOPICS
)
TALKATIVE = replace(AGENT, topics=LONG)
SHORT = tuple(TopicSnapshot(row["name"], tuple(row["samples"]), "Yes.") for row in fake.TOPICS)


def test_who_interrupts_is_heard_and_the_answer_before_is_given_up():
    played = play(
        ("Where can I park?", ("topic", "Parking")),
        ("… When are you open?", "stops", ("topic", "Opening hours")),
        agent=TALKATIVE,
    )

    assert played.passed
    parking, opening = (turn for turn in played.said if turn.who == "agent" and turn.line is not None)
    assert parking.interrupted and "every day" not in parking.text
    assert not opening.interrupted and opening.text.endswith("of the week.")


def test_an_answer_that_was_over_before_was_not_stopped():
    played = play(("Where can I park?",), ("… When are you open?", "stops"), agent=replace(AGENT, topics=SHORT))

    assert failed(played) == [("stops", "", 1)]


def test_a_line_that_interrupts_is_another_one_than_the_same_line_after_the_answer():
    over, after = fake.script(("Hello",), ("… Wait", "unknown")), fake.script(("Hello",), ("Wait", "unknown"))

    assert over.mark != after.mark
    assert script.read(over.lines_json(), ()) == over and script.read(after.lines_json(), ()) == after
    assert "over" not in after.lines_json()[1]  # what was found for scripts of before is still theirs


def test_a_first_line_has_no_answer_to_interrupt_and_no_other_line_stops_one():
    assert not script.clean(fake.script(("… Hello", "unknown"))).lines[0].over
    with pytest.raises(ScriptRefused, match="interrupts"):
        script.clean(fake.script(("Hello", "stops")))
