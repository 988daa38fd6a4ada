"""A day's notice in words, for the console and for mails."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calling.models import Notice
from calling.record import end_reasons
from widgets import domains

NAMED = 3  # reasons or sites of a day


def sentence(row: Notice) -> str:
    n = row.count
    match row.kind:
        case Notice.Kind.FAILED:
            return ngettext("%(n)d call failed", "%(n)d calls failed", n) % {"n": n}
        case Notice.Kind.QUESTIONS:
            return ngettext("%(n)d question went unanswered", "%(n)d questions went unanswered", n) % {"n": n}
    words = ngettext(
        "%(n)d site that is not on your list asked for your widget",
        "%(n)d sites that are not on your list asked for your widget",
        n,
    )
    return words % {"n": n}


def why(row: Notice) -> str:
    """The reasons or the sites, the most frequent first."""
    if row.kind == Notice.Kind.QUESTIONS:
        return ""
    names = sorted(row.details, key=lambda name: -row.details[name])
    if row.kind == Notice.Kind.FAILED:
        told = [f"{end_reasons.title('' if name == 'other' else name)} ({row.details[name]})" for name in names]
    else:
        told = [domains.readable(name) for name in names]
    more = len(told) - NAMED
    shown = ", ".join(told[:NAMED])
    return shown if more <= 0 else _("%(names)s and %(n)d more") % {"names": shown, "n": more}
