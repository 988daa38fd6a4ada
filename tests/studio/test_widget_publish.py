"""Publishing a widget: what it says first, who is told when two edit, and the way back to what was shown before."""

import copy
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.authoring import publish
from agents.models import AuditEntry, Deployment
from tests.studio.test_pages_widgets import CONTENT, STYLING
from widgets import actions
from widgets.card import colours
from widgets.models import Widget, WidgetPublication

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def widget(furnished):
    return furnished.widget


@pytest.fixture
def editor(client, owner, furnished):
    client.force_login(owner)
    return f"/console/{furnished.project.slug}/web-calling/{furnished.widget.pk}/"


def test_the_dialog_says_in_words_what_a_publish_changes(client, editor, widget):
    answer = client.post(editor, STYLING, headers=SCRIPT).json()
    for words in ("Agent name", "Robin", "Colour theme", "<del>dark</del> <ins>light</ins>", "Side of the page"):
        assert words in answer["summary"]
    assert "<ins>light</ins>" in client.get(editor).content.decode()


def test_what_an_owner_typed_is_told_as_text_and_not_as_markup(client, editor):
    answer = client.post(editor, STYLING | {"style__agent_name": "<b>x</b>"}, headers=SCRIPT).json()
    assert "&lt;b&gt;x&lt;/b&gt;" in answer["summary"] and "<b>x</b>" not in answer["summary"]


def test_what_is_still_to_do_follows_the_draft_until_something_is_published(client, editor, widget):
    Widget.objects.update(published=None, published_at=None)
    sent = (CONTENT | {"recording": "on"}, CONTENT | {"recording": "on", "consent__enabled": "on"})
    unasked, asked = (client.post(f"{editor}content/", one, headers=SCRIPT).json()["todo"] for one in sent)
    assert "does not ask them" in unasked and "does not ask them" not in asked


def test_a_draft_survives_a_reload(client, editor):
    client.post(editor, STYLING, headers=SCRIPT)
    assert 'value="Talk to us"' in client.get(editor).content.decode()


def test_recording_without_a_notice_has_to_be_confirmed(client, editor, widget):
    values = CONTENT | {"recording": "on", "do": "publish"}
    before = WidgetPublication.objects.count()
    page = client.post(editor + "content/", values, follow=True).content.decode()
    assert "Not published yet" in page and 'name="sure" value="recorded_unasked"' in page
    assert WidgetPublication.objects.count() == before
    client.post(editor + "content/", values | {"sure": "recorded_unasked"})
    assert WidgetPublication.objects.count() == before + 1


def test_publishing_to_live_without_consent_has_to_be_confirmed(client, editor, widget, owner):
    Deployment.objects.update(environment="live")
    actions.set_environment(widget, "live", by=owner)
    values = CONTENT | {"recording": "off", "do": "publish"}
    page = client.post(editor + "content/", values, follow=True).content.decode()
    assert 'name="sure" value="no_consent"' in page
    widget.refresh_from_db()
    assert widget.published["recording"] == "on"
    client.post(editor + "content/", values | {"sure": "no_consent"})
    widget.refresh_from_db()
    assert widget.published["recording"] == "off"


def test_without_a_running_version_nothing_is_published_and_the_console_says_why(client, editor, widget):
    Deployment.objects.all().delete()
    client.post(editor, STYLING, headers=SCRIPT)
    published = copy.deepcopy(Widget.objects.get().published)
    assert "nobody could answer a call" in client.get(editor).content.decode()
    page = client.post(editor + "publish/", follow=True).content.decode()
    assert "No version of your agent runs in Sandbox" in page
    assert Widget.objects.get().published == published


def test_the_second_editor_is_told_and_nothing_is_overwritten(client, editor, widget):
    began = Widget.objects.get().draft_revision
    client.post(editor, STYLING | {"revision": str(began)}, headers=SCRIPT)
    late = client.post(editor, STYLING | {"style__side": "right", "revision": str(began)}, headers=SCRIPT)
    assert late.status_code == 409
    assert late.json() == {"revision": began + 1, "who": "olga"}
    assert Widget.objects.get().draft["style"]["side"] == "left"


def test_whoever_is_late_may_look_at_theirs_or_save_over_them(client, editor, widget):
    began = Widget.objects.get().draft_revision
    client.post(editor, STYLING | {"revision": str(began)})
    mine = STYLING | {"style__agent_name": "Mine", "revision": str(began)}
    page = client.post(editor, mine)
    text = page.content.decode()
    assert page.status_code == 409 and 'value="Mine"' in text and f'name="revision" value="{began + 1}"' in text
    assert Widget.objects.get().draft["style"]["agent_name"] == "Robin"
    client.post(editor, mine | {"revision": str(began + 1)})
    assert Widget.objects.get().draft["style"]["agent_name"] == "Mine"


def test_a_draft_that_somebody_changed_meanwhile_is_not_published_unseen(client, editor, widget, owner):
    began = Widget.objects.get().draft_revision
    actions.save_draft(widget, widget.draft | {"rating": True}, by=owner)
    page = client.post(editor + "publish/", {"revision": str(began)}, follow=True).content.decode()
    assert "somebody else changed the draft" in page
    assert Widget.objects.get().published["rating"] is False


def test_the_same_draft_again_is_no_new_revision(widget):
    before = Widget.objects.get().draft_revision
    actions.save_draft(widget, widget.draft, by=None)
    assert Widget.objects.get().draft_revision == before


def test_what_was_shown_before_is_brought_back_into_the_draft(client, editor, widget):
    first = widget.publications.get()
    client.post(editor, STYLING | {"do": "publish"})
    text = client.get(editor + "history/").content.decode()
    assert "<del>dark</del> <ins>light</ins>" in text and "The first publication." in text
    client.post(f"{editor}history/{first.pk}/restore/")
    widget.refresh_from_db()
    assert widget.draft == first.config
    assert widget.published["style"]["theme"] == "light"
    assert AuditEntry.objects.first().action == "widget.restore"


def drafted(widget):
    widget.refresh_from_db()
    return widget.draft


def worked_on(widget, owner, name="Mine"):
    actions.save_draft(widget, {**widget.draft, "style": {**widget.draft["style"], "agent_name": name}}, by=owner)
    return drafted(widget)


LOST = {
    "bring back": lambda client, editor, first: client.post(f"{editor}history/{first.pk}/restore/"),
    "discard": lambda client, editor, first: client.post(f"{editor}discard/"),
}


@pytest.mark.parametrize("how", LOST)
def test_the_draft_whose_place_is_taken_can_be_taken_back(client, editor, widget, owner, how):
    first = widget.publications.get()
    client.post(editor, STYLING | {"do": "publish"})
    mine = worked_on(widget, owner)
    LOST[how](client, editor, first)
    between = drafted(widget)
    assert between != mine
    page = client.get(editor + "history/").content.decode()
    assert "The draft from before" in page and "Mine" in page
    client.post(editor + "history/aside/")
    assert drafted(widget) == mine and AuditEntry.objects.first().action == "widget.take_back"
    assert "The draft from before" not in client.get(editor + "history/").content.decode()


def test_looking_through_what_was_published_loses_no_draft(client, editor, widget, owner):
    first = widget.publications.get()
    client.post(editor, STYLING | {"do": "publish"})
    second = widget.publications.first()
    mine = worked_on(widget, owner)
    for publication in (first, second, first):
        client.post(f"{editor}history/{publication.pk}/restore/")
    client.post(editor + "publish/")
    client.post(editor + "history/aside/")
    assert drafted(widget) == mine


def test_two_drafts_change_places_as_often_as_one_likes(client, editor, widget, owner):
    first = widget.publications.get()
    client.post(editor, STYLING | {"do": "publish"})
    mine = worked_on(widget, owner)
    client.post(f"{editor}history/{first.pk}/restore/")
    other = worked_on(widget, owner, "Other")
    for wanted in (mine, other, mine):
        client.post(editor + "history/aside/")
        assert drafted(widget) == wanted


def test_without_a_draft_from_before_nothing_is_taken_back(client, editor, widget):
    before, lines = drafted(widget), AuditEntry.objects.count()
    client.post(editor + "history/aside/")
    assert drafted(widget) == before and AuditEntry.objects.count() == lines


def test_what_another_widget_showed_is_not_brought_back_here(client, editor, furnished, owner):
    other = actions.create_widget(furnished.project, by=owner, name="Other")
    foreign = actions.publish_widget(other, by=owner)
    assert client.post(f"{editor}history/{foreign.pk}/restore/").status_code == 404


def test_a_long_history_asks_as_often_as_a_short_one(client, editor, widget, owner):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(editor + "history/").status_code == 200
        return len(asked)

    actions.save_draft(widget, widget.draft | {"rating": True}, by=owner)
    actions.publish_widget(widget, by=owner)
    queries()
    few = queries()
    for number in range(30):
        actions.save_draft(widget, widget.draft | {"rating": number % 2 == 1}, by=owner)
        actions.publish_widget(widget, by=owner)
    assert widget.publications.count() == 32
    assert queries() == few


def test_a_colour_that_cannot_be_read_is_nudged_and_the_editor_says_so(client, editor):
    answer = client.post(editor, STYLING | {"style__brand": "#ffff00"}, headers=SCRIPT).json()
    light, dark = answer["contrast"].split("In dark")
    assert "so that everybody can read it" in light
    assert "Easy to read" in dark and "Becomes" not in dark


@pytest.mark.parametrize("brand", ["#000000", "#ffffff", "#808080", "#ffff00", "#0b7285", "#4a4ae0", "#e5484d"])
def test_every_colour_passes_both_checks_in_both_themes(brand):
    for check in colours.checks(brand):
        assert check.label_ratio >= 4.5 and check.surface_ratio >= 3


@pytest.mark.parametrize(
    ("consent", "recording", "doubt"),
    [(False, "off", "no_consent"), (False, "on", "recorded_unasked"), (False, "after_consent", "never_recorded")],
)
def test_moving_a_published_widget_to_live_asks_once_as_publishing_does(
    client, editor, widget, owner, consent, recording, doubt
):
    publish.publish(widget.project, by=owner, environment="live")
    draft = widget.draft | {"recording": recording, "consent": widget.draft["consent"] | {"enabled": consent}}
    actions.save_draft(widget, draft, by=owner)
    actions.publish_widget(widget, by=owner)
    audited = AuditEntry.objects.count()
    assert f'name="sure" value="{doubt}"' in client.get(editor + "place/", {"environment": "live"}).content.decode()
    text = client.post(editor + "place/", {"environment": "live"}, follow=True).content.decode()
    assert "Not done yet" in text
    widget.refresh_from_db()
    assert (widget.environment, AuditEntry.objects.count()) == ("sandbox", audited)
    client.post(editor + "place/", {"environment": "live", "sure": doubt})
    widget.refresh_from_db()
    assert widget.environment == "live"
    assert "Not done yet" not in client.post(editor + "place/", {"environment": "live"}, follow=True).content.decode()


def test_moving_to_where_nothing_runs_is_asked_about_too(client, editor, widget):
    text = client.get(editor + "place/", {"environment": "live"}).content.decode()
    assert "No version of your agent runs in Live" in text and 'name="sure" value="no_version"' in text
    client.post(editor + "place/", {"environment": "live"})
    assert Widget.objects.get().environment == "sandbox"


def test_nothing_is_asked_where_nothing_is_doubtful(client, editor, widget, owner):
    publish.publish(widget.project, by=owner, environment="live")
    for there in ("live", "sandbox"):
        client.post(editor + "place/", {"environment": there})
        assert Widget.objects.get().environment == there
    Widget.objects.update(published=None, published_at=None)  # its first publish will ask
    Deployment.objects.all().delete()
    client.post(editor + "place/", {"environment": "live"})
    assert Widget.objects.get().environment == "live"


def test_pre_release_can_be_chosen_where_the_project_has_it(client, editor, widget, owner):
    wanted = {"environment": "pre-release", "sure": "no_version"}
    client.post(editor + "place/", wanted)
    assert Widget.objects.get().environment == "sandbox"
    publish.set_pre_release(widget.project, True, owner)
    client.post(editor + "place/", wanted)
    assert Widget.objects.get().environment == "pre-release"
    publish.set_pre_release(widget.project, False, owner)
    assert 'id="env-pre-release"' in client.get(editor).content.decode()  # what is set stays a choice


def test_a_widget_whose_version_is_gone_says_so_to_visitors_and_in_the_console(client, editor, widget):
    site = {"host": "https://shop.example.com"}
    Deployment.objects.all().delete()
    script = client.get(f"/widget/{widget.code}.js", headers={"Accept-Encoding": "identity"}).content
    assert f"/widget/{widget.code}/frame".encode() in script  # the button stays where visitors know it
    frame = client.get(f"/widget/{widget.code}/frame", site, headers={"Sec-Fetch-Dest": "iframe"})
    held = json.loads(re.search(r'id="settings" type="application/json">(.*?)</script>', frame.content.decode())[1])
    assert held["closed"] is True and held["grant"] == "" and held["name"] == "Robin"
    for page in ("", "embed/", "share/"):
        assert "No version of your agent runs in Sandbox" in client.get(editor + page).content.decode()
    stranger = client.get(
        f"/widget/{widget.code}/frame", {"host": "https://evil.example"}, headers={"Sec-Fetch-Dest": "iframe"}
    )
    assert stranger.status_code == 403 and b"Robin" not in stranger.content
