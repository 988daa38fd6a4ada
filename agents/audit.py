"""Who did what, kept for good. Every write function of the product records itself here, in its own transaction."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model

from agents.models import AuditEntry, Project

PROGRAM = "system"


def record(
    by: AbstractBaseUser | None, action: str, project: Project | None, target: Model | str, **details: Any
) -> AuditEntry:
    """Keep one line. `by` is None when the program itself acted; `action` is namespaced, like "widget.publish".

    A row as target is kept as "widget:12", with its name among the details, so that the line still reads well when
    the row is gone. Callers pass no secrets and nothing a visitor said.
    """
    if isinstance(target, Model):
        details.setdefault("name", str(target)[:120])
        target = f"{target._meta.model_name}:{target.pk}"
    return AuditEntry.objects.create(
        project=project,
        actor=by,
        actor_name=(by.get_username() if by else PROGRAM)[:150],
        action=action,
        target=target[:120],
        details=details,
    )
