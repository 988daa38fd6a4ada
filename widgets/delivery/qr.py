"""A link as a picture that phones read."""

import io

import segno
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

QUIET_ZONE = 4  # modules of white around it, as the standard asks


def svg(text: str, title: str) -> SafeString:
    """An SVG element: dark on white in both themes, for light codes on dark ground are not read by every phone.

    It has no size of its own, no style and no script; its place gives it a width.
    """
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        border=QUIET_ZONE,
        omitsize=True,
        light="#fff",
        dark="#000",
        svgclass="qr",
        lineclass=None,
        nl=False,
    )
    drawn = out.getvalue().decode("utf-8")
    named = f'<svg role="img" aria-label="{escape(title)}" shape-rendering="crispEdges"'
    return mark_safe(drawn.replace("<svg", named, 1))  # noqa: S308 - segno's markup and an escaped title
