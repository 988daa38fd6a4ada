"""The languages of a card as fields: which it offers, the main one, how a visitor's is chosen, and each one's texts."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from agents.authoring.checking import language_name
from widgets.card import cleaning, config, look, texts
from widgets.card.default_words import NAMES
from widgets.card.look import Look

LABELS = {
    "welcome": _("Welcome message"),
    "start_label": _("Start button"),
    "end_label": _("End button"),
    "launcher_label": _("Label of the button on your site"),
    "questions": _("Questions to start with"),
    "closed": _("At other times the card says"),
    "contact": _("Label of the link"),
    "message": _("Disclaimer message"),
    "button": _("Consent button"),
    "greeting": _("Greeting"),
    "field": _("In the empty field"),
    "bubble": _("Words of the bubble"),
    "survey_title": _("Title of the rating"),
    "survey_question": _("Question of the rating"),
}
HELP = {
    "welcome": _("What a visitor reads before calling."),
    "questions": _(
        "At most three, one a line. A visitor who presses one starts the call with it. Where consent is asked, none is "
        "shown."
    ),
    "greeting": _("The first message, shown as written. Empty means the greeting of the agent."),
    "bubble": _("A short line beside the button that invites to write. Empty means none."),
    "closed": _("For example: “We are back on Monday at nine.”"),
    "message": _("{{privacyPolicyUrl}} and {{termsUrl}} become links to the addresses below."),
}
_APART = ("languages", "first_language", "language_choice")


def field_name(language: str, name: str) -> str:
    return f"texts__{language}__{name}"


def _field(language: str, name: str) -> forms.CharField:
    attributes: dict[str, Any] = {
        "class": "input",
        "autocomplete": "off",
        "lang": language,
        "dir": "rtl" if language == "ar" else "ltr",
    }
    rows = {"message": 4, "questions": 3, "greeting": 3, "closed": 2, "survey_question": 2}.get(name)
    return forms.CharField(
        label=LABELS[name],
        max_length=config.MOST[config.PLACES[name]] if name != "questions" else None,  # counted by the line
        required=False,
        help_text=HELP.get(name, ""),
        widget=forms.Textarea(attributes | {"rows": rows}) if rows else forms.TextInput(attributes),
    )


class LanguageFields(forms.Form):
    """For a form over a widget's configuration (ConfigForm). Fields that a browser does not send keep what they had."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("The card speaks"),
        required=False,
        choices=[(code, code) for code in config.LANGUAGES],
    )
    first_language = forms.ChoiceField(
        label=gettext_lazy("Main language"),
        required=False,
        help_text=gettext_lazy("Its texts stand in where another language has none."),
        choices=[(code, code) for code in config.LANGUAGES],
        widget=forms.Select(attrs={"class": "input"}),
    )
    language_choice = forms.ChoiceField(
        label=gettext_lazy("Which one a visitor sees"),
        required=False,
        help_text=gettext_lazy("A visitor whose language is not among them sees the main one."),
        choices=[
            ("first", _("Always the main one")),
            ("browser", _("The one of their browser")),
            ("ask", _("They choose on the card")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, draft: dict[str, Any], data: Any = None) -> None:
        super().__init__(draft, data)
        self.held = held = look.read(draft)
        self.initial["first_language"] = held.languages[0]
        choices = [(code, language_name(code)) for code in config.LANGUAGES]
        self.fields["languages"].choices = self.fields["first_language"].choices = choices
        for language in config.LANGUAGES:
            for name in config.PLACES:
                self.fields[field_name(language, name)] = _field(language, name)
                self.initial[field_name(language, name)] = texts.written(held, language, name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self._sent and not cleaned.get("languages"):
            self.add_error("languages", gettext("Choose at least one language."))
        return cleaned

    @property
    def _sent(self) -> bool:
        return "first_language" in self.data

    def plain(self) -> list[str]:
        return [name for name in super().plain() if name not in _APART or (name == "language_choice" and self._sent)]

    def config(self, draft: dict[str, Any]) -> dict[str, Any]:
        draft, _errors = cleaning.clean(draft)
        kept = super().config(draft)
        said = {
            language: {
                name: self.cleaned_data[field_name(language, name)]
                for name in config.PLACES
                if field_name(language, name) in self.data
            }
            for language in config.LANGUAGES
        }
        return texts.arranged(kept, self._ordered() if self._sent else draft["languages"], said)

    def _ordered(self) -> list[str]:
        """The main one first. Whoever takes the main one away makes the next one the main one."""
        chosen = [code for code in config.LANGUAGES if code in self.cleaned_data["languages"]]
        first = self.cleaned_data["first_language"]
        return sorted(chosen, key=lambda code: code != first)

    def field_of(self, place: str) -> str:
        """The main language's texts have the places that a widget with one language has."""
        for name, path in config.PLACES.items():
            if path == place:
                return field_name(self._ordered()[0] if self._sent else self.initial["first_language"], name)
        return super().field_of(place)

    @property
    def several(self) -> bool:
        return len(self["languages"].value() or []) > 1

    def each_language(self) -> list[dict[str, Any]]:
        """For the page: every language with its fields; which ones are offered, and whose are to be seen now."""
        offered, seen = self["languages"].value() or [], self._seen()
        return [
            {
                "code": code,
                "name": language_name(code),
                "own_name": NAMES[code],
                "offered": code in offered,
                "seen": code == seen,
                "disclaimer": texts.ours(self.held, code, "message"),
                **{name: self[field_name(code, name)] for name in config.PLACES},
            }
            for code in config.LANGUAGES
        ]

    def _seen(self) -> str:
        """The main one's texts, or those with a mistake."""
        wrong = [name.split("__")[1] for name in self.errors if name.startswith("texts__")]
        return (wrong or [self["first_language"].value()])[0]


def stand_ins(draft: Look, variant: dict[str, str]) -> dict[str, str]:
    """What visitors read where a field is left empty, by the field's name."""
    return {
        field_name(language, name): texts.stand_in(draft, language, name, variant)[0]
        for language in config.LANGUAGES
        for name in config.PLACES
    }


def gaps(draft: Look, variant: dict[str, str]) -> list[str]:
    """Variables in the draft's texts that visitors would miss, in words."""
    labels = {place: LABELS[name] for name, place in config.PLACES.items()} | {
        "style.agent_name": _("Agent name"),
        "chat.title": _("Title"),
    }
    several = len(draft.languages) > 1
    words = []
    for written, language, place in texts.gaps(draft, variant):
        where = in_language(labels[place], language) if several and place in config.PLACES.values() else labels[place]
        words.append(gettext("%(variable)s under “%(where)s”") % {"variable": written, "where": where})
    return words


def in_language(label: Any, language: str) -> str:
    return gettext("%(text)s (%(language)s)") % {"text": label, "language": language_name(language)}
