"""From draft to version to environment."""

import threading

import pytest
from django.db import connection

from agents.authoring import checking, publish
from agents.authoring.publish import DraftRefused
from agents.brains import snapshot
from agents.models import AuditEntry, Deployment, Project, Topic, Variant, Version


@pytest.fixture
def full(project):
    Topic.objects.create(project=project, name="Hours", samples=["When are you open?"], content="Nine to six.")
    Topic.objects.create(project=project, name="Hidden", content="Not yet.", active=False)
    Variant.objects.create(project=project, key="north", name="North", is_default=True, attributes={"city": "Oslo"})
    return project


def counts():
    return Version.objects.count(), Deployment.objects.count(), AuditEntry.objects.count()


def codes(project):
    return [finding.code for finding in checking.check(publish.freeze(project))]


def test_a_version_holds_the_whole_draft_as_the_engine_reads_it(full, owner):
    version = publish.publish(full, by=owner, note="First")
    read = snapshot.read(version.config)
    assert (version.number, version.note, version.created_by) == (1, "First", owner)
    assert (read.name, read.greeting, read.voice) == ("Robin", full.agent.greeting, full.agent.voice)
    assert [(topic.name, topic.samples) for topic in read.topics] == [("Hours", ("When are you open?",))]
    assert read.variant("north")[0].attributes == {"city": "Oslo"}


def test_publishing_lets_sandbox_run_it_and_nothing_else(full, owner):
    version = publish.publish(full, by=owner)
    assert publish.running(full, "sandbox") == version
    assert publish.running(full, "live") is None
    assert [line.action for line in AuditEntry.objects.order_by("id")] == ["agent.publish", "agent.deploy"]


def test_an_unchanged_draft_makes_no_version_and_no_line(full):
    publish.publish(full, by=None)
    before = counts()
    publish.publish(full, by=None, note="Again")
    assert counts() == before


def test_an_unchanged_draft_can_still_go_to_another_environment(full):
    first = publish.publish(full, by=None)
    assert publish.publish(full, by=None, environment="live") == first
    assert publish.running(full, "live") == first
    assert Version.objects.count() == 1


def test_a_changed_draft_makes_the_next_number_and_leaves_the_old_alone(full):
    first = publish.publish(full, by=None)
    kept = first.config
    Topic.objects.filter(name="Hours").update(content="Nine to five.")
    second = publish.publish(full, by=None)
    first.refresh_from_db()
    assert (second.number, publish.running(full, "sandbox")) == (2, second)
    assert first.config == kept


def test_what_is_not_active_does_not_count_as_a_change(full):
    first = publish.publish(full, by=None)
    Topic.objects.filter(name="Hidden").update(content="Still not.")
    assert publish.publish(full, by=None) == first


def test_going_back_is_a_new_line_in_the_history(full, owner):
    first = publish.publish(full, by=None)
    Topic.objects.update(active=True)
    second = publish.publish(full, by=None)
    publish.deploy(full, "sandbox", first, owner)
    assert publish.running(full, "sandbox") == first
    assert [row.version for row in Deployment.objects.order_by("id")] == [first, second, first]
    assert AuditEntry.objects.first().details["before"] == 2


def test_deploying_what_runs_already_writes_nothing(full):
    version = publish.publish(full, by=None)
    before = counts()
    publish.deploy(full, "sandbox", version, None)
    assert counts() == before


def test_an_environment_that_does_not_exist_is_refused(full):
    version = publish.publish(full, by=None)
    before = counts()
    with pytest.raises(ValueError, match="moon"):
        publish.deploy(full, "moon", version, None)
    Topic.objects.update(active=True)
    with pytest.raises(ValueError, match="moon"):
        publish.publish(full, by=None, environment="moon")
    assert counts() == before


def test_another_projects_version_is_not_deployed(full, stranger):
    theirs = publish.publish(stranger.memberships.get().project, by=None)
    before = counts()
    with pytest.raises(ValueError, match="another project"):
        publish.deploy(full, "sandbox", theirs, None)
    assert counts() == before


@pytest.mark.parametrize(("field", "code"), [("greeting", "greeting_empty"), ("name", "name_empty")])
def test_a_draft_that_says_nothing_is_not_published(full, field, code):
    setattr(full.agent, field, "  \n ")
    full.agent.save()
    before = counts()
    with pytest.raises(DraftRefused) as refusal:
        publish.publish(full, by=None)
    assert [finding.code for finding in refusal.value.findings] == [code]
    assert counts() == before


def test_variants_without_a_default_are_not_published(full):
    Variant.objects.update(is_default=False)
    with pytest.raises(DraftRefused):
        publish.publish(full, by=None)
    assert Version.objects.count() == 0


def test_a_good_draft_has_no_findings(full):
    assert checking.check(publish.freeze(full)) == []


def test_an_agent_that_knows_nothing_is_published_with_a_warning(project):
    assert codes(project) == ["no_topics"]
    assert publish.publish(project, by=None).number == 1


def test_a_variable_that_a_variant_does_not_fill_is_named(full):
    full.agent.greeting = "Hello from ${variant_city}, ${variant_street}. ${page.name}"
    full.agent.save()
    Variant.objects.create(project=full, key="south", name="South", attributes={"street": "Kay 1", "city": " "})
    found = [finding.message for finding in checking.check(publish.freeze(full))]
    assert found == [
        "The variant “South” has no “city”, which the greeting uses.",
        "The variant “North” has no “street”, which the greeting uses.",
    ]
    assert publish.publish(full, by=None).number == 1


def test_a_variable_without_any_variant_is_a_warning(project):
    Topic.objects.create(project=project, name="Where", content="In ${variant_city}, ${variant_city}.")
    assert codes(project) == ["no_variants"]


def test_a_key_that_the_running_version_lacks_falls_back(full):
    assert not publish.missing_variant(full, "sandbox", "south")
    publish.publish(full, by=None)
    assert publish.missing_variant(full, "sandbox", "south")
    assert not publish.missing_variant(full, "sandbox", "north")
    assert not publish.missing_variant(full, "sandbox", "")


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_make_one_version():
    project = Project.objects.create(name="Two", slug="two")
    project.agent = publish.Agent.objects.create(project=project, name="R", greeting="Hello.")
    start, numbers = threading.Barrier(4), []

    def run():
        start.wait()
        try:
            numbers.append(publish.publish(Project.objects.get(pk=project.pk), by=None).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == [1, 1, 1, 1]
    assert (Version.objects.count(), Deployment.objects.count()) == (1, 1)


def test_what_the_voice_cannot_say_is_told_in_every_spoken_field_and_stops_nothing(full):
    Topic.objects.filter(name="Hours").update(content="From 日本 with <b>love</b>.", name="Часы")
    Variant.objects.filter(key="north").update(attributes={"city": "Осло"})
    agent = full.agent
    agent.greeting, agent.disclaimer, agent.name = "Привет", "☎", "Ж"
    agent.save()

    found = [finding for finding in checking.check(publish.freeze(full)) if finding.code == "unsayable"]

    assert {finding.level for finding in found} == {"warning"}
    assert [finding.message.split(": The")[0] for finding in found] == [
        "Agent name",
        "Spoken disclaimer",
        "Greeting",
        "Topic “Часы”",
        "Topic “Часы”",
        "Variant “North”, “city”",
    ]
    assert publish.publish(full, by=None).number == 1


def test_a_publish_computes_no_meaning(full, owner, settings, monkeypatch):
    from agents.speech.providers import registry

    settings.SPEECH = "embedded"
    monkeypatch.setattr(registry, "find_meaning", lambda *_: pytest.fail("an encoder was asked for"))
    assert set(publish.publish(full, by=owner).config) == {"schema", "agent", "topics", "variants"}


def test_a_version_keeps_what_goes_first_and_is_silent_about_what_nobody_filled_in(project, owner):
    from agents.authoring import restoring
    from agents.brains import snapshot
    from agents.models import Topic

    Topic.objects.create(project=project, name="Gas", content="Leave the house.", first=True, spoken="a smell of gas")
    Topic.objects.create(project=project, name="Zoo", content="Open daily.")
    version = publish.publish(project, by=owner)
    rows = {row["name"]: row for row in version.config["topics"]}
    assert (rows["Gas"]["first"], rows["Gas"]["spoken"]) == (True, "a smell of gas")
    assert set(rows["Zoo"]) == {"name", "samples", "content"}
    read = {topic.name: topic for topic in snapshot.read(version.config).topics}
    assert (read["Gas"].first, read["Gas"].aloud, read["Zoo"].aloud) == (True, "a smell of gas", "Zoo")
    Topic.objects.filter(name="Zoo").update(first=True, spoken="animals", link="https://example.com")
    restoring.make_draft(project, version, by=owner)
    zoo = Topic.objects.get(name="Zoo")
    assert (zoo.first, zoo.spoken, zoo.link) == (False, "", "")
