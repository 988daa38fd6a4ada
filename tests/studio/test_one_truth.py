"""What visitors hear is plain at every moment: on Home, on the widget, on Versions, in each dialog and each toast."""

import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.authoring import checking, publish
from agents.brains import snapshot
from agents.models import Agent, AuditEntry, Environment, Topic, Variant, Version
from studio import console_urls
from tests.studio.test_isolation import TABLE, address
from widgets import actions
from widgets.models import Widget

HEARS = "Visitors of shop.example.com hear version {n}."


@pytest.fixture
def at(client, owner, furnished):
    """Pages and posts of the project, as the words somebody reads."""
    client.force_login(owner)
    Widget.objects.update(seen_at=timezone.now(), seen_host="shop.example.com")

    class At:
        widget = f"web-calling/{furnished.widget.pk}/"

        def get(self, path="", **given):
            return words(client.get(f"/console/{furnished.project.slug}/{path}", given))

        def post(self, path, **values):
            return words(client.post(f"/console/{furnished.project.slug}/{path}", values, follow=True))

    return At()


def words(response):
    assert response.status_code == 200
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def second_version(project, live=1):
    """Version 2 in Sandbox; Live on an earlier one."""
    publish.deploy(project, Environment.LIVE, Version.objects.get(project=project, number=live), None)
    Agent.objects.filter(project=project).update(greeting="Good day.")
    return publish.publish(project, by=None)


# ── 1. One truth ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("page", ["", "versions/", "WIDGET", "WIDGETcontent/", "WIDGETembed/", "WIDGETdomains/"])
def test_a_widget_in_sandbox_is_heard_by_strangers_and_every_page_says_so(at, furnished, page):
    second_version(furnished.project)
    text = at.get(page.replace("WIDGET", at.widget))
    assert HEARS.format(n=2) in text and HEARS.format(n=1) not in text
    assert "Only you hear" not in text
    actions.set_environment(furnished.widget, Environment.LIVE, by=None)
    assert HEARS.format(n=1) in at.get(page.replace("WIDGET", at.widget))


def test_home_is_not_done_before_the_widget_is_on_live(at, furnished):
    assert "4 of 5 done" in at.get() and "First promote a version to Live" in at.get()
    publish.deploy(furnished.project, Environment.LIVE, furnished.version, None)
    assert "4 of 5 done" in at.get() and "Put it on Live…" in at.get()
    at.post(at.widget + "place/", environment="live")
    assert "Everything is set up, 5 of 5 done" in at.get()


def test_a_widget_that_strangers_called_outside_live_warns(at, furnished, make_call):
    for page in ("", at.widget):
        assert "tranger" in at.get(page) and "called" in at.get(page)
    furnished.conversation.is_test = True
    furnished.conversation.save()
    for page in ("", at.widget):
        assert "tranger" not in at.get(page)


def test_the_environment_stands_on_every_page_of_a_widget_with_what_runs_there(at, furnished, client):
    second_version(furnished.project)
    for tab in ("", "content/", "embed/", "share/", "domains/", "settings/", "history/"):
        text = at.get(at.widget + tab)
        assert "Sandbox Version 2, to try Live Version 1, promoted" in text, tab


def test_the_dialog_of_the_move_says_who_hears_what_before_and_after(at, furnished):
    second_version(furnished.project)
    text = at.get(at.widget + "place/", environment="live")
    assert "Put “Shop phone” on Live?" in text
    assert "Visitors of shop.example.com hear version 1 from their next call." in text
    assert "Now, Sandbox" in text and "Then, Live" in text
    told = at.post(at.widget + "place/", environment="live")
    assert "“Shop phone” is on Live. " + HEARS.format(n=1) in told


def test_publish_and_promote_name_every_widget_and_what_it_hears(at, furnished):
    second_version(furnished.project)
    Agent.objects.update(greeting="Good night.")
    assert "Shop phone shop.example.com Version 3 from the next call" in at.get("publish/")
    assert "Shop phone shop.example.com Stays on version 2" in at.get("versions/2/promote/", environment="live")
    assert "visitors of shop.example.com do not hear it" in at.get("versions/2/promote/", environment="live")
    actions.set_environment(furnished.widget, Environment.LIVE, by=None)
    assert "Shop phone shop.example.com Stays on version 1" in at.get("publish/")
    assert "Shop phone shop.example.com Version 2 from the next call" in at.get(
        "versions/2/promote/", environment="live"
    )


# ── 2. Unsaved text ──────────────────────────────────────────────────────────────────────────────────────────

KEEPS = [
    ("persona/", {"name": "Robin", "greeting": "Good day.", "disclaimer": ""}),
    ("knowledge/new/", {"name": "Parking", "content": "Behind the house.", "samples": "", "active": "on"}),
]


@pytest.mark.parametrize(("path", "values"), KEEPS)
def test_save_and_publish_keeps_the_text_and_opens_the_dialog_that_has_it(client, at, furnished, path, values):
    response = client.post(f"/console/{furnished.project.slug}/{path}", values | {"then": "publish"})
    assert response.status_code == 302 and response["Location"].endswith("#publish")
    assert "New since version 1" in at.get("publish/")
    page = client.get(f"/console/{furnished.project.slug}/{path}").content.decode()
    assert 'data-named="publish"' in page and "data-keeps-draft" in page


def test_a_save_leads_on_to_nothing_else_than_it_names(client, at, furnished):
    values = KEEPS[0][1] | {"then": "//evil.example"}
    response = client.post(f"/console/{furnished.project.slug}/persona/", values)
    assert response["Location"] == f"/console/{furnished.project.slug}/persona/"


def test_promoting_names_what_the_draft_holds_and_the_version_does_not(at, furnished):
    second_version(furnished.project)
    Agent.objects.update(greeting="Good night.", disclaimer="A computer voice.")
    assert "2 changes in your draft are not in it" in at.get("versions/2/promote/", environment="live")


# ── 3. Two ways of taking effect ─────────────────────────────────────────────────────────────────────────────

DRAFT, ONCE = "Kept as draft until you publish", "Acts at once"
WAYS = {
    **dict.fromkeys(("persona", "knowledge", "topic", "topic_add", "variants", "voice", "topics_import"), DRAFT),
    **dict.fromkeys(("model", "tools", "tool", "tool_add", "tool_server", "source"), DRAFT),
    **dict.fromkeys(("languages", "persona_words", "topic_words", "flow_words"), DRAFT),
    **dict.fromkeys(("variants_import", "widget_styling", "widget_content", "flow", "flow_add"), DRAFT),
    **dict.fromkeys(("widget_share", "widget_settings", "widget_apps", "domains"), ONCE),
    **dict.fromkeys(("connection", "connection_add"), ONCE),
}


@pytest.mark.parametrize("name", WAYS)
def test_every_page_that_changes_what_visitors_meet_names_its_way(client, at, furnished, name):
    page = client.get(address(name, furnished)).content.decode()
    own = re.findall(r'<p class="effect( once)?">', page)
    head = (
        1 if name.startswith("widget_") or name == "domains" else 0
    )  # the environment in a widget's head acts at once
    assert len(own) == head + 1
    assert own[-1] == (" once" if WAYS[name] == ONCE else "")
    assert WAYS[name] in page


def test_a_new_page_has_to_say_which_way_it_is():
    """Pages that change the agent or a widget, and are not named above."""
    silent = {"voice_channel", "widget_place"}
    pages = [one for one in console_urls.project if not hasattr(one, "url_patterns")] + console_urls.widget
    for one in pages:
        view = getattr(one.callback, "view_class", None)
        if view and TABLE[one.name][0] and TABLE[one.name][1] and getattr(view, "effect", ""):
            assert one.name in WAYS or one.name in silent, one.name


@pytest.mark.long
def test_what_opens_a_dialog_and_what_confirms_it_use_the_same_verb(client, at, furnished):
    second_version(furnished.project)
    Agent.objects.update(greeting="Good night.")
    checked = set()
    for name, (may_open, _may_send) in TABLE.items():
        if not may_open or name in ("recording", "widget_add"):
            continue
        page = client.get(address(name, furnished)).content.decode()
        for opener in re.findall(r"<button[^>]*data-(?:dialog|asks)=.*?</button>", page, re.S):
            target = re.search(r'data-dialog="([^"]+)"', opener)
            if target:
                inside = re.search(rf'<dialog[^>]*id="{target[1]}".*?</dialog>', page, re.S)
                assert inside, (name, target[1])
                inside = inside[0]
            else:
                asked = html.unescape(re.search(r'data-asks="([^"]+)"', opener)[1])
                inside = client.get(asked).content.decode()
            confirm = re.search(r'<button[^>]*type="submit"[^>]*>(.*?)</button>', inside, re.S)
            label = plain(opener) or html.unescape(re.search(r'aria-label="([^"]+)"', opener)[1])
            if opener.startswith('<button type="button" id="env-'):
                continue  # the environments stand as a choice, without a verb
            assert confirm and plain(confirm[1]).split()[0] == label.split()[0], (name, label)
            checked.add(label.split()[0])
    assert {"Publish", "Promote", "Make", "Delete", "Allow", "Remove", "Archive"} <= checked


def plain(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).replace("…", "").split())


def test_toasts_say_what_is_true_for_this_environment(at, furnished):
    said = at.post("persona/", name="Robin", greeting="One.", disclaimer="")
    assert "Kept in your draft. Visitors of shop.example.com hear it once you publish." in said
    said = at.post("publish/")
    assert "Version 2 runs in Sandbox. Visitors of shop.example.com hear it from their next call." in said
    actions.set_environment(furnished.widget, Environment.LIVE, by=None)
    said = at.post("persona/", name="Robin", greeting="Two.", disclaimer="")
    assert "Visitors of shop.example.com hear it once you publish it and promote that to Live." in said
    said = at.post("publish/")
    assert "Visitors of shop.example.com hear it once you promote it to Live." in said
    said = at.post("versions/3/promote/", environment="live")
    assert "Live runs version 3. Visitors of shop.example.com hear it from their next call." in said
    actions.set_enabled(furnished.widget, False, by=None)
    said = at.post("persona/", name="Robin", greeting="Three.", disclaimer="")
    assert "shop.example.com hear" not in said


def test_the_toast_of_a_new_site_says_why_no_button_is_there_yet(at, furnished):
    assert "The button appears there with the next page load." in at.post(at.widget + "domains/", address="a.example")
    actions.set_enabled(furnished.widget, False, by=None)
    said = at.post(at.widget + "domains/", address="b.example")
    assert "The button does not work there yet: The widget is switched off." in said


# ── 4. After a rollback ──────────────────────────────────────────────────────────────────────────────────────


def rolled_back(at, furnished):
    second_version(furnished.project)
    at.post("versions/2/promote/", environment="live")
    return at.post("versions/1/promote/", environment="live")


def test_after_a_rollback_every_page_says_that_the_draft_is_not_what_runs(client, at, furnished):
    rolled_back(at, furnished)
    for name in ("persona", "knowledge", "versions", "home"):
        page = client.get(address(name, furnished)).content.decode()
        dock = re.search(r'<section class="dock".*?</section>', page, re.S)[0]
        assert "Draft as version 2" in dock and "Live runs version 1" in dock and "status good" not in dock
    text = at.get("versions/")
    assert "Your draft against what runs" in text and "Make version 1 my draft…" in text and "Good day." in text


def test_what_was_rolled_back_is_named_before_it_rides_along(at, furnished):
    rolled_back(at, furnished)
    Topic.objects.update(content="Always.")
    text = at.get("publish/")
    assert "What Live’s version 1 does not have either" in text and "Good day." in text


def test_a_version_is_made_the_draft_and_what_the_draft_held_is_kept(at, furnished):
    rolled_back(at, furnished)
    Topic.objects.create(project=furnished.project, name="Later", content="Not yet.", active=False)
    Topic.objects.create(project=furnished.project, name="New", content="New.")
    Variant.objects.update(attributes={"city": "Hull"})
    said = at.post("versions/1/draft/")
    assert "Your draft is version 1 now. What it held before is kept as version 3." in said
    assert publish.freeze(furnished.project) == snapshot.written(Version.objects.get(number=1).config)
    assert Topic.objects.filter(name="Later", active=False).exists()
    assert {topic["name"] for topic in Version.objects.get(number=3).config["topics"]} == {"Opening hours", "New"}
    assert publish.running(furnished.project, "sandbox").number == 2
    assert AuditEntry.objects.first().action == "agent.restore"
    at.post("versions/3/draft/")
    assert publish.freeze(furnished.project) == Version.objects.get(number=3).config
    assert Version.objects.count() == 3  # a version held it already


# ── 5. Warnings are repeated ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def doubtful(furnished):
    """A greeting and a card with gaps, and nobody asked for consent."""
    Agent.objects.update(greeting="Hello from ${variant_town}.")
    draft = furnished.widget.draft
    words_ = draft["words"] | {"welcome": "Call ${variant_town}"}
    changed = draft | {"words": words_, "recording": "off", "consent": draft["consent"] | {"enabled": False}}
    actions.save_draft(furnished.widget, changed, by=None)
    actions.publish_widget(furnished.widget, by=None)
    second = publish.publish(furnished.project, by=None)
    publish.deploy(furnished.project, Environment.LIVE, second, None)
    actions.set_environment(furnished.widget, Environment.LIVE, by=None)
    publish.deploy(furnished.project, Environment.SANDBOX, furnished.version, None)
    Agent.objects.update(disclaimer="A computer voice.")
    return furnished


SPOKEN, WRITTEN, UNASKED = "has no “town”", "Visitors see a gap on the card", "Visitors are not asked for consent"


@pytest.mark.parametrize(
    ("path", "given", "told"),
    [
        ("publish/", {}, {SPOKEN}),
        ("versions/2/promote/", {"environment": "live"}, {SPOKEN, WRITTEN, UNASKED}),
        ("versions/1/promote/", {"environment": "live"}, {WRITTEN, UNASKED}),
        ("WIDGETplace/", {"environment": "sandbox"}, {WRITTEN}),
        ("WIDGETdomains/", {}, {WRITTEN, UNASKED}),
        ("WIDGET", {}, {WRITTEN, UNASKED}),
    ],
)
def test_whatever_lets_visitors_meet_something_repeats_every_warning(at, doubtful, path, given, told):
    actions.save_draft(doubtful.widget, doubtful.widget.draft | {"rating": True}, by=None)
    text = at.get(path.replace("WIDGET", at.widget), **given)
    for warning in (SPOKEN, WRITTEN, UNASKED):
        assert (warning in text) == (warning in told), warning


def test_a_language_that_cannot_take_calls_is_marked_in_the_choice(client, at, furnished, monkeypatch):
    monkeypatch.setattr(checking, "can_hear", lambda language: language == "en")
    page = client.get(reverse("console:voice", kwargs={"project": furnished.project.slug})).content.decode()
    options = re.findall(
        r"<option ([^>]*)>([^<]*)</option>", re.search(r'<select name="language".*?</select>', page, re.S)[0]
    )
    assert len(options) > 1
    for attributes, label in options:
        assert ("disabled" in attributes) == ('value="en"' not in attributes)
        assert ("cannot take calls yet" in label) == ('value="en"' not in attributes)
    sent = {"language": "de", "voice": "piper:joe", "pace": "default", "interruption": "default", "patience": "default"}
    at_once = client.post(reverse("console:voice", kwargs={"project": furnished.project.slug}), sent)
    assert at_once.status_code == 422
    assert Agent.objects.get(project=furnished.project).language == "en"
