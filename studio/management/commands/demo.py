"""Makes the demo project, once, and tells how to get at it."""

import json

from django.core.management.base import BaseCommand, CommandParser

from studio import demo


class Command(BaseCommand):
    help = "Makes the demo project “Harbour Bikes” when it is not there, and prints where it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs: addresses, codes, topics, password")

    def handle(self, **options: object) -> None:
        made = demo.make()
        told = demo.describe()
        if options["json"]:
            self.stdout.write(json.dumps(told, indent=2))
            return
        console = told["console"]
        self.stdout.write(f"Console    {console['url']}")
        once = " (shown once)" if made.fresh_password else ""
        self.stdout.write(f"           user {demo.USER}, password: {demo.where_password(made.fresh_password)}{once}")
        self.stdout.write(f"Demo site  {told['site']['url'] or 'only where STUDIO_PUBLIC_URL is local'}")
        for widget in told["widgets"]:
            where = f"tokens in {demo.app_file()}" if "app" in widget else widget["script"]
            self.stdout.write(f"Widget     {widget['name']}: {where}")
