"""The content of a widget in three parts, of one form; the ways to it lead to the part that is meant."""

import re

import pytest
from django.urls import reverse

from widgets import actions
from widgets.models import Widget


@pytest.fixture(params=["phone", "chat"])
def parts(request, client, owner, furnished):
    """The fields of each part, by its id."""
    widget = furnished.widget
    if request.param == "chat":
        widget = actions.create_widget(furnished.project, by=owner, name="In writing", address="a.de", kind="chat")
    client.force_login(owner)
    text = client.get(reverse("console:widget_content", args=[furnished.project.slug, widget.pk])).content.decode()
    form = text.partition('id="editor"')[2].partition("</form>")[0]
    ways = re.findall(r'<a href="#(part-\w+)" data-moment="(\w+)"', form)
    pieces = re.split(r'<div id="(part-\w+)" data-part>', form)
    named = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    assert [way for way, _moment in ways] == list(named) == ["part-words", "part-consent", "part-after"]
    return {part: set(re.findall(r'name="(\w+)"', piece)) for part, piece in named.items()}


def test_each_part_has_what_it_is_called_after(parts):
    assert {"languages", "texts__en__questions"} <= parts["part-words"]
    assert {"consent__enabled", "policies__enabled"} <= parts["part-consent"]
    assert {"rating", "hours__enabled", "contact__phone"} <= parts["part-after"]
    fields = [field for part in parts.values() for field in part]
    assert len(fields) == len(set(fields)), "no field stands in two parts"


def test_search_and_the_list_of_what_is_missing_lead_to_the_part(client, owner, furnished):
    client.force_login(owner)
    unasked = furnished.widget.published | {
        "recording": "on",
        "consent": {"enabled": False, "message": "", "button": ""},
    }
    Widget.objects.filter(pk=furnished.widget.pk).update(draft=unasked, published=unasked)
    found = client.get(reverse("console:search", args=[furnished.project.slug]), {"q": "disclaimer"}).json()
    assert found["groups"][0]["rows"][0]["url"].endswith("/content/#part-consent")
    page = client.get(reverse("console:widget_styling", args=[furnished.project.slug, furnished.widget.pk]))
    assert "/content/#part-consent" in page.content.decode()
