"""What a change means for those who call, in the sentences of dialogs and toasts: true for the project as it is."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from agents.models import Environment, Project
from calling.models import Conversation
from widgets.install import heard
from widgets.install.heard import WayIn


def after_saving(ways: list[WayIn]) -> str:
    """Who hears what was just kept in the draft, and what it takes."""
    now, later = heard.sites(ways, Environment.SANDBOX), heard.sites(ways, Environment.LIVE)
    if now and later:
        words = _("Visitors of %(now)s hear it once you publish, those of %(later)s once you promote that to Live.")
        return words % {"now": now, "later": later}
    if now:
        return _("Visitors of %s hear it once you publish.") % now
    if later:
        return _("Visitors of %s hear it once you publish it and promote that to Live.") % later
    return _("Visitors hear it after you publish.")


def after_publishing(ways: list[WayIn]) -> str:
    """Who hears a version that is new in Sandbox, and who does not yet."""
    now, later = heard.sites(ways, Environment.SANDBOX), heard.sites(ways, Environment.LIVE)
    told = [_("Visitors of %s hear it from their next call.") % now] if now else []
    if later:
        told.append(_("Visitors of %s hear it once you promote it to Live.") % later)
    return " ".join(told) or _("It is there for you to try.")


def after_deploying(ways: list[WayIn], environment: str) -> str:
    """Who hears a version that an environment runs from now on."""
    here = heard.sites(ways, environment)
    if here:
        return _("Visitors of %s hear it from their next call.") % here
    where = Environment(environment).label
    away = heard.named(site for way in ways for site in way.sites)
    if away:
        words = _("No widget is in %(where)s, so visitors of %(sites)s do not hear it.")
        return words % {"where": where, "sites": away}
    return _("No widget is in %s yet; the first one uses it.") % where


def strangers(project: Project, widgets: list[int]) -> dict[int, int]:
    """How often strangers called each of these widgets while it answered from somewhere else than Live."""
    calls = Conversation.objects.filter(project=project, widget__in=widgets, is_test=False)
    rows = calls.exclude(environment=Environment.LIVE).order_by().values("widget").annotate(n=Count("*"))
    return dict(rows.values_list("widget", "n"))


def who_hears(ways: Iterable[WayIn], environment: str, number: int) -> list[dict[str, Any]]:
    """Every way in by name, and what it hears once an environment runs that version: the heart of each dialog."""
    return [
        {"way": way, "changes": way.environment == environment and way.number != number, "number": number}
        for way in ways
    ]
