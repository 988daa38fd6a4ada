"""What every write to a widget shares: how it refuses, and how one field is set and audited.

All of them hold the widget's row while they read and write (agents/locks.py).
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from agents.models import Agent, Environment, Project
from agents.people import audit
from widgets.card import config
from widgets.models import Widget

Person = AbstractBaseUser | None
NAME_MOST = 60


class Invalid(ValueError):
    """Nothing was written; `errors` says by field what to correct."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {words}" for field, words in errors.items()))
        self.errors = errors


def first_draft(project: Project, kind: str) -> dict[str, Any]:
    """What a new widget looks like: the default, in the agent's first language where the card has it."""
    language = Agent.objects.filter(project=project).values_list("language", flat=True).first()
    return config.new(kind, language or "")


def moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def set_field(widget: Widget, field: str, value: Any, action: str, by: Person) -> None:
    """For a write that holds the widget."""
    before = getattr(widget, field)
    if before == value:
        return
    setattr(widget, field, value)
    widget.save(update_fields=[field, "updated_at"])
    audit.record(by, action, widget.project, widget, before=before, after=value)


def check_name(project: Project, name: str, errors: dict[str, str], widget: Widget | None = None) -> str:
    """The name, tidied. Two widgets of one name could not be told apart in lists and conversations."""
    name = " ".join(name.split())
    others = Widget.objects.filter(project=project, name__iexact=name).exclude(pk=widget.pk if widget else None)
    if not name:
        errors["name"] = _("Give the widget a name. Visitors don’t see it.")
    elif len(name) > NAME_MOST:
        errors["name"] = _("At most %(most)d characters; this has %(has)d.") % {"most": NAME_MOST, "has": len(name)}
    elif not (widget and widget.name == name) and (other := others.first()):
        errors["name"] = (
            _("A widget in the archive has this name.") if other.archived_at else _("Another widget has this name.")
        )
    return name


def check_environment(environment: str, errors: dict[str, str]) -> None:
    if environment not in Environment.values:
        errors["environment"] = _("Choose one of the environments.")


def check_variant(project: Project, key: str, errors: dict[str, str]) -> None:
    if key and not project.variants.filter(key=key).exists():
        errors["variant_key"] = _("There is no such variant any more. Choose another one.")
