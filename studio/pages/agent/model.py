"""Model: what an agent thinks with: its topics alone, or a service that words its answers."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import drafting
from agents.brains.language_model.meter import Terms
from agents.brains.language_model.probe import Probed, probe
from agents.brains.language_model.service import terms
from agents.connections import keeping
from agents.connections.kinds import KINDS, MODEL
from agents.connections.model import Connection
from agents.locks import Stale, mark_of
from agents.models import Agent
from calling.models import ModelUse
from studio.pages.agent import model_wording
from studio.pages.agent.publishing import AgentPage
from studio.pages.base import ProjectPage
from widgets.admission import limits

NONE, SERVICE, NEW = "none", "service", "new"
KIND = "openai"
KEPT = ("persona", "rules", "services")  # of the agent
TESTS_A_MINUTE = 10
_TEXT = {"class": "input", "autocomplete": "off", "spellcheck": "false"}


class ModelForm(forms.Form):
    way = forms.ChoiceField(
        label=gettext_lazy("What it thinks with"),
        choices=[(NONE, gettext_lazy("No model")), (SERVICE, gettext_lazy("A service"))],
        widget=forms.RadioSelect,
    )
    connection = forms.ChoiceField(
        label=gettext_lazy("Service"), required=False, widget=forms.Select(attrs={"class": "input"})
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Any service that speaks like OpenAI’s, or a server of your own: https://…/v1"),
        widget=forms.TextInput(attrs=_TEXT | {"inputmode": "url", "placeholder": "https://api.example.com/v1"}),
    )
    key = forms.CharField(
        label=gettext_lazy("Key"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Kept encrypted, and never shown again."),
        widget=forms.PasswordInput(attrs=_TEXT | {"autocomplete": "new-password"}),
    )
    model = forms.CharField(
        label=gettext_lazy("Model"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Its name, as the service calls it."),
        widget=forms.TextInput(attrs=_TEXT),
    )
    persona = forms.CharField(
        label=gettext_lazy("How it is"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Manner and tone, as you would tell a new colleague."),
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )
    rules = forms.CharField(
        label=gettext_lazy("Rules"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy(
            "What it does and does not do. <channel:voice>…</channel> holds in calls only, <channel:webchat> in chats, "
            "<language:de>…</language> in one language."
        ),
        widget=forms.Textarea(attrs={"class": "input", "rows": 5}),
    )

    def __init__(self, agent: Agent, data: Any = None, *, may_connect: bool = True) -> None:
        self._rows = [row for row in agent.project.connections.all() if _thinks(row)]
        chosen = agent.services.get(MODEL, {})
        own = str(chosen.get("connection", ""))
        known = {str(row.pk): row.name for row in self._rows}
        initial = {
            "way": SERVICE if own else NONE,
            "connection": own if own in known else (NEW if not known else next(iter(known))),
            "model": chosen.get("model", ""),
            "persona": agent.persona,
            "rules": agent.rules,
        }
        super().__init__(data, initial=initial)
        new = [(NEW, _("Another one, by address and key"))] if may_connect else []
        self.fields["connection"].choices = [*known.items(), *new]
        self.gone = bool(own) and own not in known

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("way") == SERVICE:
            if not given.get("connection") and "connection" not in self.errors:
                self.add_error("connection", _("Choose a service."))
            if given.get("connection") == NEW and not given.get("address"):
                self.add_error("address", _("Paste the address of the service."))
            if not given.get("model"):
                self.add_error("model", _("Say which model: the service has many."))
        return given

    @property
    def is_new(self) -> bool:
        return self.cleaned_data["way"] == SERVICE and self.cleaned_data["connection"] == NEW

    def row(self) -> Connection:
        return next(row for row in self._rows if str(row.pk) == self.cleaned_data["connection"])


class CostsForm(forms.Form):
    """What may be spent, and what it costs; kept with the connection, for all that use it."""

    def __init__(self, kept: Terms, data: Any = None) -> None:
        super().__init__(data, initial={name: f"{getattr(kept, name):g}" if name in PRICES else getattr(kept, name)
                                        for name in Terms.__dataclass_fields__})  # fmt: skip
        for name, (label, help_text) in (PRICES | MOST).items():
            self.fields[name] = forms.FloatField(
                label=label,
                help_text=help_text,
                required=False,
                min_value=0,
                max_value=1e9,
                widget=forms.NumberInput(
                    attrs={"class": "input", "inputmode": "decimal", "step": "any" if name in PRICES else "1000"}
                ),
            )

    def values(self) -> dict[str, float]:
        return {name: value if name in PRICES else int(value)
                for name in self.fields if (value := self.cleaned_data.get(name)) is not None}  # fmt: skip


PRICES: dict[str, tuple[Any, Any]] = {
    "read_price": (gettext_lazy("A million tokens read"), gettext_lazy("In your currency. 0: not told.")),
    "written_price": (gettext_lazy("A million tokens written"), gettext_lazy("As on the price list of the service.")),
}
MOST: dict[str, tuple[Any, Any]] = {
    "conversation_most": (gettext_lazy("Most tokens in a conversation"), gettext_lazy("An answer reads about 1,500.")),
    "day_most": (gettext_lazy("Most tokens a day"), gettext_lazy("Of all its conversations. 0: no limit.")),
}


def _thinks(row: Connection) -> bool:
    return row.kind in KINDS and MODEL in KINDS[row.kind].uses


def _chosen(agent: Agent) -> Connection | None:
    pk = agent.services.get(MODEL, {}).get("connection")
    row = Connection.objects.filter(project=agent.project_id, pk=pk).first() if pk else None
    return row if row and _thinks(row) else None


class Model(AgentPage):
    template_name = "studio/model.html"
    menu = "model"
    title = gettext_lazy("Model")

    def context(self) -> dict[str, Any]:
        return self._shown(self._form())

    def mark(self) -> str:
        return mark_of(self.project.agent, KEPT)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self.page(self.template_name, status=422, **self._shown(form))
        try:
            with transaction.atomic():
                row = self._connect(form) if form.is_new else None
                drafting.save_persona(self.project.agent, self._values(form, row), request.user, seen=self.seen)
        except keeping.ConnectionRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else "connection", str(refused))
            return self.page(self.template_name, status=422, **self._shown(form))
        except Stale as stale:
            return self.late(stale, **self._shown(form))
        return self.kept(_("Kept in your draft."), "model")

    def _form(self, data: Any = None) -> ModelForm:
        return ModelForm(self.project.agent, data, may_connect=self.may("connections.edit"))

    def _connect(self, form: ModelForm) -> Connection:
        given = form.cleaned_data
        address = keeping.clean_address(given["address"])
        host = urlsplit(address).hostname or _("Language model")
        taken = set(self.project.connections.values_list("name", flat=True))
        name = next(name for n in range(1, 100) if (name := host[:50] if n == 1 else f"{host[:50]} {n}") not in taken)
        values = {"kind": KIND, "name": name, "address": address}
        return keeping.save(self.project, None, values, self.request.user, key=given["key"])

    def _values(self, form: ModelForm, row: Connection | None) -> dict[str, Any]:
        given = form.cleaned_data
        services = {use: one for use, one in self.project.agent.services.items() if use != MODEL}
        if given["way"] == SERVICE:
            row = row or form.row()
            services[MODEL] = {"connection": row.pk, "name": row.name, "model": given["model"]}
        return {"persona": given["persona"], "rules": given["rules"], "services": services}

    def _shown(self, form: ModelForm) -> dict[str, Any]:
        row = _chosen(self.project.agent)
        shown: dict[str, Any] = {"form": form, "row": row, "may_connect": self.may("connections.edit")}
        if row is None:
            return shown
        kept = terms(row.of(MODEL))
        last = row.tested.get(MODEL)
        if last:
            words, tone = (
                (model_wording.failed(last["code"]), "bad") if last["code"] else model_wording.pace(last["ms"])
            )
            shown["last"] = {"words": words, "tone": tone, "at": parse_datetime(last["at"]), "failed": last["code"]}
            shown["first_s"] = model_wording.seconds(last["ms"])
        today = ModelUse.objects.filter(project=self.project, day=timezone.now().date()).first()
        used = (today.read + today.written) if today else 0
        shown |= {"costs": CostsForm(kept), "used": used, "most": kept.day_most}
        if today and (kept.read_price or kept.written_price):
            shown["cost"] = f"{(today.read * kept.read_price + today.written * kept.written_price) / 1_000_000:.2f}"
        return shown


class Costs(ProjectPage):
    """What may be spent: at once, and for all environments."""

    permission = "connections.edit"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        row = _chosen(self.project.agent)
        if row is None:
            return self.to("model")
        form = CostsForm(Terms(), request.POST)
        if not form.is_valid():
            self.warn(_("Nothing was kept: limits and prices are numbers, 0 or more."))
            return self.to("model")
        settings = {**row.settings, MODEL: {**row.of(MODEL), **form.values()}}
        values = {"kind": row.kind, "name": row.name, "address": row.address, "settings": settings}
        keeping.save(self.project, row, values, request.user)
        self.say(_("Kept. It holds from the next conversation on."))
        return self.to("model")


class Test(ProjectPage):
    """Ask the service once, as a call would, and say how that went."""

    permission = "connections.edit"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        row = _chosen(self.project.agent)
        if row is None:
            return self.to("model")
        if not limits.within("model-test", f"user-{request.user.pk}", TESTS_A_MINUTE):
            self.warn(_("That was a lot at once. Wait a minute, then go on."))
            return self.to("model")
        probed = self._probed(row)
        keeping.note_test(row, MODEL, keeping.Result(probed.code, probed.first_ms))
        (self.warn if probed.code else self.say)(model_wording.tested(probed))
        return self.to("model")

    def _probed(self, row: Connection) -> Probed:
        try:
            asked = {"model": self.project.agent.services[MODEL].get("model", "")}
            return asyncio.run(probe(keeping.opened(row, MODEL, asked)))
        except keeping.Unreadable:
            return Probed("SEALED")
