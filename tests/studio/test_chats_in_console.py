"""Chats in the console: their conversations are marked, and their widgets have no page that would not work."""

import json
import re

import pytest

from agents.authoring import publish
from calling.models import Conversation
from widgets import actions
from widgets.admission import credentials, test_link
from widgets.delivery import sharing
from widgets.install import heard


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
    assert f"/web-calling/{chat.widget.pk}/" in text


def test_nobody_is_told_of_a_chat_that_this_call_was_not_recorded(client, owner, chat):
    client.force_login(owner)
    assert "not recorded" not in text_of(client, f"/console/{chat.project.slug}/conversations/{chat.pk}/")


def test_every_tab_of_a_chat_speaks_of_writing_and_of_no_microphone(client, owner, chat):
    client.force_login(owner)
    here = f"/console/{chat.project.slug}/web-calling/{chat.widget.pk}/"
    for tab in ("", "content/", "embed/", "share/", "apps/", "domains/", "settings/", "history/"):
        text = text_of(client, here + tab).partition("<main")[2].partition("</main>")[0]
        assert "Shop app" in text
        for word in (
            "Colour of the call button",
            "Recording",
            "microphone",
            "Calls at the same time",
        ):
            if (tab, word) != ("embed/", "microphone"):  # which a site lets a chat go on aloud by
                assert word not in text, (tab, word)
    assert "PolyphoneAPI" not in text_of(client, here + "embed/")
    assert "Suggestions" in text_of(client, here + "content/")


def test_the_words_of_a_chat_are_kept_and_published_from_its_own_form(client, owner, chat):
    client.force_login(owner)
    here = f"/console/{chat.project.slug}/web-calling/{chat.widget.pk}/content/"
    given = {
        "texts__en__greeting": "Hello!",
        "texts__en__survey_title": "How was it?",
        "texts__en__questions": "When are you open?",
        "chat__notice": "always",
        "rating": "on",
    }
    answer = client.post(here, given | {"revision": chat.widget.draft_revision}, headers={"Accept": "application/json"})
    assert answer.status_code == 200 and "errors" not in answer.json()
    chat.widget.refresh_from_db()
    draft = chat.widget.draft
    assert (draft["chat"]["greeting"], draft["chat"]["survey_title"], draft["chat"]["notice"]) == (
        "Hello!",
        "How was it?",
        "always",
    )
    assert draft["rating"] is True and draft["words"]["questions"] == "When are you open?"
    assert draft["recording"] == chat.widget.published["recording"], "what the form has not is as it was"
    assert "Greeting" in answer.json()["summary"] and "Rating" in answer.json()["summary"]


def test_its_looks_have_a_form_of_their_own(client, owner, chat):
    client.force_login(owner)
    here = f"/console/{chat.project.slug}/web-calling/{chat.widget.pk}/"
    style = {"style__theme": "dark", "style__side": "left"}
    given = style | {"chat__title": "Harbour", "chat__mode": "full", "chat__bubble_after_s": "20", "chat__menu": "on"}
    answer = client.post(here, given, headers={"Accept": "application/json"})
    assert answer.status_code == 200 and "errors" not in answer.json()
    chat.widget.refresh_from_db()
    kept = chat.widget.draft["chat"]
    assert (kept["title"], kept["mode"], kept["bubble_after_s"]) == ("Harbour", "full", 20)
    assert kept["menu"] is True and kept["unread"] is False
    wrong = client.post(here, given | {"chat__title": "x" * 51}, headers={"Accept": "application/json"})
    assert wrong.json()["errors"] and "id_chat__title" in wrong.json()["errors"]


def test_the_dialogs_of_a_chat_speak_of_chats_too(client, owner, chat):
    client.force_login(owner)
    publish.deploy(chat.project, "live", chat.project.versions.get(), owner)
    here = f"/console/{chat.project.slug}/web-calling/{chat.widget.pk}/"
    place = client.get(here + "place/", {"environment": "live"}).content.decode()
    for text in (text_of(client, here), place):
        assert "Chats going on are not touched" in text and "Calls going on" not in text
    assert "write with version 1 from their next chat" in place


def test_a_chat_is_added_beside_a_phone(client, owner, furnished):
    client.force_login(owner)
    new = f"/console/{furnished.project.slug}/web-calling/new/"
    assert "Visitors write with your agent" in text_of(client, new)
    given = {"name": "Site chat", "address": "example.com", "environment": "sandbox", "kind": "chat"}
    assert client.post(new, given).status_code == 302
    made = furnished.project.widgets.get(name="Site chat")
    assert (made.kind, made.draft["kind"]) == ("chat", "chat")
    answer = client.post(new, given | {"name": "Another", "kind": "fax"})
    assert answer.status_code == 422 and not furnished.project.widgets.filter(name="Another").exists()


def test_home_and_versions_say_who_writes_with_what(client, owner, chat):
    client.force_login(owner)
    home = text_of(client, f"/console/{chat.project.slug}/")
    assert "in writing" in home
    assert "will write with version" in home


# ── Apps ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_is_told_once_and_never_again(client, owner, chat):
    client.force_login(owner)
    here = f"/console/{chat.project.slug}/web-calling/{chat.widget.pk}/apps/"
    for kind, begins in (("token", "app_"), ("calling", "call_")):
        told = client.post(f"{here}token/", {"kind": kind})
        token = told.context["made"]
        assert token.startswith(begins) and token in told.content.decode()
        assert "no-store" in told["Cache-Control"]
        again = text_of(client, here)
        assert token not in again and f"ends in {token[-4:]}" in again
    client.post(f"{here}token/", {"kind": "revoke"})
    assert text_of(client, here).count("There is none yet.") == 2


def test_apps_are_switched_on_and_listed_and_a_late_form_changes_nothing(client, owner, chat):
    client.force_login(owner)
    here = f"/console/{chat.project.slug}/web-calling/{chat.widget.pk}/apps/"
    seen = client.get(here).context["seen"]
    given = {"enabled": "on", "app_ids": "com.example.app\nCOM.example.two\n", "seen": seen}
    assert client.post(here, given).status_code == 302
    access = chat.widget.app_access
    assert (access.enabled, access.app_ids) == (True, ["com.example.app", "com.example.two"])
    late = client.post(here, {"app_ids": "", "seen": seen})
    assert late.status_code == 409
    wrong = client.post(here, {"enabled": "on", "app_ids": "not an id", "seen": late.context["seen"]})
    assert wrong.status_code in (409, 422)
    access.refresh_from_db()
    assert access.enabled and len(access.app_ids) == 2


def test_a_phone_has_no_apps(client, owner, chat, furnished):
    client.force_login(owner)
    phone = furnished.project.widgets.filter(kind="phone").first()
    assert client.get(f"/console/{chat.project.slug}/web-calling/{phone.pk}/apps/").status_code == 404


def test_a_chat_has_a_page_of_its_own_with_its_own_card_behind_a_passphrase(client, owner, chat):
    client.force_login(owner)
    here = f"/console/{chat.project.slug}/web-calling/{chat.widget.pk}/share/"
    assert "Whoever has the address can write" in text_of(client, here)
    seen = client.get(here).context["seen"]
    given = {"enabled": "on", "environment": "sandbox", "seen": seen}
    assert client.post(here, given).status_code == 302
    address = sharing.sharing(chat.widget).url.replace("http://localhost:8000", "")
    told = [one.words for one in heard.sentences(heard.ways_in(chat.project))]
    assert any(one.startswith("Visitors of the page of “Shop app” write with version") for one in told)
    assert "Write to Robin" in text_of(client, address) and "Talk to" not in text_of(client, address)
    frame = client.get(f"{address}/frame").content.decode()
    held = json.loads(re.search(r'<script id="settings" type="application/json">(.*?)</script>', frame, re.S)[1])
    assert credentials.read_grant(held["grant"]).purpose == credentials.PAGE
    assert "widget/chat/main.js" in frame and "widget/page/chat.css" in frame and "widget/page/card.css" not in frame
    assert client.post(f"{here}passphrase/", {"passphrase": "harbour light"}).status_code == 302
    assert "Enter the passphrase" in text_of(client, address) and client.get(f"{address}/frame").status_code == 403
    client.post(f"{here}rotate/")
    assert client.get(address).status_code == 404
    client.post(f"{here}passphrase/", {"remove": "1"})
    actions.set_enabled(chat.widget, False, by=None)
    closed = client.get(sharing.sharing(chat.widget).url.replace("http://localhost:8000", ""))
    assert closed.status_code == 503 and "This chat is not open right now" in closed.content.decode()


def test_the_tag_of_a_chat_widget_brings_the_card_of_a_chat_and_nothing_of_a_phone(client, chat):
    script = client.get(f"/widget/{chat.widget.code}.js").content.decode()
    assert "WebchatAPI" in script and "PolyphoneAPI" not in script
    frame = client.get(f"/widget/{chat.widget.code}/frame?host=https://example.com").content.decode()
    assert "widget/chat/main.js" in frame and "widget/frame/main.js" not in frame
    held = json.loads(re.search(r'<script id="settings" type="application/json">(.*?)</script>', frame, re.S)[1])
    assert set(held["urls"]) == {"grant", "token", "session", "rating", "socket", "ticket", "signal", "talk"}
    assert all("/chat/" in url for url in held["urls"]["talk"]), "fetched when somebody wants to talk"
    assert credentials.read_grant(held["grant"]).code == chat.widget.code
    assert {"soft", "ink", "bubble", "onBubble", "softDark"} <= set(held["config"]["style"])


def test_a_page_that_is_not_listed_gets_no_chat(client, chat):
    answer = client.get(f"/widget/{chat.widget.code}/frame?host=https://evil.example")
    assert answer.status_code == 403 and "grant" not in answer.content.decode()


def test_a_test_link_brings_the_chat_with_a_grant_of_its_own(client, chat):
    actions.make_test_link(chat.widget, by=None)
    here = test_link.live(chat.widget)[0].url.replace("http://localhost:8000", "")
    assert "count as tests" in text_of(client, here)
    script = client.get(f"{here}/widget.js").content.decode()
    assert "WebchatAPI" in script and f"{here}/frame" in script
    frame = client.get(f"{here}/frame").content.decode()
    held = json.loads(re.search(r'<script id="settings" type="application/json">(.*?)</script>', frame, re.S)[1])
    assert credentials.read_grant(held["grant"]).purpose == credentials.TEST and "widget/chat/main.js" in frame


def test_the_preview_is_drawn_by_the_chats_own_card_and_lets_nobody_write(client, owner, chat):
    client.force_login(owner)
    here = f"/console/{chat.project.slug}/web-calling/{chat.widget.pk}/"
    frame = client.get(f"{here}preview/").content.decode()
    assert "chat-preview.js" in frame and "grant" not in frame
    held = json.loads(re.search(r'<script id="settings" type="application/json">(.*?)</script>', frame, re.S)[1])
    assert held["config"]["samples"]["question"] == "Open?" and held["config"]["chat"]["menu"] is True
    assert "Moment of the chat" in text_of(client, here)


def test_a_chat_beside_a_phone_leaves_the_sentence_of_the_phone_as_it_was(furnished, chat):
    phone = furnished.widget
    actions.set_domains(phone, ["example.com"], by=None)
    running = publish.deployments(phone.project)
    alone = [one.words for one in heard.sentences(heard.ways_of(phone, running))]
    both = [one.words for one in heard.sentences(heard.ways_in(phone.project))]
    assert alone and set(alone) < set(both) and len(both) == len(alone) + 1
