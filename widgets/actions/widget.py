"""Writes to a widget itself; each holds the row that it changes. The switches act at once."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.locks import check_mark, locked, mark_of
from agents.models import Environment, Project
from agents.people import audit
from widgets import domains
from widgets.actions.base import (
    NAME_MOST,
    Invalid,
    Person,
    check_environment,
    check_name,
    check_variant,
    first_draft,
    set_field,
)
from widgets.actions.links import revoke_test_links
from widgets.card import pictures
from widgets.models import AllowedDomain, Kind, Widget, new_code


@transaction.atomic
def create_widget(
    project: Project,
    *,
    by: Person,
    name: str,
    address: str = "",
    environment: str = Environment.SANDBOX,
    variant_key: str = "",
    kind: str = Kind.PHONE,
) -> Widget:
    """A new widget with the default look in the agent's first language, unpublished; its kind never changes.

    Raises Invalid (fields name, address, environment, …).
    """
    errors: dict[str, str] = {}
    if kind not in Kind.values:
        raise ValueError(f"A widget is one of {Kind.values}, not {kind!r}.")
    name = check_name(project, name, errors)
    listed = None
    if address.strip():
        try:
            listed = domains.normalise(address)
        except domains.BadAddress as bad:
            errors["address"] = str(bad)
    check_environment(environment, errors)
    check_variant(project, variant_key, errors)
    if errors:
        raise Invalid(errors)
    draft = first_draft(project, kind)
    widget = Widget.objects.create(
        project=project, kind=kind, name=name, environment=environment, variant_key=variant_key, draft=draft
    )
    if listed:
        AllowedDomain.objects.create(widget=widget, host=listed.host, port=listed.port)
    audit.record(by, "widget.create", project, widget, environment=str(environment), domain=str(listed or ""))
    return widget


@locked
def rename_widget(widget: Widget, name: str, *, by: Person) -> None:
    """Another name; visitors don't see it. Holds the widget. Raises Invalid."""
    errors: dict[str, str] = {}
    name = check_name(widget.project, name, errors, widget)
    if errors:
        raise Invalid(errors)
    set_field(widget, "name", name, "widget.rename", by)


@locked
def set_enabled(widget: Widget, enabled: bool, *, by: Person) -> None:
    """The off switch: no new call starts, the button is gone with the next page load. Holds the widget."""
    if enabled != widget.enabled and widget.archived_at is not None:
        raise Invalid({"enabled": _("The widget is archived. Take it out of the archive first.")})
    set_field(widget, "enabled", enabled, "widget.enabled", by)


@locked
def set_environment(widget: Widget, environment: str, *, by: Person) -> None:
    """Which version answers from the next call on. Holds the widget. Raises Invalid."""
    errors: dict[str, str] = {}
    check_environment(environment, errors)
    if errors:
        raise Invalid(errors)
    set_field(widget, "environment", str(environment), "widget.environment", by)


@locked
def set_variant(widget: Widget, variant_key: str, *, by: Person) -> None:
    """Which row of the agent's variants calls from here use; empty for the default one. Holds the widget."""
    errors: dict[str, str] = {}
    check_variant(widget.project, variant_key, errors)
    if errors:
        raise Invalid(errors)
    set_field(widget, "variant_key", variant_key, "widget.variant", by)


@locked
def set_max_calls(widget: Widget, most: int | None, *, by: Person) -> None:
    """How many calls this widget may hold at the same time; None for no limit of its own. Holds the widget."""
    if most is not None and not 1 <= most <= 10_000:
        raise Invalid({"max_calls": _("Choose a number from 1 to 10,000, or leave it empty.")})
    set_field(widget, "max_calls", most, "widget.max_calls", by)


SETTINGS = ("name", "variant_key", "max_calls", "enabled")


@locked
def save_settings(widget: Widget, values: dict[str, Any], *, by: Person, seen: str | None = None) -> None:
    """Keep the settings that act at once, all of them or none.

    Holds the widget. `seen` is the mark of SETTINGS as somebody was shown them. Raises Invalid, and Stale.
    """
    check_mark(seen, mark_of(widget, SETTINGS))
    rename_widget(widget, values["name"], by=by)
    set_variant(widget, values["variant_key"], by=by)
    set_max_calls(widget, values["max_calls"], by=by)
    set_enabled(widget, values["enabled"], by=by)


@locked
def rotate_code(widget: Widget, *, by: Person) -> str:
    """A new public code. Tags with the old one stop working, and so do grants and tickets for it. Holds the widget."""
    widget.code = new_code()
    widget.rotated_at = timezone.now()
    widget.save(update_fields=["code", "rotated_at", "updated_at"])
    audit.record(by, "widget.rotate_code", widget.project, widget)
    return widget.code


@locked
def duplicate_widget(widget: Widget, *, by: Person) -> Widget:
    """Another widget like this one, with a code of its own and nothing published. Its sites come along.

    Holds the first.
    """
    copied = Widget.objects.create(
        project=widget.project,
        kind=widget.kind,
        name=_name_of_copy(widget),
        environment=widget.environment,
        variant_key=widget.variant_key,
        max_calls=widget.max_calls,
        draft=widget.draft,
    )
    AllowedDomain.objects.bulk_create(
        AllowedDomain(widget=copied, host=row.host, port=row.port) for row in widget.domains.all()
    )
    audit.record(by, "widget.duplicate", widget.project, copied, of=f"widget:{widget.pk}")
    return copied


def _name_of_copy(widget: Widget) -> str:
    """ "Shop (copy)", and for the next one "Shop (copy 2)"."""
    taken = {name.lower() for name in Widget.objects.filter(project=widget.project).values_list("name", flat=True)}
    for number in range(1, len(taken) + 2):
        end = _(" (copy)") if number == 1 else _(" (copy %d)") % number
        name = widget.name[: NAME_MOST - len(end)].rstrip() + end
        if name.lower() not in taken:
            break
    return name


@locked
def archive_widget(widget: Widget, *, by: Person) -> None:
    """Put it away: it takes no calls, its links end, and it leaves the lists. All else is kept. Holds the widget."""
    if widget.archived_at is not None:
        return
    revoke_test_links(widget, by=by)
    widget.archived_at = timezone.now()
    widget.save(update_fields=["archived_at", "updated_at"])
    audit.record(by, "widget.archive", widget.project, widget)


@locked
def unarchive_widget(widget: Widget, *, by: Person) -> None:
    """Back into the lists, as it was: it takes calls again if it did when it was put away. Holds the widget."""
    if widget.archived_at is None:
        return
    widget.archived_at = None
    widget.save(update_fields=["archived_at", "updated_at"])
    audit.record(by, "widget.unarchive", widget.project, widget)


@locked
def delete_widget(widget: Widget, *, by: Person) -> None:
    """Delete the widget. Its conversations, and what visitors agreed to, are kept. Holds the widget."""
    audit.record(by, "widget.delete", widget.project, widget)
    widget.delete()
    pictures.forget_unused(widget.project)
