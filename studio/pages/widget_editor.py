"""A widget's looks and words: forms over its draft, kept on the server as one types, shown to visitors by a publish."""

import copy
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from studio.pages.widget import WidgetPage
from studio.pages.widget_forms import ContentForm, StylingForm
from studio.pages.widget_preview import agent_name, shown
from widgets import actions, config


class Editor(WidgetPage):
    """One tab of the editor. A POST keeps the draft; with do=publish it shows it to visitors, too."""

    form_class: type[forms.Form]

    def context(self) -> dict[str, Any]:
        return {
            "form": self.form_class(self.widget.draft),
            "default_disclaimer": config.DEFAULT_DISCLAIMER,
            "preview": shown(self.widget, agent_name(self)),
        }

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        form = self.form_class(self.widget.draft, request.POST)
        publishing = request.POST.get("do") == "publish"
        if self._keep(form):
            if publishing and self.may("widgets.publish"):
                return self._publish()
            if self._by_script():
                return JsonResponse(
                    {"differs": actions.differs(self.widget), "preview": shown(self.widget, agent_name(self))}
                )
            return self.to(f"widget_{self.tab}", widget=self.widget.pk)
        if self._by_script():
            return JsonResponse({"errors": {form[name].auto_id: text for name, text in self._first(form)}})
        return self.page(self.template_name, status=422, **(self.context() | {"form": form}))

    def _keep(self, form: forms.Form) -> bool:
        if form.is_valid():
            try:
                actions.save_draft(self.widget, form.config(self.widget.draft), by=self.request.user)
            except actions.Invalid as invalid:
                for name, problem in invalid.errors.items():
                    name = name.replace(".", "__")
                    form.add_error(name if name in form.fields else None, problem)
        return not form.errors

    def _publish(self) -> HttpResponse:
        try:
            actions.publish_widget(self.widget, by=self.request.user)
        except actions.Invalid as invalid:
            self.warn(_("Not published: %s") % " ".join(invalid.errors.values()))
        else:
            self.say(_("Widget published. Visitors see it with their next page load."))
        return self.to(f"widget_{self.tab}", widget=self.widget.pk)

    def _by_script(self) -> bool:
        return self.request.headers.get("Accept") == "application/json"

    @staticmethod
    def _first(form: forms.Form) -> list[tuple[str, str]]:
        return [(name, errors[0]) for name, errors in form.errors.items() if name in form.fields]


class Styling(Editor):
    form_class = StylingForm
    template_name = "studio/widget_styling.html"
    tab = "styling"


class Content(Editor):
    form_class = ContentForm
    template_name = "studio/widget_content.html"
    tab = "content"


class Discard(WidgetPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        draft = copy.deepcopy(self.widget.draft)
        actions.discard_draft(self.widget, by=request.user)
        if draft != self.widget.draft:
            self.say(_("Changes discarded."))
        tab = request.POST.get("tab")
        return self.to("widget_content" if tab == "content" else "widget_styling", widget=self.widget.pk)


class Publish(WidgetPage):
    """Publish the draft as it is kept, from a page that edits nothing of it."""

    write_permission = "widgets.publish"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        try:
            actions.publish_widget(self.widget, by=request.user)
        except actions.Invalid as invalid:
            self.warn(_("Not published: %s") % " ".join(invalid.errors.values()))
        else:
            self.say(_("Widget published. Visitors see it with their next page load."))
        return self.to("widget_embed", widget=self.widget.pk)
