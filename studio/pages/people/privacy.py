"""Recordings and privacy: how long things are kept, and what is kept of one visitor."""

import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Min, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agents.locks import Stale, mark_of
from calling.models import Conversation, Recording
from calling.record import actions, retention, visitors
from studio.pages.base import ProjectPage
from studio.pages.calls import wording

KEPT: dict[int, Any] = {
    1: gettext_lazy("1 day"),
    7: gettext_lazy("7 days"),
    14: gettext_lazy("14 days"),
    30: gettext_lazy("30 days"),
    90: gettext_lazy("90 days"),
    180: gettext_lazy("180 days"),
    365: gettext_lazy("1 year"),
    1095: gettext_lazy("3 years"),
}
FOR_EVER = gettext_lazy("Until somebody deletes it")


def _days(value: str) -> int | None:
    return int(value) if value else None


class KeepForm(forms.Form):
    recordings_days = forms.TypedChoiceField(
        label=gettext_lazy("Recordings"),
        help_text=gettext_lazy("What one can hear. What was said stays in writing."),
        choices=[*KEPT.items(), ("", FOR_EVER)],
        coerce=_days,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )
    conversations_days = forms.TypedChoiceField(
        label=gettext_lazy("Conversations"),
        help_text=gettext_lazy("What was said, with its recording, notes and figures. Nothing of it is left."),
        choices=[*KEPT.items(), ("", FOR_EVER)],
        coerce=_days,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )


class PrivacyPage(ProjectPage):
    permission = "project.edit"
    template_name = "studio/privacy.html"
    menu = "project_settings"
    title = gettext_lazy("Project")
    effect = ""

    def mark(self) -> str:
        return mark_of(self.project, retention.FIELDS)

    def context(self) -> dict[str, Any]:
        days = retention.days_of(self.project)
        asked = self.request.GET.get("find", "")[: visitors.WORDS_MOST] if self.may_find else ""
        return {
            "form": KeepForm(initial=days),
            "next": retention.count_due(self.project, days, timezone.now() + timedelta(days=1)),
            "limited": any(days.values()),
            "stored": self._stored(),
            "may_find": self.may_find,
            "may_take": self.may("conversations.personal"),
            "may_erase": self.may("conversations.delete"),
            "asked": asked,
            "found": self._found(asked) if asked else None,
        }

    @property
    def may_find(self) -> bool:
        return self.may("conversations.read")

    def _found(self, asked: str) -> dict[str, Any]:
        words = self.may("conversations.personal")
        found = visitors.find(self.project, asked, in_what_was_said=words)
        rows = wording.rows([*found.sure, *found.perhaps], words=words)
        return {"sure": rows[: len(found.sure)], "perhaps": rows[len(found.sure) :]}

    def _stored(self) -> dict[str, Any]:
        calls = Conversation.objects.filter(project=self.project)
        sound = Recording.objects.filter(conversation__project=self.project)
        return {
            "conversations": calls.count(),
            "recordings": sound.count(),
            "bytes": sound.aggregate(all=Sum("size_bytes"))["all"] or 0,
            "oldest": calls.aggregate(first=Min("started_at"))["first"],
        }


class Privacy(PrivacyPage):
    """How long things are kept. What a change deletes is said before it is saved."""

    def post(self, request: HttpRequest) -> HttpResponse:
        form = KeepForm(request.POST)
        if not form.is_valid():
            return self.page(self.template_name, status=422, **(self.context() | {"form": form}))
        days = {name: form.cleaned_data[name] for name in retention.FIELDS}
        goes = retention.count_due(self.project, days, timezone.now())
        shorter = goes != retention.count_due(self.project, retention.days_of(self.project), timezone.now())
        if goes and shorter and "sure" not in request.POST:
            shown = self.context() | {"form": form, "goes": goes}
            return self.page(self.template_name, status=422, **shown)
        try:
            if retention.choose(self.project, days, by=request.user, seen=self.seen):
                self.say(_("Saved. What is older is deleted within the hour.") if goes else _("Saved."))
        except Stale as stale:
            return self.late(stale, **(self.context() | {"form": form}))
        return self.to("privacy")


class VisitorErase(PrivacyPage):
    """Delete the chosen conversations of a visitor, once it was said that this is meant."""

    write_permission = "conversations.delete"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        erased = actions.erase_visitor(self.project, chosen_calls(request), by=request.user)
        if erased:
            said = ngettext("%(n)d conversation is erased.", "%(n)d conversations are erased.", erased)
            self.say(said % {"n": erased})
        else:
            self.warn(_("Nothing was erased. Choose at least one conversation."))
        return self.to("privacy")


def chosen_calls(request: HttpRequest) -> list[uuid.UUID]:
    """The conversations that were ticked; what is no id is none."""
    found = []
    for given in request.POST.getlist("call")[: actions.FOUND_MOST]:
        try:
            found.append(uuid.UUID(given))
        except ValueError:
            continue
    return found
