"""How many calls a widget, a project and an address may have at a time. Whether they have them, the gateway knows."""

from dataclasses import dataclass

from django.conf import settings

from widgets.admission import limits
from widgets.models import Widget

# Of all lines, for one project while another one has a widget that takes calls: one tag cannot take the house.
PROJECTS_PART = 0.75


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose call it is, and how many calls these may have. None: as many as there are lines."""

    widget_id: int
    widget_most: int | None = None
    project_id: int = 0
    project_most: int | None = None
    address: str = ""  # hashed
    address_most: int | None = None


def claim(widget: Widget, address: str) -> Claim:
    return Claim(
        widget_id=widget.pk,
        widget_most=widget.max_calls,
        project_id=widget.project_id,
        project_most=_project_most(widget),
        address=limits.visitor_hash(address),
        address_most=settings.CALLS_PER_ADDRESS,
    )


def _project_most(widget: Widget) -> int | None:
    if settings.CALLS_PER_PROJECT:
        return settings.CALLS_PER_PROJECT
    others = Widget.objects.exclude(project=widget.project_id).filter(
        enabled=True, published__isnull=False, archived_at=None
    )
    return max(1, int(settings.MAX_CALLS * PROJECTS_PART)) if others.exists() else None
