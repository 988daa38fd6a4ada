"""A widget's looks and words: forms over its draft, kept on the server as one types, shown to visitors by a publish."""

import copy
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from agents.authoring import languages as own_languages
from agents.authoring import publish
from agents.locks import Stale
from agents.models import AuditEntry
from studio.pages.widget import languages
from studio.pages.widget.base import WidgetPage
from studio.pages.widget.chat_forms import ChatContentForm, ChatStylingForm
from studio.pages.widget.forms import ContentForm, StylingForm
from studio.pages.widget.preview import answering, shown
from studio.pages.widget.publish import PublishingPage
from studio.templatetags.console import person
from widgets import actions
from widgets.admission.shown import Shown
from widgets.card import cleaning, colours, look, pictures, redraw
from widgets.install import readiness
from widgets.models import Kind


class Editor(PublishingPage):
    """One tab of the editor. A POST keeps the draft; with do=publish it shows it to visitors, too.

    The draft's revision travels with the fields: where somebody else was faster nothing is kept, and whoever is late
    chooses.
    """

    form_classes: dict[str, type[forms.Form]]  # by the widget's kind
    templates: dict[str, str]
    effect = "draft"

    @property
    def form_class(self) -> type[forms.Form]:
        return self.form_classes[self.widget.kind]

    @property
    def template_name(self) -> str:
        return self.templates[self.widget.kind]

    def context(self) -> dict[str, Any]:
        spoken = [own_languages.name(code) for code in own_languages.of(self.project.agent)]
        return {
            "form": self.form_class(self.widget.draft),
            "editing": True,
            "preview": shown(self.widget, *self._answering),
            "agent_language": get_text_list(spoken, _("and")),
            **self._contrast(),
            **self._texts(),
            "picture_address": pictures.address(self.widget.draft.get("style", {}).get("avatar", "")),
            "header_address": pictures.address(self.widget.draft.get("chat", {}).get("header", "")),
            "picture_most": redraw.BYTES_MOST,
            "picture_large": str(redraw.too_large()),
        }

    @cached_property
    def _answering(self) -> tuple[str, dict[str, str]]:
        return answering(self)

    def _running_variant(self) -> dict[str, str]:
        """The words that visitors get now; those of the draft where nothing runs yet, which the page says elsewhere."""
        widget = self.widget
        version = publish.running(self.project, widget.environment, config=False)
        if version is None:
            return self._answering[1]
        return Shown(widget, look.read(widget.draft), version).variant

    def _texts(self) -> dict[str, Any]:
        """What stands in for empty fields, and which variables have no word."""
        draft, variant = look.read(self.widget.draft), self._answering[1]
        missing = languages.gaps(draft, variant)
        return {
            "stand_ins": languages.stand_ins(draft, variant),
            "gaps": missing,
            "unpublished": [gap for gap in languages.gaps(draft, self._running_variant()) if gap not in missing],
            "columns": sorted(variant),
        }

    def _contrast(self) -> dict[str, Any]:
        """How the draft's colours come out in both themes."""
        draft, errors = cleaning.clean(self.widget.draft)

        def checks(name: str) -> tuple[colours.Check, ...]:
            colour = draft["style"][name]
            return colours.checks(colour) if colour and f"style.{name}" not in errors else ()

        return {"contrast": checks("brand"), "contrast_call": checks("call")}

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        form = self.form_class(self.widget.draft, request.POST)
        publishing = request.POST.get("do") == "publish"
        try:
            kept = self._keep(form)
        except Stale as stale:
            return self._late(form, stale)
        if kept:
            if publishing and self.may("widgets.publish"):
                return self.publish_draft(f"widget_{self.tab}", self.widget.draft_revision)
            return self._kept() if self._by_script() else self.to(f"widget_{self.tab}", widget=self.widget.pk)
        if self._by_script():
            return JsonResponse({"errors": {form[name].auto_id: text for name, text in self._first(form)}})
        return self.page(self.template_name, status=422, **(self.context() | {"form": form}))

    def _keep(self, form: forms.Form) -> bool:
        if form.is_valid():
            try:
                wanted = form.config(self.widget.draft)
                actions.save_draft(self.widget, wanted, by=self.request.user, revision=self.revision())
            except actions.Invalid as invalid:
                for name, problem in invalid.errors.items():
                    name = form.field_of(name)
                    form.add_error(name if name in form.fields else None, problem)
        return not form.errors

    def _kept(self) -> JsonResponse:
        summary, texts = {"summary": self.summary()}, self._texts()
        todo = self.todo(readiness.needs(self.widget)) | {"may_write": True}
        return JsonResponse(
            {
                "differs": actions.differs(self.widget),
                "revision": self.widget.draft_revision,
                "preview": shown(self.widget, *self._answering),
                "summary": render_to_string("studio/parts/widget_summary.html", summary, self.request),
                "todo": render_to_string("studio/parts/widget_todo.html", todo, self.request),
                "stand_ins": texts["stand_ins"],
                "gaps": render_to_string(
                    "studio/parts/widget_gaps.html", {"project": self.project, **texts}, self.request
                ),
                **{
                    name: render_to_string("studio/parts/widget_contrast.html", {"contrast": found}, self.request)
                    for name, found in self._contrast().items()
                },
            }
        )

    def _late(self, form: forms.Form, stale: Stale) -> HttpResponse:
        """What was typed stays on the page. Sent again, with the newer revision, it wins."""
        lines = AuditEntry.objects.filter(project=self.project, target=f"widget:{self.widget.pk}")
        last = lines.select_related("actor").first()
        who = (person(last.actor) if last.actor else last.actor_name) if last else ""
        late = {"revision": stale.now, "who": who}
        if self._by_script():
            return JsonResponse(late, status=409)
        return self.page(self.template_name, status=409, **(self.context() | {"form": form, "late": late}))

    def _by_script(self) -> bool:
        return self.request.headers.get("Accept") == "application/json"

    @staticmethod
    def _first(form: forms.Form) -> list[tuple[str, str]]:
        return [(name, errors[0]) for name, errors in form.errors.items() if name in form.fields]


class Styling(Editor):
    form_classes = {Kind.PHONE: StylingForm, Kind.CHAT: ChatStylingForm}
    templates = {Kind.PHONE: "studio/widget_styling.html", Kind.CHAT: "studio/chat_styling.html"}
    tab = "styling"


class Content(Editor):
    form_classes = {Kind.PHONE: ContentForm, Kind.CHAT: ChatContentForm}
    templates = {Kind.PHONE: "studio/widget_content.html", Kind.CHAT: "studio/chat_content.html"}
    tab = "content"


class Discard(WidgetPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        draft = copy.deepcopy(self.widget.draft)
        actions.discard_draft(self.widget, by=request.user)
        if draft != self.widget.draft:
            self.say(_("Changes discarded. History can bring them back."))
        tab = request.POST.get("tab")
        return self.to("widget_content" if tab == "content" else "widget_styling", widget=self.widget.pk)
