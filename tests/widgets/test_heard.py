"""What visitors hear is one truth: by their widget’s environment and what runs there, not by what Live holds."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.authoring import publish
from agents.models import Agent, Deployment, Environment
from widgets import actions
from widgets.install import heard
from widgets.models import Widget


def say(project):
    return [sentence.words for sentence in heard.sentences(heard.ways_in(project))]


@pytest.fixture
def seen(widget):
    Widget.objects.update(seen_at=timezone.now(), seen_host="shop.example.com")
    return widget


def test_a_widget_in_sandbox_is_heard_by_its_visitors_whatever_runs_in_live(project, seen):
    publish.deploy(project, Environment.LIVE, publish.newest(project), None)
    Agent.objects.update(greeting="Good day.")
    publish.publish(project, by=None)
    assert say(project) == ["Visitors of example.com hear version 2."]
    actions.set_environment(seen, Environment.LIVE, by=None)
    assert say(project) == ["Visitors of example.com hear version 1."]


def test_sites_that_hear_the_same_share_a_sentence(project, seen):
    other = actions.create_widget(project, by=None, name="Other", address="other.example.net")
    actions.publish_widget(other, by=None)
    Widget.objects.update(seen_at=timezone.now())
    assert say(project) == ["Visitors of other.example.net and example.com hear version 1."]


def test_widgets_of_one_site_that_say_different_things_are_named(project, seen):
    other = actions.create_widget(project, by=None, name="Other", address="example.com")
    actions.publish_widget(other, by=None)
    Widget.objects.update(seen_at=timezone.now())
    publish.deploy(project, Environment.LIVE, publish.newest(project), None)
    Agent.objects.update(greeting="Good day.")
    publish.publish(project, by=None)
    actions.set_environment(other, Environment.LIVE, by=None)
    assert say(project) == [
        "Visitors of example.com hear version 1 through “Other”.",
        "Visitors of example.com hear version 2 through “Shop phone”.",
    ]


def test_many_sites_are_counted(project, seen):
    actions.set_domains(seen, [f"shop{n}.example" for n in range(9)], by=None)
    assert say(project) == ["Visitors of shop0.example, shop1.example, shop2.example and 6 more sites hear version 1."]


def test_where_nothing_runs_visitors_cannot_call(project, seen):
    Deployment.objects.all().delete()
    assert say(project) == ["Visitors of example.com cannot call: nothing runs in Sandbox."]


def test_a_tag_that_was_never_seen_is_told_as_to_come(project, widget):
    assert say(project) == ["Visitors of example.com will hear version 1 once your tag is on the site."]


@pytest.mark.parametrize("closed", ["enabled", "published", "archived", "domains"])
def test_a_widget_that_nobody_can_call_is_heard_by_nobody(project, seen, closed):
    if closed == "enabled":
        actions.set_enabled(seen, False, by=None)
    elif closed == "published":
        Widget.objects.update(published=None)
    elif closed == "archived":
        actions.archive_widget(seen, by=None)
    else:
        seen.domains.all().delete()
    assert say(project) == []


def test_a_call_page_is_a_way_in_of_its_own_with_an_environment_of_its_own(project, seen):
    later = timezone.now() + timedelta(hours=1)
    actions.save_call_page(seen, by=None, enabled=True, environment=Environment.LIVE, expires_at=later)
    assert say(project) == [
        "Visitors of example.com hear version 1.",
        "Callers of the page of “Shop phone” cannot call: nothing runs in Live.",
    ]
    seen.call_page.expires_at = timezone.now() - timedelta(hours=1)
    seen.call_page.save()
    assert say(project) == ["Visitors of example.com hear version 1."]


def test_after_a_publish_and_after_a_promotion_different_people_hear_the_change(project, seen):
    assert heard.sites(heard.ways_in(project), Environment.SANDBOX) == "example.com"
    assert heard.sites(heard.ways_in(project), Environment.LIVE) == ""
    actions.set_environment(seen, Environment.LIVE, by=None)
    assert heard.sites(heard.ways_in(project), Environment.LIVE) == "example.com"


def test_many_widgets_are_told_with_as_few_questions_as_one(project, seen):
    with CaptureQueriesContext(connection) as few:
        heard.ways_in(project)
    for number in range(20):
        more = actions.create_widget(project, by=None, name=f"W{number}", address=f"w{number}.example")
        actions.publish_widget(more, by=None)
    with CaptureQueriesContext(connection) as many:
        assert len(heard.ways_in(project)) == 21
    assert len(many) == len(few)
