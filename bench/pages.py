"""The console's lists with 10,000 rows, beside Django's stock change list of the same rows: `python -m bench.pages`.

With `--calls 100000` instead: the pages of a project with so many conversations in a month, on the database that
DATABASE_URL names (an empty one) or on SQLite.

Time is the server's alone: requests are made in this process, without a network, turn by turn, against a database of
their own that is thrown away. Each page is the one that somebody sees who opens the list.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bench.table import Baseline, Row, show

ROWS, TIMES, WARM = 10_000, 15, 2
TURNS = 3
AIM_MS = 200  # of a page that reads 100,000 conversations


@dataclass(frozen=True, slots=True)
class Page:
    """A list of the console, and the change list of the same rows."""

    what: str
    path: str
    model: str


@contextmanager
def product() -> Iterator[None]:
    """Django on an empty database of its own."""
    folder = tempfile.mkdtemp(prefix="pickup-pages-")
    os.environ |= {"STUDIO_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "studio.settings"}
    import django
    from django.conf import settings

    django.setup()
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fill(rows: int) -> tuple[Any, Any]:
    """A project with so many of everything, and the superuser who owns it."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from agents.authoring import publish
    from agents.models import Agent, AuditEntry, Member, Project, Role, Topic, Variant, Version
    from calling.models import Conversation, Turn
    from widgets.card import config
    from widgets.models import AllowedDomain, RefusedHost, Widget, WidgetPublication

    people, now = get_user_model(), timezone.now()
    root = people.objects.create_superuser("root", "root@example.com", "only-for-this-bench")
    project = Project.objects.create(name="Much", slug="much")
    Agent.objects.create(project=project, name="Robin", greeting="Hello, this is Robin.")
    Member.objects.create(project=project, user=root, role=Role.OWNER)
    Variant.objects.create(project=project, key="main", name="Main", is_default=True, attributes={"city": "Bath"})
    publish.publish(project, by=root)  # before the topics: what every later version holds is the editor's business

    def many(model: Any, make: Callable[[int], Any], count: int = rows) -> list[Any]:
        return model.objects.bulk_create([make(n) for n in range(count)], batch_size=500)

    many(
        Topic,
        lambda n: Topic(project=project, name=f"Topic {n}", samples=[f"Question {n}?"], content="An answer. " * 8),
    )
    many(
        Variant,
        lambda n: Variant(project=project, key=f"v{n}", name=f"Shop {n}", attributes={"city": "Bath"}),
        min(rows, 1000) - 1,  # as many as a project may have
    )
    users = many(people, lambda n: people(username=f"person{n}", email=f"p{n}@example.com", password="!"))
    many(Member, lambda n: Member(project=project, user=users[n], role=Role.ANALYST))
    looks = config.new()
    widgets = many(Widget, lambda n: Widget(project=project, name=f"Widget {n}", draft=looks, archived_at=now))
    widget = Widget.objects.create(project=project, name="The one", draft=looks, published=looks, published_at=now)
    many(Widget, lambda n: Widget(project=project, name=f"Other {n}", draft=looks))
    many(AllowedDomain, lambda n: AllowedDomain(widget=widgets[n], host=f"s{n}.example.com"))
    many(AllowedDomain, lambda n: AllowedDomain(widget=widget, host=f"own{n}.example.com"), min(rows, 100))
    many(RefusedHost, lambda n: RefusedHost(widget=widget, host=f"r{n}.example.net", last_seen=now))
    many(WidgetPublication, lambda n: WidgetPublication(widget=widget, config=looks, by=root))
    many(Version, lambda n: Version(project=project, number=n + 2, config={"schema": 1}, created_by=root))
    newest = Version.objects.order_by("-number").first()
    Version.objects.filter(pk=newest.pk).update(config=Version.objects.get(number=1).config)
    line = {"project": project, "actor": root, "actor_name": "root", "action": "topic.edit", "details": {"name": "T"}}
    many(AuditEntry, lambda n: AuditEntry(target=f"topic:{n}", **line))
    calls = many(
        Conversation,
        lambda n: Conversation(
            project=project,
            reference=f"MU-{n}",
            widget=widget,
            widget_name="The one",
            environment="live",
            site="https://shop.example.com",
            started_at=now - timedelta(minutes=n),
            answered_at=now - timedelta(minutes=n),
            ended_at=now - timedelta(minutes=n, seconds=-40),
            end_cause="visitor_ended",
            agent_state={"memory": "x" * 2000},
        ),
    )
    said = [("agent", "greeting"), ("visitor", ""), ("agent", "topic:Opening hours")]
    Turn.objects.bulk_create(
        (
            Turn(conversation=call, index=n, speaker=who, text="Some words that were said.", source=source, started_s=n)
            for call in calls
            for n, (who, source) in enumerate(said[:TURNS])
        ),
        batch_size=2000,
    )
    return root, widget


def pages(widget: Any) -> list[Page]:
    own = f"web-calling/{widget.pk}/"
    return [
        Page("conversations", "conversations/", "calling/conversation"),
        Page("conversations, the last page", "conversations/?page=last", "calling/conversation/?p=100"),
        Page("conversations, unanswered only", "conversations/?result=unanswered", "calling/conversation"),
        Page("audit", "audit/", "agents/auditentry"),
        Page("knowledge", "knowledge/", "agents/topic"),
        Page("knowledge, searched", "knowledge/?q=Topic 77", "agents/topic/?q=Topic 77"),
        Page("variants (1,000: all of them)", "variants/", "agents/variant"),
        Page("members", "members/", "agents/member"),
        Page("web calling: a widget among many", own, "widgets/widget"),
        Page("web calling: the archive", "web-calling/archive/", "widgets/widget"),
        Page("domains (100), and who was refused", f"{own}domains/", "widgets/refusedhost"),
        Page("versions", "versions/", "agents/version"),
        Page("what a widget published", f"{own}history/", "widgets/widgetpublication"),
        Page("home", "", "calling/conversation"),
    ]


def call_pages() -> list[Page]:
    """The pages that read conversations, and what is looked for in them."""
    from bench import calls

    there = "conversations/"
    return [
        Page("home, today", "", ""),
        Page("home, 7 days", "?days=7", ""),
        Page("home, 30 days", "?days=30", ""),
        Page("conversations", there, ""),
        Page("conversations, far back", f"{there}?page=3000", ""),
        Page("conversations, to do", f"{there}?state=todo", ""),
        Page("conversations, not handled", f"{there}?state=open", ""),
        Page("conversations, unread", f"{there}?state=unread", ""),
        Page("conversations, unanswered", f"{there}?result=unanswered", ""),
        Page("conversations, failed", f"{there}?result=failed", ""),
        Page("conversations, rated", f"{there}?result=rated", ""),
        Page("conversations, sandbox", f"{there}?environment=sandbox", ""),
        Page("searched: said in every call", f"{there}?q={calls.COMMON}", ""),
        Page("searched: said in every hundredth", f"{there}?q={calls.RARE}", ""),
        Page("searched: said once", f"{there}?q={calls.NAME}", ""),
        Page("searched: never said", f"{there}?q=nobody said this", ""),
        Page("searched: a reference", f"{there}?q=BE-777", ""),
        Page("searched: every hundredth, of what is to do", f"{there}?state=todo&q={calls.RARE}", ""),
        Page("searched: every call, of what is to do", f"{there}?state=todo&q={calls.COMMON}", ""),
        Page("privacy: a visitor's name", f"settings/privacy/?find={calls.NAME}", ""),
    ]


def measure_calls(client: Any, count: int, times: int) -> None:
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.db import connection

    from agents.authoring import publish
    from agents.models import Agent, Member, Project, Role
    from bench import calls
    from widgets import actions

    root = get_user_model().objects.create_superuser("root", "root@example.com", "only-for-this-bench")
    project = Project.objects.create(name="Much", slug="much")
    Agent.objects.create(project=project, name="Robin", greeting="Hello, this is Robin.")
    Member.objects.create(project=project, user=root, role=Role.OWNER)
    publish.publish(project, by=root)
    calls.fill(project, actions.create_widget(project, by=root, name="The one", address="example.com"), count)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as it does by itself after a while
    client.force_login(root)
    found = []
    for page in call_pages():
        path = f"/console/much/{page.path}"
        for _n in range(WARM):
            took_ms(client, path)
        found.append(Row(page.what, [took_ms(client, path) for _n in range(times)], aim=(AIM_MS,)))
    show(
        f"Server time of a page, {count:,} conversations, {settings.DATABASES['default']['ENGINE'].split('.')[-1]}",
        found,
    )


def took_ms(client: Any, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return took


def main(given: list[str]) -> None:
    options = argparse.ArgumentParser(prog="bench.pages")
    options.add_argument("--rows", type=int, default=ROWS)
    options.add_argument("--times", type=int, default=TIMES)
    options.add_argument("--calls", type=int, default=0)
    wanted = options.parse_args(given)
    with product():
        from django.test import Client

        if wanted.calls:
            measure_calls(Client(headers={"Host": "localhost"}), wanted.calls, wanted.times)
            return
        root, widget = fill(wanted.rows)
        client = Client(headers={"Host": "localhost"})
        client.force_login(root)
        found = []
        for page in pages(widget):
            ours, stock = f"/console/much/{page.path}", f"/raw-admin/{page.model}"
            if "?" not in stock:
                stock += "/"
            for path in (ours, stock) * WARM:
                took_ms(client, path)
            times = [(took_ms(client, ours), took_ms(client, stock)) for _n in range(wanted.times)]
            change_list = Row("", [theirs for _own, theirs in times]).p50
            found.append(Row(page.what, [own for own, _theirs in times], baseline=Baseline("change list", change_list)))
        show(f"Server time of a page, {wanted.rows:,} rows of each, SQLite", found)


if __name__ == "__main__":
    main(sys.argv[1:])
