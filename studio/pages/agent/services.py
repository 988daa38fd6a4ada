"""Which connection an agent hears and speaks with, as its pages offer and keep it."""

from typing import Any

from django.utils.translation import gettext as _

from agents.connections import keeping
from agents.connections.kinds import HEARING, KINDS, VOICE
from agents.connections.model import Connection
from agents.connections.service import Service
from agents.models import Agent, Project
from studio.pages.connections import wording
from studio.pages.given import number

FIELDS = {"hearing": HEARING, "speaking": VOICE}  # field of a form: the use


def opened(project: Project, chosen: str) -> Service | None:
    """The connection of that number for speaking, to try it; None where there is none."""
    return keeping.opened_for(project.pk, {VOICE: {"connection": number(chosen)}}, (VOICE,)).get(VOICE)


def choices_of(agent: Agent) -> list[Connection]:
    return list(Connection.objects.filter(project=agent.project_id))


def choices(connections: list[Connection], use: str, chosen: str) -> list[tuple[str, str]]:
    """This server first; then every connection that can do it, with its price. One that is gone can still be seen."""
    found = [("", _("This server"))]
    for row in connections:
        if row.kind in KINDS and use in KINDS[row.kind].uses:
            price = wording.price(row, use)
            found.append((str(row.pk), f"{row.name}, {price}" if price else row.name))
    if chosen and chosen not in dict(found):
        found.append((chosen, _("A connection that is gone: this server")))
    return found


def kept(before: dict[str, Any], connections: list[Connection], given: dict[str, Any]) -> dict[str, Any]:
    """`Agent.services` with what was chosen in a form; other uses stay."""
    names = {str(row.pk): row.name for row in connections}
    services = {use: one for use, one in before.items() if use not in FIELDS.values()}
    for field, use in FIELDS.items():
        if chosen := given.get(field):
            same = before.get(use, {}) if str(before.get(use, {}).get("connection")) == chosen else {}
            services[use] = {**same, "connection": int(chosen), "name": names.get(chosen, same.get("name", ""))}
    return services
