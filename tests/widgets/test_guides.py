"""The guides carry the widget's own code, and the four needs are ticked by what is really there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.authoring import publish
from agents.models import Variant
from widgets import actions
from widgets.install import embed, guides

KEYS = ["html", "tag_manager", "wordpress", "shopify", "webflow", "wix", "squarespace", "react"]


def ticks(widget):
    widget.refresh_from_db()
    return {need.code: need.level for need in guides.needs(widget)}


def test_every_kind_of_site_has_a_guide_with_the_real_code(widget):
    made = guides.guides(widget)
    assert [guide.key for guide in made] == KEYS
    for guide in made:
        codes = [step.code for step in guide.steps if step.code]
        assert codes and all(embed.script_url(widget) in code for code in codes)
        assert all(step.text and (step.language or not step.code) for step in guide.steps)


def test_a_new_code_is_in_the_guides_at_once(widget):
    old = widget.code
    new = actions.rotate_code(widget, by=None)
    codes = [step.code for guide in guides.guides(widget) for step in guide.steps if step.code]
    assert all(new in code and old not in code for code in codes)


def test_the_headers_are_the_exact_lines(settings, widget):
    settings.PUBLIC_URL = "https://calls.example.com"
    assert [(header.name, header.value) for header in guides.headers(widget)] == [
        ("Content-Security-Policy", "script-src https://calls.example.com; frame-src https://calls.example.com"),
        (
            "Permissions-Policy",
            'microphone=(self "https://calls.example.com"), autoplay=(self "https://calls.example.com")',
        ),
    ]


def test_the_four_needs_are_ticked_one_by_one(project, settings):
    settings.PUBLIC_URL = "http://calls.example.com"
    widget = actions.create_widget(project, by=None, name="Shop phone")
    history = [ticks(widget)]
    publish.publish(project, by=None)
    history.append(ticks(widget))
    actions.add_domain(widget, "example.com", by=None)
    history.append(ticks(widget))
    widget.seen_at, widget.seen_host = timezone.now(), "example.com"
    widget.save()
    history.append(ticks(widget))
    settings.PUBLIC_URL = "https://calls.example.com"
    history.append(ticks(widget))
    assert [list(tick.values()).count("done") for tick in history] == [0, 1, 2, 3, 4]
    assert list(history[0]) == ["variant", "domain", "seen", "https"]


def test_a_variant_that_was_not_published_is_a_warning(project, widget):
    Variant.objects.create(project=project, key="north", name="North", attributes={}, is_default=True)
    actions.set_variant(widget, "north", by=None)
    assert ticks(widget)["variant"] == "warning"


ADDRESSES = [("http://localhost:8000", "warning"), ("https://a.example", "done"), ("http://a.example", "missing")]


@pytest.mark.parametrize(("url", "level"), ADDRESSES)
def test_https_is_asked_for_everywhere_but_on_this_computer(widget, settings, url, level):
    settings.PUBLIC_URL = url
    assert ticks(widget)["https"] == level


def test_a_rotated_code_says_that_the_snippet_changed_until_the_new_tag_is_seen(widget):
    assert not embed.snippet(widget).changed
    widget.seen_at, widget.seen_host = timezone.now() - timedelta(minutes=5), "example.com"
    widget.save()
    actions.rotate_code(widget, by=None)
    assert embed.snippet(widget).changed and ticks(widget)["seen"] == "missing"
    widget.seen_at = timezone.now()
    widget.save()
    assert not embed.snippet(widget).changed and ticks(widget)["seen"] == "done"
