"""Languages: what the agent speaks besides its first one, what it can do in each, and how much is written in it."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import drafting, languages
from agents.authoring.languages import Ability, LanguageRefused
from agents.authoring.topics import CONTENT_MOST, SPOKEN_MOST
from agents.locks import Gone, Stale, mark_of
from agents.models import Agent, Topic
from studio.pages.agent.knowledge import clean_samples
from studio.pages.agent.language_tabs import tabs
from studio.pages.agent.publishing import AgentPage


class LanguagePage(AgentPage):
    """A page about one of the agent's other languages; one that it does not speak is not found."""

    @cached_property
    def code(self) -> str:
        code: str = self.kwargs["language"]
        if code not in self.project.agent.wordings:
            raise Gone(f"language {code}")
        return code


class Languages(AgentPage):
    template_name = "studio/languages.html"
    menu = "languages"
    title = gettext_lazy("Languages")

    def context(self) -> dict[str, Any]:
        agent = self.project.agent
        there = languages.of(agent)
        abilities = {one.code: one for one in languages.known()}
        written, topics = languages.written(self.project), self.project.topics.filter(active=True).count()
        rows = [
            {
                "code": code,
                "name": languages.name(code),
                "first": code == agent.language,
                "ability": abilities.get(code) or languages.ability(code),
                "voice": self._voice_name(agent.voice if code == agent.language else agent.wordings[code]["voice"]),
                "greeting": code == agent.language or bool(agent.wordings[code].get("greeting")),
                "written": topics if code == agent.language else written[code],
                "lacking": 0 if code == agent.language else topics - written[code],
            }
            for code in there
        ]
        more = [self._choice(one) for one in abilities.values() if one.code not in there]
        return {
            "rows": rows,
            "topics": topics,
            "more": sorted(more, key=lambda one: (one["why"] != "", one["name"])),
            "addable": any(not one["why"] for one in more),
        }

    def _choice(self, one: Ability) -> dict[str, str]:
        why = ""
        if not one.takes_calls:
            why = _("understood, but not spoken") if not one.spoken else _("cannot take calls yet")
        return {"code": one.code, "name": languages.name(one.code), "why": why}

    def _voice_name(self, key: str) -> str:
        from agents.speech.providers import table  # brings the speech libraries along

        provider = table.PROVIDERS["voice"].get(key)
        return provider.label if provider else key

    def post(self, request: HttpRequest) -> HttpResponse:
        code = request.POST.get("language", "")[:16]
        name = languages.name(code)
        try:
            match request.POST.get("do"):
                case "add":
                    languages.add(self.project, code, request.user)
                    said = _("%s is in your draft. Write its greeting and its answers.") % name
                case "remove":
                    languages.remove(self.project, code, request.user)
                    said = _("%s is no longer in your draft. Its words are kept, in case you add it again.") % name
                case "first":
                    languages.make_first(self.project, code, request.user)
                    said = _("%s comes first in your draft now.") % name
                case _:
                    return HttpResponseRedirect(self.address("languages"))
        except LanguageRefused as refused:
            self.warn(str(refused))
            return HttpResponseRedirect(self.address("languages"))
        return self.kept(said, "languages")


class WordsForm(forms.Form):
    """What the agent says first in one of its other languages, and with which voice."""

    said_aloud = ("greeting", "disclaimer")

    greeting = forms.CharField(
        label=gettext_lazy("Greeting"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("The first thing a visitor hears, exactly as you write it."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )
    disclaimer = forms.CharField(
        label=gettext_lazy("Spoken disclaimer"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )
    voice = forms.ChoiceField(label=gettext_lazy("Voice"), widget=forms.Select(attrs={"class": "input"}))

    def __init__(self, agent: Agent, code: str, data: Any = None) -> None:
        words = agent.wordings[code]
        super().__init__(data, initial={name: words.get(name, "") for name in self.base_fields})
        from agents.speech.providers import registry  # brings the speech libraries along

        ready = {one.key for one in registry.installed_voices(settings.MODELS_DIR) if one.ready}
        voices = registry.voices(code)
        self.fields["voice"].choices = [one for one in voices if one[0] in ready or one[0] == words["voice"]]
        for name in self.said_aloud:
            self.fields[name].widget.attrs["lang"] = code
        self.fields["disclaimer"].help_text = (
            _("Said before the greeting. Left empty, the one in %s is said, with that voice.")
            % languages.name(agent.language)
            if agent.disclaimer
            else _("Said before the greeting. Leave it empty to say nothing.")
        )
        self.voice = words["voice"]  # whose doubts are told beside the fields


class Words(LanguagePage):
    """The tab of another language on the page Persona."""

    template_name = "studio/persona_words.html"
    menu = "persona"
    title = gettext_lazy("Persona")

    def context(self) -> dict[str, Any]:
        return self._shown(WordsForm(self.project.agent, self.code))

    def mark(self) -> str:
        return mark_of(self.project.agent, languages.FIELDS)

    def post(self, request: HttpRequest, language: str) -> HttpResponse:
        form = WordsForm(self.project.agent, self.code, request.POST)
        if not form.is_valid():
            return self.page(self.template_name, status=422, **self._shown(form))
        values = {name: form.cleaned_data[name] for name in form.base_fields}
        try:
            languages.save_words(self.project, self.code, values, request.user, seen=self.seen)
        except Stale as stale:
            return self.late(stale, **self._shown(form))
        return self.kept(_("Kept in your draft."), "persona_words", language=self.code)

    def _shown(self, form: WordsForm) -> dict[str, Any]:
        agent = self.project.agent
        return {
            "form": form,
            "code": self.code,
            "language": languages.name(self.code),
            "first": languages.name(agent.language),
            "tabs": tabs(self, "persona", self.code),
            "may_try": self.may("agent.edit"),
        }


class TopicWordsForm(forms.Form):
    said_aloud = ("content", "spoken")

    content = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=CONTENT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 5}),
    )
    spoken = forms.CharField(
        label=gettext_lazy("Spoken as"),
        required=False,
        max_length=SPOKEN_MOST,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    samples = forms.CharField(
        label=gettext_lazy("Example questions"),
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 6}),
    )

    def __init__(self, topic: Topic, code: str, agent: Agent, data: Any = None) -> None:
        words = topic.wordings.get(code, {})
        initial = {**words, "samples": "\n".join(words.get("samples", []))}
        super().__init__(data, initial=initial)
        self.voice = agent.wordings[code]["voice"]
        language = languages.name(code)
        said = {"language": language, "first": languages.name(agent.language)}
        helps = {
            "content": _(
                "What the agent says in %(language)s. Left empty, it offers visitors the answer in %(first)s."
            ),
            "spoken": _("How the agent names it when it asks back in %(language)s."),
            "samples": _("Optional: those in %(first)s help to understand %(language)s, too. One a line, at most 20."),
        }
        for name, text in helps.items():
            self.fields[name].help_text = text % said
            self.fields[name].widget.attrs["lang"] = code

    def clean_spoken(self) -> str:
        return " ".join(self.cleaned_data["spoken"].split())

    def clean_samples(self) -> list[str]:
        return clean_samples(self.cleaned_data["samples"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("content") and (given.get("spoken") or given.get("samples")):
            self.add_error("content", _("Write the answer, too. Without it the agent cannot use the rest."))
        return given


class TopicWords(LanguagePage):
    """The tab of another language in a topic's editor."""

    template_name = "studio/topic_words.html"
    menu = "knowledge"

    @cached_property
    def topic(self) -> Topic:
        return get_object_or_404(Topic, project=self.project, pk=self.kwargs["topic"])

    def context(self) -> dict[str, Any]:
        return self._shown(TopicWordsForm(self.topic, self.code, self.project.agent))

    def mark(self) -> str:
        return mark_of(self.topic, drafting.TOPIC_FIELDS)

    def post(self, request: HttpRequest, topic: int, language: str) -> HttpResponse:
        form = TopicWordsForm(self.topic, self.code, self.project.agent, request.POST)
        if not form.is_valid():
            return self.page(self.template_name, status=422, **self._shown(form))
        try:
            languages.save_topic_words(self.topic, self.code, form.cleaned_data, request.user, seen=self.seen)
        except Stale as stale:
            return self.late(stale, **self._shown(form))
        said = _("“%(topic)s” is in your draft in %(language)s.")
        words = said % {"topic": self.topic.name, "language": languages.name(self.code)}
        return self.kept(words, "topic_words", topic=self.topic.pk, language=self.code)

    def _shown(self, form: TopicWordsForm) -> dict[str, Any]:
        agent = self.project.agent
        return {
            "form": form,
            "topic": self.topic,
            "title": self.topic.name,
            "code": self.code,
            "voice": agent.wordings[self.code]["voice"],
            "language": languages.name(self.code),
            "first": languages.name(agent.language),
            "tabs": tabs(self, "topic", self.code, topic=self.topic.pk),
        }
