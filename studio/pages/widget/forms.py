"""Forms over a widget's configuration. A field's name is its place there: style__agent_name is style.agent_name."""

import copy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from studio.pages.widget.languages import LanguageFields
from widgets.card import config, hours


def text(label: Any, most: int, help_text: Any = "", **attributes: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", **attributes}),
    )


def switch(label: Any, help_text: Any = "") -> forms.BooleanField:
    return forms.BooleanField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.CheckboxInput(attrs={"class": "switch", "role": "switch"}),
    )


def number(label: Any, most: int = config.OFFSET_MOST_PX) -> forms.IntegerField:
    attributes = {"class": "input", "inputmode": "numeric", "min": 0, "max": most}
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        required=False,
        error_messages={"invalid": _("Write a whole number.")},
        widget=forms.NumberInput(attrs=attributes),
    )


def day(label: Any) -> forms.CharField:
    attributes = {"class": "input", "autocomplete": "off", "placeholder": _("Closed")}
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs=attributes))


def lines(label: Any, help_text: Any, placeholder: str) -> forms.CharField:
    attributes = {"class": "input", "rows": 2, "autocomplete": "off", "spellcheck": "false", "placeholder": placeholder}
    return forms.CharField(label=label, required=False, help_text=help_text, widget=forms.Textarea(attrs=attributes))


class ConfigForm(forms.Form):
    """What the values may be is decided by widgets/card/cleaning.py, when they are kept. Fields that a browser does not
    send keep what they had; a switch that it does not send is off."""

    use_required_attribute = False

    def __init__(self, draft: dict[str, Any], data: Any = None) -> None:
        super().__init__(data, initial={name: self._at(draft, name) for name in self.base_fields})

    def config(self, draft: dict[str, Any]) -> dict[str, Any]:
        """The draft with this form's fields in it."""
        kept = copy.deepcopy(draft)
        for name in self.plain():
            if not self._sends(name):
                continue
            section, _separator, key = name.rpartition("__")
            (kept.setdefault(section, {}) if section else kept)[key] = self.cleaned_data[name]
        return kept

    def _sends(self, name: str) -> bool:
        return isinstance(self.fields[name], forms.BooleanField) or self.add_prefix(name) in self.data

    def plain(self) -> list[str]:
        """The fields whose names are their places."""
        return list(self.base_fields)

    def field_of(self, place: str) -> str:
        """The field that an error of the configuration belongs to."""
        return place.replace(".", "__")

    @staticmethod
    def _at(draft: dict[str, Any], name: str) -> Any:
        section, _separator, key = name.rpartition("__")
        defaults = config.DEFAULTS[section] if section else config.DEFAULTS
        return (draft.get(section, {}) if section else draft).get(key, defaults.get(key))


class StylingForm(ConfigForm):
    style__agent_name = text(
        _("Agent name"),
        config.AGENT_NAME_MOST,
        _("Shown at the top of the call. Leave it empty to use the name from your variant or persona."),
    )
    style__avatar = forms.CharField(
        label=_("Picture"),
        required=False,
        help_text=_(
            "A friendly face or your logo, in a circle on the card. JPEG, PNG, GIF or WebP, up to 2 MB and at least "
            "128 × 128 pixels; square works best."
        ),
        widget=forms.HiddenInput,
    )
    style__theme = forms.ChoiceField(
        label=_("Colour theme"),
        help_text=_("Dark is the default."),
        choices=[("dark", _("Dark")), ("light", _("Light")), ("auto", _("Like the visitor’s device"))],
        widget=forms.RadioSelect,
    )
    style__brand = forms.CharField(
        label=_("Your colour"),
        required=False,
        help_text=_("For the button and the moving shape. Green and red stay for calling and hanging up."),
        widget=forms.TextInput(attrs={"class": "input hex", "maxlength": 7, "spellcheck": "false"}),
    )
    style__call = forms.CharField(
        label=_("Colour of the call button"),
        required=False,
        help_text=_("On the card, for what starts a call. Empty means green."),
        widget=forms.TextInput(attrs={"class": "input hex", "maxlength": 7, "spellcheck": "false"}),
    )
    style__launcher_label = text(
        _("Label"), config.LAUNCHER_LABEL_MOST, _("Beside the handset. Leave it empty for a round button.")
    )
    style__side = forms.ChoiceField(
        label=_("Side of the page"), choices=[("left", _("Left")), ("right", _("Right"))], widget=forms.RadioSelect
    )
    style__offset_x = number(_("From the side"))
    style__offset_y = number(_("From below"))
    pages__show = lines(
        _("Only on these pages"),
        _("Paths of your site, one a line, such as /contact or /shop/*. Empty means on all pages."),
        "/shop/*",
    )
    pages__hide = lines(
        _("Not on these pages"), _("For example /checkout/*. Your own buttons work there all the same."), "/checkout/*"
    )


class ContentForm(LanguageFields, ConfigForm):
    consent__enabled = switch(
        _("Disclaimer and consent"),
        _("A short text before the call. The microphone opens only after the visitor agrees."),
    )
    policies__enabled = switch(_("Company policies"), _("Links to your privacy policy and terms."))
    policies__privacy_url = text(_("Privacy policy"), config.URL_MOST, inputmode="url", placeholder="https://")
    policies__terms_url = text(_("Terms"), config.URL_MOST, inputmode="url", placeholder="https://")
    recording = forms.ChoiceField(
        label=_("Recording"),
        help_text=_(
            "Both voices, kept with the conversation. Where visitors are asked for consent, nothing is recorded before "
            "they agree."
        ),
        choices=[("on", _("On")), ("off", _("Off")), ("after_consent", _("After consent"))],
        widget=forms.RadioSelect,
    )
    contact__phone = text(
        _("Phone number"),
        config.PHONE_MOST,
        "",
        inputmode="tel",
        placeholder="+1 212 555 0100",
    )
    contact__url = text(
        _("Page or form"), config.URL_MOST, _("Such as your contact page."), inputmode="url", placeholder="https://"
    )
    hours__enabled = switch(
        _("Opening hours"), _("When visitors may call. Switched off, they may call by day and by night.")
    )
    hours__outside = forms.ChoiceField(
        label=_("At other times"),
        choices=[
            ("closed", _("Closed")),
            ("welcome", _("Another greeting")),
            ("hidden", _("No button")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    hours__zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        choices=[(name, name.replace("_", " ")) for name in hours.zones()],
        widget=forms.Select(attrs={"class": "input"}),
    )
    hours__mon = day(_("Monday"))
    hours__tue = day(_("Tuesday"))
    hours__wed = day(_("Wednesday"))
    hours__thu = day(_("Thursday"))
    hours__fri = day(_("Friday"))
    hours__sat = day(_("Saturday"))
    hours__sun = day(_("Sunday"))
    rating = switch(_("Rating"), _("Visitors can give one to five stars after a call. The conversation shows them."))
    typing = switch(
        _("Type instead"),
        _(
            "For visitors who have or allow no microphone, and for callers who would rather type: the same call, "
            "answered aloud and in captions. The conversation marks what was typed."
        ),
    )
    audio_to_page = switch(
        _("The microphone’s sound for your page"),
        _(
            "Every script on your site can then hear the visitor during a call, after the consent you ask for. Leave "
            "it off unless your developers need it."
        ),
    )

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"hours__{name}"] for name in hours.DAYS]
