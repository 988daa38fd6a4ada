"""The forms of a source: what it is and where, and what may be changed of it later."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring.sources import keeping
from agents.authoring.sources.readers.child import FILE_MOST
from agents.authoring.sources.reading import KINDS
from agents.models import Source
from agents.outside.addresses import NotFetched, target

NO_LINES = {"class": "input", "autocomplete": "off"}


def _name() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=keeping.NAME_MOST,
        help_text=gettext_lazy("As the agent names it where it answers from a file. Empty: after the page or file."),
        widget=forms.TextInput(attrs=NO_LINES),
    )


def _text() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=keeping.TEXT_MOST,
        help_text=gettext_lazy("Plain text or Markdown. Headings help to find the right place."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 10}),
    )


def _address() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("A page, or for a website the page to begin with, or its site map (sitemap.xml)."),
        widget=forms.TextInput(attrs=NO_LINES | {"inputmode": "url", "placeholder": "https://", "spellcheck": "false"}),
    )


def _pages_most() -> forms.IntegerField:
    return forms.IntegerField(
        label=gettext_lazy("Pages at most"),
        initial=30,
        min_value=1,
        max_value=keeping.PAGES_MOST,
        required=False,
        help_text=gettext_lazy("Pages below the first one are read, one after the other."),
        widget=forms.NumberInput(attrs={"class": "input short", "inputmode": "numeric"}),
    )


def _every() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Read again"),
        choices=Source.Every.choices,
        required=False,
        help_text=gettext_lazy("What changed is heard at once, and told on the page of the source."),
        widget=forms.Select(attrs={"class": "input auto"}),
    )


class _Clean(forms.Form):
    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_address(self) -> str:
        address = self.cleaned_data["address"].strip()
        if address and "://" not in address:
            address = f"https://{address}"
        if address:
            try:
                target(address, private=True)  # whether it may be asked is decided when it is
            except NotFetched:
                raise forms.ValidationError(_("This is not an address that can be read.")) from None
        return address


class AddForm(_Clean):
    kind = forms.ChoiceField(label=gettext_lazy("Kind of source"), choices=Source.Kind.choices, initial="site")
    name = _name()
    text = _text()
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("PDF, Word (.docx), CSV, text or Markdown, up to 20 MB. It is deleted once it is read."),
        widget=forms.FileInput(attrs={"class": "input", "accept": ".txt,.md,.markdown,.csv,.docx,.pdf"}),
        error_messages={"empty": gettext_lazy("The file is empty.")},
    )
    address = _address()
    pages_most = _pages_most()
    every = _every()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("kind")
        if kind == Source.Kind.TEXT and not data.get("text", "").strip() and "text" not in self.errors:
            self.add_error("text", _("Paste or write a text."))
        elif kind == Source.Kind.FILE and "file" not in self.errors:
            self._check_file(data.get("file"))
        elif kind in (Source.Kind.PAGE, Source.Kind.SITE) and not data.get("address") and "address" not in self.errors:
            self.add_error("address", _("Write the address of a page."))
        return data

    def _check_file(self, file: Any) -> None:
        if not file:
            self.add_error("file", _("Choose a file."))
        elif file.name.rpartition(".")[2].lower() not in KINDS:
            self.add_error("file", _("This kind of file cannot be read. Save it as PDF, Word (.docx), CSV or text."))
        elif file.size > FILE_MOST:
            self.add_error("file", _("The file is larger than 20 MB. Split it, or save it without pictures."))

    def values(self, language: str) -> dict[str, Any]:
        """What keeping.add takes."""
        data = self.cleaned_data
        kind = data["kind"]
        own = {"kind": kind, "language": language, "name": data["name"] or self._named(kind)}
        if kind == Source.Kind.TEXT:
            own["text"] = data["text"]
        elif kind != Source.Kind.FILE:
            own |= {"address": data["address"], "every": data["every"], "pages_most": data["pages_most"] or 30}
        return own

    def _named(self, kind: str) -> str:
        data = self.cleaned_data
        if kind == Source.Kind.FILE:
            return " ".join(data["file"].name.split())[: keeping.NAME_MOST]
        if kind == Source.Kind.TEXT:
            first = next((line for line in data["text"].splitlines() if line.strip()), "")
            return " ".join(first.lstrip("# ").split())[:60]
        return data["address"].partition("://")[2].rstrip("/")[: keeping.NAME_MOST]


class ChangeForm(_Clean):
    """Of a source that is there: the fields of its kind."""

    name = _name()
    text = _text()
    address = _address()
    pages_most = _pages_most()
    every = _every()

    def __init__(self, source: Source, data: Any = None) -> None:
        fields = ("name", "text", "address", "pages_most", "every")
        super().__init__(data, initial={name: getattr(source, name) for name in fields})
        gone = {"text"} if source.kind != Source.Kind.TEXT else set()
        gone |= {"address", "every"} if not source.address else set()
        gone |= {"pages_most"} if source.kind != Source.Kind.SITE else set()
        for name in gone:
            del self.fields[name]
        for name in {"name", "text", "address"} - gone:
            self.fields[name].required = True

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value is not None}
