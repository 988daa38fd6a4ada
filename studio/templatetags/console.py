"""Small pieces of the console's pages: icons, times, durations, fields."""

from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.authoring import sayable
from widgets import domains

register = template.Library()


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An icon of our sprite. It only decorates: what it says stands beside it, or on its button as a label."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#i-{}"/></svg>', classes, static("studio/icons.svg"), name
    )


@register.simple_tag
def ago(moment: datetime | None, classes: str = "") -> SafeString:
    """A relative time, with the exact one on hover and on focus; times.js keeps it true while the page is open."""
    if moment is None:
        return format_html("<span>{}</span>", _("Never"))
    return format_html(
        '<time class="tip {}" tabindex="0" datetime="{}" data-tip="{}" data-ago>{}</time>',
        classes,
        moment.isoformat(),
        exact(moment),
        relative(moment),
    )


@register.filter
def exact(moment: datetime) -> str:
    """A date and time written out, in the reader's zone."""
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate():
        return _("Today, %(time)s") % {"time": date_format(local, "H:i")}
    return dated(moment)


def dated(moment: datetime) -> str:
    """The same for what is read on another day: paper, files."""
    return f"{day(moment)}, {date_format(timezone.localtime(moment), 'H:i')}"


@register.filter
def day(moment: datetime) -> str:
    """A date written out, in the reader's zone."""
    return date_format(timezone.localtime(moment), _("j F Y"))


@register.filter
def relative(moment: datetime) -> str:
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(n)d min ago") % {"n": minutes}
    if minutes < 24 * 60:
        return _("%(n)d h ago") % {"n": minutes // 60}
    if minutes < 2 * 24 * 60:
        return _("yesterday")
    if minutes < 7 * 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    local = timezone.localtime(moment)
    same_year = local.year == timezone.localdate().year
    return date_format(local, _("j F") if same_year else _("j F Y"))


@register.filter
def duration(seconds: float | None) -> str:
    """Seconds as a length: 48 s, 2 min 05 s, 1 h 02 min."""
    if seconds is None:
        return ""
    whole = max(0, round(seconds))
    if whole < 60:
        return _("%(s)d s") % {"s": whole}
    if whole < 3600:
        return _("%(m)d min %(s)02d s") % {"m": whole // 60, "s": whole % 60}
    return _("%(h)d h %(m)02d min") % {"h": whole // 3600, "m": whole % 3600 // 60}


@register.filter
def clock(seconds: float | None) -> str:
    """Seconds as a place in a recording: 0:42, 12:05."""
    whole = max(0, int(seconds or 0))
    return f"{whole // 60}:{whole % 60:02d}"


@register.filter
def initials(name: str) -> str:
    words = [word for word in str(name).split() if word[:1].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


@register.inclusion_tag("studio/parts/field.html")
def field(bound: BoundField, optional: bool = False, kind: str = "") -> dict[str, Any]:
    """A form field the way all are drawn: label, counter, help, input, error. `kind`: switch, seg or plain."""
    widget = bound.field.widget
    if not kind:
        kind = {"CheckboxInput": "switch", "RadioSelect": "seg"}.get(type(widget).__name__, "plain")
    limit = getattr(bound.field, "max_length", None)
    return {
        "field": bound,
        "kind": kind,
        "optional": optional,
        "limit": limit if kind == "plain" and wants_counter(bound) else None,
        "length": len(str(bound.value() or "")),
        "doubts": _spoken_doubts(bound),
    }


def _spoken_doubts(bound: BoundField) -> list[str]:
    """What the voice makes of a text; of fields that their form calls `said_aloud` (it knows the `voice`, too)."""
    form = bound.form
    if bound.name not in getattr(form, "said_aloud", ()):
        return []
    return sayable.doubts(str(bound.value() or ""), form.voice)


def wants_counter(bound: BoundField) -> bool:
    """Addresses and names of people have limits that nobody meets."""
    attributes = bound.field.widget.attrs
    return attributes.get("inputmode") != "url" and attributes.get("autocomplete") != "username"


@register.filter
def person(user: Any) -> str:
    """Somebody's name as colleagues know them."""
    return user.get_full_name() or user.get_username()


@register.filter
def when(moment: datetime) -> str:
    """A date and time inside a sentence."""
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate():
        return _("today at %(time)s") % {"time": date_format(local, "H:i")}
    return _("on %(date)s at %(time)s") % {"date": date_format(local, _("j F Y")), "time": date_format(local, "H:i")}


@register.filter
def breakable(host: str) -> SafeString:
    """A host that may break its line at the dots, and nowhere else while there is room."""
    return format_html_join(mark_safe("<wbr>."), "{}", ((part,) for part in str(host).split(".")))


@register.filter
def bare_site(origin: str) -> str:
    """A site's address as people say it: without https:// and a closing slash, in its own letters."""
    return domains.readable(origin.removeprefix("https://").removeprefix("http://").rstrip("/"))


@register.filter
def readable(host: str) -> str:
    """A host in its own letters, where browsers write punycode."""
    return domains.readable(host)


@register.filter
def quoted(words: str) -> str:
    """What somebody says, in the quotation marks of the reader's language."""
    return _("“%s”") % words


@register.filter
def seconds(milliseconds: float) -> str:
    """Milliseconds as seconds with one decimal, in the reader's manner."""
    return number_format(round(milliseconds / 1000, 1), 1)


@register.filter
def get(values: dict[str, Any], key: str) -> Any:
    return values.get(key)
