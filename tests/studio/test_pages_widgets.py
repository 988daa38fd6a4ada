"""Web Calling: making a widget, its draft and what is published, its sites, its settings."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.models import AuditEntry
from widgets import actions
from widgets.models import RefusedHost, Widget

STYLING = {
    "style__agent_name": "Robin",
    "style__theme": "light",
    "style__brand": "#0b7285",
    "style__launcher_label": "Talk to us",
    "style__side": "left",
}
CONTENT = {
    "texts__en__welcome": "Ask us.",
    "texts__en__start_label": "Start call",
    "texts__en__end_label": "End call",
    "texts__en__message": "Please agree.",
    "texts__en__button": "I agree",
    "policies__privacy_url": "",
    "policies__terms_url": "",
    "recording": "off",
}


@pytest.fixture
def web_calling(client, owner, project):
    client.force_login(owner)
    return f"/console/{project.slug}/web-calling/"


@pytest.fixture
def widget(furnished):
    return furnished.widget


def test_without_widgets_the_page_invites_to_make_one(client, web_calling):
    text = client.get(web_calling).content.decode()
    assert "No widgets yet" in text and "Add widget" in text


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("shop.example.com", "shop.example.com"),
        ("https://www.Example.com/repairs?x=1", "example.com"),
        ("www.example.co.uk", "example.co.uk"),
        ("http://localhost:3000", "localhost"),
        ("räder.example", "xn--rder-loa.example"),
    ],
)
def test_a_widget_is_made_from_any_usual_form_of_an_address(client, web_calling, project, typed, host):
    values = {"name": "Shop phone", "address": typed, "environment": "sandbox"}
    response = client.post(web_calling + "new/", values)
    widget = Widget.objects.get(project=project)
    assert response["Location"] == f"{web_calling}{widget.pk}/"
    assert widget.domains.get().host == host
    assert widget.published is None


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 61},
        {"address": ""},
        {"address": "co.uk"},
        {"address": "not an address"},
        {"environment": "moon"},
        {"variant_key": "nobody"},
    ],
)
def test_a_widget_with_a_mistake_is_not_made_and_the_dialog_stays(client, web_calling, project, changes):
    values = {"name": "Shop phone", "address": "example.com", "environment": "sandbox"} | changes
    response = client.post(web_calling + "new/", values)
    assert response.status_code == 422
    assert "data-open" in response.content.decode()
    assert not Widget.objects.exists()


def test_styling_is_kept_as_a_draft_and_shown_by_a_publish(client, web_calling, widget):
    client.post(f"{web_calling}{widget.pk}/", STYLING)
    widget.refresh_from_db()
    assert widget.draft["style"]["theme"] == "light"
    assert widget.draft["consent"]["button"] == "I agree"  # the other tab's words stay
    assert widget.published["style"]["theme"] == "dark"
    client.post(f"{web_calling}{widget.pk}/", STYLING | {"do": "publish"})
    widget.refresh_from_db()
    assert widget.published["style"]["theme"] == "light"


def test_what_is_typed_is_kept_by_the_script_and_answered_in_json(client, web_calling, widget):
    answer = client.post(f"{web_calling}{widget.pk}/", STYLING, headers={"Accept": "application/json"})
    assert answer.json()["differs"] is True
    assert answer.json()["preview"]["config"]["style"]["theme"] == "light"
    answer = client.post(
        f"{web_calling}{widget.pk}/", STYLING | {"style__brand": "pink"}, headers={"Accept": "application/json"}
    )
    assert list(answer.json()["errors"]) == ["id_style__brand"]
    widget.refresh_from_db()
    assert widget.draft["style"]["brand"] == "#0b7285"


@pytest.mark.parametrize(
    ("tab", "changes", "field"),
    [
        ("", {"style__agent_name": "x" * 51}, "style__agent_name"),
        ("", {"style__theme": "pink"}, "style__theme"),
        ("content/", {"texts__en__welcome": "x" * 101}, "texts__en__welcome"),
        ("content/", {"texts__en__message": "x" * 501}, "texts__en__message"),
        ("content/", {"policies__privacy_url": "http://example.com"}, "policies__privacy_url"),
        ("content/", {"policies__enabled": "on"}, "policies__privacy_url"),
    ],
)
def test_a_mistake_is_shown_in_its_place_and_nothing_is_kept(client, web_calling, widget, tab, changes, field):
    before = widget.draft
    values = (STYLING if tab == "" else CONTENT) | changes
    response = client.post(f"{web_calling}{widget.pk}/{tab}", values)
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    widget.refresh_from_db()
    assert widget.draft == before


def test_fields_take_as_many_characters_as_they_say(client, web_calling, widget):
    client.post(f"{web_calling}{widget.pk}/", STYLING | {"style__agent_name": "x" * 50})
    long = {"texts__en__welcome": "y" * 100, "consent__enabled": "on", "texts__en__message": "z" * 500}
    client.post(f"{web_calling}{widget.pk}/content/", CONTENT | long)
    widget.refresh_from_db()
    assert len(widget.draft["style"]["agent_name"]) == 50
    assert len(widget.draft["words"]["welcome"]) == 100
    assert len(widget.draft["consent"]["message"]) == 500


def test_the_preview_is_shown_in_our_own_pages_only_and_lets_nobody_call(client, web_calling, widget):
    response = client.get(f"{web_calling}{widget.pk}/preview/")
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    text = response.content.decode()
    assert '"brand": "#4a4ae0"' in text and "grant" not in text and widget.code not in text


def test_a_recording_without_a_notice_is_doubted_before_it_is_published(client, web_calling, widget):
    client.post(f"{web_calling}{widget.pk}/content/", CONTENT | {"recording": "on"})
    page = client.get(f"{web_calling}{widget.pk}/content/").content.decode()
    assert "tells visitors so, but does not ask them" in page


def test_sound_for_the_page_is_published_only_by_somebody_who_is_sure(client, web_calling, widget):
    before = widget.published
    client.post(f"{web_calling}{widget.pk}/content/", CONTENT | {"audio_to_page": "on", "do": "publish"})
    widget.refresh_from_db()
    assert widget.draft["audio_to_page"] is True and widget.published == before
    sure = {"audio_to_page": "on", "do": "publish", "sure": ["audio_to_page", "no_consent"]}
    client.post(f"{web_calling}{widget.pk}/content/", CONTENT | sure)
    widget.refresh_from_db()
    assert widget.published["audio_to_page"] is True


def test_discarding_brings_back_what_visitors_see(client, web_calling, widget):
    client.post(f"{web_calling}{widget.pk}/", STYLING)
    client.post(f"{web_calling}{widget.pk}/discard/", {"tab": "content"})
    widget.refresh_from_db()
    assert widget.draft == widget.published


def test_the_embed_page_has_the_tag_ready_to_copy(client, web_calling, widget):
    text = client.get(f"{web_calling}{widget.pk}/embed/").content.decode()
    assert f"/widget/{widget.code}.js&quot;&gt;&lt;/script&gt;" in text
    assert "Permissions-Policy: microphone=" in text


def test_a_site_is_added_and_removed_at_once(client, web_calling, widget):
    client.post(f"{web_calling}{widget.pk}/domains/", {"address": "https://www.other.example/x"})
    assert sorted(widget.domains.values_list("host", flat=True)) == ["other.example", "shop.example.com"]
    row = widget.domains.get(host="other.example")
    client.post(f"{web_calling}{widget.pk}/domains/{row.pk}/remove/")
    assert [str(row) for row in widget.domains.all()] == ["shop.example.com"]


def test_an_address_that_would_admit_strangers_is_refused_with_a_reason(client, web_calling, widget):
    response = client.post(f"{web_calling}{widget.pk}/domains/", {"address": "github.io"})
    assert response.status_code == 422
    assert "Many different owners" in response.content.decode()
    assert widget.domains.count() == 1


def test_a_refused_site_is_allowed_by_typing_it(client, web_calling, furnished):
    allow = f"{web_calling}{furnished.widget.pk}/refused/{furnished.refused.pk}/allow/"
    client.post(allow, {"typed": "another.example.net"})
    assert furnished.widget.domains.count() == 1
    client.post(allow, {"typed": "other.example.net"})
    assert furnished.widget.domains.filter(host="other.example.net").exists()
    assert not RefusedHost.objects.exists()


def test_a_site_that_looks_like_ones_own_is_pointed_out(client, web_calling, widget):
    RefusedHost.objects.create(widget=widget, host="sh0p.example.com", last_seen=widget.created_at)
    text = client.get(f"{web_calling}{widget.pk}/domains/").content.decode()
    assert "Almost shop.example.com" in text
    assert text.count("Almost ") == 1


SETTINGS = {"name": "Front desk", "variant_key": "", "max_calls": "5", "enabled": "on"}


def test_settings_act_at_once_and_are_audited(client, web_calling, widget):
    client.post(f"{web_calling}{widget.pk}/settings/", SETTINGS)
    widget.refresh_from_db()
    assert (widget.name, widget.max_calls, widget.enabled) == ("Front desk", 5, True)
    kept = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"widget.rename", "widget.max_calls"} <= kept


def test_settings_are_kept_all_or_none(client, web_calling, widget):
    response = client.post(f"{web_calling}{widget.pk}/settings/", SETTINGS | {"max_calls": "0"})
    assert response.status_code == 422
    widget.refresh_from_db()
    assert (widget.name, widget.max_calls) == ("Shop phone", None)


def test_opening_and_saving_the_settings_keeps_a_variant_that_is_gone(client, web_calling, widget):
    Widget.objects.update(variant_key="gone")
    assert "gone (gone)" in client.get(f"{web_calling}{widget.pk}/settings/").content.decode()


def test_a_new_code_makes_the_old_tag_useless(client, web_calling, widget):
    before = widget.code
    client.post(f"{web_calling}{widget.pk}/rotate/")
    widget.refresh_from_db()
    assert widget.code != before


def test_deleting_a_widget_keeps_its_conversations(client, web_calling, furnished):
    client.post(f"{web_calling}{furnished.widget.pk}/delete/")
    furnished.conversation.refresh_from_db()
    assert furnished.conversation.widget is None
    assert furnished.conversation.widget_name == "Shop phone"


def test_an_editors_page_asks_as_often_for_many_widgets_as_for_few(client, web_calling, furnished, owner):
    def queries(path):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{web_calling}{furnished.widget.pk}/{path}").status_code == 200
        return len(asked)

    paths = ("", "content/", "embed/", "settings/", "domains/")
    for path in paths:
        queries(path)
    few = {path: queries(path) for path in paths}
    for number in range(20):
        actions.create_widget(furnished.project, by=owner, name=f"Widget {number}", address=f"s{number}.example.com")
        actions.add_domain(furnished.widget, f"more{number}.example.com", by=owner)
    assert {path: queries(path) for path in paths} == few
