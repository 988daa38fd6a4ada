"""The supervisor with real processes: small programs that wait, crash or refuse to end."""

import asyncio
import os
import subprocess
import sys

from studio.running.supervisor import CANNOT_START, Child, Supervisor

WAITS = "import sys; sys.stdin.read()"
DEAF = """
import signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "w").close()
sys.stdin.read()
"""
WATCHES = """
import time
from studio.running.supervisor import end_with_parent
end_with_parent()
print("up", flush=True)
time.sleep(60)
"""


def child(name, code, *words):
    return Child(name, [sys.executable, "-c", code, *map(str, words)])


async def seen(supervisor, *wanted):
    """Returns when the history has all of these."""
    while not set(wanted) <= set(supervisor.history):
        await asyncio.sleep(0)
    return supervisor.history


async def test_all_children_end_together():
    supervisor = Supervisor([child("a", WAITS), child("b", WAITS)], grace_s=10)

    async with asyncio.TaskGroup() as group:
        running = group.create_task(supervisor.run())
        await seen(supervisor, ("a", "started"), ("b", "started"))
        supervisor.stop()

    assert running.result() == 0
    assert sorted(supervisor.history[2:]) == [("a", "ended"), ("b", "ended")]


async def test_a_crashed_child_is_started_again(tmp_path):
    # Crashes the first time, waits the second.
    mark = tmp_path / "mark"
    code = (
        f"import os, sys\nif not os.path.exists({str(mark)!r}): open({str(mark)!r}, 'w'); sys.exit(3)\nsys.stdin.read()"
    )
    supervisor = Supervisor([child("a", code)], grace_s=10, backoff_s=(0,))

    async with asyncio.TaskGroup() as group:
        group.create_task(supervisor.run())
        while supervisor.history.count(("a", "started")) < 2:
            await asyncio.sleep(0)
        supervisor.stop()

    assert supervisor.history == [("a", "started"), ("a", "exited 3"), ("a", "started"), ("a", "ended")]


async def test_a_child_that_cannot_start_ends_everything():
    supervisor = Supervisor(
        [child("good", WAITS), child("bad", f"import sys; sys.exit({CANNOT_START})")], grace_s=10, backoff_s=(0,)
    )

    assert await supervisor.run() == 1
    assert ("good", "ended") in supervisor.history
    assert supervisor.history.count(("bad", "started")) == 1


async def test_a_child_that_does_not_listen_is_killed(tmp_path):
    ready = tmp_path / "ready"
    supervisor = Supervisor([child("deaf", DEAF, ready)], grace_s=0.05)

    async with asyncio.TaskGroup() as group:
        running = group.create_task(supervisor.run())
        while not ready.exists():
            await asyncio.sleep(0)
        supervisor.stop()

    assert running.result() == 0
    assert supervisor.history[-1] == ("deaf", "ended")


def test_a_child_ends_when_its_parent_is_gone():
    process = subprocess.Popen(
        [sys.executable, "-c", WATCHES],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ},
        text=True,
    )
    assert process.stdout.readline() == "up\n"

    process.stdin.close()

    assert process.wait(30) == -15
    process.stdout.close()
