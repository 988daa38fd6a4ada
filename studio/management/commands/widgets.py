"""Shows the widgets of this machine and who was turned away from them."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from widgets.install import embed
from widgets.models import Widget


class Command(BaseCommand):
    help = "Lists widgets: their tags, their domains, and the hosts that were refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, **options: Any) -> None:
        widgets = Widget.objects.select_related("project").prefetch_related("domains", "refused_hosts")
        if options["json"]:
            self.stdout.write(json.dumps([_shown(widget) for widget in widgets], indent=2, default=str))
            return
        for widget in widgets:
            self.stdout.write(f"{widget.project.name} / {widget.name}: {embed.tag(widget)}")


def _shown(widget: Widget) -> dict[str, Any]:
    return {
        "project": widget.project.slug,
        "name": widget.name,
        "code": widget.code,
        "enabled": widget.enabled,
        "environment": widget.environment,
        "domains": [str(domain) for domain in widget.domains.all()],
        "refused_hosts": [
            {"host": one.host, "count": one.count, "last_seen": one.last_seen} for one in widget.refused_hosts.all()
        ],
    }
