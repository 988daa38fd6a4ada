"""Unanswered: what visitors asked and the agent could not answer, alike ones together, and what is done about it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Window
from django.db.models.functions import Left, RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agents.models import Topic
from calling.models import Question, QuestionGroup
from calling.record import unanswered
from calling.record.unanswered import Status
from studio.pages.base import ProjectPage
from studio.pages.calls import wording
from studio.pages.given import number

ROWS = 25
SHOWN = 4  # wordings of a group; all of them become example questions
TOPICS_MOST = 1_000  # to choose from


class QuestionsPage(ProjectPage):
    """Every line of it is what somebody said."""

    permission = "conversations.personal"
    write_permission = "agent.edit"
    menu = "conversations"
    title = gettext_lazy("Conversations")

    @cached_property
    def group(self) -> QuestionGroup:
        rows = QuestionGroup.objects.filter(project=self.project).defer("centre")
        return get_object_or_404(rows, pk=self.kwargs["group"])


class Questions(QuestionsPage):
    template_name = "studio/questions.html"
    http_method_names = ["get", "head"]

    def context(self) -> dict[str, Any]:
        asked = self.request.GET.get("view", "")
        view = asked if asked in Status.values else Status.OPEN
        every = QuestionGroup.objects.filter(project=self.project).defer("centre")
        counts = dict(every.order_by().values_list("status").annotate(Count("pk")))
        page = Paginator(every.filter(status=view).select_related("done_by"), ROWS).get_page(
            self.request.GET.get("page")
        )
        return {
            "view": view,
            "views": [(value, label, counts.get(value, 0)) for value, label in Status.choices],
            "page": page,
            "rows": self._rows(page.object_list),
            "open_questions": counts.get(Status.OPEN.value, 0),
            "may_edit": self.may("agent.edit"),
            "topics": self._topics() if self.may("agent.edit") else [],
        }

    def _topics(self) -> Any:
        return Topic.objects.filter(project=self.project).order_by("name").only("name")[:TOPICS_MOST]

    def _rows(self, groups: Iterable[QuestionGroup]) -> list[dict[str, Any]]:
        """Each group with its newest wordings, in one query for all of them."""
        place = Window(RowNumber(), partition_by=F("group"), order_by=(F("asked_at").desc(), F("id").desc()))
        newest = Question.objects.filter(group__in=[group.pk for group in groups]).annotate(place=place)
        by_group = defaultdict(list)
        start = Left("turn__text", wording.QUOTE_CHARS + 1)
        told = newest.filter(place__lte=SHOWN).annotate(start=start).order_by("group", "place")
        for group, call, text in told.values_list("group", "turn__conversation", "start"):
            by_group[group].append({"conversation_id": call, "text": wording.quoted(text)})
        return [
            {"group": group, "turns": by_group[group.pk], "more": group.asked - len(by_group[group.pk])}
            for group in groups
        ]


class Settle(QuestionsPage):
    """One press: not for us, answered elsewhere, or open again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, group: int) -> HttpResponse:
        status, before = request.POST.get("status", ""), self.group.status
        if status in Status.values and unanswered.settle(self.project, self.group.pk, status, by=request.user):
            told = {
                Status.OPEN: _("The question is open again."),
                Status.ANSWERED: _("The question counts as answered. It comes back if a new version cannot answer it."),
                Status.DISMISSED: _("The question is put away. Alike ones go there, too."),
            }
            self.say(told[Status(status)])
        return self._back(before)

    def _back(self, view: str) -> HttpResponse:
        to = self.to("questions")
        if view != Status.OPEN:
            to["Location"] += f"?view={view}"
        return to


class AddToTopic(QuestionsPage):
    """Its wordings become example questions of a topic that is there."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, group: int) -> HttpResponse:
        asked, chosen = self.group, request.POST.get("topic", "")
        pk = number(chosen)
        if not pk:
            self.warn(_("Choose a topic."))
            return self.to("questions")
        topic = get_object_or_404(Topic, project=self.project, pk=pk)
        try:
            added = unanswered.add_to_topic(asked, topic, by=request.user)
        except unanswered.NoRoom as full:
            self.warn(str(full))
            return self.to("questions")
        words = ngettext(
            "%(n)d example question is new in “%(topic)s”, in your draft.",
            "%(n)d example questions are new in “%(topic)s”, in your draft.",
            added,
        )
        self.say(words % {"n": added, "topic": topic.name})
        return self.to("questions")
