"""The worker process: does the work after a call, woken by its own clock and by the gateway."""

import warnings

import structlog
from celery import signals
from celery.beat import EmbeddedService
from celery.platforms import SecurityWarning
from django.core.management.base import BaseCommand, CommandParser

from studio.running.celery import app
from studio.running.supervisor import end_with_parent

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Does the work after a call: prepares recordings, cleans up. One process; `serve` starts it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--threads", type=int, default=1, help="tasks done side by side (1)")
        parser.add_argument("--no-clock", action="store_true", help="for second and later workers on a real broker")
        parser.add_argument("--end-with-parent", action="store_true", help="end when standard input is closed")

    def handle(self, **options: object) -> None:
        if options["end_with_parent"]:
            end_with_parent()
        # The warning is about pickled messages; ours are JSON and nothing else is accepted.
        warnings.simplefilter("ignore", SecurityWarning)
        threads = int(str(options["threads"]))
        # The clock is a thread of this process, and keeps nothing on disk: its one entry is due every few seconds.
        clock = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")

        @signals.worker_ready.connect(weak=False)
        def ready(**_: object) -> None:
            log.info("worker is ready", threads=threads)
            if not options["no_clock"]:
                clock.start()

        @signals.worker_shutting_down.connect(weak=False)
        def ending(**_: object) -> None:
            clock.service.stop()

        app.Worker(
            pool="solo" if threads == 1 else "threads",
            concurrency=threads,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            quiet=True,
        ).start()
        log.info("worker has ended")
