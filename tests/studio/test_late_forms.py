"""A form that somebody fills in while a colleague saves the same page: it undoes nothing without being asked to."""

import re

import pytest

from agents.authoring import drafting, flows, starters
from agents.models import Agent, Member, Role, Topic, Variant
from agents.people import members
from calling.record import retention
from tests.studio.test_isolation import address, everything
from widgets import actions

FORMS = {
    "persona": {"name": "Kim", "greeting": "Good day.", "disclaimer": ""},
    "voice": {
        "language": "en",
        "voice": "piper:joe",
        "pace": "slower",
        "interruption": "default",
        "patience": "default",
        "over_greeting": "default",
        "barge_ins_max": "0",
        "silence_prompt_s": "20",
    },
    "topic": {"name": "Opening hours", "content": "Always.", "samples": "", "active": "on"},
    "flow": {
        "name": "Ring me back",
        "place": "0",
        "step-0-name": "Name",
        "step-0-kind": "name",
        "step-0-ask": "Who?",
        "end": "message",
        "active": "on",
    },
    "variants": {"table": '{"columns": [], "rows": []}'},
    "widget_settings": {"name": "My phone", "environment": "sandbox", "enabled": "on"},
    "widget_share": {"environment": "live", "enabled": "on"},
    "member": {"role": "editor"},
    "privacy": {"recordings_days": "90", "conversations_days": "365"},
    "project_settings": {"name": "Harbour Bikes", "time_zone": "Europe/Berlin"},
}


@pytest.fixture
def console(client, owner, furnished, editor):
    client.force_login(owner)
    furnished.member = Member.objects.select_related("user").get(user=editor)
    return client


@pytest.fixture
def colleague(furnished, owner):
    """Saves something else on the page, by its name."""
    by = Member.objects.get(user=owner)
    topic = {"name": "Opening hours", "content": "From ten to six.", "samples": [], "active": True}

    flow = {name: getattr(furnished.flow, name) for name in flows.FIELDS} | {"offer": "Shall I?"}

    def save(name):
        agent = Agent.objects.get(project=furnished.project)
        {
            "persona": lambda: drafting.save_persona(agent, {"disclaimer": "We record."}, owner),
            "voice": lambda: drafting.save_persona(agent, {"manner": {"speed": 1.2}}, owner),
            "topic": lambda: drafting.save_topic(furnished.project, Topic.objects.get(), topic, owner),
            "flow": lambda: flows.save_flow(furnished.project, furnished.flow, flow, owner),
            "variants": lambda: Variant.objects.create(project=furnished.project, key="south", name="South"),
            "widget_settings": lambda: actions.set_max_calls(furnished.widget, 7, by=owner),
            "widget_share": lambda: actions.save_call_page(
                furnished.widget, by=owner, enabled=True, environment="sandbox", expires_at=None
            ),
            "privacy": lambda: retention.choose(
                furnished.project, {"recordings_days": 30, "conversations_days": None}, by=owner
            ),
            "project_settings": lambda: starters.rename_project(furnished.project, "Renamed", by=owner),
            "member": lambda: members.change(furnished.member, Role.EDITOR, {"personal_data": False}, by=by),
        }[name]()

    return save


def mark_in(page):
    return re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]


@pytest.mark.parametrize("name", FORMS)
def test_who_is_late_is_told_and_keeps_what_they_typed_and_wins_when_they_insist(console, furnished, colleague, name):
    page = address(name, furnished)
    seen = mark_in(console.get(page))
    colleague(name)
    before = everything()

    late = console.post(page, FORMS[name] | {"seen": seen})

    assert late.status_code == 409
    assert "Somebody else saved this page" in late.content.decode()
    assert everything() == before

    assert console.post(page, FORMS[name] | {"seen": mark_in(late)}).status_code == 302
    assert everything() != before


@pytest.mark.parametrize("name", FORMS)
def test_who_is_alone_saves_as_ever(console, furnished, name):
    page = address(name, furnished)
    assert console.post(page, FORMS[name] | {"seen": mark_in(console.get(page))}).status_code == 302


@pytest.mark.parametrize("name", FORMS)
def test_a_mistake_in_a_form_does_not_make_one_forget_what_was_seen(console, furnished, colleague, name):
    page = address(name, furnished)
    seen = mark_in(console.get(page))
    colleague(name)
    wrong = dict.fromkeys(FORMS[name], "\x00") | {"seen": seen, "table": '{"columns": ["A b"], "rows": []}'}

    refused = console.post(page, wrong)

    assert refused.status_code == 422
    assert mark_in(refused) == seen
