"""Projects: a new one from a starter, and the settings of one."""

from contextlib import suppress
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from agents.authoring import flows, languages, starters
from agents.locks import Stale, mark_of
from agents.models import Project
from agents.people import roles
from calling.record.actions import delete_project
from studio.pages.base import ProjectPage
from studio.pages.people.account import AccountPage
from widgets.install import heard


class ProjectForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Usually the name of the business that answers."),
        max_length=starters.NAME_MOST,
        error_messages={"required": gettext_lazy("Give the project a name.")},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "organization"}),
    )


class SettingsForm(ProjectForm):
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy(
            "In which the agent means “tomorrow at three”. Calls follow it from the next publish on."
        ),
        required=False,
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in ["UTC", *sorted(available_timezones() - {"UTC"})]],
        widget=forms.Select(attrs={"class": "input"}),
    )


class NewProjectForm(ProjectForm):
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the agent"),
        help_text=gettext_lazy("Its first words and answers are written in it. You can add more languages later."),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the languages.")},
        widget=forms.Select(attrs={"class": "input"}),
    )
    starter = forms.ChoiceField(
        label=gettext_lazy("Start with"),
        choices=[(key, words[0]) for key, words in starters.WORDS.items()],
        initial=starters.BLANK,
        error_messages={"required": gettext_lazy("Choose what to start with.")},
    )
    # Of whoever makes it, as their browser says: an agent in UTC would mean another “tomorrow at three” than they do.
    time_zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput(attrs={"data-zone-here": ""}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = _spoken_languages()
        self.fields["language"].initial = starters.read(starters.BLANK, get_language() or "").language

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or self.fields["language"].initial


class NewProject(AccountPage):
    """From a starter to Home, whose checklist leads on."""

    template_name = "studio/project_new.html"
    title = gettext_lazy("New project")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not roles.may_create_projects(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(NewProjectForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewProjectForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                starter = starters.read(given["starter"], given["language"])
                project = starters.create_project(given["name"], starter, by=request.user)
            except starters.BadName as bad:
                form.add_error("name", str(bad))
            else:
                _take_zone(project, given["time_zone"], request.user)
                if starter.language != given["language"]:
                    said = _("Nothing is written in %(wanted)s yet, so this project begins in %(language)s.")
                    names = {"wanted": given["language"], "language": starter.language}
                    messages.warning(request, said % {key: languages.name(code) for key, code in names.items()})
                return redirect("console:home", project=project.slug)
        return self._page(form, status=422)

    def _page(self, form: NewProjectForm, status: int = 200) -> HttpResponse:
        first = not roles.projects_of(self.request.user).exists()
        chosen = form["starter"].value()
        cards = [{"starter": one, "chosen": one.key == chosen} for one in starters.every()]
        return self.page(status, form=form, cards=cards, first=first)


def _spoken_languages() -> list[tuple[str, str]]:
    """Those that a voice here speaks; the ones that starters are written in come first."""
    there = [one.code for one in languages.known() if one.spoken]
    others = sorted(set(there) - set(starters.WRITTEN), key=languages.name)
    english = languages.name(starters.ENGLISH)
    said = _("%(name)s (begins in %(language)s)")
    return [(code, languages.name(code)) for code in starters.WRITTEN] + [
        (code, said % {"name": languages.name(code), "language": english}) for code in others
    ]


def _take_zone(project: Project, zone: str, by: Any) -> None:
    """What no calendar knows changes nothing: it can be set in the project's settings."""
    if zone and zone != "UTC":
        with suppress(ValueError):
            flows.set_time_zone(project, zone, by=by)


class ProjectSettings(ProjectPage):
    permission = "project.edit"
    template_name = "studio/project_settings.html"
    menu = "project_settings"
    title = gettext_lazy("Project")

    def context(self) -> dict[str, Any]:
        return {
            "form": SettingsForm(initial={"name": self.project.name, "time_zone": self.project.time_zone or "UTC"}),
            "people": self.project.members.count(),
            "may_delete": self.may("project.delete"),
            "calls": self.project.conversations.count(),
            "sites": heard.named(site for way in heard.ways_in(self.project) for site in way.sites),
        }

    def mark(self) -> str:
        return mark_of(self.project, starters.SETTINGS)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SettingsForm(request.POST)
        if form.is_valid():
            try:
                zone = form.cleaned_data["time_zone"] or self.project.time_zone
                name, zone = form.cleaned_data["name"], "" if zone == "UTC" else zone
                changed = starters.save_settings(self.project, name, zone, by=request.user, seen=self.seen)
            except starters.BadName as bad:
                form.add_error("name", str(bad))
            except Stale as stale:
                return self.late(stale, **(self.context() | {"form": form}))
            else:
                if changed:
                    self.say(_("The project is called %s now.") % self.project.name)
                return self.to("project_settings")
        return self.page(self.template_name, status=422, **(self.context() | {"form": form}))


class ProjectDelete(ProjectPage):
    """Delete the project, once its name was typed."""

    permission = "project.delete"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        name = self.project.name
        if request.POST.get("typed", "").strip().casefold() != name.casefold():
            self.warn(_("Nothing was deleted. Type the project’s name as it stands there."))
            return self.to("project_settings")
        delete_project(self.project, request.user)
        self.say(_("“%s” is deleted, with everything in it.") % name)
        return redirect("console:index")
