"""What holds for every address of the console, whichever page is behind it. The lists are walked, so that a page which
is added is tested by being there."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from agents.people import members
from studio.running import hosts
from tests.fakes.passkey import Passkey
from tests.studio import test_isolation
from tests.studio.test_isolation import everything
from widgets import actions

pytestmark = pytest.mark.long

# Whoever asks these has no session: tokens, grants, tickets and the Origin header say who it is, and nothing of a
# browser's sign-in does. A call page takes a passphrase, and gives a cookie of its own for it.
WITHOUT_TOKEN = {
    "grant",
    "consent",
    "ticket",
    "rating",
    "missed",
    "unreached",
    "call_page",
    "access-token",
    "sessions",
    "chat-rating",
    "chat_ticket",
}
READ_ONLY = {"openapi"}  # of the same kind, but nothing can be sent there
# What a GET may write: which project was looked at last, a challenge for a passkey.
KEPT_BY_A_LOOK = {"django_session"}
# And one of a visitor's: that a listed page has the tag, that another was turned away; both few a minute.
KEPT_OF_VISITORS = {"widgets_widget", "widgets_refusedhost"}
_WRITE = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')


def walked(entries=None, prefix=""):
    """Every address of the site, as (whole pattern, entry)."""
    for entry in entries if entries is not None else get_resolver().url_patterns:
        whole = prefix + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            yield from walked(entry.url_patterns, whole)
        else:
            assert isinstance(entry, URLPattern)
            yield whole, entry


def console():
    """The console's own addresses. The raw admin is Django's, and its pages are tested there."""
    return {entry.name: whole for whole, entry in walked() if whole.startswith("console/")}


@pytest.fixture
def addresses(furnished, owner):
    """A real address of every page of the console, by name."""
    passkey = {"name": "Phone", "credential": Passkey().credential()}
    way = Authenticator.objects.create(user=owner, type=Authenticator.Type.WEBAUTHN, data=passkey)
    link = {"uidb64": "MQ", "token": "a-b"}
    given = {
        "password_new": link,
        "invitation": {"token": members.token_of(furnished.invitation)},
        "mfa_remove_webauthn": {"pk": way.pk},
    }
    found = {}
    for name, whole in console().items():
        if name in test_isolation.TABLE:
            found[name] = test_isolation.address(name, furnished)
        else:
            ours = "console:" if reversed_by(f"console:{name}", given.get(name)) else ""
            found[name] = reverse(ours + name, kwargs=given.get(name))
        assert "<" in whole or found[name] == "/" + whole
    return found


def reversed_by(name, kwargs):
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def test_nothing_that_the_console_answers_is_kept_by_anybody(addresses, owner, stranger):
    open_to_all, mine, others = Client(), Client(), Client()
    mine.force_login(owner)
    others.force_login(stranger)
    kept = []
    for name, url in addresses.items():
        for client in (open_to_all, mine, others):
            for response in (client.get(url), client.post(url)):
                told = response["Cache-Control"] if response.has_header("Cache-Control") else ""
                if not {"private", "no-store"} <= set(re.split(r",\s*", told)):
                    kept.append((name, response.status_code, told))
        mine.force_login(owner)  # one of them signs out, one deletes the project
    assert kept == []
    assert len(addresses) > 80


@pytest.mark.parametrize("url", ["/raw-admin/", "/raw-admin/agents/project/", "/console/no-such-page/", "/"])
def test_neither_is_what_the_raw_admin_answers_or_what_is_not_there(client, admin_user, url):
    client.force_login(admin_user)
    assert "no-store" in client.get(url)["Cache-Control"]


def test_the_one_rule_knows_each_of_the_consoles_addresses():
    assert all(hosts.is_console("/" + whole) for whole in console().values())


def test_a_form_without_its_token_changes_nothing_anywhere(addresses, owner):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    session = dict(strict.session)
    before = everything()
    answers = {name: strict.post(url, {"name": "Eve", "enabled": "on"}).status_code for name, url in addresses.items()}
    assert everything() == before and dict(strict.session) == session
    assert set(answers.values()) == {403}, {name: status for name, status in answers.items() if status != 403}


def test_only_what_needs_no_sign_in_goes_without_a_token():
    free = {entry.name for _whole, entry in walked() if getattr(entry.callback, "csrf_exempt", False)}
    assert free == WITHOUT_TOKEN | READ_ONLY


ELSEWHERE = [
    *(
        "//[",
        "//evil.example/",
        "///evil.example/",
        "////evil.example",
        "http:///evil.example",
        "https://evil.example/",
    ),
    *(
        "\\\\evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "\t//evil.example",
        "/\t/evil.example",
        "http:evil.example",
    ),
    *(
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example\\@localhost/",
        "http://[::1",
        "/%0d%0aSet-Cookie:x=y",
        "",
    ),
]
# Whoever reads an address to go to: signing in and out, being asked again, and forms that go back to where they were.
READ_NEXT = [
    *("login", "logout", "account_login", "account_reauthenticate", "mfa_authenticate", "mfa_reauthenticate"),
    *("mfa_reauthenticate_webauthn", "mfa_login_webauthn", "publish", "promote", "make_draft", "topic_delete"),
]


def stays(response):
    """Whether what is answered sends a browser nowhere else, as browsers read addresses."""
    if not response.has_header("Location"):
        return response.status_code < 500
    to = response["Location"]
    return bool(re.match(r"/(?![/\\])", to)) and not re.search(r"[\x00-\x20]", to) and not urlsplit(to).netloc


@pytest.mark.parametrize("there", ELSEWHERE)
def test_nobody_is_led_to_another_site(addresses, owner, there):
    led = []
    for name in READ_NEXT:
        for known in (False, True):
            client = Client()
            if known:
                client.force_login(owner)
            given = {"next": there, "username": "olga", "password": "a-long-password"}
            for response in (client.get(addresses[name], {"next": there}), client.post(addresses[name], given)):
                if not stays(response):
                    led.append((name, known, response.status_code, response.headers.get("Location")))
    assert led == []


def test_no_address_that_is_added_leads_there_either(addresses, owner):
    led = []
    for name, url in addresses.items():
        client = Client()
        client.force_login(owner)
        for response in (client.get(url, {"next": "//[evil.example"}), client.post(url, {"next": "//[evil.example"})):
            if not stays(response):
                led.append((name, response.status_code, response.headers.get("Location")))
    assert led == []


def test_looking_at_a_page_writes_nothing(addresses, owner):
    client = Client()
    client.force_login(owner)
    client.get(addresses["home"])
    before = everything()
    assert written(client, addresses, KEPT_BY_A_LOOK) == {} and everything() == before


def test_neither_does_a_visitors_look(furnished, owner):
    page = actions.rotate_call_page(furnished.widget, by=owner)
    link = urlsplit(actions.make_test_link(furnished.widget, by=owner)).path
    code = furnished.widget.code
    given = {"code": code, "slug": page.slug, "token": link.rpartition("/")[2], "digest": "0" * 64}
    addresses = {}
    for whole, entry in walked():
        if not hosts.is_console("/" + whole):
            path = re.sub(r"<\w+:(\w+)>", lambda found: given[found[1]], whole)
            addresses[entry.name or whole] = f"/widget/{code}.js" if entry.name == "script" else f"/{path}"
    assert {"frame", "call_page", "call_page_frame", "test_page", "test_frame", "check", "demo"} <= set(addresses)
    visitor = Client(HTTP_REFERER="https://shop.example.com/", HTTP_HOST="localhost")
    before = everything()
    assert written(visitor, addresses, KEPT_OF_VISITORS) == {}
    changed = {model for model, rows in everything().items() if rows != before[model]}
    assert changed <= {"widgets.Widget"}


def written(client, addresses, meant):
    """What a GET of each wrote besides, by table."""
    wrote = {}
    for name, url in addresses.items():
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        tables = {table for query in asked for table in _WRITE.findall(query["sql"])} - meant
        if tables:
            wrote[name] = sorted(tables)
    return wrote
