"""Any two versions compared, and the way through Pre-release."""

import pytest

from agents.authoring import publish
from agents.models import Agent, AuditEntry, Deployment, Environment, Project


@pytest.fixture
def at(client, owner, furnished):
    client.force_login(owner)
    return lambda path: f"/console/{furnished.project.slug}/{path}"


def running(project, environment):
    version = publish.running(project, environment)
    return version and version.number


def test_any_two_versions_are_told_apart_in_words(client, at, furnished):
    Agent.objects.update(greeting="Good day.", manner={"speed": 0.85, "barge_in_ms": 60000})
    publish.publish(furnished.project, by=None)
    Agent.objects.update(greeting="Good night.")
    text = client.get(at("versions/compare/"), {"from": "1", "to": "2"}).content.decode()
    assert "<ins>Good day.</ins>" in text and "Good night." not in text
    assert "<del>the default</del> <ins>0.85 times the voice’s own</ins>" in text
    assert "<ins>never</ins>" in text
    assert "<ins>Good night.</ins>" in client.get(at("versions/compare/")).content.decode()  # newest with the draft
    assert "No difference" in client.get(at("versions/compare/"), {"from": "2", "to": "2"}).content.decode()


def test_a_version_that_is_not_there_is_not_found(client, at, furnished):
    assert client.get(at("versions/compare/"), {"from": "9"}).status_code == 404
    assert client.get(at("versions/compare/"), {"from": "moon"}).status_code == 200


def test_with_pre_release_live_takes_only_what_was_there(client, at, furnished):
    project = furnished.project
    client.post(at("versions/pre-release/"), {"pre_release": "on"})
    assert Project.objects.get(pk=project.pk).pre_release
    client.post(at("versions/1/promote/"), {"environment": "live"})
    assert running(project, "live") is None
    assert "has to run in Pre-release" in client.get(at("versions/")).content.decode()
    for environment in ("pre-release", "live"):
        client.post(at("versions/1/promote/"), {"environment": environment})
    history = Deployment.objects.filter(project=project).order_by("id").values_list("environment", flat=True)
    assert list(history) == [Environment.SANDBOX, Environment.PRE_RELEASE, Environment.LIVE]


def test_what_was_live_once_may_always_come_back(client, at, furnished):
    client.post(at("versions/1/promote/"), {"environment": "live"})
    Agent.objects.update(greeting="Good day.")
    publish.publish(furnished.project, by=None)
    client.post(at("versions/2/promote/"), {"environment": "live"})
    client.post(at("versions/pre-release/"), {"pre_release": "on"})
    client.post(at("versions/1/promote/"), {"environment": "live"})
    assert running(Project.objects.get(pk=furnished.project.pk), "live") == 1


def test_switching_is_written_down_once(client, at):
    for _ in range(2):
        client.post(at("versions/pre-release/"), {"pre_release": "on"})
    client.post(at("versions/pre-release/"))
    lines = AuditEntry.objects.filter(action="project.pre_release").order_by("id")
    assert [line.details["on"] for line in lines] == [True, False]


def test_the_page_shows_the_third_place_and_names_the_sites_of_live(client, at, furnished):
    assert "Promote to Pre-release" not in client.get(at("versions/")).content.decode()
    client.post(at("versions/pre-release/"), {"pre_release": "on"})
    text = client.get(at("versions/")).content.decode()
    assert "Promote to Pre-release…" in text and "No widget is here, so nobody hears it" in text


def test_a_publish_says_where_the_version_runs_and_leads_on_to_live(client, at, furnished):
    Agent.objects.update(greeting="Good day.")
    page = client.post(at("publish/"), {"next": at("persona/")}, follow=True).content.decode()
    assert "Version 2 runs in Sandbox" in page
    assert f'<a class="link" href="{at("versions/")}">Promote to Live</a>' in page


def test_changes_are_told_with_the_words_of_the_default_variant(client, at, furnished):
    Agent.objects.update(greeting="Hello from ${variant_city}, ${variant_none}.")
    summary = client.get(at("publish/")).content.decode()
    assert "Hello from Bath, ${variant_none}." in summary and "${variant_city}" not in summary


def test_only_people_who_signed_in_are_led_from_a_missing_page_to_their_project(client, at, owner):
    assert "Go to your project" in client.get("/console/nowhere/at/all/").content.decode()
    client.logout()
    assert "Go to your project" not in client.get("/console/nowhere/at/all/").content.decode()
