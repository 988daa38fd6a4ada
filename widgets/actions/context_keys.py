"""Keys that a site signs with what it knows of its visitors. Each write holds the widget."""

import secrets

from agents.connections import sealing
from agents.locks import locked
from agents.people import audit
from widgets.actions.base import Person
from widgets.models import ContextKey, Widget

KEYS_MOST = 2  # the one in use, and the one that takes its place


@locked
def new_context_key(widget: Widget, *, by: Person) -> tuple[str, str]:
    """A key's id and its secret, told once. The one before it goes on working, the one before that no longer.

    Holds the widget.
    """
    secret, kid = secrets.token_hex(32), f"ck_{secrets.token_urlsafe(9)}"
    ContextKey.objects.create(widget=widget, kid=kid, sealed=sealing.seal(secret), end=secret[-4:])
    old = list(widget.context_keys.order_by("-id").values_list("pk", flat=True)[KEYS_MOST:])
    ContextKey.objects.filter(pk__in=old).delete()
    audit.record(by, "widget.context_key", widget.project, widget, key=kid)
    return kid, secret


@locked
def revoke_context_keys(widget: Widget, *, by: Person) -> None:
    """Nothing that was signed with any of them is taken any more. Holds the widget."""
    ContextKey.objects.filter(widget=widget).delete()
    audit.record(by, "widget.revoke_context_keys", widget.project, widget)
