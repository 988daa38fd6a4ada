"""Brings flows in from a file, and publishes them when told to."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agents.authoring import flows
from studio.management.commands.topics import find_project, publish_everywhere


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
            text = sys.stdin.read() if options["file"] == "-" else Path(options["file"]).read_text(encoding="utf-8")
            count = flows.import_flows(project, json.loads(text), by=None)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise CommandError(f"{options['file']} is not UTF-8 text.") from None
        except json.JSONDecodeError as error:
            raise CommandError(f"{options['file']} is not JSON: {error}") from None
        except flows.BadFlows as bad:
            raise CommandError("Nothing was imported.\n" + "\n".join(bad.problems)) from None
        self.stdout.write(f"{project.name}: {count} flows.")
        if options["publish"]:
            self.stdout.write(publish_everywhere(project, "Flows imported"))
