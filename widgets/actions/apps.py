"""Which apps may use a widget: on or off, their ids, their tokens. Each write holds the widget, and counts its revision
where access tokens of before must end."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from agents.locks import check_mark, locked, mark_of
from agents.people import audit
from widgets.actions.base import Invalid, Person
from widgets.admission import apps
from widgets.models import AppAccess, Widget

APP_IDS_MOST = 20
APPS = ("enabled", "app_ids", "takes_code")
_APP_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{2,154}")  # a bundle or application id


@locked
def save_app_access(
    widget: Widget,
    *,
    by: Person,
    enabled: bool,
    app_ids: Iterable[str] = (),
    takes_code: bool = False,
    seen: str | None = None,
) -> AppAccess:
    """Switch apps on or off, and list the ids of theirs.

    Holds the widget. `seen` is the mark of APPS as somebody was shown them. Raises Invalid (field app_ids), and Stale.
    """
    ids = list(dict.fromkeys(one.strip().lower() for one in app_ids if one.strip()))
    if len(ids) > APP_IDS_MOST:
        raise Invalid({"app_ids": _("At most %d apps for one widget.") % APP_IDS_MOST})
    for one in ids:
        if not _APP_ID.fullmatch(one):
            raise Invalid({"app_ids": _("“%s” is not an app’s id. Write it like com.example.app.") % one[:80]})
    access = _access(widget)
    check_mark(seen, mark_of(access, APPS))
    after = {"enabled": enabled, "app_ids": ids, "takes_code": takes_code}
    before = {name: getattr(access, name) for name in after}
    if before != after:
        less = not enabled or not takes_code or not set(before["app_ids"]) <= set(ids)
        access.revision += 1 if less else 0
        for name, value in after.items():
            setattr(access, name, value)
        access.save()
        audit.record(by, "widget.apps", widget.project, widget, before=before, after=after)
    return access


@locked
def new_app_token(widget: Widget, *, by: Person) -> str:
    """A token for the messaging API, told once; the one before stops working. Holds the widget."""
    access, token = _access(widget), apps.new_token(apps.MESSAGING)
    access.token_digest, access.token_end = apps.digest(token), token[-4:]
    access.revision += 1
    access.save()
    audit.record(by, "widget.app_token", widget.project, widget, end=access.token_end)
    return token


@locked
def new_calling_token(widget: Widget, *, by: Person) -> str:
    """A token for calls of apps, told once; the one before stops working. Holds the widget."""
    access, token = _access(widget), apps.new_token(apps.CALLING)
    access.calling_digest, access.calling_end = apps.digest(token), token[-4:]
    access.save()
    audit.record(by, "widget.calling_token", widget.project, widget, end=access.calling_end)
    return token


@locked
def revoke_apps(widget: Widget, *, by: Person) -> None:
    """Both tokens, and all that was admitted with them, stop working at once. Holds the widget."""
    access = _access(widget)
    access.token_digest = access.calling_digest = None
    access.token_end = access.calling_end = ""
    access.revision += 1
    access.save()
    audit.record(by, "widget.revoke_apps", widget.project, widget)


def _access(widget: Widget) -> AppAccess:
    return AppAccess.objects.get_or_create(widget=widget)[0]
