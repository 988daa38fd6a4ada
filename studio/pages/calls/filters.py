"""What the list of conversations is narrowed to: read from an address, and put to the database."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models import Environment, Project
from calling.models import Conversation, Tag
from calling.record import identity, outcomes, search, visitors
from calling.record.handling import TAG_CHARS
from studio.pages.given import number
from widgets.models import Widget

WORDS_MOST = visitors.WORDS_MOST  # characters of a search
RESULTS = {
    "unanswered": _("Unanswered"),
    "message": _("Left a message"),
    "failed": _("Failed"),
    "lost": _("Lost connection"),
    "rated": _("Rated"),
    "rated_low": _("Rated 1 or 2 stars"),
}
SINCE = {"1": _("Last 24 hours"), "7": _("Last 7 days"), "30": _("Last 30 days")}

STATES = {
    "todo": _("To do"),
    "unread": _("Unread"),
    "open": _("Not handled"),
    "handled": _("Handled"),
}
TODO_DAYS = 30  # what is older is nobody's work any more; it can still be found

Chosen = dict[str, str]


def chosen(given: QueryDict, project: Project) -> Chosen:
    """The filters of an address, those it cannot mean left out."""

    def one_of(name: str, values: Any) -> str:
        value = given.get(name, "")
        return value if value in values else ""

    return {
        "environment": one_of("environment", Environment.values),
        "widget": _widget(given.get("widget", ""), project),
        "result": one_of("result", RESULTS),
        "since": one_of("since", SINCE),
        "state": one_of("state", STATES),
        "tag": _tag(given.get("tag", ""), project),
        "q": " ".join(given.get("q", "").replace("\0", "").split())[:WORDS_MOST],
    }


def _widget(asked: str, project: Project) -> str:
    pk = number(asked)
    return asked if pk is not None and Widget.objects.filter(project=project, pk=pk).exists() else ""


def _tag(asked: str, project: Project) -> str:
    """The tag as it is written here, whatever capitals the address has."""
    asked = asked.replace("\0", "")[:TAG_CHARS]
    return (asked and Tag.objects.filter(project=project, name=asked).values_list("name", flat=True).first()) or ""


def found(project: Project, narrowed: Chosen, words: bool) -> QuerySet[Conversation]:
    """Newest first. `words`: whether the search may look into what was said."""
    return narrow(project, narrowed, asked_for(project, narrowed["q"], words))


def asked_for(project: Project, words: str, in_what_was_said: bool) -> search.Found | None:
    """The conversations that a search means: by reference, by what was said, by who their site said it was. None where
    nothing is searched."""
    if not words:
        return None
    named = visitors.named(project, words)
    if not in_what_was_said:
        return search.Found(frozenset(named))
    said = search.said(project, words)
    return search.Found(said.calls | named | identity.found(project, words), said.is_cut)


def narrow(project: Project, narrowed: Chosen, searched: search.Found | None) -> QuerySet[Conversation]:
    if searched is None:
        rows = Conversation.objects.filter(project=project)
    else:
        rows = search.among(project, searched.calls)
    rows = rows.defer("agent_state").order_by("-started_at", "-pk")
    if narrowed["environment"]:
        rows = rows.filter(environment=narrowed["environment"])
    if narrowed["widget"]:
        rows = rows.filter(widget_id=narrowed["widget"])
    if narrowed["since"]:
        rows = rows.filter(started_at__gte=timezone.now() - timedelta(days=int(narrowed["since"])))
    if narrowed["result"]:
        rows = rows.filter(_RESULTS[narrowed["result"]])
    if narrowed["state"]:
        rows = rows.filter(_state(narrowed["state"]))
    if narrowed["tag"]:
        rows = rows.filter(tags__name=narrowed["tag"], tags__project=project)
    return rows


def _state(name: str) -> Q:
    match name:
        case "todo":
            since = timezone.now() - timedelta(days=TODO_DAYS)
            return Q(handled_at=None, started_at__gte=since, is_test=False, wanting=True)
        case "unread":
            return Q(read_at=None, ended_at__isnull=False)
        case "open":
            return Q(handled_at=None, ended_at__isnull=False)
    return Q(handled_at__isnull=False)


# The conversations that went so: as `wording.result` says it of each.
_RESULTS = {
    "unanswered": Q(misses__gt=0),
    "message": Q(messages__gt=0),
    "failed": outcomes.FAILED,
    "lost": outcomes.LOST,
    "rated": Q(rating__isnull=False),
    "rated_low": outcomes.RATED_LOW,
}


def neighbours(rows: QuerySet[Conversation], call: Conversation) -> tuple[Conversation | None, Conversation | None]:
    """Of a list, newest first: the one above this and the one below it, each found by itself."""
    at, pk = call.started_at, call.pk
    # The plain bounds say the same twice: by them the index is read from this one on.
    above = rows.filter(Q(started_at__gt=at) | Q(started_at=at, pk__gt=pk), started_at__gte=at)
    below = rows.filter(Q(started_at__lt=at) | Q(started_at=at, pk__lt=pk), started_at__lte=at)
    return above.order_by("started_at", "pk").first(), below.first()
