"""What the list of conversations is narrowed to: views to turn to, a chip for each filter with the way without it."""

import re

import pytest
from django.urls import reverse

from calling.models import Tag
from studio.pages.calls import chips


@pytest.fixture
def listed(client, owner, furnished):
    client.force_login(owner)
    page = reverse("console:conversations", kwargs={"project": furnished.project.slug})
    return lambda **given: client.get(page, given).content.decode()


def views(text):
    nav = text.partition('<nav class="views"')[2].partition("</nav>")[0]
    return re.findall(r'<a href="\?([^"]*)"( aria-current="page")?>([^<]*)', nav)


def chips_of(text):
    return re.findall(r"<b>([^<]*)</b> ([^<]*)</button><a href=\"\?([^\"]*)\"", text)


def test_the_plain_list_is_everything_and_has_no_chip(listed):
    text = listed()
    assert [label.strip() for _query, here, label in views(text) if here] == ["Everything"]
    assert chips_of(text) == []


def test_a_view_keeps_what_else_narrows_the_list_and_says_no_chip_for_itself(listed, furnished):
    text = listed(state="todo", environment="live")
    assert [label.strip() for _query, here, label in views(text) if here] == ["To do"]
    assert chips_of(text) == [("Environment", "Live", "state=todo")]
    assert ("environment=live&amp;result=failed", "", "Failed") in views(text)


def test_each_filter_is_a_chip_with_the_way_to_the_list_without_it(listed, furnished):
    furnished.conversation.tags.add(Tag.objects.create(project=furnished.project, name="Call back"))
    text = listed(q="open", widget=furnished.widget.pk, since="7", state="unread", tag="Call back")
    pk = furnished.widget.pk
    assert chips_of(text) == [
        ("When", "Last 7 days", f"widget={pk}&amp;state=unread&amp;tag=Call+back&amp;q=open"),
        ("Widget", "Shop phone", "since=7&amp;state=unread&amp;tag=Call+back&amp;q=open"),
        ("Work", "Unread", f"widget={pk}&amp;since=7&amp;tag=Call+back&amp;q=open"),
        ("Tag", "Call back", f"widget={pk}&amp;since=7&amp;state=unread&amp;q=open"),
    ]
    assert not any(here for _query, here, _label in views(text)), "no view is what is shown"


def test_the_search_and_the_filters_carry_each_other_along(listed):
    text = listed(q="open", environment="live")
    finder, dialog = text.partition('<form role="search"')[2], text.partition('id="filter"')[2]
    assert '<input type="hidden" name="environment" value="live">' in finder.partition("</form>")[0]
    assert '<input type="hidden" name="q" value="open">' in dialog and '<option value="live" selected>' in dialog


def test_what_is_left_to_do_is_counted_and_much_is_much(listed, furnished, make_call, monkeypatch):
    monkeypatch.setattr(chips, "COUNTED_MOST", 1)
    assert 'To do <span class="n">1</span>' in listed(state="handled")
    make_call(wanting=True)
    assert 'To do <span class="n">1+</span>' in listed(result="failed")


def test_a_reader_without_personal_data_searches_references_only(client, analyst, furnished):
    furnished.project.members.filter(user=analyst).update(access={"personal_data": False})
    client.force_login(analyst)
    text = client.get(reverse("console:conversations", kwargs={"project": furnished.project.slug})).content.decode()
    assert 'placeholder="Reference"' in text and "visitor or reference" not in text
