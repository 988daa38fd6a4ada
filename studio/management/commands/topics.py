"""Brings topics in from a file, and publishes them when told to."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agents.authoring import publish, topics
from agents.models import Environment, Project
from studio import demo


class Command(BaseCommand):
    help = "topics import FILE: brings in a JSON list of {name, samples, content}. Same names are replaced."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        bring = actions.add_parser("import", help="bring topics in; all of them or none")
        bring.add_argument("file", help="a JSON file, or - for standard input")
        bring.add_argument("--project", default="", help="slug of the project; not needed when there is one only")
        bring.add_argument("--publish", action="store_true", help="publish to every environment that runs a version")

    def handle(self, **options: Any) -> None:
        project = find_project(options["project"])
        try:
            done = topics.import_topics(project, read_json(options["file"]), by=None)
        except topics.BadTopics as bad:
            raise CommandError("Nothing was imported.\n" + "\n".join(bad.problems)) from None
        self.stdout.write(
            f"{project.name}: {done.created} created, {done.updated} updated, {done.unchanged} unchanged."
        )
        if options["publish"]:
            self.stdout.write(publish_everywhere(project, "Topics imported"))


def publish_everywhere(project: Project, note: str) -> str:
    """Publish the draft to every environment that runs a version, else to Sandbox; in words."""
    running = [name for name in Environment.values if publish.running(project, name)]
    environments = running or [str(Environment.SANDBOX)]
    try:
        for environment in environments:
            version = publish.publish(project, by=None, note=note, environment=environment)
    except publish.DraftRefused as refused:
        raise CommandError(f"It is in the draft, but cannot be published: {refused}") from None
    return f"{version} runs in {', '.join(environments)}."


def read_json(name: str) -> Any:
    """What a file holds, or standard input where its name is "-". Raises CommandError in plain words."""
    try:
        return json.loads(sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandError(f"{name} is not UTF-8 text.") from None
    except json.JSONDecodeError as error:
        raise CommandError(f"{name} is not JSON: {error}") from None


def find_project(slug: str) -> Project:
    projects = Project.objects.order_by("id")
    if slug:
        found = projects.filter(slug=slug).first()
        if found is None:
            raise CommandError(f"There is no project {slug!r}. There are: {_slugs(projects)}.")
        return found
    if len(projects) == 1:
        return projects[0]
    example = demo.find()
    if example is None:
        raise CommandError(f"Say which project, with --project. There are: {_slugs(projects)}.")
    return example


def _slugs(projects: Any) -> str:
    return ", ".join(projects.values_list("slug", flat=True)) or "none"
