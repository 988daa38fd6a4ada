"""Conversations: the list, newest first, with filters and a search in what was said, both in the address."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from agents.models import Environment
from calling.models import QuestionGroup
from studio.pages.base import ProjectPage
from studio.pages.calls import filters, wording
from widgets.models import Widget

ROWS = 25
WIDGETS_MOST = 200


class ConversationsPage(ProjectPage):
    """What the list and its files share: the conversations that the address means."""

    permission = "conversations.read"
    menu = "conversations"
    title = _("Conversations")

    @cached_property
    def chosen(self) -> filters.Chosen:
        return filters.chosen(self.request.GET, self.project)

    @cached_property
    def personal(self) -> bool:
        """Whether the reader may see what was said."""
        return self.may("conversations.personal")

    @cached_property
    def open_questions(self) -> int:
        rows = QuestionGroup.objects.filter(project=self.project, status=QuestionGroup.Status.OPEN)
        return rows.count() if self.personal else 0

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in self.chosen.items() if value})


class Conversations(ConversationsPage):
    template_name = "studio/conversations.html"

    def context(self) -> dict[str, Any]:
        rows = filters.found(self.project, self.chosen, self.personal)
        rows = rows.select_related("handled_by").prefetch_related("tags")
        page = Paginator(rows, ROWS).get_page(self.request.GET.get("page"))
        return {
            "widgets": self._widgets(),
            "sees_widgets": self.may("widgets.read"),
            "may_add_widgets": self.may("widgets.edit"),
            "environments": Environment.choices,
            "results": filters.RESULTS.items(),
            "since": filters.SINCE.items(),
            "states": filters.STATES.items(),
            "tags": self.project.tags.values_list("name", flat=True),
            "may_handle": self.may("conversations.handle"),
            "may_search": self.personal,
            "open_questions": self.open_questions,
            "chosen": self.chosen,
            "page": page,
            "rows": wording.rows(page.object_list, words=self.personal),
            "query": self.query,
        }

    def _widgets(self) -> list[Widget]:
        """To choose from: those that were changed last, and the one that is chosen."""
        rows = Widget.objects.filter(project=self.project).only("id", "name")
        shown = list(rows.order_by("-updated_at")[:WIDGETS_MOST])
        asked = self.chosen["widget"]
        if asked and int(asked) not in {one.pk for one in shown}:
            shown += rows.filter(pk=int(asked))
        return sorted(shown, key=lambda one: one.name.lower())
