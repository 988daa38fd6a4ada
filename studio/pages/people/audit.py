"""Audit: who did what and when, with filters that stay in the address, and as a file."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.authoring import starters
from agents.models import AuditEntry, Environment, Role
from agents.people.audit import PROGRAM
from studio.pages.base import ProjectPage
from studio.pages.calls import streaming
from studio.pages.people import before_after

ROWS = 50
FILE_ROWS_MOST, FILE_ROWS_READ = 50_000, 1_000
PEOPLE_MOST = 200

# What an action means, for people. An action that is not here is shown by its name.
ACTIONS: dict[str, Any] = {
    "agent.edit": _("Changed the agent"),
    "agent.publish": _("Published a version"),
    "agent.deploy": _("Set a version running"),
    "agent.restore": _("Made a version the draft"),
    "language.add": _("Added a language"),
    "language.remove": _("Removed a language"),
    "language.first": _("Made a language the first"),
    "topic.create": _("Added a topic"),
    "topic.edit": _("Changed a topic"),
    "topic.delete": _("Deleted a topic"),
    "source.add": _("Added a source"),
    "source.edit": _("Edited a source"),
    "source.on": _("Put a source into the draft"),
    "source.off": _("Switched a source off"),
    "source.delete": _("Deleted a source"),
    "topics.import": _("Brought topics in"),
    "tool.create": _("Added a tool"),
    "tool.edit": _("Changed a tool"),
    "tool.delete": _("Deleted a tool"),
    "flow.create": _("Added a flow"),
    "flow.edit": _("Changed a flow"),
    "flow.delete": _("Deleted a flow"),
    "variants.edit": _("Changed the variants"),
    "rehearsal.create": _("Added a rehearsal"),
    "rehearsal.edit": _("Changed a rehearsal"),
    "rehearsal.delete": _("Deleted a rehearsal"),
    "connection.create": _("Added a connection"),
    "connection.edit": _("Changed a connection"),
    "connection.delete": _("Removed a connection"),
    "widget.create": _("Created a widget"),
    "widget.edit": _("Changed a widget’s settings"),
    "widget.draft": _("Changed a widget’s draft"),
    "widget.picture": _("Uploaded a picture for a widget"),
    "widget.discard": _("Discarded a widget’s changes"),
    "widget.publish": _("Published a widget"),
    "widget.restore": _("Restored an earlier widget"),
    "widget.take_back": _("Took back a widget’s draft from before"),
    "widget.duplicate": _("Duplicated a widget"),
    "widget.archive": _("Archived a widget"),
    "widget.unarchive": _("Took a widget out of the archive"),
    "widget.rename": _("Renamed a widget"),
    "widget.enabled": _("Switched a widget on or off"),
    "widget.environment": _("Changed the environment of a widget"),
    "widget.variant": _("Changed the variant of a widget"),
    "widget.max_calls": _("Changed how many calls a widget takes at once"),
    "widget.domains": _("Changed the sites of a widget"),
    "widget.rotate_code": _("Changed the code of a widget"),
    "widget.apps": _("Changed which apps may use a widget"),
    "widget.app_token": _("Made a widget’s apps a new token"),
    "widget.calling_token": _("Made a widget’s apps a new token for calls"),
    "widget.context_key": _("Made a widget’s site a key to sign with"),
    "widget.revoke_context_keys": _("Revoked the keys that a widget’s site signs with"),
    "widget.revoke_apps": _("Revoked the tokens of a widget’s apps"),
    "widget.delete": _("Deleted a widget"),
    "widget.page": _("Changed the shareable page"),
    "widget.page_passphrase": _("Changed the passphrase of the shareable page"),
    "widget.page_rotate": _("Changed the address of the shareable page"),
    "widget.test_link": _("Made a test link"),
    "widget.test_revoke": _("Withdrew a test link"),
    "conversation.delete": _("Deleted a conversation"),
    "conversation.handle": _("Marked conversations handled"),
    "conversation.reopen": _("Opened conversations again"),
    "conversation.note": _("Wrote a note on a conversation"),
    "conversation.note_delete": _("Deleted a note on a conversation"),
    "conversation.tags": _("Changed the tags of a conversation"),
    "conversation.listen": _("Listened to a recording"),
    "conversation.take_sound": _("Downloaded a recording"),
    "conversation.questions": _("Settled unanswered questions"),
    "conversation.export": _("Exported conversations"),
    "conversation.erase": _("Erased a visitor’s conversations"),
    "conversation.expire": _("Deleted what was kept long enough"),
    "member.join": _("Joined"),
    "member.edit": _("Changed what a member may do"),
    "member.remove": _("Removed a member"),
    "member.leave": _("Left the project"),
    "invitation.create": _("Made an invitation"),
    "invitation.withdraw": _("Withdrew an invitation"),
    "project.create": _("Made the project"),
    "project.rename": _("Renamed the project"),
    "project.delete": _("Deleted the project"),
    "project.retention": _("Changed how long conversations are kept"),
    "project.pre_release": _("Switched the pre-release stage"),
    "project.time_zone": _("Changed the time zone"),
}

# What can be filtered for: the first part of an action's name.
GROUPS: dict[str, Any] = {
    "agent": _("Agent and versions"),
    "topic": _("Topics"),
    "flow": _("Flows"),
    "tool": _("Tools"),
    "source": _("Sources"),
    "variant": _("Variants"),
    "rehearsal": _("Rehearsals"),
    "widget": _("Widgets"),
    "conversation": _("Conversations"),
    "member": _("Members"),
    "invitation": _("Invitations"),
    "connection": _("Connections"),
    "project": _("Project"),
}

# Details worth a word, each with the words around its value.
DETAILS: dict[str, Any] = {
    "environment": _("in %s"),
    "role": _("as %s"),
    "note": _("“%s”"),
    "created": _("%s new"),
    "updated": _("%s changed"),
    "rows": _("%s rows"),
    "fields": _("fields: %s"),
    "domains": _("sites: %s"),
    "added": _("added: %s"),
    "removed": _("removed: %s"),
    "starter": _("from: %s"),
    "reference": _("reference %s"),
    "references": _("references: %s"),
    "format": _("as %s"),
    "conversations": _("Conversations: %s"),
    "recordings": _("%s recordings"),
}
_CHOICES: dict[str, dict[str, Any]] = {
    "environment": dict(Environment.choices),
    "role": dict(Role.choices),
    "fields": before_after.LABELS,
    "starter": {key: name for key, (name, _description) in starters.WORDS.items()},
}


class Audit(ProjectPage):
    permission = "audit.read"
    template_name = "studio/audit.html"
    menu = "audit"
    title = _("Audit")
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if request.GET.get("as") == "csv":
            return self._file()
        return self.page()

    def context(self) -> dict[str, Any]:
        chosen = self._chosen()
        page = Paginator(self._found(chosen), ROWS).get_page(self.request.GET.get("page"))
        return {
            "chosen": chosen,
            "groups": GROUPS,
            "people": self._people(),
            "page": page,
            "rows": [
                {
                    "entry": entry,
                    "who": _name(entry),
                    "what": words(entry),
                    "target": target(entry),
                    "details": details(entry),
                    "changes": before_after.changes(entry),
                }
                for entry in page.object_list
            ],
            "query": urlencode({name: value for name, value in chosen.items() if value}),
        }

    def _people(self) -> list[tuple[str, str]]:
        """What they sign in with, and their names as colleagues know them."""
        rows = AuditEntry.objects.filter(project=self.project).order_by()
        rows = rows.values_list("actor_name", "actor__first_name", "actor__last_name").distinct()[:PEOPLE_MOST]
        named = {account: f"{first or ''} {last or ''}".strip() or _known(account) for account, first, last in rows}
        return sorted(named.items(), key=lambda one: one[1].lower())

    def _chosen(self) -> dict[str, str]:
        """The filters of the address, those it cannot mean left out."""
        given = self.request.GET
        return {
            "who": given.get("who", "")[:150],
            "what": given.get("what", "") if given.get("what") in GROUPS else "",
            "from": _day(given.get("from", "")),
            "to": _day(given.get("to", "")),
        }

    def _found(self, chosen: dict[str, str]) -> QuerySet[AuditEntry]:
        found = AuditEntry.objects.filter(project=self.project).select_related("actor")
        if chosen["who"]:
            found = found.filter(actor_name=chosen["who"])
        if chosen["what"]:
            found = found.filter(action__startswith=chosen["what"])
        if chosen["from"]:
            found = found.filter(at__gte=_midnight(date.fromisoformat(chosen["from"])))
        if chosen["to"]:
            found = found.filter(at__lt=_midnight(date.fromisoformat(chosen["to"]) + timedelta(days=1)))
        return found

    def _file(self) -> HttpResponseBase:
        """What the filters show, as a table for a spreadsheet; the newest 50,000 lines at most."""
        lines = list(self._found(self._chosen()).values_list("pk", flat=True)[:FILE_ROWS_MOST])
        rows = (
            [
                *(entry.at.isoformat(timespec="seconds"), entry.actor_name, entry.action),
                *(words(entry), target(entry), details(entry)),
            ]
            for some in streaming.batches(lines, FILE_ROWS_READ)
            for entry in AuditEntry.objects.filter(pk__in=some)
        )
        name = f"audit-{self.project.slug}-{timezone.localdate().isoformat()}.csv"
        pieces = streaming.csv_pieces(["at", "who", "action", "what", "target", "details"], rows)
        return streaming.download(self.request, pieces, name, "text/csv; charset=utf-8")


def _name(entry: AuditEntry) -> str:
    """Of whoever did it: their name; what they signed in with where they have none, or are gone."""
    return (entry.actor.get_full_name() if entry.actor else "") or _known(entry.actor_name)


def _known(account: str) -> str:
    return gettext("The program itself") if account == PROGRAM else account


def words(entry: AuditEntry) -> str:
    return str(ACTIONS.get(entry.action, entry.action))


def target(entry: AuditEntry) -> str:
    """What it was done to, by its name."""
    return str(entry.details.get("name") or "")


def details(entry: AuditEntry) -> str:
    said = []
    for name, around in DETAILS.items():
        value = entry.details.get(name)
        if value in (None, "", []) or isinstance(value, dict):
            continue
        choices = _CHOICES.get(name, {})
        values = map(str, value if isinstance(value, list) else [value])
        said.append(str(around) % ", ".join(str(choices.get(one, one)) for one in values))
    return "; ".join(said)


def _day(given: str) -> str:
    try:
        return given if parse_date(given) and len(given) == 10 else ""
    except ValueError:
        return ""


def _midnight(day: date) -> datetime:
    """Where the day begins for the reader."""
    return timezone.make_aware(datetime.combine(day, time.min))
