"""What a site's owner copies: the tag, and the rules their own site has to send for it."""

from django.conf import settings

from widgets.models import Widget


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
