"""Rehearsals as their authors keep them: made, changed, deleted. What calls found stays with the script it was for."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from agents.authoring.rehearsals import script
from agents.authoring.rehearsals.script import Script, ScriptRefused
from agents.locks import check_mark, hold, locked, mark, mark_of
from agents.models import Project, Rehearsal
from agents.people import audit

REHEARSALS_MOST = 100  # of a project
FIELDS = ("name", "lines", "checks", "variant_key", "by_voice")


def script_of(rehearsal: Rehearsal) -> Script:
    return script.read(rehearsal.lines, rehearsal.checks)


@locked
def save(
    project: Project,
    rehearsal: Rehearsal | None,
    name: str,
    given: Script,
    by: AbstractBaseUser | None,
    *,
    variant: str = "",
    by_voice: bool = False,
    seen: str | None = None,
    made_from: UUID | None = None,
) -> Rehearsal:
    """Keep a rehearsal, a new one when `rehearsal` is None. Holds the project and the rehearsal.

    `made_from`: the conversation whose words a new one was made of. `seen` is the mark of the rehearsal (FIELDS) as its
    author was shown it. Raises ScriptRefused, Stale, and Gone.
    """
    if rehearsal:
        hold(rehearsal)
        check_mark(seen, mark_of(rehearsal, FIELDS))
    name = " ".join(name.split())[: script.NAME_MOST]
    if not name:
        raise ScriptRefused(_("Give the rehearsal a name."))
    cleaned = script.clean(given)
    others = Rehearsal.objects.filter(project=project).exclude(pk=rehearsal.pk if rehearsal else None)
    if others.filter(name=name).exists():
        raise ScriptRefused(_("Another rehearsal has this name."))
    if not rehearsal and others.count() >= REHEARSALS_MOST:
        raise ScriptRefused(_("A project has at most %d rehearsals. Delete one first.") % REHEARSALS_MOST)
    action = "rehearsal.edit" if rehearsal else "rehearsal.create"
    rehearsal = rehearsal or Rehearsal(project=project, made_from=made_from)
    rehearsal.name, rehearsal.variant_key, rehearsal.by_voice = name, variant, by_voice
    rehearsal.lines, rehearsal.checks = cleaned.lines_json(), cleaned.checks_json()
    rehearsal.mark = mark([cleaned.mark, variant, by_voice])
    rehearsal.save()
    audit.record(by, action, project, rehearsal)
    return rehearsal


@transaction.atomic
def delete(rehearsal: Rehearsal, by: AbstractBaseUser | None) -> None:
    """Delete a rehearsal with what its calls found. Holds its project and itself. Raises Gone."""
    hold(rehearsal.project)
    hold(rehearsal)
    audit.record(by, "rehearsal.delete", rehearsal.project, rehearsal)
    rehearsal.delete()


def forget(project: Project, conversations: Iterable[UUID]) -> int:
    """Delete what was made of the words of these conversations; how many there were."""
    return (
        Rehearsal.objects.filter(project=project, made_from__in=list(conversations))
        .delete()[1]
        .get(Rehearsal._meta.label, 0)
    )


def import_rehearsals(project: Project, rows: list[dict[str, Any]], by: AbstractBaseUser | None) -> list[Rehearsal]:
    """Rows of {name, lines, checks, by_voice}, each a new rehearsal. Raises ScriptRefused."""
    with transaction.atomic():
        return [
            save(
                project,
                None,
                row["name"],
                script.read(row["lines"], row.get("checks", ())),
                by,
                by_voice=row.get("by_voice", False),
            )
            for row in rows
        ]


def free_name(project: Project, wanted: str) -> str:
    """The name, or the first "name 2", "name 3", … that nobody has."""
    wanted = " ".join(wanted.split())[: script.NAME_MOST - 4] or _("Rehearsal")
    taken = set(Rehearsal.objects.filter(project=project).values_list("name", flat=True))
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted} {number}"
    return name
