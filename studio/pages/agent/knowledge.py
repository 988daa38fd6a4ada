"""Knowledge: the topics an agent answers from: list, editor, active or not."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import drafting, publish, topics
from agents.authoring.topics import (
    CONTENT_MOST,
    LINK_MOST,
    LINK_TITLE_MOST,
    NAME_MOST,
    SAMPLE_MOST,
    SAMPLES_MOST,
    SPOKEN_MOST,
)
from agents.brains import intents
from agents.locks import Stale, mark_of
from agents.models import Topic
from calling.models import QuestionGroup
from calling.record import topic_uses, unanswered
from studio.pages.agent.language_tabs import tabs
from studio.pages.agent.publishing import AgentPage
from studio.pages.given import number

ROWS = 40
ORDERS: dict[str, tuple[Any, list[str]]] = {
    "asked": (gettext_lazy("Most asked"), ["-first", "-uses", "name"]),
    "name": (gettext_lazy("By name"), ["name"]),
    "edited": (gettext_lazy("Last edited"), ["-updated_at", "name"]),
}


class TopicForm(forms.Form):
    said_aloud = ("name", "content", "spoken")
    voice = ""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_MOST,
        error_messages={"required": gettext_lazy("Give the topic a name.")},
        help_text=gettext_lazy("For you and your team, such as “Opening hours”."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    content = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=CONTENT_MOST,
        error_messages={"required": gettext_lazy("Write what the agent should answer.")},
        help_text=gettext_lazy("What the agent says. Write it as you would say it aloud; short answers work best."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 5}),
    )
    samples = forms.CharField(
        label=gettext_lazy("Example questions"),
        required=False,
        help_text=gettext_lazy(
            "The ways visitors ask for it, one a line, at most 20. Five short ones do more than one long one."
        ),
        widget=forms.Textarea(attrs={"class": "input", "rows": 6}),
    )
    refused = forms.CharField(required=False, widget=forms.Textarea(attrs={"hidden": True}))
    spoken = forms.CharField(
        label=gettext_lazy("Spoken as"),
        required=False,
        max_length=SPOKEN_MOST,
        help_text=gettext_lazy(
            "How the agent names it when it asks “Do you mean …?”, such as “our opening hours”. Empty: the name above."
        ),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    first = forms.BooleanField(
        label=gettext_lazy("Goes first"),
        required=False,
        help_text=gettext_lazy(
            "For emergencies: as soon as this may be meant, the agent says it, before anything else and in the middle "
            "of anything."
        ),
        widget=forms.CheckboxInput(attrs={"class": "switch", "role": "switch"}),
    )
    link = forms.CharField(
        label=gettext_lazy("Link"),
        required=False,
        max_length=LINK_MOST,
        help_text=gettext_lazy("A page that the card shows while the agent answers, such as your price list."),
        widget=forms.TextInput(
            attrs={"class": "input", "autocomplete": "off", "inputmode": "url", "placeholder": "https://"}
        ),
    )
    link_title = forms.CharField(
        label=gettext_lazy("Title of the link"),
        required=False,
        max_length=LINK_TITLE_MOST,
        help_text=gettext_lazy("Empty: the topic’s name."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    active = forms.BooleanField(
        label=gettext_lazy("Active"),
        required=False,
        help_text=gettext_lazy("The agent answers from this topic. Switch it off to keep it for later."),
        widget=forms.CheckboxInput(attrs={"class": "switch", "role": "switch"}),
    )

    def clean_link(self) -> str:
        try:
            return topics.link(self.cleaned_data["link"])
        except ValueError:
            raise ValidationError(_("This is not a complete address. It must start with https://.")) from None

    def clean_link_title(self) -> str:
        return " ".join(self.cleaned_data["link_title"].split())

    def clean_spoken(self) -> str:
        return " ".join(self.cleaned_data["spoken"].split())

    def clean_samples(self) -> list[str]:
        return clean_samples(self.cleaned_data["samples"])

    def clean_refused(self) -> list[str]:
        """What is no phrase of the bank (any more) is let go."""
        lines = dict.fromkeys(self.cleaned_data["refused"].splitlines())
        known = {phrase for language in intents.languages() for phrase in intents.phrases_of(language)}
        return [line for line in lines if line in known]


def clean_samples(text: str) -> list[str]:
    """The questions in a field, one a line. Raises ValidationError."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    samples = list(dict.fromkeys(line for line in lines if line))
    if len(samples) > SAMPLES_MOST:
        problem = _("At most %(most)d questions; these are %(has)d.")
        raise ValidationError(problem % {"most": SAMPLES_MOST, "has": len(samples)})
    too_long = next((sample for sample in samples if len(sample) > SAMPLE_MOST), None)
    if too_long:
        problem = _("A question has at most %(most)d characters. Shorten “%(start)s…”")
        raise ValidationError(problem % {"most": SAMPLE_MOST, "start": too_long[:40]})
    return samples


class Knowledge(AgentPage):
    template_name = "studio/knowledge.html"
    menu = "knowledge"
    title = gettext_lazy("Knowledge")

    def frame(self) -> dict[str, Any]:
        frame = super().frame()
        newest = self.draft.base
        self.published = {topic["name"]: topic for topic in newest.config["topics"]} if newest else {}
        return frame

    def context(self) -> dict[str, Any]:
        words = self.request.GET.get("q", "").strip()[:100]
        found = Topic.objects.filter(project=self.project)
        if words:
            found = found.filter(Q(name__icontains=words) | Q(content__icontains=words) | Q(samples__icontains=words))
        lacks = self.request.GET.get("lacks", "")
        if lacks in self.project.agent.wordings:
            there = [row.pk for row in found if row.wordings.get(lacks, {}).get("content")]
            found = found.filter(active=True).exclude(pk__in=there)
        asked = self.request.GET.get("order", "")
        order = asked if asked in ORDERS else "asked"
        found = found.annotate(uses=Coalesce(topic_uses.lately(timezone.localdate()), 0)).order_by(*ORDERS[order][1])
        page = Paginator(found, ROWS).get_page(self.request.GET.get("page"))
        rows = [{"topic": topic, "changed": self._changed(topic)} for topic in page.object_list]
        orders = [(name, label) for name, (label, _fields) in ORDERS.items()]
        return {"words": words, "page": page, "rows": rows, "order": order, "orders": orders}

    def _changed(self, topic: Topic) -> bool:
        """Whether what visitors hear differs from what is written here. Nothing is marked before the first publish."""
        before = self.published.get(topic.name)
        if not self.published or not topic.active:
            return bool(before)
        if before is None:
            return True
        row = {name: getattr(topic, name) for name in publish.FROZEN}
        others = self.project.agent.wordings
        return publish.frozen_topic(row, others) != publish.frozen_topic(before, others)


class TopicEditor(AgentPage):
    """One topic; a new one where the address names none."""

    template_name = "studio/topic.html"
    menu = "knowledge"

    @cached_property
    def topic(self) -> Topic | None:
        number = self.kwargs.get("topic")
        return get_object_or_404(Topic, project=self.project, pk=number) if number else None

    @cached_property
    def group(self) -> QuestionGroup | None:
        """The unanswered questions that a new topic is to answer; for who may read what was asked."""
        asked = number(self.request.GET.get("questions"))
        if self.topic or asked is None:
            return None
        rows = QuestionGroup.objects.filter(project=self.project).defer("centre")
        return rows.filter(pk=asked).first() if self.may("conversations.personal") else None

    def context(self) -> dict[str, Any]:
        title = self.topic.name if self.topic else _("New topic")
        shown = {"form": self._form(), "topic": self.topic, "title": title}
        if self.topic:
            shown["tabs"] = tabs(self, "topic", topic=self.topic.pk)
        return shown

    def mark(self) -> str:
        return mark_of(self.topic, drafting.TOPIC_FIELDS) if self.topic else ""

    def post(self, request: HttpRequest, topic: int | None = None) -> HttpResponse:
        form = self._form(request.POST)
        if form.is_valid():
            try:
                kept = drafting.save_topic(self.project, self.topic, form.cleaned_data, request.user, seen=self.seen)
            except Stale as stale:
                return self.late(stale, **(self.context() | {"form": form}))
            except drafting.NameTaken as taken:
                form.add_error("name", str(taken))
            else:
                if self.group:
                    unanswered.settle(self.project, self.group.pk, QuestionGroup.Status.ANSWERED, by=request.user)
                    return self.kept(_("“%s” is in your draft.") % kept.name, "questions")
                there = "topic_add" if "another" in request.POST else "knowledge"
                return self.kept(_("“%s” is in your draft.") % kept.name, there)
        return self.page(self.template_name, status=422, **(self.context() | {"form": form}))

    def _form(self, data: Any = None) -> TopicForm:
        topic = self.topic or Topic(active=True, name=self.request.GET.get("name", "")[:NAME_MOST])
        question = self.request.GET.get("question", "")[:SAMPLE_MOST]
        if self.group:
            question = "\n".join(unanswered.wordings(self.group))
        initial = {
            "name": topic.name,
            "content": topic.content,
            "samples": "\n".join(topic.samples) or question,
            "refused": "\n".join(topic.refused),
            "spoken": topic.spoken,
            "link": topic.link,
            "link_title": topic.link_title,
            "first": topic.first,
            "active": topic.active,
        }
        form = TopicForm(data, initial=initial)
        form.voice = self.project.agent.voice
        return form


class TopicDelete(AgentPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, topic: int) -> HttpResponse:
        row = get_object_or_404(Topic, project=self.project, pk=topic)
        drafting.delete_topic(row, request.user)
        return self.kept(_("“%s” is deleted from your draft.") % row.name, "knowledge")
