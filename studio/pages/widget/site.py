"""Where a widget may appear: domains, refused sites, and settings that act at once."""

import difflib
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import publish
from agents.locks import Stale, mark_of
from agents.models import Environment
from agents.outside.origins import parse_origin
from studio.pages.agent import differences
from studio.pages.base import back
from studio.pages.draft import DIFFERENCES_SHOWN
from studio.pages.widget import doubts
from studio.pages.widget.base import WidgetPage, environments, without_www
from studio.pages.widget.forms import switch
from studio.pages.widget.web_calling import variant_choices
from widgets import actions, domains
from widgets.install import heard, readiness
from widgets.models import AllowedDomain, RefusedHost, Widget

LOOKS_ALIKE = 0.85
SITES_SHOWN = 5


def met_there(widget: Widget) -> str:
    """What visitors of a site that was just listed meet: the button, or why there is none yet."""
    missing = next((need.message for need in readiness.needs(widget) if need.level == "missing"), "")
    if missing:
        return _("The button does not work there yet: %s") % missing
    return _("The button appears there with the next page load.")


class Domains(WidgetPage):
    template_name = "studio/domains.html"
    title = gettext_lazy("Domains")
    tab = "domains"
    effect = "once"

    def context(self) -> dict[str, Any]:
        listed = list(self.widget.domains.all())
        seen = parse_origin(f"https://{self.widget.seen_host}") if self.widget.seen_host else None
        return {
            # Whoever lets in a site lets its visitors meet all of this.
            "met": doubts.of_move(self.widget, self.widget.environment) if self.widget.published else [],
            "rows": [
                {
                    "domain": row,
                    "shown": row.shown,
                    "browsers": row.host if domains.readable(row.host) != row.host else "",
                    "exact": domains.is_exact(row.host),
                    "below": "" if row.host.startswith("www.") else f"shop.{domains.readable(row.host)}",
                    "seen": bool(seen and domains.match(seen, [row])),
                }
                for row in listed
            ],
            "refused": [
                {
                    "host": row,
                    "shown": domains.readable(row.host),
                    "browsers": row.host if domains.readable(row.host) != row.host else "",
                    "resembles": resembles(row.host, listed),
                }
                for row in self.widget.refused_hosts.all()[:20]
            ],
        }

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        typed = request.POST.get("address", "")[:500]
        try:
            listed = actions.add_domain(self.widget, without_www(typed), by=request.user)
        except actions.Invalid as invalid:
            problem = " ".join(invalid.errors.values())
            return self.page(self.template_name, status=422, **self.context(), typed=typed, problem=problem)
        self.say(_("%s is on the list.") % domains.readable(str(listed)) + " " + met_there(self.widget))
        return self.to("domains", widget=self.widget.pk)


class DomainRemove(WidgetPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int, domain: int) -> HttpResponse:
        row = get_object_or_404(AllowedDomain, widget=self.widget, pk=domain)
        actions.remove_domain(self.widget, row, by=request.user)
        self.say(_("%s is off the list.") % row.shown)
        return self.to("domains", widget=self.widget.pk)


class RefusedAllow(WidgetPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int, refused: int) -> HttpResponse:
        row = get_object_or_404(RefusedHost, widget=self.widget, pk=refused)
        try:
            listed = actions.allow_refused_host(self.widget, row, request.POST.get("typed", "")[:300], by=request.user)
        except actions.Invalid as invalid:
            self.warn(" ".join(invalid.errors.values()))
        else:
            self.say(_("%s is on the list.") % domains.readable(str(listed)) + " " + met_there(self.widget))
        return self.to("domains", widget=self.widget.pk)


class SettingsForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Widget name"),
        max_length=actions.NAME_MOST,
        help_text=gettext_lazy("For you and your team. Visitors don’t see it."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    variant_key = forms.ChoiceField(
        label=gettext_lazy("Variant"),
        required=False,
        help_text=gettext_lazy("Which location’s details the agent uses."),
        widget=forms.Select(attrs={"class": "input"}),
    )
    max_calls = forms.IntegerField(
        label=gettext_lazy("Calls at the same time"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=gettext_lazy("Leave it empty for no limit of its own."),
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )
    enabled = switch(
        gettext_lazy("Switched on"),
        gettext_lazy("Off: no new call starts, and the button is gone with the next page load. Calls going on finish."),
    )


class Settings(WidgetPage):
    template_name = "studio/widget_settings.html"
    title = gettext_lazy("Widget settings")
    tab = "settings"
    effect = "once"

    def frame(self) -> dict[str, Any]:
        frame = super().frame()
        return frame | {"more_sites": max(0, len(frame["sites"]) - SITES_SHOWN)}

    def mark(self) -> str:
        return mark_of(self.widget, actions.SETTINGS)

    def context(self) -> dict[str, Any]:
        return {"form": self._form()}

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        form = self._form(request.POST)
        if form.is_valid():
            try:
                actions.save_settings(self.widget, form.cleaned_data, by=request.user, seen=self.seen)
            except Stale as stale:
                return self.late(stale, form=form)
            except actions.Invalid as invalid:
                for name, problem in invalid.errors.items():
                    form.add_error(name if name in form.fields else None, problem)
            else:
                self.say(_("Done. It takes effect from the next call on."))
                return self.to("widget_settings", widget=self.widget.pk)
        return self.page(self.template_name, status=422, form=form)

    def _form(self, data: Any = None) -> SettingsForm:
        form = SettingsForm(data, initial={name: getattr(self.widget, name) for name in SettingsForm.base_fields})
        form.fields["variant_key"].choices = variant_choices(self, self.widget.variant_key)
        if self.is_chat:  # it takes no line, so there is nothing to limit
            form.fields["max_calls"].disabled = True
            form.fields["enabled"].help_text = _(
                "Off: no new chat starts, and the button is gone with the next page load."
            )
        return form


class Place(WidgetPage):
    """Which environment answers the widget's visitors. The dialog says who hears what, and what may be a mistake."""

    permission = "widgets.edit"
    template_name = "studio/parts/place_dialog.html"
    effect = "once"

    def get(self, request: HttpRequest, widget: int) -> HttpResponse:
        wanted = request.GET.get("environment", Environment.LIVE)
        return self._asked(wanted) if wanted in self._choices() else self.to("widget_styling", widget=self.widget.pk)

    def _choices(self) -> dict[str, str]:
        return dict(environments(self.project, self.widget.environment))

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        wanted = request.POST.get("environment", "")
        if wanted not in self._choices():
            self.warn(_("Choose one of the environments."))
            return self.to("widget_styling", widget=self.widget.pk)
        unsure = [doubt for doubt in self._doubts(wanted) if doubt.code not in request.POST.getlist("sure")]
        if unsure:
            self.warn(
                _("Not done yet. %s Do it again if that is what you want.") % " ".join(one.words for one in unsure)
            )
            return self.to("widget_styling", widget=self.widget.pk)
        actions.set_environment(self.widget, wanted, by=request.user)
        self.say(self._told())
        return back(self, "widget_styling", widget=self.widget.pk)

    def _asked(self, wanted: str) -> HttpResponse:
        running = publish.deployments(self.project)
        here, there = running.get(self.widget.environment), running.get(wanted)
        found = []
        if here and there and here.version_id != there.version_id:
            found = differences.between(here.version.config, there.version.config)
        return self.page(
            wanted=wanted,
            where=Environment(wanted).label,
            is_live=wanted == Environment.LIVE,
            rows=[
                (self.widget.environment, self.widget.get_environment_display(), here),
                (wanted, Environment(wanted).label, there),
            ],
            there=there,
            shown=found[:DIFFERENCES_SHOWN],
            doubts=self._doubts(wanted),
            here=back(self, "widget_styling", widget=self.widget.pk).url,
        )

    def _doubts(self, wanted: str) -> list[doubts.Doubt]:
        return doubts.of_move(self.widget, wanted) if wanted != self.widget.environment else []

    def _told(self) -> str:
        ways = heard.ways_of(self.widget, publish.deployments(self.project))
        where = self.widget.get_environment_display()
        words = _("“%(name)s” is on %(where)s.") % {"name": self.widget.name, "where": where}
        return " ".join([words, *(one.words for one in heard.sentences(ways) if one.ways[0].kind == "sites")])


class CodeRotate(WidgetPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        actions.rotate_code(self.widget, by=request.user)
        self.say(_("The widget has a new code. Put the new tag on your site; the old one does nothing any more."))
        return self.to("widget_embed", widget=self.widget.pk)


def resembles(host: str, listed: list[AllowedDomain]) -> str:
    """A listed host that this one could be mistaken for, though it is not under it."""
    bare = domains.readable(host).removeprefix("www.")
    for row in listed:
        own = domains.readable(row.host)
        if bare != own and not bare.endswith("." + own):
            if difflib.SequenceMatcher(None, bare, own).ratio() >= LOOKS_ALIKE:
                return own
    return ""
