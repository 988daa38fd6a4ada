"""Rehearsals in the console: written, held, looked at, and told before a publish."""

import pytest
from django.urls import reverse

from agents.authoring import publish
from agents.authoring.rehearsals import runs, writing
from agents.brains.settings import TalkSettings
from agents.models import Member, Rehearsal, RehearsalRun
from agents.speech.providers.scripted import ScriptedMeaning
from calling.models import Outbox
from tests.fakes import rehearsals as fake


def url(name, **kwargs):
    return reverse(f"console:{name}", kwargs={"project": "harbour-bikes", **kwargs})


@pytest.fixture
def shop(project):
    return fake.furnish(project)


@pytest.fixture
def console(client, editor):
    client.force_login(editor)
    return client


def hold(project, **chosen):
    run = runs.start(project, None, **chosen)
    while runs.go_on(run, lambda language: ScriptedMeaning(), TalkSettings()):
        pass
    return run


FORM = {
    "name": "Parks",
    "line": ["0", "7"],
    "say-0": "Where can I park?",
    "kind-0": ["topic", "says"],
    "value-0": ["Parking", "Anchor Lane"],
    "say-7": "Goodbye",
    "kind-call": ["ends", "says"],
    "value-call": ["", ""],
}


def test_a_rehearsal_is_written_line_by_line(shop, console):
    answer = console.post(url("rehearsal_add"), FORM)

    row = Rehearsal.objects.get()
    assert answer["Location"] == url("rehearsal", rehearsal=row.pk)
    assert writing.script_of(row) == fake.script(
        ("Where can I park?", ("topic", "Parking"), ("says", "Anchor Lane")), ("Goodbye",), call=["ends"]
    )
    assert not row.by_voice and not RehearsalRun.objects.exists()


def test_the_caller_speaks_where_that_is_chosen(shop, console):
    console.post(url("rehearsal_add"), FORM | {"how": "speaks"})

    row = Rehearsal.objects.get()
    assert row.by_voice
    assert 'value="speaks" checked' in console.get(url("rehearsal_edit", rehearsal=row.pk)).content.decode()
    assert "By voice" in console.get(url("rehearsals")).content.decode()


def test_a_line_may_interrupt_the_answer_before_it(shop, console):
    console.post(url("rehearsal_add"), FORM | {"over-7": "1", "kind-7": ["stops"], "value-7": [""]})

    row = Rehearsal.objects.get()
    assert writing.script_of(row).lines[1] == fake.script(("… Goodbye", "stops")).lines[0]
    shown = console.get(url("rehearsal_edit", rehearsal=row.pk)).content.decode()
    assert 'name="over-1" value="1" checked' in shown and 'name="over-0" value="1" checked' not in shown
    hold(shop)
    assert "Stops for it" in console.get(url("rehearsal", rehearsal=row.pk)).content.decode()


def test_it_can_be_held_right_after_it_was_written(shop, console):
    console.post(url("rehearsal_add"), FORM | {"rehearse": "1"})

    run = RehearsalRun.objects.get()
    assert (run.environment, run.times, run.calls.count()) == ("", 5, 5)
    assert Outbox.objects.get(task="rehearse").payload == {"run": run.pk}


def test_what_is_refused_stays_on_the_page(shop, console):
    answer = console.post(url("rehearsal_add"), FORM | {"name": "", "kind-call": ["dances"]})

    assert answer.status_code == 422 and not Rehearsal.objects.exists()
    page = answer.content.decode()
    assert "Give the rehearsal a name." in page and "Where can I park?" in page and "Anchor Lane" in page


def test_who_edits_an_older_one_is_told_and_nothing_is_lost(shop, console):
    row = fake.rehearsal(shop)
    answer = console.post(url("rehearsal_edit", rehearsal=row.pk), FORM | {"name": "Mine", "seen": "older"})

    assert answer.status_code == 409 and "Mine" in answer.content.decode()
    assert Rehearsal.objects.get().name == "Parks"


def test_a_deleted_one_is_gone_with_its_calls(shop, console):
    row = fake.rehearsal(shop)
    hold(shop)

    console.post(url("rehearsal_delete", rehearsal=row.pk))

    assert not Rehearsal.objects.exists()
    assert "Nothing rehearsed yet" in console.get(url("rehearsals")).content.decode()


def test_the_list_says_how_each_stands_with_the_draft_and_with_what_runs(shop, console):
    fake.rehearsal(shop)
    fake.rehearsal(shop, "Wrong", ("When are you open?", ("topic", "Parking")))
    publish.publish(shop, by=None, environment="live")
    shop.topics.filter(name="Parking").update(content="In front.")
    hold(shop, times=2)

    page = console.get(url("rehearsals"))

    assert [column.label for column in page.context["columns"]] == ["Your draft", "Version 1"]
    cells = {row["rehearsal"].name: row["cells"] for row in page.context["rows"]}
    assert (cells["Parks"][0].passed, cells["Wrong"][0].passed, cells["Parks"][1]) == (2, 0, None)
    failing = console.get(url("rehearsals"), {"show": "failing"})
    assert [row["rehearsal"].name for row in failing.context["rows"]] == ["Wrong"]


def test_a_draft_that_runs_stands_once(shop, console):
    fake.rehearsal(shop)
    for environment in ("sandbox", "live"):
        publish.publish(shop, by=None, environment=environment)

    (column,) = console.get(url("rehearsals")).context["columns"]

    assert (column.label, column.where) == ("Your draft", "Version 1, Sandbox, Live")


def test_a_run_is_begun_watched_and_stopped(shop, console):
    fake.rehearsal(shop)
    console.post(url("rehearsals_start"))
    page = console.get(url("rehearsals")).content.decode()
    assert "data-refresh-ms" in page and "0 of 5 calls" in page

    console.post(url("rehearsals_start"))
    assert RehearsalRun.objects.count() == 1
    console.post(url("rehearsals_stop"))

    assert RehearsalRun.objects.get().state == "stopped"
    assert "data-refresh-ms" not in console.get(url("rehearsals")).content.decode()


def test_a_call_that_fails_is_shown_first_with_the_place_where_it_went_wrong(shop, console):
    row = fake.rehearsal(shop, "Wrong", ("When are you open?", ("topic", "Parking")), call=["ends"])
    hold(shop, times=2)

    page = console.get(url("rehearsal", rehearsal=row.pk))

    assert page.context["call"].number == 0
    text = page.content.decode()
    assert "Answers from “Parking”" in text and "What answered: Opening hours" in text
    assert text.count('class="turn from-agent wrong"') == 1
    second = console.get(url("rehearsal", rehearsal=row.pk), {"call": "2"})
    assert second.context["call"].number == 1 and "when are you open" in second.content.decode()


def test_the_publish_dialog_lists_what_fails_and_what_was_not_held(shop, console):
    assert "rehears" not in console.get(url("publish")).content.decode().lower()
    fake.rehearsal(shop)
    assert "1 rehearsal was not held with this." in console.get(url("publish")).content.decode()
    hold(shop)
    assert "The rehearsal passes." in console.get(url("publish")).content.decode()
    fake.rehearsal(shop, "Wrong", ("When are you open?", ("topic", "Parking")))
    hold(shop, times=3)

    page = console.get(url("publish")).content.decode()

    assert "A rehearsal fails" in page and "0 of 3 calls pass" in page and "was not held" not in page


def test_versions_and_promote_tell_how_theirs_passed(shop, console):
    fake.rehearsal(shop)
    hold(shop)
    version = publish.publish(shop, by=None)

    assert "1 of 1 rehearsals pass" in console.get(url("versions")).content.decode()
    assert "The rehearsal passes." in console.get(url("promote", number=version.number)).content.decode()


def test_one_press_makes_a_rehearsal_of_a_call(shop, console, make_call):
    call = make_call()
    assert "Make a rehearsal" in console.get(url("conversation", conversation=call.pk)).content.decode()

    answer = console.post(url("rehearsal_from", conversation=call.pk))

    made = Rehearsal.objects.get()
    assert answer["Location"] == url("rehearsal_edit", rehearsal=made.pk)
    assert made.lines[0] == {
        "say": "When are you open?",
        "checks": [{"kind": "topic", "value": "Opening hours"}],
    }


def test_who_may_not_read_what_visitors_said_makes_none_of_it(shop, console, editor, make_call):
    editor.memberships.update(access={"personal_data": False})
    call = make_call()

    assert "Make a rehearsal" not in console.get(url("conversation", conversation=call.pk)).content.decode()
    assert console.post(url("rehearsal_from", conversation=call.pk)).status_code == 403
    assert not Rehearsal.objects.exists()


def test_an_analyst_looks_and_changes_nothing(shop, client, analyst):
    row = fake.rehearsal(shop)
    client.force_login(analyst)

    page = client.get(url("rehearsals")).content.decode()

    assert "Rehearse the draft" not in page and "Parks" in page
    assert client.post(url("rehearsals_start"), {"rehearsal": row.pk}).status_code == 403
    assert not RehearsalRun.objects.exists()


def test_a_rehearsal_of_another_project_is_not_begun(shop, console, stranger):
    other = stranger.memberships.get().project
    foreign = fake.rehearsal(other)

    assert console.post(url("rehearsals_start"), {"rehearsal": foreign.pk}).status_code == 404
    assert not RehearsalRun.objects.exists()


def test_one_made_from_a_call_is_read_by_those_who_may_read_calls(shop, client, owner, analyst, make_call):
    script = fake.script(("Where is my scooter?", ("says", "Here")))
    made = writing.save(shop, None, "A question", script, None, made_from=make_call().pk)
    pages = [url("rehearsal", rehearsal=made.pk), url("rehearsal_edit", rehearsal=made.pk)]
    client.force_login(analyst)
    Member.objects.filter(user=analyst).update(access={"personal_data": False})
    assert [client.get(page).status_code for page in pages] == [403, 403]
    listed = client.get(url("rehearsals")).content.decode()
    assert "A question" in listed and "scooter" not in listed and pages[0] not in listed
    client.force_login(owner)
    assert [client.get(page).status_code for page in pages] == [200, 200]


@pytest.mark.parametrize("number", ["²", "9" * 5000, "-1", "1.0", ""])
def test_numbers_that_are_none_are_no_rehearsal(shop, console, number):
    assert console.post(url("rehearsals_start"), {"rehearsal": number}).status_code in (302, 404)
