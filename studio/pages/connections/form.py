"""The form of one connection: which service, where, with which key, and what is asked of it for each use."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.connections.kinds import HEARING, KINDS, VOICE
from agents.connections.model import Connection

PRICED = (HEARING, VOICE)


def _text(label: Any, help_text: Any = "", **more: Any) -> forms.CharField:
    attrs = {"class": "input", "autocomplete": "off", "spellcheck": "false"}
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        validators=[MaxLengthValidator(200)],
        widget=forms.TextInput(attrs=attrs),
        **more,
    )


def _price() -> forms.FloatField:
    return forms.FloatField(
        label=gettext_lazy("Price a minute, in dollars"),
        help_text=gettext_lazy("Only to show it. Empty: about what public lists of 2026 say, where they do."),
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"class": "input", "step": "any", "inputmode": "decimal"}),
    )


class ConnectionForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Service"),
        choices=[(kind.key, kind.label) for kind in KINDS.values()],
        help_text=gettext_lazy("“OpenAI-compatible” is also right for most servers of your own."),
        widget=forms.Select(attrs={"class": "input"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As you want to find it on other pages."),
        max_length=60,
        error_messages={"required": gettext_lazy("Give it a name.")},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    address = _text(
        gettext_lazy("Address"), gettext_lazy("Empty: the service’s own. For a server of yours, like https://…/v1.")
    )
    key = forms.CharField(
        label=gettext_lazy("Key"),
        required=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password", "spellcheck": "false"}),
    )
    forget_key = forms.BooleanField(
        label=gettext_lazy("Forget the key"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "switch", "role": "switch"}),
    )
    hearing_model = _text(gettext_lazy("Model"), gettext_lazy("Empty: the usual one."))
    hearing_price = _price()
    voice_model = _text(gettext_lazy("Model"), gettext_lazy("Empty: the usual one."))
    voice_voice = _text(gettext_lazy("Voice"), gettext_lazy("As the service calls it: a name, or its ID."))
    voice_price = _price()

    def __init__(self, connection: Connection | None, data: Any = None) -> None:
        initial: dict[str, Any] = {}
        if connection:
            initial = {"kind": connection.kind, "name": connection.name, "address": connection.address}
            for use in PRICED:
                initial |= {f"{use}_{name}": value for name, value in connection.of(use).items()}
        super().__init__(data, initial=initial)
        self.connection = connection
        self.fields["key"].help_text = self._key_help()
        if not (connection and connection.sealed):
            del self.fields["forget_key"]

    def _key_help(self) -> str:
        if not (self.connection and self.connection.sealed):
            return _("Kept encrypted, and never shown again.")
        if self.connection.ends:
            return _("One is kept that ends in %s. Leave this empty to keep it.") % self.connection.ends
        return _("One is kept. Leave this empty to keep it.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind = KINDS.get(given.get("kind", ""))
        if kind is None:
            return given
        given["address"] = given.get("address") or kind.address
        kept = self.connection and self.connection.sealed and not given.get("forget_key")
        if kind.keyed and not given.get("key") and not kept:
            self.add_error("key", _("This service needs a key."))
        if VOICE in kind.uses and not kind.voice and not given.get("voice_voice"):
            self.add_error("voice_voice", _("Say which voice: the service has no usual one."))
        return given

    def values(self) -> dict[str, Any]:
        """What `keeping.save` takes. What other pages keep for other uses stays."""
        given = self.cleaned_data
        settings = dict(self.connection.settings) if self.connection else {}
        for use in PRICED:
            asked = {name: given.get(f"{use}_{name}") for name in ("model", "voice", "price")}
            kept = {name: value for name, value in asked.items() if value not in (None, "")}
            settings.pop(use, None)
            if use in KINDS[given["kind"]].uses and kept:
                settings[use] = kept
        return {"kind": given["kind"], "name": given["name"], "address": given["address"], "settings": settings}

    @property
    def new_key(self) -> str | None:
        """None: what is kept stays."""
        return self.cleaned_data.get("key") or ("" if self.cleaned_data.get("forget_key") else None)
