"""Conversations: the list, newest first, with filters and a search in what was said, both in the address."""

import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models import Environment
from calling.models import Conversation, Turn
from studio.pages.base import ProjectPage
from studio.pages.calls import wording
from widgets.models import Widget

ROWS = 25
WIDGETS_MOST = 200
WORDS_MOST = 100  # characters of a search
RESULTS = {
    "unanswered": _("Unanswered"),
    "message": _("Left a message"),
    "failed": _("Failed"),
    "lost": _("Lost connection"),
    "rated": _("Rated"),
    "rated_low": _("Rated 1 or 2 stars"),
}
SINCE = {"1": _("Last 24 hours"), "7": _("Last 7 days"), "30": _("Last 30 days")}


class Conversations(ProjectPage):
    permission = "conversations.read"
    template_name = "studio/conversations.html"
    menu = "conversations"
    title = _("Conversations")

    def context(self) -> dict[str, Any]:
        widgets = self._widgets()
        chosen = self._chosen(widgets)
        page = Paginator(self._found(chosen), ROWS).get_page(self.request.GET.get("page"))
        return {
            "widgets": widgets,
            "sees_widgets": self.may("widgets.read"),
            "may_add_widgets": self.may("widgets.edit"),
            "environments": Environment.choices,
            "results": RESULTS.items(),
            "since": SINCE.items(),
            "may_search": self.may("conversations.personal"),
            "chosen": chosen,
            "page": page,
            "rows": wording.rows(page.object_list, words=self.may("conversations.personal")),
            "query": urlencode({name: value for name, value in chosen.items() if value}),
        }

    def _widgets(self) -> list[Widget]:
        """To choose from: those that were changed last, and the one that is chosen."""
        rows = Widget.objects.filter(project=self.project).only("id", "name")
        shown = list(rows.order_by("-updated_at")[:WIDGETS_MOST])
        asked = self.request.GET.get("widget", "")
        if asked.isascii() and asked.isdigit() and len(asked) < 10 and int(asked) not in {one.pk for one in shown}:
            shown += rows.filter(pk=int(asked))
        return sorted(shown, key=lambda one: one.name.lower())

    def _chosen(self, widgets: list[Widget]) -> dict[str, str]:
        """The filters of the address, those it cannot mean left out."""
        given = self.request.GET
        return {
            "environment": given.get("environment", "") if given.get("environment") in Environment.values else "",
            "widget": given.get("widget", "") if given.get("widget") in {str(w.pk) for w in widgets} else "",
            "result": given.get("result", "") if given.get("result") in RESULTS else "",
            "since": given.get("since", "") if given.get("since") in SINCE else "",
            "q": " ".join(given.get("q", "").replace("\0", "").split())[:WORDS_MOST],
        }

    def _found(self, chosen: dict[str, str]) -> QuerySet[Conversation]:
        found = Conversation.objects.filter(project=self.project).defer("agent_state")
        if chosen["environment"]:
            found = found.filter(environment=chosen["environment"])
        if chosen["widget"]:
            found = found.filter(widget_id=chosen["widget"])
        if chosen["since"]:
            found = found.filter(started_at__gte=timezone.now() - timedelta(days=int(chosen["since"])))
        if chosen["result"]:
            found = found.filter(_result(chosen["result"]))
        if chosen["q"]:
            found = found.filter(self._said(chosen["q"]))
        return found

    def _said(self, words: str) -> Q | Exists:
        """What was said, for whoever may read it; the reference and the id of a session for everybody."""
        named = Q(reference__iexact=words.replace("-", " ")) | Q(reference__iexact=words.replace(" ", "-"))
        named |= Q(reference__iexact=words)
        try:
            named |= Q(pk=uuid.UUID(words))
        except ValueError:
            pass
        if not self.may("conversations.personal"):
            return named
        return named | Exists(Turn.objects.filter(conversation=OuterRef("pk"), text__icontains=words))


def _result(name: str) -> Q | Exists:
    """The conversations that went so: as `wording.result` says it of each."""
    match name:
        case "unanswered":
            return Exists(Turn.objects.filter(conversation=OuterRef("pk"), source=wording.UNANSWERED))
        case "message":
            return Exists(Turn.objects.filter(conversation=OuterRef("pk"), source=wording.MESSAGE_KEPT))
        case "failed":
            return Q(ended_at__isnull=False) & (Q(end_cause__in=("failed", "shutdown")) | Q(answered_at=None))
        case "lost":
            return Q(end_cause="connection_lost", answered_at__isnull=False)
        case "rated":
            return Q(rating__isnull=False)
    return Q(rating__lte=2)
