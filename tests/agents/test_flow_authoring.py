"""Flows as authors write them: checked, kept, frozen, brought back."""

import pytest

from agents.authoring import checking, flow_rules, flows, publish, restoring, topics
from agents.authoring.drafting import NameTaken
from agents.brains import snapshot
from agents.locks import Stale, mark_of
from agents.models import Agent, AuditEntry, Flow, Project

pytestmark = pytest.mark.django_db

FLOW = {
    "name": "Book a repair",
    "starts": ["I want to book a repair"],
    "steps": [
        {
            "name": "What is broken",
            "kind": "choice",
            "ask": "What?",
            "limits": {"options": ["Motor | engine", "Brakes"]},
        },
        {"name": "Motor number", "kind": "code", "ask": "Which?", "only": {"step": "What is broken", "is": "Motor"}},
        {"name": "Day", "kind": "date", "ask": "When?", "limits": {"days": ["0", 1, 1]}, "optional": True},
    ],
    "end": {"kind": "say", "text": "See you on ${Day}."},
}


@pytest.fixture
def shop():
    project = Project.objects.create(name="Shop", slug="shop")
    Agent.objects.create(project=project, name="Robin", greeting="Hello!")
    topics.import_topics(project, [{"name": "Parking", "samples": [], "content": "Behind the house."}], by=None)
    return project


def kept(**changed):
    row, problems = flow_rules.clean({**FLOW, **changed})
    assert problems == []
    return row


def test_a_flow_is_kept_as_versions_read_it():
    row = kept()

    assert [step["key"] for step in row["steps"]] == ["what_is_broken", "motor_number", "day"]
    assert row["steps"][0]["limits"]["options"][0] == {"name": "Motor", "also": ["engine"]}
    assert row["steps"][1]["only"] == {"step": "what_is_broken", "is": "Motor"}
    assert row["steps"][2]["limits"] == {"days": [0, 1]}
    assert row["read_back"] and row["active"] and row["topics"] == []


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"name": " "}, "has no name"),
        ({"name": "x" * 61}, "name of more than 60"),
        ({"starts": ["x" * 201]}, "sentences that start it"),
        ({"starts": "no list"}, "sentences that start it"),
        ({"steps": []}, "asks for nothing"),
        ({"steps": [{"name": "Day", "kind": "date", "ask": "When?"}] * 2}, "same name"),
        ({"steps": [{"name": "Day", "kind": "moon", "ask": "When?"}]}, "no kind"),
        ({"steps": [{"name": "Day", "kind": "date", "ask": ""}]}, "no question"),
        ({"steps": [{"name": "!!", "kind": "date", "ask": "When?"}]}, "needs a name"),
        ({"steps": [{"name": "A", "kind": "choice", "ask": "Which?"}]}, "at least two"),
        (
            {"steps": [{"name": "A", "kind": "number", "ask": "?", "limits": {"least": 5, "most": 1}}]},
            "above its largest",
        ),
        ({"steps": [{"name": "A", "kind": "time", "ask": "?", "limits": {"from": "25:00"}}]}, "cannot be read"),
        (
            {"steps": [{"name": "A", "kind": "text", "ask": "?", "only": {"step": "B", "is": "x"}}]},
            "not asked for before",
        ),
        ({"end": {"kind": "topic"}}, "names none"),
        ({"end": {"kind": "say"}}, "text that is empty"),
        ({"end": {"kind": "explode"}}, "end of no kind"),
        ({"offer": "x" * 201}, "offer of more than"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(shop, changed, problem):
    with pytest.raises(flows.BadFlows, match=problem):
        flows.import_flows(shop, [FLOW, {**FLOW, "name": "Other", **changed}], by=None)

    assert Flow.objects.count() == 0


@pytest.mark.parametrize("item", [None, 3, "text", [], {"name": 3}, {"steps": {}}, {"steps": [None]}, {"end": 3}])
def test_no_file_makes_it_fail(item):
    row, problems = flow_rules.clean(item)
    assert row == {} and problems


def test_a_name_is_taken_by_a_flow_or_a_topic(shop):
    flow = flows.save_flow(shop, None, kept(), by=None)
    for name in ("Book a repair", "Parking"):
        with pytest.raises(NameTaken):
            flows.save_flow(shop, None, kept(name=name), by=None)
    flows.save_flow(shop, flow, kept(offer="Shall I?"), by=None)

    assert Flow.objects.get().offer == "Shall I?"
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["flow.edit", "flow.create", "topics.import"]


def test_whoever_saw_an_older_one_changes_nothing(shop):
    flow = flows.save_flow(shop, None, kept(), by=None)
    seen = mark_of(flow, flows.FIELDS)
    flows.save_flow(shop, flow, kept(offer="Mine"), by=None, seen=seen)

    with pytest.raises(Stale):
        flows.save_flow(shop, flow, kept(offer="Theirs"), by=None, seen=seen)
    assert Flow.objects.get().offer == "Mine"


def test_a_publish_freezes_the_active_flows_and_a_version_brings_them_back(shop):
    flow = flows.save_flow(shop, None, kept(), by=None)
    flows.save_flow(shop, None, kept(name="Off", active=False), by=None)
    version = publish.publish(shop, by=None)
    read = snapshot.read(version.config)

    assert [(flow.name, len(flow.steps)) for flow in read.flows] == [("Book a repair", 3)]
    assert version.config["zone"] == "UTC"

    flows.delete_flow(flow, by=None)
    assert "flows" not in publish.freeze(shop)
    restoring.make_draft(shop, version, by=None)

    assert sorted(shop.flows.values_list("name", "active")) == [("Book a repair", True), ("Off", False)]
    assert publish.freeze(shop) == version.config


def test_a_draft_without_flows_is_frozen_as_before(shop):
    assert not {"flows", "zone"} & set(publish.freeze(shop))


def test_the_time_zone_of_the_project_is_frozen_with_its_flows(shop):
    flows.save_flow(shop, None, kept(), by=None)
    assert flows.set_time_zone(shop, "Europe/Berlin", by=None)
    assert publish.draft(shop).zone == "Europe/Berlin"

    for nonsense in ("Nowhere/Land", "../etc/passwd"):
        with pytest.raises(ValueError):
            flows.set_time_zone(shop, nonsense, by=None)
    assert Project.objects.get().time_zone == "Europe/Berlin"


def test_a_publish_warns_of_what_a_flow_names_and_is_not_there(shop):
    row = kept(topics=["Gone"], starts=[], end={"kind": "say", "text": "Bye ${name} in ${variant_town}."})
    flows.save_flow(shop, None, row, by=None)
    flows.save_flow(shop, None, kept(name="Never", starts=[]), by=None)
    found = {finding.code: finding.level for finding in checking.check(publish.freeze(shop))}

    assert found["flow_topic_gone"] == found["flow_value_missing"] == found["flow_never_starts"] == "warning"
    assert found["no_variants"] == "warning"


def test_a_flow_of_a_kind_that_is_not_known_here_is_read_without_it(shop):
    row = kept()
    row["steps"].append({"key": "x", "name": "X", "kind": "from_the_future", "ask": "?"})
    Flow.objects.create(project=shop, **row)

    assert [step.key for step in publish.draft(shop).flows[0].steps] == ["what_is_broken", "motor_number", "day"]
