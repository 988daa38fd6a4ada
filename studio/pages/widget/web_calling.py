"""Web Calling: the way to a widget, the first one and the next."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.models import Environment
from studio.pages.base import ProjectPage
from studio.pages.widget.base import WidgetPage, environments, widgets_of, without_www
from widgets import actions
from widgets.models import Kind, Widget


def variant_choices(page: ProjectPage, current: str = "") -> list[tuple[str, str]]:
    """The variants a widget may use, "" for whichever is the default. What is set now stays a choice."""
    rows = list(page.project.variants.all())
    default = next((row.name for row in rows if row.is_default), "")
    shown = _("%s (default)") % default if default else _("Default")
    choices = [("", shown), *((row.key, row.name) for row in rows if not row.is_default or row.key == current)]
    return choices if current in dict(choices) else [*choices, (current, _("%s (gone)") % current)]


class AddForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=Kind.choices, initial=Kind.PHONE, required=False, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=gettext_lazy("Widget name"),
        max_length=actions.NAME_MOST,
        error_messages={"required": gettext_lazy("Give the widget a name. Visitors don’t see it.")},
        help_text=gettext_lazy("For you and your team. Visitors don’t see it."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "autofocus": True}),
    )
    address = forms.CharField(
        label=gettext_lazy("Your website"),
        max_length=500,
        error_messages={"required": gettext_lazy("Add your site, or the button appears nowhere.")},
        help_text=gettext_lazy("Copy it from the address bar. Any form works."),
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "url", "placeholder": "shop.example.com"}),
    )
    variant_key = forms.ChoiceField(
        label=gettext_lazy("Variant"),
        required=False,
        help_text=gettext_lazy("Which location’s details the agent uses."),
        widget=forms.Select(attrs={"class": "input"}),
    )
    environment = forms.ChoiceField(
        label=gettext_lazy("Environment"),
        initial=Environment.SANDBOX,
        help_text=gettext_lazy("Start in Sandbox, switch any time."),
        widget=forms.RadioSelect,
    )

    def __init__(self, page: ProjectPage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["variant_key"].choices = variant_choices(page)
        self.fields["environment"].choices = environments(page.project)

    def clean_kind(self) -> str:
        return str(self.cleaned_data["kind"] or Kind.PHONE)


class WebCalling(ProjectPage):
    """The widget edited last, or the invitation to make the first one."""

    permission = "widgets.read"
    template_name = "studio/web_calling_empty.html"
    menu = "web_calling"
    title = gettext_lazy("Web Calling")
    write_permission = "widgets.edit"

    def get(self, request: HttpRequest) -> HttpResponse:
        newest = widgets_of(self.project).filter(archived_at=None).order_by("-updated_at").first()
        return self.to("widget_styling", widget=newest.pk) if newest else self.page()

    def context(self) -> dict[str, Any]:
        return {"archived": self._archived().count()}

    def _archived(self) -> QuerySet[Widget]:
        return widgets_of(self.project).exclude(archived_at=None).order_by("-archived_at")


class Archive(WebCalling):
    """Widgets that were put away, each with the way back."""

    template_name = "studio/widget_archive.html"
    title = gettext_lazy("Archive")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def context(self) -> dict[str, Any]:
        return {"rows": Paginator(self._archived(), 50).get_page(self.request.GET.get("page"))}


class WidgetAdd(WebCalling):
    template_name = "studio/widget_add.html"
    permission = "widgets.edit"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def context(self) -> dict[str, Any]:
        return {"form": AddForm(self), "has_widgets": self._has_widgets()}

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AddForm(self, request.POST)
        if form.is_valid():
            try:
                values = form.cleaned_data | {"address": without_www(form.cleaned_data["address"])}
                widget = actions.create_widget(self.project, by=request.user, **values)
            except actions.Invalid as invalid:
                for name, problem in invalid.errors.items():
                    form.add_error(name if name in form.fields else None, problem)
            else:
                self.say(_("“%s” is made. Style it, then copy its tag to your site.") % widget.name)
                return self.to("widget_styling", widget=widget.pk)
        return self.page(self.template_name, status=422, form=form, has_widgets=self._has_widgets())

    def _has_widgets(self) -> bool:
        return widgets_of(self.project).exists()


class WidgetDuplicate(WidgetPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        copied = actions.duplicate_widget(self.widget, by=request.user)
        self.say(_("“%s” is made, with a tag of its own. Nothing of it is published yet.") % copied.name)
        return self.to("widget_settings", widget=copied.pk)


class WidgetArchive(WidgetPage):
    """Put a widget away, or take it out again (with `back`)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        if "back" in request.POST:
            actions.unarchive_widget(self.widget, by=request.user)
            back = (
                _("“%s” is back, and takes calls again.") if self.widget.enabled else _("“%s” is back, switched off.")
            )
            self.say(back % self.widget.name)
            return self.to("widget_settings", widget=self.widget.pk)
        actions.archive_widget(self.widget, by=request.user)
        self.say(_("“%s” is in the archive, and takes no calls.") % self.widget.name)
        return self.to("web_calling")


class WidgetDelete(WidgetPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        name = self.widget.name
        actions.delete_widget(self.widget, by=request.user)
        self.say(_("“%s” is deleted. Its conversations are kept.") % name)
        return self.to("web_calling")
