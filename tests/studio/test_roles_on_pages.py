"""Each area at None, Read and Edit on every address; and no page that offers what its reader may not do."""

import functools
from html.parser import HTMLParser

import pytest
from django.urls import Resolver404, resolve, reverse

from agents.models import Member
from studio import console_urls
from studio.pages.base import ProjectPage
from tests.studio.test_isolation import (
    OF_THE_PROJECT_ITSELF,
    READ,
    TABLE,
    address,
    addresses,
    everything,
    patterns,
    undone,
)
from widgets import actions

pytestmark = pytest.mark.long

# Which area's level decides about an address. What is in none is every member's, or asks for something more.
AREAS = {
    "agent": [
        *("persona", "persona_words", "languages", "topic_words"),
        *("knowledge", "topic_add", "topic", "topic_delete", "topics_export", "topics_import", "topics_try"),
        *("sources", "source_add", "source", "source_keep", "source_read", "source_try", "source_delete"),
        *("flows", "flow_add", "flow", "flow_words", "flow_delete"),
        *("tools", "tool_add", "tool", "tool_delete", "tool_server"),
        *("rehearsals", "rehearsals_start", "rehearsals_stop", "rehearsal_add", "rehearsal", "rehearsal_edit"),
        *("rehearsal_delete", "rehearsal_from"),
        *(
            "topics_alike",
            "topic_phrasings",
            "variants",
            "variants_export",
            "variants_import",
            "voice",
            "voice_channel",
        ),
        "model",
        *("test", "test_say", "test_hear", "publish", "versions", "compare", "promote", "make_draft"),
    ],
    "web_calling": [
        *("web_calling", "archive", "widget_add", "domains", "domain_remove", "refused_allow"),
        *[name for name in TABLE if name.startswith("widget_") and name not in ("widget_add", "widget_publish")],
    ],
    "conversations": ["conversations", "conversation", "conversation_print", "conversation_delete"],
    "settings": [
        *("members", "member", "member_remove", "invite", "invitation_withdraw", "audit", "project_settings"),
        *("pre_release", "model_costs", "model_test"),
        *("connections", "connection_add", "connection", "connection_test", "connection_delete"),
        "privacy",
    ],
}
ELSEWHERE = {
    "home",
    "notices",
    "notices_seen",
    "notices_mail",
    "search",
    "recording",
    "widget_publish",
    "project_delete",
} | {
    *("visitor_erase", "visitor_export", "conversations_export", "conversation_export"),
    "conversation_views",
    *("conversations_mark", "conversation_note", "conversation_note_delete", "conversation_tags"),
    *("questions", "question_settle", "question_add"),
}
MOVES_ON = {"web_calling": 302, "recording": 404, "widget_qr": 404}
# What is in the settings area, and read without editing it.
SETTINGS_READ = {"members", "member", "audit"}


def give(user, **access):
    Member.objects.filter(user=user).update(access=access)


def test_every_address_belongs_somewhere():
    assert sorted([*(name for names in AREAS.values() for name in names), *ELSEWHERE]) == sorted(TABLE)


@pytest.mark.parametrize("level", ["none", "read", "edit"])
@pytest.mark.parametrize("area", AREAS)
def test_a_level_opens_and_changes_what_it_says(client, furnished, editor, area, level):
    give(editor, **{area: level})
    client.force_login(editor)
    urls = addresses(furnished, AREAS[area])
    before = everything()
    for name, url in urls.items():
        may_open, may_send = TABLE[name]
        opens = level == "edit" or (level == "read" and (may_open == READ or name in SETTINGS_READ))
        with undone():
            got = client.get(url).status_code
        assert got == MOVES_ON.get(name, 200) if may_open and opens else got in (403, 405), name

        if may_send and level == "edit":
            with undone():
                assert client.post(url).status_code in (200, 302, 415, 422), name
        else:
            assert client.post(url).status_code in (403, 405), name
    assert everything() == before


@pytest.mark.parametrize("role", ["editor", "owner"])
def test_a_role_sends_what_it_may(client, furnished, request, role):
    client.force_login(request.getfixturevalue(role))
    for name, url in addresses(furnished, [name for name, (_open, send) in TABLE.items() if send]).items():
        with undone():
            status = client.post(url).status_code
        assert status in ((200, 302, 415, 422) if role in TABLE[name][1] else (403,)), name


def test_who_may_not_publish_phone_widgets_publishes_none_by_any_way(client, furnished, editor):
    give(editor, publish_phone=False)
    client.force_login(editor)
    actions.save_draft(furnished.widget, furnished.widget.draft | {"rating": True}, by=editor)
    published = [row["published"] for row in everything()["widgets.Widget"]]
    assert client.post(address("widget_publish", furnished)).status_code == 403
    for name in ("widget_styling", "widget_content"):
        values = {"do": "publish", "style__agent_name": "Other", "style__theme": "dark", "style__side": "left"}
        client.post(address(name, furnished), values)
        assert "publish-widget" not in client.get(address(name, furnished)).content.decode()
    after = everything()
    assert [row["published"] for row in after["widgets.Widget"]] == published
    assert len(after["widgets.WidgetPublication"]) == 1


def test_who_may_not_see_personal_data_reads_and_hears_none(client, furnished, analyst):
    give(analyst, personal_data=False)
    client.force_login(analyst)
    for name in ("home", "conversations", "conversation", "conversation_print"):
        text = client.get(address(name, furnished)).content.decode()
        assert "boats" not in text and "When are you open?" not in text
    found = client.get(address("search", furnished), {"q": "boats"}).content.decode()
    assert "Do you sell" not in found
    assert client.get(address("recording", furnished)).status_code in (403, 404)
    assert client.get(address("questions", furnished)).status_code == 403
    for kind in ("csv", "json", "txt", "zip"):
        for name in ("conversations_export", "conversation_export"):
            taken = client.post(address(name, furnished), {"as": kind}).getvalue()
            assert b"boats" not in taken and b"When are you open?" not in taken


class Offers(HTMLParser):
    """Where a page leads, and where its forms and buttons send."""

    def __init__(self, page):
        super().__init__()
        self.page, self.links, self.sends = page, set(), set()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "a" and given.get("href"):
            self.links.add(given["href"])
        if tag == "form" and given.get("method", "").lower() == "post" and given.get("action") is not None:
            self.sends.add(given["action"] or self.page)
        if given.get("data-action"):
            self.sends.add(given["data-action"])


PEOPLE = {
    "an analyst": ("analyst", {}),
    "an editor": ("editor", {}),
    "an editor who publishes no widgets": ("editor", {"publish_phone": False}),
    "somebody of the agent": ("editor", {"web_calling": "none", "conversations": "none"}),
    "somebody who only reads the agent": ("editor", {"agent": "read"}),
    "somebody of the widgets": ("editor", {"agent": "none", "conversations": "none"}),
    "somebody of the conversations": ("analyst", {"agent": "none", "web_calling": "none", "conversations": "edit"}),
    "somebody who reads the settings": ("analyst", {"settings": "read"}),
    "somebody who sees nothing": (
        "analyst",
        {"agent": "none", "web_calling": "none", "conversations": "none", "personal_data": False},
    ),
}


def name_of(path):
    try:
        found = resolve(path.partition("?")[0].partition("#")[0])
    except Resolver404:
        return None
    return found.url_name if found.namespaces == ["console"] and "project" in found.kwargs else None


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_offers_what_its_reader_may_not_do(client, furnished, request, who):
    role, access = PEOPLE[who]
    user = request.getfixturevalue(role)
    give(user, **access)
    client.force_login(user)
    pages = {name: address(name, furnished) for name, (may_open, _send) in TABLE.items() if may_open}
    assert forbidden_offers(client, user, pages) == []


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_of_an_empty_project_offers_it_either(client, project, request, who):
    role, access = PEOPLE[who]
    user = request.getfixturevalue(role)
    give(user, **access)
    client.force_login(user)
    names = [name for name in sorted(OF_THE_PROJECT_ITSELF) if TABLE[name][0]]
    pages = {name: reverse(f"console:{name}", kwargs={"project": project.slug}) for name in names}
    assert forbidden_offers(client, user, pages) == []


def forbidden_offers(client, user, pages):
    """The links and buttons on these pages that lead this person to a refusal."""
    views = {pattern.name: pattern.callback.view_class for pattern in patterns(console_urls.project)}
    member = Member.objects.get(user=user)
    wrong = []

    @functools.cache  # every page has the menu
    def refused(link):
        return client.get(link).status_code in (403, 405)

    for name, page in pages.items():
        answer = client.get(page)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        offers = Offers(page)
        offers.feed(answer.content.decode())
        for link in offers.links:
            if name_of(link) and link.startswith("/") and refused(link):
                wrong.append((name, "leads to", link))
        for target in offers.sends:
            view = views.get(name_of(target))
            if view and not allowed(view, member, target):
                wrong.append((name, "sends to", target))
    return wrong


def allowed(view, member, target):
    """Whether this member's POST would be taken, as the page itself asks."""
    page: ProjectPage = view()
    kwargs = dict(resolve(target.partition("?")[0].partition("#")[0]).kwargs)
    kwargs.pop("project")
    page.member, page.project, page.kwargs = member, member.project, kwargs
    return page.may(page.permission) and page.may_write()


# What is nobody's project: (anonymous, a member who owns none, an owner), by opening it.
OUTSIDE = {
    "index": (302, 302, 302),
    "login": (200, 302, 302),
    "account": (302, 200, 200),
    "account_password": (302, 200, 200),
    "project_new": (302, 403, 200),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_is_outside_of_projects_is_for_who_is_signed_in(client, project, editor, owner, name):
    page, before = reverse(f"console:{name}"), everything()
    for user, status in zip((None, editor, owner), OUTSIDE[name], strict=True):
        if user:
            client.force_login(user)
        assert client.get(page).status_code == status
        if status == 403 or user is None:
            assert client.post(page).status_code in (200, 302, 403, 405)
            assert everything() == before


def test_every_address_of_the_console_is_in_a_table():
    outside = {pattern.name for pattern in console_urls.console.get_urls() + console_urls.outside if pattern.name}
    # Links have tests of their own: tests/studio/test_invitations.py, tests/studio/test_mail.py
    known = {*OUTSIDE, "invitation", "password_forgotten", "password_new"}
    assert outside - known <= {"logout", "password_change", "password_change_done", "jsi18n", "autocomplete"} | {
        name for name in outside if "_" in name and name.startswith(("view_on_site", "app_list"))
    }
