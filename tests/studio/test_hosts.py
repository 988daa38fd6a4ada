"""A console with a host of its own is found nowhere else, and has one door; and nothing of a visitor's is there."""

import pytest
from channels.testing import WebsocketCommunicator
from django.urls import URLResolver, get_resolver

from agents.authoring import publish
from studio.running import hosts
from widgets import actions

CONSOLE, PUBLIC = "studio.example.com", "calls.example.com"
# The same host to a browser, or to whoever writes the request by hand.
WRITTEN = ("{}", "{}:443", "{}:8000", "{}.", "{}.:443")
CODE = "x" * 43


@pytest.fixture
def widget(project):
    publish.publish(project, by=None)
    widget = actions.create_widget(project, by=None, name="Shop phone", address="example.com")
    actions.publish_widget(widget, by=None)
    return widget


@pytest.fixture
def two_hosts(settings):
    settings.PUBLIC_URL, settings.CONSOLE_URL = f"https://{PUBLIC}", f"https://{CONSOLE}"
    settings.ALLOWED_HOSTS = [PUBLIC, CONSOLE, "localhost"]


def ask(client, path, host, **more):
    return client.get(path, headers={"host": host} | more)


@pytest.mark.parametrize("written", [*WRITTEN, "STUDIO"])
@pytest.mark.parametrize("path", ["/", "/console", "/console/", "/console/login/", "/raw-admin/login/", "/raw-admin/"])
def test_the_console_is_on_its_own_host_only(client, db, two_hosts, path, written):
    def name(host):
        return host.upper() if written == "STUDIO" else written.format(host)

    assert ask(client, path, name(CONSOLE)).status_code in (200, 301, 302)
    assert ask(client, path, name(PUBLIC)).status_code == 404
    assert ask(client, path, "localhost:8000").status_code == 404


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("path", [f"/widget/{CODE}.js", "/check"])
def test_what_visitors_fetch_is_on_the_public_host_only(client, db, two_hosts, path, written):
    assert ask(client, path, written.format(PUBLIC)).status_code == 200
    assert ask(client, path, written.format(CONSOLE)).status_code == 404


def test_a_frame_is_on_the_public_host_only(client, two_hosts, widget):
    path = f"/widget/{widget.code}/frame?host=https://shop.example.com"
    assert b"grant" in ask(client, path, PUBLIC).content
    assert b"grant" not in ask(client, path, CONSOLE).content


def test_probes_and_pictures_are_on_both(client, db, two_hosts):
    for host in (CONSOLE, PUBLIC, "localhost"):
        assert ask(client, "/healthz", host).status_code == 200
        assert hosts.answers("/widget/picture/abc", host)


def test_a_host_that_nobody_set_is_none_of_ours(client, db, two_hosts):
    assert ask(client, "/healthz", "evil.example").status_code == 400


def test_hosts_that_differ_by_their_port_are_told_apart_by_it(client, db, settings):
    settings.PUBLIC_URL, settings.CONSOLE_URL = "http://pickup.example:80", "http://pickup.example:8443"
    settings.ALLOWED_HOSTS = ["pickup.example"]
    assert ask(client, "/console/login/", "pickup.example:8443").status_code == 200
    assert ask(client, "/console/login/", "pickup.example").status_code == 404
    assert ask(client, "/check", "pickup.example:8443").status_code == 404
    assert ask(client, "/check", "pickup.example.").status_code == 200


def paths(resolver, before=""):
    """The beginning of every address of the site map."""
    for one in resolver.url_patterns:
        route = before + str(one.pattern).lstrip("^")
        if isinstance(one, URLResolver):
            yield from paths(one, route)
        else:
            yield "/" + route


def test_every_address_of_the_site_map_is_on_one_host_or_on_the_list_of_those_that_are_on_both(two_hosts):
    everywhere = {path: (hosts.answers(path, PUBLIC), hosts.answers(path, CONSOLE)) for path in paths(get_resolver())}
    assert (False, False) not in everywhere.values()
    assert {path for path, found in everywhere.items() if found == (True, True)} == {
        "/favicon.ico",
        "/healthz",
        "/readyz",
        "/health",
        "/demo/",
        "/demo/api/",
        "/demo/api/chat/",
        "/demo/chat/",
        "/demo/consent/",
        "/widget/picture/<str:digest>",
    }


@pytest.mark.parametrize(
    ("host", "taken"),
    [(PUBLIC, True), (f"{PUBLIC}.:443", True), (CONSOLE, False), ("localhost", False), ("evil.example", False)],
)
async def test_sockets_are_on_the_public_host_only(two_hosts, host, taken):
    async def application(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})

    socket = WebsocketCommunicator(
        hosts.SocketsApart(application), "/api/v1/webrtc/signal", headers=[(b"host", host.encode())]
    )
    assert (await socket.connect())[0] == taken
    await socket.disconnect()


def test_with_one_host_everything_is_there(client, db):
    assert client.get("/console/login/", headers={"host": "localhost:8000"}).status_code == 200


def test_the_raw_admin_is_entered_through_the_consoles_login(client, db):
    response = client.get("/raw-admin/login/?next=/raw-admin/")

    assert (response.status_code, response["Location"]) == (302, "/console/login/?next=/raw-admin/")


def test_a_superuser_gets_from_the_login_to_the_raw_admin(client, django_user_model, db):
    django_user_model.objects.create_superuser("root", "root@example.com", "a-long-password")

    response = client.post(
        "/console/login/?next=/raw-admin/",
        {"username": "root", "password": "a-long-password", "next": "/raw-admin/"},
        follow=True,
    )

    assert response.status_code == 200
    assert response.redirect_chain[-1][0] == "/raw-admin/"
