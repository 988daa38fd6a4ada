"""Home, Persona, Knowledge, Variants, Versions."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.authoring import publish
from agents.models import Agent, AuditEntry, Deployment, Environment, Topic, Variant, Version
from calling.models import Conversation, TopicUse, Turn
from calling.record import outcomes
from widgets.models import AllowedDomain, Widget


@pytest.fixture
def page(client, owner, project):
    client.force_login(owner)

    def get(path="", **given):
        return client.get(f"/console/{project.slug}/{path}", given).content.decode()

    return get


@pytest.fixture
def send(client, owner, project):
    client.force_login(owner)

    def post(path, **values):
        return client.post(f"/console/{project.slug}/{path}", values)

    return post


def persona(**changes):
    return {"name": "Robin", "greeting": "Hello.", "disclaimer": ""} | changes


# ── Home ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_home_shows_a_newcomer_the_way_to_the_first_call(page):
    text = page()
    assert "0 of 5 done" in text
    assert "Open Persona" in text and "Add widget" in text


def test_home_ticks_what_is_done_and_shows_the_evidence(page, furnished):
    text = page()
    assert "3 of 5 done" in text
    assert "Version 1 runs in Sandbox" in text
    assert "Open Embed" in text


def test_home_tells_the_day_in_a_sentence_whose_numbers_add_up(page, furnished, make_call):
    Conversation.objects.all().delete()
    make_call(minutes_ago=0)
    Turn.objects.filter(conversation=make_call(minutes_ago=0), source="unknown").delete()
    silent = [make_call(minutes_ago=0), make_call(minutes_ago=0, ended_at=None)]
    Turn.objects.filter(conversation__in=silent).delete()
    outcomes.tell(list(Conversation.objects.values_list("pk", flat=True)))
    said = re.search(r'<p class="said">(.*?)</p>', page())[1]
    assert re.sub(r"<[^>]*>", "", said) == (
        "4 calls today: 1 got an answer, 1 left with a question, 1 asked nothing or did not get through "
        "and 1 still on the line."
    )


def test_home_names_the_sites_of_widgets_that_are_on_and_published_each_once(page, furnished):
    mine = Widget.objects.filter(project=furnished.project)
    mine.update(enabled=True, published={"recording": "on"}, seen_at=timezone.now(), archived_at=None)
    mine.first().domains.all().delete()
    AllowedDomain.objects.create(widget=mine.first(), host="one.example")
    AllowedDomain.objects.create(widget=mine.first(), host="two.example")
    second = Widget.objects.create(project=furnished.project, name="Second", seen_at=timezone.now(), published={"a": 1})
    AllowedDomain.objects.create(widget=second, host="two.example")
    AllowedDomain.objects.create(widget=second, host="three.example")
    assert "Visitors of three.example, two.example and one.example hear version 1." in page()
    Widget.objects.filter(pk=second.pk).update(enabled=False)
    assert "Visitors of one.example and two.example hear version 1." in page()


def test_home_says_the_greeting_with_the_words_of_the_default_variant(page, furnished):
    Agent.objects.update(greeting="Hello from ${variant_city}.")
    publish.publish(furnished.project, by=None)
    assert "“Hello from Bath.”" in page()


def test_tests_do_not_count_as_calls_of_the_day(page, furnished):
    Conversation.objects.update(is_test=True)
    assert "Nobody has called today yet." in page()


# ── Persona ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_persona_keeps_what_is_written_in_the_draft_only(send, furnished):
    send("persona/", **persona(greeting="Good day."))
    assert Agent.objects.get(project=furnished.project).greeting == "Good day."
    assert publish.running(furnished.project, "sandbox").config["agent"]["greeting"] != "Good day."
    assert AuditEntry.objects.filter(action="agent.edit").get().details["fields"] == ["greeting"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 51), ("greeting", ""), ("greeting", "x" * 501), ("disclaimer", "x" * 501)],
)
def test_persona_refuses_what_is_too_long_or_missing_and_says_where(send, project, field, value):
    response = send("persona/", **persona(**{field: value}))
    text = response.content.decode()
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in text and f"id_{field}_error" in text.split(f'name="{field}"')[1][:400]
    assert Agent.objects.get(project=project).name == "Robin"


def test_persona_takes_names_and_greetings_up_to_their_limits(send, project):
    send("persona/", **persona(name="x" * 50, greeting="y" * 500))
    assert Agent.objects.get(project=project).name == "x" * 50


# ── Knowledge ────────────────────────────────────────────────────────────────────────────────────────────────


def topic(**changes):
    return {"name": "Parking", "content": "Behind the shop.", "samples": "Where?\n\nWhere?\nCan I park?"} | changes


def test_a_topic_is_made_from_a_name_an_answer_and_questions(send, project):
    send("knowledge/new/", **topic(active="on"))
    made = Topic.objects.get(project=project)
    assert (made.name, made.samples, made.active) == ("Parking", ["Where?", "Can I park?"], True)


def test_a_topic_goes_first_and_has_a_name_of_its_own_when_it_is_spoken(send, page, project):
    send("knowledge/new/", **topic(active="on", first="on", spoken="  where   to park "))
    made = Topic.objects.get(project=project)
    assert (made.first, made.spoken) == (True, "where to park")
    assert "Goes first" in page("knowledge/")


@pytest.mark.parametrize(
    "changes",
    [
        {"spoken": "x" * 61},
        {"name": ""},
        {"name": "x" * 101},
        {"content": ""},
        {"content": "x" * 2001},
        {"samples": "\n".join(f"Question {n}?" for n in range(21))},
        {"samples": "x" * 201},
    ],
)
def test_a_topic_out_of_its_limits_is_not_kept(send, project, changes):
    assert send("knowledge/new/", **topic(**changes)).status_code == 422
    assert not Topic.objects.filter(project=project).exists()


def test_two_topics_cannot_share_a_name(send, furnished):
    response = send("knowledge/new/", **topic(name="Opening hours"))
    assert response.status_code == 422
    assert "Another topic has this name." in response.content.decode()
    assert Topic.objects.count() == 1


def test_an_unanswered_question_is_carried_into_a_new_topic(page):
    assert "Do you sell boats?" in page("knowledge/new/", question="Do you sell boats?")


def test_a_topic_is_switched_off_and_deleted(send, furnished):
    send(f"knowledge/{furnished.topic.pk}/", **topic(name="Opening hours"))
    furnished.topic.refresh_from_db()
    assert not furnished.topic.active
    send(f"knowledge/{furnished.topic.pk}/delete/")
    assert not Topic.objects.exists()


def test_a_topic_that_differs_from_what_visitors_hear_is_marked(page, furnished):
    assert "Changed" not in page("knowledge/")
    Topic.objects.update(content="From ten.")
    assert "Changed" in page("knowledge/")


def test_topics_are_found_by_name_answer_and_question(page, furnished):
    for words in ("opening", "nine to six", "Open?"):
        assert "Opening hours" in page("knowledge/", q=words)
    assert "Nothing found" in page("knowledge/", q="boats")


# ── Variants ─────────────────────────────────────────────────────────────────────────────────────────────────


def table(*rows, columns=("city",)):
    return json.dumps({"columns": list(columns), "rows": list(rows)})


def row(name, key="", default=False, **attributes):
    return {"key": key, "name": name, "is_default": default, "attributes": attributes}


def test_variants_are_kept_with_keys_of_their_own(send, furnished):
    send("variants/", table=table(row("Harbour", "harbour", True, city="Bath"), row("North Side", city="York")))
    assert dict(Variant.objects.values_list("key", "attributes")) == {
        "harbour": {"city": "Bath"},
        "north-side": {"city": "York"},
    }


def test_the_default_can_move_from_one_variant_to_another(send, furnished):
    send("variants/", table=table(row("Harbour", "harbour"), row("North", default=True)))
    assert Variant.objects.get(is_default=True).name == "North"


@pytest.mark.parametrize(
    "given",
    [
        table(row("Harbour", "harbour")),
        table(row("", default=True)),
        table(row("A", "same", True), row("B", "same")),
        table(row("A", default=True), columns=("No spaces please",)),
        table(row("A", default=True), columns=("a", "a")),
        table(row("A", default=True, city="x" * 501)),
        table(row("A", default=True), columns=[f"c{n}" for n in range(51)]),
        "not json",
        '{"rows": 3}',
    ],
)
def test_a_table_that_cannot_be_kept_changes_nothing(send, furnished, given):
    send("variants/", table=given)
    assert list(Variant.objects.values_list("key", "attributes")) == [("harbour", {"city": "Bath"})]


# ── Versions ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_publishing_makes_a_version_for_sandbox_and_leaves_live_alone(send, furnished):
    Agent.objects.update(greeting="Good day.")
    send("publish/", note="New greeting")
    assert publish.running(furnished.project, "sandbox").note == "New greeting"
    assert publish.running(furnished.project, "live") is None


def test_a_draft_that_cannot_be_published_says_why(send, page, project):
    Agent.objects.update(greeting="  ")
    send("publish/")
    assert "The greeting is empty" in page("versions/")
    assert not Version.objects.exists()


def test_a_version_is_promoted_and_brought_back(send, furnished):
    send("versions/1/promote/", environment="live")
    Agent.objects.update(greeting="Good day.")
    send("publish/")
    send("versions/2/promote/", environment="live")
    send("versions/1/promote/", environment="live")
    history = Deployment.objects.filter(environment=Environment.LIVE).order_by("id")
    assert list(history.values_list("version__number", flat=True)) == [1, 2, 1]


def test_promoting_to_nowhere_changes_nothing(send, furnished):
    before = Deployment.objects.count()
    send("versions/1/promote/", environment="moon")
    assert send("versions/9/promote/", environment="live").status_code == 404
    assert Deployment.objects.count() == before


def test_versions_say_in_words_what_would_change(page, send, furnished):
    send("versions/1/promote/", environment="live")
    Topic.objects.update(content="From ten.")
    Topic.objects.create(project=furnished.project, name="Parking", content="Behind.")
    send("publish/")
    text = page("versions/")
    assert "1 new topic" in text and "“Parking”" in text
    assert "<del>From nine to six.</del> <ins>From ten.</ins>" in text


def test_the_way_back_after_publishing_stays_on_this_site(client, owner, furnished):
    client.force_login(owner)
    for there in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        response = client.post(f"/console/{furnished.project.slug}/publish/", {"next": there})
        assert response["Location"] == f"/console/{furnished.project.slug}/versions/"


# ── All of them ──────────────────────────────────────────────────────────────────────────────────────────────


def test_lists_ask_the_database_as_often_for_many_rows_as_for_few(client, owner, furnished):
    client.force_login(owner)

    def queries(path):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(f"/console/{furnished.project.slug}/{path}").status_code == 200
        return len(asked)

    paths = ("", "knowledge/", "variants/", "versions/")
    for path in paths:
        queries(path)  # the first visit keeps the project in the session
    few = {path: queries(path) for path in paths}
    for number in range(50):
        Topic.objects.create(project=furnished.project, name=f"Topic {number}", content="Answer.")
        Variant.objects.create(project=furnished.project, key=f"v{number}", name=f"Variant {number}")
        publish.publish(furnished.project, by=owner)
    assert {path: queries(path) for path in paths} == few


def test_what_people_write_is_never_read_as_markup(page, furnished):
    Topic.objects.update(name="<script>alert(1)</script>", content="<img src=x onerror=alert(1)>")
    Variant.objects.update(name="</script><script>alert(2)</script>")
    for path in ("knowledge/", f"knowledge/{furnished.topic.pk}/", "variants/", "versions/", ""):
        text = page(path)
        assert "<script>alert" not in text and "<img src=x" not in text


def test_what_a_voice_cannot_say_is_told_beside_its_field(page, project):
    Agent.objects.filter(project=project).update(greeting="Hello, Привет")
    topic = Topic.objects.create(project=project, name="Hours", content="On 12/05/2026.")

    assert "The voice has no sound for “Привет” and leaves it out." in page("persona/")
    assert "“12/05/2026” is said as 5 December 2026." in page(f"knowledge/{topic.pk}/")


def test_topics_stand_in_one_line_each_with_how_often_they_answered_the_most_asked_first(page, project):
    for name in ("Aardvarks", "Hours", "Emergency"):
        Topic.objects.create(project=project, name=name, content="Yes.", first=name == "Emergency")
    TopicUse.objects.create(project=project, name="Hours", day=timezone.localdate(), count=12)
    names = re.compile(r'class="row-link" href="[^"]*knowledge/\d+/">([^<]*)<')
    text = page("knowledge/")
    assert names.findall(text) == ["Emergency", "Hours", "Aardvarks"] and ">12</td>" in text
    assert names.findall(page("knowledge/", order="name")) == ["Aardvarks", "Emergency", "Hours"]


def test_home_tells_of_seven_and_thirty_days_with_a_bar_for_each(page, furnished, make_call):
    Conversation.objects.all().delete()
    for days in (0, 2, 2, 8, 29, 40):
        make_call(started_at=timezone.now() - timedelta(days=days))
    for days, calls, before in (("7", 3, 1), ("30", 5, 1)):
        text = page(days=days)
        assert f"{calls} calls in {days} days:" in text and f"In the {days} days before: {before} call" in text
        bars = re.findall(r'<rect x="[^"]*" y="[^"]*" width="8" height="([\d.]+)"', text)
        assert len(bars) == (2 if days == "7" else 4) and "80.0" in bars
    assert "1 call today" in page(days="x")
