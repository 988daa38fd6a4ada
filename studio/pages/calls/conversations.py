"""Conversations: the list, newest first, with filters and a search in what was said, both in the address."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from agents.models import Environment
from calling.models import Conversation, QuestionGroup
from calling.record import search
from studio.pages.base import ProjectPage
from studio.pages.calls import chips, filters, wording
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
        return chips.query(self.chosen)


class Conversations(ConversationsPage):
    template_name = "studio/conversations.html"

    def context(self) -> dict[str, Any]:
        asked = self.chosen["q"]
        searched = filters.asked_for(self.project, asked, self.personal)
        rows = filters.narrow(self.project, self.chosen, searched)
        page = Paginator(rows.values_list("pk", flat=True), ROWS).get_page(self.request.GET.get("page"))
        # By their ids: what a page far back skips was skipped along the index.
        shown = Conversation.objects.filter(pk__in=list(page)).defer("agent_state").order_by("-started_at", "-pk")
        shown = shown.select_related("identity")
        widgets = self._widgets()
        own_views = chips.own_views(self.member, self.chosen)
        own_here = any(view.here for view in own_views)
        return {
            "views": chips.views(self.project, self.chosen),
            "own_views": own_views,
            "own_here": own_here,
            "may_save_view": not own_here and not chips.is_view(self.chosen),
            "chips": chips.chips(self.chosen, {str(one.pk): one.name for one in widgets}),
            "widgets": widgets,
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
            "rows": wording.rows(shown.prefetch_related("handled_by", "tags"), words=self.personal),
            "query": self.query,
            "too_short": self.personal and 0 < len(asked) < search.LETTERS_LEAST,
            "cut": searched is not None and searched.is_cut,
        }

    def _widgets(self) -> list[Widget]:
        """To choose from: those that were changed last, and the one that is chosen."""
        rows = Widget.objects.filter(project=self.project).only("id", "name")
        shown = list(rows.order_by("-updated_at")[:WIDGETS_MOST])
        asked = self.chosen["widget"]
        if asked and int(asked) not in {one.pk for one in shown}:
            shown += rows.filter(pk=int(asked))
        return sorted(shown, key=lambda one: one.name.lower())
