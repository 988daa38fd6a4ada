"""The whole product on one machine: prepares what is not prepared, then runs gateway, worker and the demo's order desk
until told to end."""

import asyncio
import signal
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from calling.gateway.alone import Alone
from studio.management.commands.gateway import port_problem
from studio.running import health
from studio.running.supervisor import Child, Supervisor, manage

# Longer than calls get to say goodbye while the gateway drains (calling/gateway/calls.py).
GRACE_S = 25.0


class Command(BaseCommand):
    help = "Prepares database and static files, then runs gateway and worker. Ends both on Ctrl-C."
    requires_system_checks: tuple[str, ...] = ()  # handle() checks, once it has installed what may be missing

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="fetch missing models and make the demo project, too")

    def handle(self, **options: object) -> None:
        problem = port_problem() or folder_problem()
        if problem:
            self.stderr.write(problem)
            sys.exit(1)
        if options["demo"] and health.missing_models() and not any(found.is_serious() for found in run_checks()):
            call_command("models")
        self.check()  # raises where calls would fail for certain
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
        if not static_is_fresh():
            call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        fresh_password = ""
        if options["demo"]:
            from studio import demo

            fresh_password = demo.make().fresh_password
        self._is_new = not get_user_model().objects.exists()
        connections.close_all()
        sys.exit(asyncio.run(self._run(bool(options["demo"]), fresh_password)))

    async def _run(self, with_demo: bool, fresh_password: str) -> int:
        common = ("--end-with-parent", "--skip-checks")  # checked just now, by this very command
        children = [Child("gateway", manage("gateway", *common)), Child("worker", manage("worker", *common))]
        if with_demo:
            children.append(Child("demo service", manage("demo-service", *common)))
        supervisor = Supervisor(children, grace_s=GRACE_S)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, supervisor.stop)
        running = asyncio.ensure_future(supervisor.run())
        answering = asyncio.ensure_future(_answering())
        await asyncio.wait({running, answering}, return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            self.stdout.write(self._directions(with_demo, fresh_password))
            self.stdout.flush()
        answering.cancel()
        return await running

    def _directions(self, with_demo: bool, fresh_password: str) -> str:
        lines = ["", f"  Pickup {settings.VERSION} is running. Console: {settings.CONSOLE_URL}"]
        if self._is_new:
            lines.append("                      Nobody has an account yet: python manage.py createsuperuser")
        if with_demo:
            from studio import demo

            password = demo.where_password(fresh_password)
            lines.append(f"                      Sign in as {demo.USER}, password: {password}")
            if demo.site_url():
                lines.append(f"                      Demo site: {demo.site_url()}")
        return "\n".join([*lines, "                      Ctrl-C ends it.", ""])


def folder_problem() -> str:
    """Why the data folder cannot be had, in one line: nothing of it is touched then."""
    locks = Alone(Path(settings.DATA_DIR))
    problem = locks.take_folder()
    locks.release()
    return problem


def static_is_fresh() -> bool:
    """Whether the collected files are newer than every source of ours."""
    try:
        collected_at = (Path(settings.STATIC_ROOT) / "staticfiles.json").stat().st_mtime
    except FileNotFoundError:
        return False
    sources = [path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*")]
    sources.append(Path(settings.BASE_DIR, "requirements.txt"))  # packages bring static files too
    return max(path.stat().st_mtime for path in sources) < collected_at


async def _answering() -> None:
    """Returns once the gateway takes connections."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.BIND, settings.BIND)  # noqa: S104
    while True:
        try:
            _reader, writer = await asyncio.open_connection(host, settings.PORT)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
