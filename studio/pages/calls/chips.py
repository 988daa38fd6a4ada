"""What the list of conversations is narrowed to, as it stands above the list: views to turn to, and a chip for each
filter with the way to the list without it. Everything is in the address, so a view is a link."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from agents.models import Environment, Member, Project
from studio.pages.calls import filters

COUNTED_MOST = 99  # of what is left to do: more is much

# By result and state, which a view sets both; what else narrows the list stays.
VIEWS: tuple[tuple[Any, str, str], ...] = (
    (_("Everything"), "", ""),
    (_("To do"), "", "todo"),
    (_("Messages"), "message", ""),
    (_("Failed"), "failed", ""),
    (_("Low ratings"), "rated_low", ""),
)
NAMES = {
    "since": _("When"),
    "environment": _("Environment"),
    "widget": _("Widget"),
    "result": _("Result"),
    "state": _("Work"),
    "tag": _("Tag"),
}


@dataclass(frozen=True, slots=True)
class View:
    label: str
    query: str
    here: bool
    count: str


@dataclass(frozen=True, slots=True)
class OwnView:
    """One that a person kept for themselves."""

    pk: int
    name: str
    query: str
    here: bool  # the list is narrowed to just that


@dataclass(frozen=True, slots=True)
class Chip:
    name: str
    value: str
    without: str  # the query of the list without it


def query(chosen: dict[str, str], **changed: str) -> str:
    return urlencode({name: value for name, value in (chosen | changed).items() if value})


def views(project: Project, chosen: filters.Chosen) -> list[View]:
    return [
        View(
            str(label),
            query(chosen, result=result, state=state),
            (result, state) == (chosen["result"], chosen["state"]),
            _left(project) if state == "todo" else "",
        )
        for label, result, state in VIEWS
    ]


def own_views(member: Member, chosen: filters.Chosen) -> list[OwnView]:
    here = {name: value for name, value in chosen.items() if value}
    return [OwnView(row.pk, row.name, query(row.filters), row.filters == here) for row in member.saved_views.all()]


def is_view(chosen: filters.Chosen) -> bool:
    """Whether the list is just what one of our own views shows."""
    narrowed = {name for name, value in chosen.items() if value}
    return narrowed <= {"result", "state"} and (chosen["result"], chosen["state"]) in [view[1:] for view in VIEWS]


def _left(project: Project) -> str:
    """How much is left to do, in all of the project; nothing where nothing is."""
    todo = dict.fromkeys(("environment", "widget", "result", "since", "tag"), "") | {"state": "todo"}
    n = filters.narrow(project, todo, None)[: COUNTED_MOST + 1].count()
    return f"{COUNTED_MOST}+" if n > COUNTED_MOST else str(n or "")


def chips(chosen: filters.Chosen, widgets: dict[str, str]) -> list[Chip]:
    """One for each filter that no view above says already."""
    in_view = (chosen["result"], chosen["state"]) in [view[1:] for view in VIEWS]
    said: dict[str, dict[str, Any]] = {
        "since": filters.SINCE,
        "environment": dict(Environment.choices),
        "widget": widgets,
        "result": {} if in_view else filters.RESULTS,
        "state": {} if in_view else filters.STATES,
        "tag": {chosen["tag"]: chosen["tag"]},
    }
    return [
        Chip(str(label), str(said[name][chosen[name]]), query(chosen, **{name: ""}))
        for name, label in NAMES.items()
        if chosen[name] and chosen[name] in said[name]
    ]
