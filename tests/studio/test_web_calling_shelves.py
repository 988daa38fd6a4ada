"""A second widget like the first, widgets put away and taken out, and what archiving means for visitors."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.models import AuditEntry
from widgets import actions
from widgets.admission import test_link
from widgets.models import Widget


@pytest.fixture
def here(client, owner, furnished):
    client.force_login(owner)
    return f"/console/{furnished.project.slug}/web-calling/"


def test_a_duplicate_has_look_and_sites_and_a_code_of_its_own(client, here, furnished):
    client.post(f"{here}{furnished.widget.pk}/duplicate/")
    copied = Widget.objects.exclude(pk=furnished.widget.pk).get()
    assert (copied.name, copied.draft) == ("Shop phone (copy)", furnished.widget.draft)
    assert [str(row) for row in copied.domains.all()] == ["shop.example.com"]
    assert copied.published is None and copied.code != furnished.widget.code


def test_a_duplicate_of_a_long_name_keeps_within_the_limit(furnished, owner):
    actions.rename_widget(furnished.widget, "x" * 60, by=owner)
    assert len(actions.duplicate_widget(furnished.widget, by=owner).name) == 60


def test_an_archived_widget_takes_no_calls_and_leaves_the_lists(client, here, furnished, owner):
    link = actions.make_test_link(furnished.widget, by=owner)
    client.post(f"{here}{furnished.widget.pk}/archive/")
    script = client.get(f"/widget/{furnished.widget.code}.js").content.decode()
    assert "WIDGET_OFF" in script
    assert test_link.live(furnished.widget) == []
    assert client.get("/test/" + link.rpartition("/test/")[2]).status_code == 410
    assert "1 widget is in the archive" in client.get(here).content.decode()
    assert "Shop phone" in client.get(here + "archive/").content.decode()


def test_an_archived_widget_is_not_switched_on_by_its_settings(client, here, furnished):
    actions.set_enabled(furnished.widget, False, by=None)
    client.post(f"{here}{furnished.widget.pk}/archive/")
    values = {"name": "Shop phone", "variant_key": "", "max_calls": "", "enabled": "on"}
    page = client.post(f"{here}{furnished.widget.pk}/settings/", values)
    assert page.status_code == 422 and "The widget is archived" in page.content.decode()
    assert Widget.objects.get().enabled is False


def test_what_is_taken_out_of_the_archive_takes_calls_again(client, here, furnished):
    client.post(f"{here}{furnished.widget.pk}/archive/")
    said = client.post(f"{here}{furnished.widget.pk}/archive/", {"back": "1"}, follow=True).content.decode()
    assert "is back, and takes calls again." in said
    assert "WIDGET_OFF" not in client.get(f"/widget/{furnished.widget.code}.js").content.decode()
    kept = list(AuditEntry.objects.values_list("action", flat=True)[:4])
    assert kept[0] == "widget.unarchive" and "widget.archive" in kept


def test_what_was_switched_off_before_it_was_put_away_comes_back_switched_off(client, here, furnished):
    actions.set_enabled(furnished.widget, False, by=None)
    client.post(f"{here}{furnished.widget.pk}/archive/")
    said = client.post(f"{here}{furnished.widget.pk}/archive/", {"back": "1"}, follow=True).content.decode()
    widget = Widget.objects.get()
    assert "is back, switched off." in said
    assert widget.archived_at is None and widget.enabled is False


def test_two_widgets_never_have_one_name(client, here, furnished, owner):
    with pytest.raises(actions.Invalid, match="Another widget has this name"):
        actions.create_widget(furnished.project, by=owner, name=" shop  PHONE ")
    other = actions.create_widget(furnished.project, by=owner, name="Other")
    with pytest.raises(actions.Invalid, match="Another widget has this name"):
        actions.rename_widget(other, "Shop phone", by=owner)
    actions.rename_widget(other, "Other", by=owner)
    actions.archive_widget(furnished.widget, by=owner)
    with pytest.raises(actions.Invalid, match="A widget in the archive has this name"):
        actions.rename_widget(other, "Shop phone", by=owner)
    assert sorted(Widget.objects.values_list("name", flat=True)) == ["Other", "Shop phone"]


def test_copies_are_told_apart(furnished, owner):
    names = [actions.duplicate_widget(furnished.widget, by=owner).name for _ in range(3)]
    assert names == ["Shop phone (copy)", "Shop phone (copy 2)", "Shop phone (copy 3)"]


def test_a_full_archive_asks_as_often_as_an_empty_one(client, here, furnished, owner):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(here + "archive/").status_code == 200
        return len(asked)

    actions.archive_widget(actions.create_widget(furnished.project, by=owner, name="One"), by=owner)
    queries()
    few = queries()
    for number in range(20):
        actions.archive_widget(actions.create_widget(furnished.project, by=owner, name=f"W {number}"), by=owner)
    assert queries() == few
