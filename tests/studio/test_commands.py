"""The commands an operator types: demo, topics, and what serve decides before it starts anything."""

import json
import os
import socket
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, load_command_class
from django.db.models import Model

from agents.models import AuditEntry, Deployment, Project, Topic, Version
from studio import demo
from studio.management.commands import gateway, serve
from widgets.models import Widget


@pytest.fixture(autouse=True)
def no_password_left():
    demo.password_file().unlink(missing_ok=True)
    yield
    demo.password_file().unlink(missing_ok=True)


def call(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def counts():
    models: list[type[Model]] = [AuditEntry, Deployment, Project, Topic, Version, Widget]
    return {model.__name__: model.objects.count() for model in models}


def test_the_demo_tells_programs_what_they_need(db):
    told = json.loads(call("demo", "--json"))

    assert set(told) == {"console", "site", "widgets", "topics", "call_page", "api_page", "check_page"}
    assert told["console"]["url"] == "http://localhost:8000"
    assert told["console"]["user"] == "demo"
    assert told["site"]["url"] == "http://127.0.0.1:8000/demo/"
    assert [widget["consent"] for widget in told["widgets"]] == [False, True, False]
    chat = told["widgets"][2]
    assert (chat["kind"], chat["page"]) == ("chat", told["site"]["url"] + "chat/")
    assert set(chat["app"]) == {"token", "calling_token", "host"}
    for widget in told["widgets"][:2]:
        assert set(widget) == {"kind", "name", "code", "script", "page", "consent"}
        assert widget["kind"] == "phone"
        assert widget["script"] == f"http://localhost:8000/widget/{widget['code']}.js"
        assert widget["page"].startswith(told["site"]["url"])
    assert len(told["topics"]) >= 22
    assert all(topic["samples"] and topic["content"] for topic in told["topics"])
    assert told["call_page"].startswith("http://localhost:8000/call/")
    assert told["api_page"] == "http://127.0.0.1:8000/demo/api/"
    assert told["check_page"] == "http://localhost:8000/check"


def test_the_demos_app_is_let_in(db, client):
    app = json.loads(call("demo", "--json"))["widgets"][2]["app"]

    answer = client.post("/api/v1/access-token", headers={"X-Token": app["token"], "X-Host": app["host"]})

    assert answer.status_code == 200
    assert json.loads(call("demo", "--json"))["widgets"][2]["app"] == app


def test_the_demos_password_signs_in(db, client):
    told = json.loads(call("demo", "--json"))

    assert client.login(username="demo", password=told["console"]["password"])
    assert demo.password_file().stat().st_mode & 0o777 == 0o600


def test_a_second_run_changes_nothing(db):
    first = call("demo", "--json")
    before = counts()

    assert call("demo", "--json") == first
    assert counts() == before


def test_what_its_user_changed_stays_changed(db):
    call("demo")
    project = demo.find()
    project.topics.filter(name="Parking").delete()
    project.agent.greeting = "Ahoy."
    project.agent.save()

    call("demo")

    assert not project.topics.filter(name="Parking").exists()
    project.agent.refresh_from_db()
    assert project.agent.greeting == "Ahoy."


def test_a_password_that_was_given_is_used_and_not_kept(db, client, settings):
    call("demo")
    settings.DEMO_PASSWORD = "given-by-the-operator"

    told = json.loads(call("demo", "--json"))

    assert told["console"]["password"] == "given-by-the-operator"
    assert client.login(username="demo", password="given-by-the-operator")


def test_a_password_the_user_chose_is_not_guessed(db, django_user_model):
    call("demo")
    user = django_user_model.objects.get(username="demo")
    user.set_password("chosen in the console")
    user.save()

    assert json.loads(call("demo", "--json"))["console"]["password"] is None


def test_the_password_is_shown_in_words_once(db):
    password = json.loads(call("demo", "--json"))["console"]["password"]
    demo.password_file().unlink()

    said = call("demo")
    fresh = demo.password_file().read_text()

    assert fresh in said and fresh != password
    assert fresh not in call("demo")


def test_the_demo_runs_live_with_its_widgets(db):
    call("demo")
    project = demo.find()

    assert set(project.deployments.values_list("environment", flat=True)) == {"sandbox", "live"}
    assert project.versions.count() == 1
    plain, consenting, chat = project.widgets.order_by("id")
    assert (chat.kind, chat.environment, chat.app_access.enabled) == ("chat", "live", True)
    assert (plain.environment, plain.published["consent"]["enabled"], plain.published["recording"]) == (
        "live",
        False,
        "on",
    )
    assert consenting.published["consent"]["enabled"] is True
    assert consenting.published["recording"] == "after_consent"
    assert [str(domain) for domain in plain.domains.all()] == ["127.0.0.1"]


def test_topics_come_from_a_file_and_are_published(db, tmp_path):
    call("demo")
    path = tmp_path / "topics.json"
    path.write_text(json.dumps([{"name": "Umbrellas", "samples": ["Do you sell umbrellas?"], "content": "Yes."}]))

    said = call("topics", "import", str(path), "--publish")

    assert "1 created, 0 updated, 0 unchanged" in said
    assert "Version 2 runs in sandbox, live." in said
    live = Deployment.objects.filter(environment="live").first()
    assert "Umbrellas" in [topic["name"] for topic in live.version.config["topics"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON"),
        ('{"name": "x"}', "Nothing was imported"),
        ('[{"name": "No content"}]', "No content"),
        (b"\xff\xfe", "is not UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(db, tmp_path, content, words):
    call("demo")
    before = counts()
    path = tmp_path / "topics.json"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(CommandError, match=words):
        call("topics", "import", str(path))

    assert counts() == before


def test_topics_need_a_project_when_there_are_several(db, project, stranger, tmp_path):
    path = tmp_path / "topics.json"
    path.write_text("[]")
    project.slug = "boats"
    project.save()

    with pytest.raises(CommandError, match="boats, other"):
        call("topics", "import", str(path))
    with pytest.raises(CommandError, match="no project 'trains'"):
        call("topics", "import", str(path), "--project", "trains")
    assert "0 created" in call("topics", "import", str(path), "--project", "boats")


def test_the_near_duplicates_are_there(db):
    names = {topic["name"] for topic in json.loads(demo.TOPICS_FILE.read_text())}

    assert {"Weekday opening hours", "Sunday opening hours"} <= names


def test_the_demo_site_is_another_origin(db, client):
    call("demo")

    there = client.get("/demo/", headers={"host": "127.0.0.1:8000"})
    consent = client.get("/demo/consent/", headers={"host": "127.0.0.1:8000"})
    here = client.get("/demo/", headers={"host": "localhost:8000"})

    plain, consenting, _chat = demo.find().widgets.order_by("id")
    assert plain.code in there.content.decode() and consenting.code in consent.content.decode()
    assert here.status_code == 404
    policy = there["Content-Security-Policy"]
    assert "script-src 'self' http://localhost:8000" in policy and "frame-src http://localhost:8000" in policy
    assert "unsafe" not in policy
    assert "microphone" in there["Permissions-Policy"]


def test_there_is_no_demo_site_without_the_demo(db, client):
    assert client.get("/demo/", headers={"host": "127.0.0.1:8000"}).status_code == 404


def test_there_is_no_demo_site_on_a_public_server(db, client, settings):
    call("demo")
    settings.PUBLIC_URL = "https://calls.example.com"

    assert client.get("/demo/", headers={"host": "127.0.0.1:8000"}).status_code == 404
    assert json.loads(call("demo", "--json"))["site"]["url"] is None


def test_a_taken_port_is_told_before_anything_starts(settings):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings.PORT = other.getsockname()[1]

        problem = gateway.port_problem()

    assert f"127.0.0.1:{settings.PORT}" in problem and "STUDIO_PORT" in problem
    assert gateway.port_problem() == ""


def test_static_files_are_collected_again_when_a_source_is_newer(settings, tmp_path):
    source, collected = tmp_path / "source", tmp_path / "collected"
    source.mkdir()
    collected.mkdir()
    (tmp_path / "requirements.txt").touch()
    settings.BASE_DIR, settings.STATICFILES_DIRS, settings.STATIC_ROOT = tmp_path, [source], collected
    (source / "a.css").touch()

    assert not serve.static_is_fresh()

    manifest = collected / "staticfiles.json"
    manifest.touch()
    later = Path(source / "a.css").stat().st_mtime + 10
    os.utime(manifest, (later, later))
    assert serve.static_is_fresh()

    os.utime(source / "a.css", (later + 10, later + 10))
    assert not serve.static_is_fresh()


def test_a_project_begins_with_an_agent_and_its_owner(db, django_user_model):
    maria = django_user_model.objects.create_user("maria")

    call("project", "Maria's shop", "--owner", "maria")

    project = Project.objects.get(slug="marias-shop")
    assert list(project.members.values_list("user", "role")) == [(maria.pk, "owner")]
    assert project.agent.greeting
    assert project.audit.get().action == "project.create"


@pytest.mark.parametrize(
    ("name", "owner", "words"),
    [("Boats", "nobody", "Nobody signs in"), ("Other", "stan", "already"), ("—", "stan", "letters or digits")],
)
def test_a_project_that_cannot_be_made_leaves_nothing(stranger, name, owner, words):
    before = counts()

    with pytest.raises(CommandError, match=words):
        call("project", name, "--owner", owner)

    assert counts() == before


def test_pages_that_are_not_there_say_so_with_a_code(client, db):
    response = client.get("/no/such/page")

    assert response.status_code == 404
    assert "NOT_FOUND" in response.content.decode()


def test_a_failure_has_a_page_that_needs_nothing(client, db, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("studio.running.health.worker_state", lambda: 1 / 0)

    response = client.get("/readyz")

    assert response.status_code == 500
    assert "INTERNAL_ERROR" in response.content.decode()


@pytest.mark.parametrize("name", ["gateway", "worker", "demo-service"])
def test_what_serve_starts_takes_what_serve_gives_it(name):
    given = (
        load_command_class("studio", name)
        .create_parser("manage.py", name)
        .parse_args(["--end-with-parent", "--skip-checks"])
    )
    assert given.end_with_parent and given.skip_checks
