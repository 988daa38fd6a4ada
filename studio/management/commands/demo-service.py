"""The order desk of the demo's shop as a process of its own; `serve --demo` starts it."""

import signal
import threading
from types import FrameType

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from studio.running import demo_service
from studio.running.supervisor import end_with_parent

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "A small order desk and workshop diary on loopback, for the demo's tools. `serve --demo` starts it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; any by default")
        parser.add_argument("--end-with-parent", action="store_true", help="end when standard input is closed")

    def handle(self, **options: object) -> None:
        if options["end_with_parent"]:
            end_with_parent()
        service = demo_service.server(settings.DATA_DIR, int(str(options["port"])))

        def stop(_number: int, _frame: FrameType | None) -> None:
            threading.Thread(target=service.shutdown, name="stop").start()  # it waits for the loop that runs here

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        log.info("demo service is ready", orders=", ".join(demo_service.BIKES))
        try:
            service.serve_forever(poll_interval=0.2)
        finally:
            service.server_close()
            demo_service.forget(settings.DATA_DIR)
