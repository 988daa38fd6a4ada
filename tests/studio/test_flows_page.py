"""Flows in the console: the list with its numbers, the form that needs no script, what is refused."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.authoring import flows, publish
from agents.models import Flow, Project, Topic
from calling.models import Event
from calling.record import outcomes
from tests.studio.test_isolation import everything

FORM = {
    "name": "Book a repair",
    "starts": "I want to book a repair\nMy bike is broken\n",
    "topic": ["Opening hours", ""],
    "offer": "",
    "place": ["0", "1"],
    "step-0-name": "What is broken",
    "step-0-kind": "choice",
    "step-0-ask": "What is wrong?",
    "step-0-options": "The motor | engine, battery\nThe brakes",
    "step-1-name": "Day",
    "step-1-kind": "date",
    "step-1-ask": "Which day?",
    "step-1-days": ["0", "1"],
    "step-1-when": "future",
    "step-1-from": "09:00",  # a limit of another kind, hidden in the form
    "step-1-optional": "on",
    "step-1-only": "What is broken",
    "step-1-only_how": "not",
    "step-1-only_value": "The motor",
    "read_back": "on",
    "active": "on",
    "end": "say",
    "end_text": "See you on ${day}.",
    "end_topic": "Opening hours",
}


@pytest.fixture
def console(client, owner, project):
    Topic.objects.create(project=project, name="Opening hours", content="From nine to six.")
    client.force_login(owner)
    return client


def at(project, path=""):
    return f"/console/{project.slug}/flows/{path}"


def test_an_author_without_flows_is_shown_what_one_is(console, project):
    text = console.get(at(project)).content.decode()

    assert "No flow yet" in text and "?from=ring-back" in text
    assert "Which number can we reach you on?" in console.get(at(project, "new/?from=ring-back")).content.decode()


def test_ring_me_back_begins_in_the_language_that_the_agent_speaks(console, project):
    german = console.get(at(project, "new/?from=ring-back"), headers={"Accept-Language": "de"}).content.decode()
    assert "Neuer Ablauf" in german and "Which number can we reach you on?" in german

    project.agent.language = "de"
    project.agent.save()
    english = console.get(at(project, "new/?from=ring-back"), headers={"Accept-Language": "en"}).content.decode()
    assert "New flow" in english and "Unter welcher Nummer erreichen wir Sie?" in english


def test_a_form_becomes_a_flow_of_the_draft(console, project):
    response = console.post(at(project, "new/"), FORM)

    assert response.status_code == 302 and response["Location"].endswith("/flows/")
    flow = Flow.objects.get()
    assert flow.starts == ["I want to book a repair", "My bike is broken"]
    assert (flow.topics, flow.end) == (["Opening hours"], {"kind": "say", "text": "See you on ${day}."})
    assert flow.steps[0]["limits"]["options"][0] == {"name": "The motor", "also": ["engine", "battery"]}
    assert flow.steps[1] == {
        "key": "day",
        "name": "Day",
        "kind": "date",
        "ask": "Which day?",
        "optional": True,
        "only": {"step": "what_is_broken", "not": "The motor"},
        "limits": {"days": [0, 1]},
    }
    text = console.get(at(project, f"{flow.pk}/")).content.decode()
    assert "The motor | engine, battery" in text and "unless What is broken is The motor" in text


def test_what_a_form_shows_is_what_it_sends(console, project):
    console.post(at(project, "new/"), FORM)
    flow = Flow.objects.get()
    before = {name: getattr(flow, name) for name in flows.FIELDS}
    response = console.get(at(project, f"{flow.pk}/"))
    steps = response.context["steps"]

    named = {"step": "What is broken", "label": "What is broken"}
    assert steps[1].condition == {**named, "how": "not", "value": "The motor"}
    assert [chosen for _n, _name, chosen in steps[1].days] == [True, True, False, False, False, False, False]
    console.post(
        at(project, f"{flow.pk}/"),
        FORM | {"seen": re.search(r'name="seen" value="(\w+)"', response.content.decode())[1]},
    )
    flow.refresh_from_db()
    assert {name: getattr(flow, name) for name in flows.FIELDS} == before


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("add", ["What is broken", "Day", ""]),
        ("up:1", ["Day", "What is broken"]),
        ("down:0", ["Day", "What is broken"]),
        ("remove:0", ["Day"]),
        ("up:0", ["What is broken", "Day"]),
        ("remove:99", ["What is broken", "Day"]),
        ("nonsense", ["What is broken", "Day"]),
        ("up:²", ["What is broken", "Day"]),
    ],
)
def test_its_buttons_change_the_form_and_keep_nothing(console, project, order, names):
    before = everything()
    response = console.post(at(project, "new/"), FORM | {"do": order})

    assert response.status_code == 200
    assert [row.step["name"] for row in response.context["steps"]] == names
    assert everything() == before


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"name": ""}, "The flow has no name."),
        ({"place": []}, "The flow asks for nothing."),
        ({"step-1-ask": ""}, "“Day” has no question"),
        ({"step-1-name": "What is broken"}, "has the same name"),
        ({"step-0-options": "One"}, "at least two things"),
        ({"step-0-kind": "moon"}, "is of no kind"),
        ({"end": "topic", "end_topic": ""}, "ends with a topic but names none"),
        ({"name": "Opening hours"}, "Another flow or topic has this name."),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed_and_nothing_is_kept(console, project, changed, problem):
    response = console.post(at(project, "new/"), FORM | changed)

    assert response.status_code == 422
    assert problem in response.content.decode()
    assert "My bike is broken" in response.content.decode()
    assert Flow.objects.count() == 0


def test_a_month_of_calls_is_told_in_one_line_however_many_flows_there_are(console, project, make_call):
    console.post(at(project, "new/"), FORM)
    call = make_call()
    for name, more in (("flow_started", {}), ("flow_started", {}), ("flow_finished", {}), ("flow_left", {"at": "Day"})):
        Event.objects.create(conversation=call, name=name, at_s=1, data={"flow": "Book a repair", **more})

    with CaptureQueriesContext(
        connection,
    ) as few:
        text = console.get(at(project)).content.decode()
    assert "1 of 2 finished" in text and "Most who stop, stop at Day" in text

    for n in range(5):
        console.post(at(project, "new/"), FORM | {"name": f"Flow {n}"})
    with CaptureQueriesContext(connection) as many:
        console.get(at(project))
    assert len(many) <= len(few) + 1


def test_a_flow_is_deleted_and_the_dock_tells_of_it(console, project, owner):
    console.post(at(project, "new/"), FORM)
    publish.publish(project, by=owner)
    flow = Flow.objects.get()
    console.post(at(project, f"{flow.pk}/"), FORM | {"offer": "Shall I?", "end_text": "Bye."})
    text = console.get(f"/console/{project.slug}/publish/").content.decode()
    assert "is offered with other words" in text and "ends otherwise" in text

    response = console.post(at(project, f"{flow.pk}/delete/"))
    assert response.status_code == 302 and Flow.objects.count() == 0
    assert "1 flow removed" in console.get(f"/console/{project.slug}/publish/").content.decode()


def test_days_are_meant_where_the_author_of_the_first_flow_is(console, project):
    console.cookies["pickup_zone"] = "Europe/Berlin"
    console.post(at(project, "new/"), FORM)
    assert Project.objects.get(pk=project.pk).time_zone == "Europe/Berlin"

    console.post(f"/console/{project.slug}/settings/", {"name": project.name, "time_zone": "Asia/Tokyo"})
    console.post(at(project, "new/"), FORM | {"name": "Another"})
    assert Project.objects.get(pk=project.pk).time_zone == "Asia/Tokyo"

    refused = console.post(f"/console/{project.slug}/settings/", {"name": project.name, "time_zone": "Mars/Crater"})
    assert refused.status_code == 422
    assert Project.objects.get(pk=project.pk).time_zone == "Asia/Tokyo"


def test_a_conversation_tells_what_was_collected(console, project, make_call):
    call = make_call()
    said = [["Name", "Ruth"], ["Phone", "5 5 5, 0 1 4 2"]]
    Event.objects.create(conversation=call, name="flow_finished", at_s=20, data={"flow": "Ring me back", "said": said})
    call.turns.filter(speaker="agent").update(source="flow_finished:Ring me back")
    outcomes.tell([call.pk])
    text = console.get(f"/console/{project.slug}/conversations/{call.pk}/").content.decode()

    assert "Collected by “Ring me back”: Name: Ruth; Phone: 5 5 5, 0 1 4 2" in text
    for asked in ({}, {"result": "message"}, {"state": "todo"}):  # it waits for the owner, as a message does
        assert "Ring me back" in console.get(f"/console/{project.slug}/conversations/", asked).content.decode()
    call.turns.filter(speaker="agent").update(source="flow:Ring me back")
    outcomes.tell([call.pk])
    told = console.get(f"/console/{project.slug}/conversations/", {"result": "message"}).content.decode()
    assert str(call.pk) not in told
