"""Conversations: the list, newest first, with filters that stay in the address."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from agents.models import Environment
from calling.models import Conversation, Turn
from studio.pages.base import ProjectPage
from studio.pages.calls import wording
from widgets.models import Widget

ROWS = 25
WIDGETS_MOST = 200


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
            "result": "unanswered" if given.get("result") == "unanswered" else "",
        }

    def _found(self, chosen: dict[str, str]) -> QuerySet[Conversation]:
        found = Conversation.objects.filter(project=self.project).defer("agent_state")
        if chosen["environment"]:
            found = found.filter(environment=chosen["environment"])
        if chosen["widget"]:
            found = found.filter(widget_id=chosen["widget"])
        if chosen["result"]:
            unanswered = Turn.objects.filter(conversation=OuterRef("pk"), source=wording.UNANSWERED)
            found = found.filter(Exists(unanswered))
        return found
