"""Projects: made from a starter, switched, renamed."""

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone

from agents.authoring import checking, publish, starters
from agents.models import AuditEntry, Environment, Member, Project, Role
from agents.speech.providers import registry
from calling.models import Conversation, Outbox, Recording
from calling.record import tasks
from calling.record.actions import delete_project
from calling.record.deleting import SOUNDS_A_ROW
from calling.record.recording import spool_folder
from widgets import actions
from widgets.models import Widget

NEW = "/console/new/"


@pytest.fixture
def console(client, owner):
    client.force_login(owner)
    return client


EACH = [(language, key) for language in starters.WRITTEN for key in starters.WORDS]


@pytest.mark.parametrize(("language", "key"), EACH)
def test_every_starter_gives_an_agent_that_can_be_published_as_it_is(owner, language, key):
    made = starters.create_project("Blue Door", starters.read(key, language), by=owner)
    found = checking.check(publish.freeze(made))
    assert [finding.code for finding in found] == (["no_topics"] if key == "blank" else [])
    version = publish.publish(made, by=owner)
    assert version.config["variants"][0]["attributes"]["business"] == "Blue Door"
    assert len(version.config["topics"]) == len(starters.read(key, language).topics) >= (0 if key == "blank" else 9)
    assert len(starters.untouched(version.config)) == len(version.config["topics"])
    assert made.agent.language == language and made.agent.voice in dict(registry.voices(language))


@pytest.mark.parametrize(("language", "key"), EACH)
def test_no_question_of_a_starter_belongs_to_two_topics(language, key):
    questions = [sample.lower() for topic in starters.read(key, language).topics for sample in topic["samples"]]
    assert len(questions) == len(set(questions))


@pytest.mark.parametrize("key", starters.WORDS)
def test_a_starter_is_as_complete_in_each_language_as_in_english(key):
    english, german = starters.read(key), starters.read(key, "de")

    def built(starter):
        topics = starter.topics
        return (
            set(starter.agent),
            [len(topics), sum(topic.get("first", False) for topic in topics)],
            sorted({name for text in texts(starter) for name in re.findall(r"\$\{(\w+)\}", text)}),
            set(starter.variant["attributes"]),
        )

    def texts(starter):
        return [*starter.agent.values(), *(topic["content"] for topic in starter.topics)]

    assert built(english) == built(german)
    for starter in (english, german):
        assert all(topic["spoken"] and len(topic["samples"]) >= 4 for topic in starter.topics)
    # Written anew: nothing was forgotten in English.
    assert set(texts(english)) & set(texts(german)) == {"Robin"}


@pytest.mark.parametrize(("reader", "suggested"), [("de-AT,de;q=0.9", "de"), ("en", "en"), ("fr", "en")])
def test_the_language_of_the_console_suggests_that_of_the_agent(console, reader, suggested):
    page = console.get(NEW, headers={"accept-language": reader}).content.decode()
    assert f'<option value="{suggested}" selected>' in page


def test_a_german_project_greets_answers_and_shows_its_card_in_german(console, owner):
    console.post(NEW, {"name": "Blaue Tür", "starter": "dentist", "language": "de"})
    made = Project.objects.get(name="Blaue Tür")
    assert made.agent.language == "de" and made.agent.voice == "pico:de-DE"
    assert made.agent.greeting.startswith("Guten Tag") and made.topics.filter(name="Sprechzeiten").exists()
    assert AuditEntry.objects.get(action="project.create").details["language"] == "de"
    widget = actions.create_widget(made, by=owner, name="Praxis")
    assert widget.draft["languages"] == ["de"]
    actions.save_draft(widget, {**widget.draft, "languages": ["en"]}, by=owner)
    actions.discard_draft(widget, by=owner)
    assert widget.draft["languages"] == ["de"]


def test_where_nothing_is_written_in_a_language_the_project_begins_in_english_and_says_so(console):
    page = console.post(NEW, {"name": "Blue Door", "starter": "shop", "language": "es"}, follow=True).content.decode()
    assert "Nothing is written in Spanish yet, so this project begins in English." in page
    assert Project.objects.get(slug="blue-door").agent.language == "en"


def test_before_a_publish_it_is_said_how_many_answers_are_still_the_starters(console, owner):
    made = starters.create_project("Blue Door", starters.read("hotel"), by=owner)
    dialog = reverse("console:publish", args=[made.slug])
    assert "10 answers still have the words of the starter" in console.get(dialog).content.decode()
    for topic in made.topics.exclude(name="Parking"):
        topic.content = f"Here: {topic.content}"
        topic.save()
    version = publish.publish(made, by=owner)
    promote = reverse("console:promote", args=[made.slug, version.number])
    assert "1 answer still has the words of the starter: “Parking”" in console.get(promote).content.decode()
    made.topics.update(content="Ask us.")
    assert starters.untouched(publish.freeze(made)) == []


def test_a_project_is_made_and_home_leads_on(console, owner):
    response = console.post(NEW, {"name": "  Blue   Door ", "starter": "restaurant"})
    made = Project.objects.get(slug="blue-door")
    assert response["Location"] == "/console/blue-door/" and made.name == "Blue Door"
    assert Member.objects.get(project=made).user == owner and Member.objects.get(project=made).role == Role.OWNER
    home = console.get("/console/blue-door/").content.decode()
    assert "0 of 5 done" in home and "Open Persona" in home
    assert publish.running(made, Environment.SANDBOX) is None
    assert AuditEntry.objects.filter(project=made, action="project.create").count() == 1


def test_the_checklist_ticks_what_is_published(console, owner):
    made = starters.create_project("Blue Door", starters.read("shop"), by=owner)
    publish.publish(made, by=owner)
    assert "1 of 5 done" in console.get("/console/blue-door/").content.decode()


@pytest.mark.parametrize(
    ("told", "kept"), [("Europe/Berlin", "Europe/Berlin"), ("UTC", ""), ("", ""), ("Moon/Base", ""), ("../etc", "")]
)
def test_a_new_project_lives_in_the_time_zone_of_whoever_makes_it(console, told, kept):
    assert console.post(NEW, {"name": "Blue Door", "starter": "blank", "time_zone": told}).status_code == 302
    assert Project.objects.get(slug="blue-door").time_zone == kept


@pytest.mark.parametrize(
    "values", [{"name": ""}, {"name": "x" * 61}, {"starter": "casino"}, {"name": "   "}, {"language": "xx"}]
)
def test_nothing_is_made_when_something_is_wrong(console, project, values):
    assert console.post(NEW, {"name": "Blue Door", "starter": "blank"} | values).status_code == 422
    assert Project.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "slug"), [("Other", "other-2"), ("new", "new-2"), ("Account", "account-2"), ("東京", "project")]
)
def test_an_address_that_is_taken_gets_a_number(owner, stranger, name, slug):
    assert starters.create_project(name, starters.read("blank"), by=owner).slug == slug


def test_the_first_superuser_is_led_to_make_a_project(client, admin_user):
    client.force_login(admin_user)
    response = client.get("/console/")
    assert response["Location"] == NEW
    assert "Make your first project" in client.get(NEW).content.decode()
    client.post(NEW, {"name": "Blue Door", "starter": "clinic"})
    assert client.get("/console/")["Location"] == "/console/blue-door/"


@pytest.mark.parametrize("who", ["editor", "analyst"])
def test_who_owns_nothing_makes_no_projects(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, {"name": "Blue Door", "starter": "blank"}).status_code == 403
    assert Project.objects.count() == 1


def test_a_project_is_renamed_and_keeps_its_address(console, project):
    page = reverse("console:project_settings", kwargs={"project": project.slug})
    console.post(page, {"name": "Harbour Boats"})
    project.refresh_from_db()
    assert (project.name, project.slug) == ("Harbour Boats", "harbour-bikes")
    assert AuditEntry.objects.get(action="project.rename").details["before"] == "Harbour Bikes"
    assert console.post(page, {"name": ""}).status_code == 422
    project.refresh_from_db()
    assert project.name == "Harbour Boats"


def test_the_switcher_lists_the_projects_a_person_is_in(console, owner, project, stranger):
    mine = starters.create_project("Blue Door", starters.read("blank"), by=owner)
    page = console.get(f"/console/{project.slug}/").content.decode()
    assert f"/console/{mine.slug}/" in page and "/console/other/" not in page


@pytest.fixture
def sounds(settings, tmp_path, furnished):
    """The furnished project's recording, and a spool, on the disk."""
    settings.SPOOL_DIR = tmp_path / "spool"
    options = settings.STORAGES["recordings"]["OPTIONS"] | {"location": tmp_path / "recordings"}
    settings.STORAGES = settings.STORAGES | {"recordings": settings.STORAGES["recordings"] | {"OPTIONS": options}}
    call = furnished.conversation
    name = storages["recordings"].save(f"{furnished.project.pk}/{call.pk}.ogg", ContentFile(b"sound"))
    Recording.objects.filter(conversation=call).update(file=name)
    spool_folder(call.pk).mkdir(parents=True)
    return lambda: (storages["recordings"].exists(str(furnished.project.pk)), spool_folder(call.pk).exists())


def test_a_deleted_project_leaves_nothing_behind_but_that_it_was_deleted(console, furnished, owner, stranger, sounds):
    gone = reverse("console:project_delete", kwargs={"project": furnished.project.slug})
    assert console.post(gone, {"typed": " harbour bikes "})["Location"] == "/console/"
    assert list(Project.objects.values_list("slug", flat=True)) == ["other"]
    assert not Conversation.objects.exists() and not Widget.objects.exists()
    line = AuditEntry.objects.get()
    assert (line.action, line.project, line.details["name"]) == ("project.delete", None, "Harbour Bikes")
    assert sounds() == (True, True)  # the worker's part
    tasks.sweep()
    assert sounds() == (False, False)
    assert not Outbox.objects.filter(done_at=None).exists()


def test_a_project_is_deleted_by_its_name_only(console, furnished, sounds):
    gone = reverse("console:project_delete", kwargs={"project": furnished.project.slug})
    for typed in ({}, {"typed": ""}, {"typed": "Harbour"}):
        page = console.post(gone, typed, follow=True).content.decode()
        assert "Nothing was deleted" in page
    assert Project.objects.exists() and Conversation.objects.exists() and not Outbox.objects.exists()


def test_who_may_edit_the_settings_and_owns_nothing_deletes_no_project(client, furnished, editor):
    Member.objects.filter(user=editor).update(access={"settings": "edit"})
    client.force_login(editor)
    settings_page = reverse("console:project_settings", kwargs={"project": furnished.project.slug})
    assert "Delete the project" not in client.get(settings_page).content.decode()
    assert client.post(settings_page + "delete/", {"typed": furnished.project.name}).status_code == 403
    assert Project.objects.exists()


def test_the_sound_of_very_many_calls_is_deleted_in_parts(project, owner):
    now = timezone.now()
    Conversation.objects.bulk_create(
        Conversation(project=project, reference=f"HB-{n}", environment="live", started_at=now)
        for n in range(SOUNDS_A_ROW + 1)
    )
    delete_project(project, owner)
    parts = [len(row.payload["conversations"]) for row in Outbox.objects.filter(task="delete_sound")]
    assert parts == [SOUNDS_A_ROW, 1]
