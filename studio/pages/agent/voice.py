"""Agent voice: how the agent sounds, how patiently it listens, and whether it lets itself be interrupted."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import caller_words, checking, drafting
from agents.brains import manner, snapshot
from agents.locks import Stale, mark_of
from agents.models import Agent
from studio.pages.agent import services
from studio.pages.agent.publishing import AgentPage

OWN = ("own", gettext_lazy("Own number"))
# number of agents/brains/manner.py: (the field that chooses by name, its label, its help, its choices)
CHOICES: dict[str, tuple[str, Any, Any, list[tuple[str, Any]]]] = {
    "speed": (
        "pace",
        gettext_lazy("Speed"),
        gettext_lazy("Slower helps where names and numbers are written down."),
        [
            ("slower", gettext_lazy("Slower")),
            ("default", gettext_lazy("Normal")),
            ("quicker", gettext_lazy("Quicker")),
        ],
    ),
    "barge_in_ms": (
        "interruption",
        gettext_lazy("When the visitor talks over the agent"),
        gettext_lazy("Stopping at once feels most natural. The disclaimer is always said to its end."),
        [
            ("default", gettext_lazy("Stop at once")),
            ("few_words", gettext_lazy("Stop after a few words")),
            ("never", gettext_lazy("Keep talking")),
        ],
    ),
    "barge_in_greeting": (
        "over_greeting",
        gettext_lazy("When the visitor talks over the greeting"),
        gettext_lazy("A greeting that has to be heard is said to its end; what is said over it is lost."),
        [
            ("default", gettext_lazy("As over any answer")),
            ("never", gettext_lazy("Keep talking")),
        ],
    ),
    "end_of_turn_ms": (
        "patience",
        gettext_lazy("Patience"),
        gettext_lazy("How long a pause may be before the agent answers. Patient helps people who think aloud."),
        [
            ("brisk", gettext_lazy("Brisk")),
            ("default", gettext_lazy("Normal")),
            ("patient", gettext_lazy("Patient")),
        ],
    ),
}
NUMBERS: dict[str, tuple[Any, Any, float]] = {
    "speed": (gettext_lazy("Speed"), gettext_lazy("Times the voice’s own speed, 0.7 to 1.4."), 0.05),
    "end_of_turn_ms": (
        gettext_lazy("Waits after a pause (ms)"),
        gettext_lazy(
            "200 to 2000, after words that sound finished. About twice as long where they do not tell, "
            "four times where more is to come."
        ),
        10,
    ),
    "barge_in_ms": (
        gettext_lazy("Holds its voice after speech of (ms)"),
        gettext_lazy("100 to 2000. Then the words decide: it goes on after “mhm” or noise, and stops for a question."),
        10,
    ),
    "barge_ins_max": (
        gettext_lazy("Lets itself be stopped in a call (times)"),
        gettext_lazy("0 to 100. 0 is as often as it happens."),
        1,
    ),
    "silence_prompt_s": (
        gettext_lazy("Asks “Are you still there?” after (s)"),
        gettext_lazy("3 to 120 seconds of silence."),
        1,
    ),
}
BARGE_IN_MOST_MS = 2000


class LanguageSelect(forms.Select):
    """Languages that are spoken but not understood yet are there to be seen, and cannot be chosen."""

    deaf: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.deaf and not option["selected"]:
            option["attrs"]["disabled"] = True
        return option


class VoiceForm(forms.Form):
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("What the agent speaks and understands."),
        widget=LanguageSelect(attrs={"class": "input"}),
    )
    voice = forms.ChoiceField(
        label=gettext_lazy("Voice"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a voice.")},
    )

    phrases = forms.CharField(
        label=gettext_lazy("Words that callers use"),
        help_text=gettext_lazy(
            "Names of products, people and streets, one a line. What sounds nearly like one and was not heard well "
            "is taken for it."
        ),
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
    )
    hearing = forms.ChoiceField(
        label=gettext_lazy("Hears with"),
        help_text=gettext_lazy("Where the service fails, this server listens by itself."),
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )
    speaking = forms.ChoiceField(
        label=gettext_lazy("Speaks with"),
        help_text=gettext_lazy("Where the service fails, the voice chosen above goes on."),
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )
    corrections = forms.CharField(
        label=gettext_lazy("Corrections"),
        help_text=gettext_lazy("What is heard = what is meant, one a line. Holds wherever it is heard."),
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 4, "placeholder": "route canal = root canal"}),
    )

    def __init__(self, agent: Agent, voices: list[dict[str, Any]], data: Any = None) -> None:
        kept = agent.manner
        initial: dict[str, Any] = {"language": agent.language, "voice": agent.voice, **caller_words.shown(agent.words)}
        for number, (name, *_rest) in CHOICES.items():
            initial[name] = manner.DIALS[number].choice(kept.get(number))
        for number, dial in manner.DIALS.items():
            value = kept.get(number, dial.default)
            initial[number] = "" if value == manner.UNTIL_THE_END_MS else f"{value:g}"
        self._connections = services.choices_of(agent)
        for field, use in services.FIELDS.items():
            initial[field] = str(agent.services.get(use, {}).get("connection", ""))
        super().__init__(data, initial=initial)
        for field, use in services.FIELDS.items():
            self.fields[field].choices = services.choices(self._connections, use, initial[field])
        several = bool(agent.wordings)  # then the page Languages decides which one is first
        codes = sorted({agent.language} if several else {one["language"] for one in voices} | {agent.language})
        self._deaf = frozenset(code for code in codes if not checking.can_hear(code))
        self._chosen, self._name, self._services = agent.language, agent.name, agent.services
        self.fields["language"].widget.deaf = self._deaf
        self.fields["language"].choices = sorted(((code, self._named(code)) for code in codes), key=lambda one: one[1])
        if several:
            self.fields["language"].help_text = gettext_lazy(
                "The first one. The others, and which one is first, are on the page Languages."
            )
        self.fields["voice"].choices = [(one["key"], one["label"]) for one in voices]
        for number, (name, label, help_text, choices) in CHOICES.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                help_text=help_text,
                choices=[*choices, OWN] if number in NUMBERS else choices,
                widget=forms.RadioSelect(attrs={"data-number": number} if number in NUMBERS else {}),
            )
        for number, (label, help_text, step) in NUMBERS.items():
            dial = manner.DIALS[number]
            most = BARGE_IN_MOST_MS if number == "barge_in_ms" else dial.most
            self.fields[number] = forms.FloatField(
                label=label,
                help_text=help_text,
                min_value=dial.least,
                max_value=most,
                required=False,
                widget=forms.NumberInput(attrs={"class": "input", "step": step, "inputmode": "decimal"}),
            )
        self._languages = {one["key"]: one["language"] for one in voices}

    def _named(self, code: str) -> str:
        name = checking.language_name(code)
        return _("%s: cannot take calls yet") % name if code in self._deaf else name

    def clean_language(self) -> str:
        """What was chosen before it was marked stays; the page says what it means."""
        chosen = self.cleaned_data["language"]
        if chosen in self._deaf and chosen != self._chosen:
            raise forms.ValidationError(checking.deaf(self._name, chosen))
        return chosen

    def clean_phrases(self) -> list[str]:
        return self._read(caller_words.phrases, "phrases")

    def clean_corrections(self) -> list[list[str]]:
        return self._read(caller_words.corrections, "corrections")

    def _read(self, read: Callable[[str], Any], name: str) -> Any:
        try:
            return read(self.cleaned_data[name])
        except caller_words.Unusable as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        voice, language = given.get("voice"), given.get("language")
        if voice and language and self._languages[voice] != language:
            self.add_error("voice", _("This voice speaks another language. Choose one of those shown."))
        return given

    def values(self) -> dict[str, Any]:
        """What is kept of the form: a chosen name as its number, one's own number where “own” is chosen."""
        given = self.cleaned_data
        numbers = {name: given[name] for name in manner.DIALS if given.get(name) is not None}
        for number, (name, *_rest) in CHOICES.items():
            chosen = given[name]
            if chosen == "default":
                numbers.pop(number, None)
            elif chosen != "own":
                numbers[number] = manner.DIALS[number].choices[chosen]
        return {
            "language": given["language"],
            "voice": given["voice"],
            "manner": manner.clean(numbers),
            "words": caller_words.kept(given["phrases"], given["corrections"]),
            "services": services.kept(self._services, self._connections, given),
        }


class AgentVoice(AgentPage):
    template_name = "studio/voice.html"
    menu = "voice"
    title = gettext_lazy("Agent voice")

    @cached_property
    def voices(self) -> list[dict[str, Any]]:
        """The voices that can speak here, and the chosen one even if it cannot."""
        from agents.speech.providers import registry, table  # brings the speech libraries along

        agent, found = self.project.agent, []
        for one in registry.installed_voices(settings.MODELS_DIR):
            if one.ready or one.key == agent.voice:
                language = table.PROVIDERS["voice"][one.key].languages[0]
                found.append({"key": one.key, "label": one.label, "language": language, "ready": one.ready})
        return found

    def mark(self) -> str:
        return mark_of(self.project.agent, ("language", "voice", "manner", "words", "services"))

    def context(self) -> dict[str, Any]:
        return self._shown(VoiceForm(self.project.agent, self.voices))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = VoiceForm(self.project.agent, self.voices, request.POST)
        if not form.is_valid():
            return self.page(self.template_name, status=422, **self._shown(form))
        try:
            drafting.save_persona(self.project.agent, form.values(), request.user, seen=self.seen)
        except Stale as stale:
            return self.late(stale, **self._shown(form))
        return self.kept(_("Kept in your draft."), self.menu)

    def _shown(self, form: VoiceForm) -> dict[str, Any]:
        agent = self.project.agent
        languages = [code for code, _name in form.fields["language"].choices]
        variant = self.project.variants.filter(is_default=True).first()
        return {
            "form": form,
            "voices": self.voices,
            "chosen": form["voice"].value(),
            "speaks": form["language"].value(),
            "choices": [form[name] for name, *_rest in CHOICES.values()],
            "numbers": [form[number] for number in NUMBERS],
            "may_connect": self.may("connections.edit"),
            "numbers_open": any(form[number].errors for number in NUMBERS),
            "deaf": {code: checking.deaf(agent.name, code) for code in languages if not checking.can_hear(code)},
            "dials": {
                number: {"default": dial.default, **dial.choices}
                for number, dial in manner.DIALS.items()
                if number in NUMBERS
            },
            "greeting": snapshot.shown(agent.greeting, variant.attributes if variant else {}),
        }
