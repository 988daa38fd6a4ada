"""A card's languages in the editor: which ones, the main one, each one's texts, and what a publish says of them."""

import re

import pytest

from agents.authoring import publish
from agents.models import Agent, Variant
from tests.studio.test_pages_widgets import CONTENT, STYLING
from widgets import actions
from widgets.models import Widget

SCRIPT = {"Accept": "application/json"}
BOTH = CONTENT | {"languages": ["en", "de"], "first_language": "en", "language_choice": "browser"}
GERMAN = {"texts__de__welcome": "Hallo!", "texts__de__launcher_label": "Ruf an", "texts__de__message": "Einverstanden?"}


@pytest.fixture
def widget(furnished):
    return furnished.widget


@pytest.fixture
def content(client, owner, furnished):
    client.force_login(owner)
    return f"/console/{furnished.project.slug}/web-calling/{furnished.widget.pk}/content/"


def draft():
    return Widget.objects.get().draft


def test_languages_and_their_texts_are_kept(client, content, widget):
    answer = client.post(content, BOTH | GERMAN, headers=SCRIPT).json()
    assert "errors" not in answer
    kept = draft()
    assert (kept["languages"], kept["language_choice"]) == (["en", "de"], "browser")
    assert kept["texts"]["de"] == {"welcome": "Hallo!", "launcher_label": "Ruf an", "message": "Einverstanden?"}
    assert kept["words"]["welcome"] == "Ask us."


def test_the_preview_has_every_language_that_is_offered(client, content, widget):
    preview = client.post(content, BOTH | GERMAN, headers=SCRIPT).json()["preview"]
    said = {one["language"]: (one["words"]["welcome"], one["label"]) for one in preview["offers"]}
    assert said == {"en": ("Ask us.", ""), "de": ("Hallo!", "Ruf an")}
    assert preview["language"] == "en" and preview["asks"] is False
    assert client.post(content, BOTH | {"language_choice": "ask"}, headers=SCRIPT).json()["preview"]["asks"] is True


def test_another_main_language_takes_its_texts_along_and_loses_none(client, content, widget):
    client.post(content, BOTH | GERMAN)
    client.post(content, BOTH | GERMAN | {"first_language": "de"})
    kept = draft()
    assert kept["languages"] == ["de", "en"]
    assert (kept["words"]["welcome"], kept["style"]["launcher_label"]) == ("Hallo!", "Ruf an")
    assert kept["texts"]["en"]["welcome"] == "Ask us." and "de" not in kept["texts"]
    client.post(content, BOTH)
    assert draft()["texts"]["de"]["welcome"] == "Hallo!" and draft()["words"]["welcome"] == "Ask us."


def test_whoever_takes_the_main_language_away_makes_the_next_one_the_main_one(client, content, widget):
    client.post(content, BOTH | GERMAN)
    client.post(content, BOTH | GERMAN | {"languages": ["de"]})
    assert draft()["languages"] == ["de"] and draft()["words"]["welcome"] == "Hallo!"
    client.post(content, BOTH)
    assert draft()["words"]["welcome"] == "Ask us."  # nothing was lost


def test_the_look_of_a_widget_is_changed_without_a_word_about_languages(client, content, widget):
    client.post(content, BOTH | GERMAN)
    client.post(content.removesuffix("content/"), STYLING)
    kept = draft()
    assert kept["languages"] == ["en", "de"] and kept["texts"]["de"]["welcome"] == "Hallo!"
    assert kept["style"]["launcher_label"] == "Talk to us"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"languages": []}, "id_languages"),
        ({"languages": ["tlh"]}, "id_languages"),
        ({"first_language": "tlh"}, "id_first_language"),
        ({"language_choice": "guess"}, "id_language_choice"),
        ({"texts__de__welcome": "ä" * 101}, "id_texts__de__welcome"),
        ({"texts__de__message": "ä" * 501}, "id_texts__de__message"),
        ({"texts__de__launcher_label": "ä" * 25}, "id_texts__de__launcher_label"),
        ({"first_language": "de", "texts__de__button": "ä" * 101}, "id_texts__de__button"),
    ],
)
def test_a_mistake_is_shown_at_its_field_and_nothing_is_kept(client, content, widget, changes, field):
    before = draft()
    answer = client.post(content, BOTH | changes, headers=SCRIPT).json()
    assert list(answer["errors"]) == [field]
    page = client.post(content, BOTH | changes)
    assert page.status_code == 422
    assert draft() == before


def test_the_texts_with_the_mistake_are_the_ones_to_be_seen(client, content, widget):
    client.post(content, BOTH)
    page = client.post(content, BOTH | {"texts__de__welcome": "ä" * 101}).content.decode()
    assert 'data-language-panel="de">' in page and 'data-language-panel="en" hidden>' in page
    assert 'id="id_texts__de__welcome_error"' in page


def test_fields_of_a_language_nobody_ticked_wait_in_a_template(client, content, widget):
    page = client.get(content).content.decode()
    assert re.search(r'<template data-panel-of="de"><div data-language-panel="de" hidden>', page)
    client.post(content, BOTH)
    page = client.get(content).content.decode()
    assert '<template data-panel-of="de">' not in page and 'name="texts__de__welcome"' in page


def test_an_empty_field_says_what_stands_in(client, content, widget):
    said = client.post(content, BOTH | {"texts__en__start_label": "Ring ${variant_city}"}, headers=SCRIPT).json()[
        "stand_ins"
    ]
    assert said["texts__de__welcome"] == "Ask us."
    assert said["texts__de__start_label"] == "Ring Bath"
    assert said["texts__de__end_label"] == "Auflegen"
    assert said["texts__en__start_label"] == "Start call"


def test_a_variable_nobody_filled_is_warned_of_where_it_is(client, content, widget):
    values = BOTH | {"texts__en__welcome": "In ${variant_city}", "texts__de__welcome": "In ${variant_stadt} ${ort}"}
    said = client.post(content, values, headers=SCRIPT).json()["gaps"]
    assert "${variant_stadt} under “Welcome message (German)”" in said and "${ort} under" in said
    assert "variant_city" not in said
    assert "Visitors would see a gap" in client.get(content).content.decode()
    preview = client.post(content, values, headers=SCRIPT).json()["preview"]
    assert [one["words"]["welcome"] for one in preview["offers"]] == ["In Bath", "In"]


def test_a_variable_in_the_agents_name_is_warned_of_under_styling(client, content, widget):
    styling = content.removesuffix("content/")
    assert "Visitors would see a gap" not in client.get(styling).content.decode()
    said = client.post(styling, STYLING | {"style__agent_name": "${variant_who}"}, headers=SCRIPT).json()
    assert "${variant_who} under “Agent name”" in said["gaps"]
    assert said["preview"]["name"] == "Robin"


def test_a_publish_says_in_words_what_changes_in_which_language(client, content, widget):
    told = client.post(content, BOTH | GERMAN, headers=SCRIPT).json()["summary"]
    assert "<del>English</del> <ins>English, German</ins>" in told
    assert "Welcome message (German)" in told and "Hallo!" in told
    actions.publish_widget(Widget.objects.get(), by=None)
    told = client.post(content, BOTH | GERMAN | {"texts__de__welcome": "Servus!"}, headers=SCRIPT).json()["summary"]
    assert "<del>Hallo!</del> <ins>Servus!</ins>" in told and "Languages" not in told


def test_a_widget_from_before_there_were_languages_differs_in_nothing_when_it_is_opened_and_kept(
    client, content, widget
):
    old = {key: value for key, value in widget.published.items() if key not in ("language_choice", "texts")}
    Widget.objects.update(published=old, draft=old)
    page = client.get(content).content.decode()
    assert "Published" in page
    same = {
        "consent__enabled": "on",
        "policies__enabled": "on",
        "policies__privacy_url": "https://shop.example.com/privacy",
    }
    answer = client.post(content, same | {"recording": "on", "typing": "on"}, headers=SCRIPT).json()
    assert answer["differs"] is False and "Nothing differs" in answer["summary"]


def test_the_page_says_which_language_the_agent_speaks(client, content, widget):
    assert "The agent speaks English." in client.get(content).content.decode()
    Agent.objects.update(wordings={"de": {}, "fr": {}})
    assert "The agent speaks English, German and French." in client.get(content).content.decode()


def test_the_second_editor_of_the_texts_is_told_and_keeps_what_was_typed(client, content, widget):
    began = str(Widget.objects.get().draft_revision)
    client.post(content, BOTH | GERMAN | {"revision": began}, headers=SCRIPT)
    mine = BOTH | {"texts__de__welcome": "Moin!", "revision": began}
    assert client.post(content, mine, headers=SCRIPT).status_code == 409
    page = client.post(content, mine)
    assert page.status_code == 409 and 'value="Moin!"' in page.content.decode()
    assert draft()["texts"]["de"]["welcome"] == "Hallo!"


def test_a_word_that_only_the_draft_of_the_variants_has_is_pointed_out(client, content, widget, furnished):
    Variant.objects.update(attributes={"city": "Bath", "street": "Quay"})
    said = client.post(content, BOTH | {"texts__en__welcome": "At ${variant_street}"}, headers=SCRIPT).json()["gaps"]
    assert "until you publish your agent" in said and "${variant_street} under “Welcome message (English)”" in said
    assert "would see a gap" not in said
    publish.publish(furnished.project, by=None)
    assert "until you publish your agent" not in client.get(content).content.decode()
