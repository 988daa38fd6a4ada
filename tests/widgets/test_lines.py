"""How many calls a widget, a project and an address may have at a time."""

import pytest

from agents.authoring import publish
from agents.models import Agent, Project
from widgets import actions
from widgets.admission import limits, lines
from widgets.models import Widget

ADDRESS = "192.0.2.7"


@pytest.fixture
def other(db):
    """Another project, with a widget that takes calls."""
    project = Project.objects.create(name="Bakery", slug="bakery")
    Agent.objects.create(project=project, name="Bo", greeting="Hello.")
    publish.publish(project, by=None)
    widget = actions.create_widget(project, by=None, name="Bakery", address="bakery.example")
    actions.publish_widget(widget, by=None)
    return widget


def test_a_claim_says_whose_call_it_is_and_names_no_address(widget, settings):
    actions.set_max_calls(widget, 3, by=None)
    settings.CALLS_PER_ADDRESS = 5
    claim = lines.claim(Widget.objects.get(), ADDRESS)
    assert (claim.widget_id, claim.widget_most, claim.project_id) == (widget.pk, 3, widget.project_id)
    assert (claim.address, claim.address_most) == (limits.visitor_hash(ADDRESS), 5)
    assert ADDRESS not in repr(claim)


def test_a_project_that_is_alone_may_have_every_line(widget):
    assert lines.claim(widget, ADDRESS).project_most is None


def test_beside_another_one_a_project_may_have_three_lines_in_four(widget, other, settings):
    settings.MAX_CALLS = 8
    assert lines.claim(widget, ADDRESS).project_most == lines.claim(other, ADDRESS).project_most == 6
    settings.MAX_CALLS = 1
    assert lines.claim(widget, ADDRESS).project_most == 1


@pytest.mark.parametrize("taken_away", ["off", "archived", "unpublished"])
def test_a_project_whose_widgets_take_no_calls_takes_nothing_from_another_one(widget, other, taken_away):
    if taken_away == "off":
        actions.set_enabled(other, False, by=None)
    elif taken_away == "archived":
        actions.archive_widget(other, by=None)
    else:
        Widget.objects.filter(pk=other.pk).update(published=None)
    assert lines.claim(widget, ADDRESS).project_most is None


def test_an_operator_says_how_many_a_project_may_have(widget, settings):
    settings.CALLS_PER_PROJECT = 2
    assert lines.claim(widget, ADDRESS).project_most == 2
