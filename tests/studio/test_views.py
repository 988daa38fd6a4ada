"""Views of one's own above the list of conversations: kept, renamed, deleted; for one person in a project, bounded."""

import re

import pytest
from django.urls import reverse

from agents.models import Member
from calling.models import SavedView
from calling.record import saved_views
from tests.studio.test_isolation import address


@pytest.fixture
def console(client, analyst):
    """Reading is enough: a view is the reader's own."""
    client.force_login(analyst)
    return client


@pytest.fixture
def views(furnished):
    return address("conversation_views", furnished)


def above(console, furnished, query=""):
    """What stands above the list: each view's name, marked where it is the one that is shown."""
    page = console.get(address("conversations", furnished) + query).content.decode()
    nav = re.search(r'<nav class="views".*?</nav>', page, re.S)[0]
    found = re.findall(r'<a href="\?([^"]*)"( aria-current="page")?>([^<]*?)\s*(?:<span.*?)?</a>', nav)
    return {name: ("here " if here else "") + link.replace("&amp;", "&") for link, here, name in found}


def test_a_filter_is_kept_under_a_name_and_stands_above_the_list(console, furnished, views):
    query = "?environment=sandbox&q=opening"
    assert "Save as view" in console.get(address("conversations", furnished) + query).content.decode()
    answer = console.post(views + query, {"do": "save", "name": "  Sandbox   hours "})
    assert answer["Location"] == address("conversations", furnished) + query
    shown = above(console, furnished, query)
    assert shown["Sandbox hours"] == "here environment=sandbox&q=opening" and not shown["Everything"].startswith("here")
    assert not above(console, furnished)["Sandbox hours"].startswith("here")
    assert "Save as view" not in console.get(address("conversations", furnished) + query).content.decode()


@pytest.mark.parametrize("query", ["", "?state=todo", "?result=failed"])
def test_what_is_a_view_already_is_not_offered_to_be_kept(console, furnished, query):
    assert "Save as view" not in console.get(address("conversations", furnished) + query).content.decode()


def test_a_view_that_is_saved_again_shows_something_else_from_then_on(console, furnished, views):
    console.post(views + "?environment=live", {"do": "save", "name": "Mine"})
    console.post(views + "?result=rated_low&since=7", {"do": "save", "name": "MINE"})
    assert [(view.name, view.filters) for view in SavedView.objects.all()] == [
        ("MINE", {"result": "rated_low", "since": "7"})
    ]


def test_a_view_is_renamed_and_deleted(console, furnished, views):
    console.post(views + "?environment=live", {"do": "save", "name": "Mine"})
    view = SavedView.objects.get()
    there = address("conversations", furnished) + "?environment=live"
    answer = console.post(views, {"do": "rename", "view": view.pk, "name": "Live calls", "next": there})
    assert answer["Location"] == there and above(console, furnished)["Live calls"] == "environment=live"
    page = console.post(views, {"do": "delete", "view": view.pk}, follow=True).content.decode()
    assert "“Live calls” is deleted" in page and not SavedView.objects.exists()


def test_nobody_else_sees_renames_or_deletes_a_view(client, furnished, analyst, editor, stranger, views):
    kept = saved_views.save(Member.objects.get(user=analyst), "Mine", {"state": "todo", "tag": "x"})
    client.force_login(editor)
    assert "Mine" not in above(client, furnished)
    for do in ("rename", "delete"):
        assert client.post(views, {"do": do, "view": kept.pk, "name": "Yours"}).status_code == 404
    client.force_login(stranger)
    elsewhere = reverse("console:conversation_views", kwargs={"project": stranger.memberships.get().project.slug})
    assert client.post(elsewhere, {"do": "delete", "view": kept.pk}).status_code == 404
    assert SavedView.objects.get().name == "Mine"
    Member.objects.get(user=analyst).delete()
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("query", "name", "said"),
    [
        ("", "Mine", "Choose a filter or search"),
        ("?environment=moon&widget=99999&q=%00", "Mine", "Choose a filter or search"),
        ("?state=todo&since=7", " \0 ", "Give the view a name"),
        ("?state=todo&since=7", "x" * 41, "At most 40 characters"),
        ("?state=todo&since=7", "One more", "You have 20 views"),
    ],
)
def test_what_cannot_be_kept_changes_nothing_and_says_why(console, furnished, analyst, views, query, name, said):
    member = Member.objects.get(user=analyst)
    for n in range(saved_views.VIEWS_MOST):
        saved_views.save(member, f"View {n}", {"state": "todo", "since": "7"})
    before = list(SavedView.objects.values())
    assert said in console.post(views + query, {"do": "save", "name": name}, follow=True).content.decode()
    assert list(SavedView.objects.values()) == before


@pytest.mark.parametrize("given", [{"do": "rename", "name": ""}, {"do": "rename", "name": "second"}, {"do": "x"}, {}])
def test_a_name_that_is_none_or_taken_changes_nothing(console, furnished, analyst, views, given):
    member = Member.objects.get(user=analyst)
    first = saved_views.save(member, "First", {"state": "todo", "since": "7"})
    saved_views.save(member, "Second", {"state": "open", "since": "7"})
    before = list(SavedView.objects.values())
    console.post(views, {**given, "view": first.pk})
    assert list(SavedView.objects.values()) == before


@pytest.mark.parametrize("view", ["", "0", "²", "-1", "9" * 30, "x"])
def test_a_view_that_is_none_is_not_found(console, furnished, views, view):
    assert console.post(views, {"do": "delete", "view": view}).status_code == 404
