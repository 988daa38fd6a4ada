"""The audit page: filters, pages, the file, and nothing that changes a line."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone

from agents.authoring import drafting
from agents.models import AuditEntry, Topic
from agents.people import audit
from calling.models import Recording
from studio.pages.people import before_after
from studio.pages.people.audit import ACTIONS
from studio.pages.people.before_after import Piece
from tests.test_docs import read, section


@pytest.fixture
def page(project):
    return reverse("console:audit", kwargs={"project": project.slug})


@pytest.fixture
def console(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def lines(project, owner, editor):
    audit.record(owner, "topic.edit", project, "topic:1", name="Opening hours")
    audit.record(editor, "widget.publish", project, "widget:1", name="Shop phone", environment="live")
    audit.record(None, "topics.import", project, "topics", created=3)
    old = audit.record(editor, "topic.delete", project, "topic:2", name="Old prices")
    AuditEntry._base_manager.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=40))


def shown(console, where, **query):
    return console.get(where, query).getvalue().decode()


def test_a_line_reads_as_a_sentence(console, page, lines):
    said = shown(console, page)
    assert "Published a widget" in said and "Shop phone" in said and "in Live" in said
    assert "The program itself" in said and "3 new" in said


def test_a_line_names_fields_and_starters_as_their_pages_do(console, page, project, owner):
    audit.record(owner, "agent.edit", project, "agent:1", fields=["greeting", "something_new"])
    audit.record(owner, "project.create", project, "project:1", starter="restaurant")

    said = shown(console, page)

    assert "fields: Greeting, something_new" in said and "from: Restaurant" in said


def test_lines_are_found_by_person_action_and_day(console, page, lines):
    assert "Shop phone" not in shown(console, page, who="olga")
    topics = shown(console, page, what="topic")
    assert "Opening hours" in topics and "Old prices" in topics and "Shop phone" not in topics
    today = timezone.localdate()
    assert "Old prices" not in shown(console, page, **{"from": str(today - timedelta(days=2))})
    before = shown(console, page, to=str(today - timedelta(days=20)))
    assert "Old prices" in before and "Opening hours" not in before


def test_people_are_named_as_their_colleagues_know_them(console, page, lines, editor):
    assert re.findall(r'<td class="who">(.*?)</td>', shown(console, page, who="emil")) == ["emil", "emil"]
    editor.first_name, editor.last_name = "Emil", "Brandt"
    editor.save()
    said = shown(console, page, who="emil")
    assert re.findall(r'<td class="who">(.*?)</td>', said) == ["Emil Brandt", "Emil Brandt"]
    assert '<option value="emil" selected>Emil Brandt</option>' in said
    editor.delete()
    assert re.findall(r'<td class="who">(.*?)</td>', shown(console, page, who="emil")) == ["emil", "emil"]


@pytest.mark.parametrize("query", [{"what": "x'--"}, {"from": "yesterday"}, {"to": "2026-99-99"}, {"page": "-1"}])
def test_a_filter_that_means_nothing_is_left_out(console, page, lines, query):
    assert "Opening hours" in shown(console, page, **query)


def test_another_projects_lines_are_not_there(console, page, lines, stranger):
    other = stranger.memberships.get().project
    audit.record(stranger, "topic.edit", other, "topic:9", name="Secret recipe")
    assert "Secret recipe" not in shown(console, page) and "Secret recipe" not in shown(console, page, **{"as": "csv"})


def test_the_file_has_what_the_filters_show(console, page, lines):
    response = console.get(page, {"as": "csv", "who": "emil"})
    assert response["Content-Disposition"].startswith('attachment; filename="audit-harbour-bikes-')
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [(row["who"], row["action"], row["target"]) for row in rows] == [
        ("emil", "topic.delete", "Old prices"),
        ("emil", "widget.publish", "Shop phone"),
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_the_file_is_a_formula(console, page, project, owner, name):
    audit.record(owner, "topic.edit", project, "topic:1", name=name)
    text = console.get(page, {"as": "csv"}).getvalue().decode("utf-8-sig")
    assert all(
        not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in csv.reader(io.StringIO(text)) for cell in row
    )


def test_nothing_sent_to_the_page_changes_it(console, page, lines):
    before = list(AuditEntry.objects.values())
    for method in (console.post, console.put, console.patch, console.delete):
        assert method(page).status_code in (403, 405)
    assert list(AuditEntry.objects.values()) == before


def test_many_lines_take_as_many_queries_as_few(console, page, project, owner, lines, django_assert_max_num_queries):
    with django_assert_max_num_queries(15) as few:
        console.get(page)
    many = [
        AuditEntry(project=project, actor=owner, actor_name="olga", action="x.y", target="z") for _n in range(10_000)
    ]
    AuditEntry.objects.bulk_create(many)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert "1 to 50 of 10004" in console.get(page).content.decode().replace(",", "")


def test_an_empty_project_says_so(console, page):
    assert "Nothing has happened yet" in shown(console, page)


def test_every_action_that_a_project_keeps_has_its_words():
    described = re.findall(r"`([a-z]+\.[a-z_]+)`", section(read("docs/events.md"), "Audit"))
    assert {one for one in described if not one.startswith("account.")} <= set(ACTIONS)


# ── Before and after ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_line_opens_to_what_it_changed(console, page, project, owner):
    drafting.save_persona(project.agent, {"greeting": "Hello, this is Robin, a computer voice. How can I help?"}, owner)
    said = " ".join(shown(console, page).split())
    assert "Greeting" in said and "Hello, this is" in said
    assert "<del>Robin.</del> <ins>Robin, a computer voice.</ins> How can I help?" in said


def test_a_topics_words_are_compared_and_what_visitors_asked_is_only_counted(console, page, project, owner):
    topic = Topic.objects.create(project=project, name="Hours", content="From nine.", samples=["Open?"])
    values = {"name": "Hours", "content": "From ten.", "samples": ["Open?", "My name is Eve, are you open?"]}
    drafting.save_topic(project, topic, values, owner)
    said = " ".join(shown(console, page).split())
    assert "<del>nine.</del> <ins>ten.</ins>" in said and "<del>1</del> <ins>2</ins>" in said
    assert "Eve" not in str(AuditEntry.objects.get().details)


def test_what_acts_at_once_and_who_may_what_opens_too(console, page, project, owner):
    audit.record(owner, "widget.domains", project, "widget:1", before=["a.example"], after=["a.example", "b.example"])
    audit.record(owner, "member.edit", project, "member:1", name="Emil", role="owner", before="editor", access={})
    audit.record(owner, "project.rename", project, project, before="Old name")
    audit.record(owner, "widget.enabled", project, "widget:1", before=True, after=False)
    said = " ".join(shown(console, page).split())
    assert "<ins>a.example, b.example</ins>" in said
    assert "<del>Editor</del> <ins>Owner</ins>" in said and "<del>yes</del> <ins>no</ins>" in said
    assert "<del>Old name</del> <ins>Harbour Bikes</ins>" in said
    assert said.count("Before and after") == 4


def test_texts_without_anything_in_common_stand_one_after_the_other():
    assert before_after.pieces("one two", "three four") == [Piece("gone", "one two"), Piece("new", "three four")]
    assert before_after.pieces("", "new") == [Piece("new", "new")]
    long = "word " * (before_after.WORDS_MOST + 1)
    assert [piece.kind for piece in before_after.pieces(long, long + "end")] == ["gone", "new"]


# ── Who listened ─────────────────────────────────────────────────────────────────────────────────────────────


def test_who_hears_a_recording_is_noted_once_for_a_stretch_of_listening(console, furnished, owner):
    name = storages["recordings"].save("heard.ogg", ContentFile(b"0123456789"))
    Recording.objects.update(file=name)
    sound = reverse("console:recording", args=["harbour-bikes", furnished.conversation.pk])
    for _piece in range(3):
        console.get(sound, headers={"Range": "bytes=2-4"})
    console.get(sound + "?download")
    console.head(sound)
    console.get(sound, headers={"Range": "bytes=99-"})
    lines = AuditEntry.objects.filter(target=f"conversation:{furnished.conversation.pk}")
    assert [(line.action, line.actor) for line in lines] == [
        ("conversation.take_sound", owner),
        ("conversation.listen", owner),
    ]


def test_opening_a_conversation_is_not_listening(console, furnished):
    one = reverse(
        "console:conversation", kwargs={"project": "harbour-bikes", "conversation": furnished.conversation.pk}
    )
    assert '<audio preload="none"' in console.get(one).content.decode()
