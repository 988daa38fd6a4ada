"""Persona: who answers: name, greeting, spoken disclaimer."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import drafting
from agents.locks import Stale, mark_of
from agents.models import Agent
from studio.pages.agent.language_tabs import tabs
from studio.pages.agent.publishing import AgentPage

VARIANTS_SHOWN = 1000


class PersonaForm(forms.Form):
    said_aloud = ("name", "greeting", "disclaimer")
    voice = ""

    name = forms.CharField(
        label=gettext_lazy("Agent name"),
        max_length=50,
        error_messages={"required": gettext_lazy("Give the agent a name. It introduces itself with it.")},
        help_text=gettext_lazy("Spoken and shown to visitors."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    greeting = forms.CharField(
        label=gettext_lazy("Greeting"),
        max_length=500,
        help_text=gettext_lazy("The first thing a visitor hears, exactly as you write it."),
        error_messages={"required": gettext_lazy("Write a greeting. Without one, visitors hear nothing.")},
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )
    disclaimer = forms.CharField(
        label=gettext_lazy("Spoken disclaimer"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Said before the greeting. Leave it empty to say nothing."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )


class Persona(AgentPage):
    template_name = "studio/persona.html"
    menu = "persona"
    title = gettext_lazy("Persona")

    def context(self) -> dict[str, Any]:
        rows = self.project.variants.all()[:VARIANTS_SHOWN]
        variants = [{"key": row.key, "name": row.name, "words": row.attributes} for row in rows]
        columns = sorted({name for row in variants for name in row["words"]})
        return {
            "form": self._form(),
            "variants": variants,
            "columns": columns,
            "may_try": self.may("agent.edit"),
            "tabs": tabs(self, "persona"),
        }

    def mark(self) -> str:
        return mark_of(self.project.agent, PersonaForm.base_fields)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self.page(self.template_name, status=422, **(self.context() | {"form": form}))
        try:
            drafting.save_persona(self.project.agent, form.cleaned_data, request.user, seen=self.seen)
        except Stale as stale:
            return self.late(stale, **(self.context() | {"form": form}))
        return self.kept(_("Kept in your draft."), "persona")

    def _form(self, data: Any = None) -> PersonaForm:
        agent: Agent = self.project.agent
        form = PersonaForm(data, initial={name: getattr(agent, name) for name in PersonaForm.base_fields})
        form.voice = agent.voice
        return form
