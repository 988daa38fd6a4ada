"""What a site's owner copies: the tag, and the rules their own site has to send for it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from widgets.models import Widget


@dataclass(frozen=True, slots=True)
class Snippet:
    """The tag with what is known of it."""

    tag: str
    published_at: datetime | None
    seen_at: datetime | None
    seen_host: str
    changed: bool  # the code was rotated, and no listed site has loaded the new tag since


def snippet(widget: Widget) -> Snippet:
    rotated, seen = widget.rotated_at, widget.seen_at
    changed = rotated is not None and (seen is None or seen < rotated)
    return Snippet(tag(widget), widget.published_at, seen, widget.seen_host, changed)


def tag(widget: Widget) -> str:
    """The one line for the page. Only a rotated code or a deleted widget ever changes it."""
    return f'<script src="{script_url(widget)}"></script>'


def script_url(widget: Widget) -> str:
    return f"{settings.PUBLIC_URL}/widget/{widget.code}.js"


def csp_lines() -> dict[str, str]:
    """Headers of the customer's site, by name. Everything else happens inside the frame."""
    ours = settings.PUBLIC_URL
    return {
        "Content-Security-Policy": f"script-src {ours}; frame-src {ours}",
        "Permissions-Policy": f'microphone=(self "{ours}"), autoplay=(self "{ours}")',
    }
