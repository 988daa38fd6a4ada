"""Chats in the console: their conversations are marked, and their widgets have no page that would not work."""

import json
import re

import pytest

from calling.models import Conversation
from widgets import actions
from widgets.admission import credentials


@pytest.fixture
def chat(furnished, owner, make_call):
    widget = actions.create_widget(furnished.project, by=owner, name="Shop app", address="example.com", kind="chat")
    actions.publish_widget(widget, by=owner)
    return make_call(channel=Conversation.CHAT, widget=widget, widget_name="Shop app", end_cause="visitor_ended")


def text_of(client, url):
    answer = client.get(url, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_chat_stands_in_the_list_with_its_medium(client, owner, chat):
    client.force_login(owner)
    assert "In writing" in text_of(client, f"/console/{chat.project.slug}/conversations/")


def test_the_page_of_a_chat_speaks_of_writing(client, owner, chat):
    client.force_login(owner)
    text = text_of(client, f"/console/{chat.project.slug}/conversations/{chat.pk}/")
    assert "A visitor wrote with" in text and "The visitor ended the chat" in text
    assert "hung up" not in text and "talked for" not in text and "<dt>Voice</dt>" not in text
    assert f"/web-calling/{chat.widget.pk}/" not in text


def test_a_chat_widget_has_no_page_of_a_phone_yet(client, owner, chat):
    client.force_login(owner)
    here = f"/console/{chat.project.slug}/web-calling/"
    assert "Shop app" not in text_of(client, here)
    assert client.get(f"{here}{chat.widget.pk}/").status_code == 404


def test_the_tag_of_a_chat_widget_brings_the_card_of_a_chat_and_nothing_of_a_phone(client, chat):
    script = client.get(f"/widget/{chat.widget.code}.js").content.decode()
    assert "WebchatAPI" in script and "PolyphoneAPI" not in script and "microphone" not in script
    frame = client.get(f"/widget/{chat.widget.code}/frame?host=https://example.com").content.decode()
    assert "widget/chat/main.js" in frame and "widget/frame/main.js" not in frame
    held = json.loads(re.search(r'<script id="settings" type="application/json">(.*?)</script>', frame, re.S)[1])
    assert set(held["urls"]) == {"grant", "token", "session", "rating", "socket"}
    assert credentials.read_grant(held["grant"]).code == chat.widget.code
    assert {"soft", "ink", "bubble", "onBubble", "softDark"} <= set(held["config"]["style"])


def test_a_page_that_is_not_listed_gets_no_chat(client, chat):
    answer = client.get(f"/widget/{chat.widget.code}/frame?host=https://evil.example")
    assert answer.status_code == 403 and "grant" not in answer.content.decode()
