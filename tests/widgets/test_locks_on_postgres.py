"""One writer at a time (agents/locks.py) on a real PostgreSQL: two processes that edit one list of sites at once."""

import itertools
import json
import os
import subprocess
import sys

import pytest

from tests.browser.site import ROOT, free_port
from tests.fakes import postgres
from tests.fakes.postgres import Postgres

pytestmark = pytest.mark.long

EACH = 15

MAKE = """
from agents.authoring import publish
from agents.models import Project, Agent
from widgets import actions
project = Project.objects.create(slug="shop", name="Shop")
Agent.objects.create(project=project, name="Robin", greeting="Hello")
actions.create_widget(project, by=None, name="Phone", address="kept.example")
"""
EDIT = """
import sys
from widgets import actions
from widgets.models import Widget
who = "{who}"
widget = Widget.objects.get()
list(widget.domains.all())
print("ready", flush=True)
sys.stdin.readline()
for number in range({each}):
    actions.add_domain(widget, f"{{who}}{{number}}.example", by=None)
    if number:
        row = widget.domains.get(host=f"{{who}}{{number - 1}}.example")
        actions.remove_domain(widget, row, by=None)
"""
READ = """
import json
from agents.models import AuditEntry
from widgets.models import Widget
rows = AuditEntry.objects.filter(action="widget.domains").order_by("pk").values_list("details", flat=True)
print(json.dumps([sorted(row.host for row in Widget.objects.get().domains.all()), list(rows)]))
"""


@pytest.fixture
def manage(tmp_path):
    """Starts a command of the product in a process of its own, on a fresh database."""
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not on this machine: sh tests/tools.sh")
    database = Postgres(free_port())
    given = {"STUDIO_DATA_DIR": str(tmp_path), "DATABASE_URL": database.url}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STUDIO_")} | given

    started = []

    def start(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment, **pipes))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
    database.remove()


def said(process):
    told, _error = process.communicate(timeout=120)
    assert process.returncode == 0, told
    return told


def test_two_processes_that_edit_the_list_at_once_undo_nothing_of_each_others(manage):
    said(manage("migrate", "--verbosity=0"))
    said(manage("shell", "--no-imports", "-c", MAKE))
    editors = [manage("shell", "--no-imports", "-c", EDIT.format(who=who, each=EACH)) for who in ("one", "two")]
    for editor in editors:
        assert "ready" in editor.stdout.readline()
    for editor in editors:
        editor.stdin.write("go\n")
        editor.stdin.flush()
    for editor in editors:
        said(editor)

    hosts, changes = json.loads(said(manage("shell", "--no-imports", "-c", READ)).splitlines()[-1])
    assert hosts == ["kept.example", f"one{EACH - 1}.example", f"two{EACH - 1}.example"]
    # Each change began with what the one before it left: nobody wrote from an older copy.
    for earlier, later in itertools.pairwise(changes):
        assert later["before"] == earlier["after"]
    assert len(changes) >= 2 * (2 * EACH - 1)
