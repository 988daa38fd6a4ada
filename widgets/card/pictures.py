"""The pictures of a project's cards: kept by what they show, so that an address never changes what is behind it."""

import hashlib
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models import Project
from agents.people import audit
from widgets.card import config, redraw
from widgets.models import Widget, WidgetImage, WidgetPublication

_PLACES = tuple("{}__" + place.replace(".", "__") for place in config.PICTURES)
UNUSED_S = 24 * 3600  # time for an editor to save what they uploaded, or to take a removal back


def keep(widget: Widget, content: bytes, *, by: AbstractBaseUser | None) -> WidgetImage:
    """Redraw what was sent and keep it. No draft refers to it yet. Raises redraw.BadPicture, and keeps nothing."""
    drawn = redraw.redraw(content)
    digest = hashlib.sha256(drawn.content).hexdigest()
    with transaction.atomic():
        forget_unused(widget.project)
        kept, _new = WidgetImage.objects.update_or_create(
            project=widget.project,
            digest=digest,
            defaults={"content": drawn.content, "content_type": drawn.content_type, "used_at": timezone.now()},
        )
        audit.record(by, "widget.picture", widget.project, widget, digest=digest[:12], bytes=len(drawn.content))
    return kept


def problem(project: Project, digest: str) -> str:
    """Why a draft may not show this picture, in words; empty: it may. Holds the picture until the draft is kept."""
    rows = WidgetImage.objects.select_for_update().filter(project=project, digest=digest)
    if not digest or rows.values_list("pk", flat=True).first():
        return ""
    return _("This picture is not kept any more. Upload it again.")


def address(digest: str) -> str:
    """Where visitors' browsers find it, on whatever host the page is; empty for none."""
    return reverse("widgets:picture", kwargs={"digest": digest}) if digest else ""


def forget_unused(project: Project) -> None:
    """Delete what no draft, no card and no earlier publication shows, once a day has passed. Holds what it may delete
    before it looks who shows it."""
    old = WidgetImage.objects.filter(project=project, used_at__lt=timezone.now() - timedelta(seconds=UNUSED_S))
    held = dict(old.select_for_update().values_list("digest", "pk"))
    shown: set[str] = set()
    for place in _PLACES:
        earlier = WidgetPublication.objects.filter(widget__project=project)
        shown |= set(earlier.values_list(place.format("config"), flat=True))
        for row in ("draft", "draft_aside", "published"):
            shown |= set(Widget.objects.filter(project=project).values_list(place.format(row), flat=True))
    WidgetImage.objects.filter(pk__in=[pk for digest, pk in held.items() if digest not in shown]).delete()
