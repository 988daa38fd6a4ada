"""Who did what, kept for good. Every write function of the product records itself here, in its own transaction."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model
from django.utils import timezone

from agents.models import AuditEntry, Project

PROGRAM = "system"
STRETCH = timedelta(minutes=10)


def record(
    by: AbstractBaseUser | None, action: str, project: Project | None, target: Model | str, **details: Any
) -> AuditEntry:
    """Keep one line. `by` is None when the program itself acted; `action` is namespaced, like "widget.publish".

    A row as target is kept as "widget:12", with its name among the details, so that the line still reads well when
    the row is gone. Callers pass no secrets and nothing a visitor said.
    """
    if isinstance(target, Model):
        target = _named(target, details)
    return AuditEntry.objects.create(
        project=project,
        actor=by,
        actor_name=(by.get_username() if by else PROGRAM)[:150],
        action=action,
        target=target[:120],
        details=details,
    )


def record_stretch(by: AbstractBaseUser | None, action: str, project: Project, target: Model, **details: Any) -> None:
    """Keep one line for a stretch of work that is saved while somebody types, not one for each pause.

    Nothing is added while the target's last line is the same person's, says the same and is younger than STRETCH.
    """
    lately = AuditEntry.objects.filter(project=project, at__gt=timezone.now() - STRETCH)
    last = lately.filter(target=_named(target, details)).first()
    if not last or (last.actor_id, last.action, last.details) != (by.pk if by else None, action, details):
        record(by, action, project, target, **details)


def _named(target: Model, details: dict[str, Any]) -> str:
    details.setdefault("name", str(target)[:120])
    return f"{target._meta.model_name}:{target.pk}"
