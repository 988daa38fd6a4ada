"""Forms over a widget's configuration. A field's name is its place there: style__agent_name is style.agent_name."""

import copy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from studio.pages.widget.languages import LanguageFields
from widgets.card import config


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


class ConfigForm(forms.Form):
    """What the values may be is decided by widgets/card/config.py, when they are kept."""

    use_required_attribute = False

    def __init__(self, draft: dict[str, Any], data: Any = None) -> None:
        super().__init__(data, initial={name: self._at(draft, name) for name in self.base_fields})

    def config(self, draft: dict[str, Any]) -> dict[str, Any]:
        """The draft with this form's fields in it."""
        kept = copy.deepcopy(draft)
        for name in self.plain():
            section, _separator, key = name.rpartition("__")
            (kept.setdefault(section, {}) if section else kept)[key] = self.cleaned_data[name]
        return kept

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
    style__launcher_label = text(
        _("Label"), config.LAUNCHER_LABEL_MOST, _("Beside the handset. Leave it empty for a round button.")
    )
    style__side = forms.ChoiceField(
        label=_("Side of the page"), choices=[("left", _("Left")), ("right", _("Right"))], widget=forms.RadioSelect
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
    rating = switch(_("Rating"), _("Visitors can give one to five stars after a call. The conversation shows them."))
    audio_to_page = switch(
        _("The microphone’s sound for your page"),
        _(
            "Every script on your site can then hear the visitor during a call, after the consent you ask for. Leave "
            "it off unless your developers need it."
        ),
    )
