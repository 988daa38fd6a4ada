"""Brings flows in from a file, and publishes them when told to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agents.authoring import flows
from studio.management.commands.topics import find_project, publish_everywhere, read_json


class Command(BaseCommand):
    help = (
        "flows import FILE: brings in a JSON list of {name, starts, topics, offer, steps, read_back, end}; a step is "
        "{name, kind, ask, again, optional, only, limits}. Same names are replaced."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        bring = actions.add_parser("import", help="bring flows in; all of them or none")
        bring.add_argument("file", help="a JSON file, or - for standard input")
        bring.add_argument("--project", default="", help="slug of the project; not needed when there is one only")
        bring.add_argument("--publish", action="store_true", help="publish to every environment that runs a version")

    def handle(self, **options: Any) -> None:
        project = find_project(options["project"])
        try:
            count = flows.import_flows(project, read_json(options["file"]), by=None)
        except flows.BadFlows as bad:
            raise CommandError("Nothing was imported.\n" + "\n".join(bad.problems)) from None
        self.stdout.write(f"{project.name}: {count} flows.")
        if options["publish"]:
            self.stdout.write(publish_everywhere(project, "Flows imported"))
