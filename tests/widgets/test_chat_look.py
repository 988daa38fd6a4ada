"""What only a chat looks like and says: kept with a widget of kind Chat, told to its card, never to a Phone's."""

import pytest

from agents.authoring import publish
from widgets import actions
from widgets.admission import consent
from widgets.card import config, look, texts
from widgets.card.default_words import WORDS
from widgets.card.look import public

pytestmark = pytest.mark.django_db


@pytest.fixture
def chat(project):
    publish.publish(project, by=None)
    return actions.create_widget(project, by=None, name="Shop chat", address="example.com", kind="chat")


def shown(widget, language="en"):
    return public(texts.rendered(look.read(widget.draft), language), "Robin")


def test_a_new_chat_speaks_of_writing_in_every_language(chat):
    actions.save_draft(
        chat,
        chat.draft | {"languages": list(config.LANGUAGES), "consent": chat.draft["consent"] | {"enabled": True}},
        by=None,
    )
    for language in config.LANGUAGES:
        said, asked = shown(chat, language), consent.wording(look.read(chat.draft), language)
        assert said["words"]["welcome"] == WORDS[language]["chat_welcome"]
        assert said["words"]["field"] == WORDS[language]["field"]
        assert (asked.text, asked.button) == (WORDS[language]["chat_message"], WORDS[language]["chat_button"])
        assert asked.language == language


def test_words_of_a_chat_are_kept_a_language_each_and_their_variables_filled(chat):
    actions.save_draft(
        chat,
        chat.draft
        | {
            "languages": ["en", "de"],
            "chat": chat.draft["chat"] | {"greeting": "Hello from ${variant_shop}.", "survey_title": "Well?"},
            "texts": {"de": {"greeting": "Hallo!", "survey_question": "War es gut?"}},
        },
        by=None,
    )
    read = look.read(chat.draft)
    english = texts.rendered(read, "en", {"shop": "Harbour Bikes"}).chat
    german = texts.rendered(read, "de", {}).chat
    assert (english.greeting, english.survey_title) == ("Hello from Harbour Bikes.", "Well?")
    assert (german.greeting, german.survey_question) == ("Hallo!", "War es gut?")
    assert german.survey_title == "Well?", "the first language stands in"
    assert texts.gaps(read, {}) == [("${variant_shop}", "en", "chat.greeting")]


def test_a_card_for_calls_hears_nothing_of_chats(project):
    phone = actions.create_widget(project, by=None, name="Phone", address="example.com")
    said = shown(phone)
    assert "chat" not in said and not set(said["words"]) & set(look.CHAT_WORDS)
    assert "chat" in shown(actions.create_widget(project, by=None, name="Chat", address="example.com", kind="chat"))


def test_the_kind_is_the_widgets_whatever_a_draft_says(chat):
    actions.save_draft(chat, chat.draft | {"kind": "phone"}, by=None)
    assert chat.draft["kind"] == "chat"
    actions.publish_widget(chat, by=None)
    actions.save_draft(chat, chat.draft | {"rating": True}, by=None)
    actions.discard_draft(chat, by=None)
    assert chat.draft == chat.published and chat.published["kind"] == "chat"


@pytest.mark.parametrize(
    ("name", "value"),
    [("mode", "window"), ("notice", 1), ("header_fit", "x"), ("unread", "yes"), ("bubble_after_s", -1),
     ("bubble_after_s", True), ("bubble_after_s", 601), ("header", "x"), ("title", "x" * 51),
     ("greeting", "x" * 201), ("survey_title", "x" * 61),
     ("survey_question", "x" * 201), ("bubble", 5), ("policies_at", "foot")],
)  # fmt: skip
def test_what_a_chat_cannot_be_is_refused_in_its_field(chat, name, value):
    before = chat.draft
    with pytest.raises(actions.Invalid) as invalid:
        actions.save_draft(chat, before | {"chat": before["chat"] | {name: value}}, by=None)
    assert list(invalid.value.errors) == [f"chat.{name}"]
    chat.refresh_from_db()
    assert chat.draft == before


def test_suggestions_stand_beside_a_consent_because_a_chat_does_not_begin_by_them(chat):
    actions.save_draft(
        chat,
        chat.draft
        | {
            "words": chat.draft["words"] | {"questions": "When are you open?"},
            "consent": chat.draft["consent"] | {"enabled": True},
        },
        by=None,
    )
    assert shown(chat)["words"]["questions"] == ["When are you open?"]
