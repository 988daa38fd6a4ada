"""The gateway process: web pages, sockets, sessions and sound, all on one event loop."""

import socket
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from studio.running.leaving import leave
from studio.running.supervisor import CANNOT_START, end_with_parent


class Command(BaseCommand):
    help = "Serves pages, sockets and calls at STUDIO_BIND:STUDIO_PORT. `serve` starts it together with the worker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--end-with-parent", action="store_true", help="end when standard input is closed")

    def handle(self, **options: object) -> None:
        from calling.gateway import alone

        locks = alone.here()
        problem = port_problem() or locks.take()
        if problem:
            self.stderr.write(problem)
            sys.exit(CANNOT_START)
        from studio.running.gateway import Gateway

        gateway = Gateway()
        locks.lost = gateway.end_soon
        if options["end_with_parent"]:
            end_with_parent(gateway.end_soon)
        leave(gateway.run())


def port_problem() -> str:
    """Why the port cannot be had, in one line; empty when it can."""
    family = socket.AF_INET6 if ":" in settings.BIND else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.BIND, settings.PORT))
        except OSError as error:
            return (
                f"Cannot listen on {settings.BIND}:{settings.PORT}: {error.strerror}. "
                "Is it running already? Another port: STUDIO_PORT=8001."
            )
    return ""
