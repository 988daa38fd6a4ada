"""Makes a project for somebody who can sign in already: how an installation without the demo begins."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.text import slugify

from agents.models import Agent, Member, Project, Role
from agents.people import audit


class Command(BaseCommand):
    help = "Makes a project with an agent to edit, owned by a person (see createsuperuser)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="like “Harbour Bikes”")
        parser.add_argument("--owner", required=True, help="user name of the person")

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        name, slug = options["name"].strip(), slugify(options["name"])
        owner = get_user_model().objects.filter(username=options["owner"]).first()
        if owner is None:
            raise CommandError(f"Nobody signs in as {options['owner']!r}. `createsuperuser` makes a first person.")
        if not slug or len(name) > 60:
            raise CommandError("The name needs letters or digits, and at most 60 characters.")
        if Project.objects.filter(slug=slug).exists():
            raise CommandError(f"There is a project {slug!r} already.")
        project = Project.objects.create(name=name, slug=slug)
        Agent.objects.create(project=project, name="Robin", greeting=f"Hello, this is {name}. How can I help you?")
        Member.objects.create(project=project, user=owner, role=Role.OWNER)
        audit.record(owner, "project.create", project, project)
        self.stdout.write(f"{name} is there. {options['owner']} finds it in the console.")
