"""The checklist of a widget."""

from agents.authoring import publish
from widgets import actions
from widgets.install import readiness
from widgets.models import Widget


def levels(widget):
    return {need.code: need.level for need in readiness.needs(widget)}


def test_a_new_widget_lacks_everything_and_is_helped_step_by_step(project):
    widget = actions.create_widget(project, by=None, name="New")
    must = {"version": "missing", "domains": "missing", "published": "missing"}
    assert levels(widget) == must | {"enabled": "done", "recording": "warning", "seen": "warning"}
    publish.publish(project, by=None)
    actions.add_domain(widget, "example.com", by=None)
    actions.publish_widget(widget, by=None)
    assert {code: levels(widget)[code] for code in must} == dict.fromkeys(must, "done")


def test_recording_without_a_notice_is_warned_about(asking_widget):
    assert "recording" not in levels(asking_widget)
    actions.save_draft(asking_widget, {"recording": "after_consent"}, by=None)
    actions.publish_widget(asking_widget, by=None)
    assert levels(asking_widget)["recording"] == "warning"
    actions.save_draft(asking_widget, {"recording": "off"}, by=None)
    actions.publish_widget(asking_widget, by=None)
    assert "recording" not in levels(asking_widget)


def test_a_variant_that_the_running_version_lacks_is_warned_about(widget, project):
    project.variants.create(key="north", name="North", is_default=True)
    actions.set_variant(widget, "north", by=None)
    assert levels(widget)["variant"] == "warning"
    publish.publish(project, by=None)
    assert "variant" not in levels(widget)


def test_a_tag_that_was_seen_is_done(widget, client):
    client.get(f"/widget/{widget.code}.js", headers={"referer": "https://shop.example.com/"})
    assert levels(Widget.objects.get())["seen"] == "done"
