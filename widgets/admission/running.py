"""What visitors would talk to now: for whoever makes it ready before they come."""

from collections.abc import Sequence
from contextlib import suppress

from agents.models import Version
from widgets.admission import access
from widgets.models import Widget
from widgets.refusals import Refused

LOOKED_AT = 200  # widgets, the newest ones


def versions(first: Sequence[int | None], most: int) -> list[tuple[Widget, Version]]:
    """Widgets that take calls, and what answers there: at most so many different ones, those of `first` in front."""
    order = {pk: place for place, pk in enumerate(dict.fromkeys(first))}
    widgets = Widget.objects.select_related("project").filter(enabled=True).order_by("-pk")[:LOOKED_AT]
    found: dict[tuple[int, str], tuple[Widget, Version]] = {}
    for widget in sorted(widgets, key=lambda each: order.get(each.pk, len(order))):
        with suppress(Refused):
            version = access.check_state(widget)
            found.setdefault((version.pk, widget.variant_key), (widget, version))
        if len(found) == most:
            break
    return list(found.values())
