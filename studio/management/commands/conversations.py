"""Shows what was kept of conversations: to programs, and to people on the machine itself."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from calling.models import Conversation
from widgets.models import ConsentRecord


class Command(BaseCommand):
    help = "Lists conversations, the newest first: one line each, or with --json everything that was kept of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--project", default="", help="slug of a project; all of them when left out")
        parser.add_argument("--limit", type=int, default=20, help="how many (20)")
        parser.add_argument("--json", action="store_true", help="for programs: with turns, events and recording")

    def handle(self, **options: Any) -> None:
        found = Conversation.objects.select_related("project", "version", "consent__text", "recording")
        if options["project"]:
            found = found.filter(project__slug=options["project"])
        newest = found.prefetch_related("turns", "events")[: options["limit"]]
        if options["json"]:
            self.stdout.write(json.dumps([_kept(one) for one in newest], indent=2, default=str))
            return
        for one in newest:
            talked = f"{one.talked_s:.0f} s" if one.talked_s is not None else "-"
            ended = one.end_cause or "running"
            self.stdout.write(f"{one.started_at:%Y-%m-%d %H:%M}  {one.reference:10} {talked:>6}  {ended}")


def _kept(one: Conversation) -> dict[str, Any]:
    recording = getattr(one, "recording", None)
    return {
        "id": one.id,
        "reference": one.reference,
        "project": one.project.slug,
        "widget": one.widget_name,
        "environment": one.environment,
        "version": one.version.number if one.version else None,
        "variant": one.variant_key,
        "site": one.site,
        "consent": _consent(one.consent) if one.consent else None,
        "started_at": one.started_at,
        "answered_at": one.answered_at,
        "ended_at": one.ended_at,
        "cause": one.end_cause,
        "code": one.error_code,
        "turns": [
            {
                "index": turn.index,
                "speaker": turn.speaker,
                "text": turn.text,
                "planned": turn.planned,
                "started_s": turn.started_s,
                "ended_s": turn.ended_s,
                "interrupted": turn.interrupted,
                "source": turn.source,
                "timings": turn.timings,
                "decision": turn.decision,
            }
            for turn in one.turns.all()
        ],
        "events": [{"name": event.name, "at_s": event.at_s, "data": event.data} for event in one.events.all()],
        "recording": {"status": recording.status, "duration_s": recording.duration_s} if recording else None,
    }


def _consent(yes: ConsentRecord) -> dict[str, Any]:
    return {"id": yes.id, "at": yes.at, "language": yes.language, "text": yes.text.text}
