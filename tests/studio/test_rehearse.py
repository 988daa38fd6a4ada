"""`manage.py rehearse`: what a build asks before it publishes."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from agents.authoring import drafting, publish
from agents.authoring.rehearsals import runs
from agents.models import RehearsalCall, RehearsalRun, Topic
from studio import demo
from tests.fakes import rehearsals as fake

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(project):
    fake.furnish(project)
    fake.rehearsal(project)
    return project


def rehearse(*options):
    """What it wrote, and with what it ended."""
    out = io.StringIO()
    try:
        call_command("rehearse", *options, stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def test_it_says_how_each_call_went_and_ends_with_0_when_all_pass(shop):
    told, status = rehearse("--times", "2")

    assert status == 0
    assert told.splitlines() == [
        "passes  Parks, caller 1",
        "passes  Parks, caller 2",
        "1 of 1 rehearsals pass.",
    ]
    assert RehearsalRun.objects.get().state == "done"


def test_it_ends_with_1_when_one_fails_and_says_what_was_said_instead(shop):
    fake.rehearsal(shop, "Wrong", ("When are you open?", ("topic", "Parking")), call=["ends"])

    told, status = rehearse("--times", "1")

    assert status == 1
    assert told.splitlines()[1:] == [
        "FAILS   Wrong, caller 1",
        "        topic Parking: “When are you open?” → “We are open from nine to five.”",
        "        ends: in the call",
        "1 of 2 rehearsals pass.",
    ]


def test_named_ones_are_held_alone(shop):
    fake.rehearsal(shop, "Wrong", ("When are you open?", ("topic", "Parking")))

    assert rehearse("Parks", "--times", "1")[1] == 0
    assert RehearsalCall.objects.count() == 1


def test_programs_are_told_in_json(shop):
    told, status = rehearse("--json", "--times", "1")

    call, whole = [json.loads(line) for line in told.splitlines()]
    assert status == 0
    assert (call["rehearsal"], call["caller"], call["passed"]) == ("Parks", 1, True)
    assert [turn["text"] for turn in call["said"]][1:] == [
        "Where can I park?",
        "Park behind the house, in Anchor Lane.",
    ]
    assert whole == {"rehearsals": {"Parks": {"passed": 1, "of": 1}}, "passing": 1, "of": 1, "passed": True}


def test_an_environment_is_asked_for_its_own_version(shop):
    publish.publish(shop, by=None, environment="live")
    drafting.save_topic(shop, Topic.objects.get(name="Parking"), {"name": "Parking", "active": False}, None)

    assert rehearse("--environment", "live", "--times", "1")[1] == 0
    assert rehearse("--draft", "--times", "1")[1] == 1


@pytest.mark.parametrize(
    "options", [["Nobody"], ["--project", "nowhere"], ["--times", "0"], ["--environment", "pre-release"]]
)
def test_what_cannot_be_rehearsed_is_said_and_nothing_is_planned(shop, options):
    with pytest.raises(CommandError):
        rehearse(*options)

    assert not RehearsalRun.objects.exists()


def test_it_waits_for_nobody_and_leaves_nothing_running(shop, monkeypatch):
    def breaks(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "play", breaks)
    with pytest.raises(KeyboardInterrupt):
        rehearse()

    assert RehearsalRun.objects.get().state == "stopped"


@pytest.mark.speech
def test_the_demos_rehearsals_pass_with_the_engines_that_ship(settings):
    settings.SPEECH = "local"
    demo.make()

    told, status = rehearse("--times", "1")

    assert status == 0, told
