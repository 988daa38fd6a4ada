"""What visitors hear: who comes in where, and which version answers them. Every page that says it asks here.

It follows from the environment of the widget (or of its call page) and from what runs in that environment, never from
what Live happens to hold.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.authoring import publish
from agents.models import Deployment, Environment, Project
from widgets import domains
from widgets.admission import call_page
from widgets.models import CallPage, Kind, Widget

SITES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class WayIn:
    """A way by which strangers reach the agent: a widget's sites, or its call page."""

    widget: Widget
    kind: Literal["sites", "page"]
    sites: tuple[str, ...]
    environment: str
    number: int | None  # of the version that answers; None where nothing runs
    met: bool  # whether visitors can meet it already: a listed site loaded the tag, or the page is open


@dataclass(frozen=True, slots=True)
class Sentence:
    """Who hears the same, as a sentence."""

    words: str
    ways: tuple[WayIn, ...]
    environment: str
    number: int | None

    @property
    def where(self) -> str:
        return str(Environment(self.environment).label)

    @property
    def is_tested(self) -> bool:
        """Whether they hear only what somebody promoted."""
        return self.number is not None and self.environment == Environment.LIVE


def ways_in(project: Project) -> list[WayIn]:
    """Every way by which strangers can reach the project's agent now."""
    running = publish.deployments(project)
    rows = Widget.objects.filter(project=project, archived_at=None, enabled=True)
    rows = rows.exclude(published=None)
    widgets = rows.defer("draft", "published").prefetch_related("domains").order_by("name", "id")
    pages = {page.widget_id: page for page in CallPage.objects.filter(widget__project=project, enabled=True)}
    found = []
    for widget in widgets:
        found += _of(widget, pages.get(widget.pk), {at: row.version.number for at, row in running.items()})
    return found


def ways_of(widget: Widget, running: dict[str, Deployment]) -> list[WayIn]:
    """Those of one widget, as far as it is open."""
    if widget.archived_at is not None or not widget.enabled or widget.published is None:
        return []
    page = CallPage.objects.filter(widget=widget, enabled=True).first()
    return _of(widget, page, {at: row.version.number for at, row in running.items()})


def _of(widget: Widget, page: CallPage | None, running: dict[str, int]) -> list[WayIn]:
    found = []
    listed = tuple(row.shown for row in _open_first(list(widget.domains.all())))
    if listed:
        number = running.get(widget.environment)
        found.append(WayIn(widget, "sites", listed, widget.environment, number, widget.seen_at is not None))
    if page and call_page.is_open(page):
        found.append(WayIn(widget, "page", (), page.environment, running.get(page.environment), True))
    return found


def _open_first(rows: list) -> list:
    """Sites before single addresses: they are what people call theirs."""
    return sorted(rows, key=lambda row: domains.is_exact(row.host))


def sentences(ways: Iterable[WayIn]) -> list[Sentence]:
    """Those who hear the same share a sentence; those who hear something now come first."""
    groups: dict[tuple, list[WayIn]] = {}
    for way in ways:
        alone = way.widget.pk if way.kind == "page" else 0
        key = (way.kind, alone, way.environment, way.number, way.met, way.widget.kind)
        groups.setdefault(key, []).append(way)
    # A Phone and a Chat on one site are told apart by what their visitors do.
    hears = Counter(
        one for group in groups.values() for one in {(w.widget.kind, site) for w in group for site in w.sites}
    )
    told = []
    for group in groups.values():
        shared = any(hears[way.widget.kind, site] > 1 for way in group for site in way.sites)
        told.append(Sentence(_words(group, shared), tuple(group), group[0].environment, group[0].number))
    return sorted(told, key=lambda one: (one.ways[0].kind == "page", not one.ways[0].met))


def _words(group: list[WayIn], shared: bool) -> str:
    """`shared`: other widgets on the same sites say something else, so these have to be named."""
    first = group[0]
    values = {
        "sites": named(site for way in group for site in way.sites),
        "widget": first.widget.name,
        "widgets": named(_("“%s”") % way.widget.name for way in group),
        "n": first.number,
        "where": Environment(first.environment).label,
    }
    if first.kind == "page" and first.widget.kind == Kind.CHAT:
        if first.number is None:
            return _("Visitors of the page of “%(widget)s” cannot chat: nothing runs in %(where)s.") % values
        return _("Visitors of the page of “%(widget)s” write with version %(n)d.") % values
    if first.kind == "page":
        if first.number is None:
            return _("Callers of the page of “%(widget)s” cannot call: nothing runs in %(where)s.") % values
        return _("Callers of the page of “%(widget)s” hear version %(n)d.") % values
    if first.widget.kind == Kind.CHAT:
        return _in_writing(first) % values
    if first.number is None:
        return _("Visitors of %(sites)s cannot call: nothing runs in %(where)s.") % values
    if not first.met:
        return _("Visitors of %(sites)s will hear version %(n)d once your tag is on the site.") % values
    if shared:
        return _("Visitors of %(sites)s hear version %(n)d through %(widgets)s.") % values
    return _("Visitors of %(sites)s hear version %(n)d.") % values


def _in_writing(first: WayIn) -> str:
    if first.number is None:
        return _("Visitors of %(sites)s cannot chat: nothing runs in %(where)s.")
    if not first.met:
        return _("Visitors of %(sites)s will write with version %(n)d once the tag of your chat is on the site.")
    return _("Visitors of %(sites)s write with version %(n)d.")


def sites(ways: Iterable[WayIn], environment: str) -> str:
    """The sites whose visitors hear what runs in an environment, in words; empty where there are none."""
    return named(site for way in ways if way.environment == environment for site in way.sites)


def named(hosts: Iterable[str]) -> str:
    """Sites as words of a sentence, each once."""
    names = list(dict.fromkeys(hosts))
    more = len(names) - SITES_SHOWN
    if more > 0:
        words = ngettext("%(sites)s and %(n)d more site", "%(sites)s and %(n)d more sites", more)
        return words % {"sites": ", ".join(names[:SITES_SHOWN]), "n": more}
    if len(names) < 2:
        return "".join(names)
    return _("%(sites)s and %(last)s") % {"sites": ", ".join(names[:-1]), "last": names[-1]}
