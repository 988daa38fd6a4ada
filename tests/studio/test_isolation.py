"""Every address of the console, as everybody: anonymous, a stranger, and each role."""

import uuid
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import URLPattern, URLResolver, reverse

from agents.models import Agent
from studio import console_urls
from widgets import actions

pytestmark = pytest.mark.long

READ = {"analyst", "editor", "owner"}
EDIT = {"editor", "owner"}
OWN = {"owner"}
NOBODY: set[str] = set()

# name: (who may open it, who may send to it); an empty set is an address that has no such method
TABLE = {
    "home": (READ, NOBODY),
    "notices": (READ, NOBODY),
    "notices_seen": (NOBODY, READ),
    "notices_mail": (NOBODY, READ),
    "persona": (READ, EDIT),
    "persona_words": (READ, EDIT),
    "languages": (READ, EDIT),
    "knowledge": (READ, NOBODY),
    "topic_add": (READ, EDIT),
    "topic": (READ, EDIT),
    "topic_words": (READ, EDIT),
    "flow_words": (READ, EDIT),
    "topic_delete": (NOBODY, EDIT),
    "topics_export": (READ, NOBODY),
    "topics_import": (EDIT, EDIT),
    "topics_try": (NOBODY, EDIT),
    "topics_alike": (EDIT, NOBODY),
    "sources": (READ, NOBODY),
    "source_add": (READ, EDIT),
    "source": (READ, EDIT),
    "source_keep": (NOBODY, EDIT),
    "source_read": (NOBODY, EDIT),
    "source_try": (NOBODY, EDIT),
    "source_delete": (NOBODY, EDIT),
    "topic_phrasings": (EDIT, NOBODY),
    "flows": (READ, NOBODY),
    "flow_add": (READ, EDIT),
    "flow": (READ, EDIT),
    "flow_delete": (NOBODY, EDIT),
    "tools": (READ, EDIT),
    "tool_add": (READ, EDIT),
    "tool_server": (READ, EDIT),
    "tool": (READ, EDIT),
    "tool_delete": (NOBODY, EDIT),
    "variants": (READ, EDIT),
    "variants_export": (READ, NOBODY),
    "variants_import": (EDIT, EDIT),
    "voice": (READ, EDIT),
    "voice_channel": (READ, EDIT),
    "model": (READ, EDIT),
    "model_costs": (NOBODY, OWN),
    "model_test": (NOBODY, OWN),
    "test": (EDIT, EDIT),
    "test_say": (NOBODY, EDIT),
    "test_hear": (NOBODY, EDIT),
    "publish": (EDIT, EDIT),
    "versions": (READ, NOBODY),
    "compare": (READ, NOBODY),
    "pre_release": (NOBODY, OWN),
    "promote": (EDIT, EDIT),
    "make_draft": (NOBODY, EDIT),
    "rehearsals": (READ, NOBODY),
    "rehearsals_start": (NOBODY, EDIT),
    "rehearsals_stop": (NOBODY, EDIT),
    "rehearsal_add": (READ, EDIT),
    "rehearsal": (READ, NOBODY),
    "rehearsal_edit": (READ, EDIT),
    "rehearsal_delete": (NOBODY, EDIT),
    "rehearsal_from": (NOBODY, EDIT),
    "web_calling": (READ, NOBODY),
    "archive": (READ, NOBODY),
    "widget_add": (EDIT, EDIT),
    "widget_styling": (READ, EDIT),
    "widget_content": (READ, EDIT),
    "widget_picture": (NOBODY, EDIT),
    "widget_preview": (READ, NOBODY),
    "widget_embed": (READ, NOBODY),
    "widget_needs": (READ, NOBODY),
    "widget_check": (NOBODY, EDIT),
    "widget_share": (READ, EDIT),
    "widget_passphrase": (NOBODY, EDIT),
    "widget_page_rotate": (NOBODY, EDIT),
    "widget_qr": (READ, NOBODY),
    "widget_test": (NOBODY, EDIT),
    "widget_apps": (READ, EDIT),
    "widget_token": (NOBODY, EDIT),
    "widget_settings": (READ, EDIT),
    "widget_place": (EDIT, EDIT),
    "domains": (READ, EDIT),
    "domain_remove": (NOBODY, EDIT),
    "refused_allow": (NOBODY, EDIT),
    "widget_publish": (NOBODY, EDIT),
    "widget_history": (READ, NOBODY),
    "widget_restore": (NOBODY, EDIT),
    "widget_take_back": (NOBODY, EDIT),
    "widget_discard": (NOBODY, EDIT),
    "widget_rotate": (NOBODY, EDIT),
    "widget_duplicate": (NOBODY, EDIT),
    "widget_archive": (NOBODY, EDIT),
    "widget_delete": (NOBODY, EDIT),
    "conversations": (READ, NOBODY),
    "questions": (READ, NOBODY),
    "question_settle": (NOBODY, EDIT),
    "question_add": (NOBODY, EDIT),
    "conversations_mark": (NOBODY, EDIT),
    "conversation_views": (NOBODY, READ),
    "conversations_export": (NOBODY, READ),
    "conversation": (READ, NOBODY),
    "conversation_note": (NOBODY, EDIT),
    "conversation_note_delete": (NOBODY, OWN),  # it is not theirs
    "conversation_tags": (NOBODY, EDIT),
    "conversation_export": (NOBODY, READ),
    "conversation_print": (READ, NOBODY),
    "recording": (READ, NOBODY),
    "conversation_delete": (NOBODY, OWN),
    "search": (READ, NOBODY),
    "members": (OWN, NOBODY),
    "member": (OWN, OWN),
    "member_remove": (NOBODY, OWN),
    "invite": (NOBODY, OWN),
    "invitation_withdraw": (NOBODY, OWN),
    "audit": (OWN, NOBODY),
    "connections": (OWN, NOBODY),
    "connection_add": (OWN, OWN),
    "connection": (OWN, OWN),
    "connection_test": (NOBODY, OWN),
    "connection_delete": (NOBODY, OWN),
    "project_settings": (OWN, OWN),
    "privacy": (OWN, OWN),
    "visitor_export": (NOBODY, OWN),
    "visitor_erase": (NOBODY, OWN),
    "project_delete": (NOBODY, OWN),
}


def patterns(entries=console_urls.project):
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns)
        else:
            assert isinstance(entry, URLPattern)
            yield entry


@pytest.fixture(autouse=True)
def _in_two_languages(request):
    """A second language's pages are there as soon as the agent speaks it."""
    if "furnished" in request.fixturenames:
        speak_german(request.getfixturevalue("furnished"))


def speak_german(furnished):
    Agent.objects.filter(project=furnished.project).update(wordings={"de": {"voice": "pico:de-DE"}})


OF_A_CHAT = ("widget_apps", "widget_token")


def chat_of(furnished):
    chat = furnished.project.widgets.filter(kind="chat").first()
    return chat or actions.create_widget(furnished.project, by=None, name="Chat", address="example.com", kind="chat")


def address(name, furnished, project=None):
    given = {
        "topic": furnished.topic.pk,
        "flow": furnished.flow.pk,
        "language": "de",
        "widget": chat_of(furnished).pk if name in OF_A_CHAT else furnished.widget.pk,
        "domain": furnished.domain.pk,
        "refused": furnished.refused.pk,
        "publication": furnished.widget.publications.first().pk,
        "number": furnished.version.number,
        "conversation": furnished.conversation.pk,
        "tool": furnished.tool.pk,
        "rehearsal": furnished.rehearsal.pk,
        "note": furnished.note.pk,
        "group": furnished.group.pk,
        "member": furnished.member.pk,
        "invitation": furnished.invitation.pk,
        "connection": furnished.connection.pk,
        "source": furnished.source.pk,
    }
    needs = {
        "topic": ["topic"],
        "topic_words": ["topic", "language"],
        "flow_words": ["flow", "language"],
        "persona_words": ["language"],
        "topic_delete": ["topic"],
        "topic_phrasings": ["topic"],
        **{f"source{what}": ["source"] for what in ("", "_keep", "_read", "_try", "_delete")},
        "flow": ["flow"],
        "flow_delete": ["flow"],
        "promote": ["number"],
        "make_draft": ["number"],
        "domain_remove": ["widget", "domain"],
        "refused_allow": ["widget", "refused"],
        "widget_restore": ["widget", "publication"],
        "domains": ["widget"],
        "conversation": ["conversation"],
        "tool": ["tool"],
        "tool_delete": ["tool"],
        "rehearsal": ["rehearsal"],
        "rehearsal_edit": ["rehearsal"],
        "rehearsal_delete": ["rehearsal"],
        "rehearsal_from": ["conversation"],
        "recording": ["conversation"],
        "question_settle": ["group"],
        "question_add": ["group"],
        "conversation_note": ["conversation"],
        "conversation_note_delete": ["conversation", "note"],
        "conversation_tags": ["conversation"],
        "conversation_export": ["conversation"],
        "conversation_print": ["conversation"],
        "conversation_delete": ["conversation"],
        "member": ["member"],
        "member_remove": ["member"],
        "invitation_withdraw": ["invitation"],
        "connection": ["connection"],
        "connection_test": ["connection"],
        "connection_delete": ["connection"],
    }.get(name, ["widget"] if name.startswith("widget_") and name != "widget_add" else [])
    if "language" in needs:
        speak_german(furnished)
    kwargs = {need: given[need] for need in needs}
    return reverse(f"console:{name}", kwargs={"project": project or furnished.project.slug, **kwargs})


def test_the_table_names_every_address_of_a_project():
    assert sorted(TABLE) == sorted(pattern.name for pattern in patterns())


def addresses(furnished, names, project=None):
    """Each name's address; what they need is there then."""
    chat_of(furnished)
    return {name: address(name, furnished, project) for name in names}


@contextmanager
def undone():
    """What is done inside is taken back: one project serves for every address."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_an_anonymous_visitor_is_sent_to_the_login(client, furnished):
    for name, url in addresses(furnished, TABLE).items():
        for response in (client.get(url), client.post(url)):
            assert response.status_code == 302, name
            assert response["Location"].startswith(reverse("console:login") + "?next="), name


def test_a_member_of_another_project_finds_nothing(client, furnished, stranger):
    client.force_login(stranger)
    here, nowhere = addresses(furnished, TABLE), addresses(furnished, TABLE, project="no-such-project")
    before = everything()
    for name in TABLE:
        for url in (here[name], nowhere[name]):
            assert client.get(url).status_code == 404, name
            assert client.post(url).status_code == 404, name
    assert everything() == before


OF_THE_PROJECT_ITSELF = {
    *("home", "persona", "languages", "knowledge", "topic_add", "flows", "flow_add", "variants", "publish", "versions"),
    *("tools", "tool_add", "tool_server", "sources", "source_add"),
    *("topics_export", "topics_import", "topics_try", "topics_alike", "variants_export", "variants_import"),
    *("voice", "voice_channel", "model", "model_costs", "model_test"),
    *("test", "test_say", "test_hear", "compare", "pre_release"),
    *("web_calling", "archive", "widget_add", "conversations"),
    *("rehearsals", "rehearsals_start", "rehearsals_stop", "rehearsal_add"),
    *("connections", "connection_add"),
    *("search", "members", "invite", "audit", "project_settings", "project_delete"),
    *("notices", "notices_seen", "notices_mail"),
    *("privacy", "visitor_export", "visitor_erase", "conversations_export", "conversations_mark", "questions"),
    "conversation_views",
}


def test_a_foreign_object_is_not_found_under_ones_own_project(client, furnished, stranger):
    client.force_login(stranger)
    urls = addresses(furnished, [name for name in TABLE if name not in OF_THE_PROJECT_ITSELF], project="other")
    before = everything()
    for name, url in urls.items():
        may_open, may_send = TABLE[name]
        assert client.get(url).status_code == (404 if may_open else 405), name
        assert client.post(url).status_code == (404 if may_send else 405), name
    assert everything() == before


@pytest.mark.parametrize("role", ["analyst", "editor", "owner"])
def test_a_role_opens_what_it_may(client, furnished, request, role):
    client.force_login(request.getfixturevalue(role))
    for name, url in addresses(furnished, TABLE).items():
        with undone():
            status = client.get(url).status_code
        if role in TABLE[name][0]:
            # The recording's row is there and its file is not, the call page was never on; the entry of Web Calling
            # leads on to a widget.
            assert status == {"recording": 404, "widget_qr": 404, "web_calling": 302}.get(name, 200), name
        else:
            assert status in (403, 405), name


def test_an_analyst_changes_nothing(client, furnished, analyst):
    client.force_login(analyst)
    urls = addresses(furnished, [name for name, (_open, send) in TABLE.items() if "analyst" not in send])
    before = everything()
    for name, url in urls.items():
        status = client.post(url).status_code
        assert status == 403 if TABLE[name][1] else status in (403, 405), name
    assert everything() == before


@pytest.mark.parametrize("name", ["conversations_export", "conversation_export"])
def test_what_an_analyst_takes_away_changes_nothing_but_the_audit(client, furnished, analyst, name):
    client.force_login(analyst)
    before = everything()
    assert client.post(address(name, furnished)).status_code == 200
    after = everything()
    assert [line["action"] for line in after.pop("agents.AuditEntry")][-1] == "conversation.export"
    before.pop("agents.AuditEntry")
    assert after == before


def test_an_editor_does_not_do_what_is_the_owners(client, furnished, editor):
    client.force_login(editor)
    urls = addresses(furnished, [name for name, (_open, send) in TABLE.items() if send == OWN])
    before = everything()
    for name, url in urls.items():
        assert client.post(url).status_code == 403, name
    assert everything() == before


def test_a_page_for_another_role_says_so_in_words(client, furnished, analyst):
    client.force_login(analyst)
    response = client.get(address("widget_add", furnished))
    assert response.status_code == 403
    assert "This page is not for your role" in response.content.decode()


def test_somebody_in_no_project_gets_a_plain_page(client, db, django_user_model):
    client.force_login(django_user_model.objects.create_user("lone", "lone@example.com", "a-long-password"))
    response = client.get(reverse("console:index"))
    assert response.status_code == 200
    assert "You are in no project yet" in response.content.decode()


def test_a_superuser_is_no_member_by_magic(client, furnished, admin_user):
    client.force_login(admin_user)
    assert client.get(address("home", furnished)).status_code == 404


def test_an_unknown_object_is_not_found(client, furnished, owner):
    client.force_login(owner)
    here = {"project": furnished.project.slug}
    assert client.get(reverse("console:topic", kwargs=here | {"topic": 999})).status_code == 404
    assert client.get(reverse("console:widget_styling", kwargs=here | {"widget": 999})).status_code == 404
    assert client.get(reverse("console:conversation", kwargs=here | {"conversation": uuid.uuid4()})).status_code == 404


def test_pages_are_not_kept_by_caches_between(client, furnished, owner):
    client.force_login(owner)
    assert "private" in client.get(address("home", furnished))["Cache-Control"]


def everything():
    """Everything a page could change: every row of the product, and who can sign in."""
    labels = ("agents", "widgets", "calling", "auth", "account", "mfa")
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    people = {"last_login"}  # signing in writes it, and that is no page of a project
    return {
        model._meta.label: [
            {name: value for name, value in row.items() if name not in people}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in models
    }
