"""Tools: what the agent can do beyond talking: the list with how it went, the form of one, and a try of it."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.authoring import actions, drafting, languages, tool_rules, tools
from agents.authoring.drafting import NameTaken
from agents.brains.snapshot import spoken
from agents.brains.tools import arguments, caller, plan, telling
from agents.brains.tools.arguments import BadArguments
from agents.brains.tools.caller import Door
from agents.brains.tools.filling import filled
from agents.connections.kinds import MODEL
from agents.locks import Stale, mark_of
from agents.models import Tool
from calling.models import ToolCall
from studio.pages.agent import tool_form, tool_wording
from studio.pages.agent.publishing import AgentPage
from widgets.admission import limits

SINCE_DAYS = 30
TRIES_A_MINUTE = 10
_TEXT = {"class": "input", "autocomplete": "off"}
NEW: dict[str, Any] = {
    **{"name": "", "about": "", "method": "GET", "url": "", "headers": [], "secrets": [], "fields": [], "words": {}},
    **{"parameters": [], "timeout_s": plan.TIMEOUT_S, "delay_s": plan.DELAY_S, "by_model": True, "active": True},
    "remote": {},
}


class ActionsForm(forms.Form):
    """What the agent may do by itself."""

    message = forms.BooleanField(required=False)
    hand_over = forms.BooleanField(required=False)
    end_call = forms.BooleanField(required=False)
    show = forms.BooleanField(required=False)
    phone = forms.CharField(required=False)
    url = forms.CharField(required=False, max_length=500)

    def __init__(self, kept: dict[str, Any], data: Any = None) -> None:
        super().__init__(data, initial=kept)
        for name, (label, help_text) in tool_wording.ACTIONS.items():
            field = self.fields[name]
            field.label, field.help_text = label, help_text
            switch = isinstance(field, forms.BooleanField)
            field.widget.attrs |= {"class": "switch", "role": "switch"} if switch else _TEXT
        self.fields["phone"].widget.attrs |= {"inputmode": "tel"}
        self.fields["url"].widget.attrs |= {"inputmode": "url", "placeholder": "https://example.com/contact"}

    def clean(self) -> dict[str, Any]:
        try:
            return actions.clean(super().clean() or {})
        except actions.BadAction as bad:
            self.add_error(bad.field, str(bad))
            return {}


class Tools(AgentPage):
    template_name = "studio/tools.html"
    menu = "tools"
    title = gettext_lazy("Tools")

    def mark(self) -> str:
        return mark_of(self.project.agent, ("actions",))

    def context(self) -> dict[str, Any]:
        return self._shown(ActionsForm(self.project.agent.actions))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ActionsForm(self.project.agent.actions, request.POST)
        if not form.is_valid():
            return self.page(self.template_name, status=422, **self._shown(form))
        try:
            drafting.save_persona(self.project.agent, {"actions": form.cleaned_data}, request.user, seen=self.seen)
        except Stale as stale:
            return self.late(stale, **self._shown(form))
        return self.kept(_("Kept in your draft."), "tools")

    def _shown(self, form: ActionsForm) -> dict[str, Any]:
        counted = self._counted() if self.may("conversations.read") else {}
        flows = tools.flows_by_tool(self.project)
        found = [
            {
                "tool": tool,
                "flows": flows.get(tool.name, []),
                "reads": plan.reads({"method": tool.method, "remote": tool.remote}),
                "host": urlsplit(tool.url).hostname if tool.remote else "",
                "changed": bool(tool.remote and tool.seen and tool.seen != tool.remote.get("mark")),
                **counted.get(tool.name, {}),
            }
            for tool in self.project.tools.order_by("name")
        ]
        return {"rows": found, "form": form, "thinks": bool(self.project.agent.services.get(MODEL))}

    def _counted(self) -> dict[str, dict[str, int]]:
        """By tool: how often it was called in a month, and how often that failed."""
        since = timezone.now() - timedelta(days=SINCE_DAYS)
        calls = ToolCall.objects.filter(conversation__project=self.project, at__gte=since)
        failed = Count("id", filter=Q(outcome=None) | Q(outcome__state__in=("failed", "unknown")))
        rows = calls.order_by().values("tool").annotate(n=Count("id"), failed=failed)
        return {row["tool"]: {"called": row["n"], "failed": row["failed"]} for row in rows}


@dataclass(frozen=True, slots=True)
class Tried:
    """How a try went."""

    tone: str
    result: str
    said: str = ""
    seconds: str = ""
    values: tuple[tuple[str, str], ...] = ()
    whole: str = ""


class ToolEditor(AgentPage):
    """One tool; a new one where the address names none. Its buttons send the form and get it back."""

    template_name = "studio/tool.html"
    menu = "tools"

    @cached_property
    def tool(self) -> Tool | None:
        pk = self.kwargs.get("tool")
        return get_object_or_404(Tool, project=self.project, pk=pk) if pk else None

    @cached_property
    def languages(self) -> list[str]:
        agent = self.project.agent
        return [agent.language, *agent.wordings]

    @property
    def kept_item(self) -> dict[str, Any]:
        return {name: getattr(self.tool, name) for name in tool_rules.FIELDS} if self.tool else dict(NEW)

    def mark(self) -> str:
        return mark_of(self.tool, tool_rules.FIELDS) if self.tool else ""

    def context(self) -> dict[str, Any]:
        return self._shown(self.kept_item)

    def _shown(self, item: dict[str, Any], opened: int | None = None, **more: Any) -> dict[str, Any]:
        there = set(self.tool.sealed.values_list("header", flat=True)) if self.tool else set()
        typed = tool_form.secrets(self.request.POST)  # what was typed and is not kept: it is sent back to no page
        fields = [f"{one['key']} = {one['path']}" if one["key"] else one["path"] for one in item["fields"]]
        rows = tool_form.rows(item["parameters"], self.request.POST, opened)
        return {
            "title": self.tool.name if self.tool else _("New tool"),
            "tool": self.tool,
            "item": item,
            "rows": rows,
            "asked": [row for row in rows if not row.one.get("value")],
            "kinds": tool_form.KINDS.items(),
            "methods": tool_form.METHODS.items(),
            "headers": "\n".join(": ".join(pair) for pair in item["headers"]),
            "parts": "\n".join(fields),
            "secrets": [*((name, name in there, name in typed) for name in item["secrets"]), ("", False, False)],
            "said": [
                (languages.name(code), tool_form.sentences(item["words"], code), code == self.languages[0])
                for code in self.languages
            ],
            "flows": tools.flows_by_tool(self.project).get(self.tool.name, []) if self.tool else [],
            "may_add": len(rows) < plan.PARAMETERS_MOST and not item["remote"],
            "may_connect": self.may("connections.edit"),
            **more,
        }

    def post(self, request: HttpRequest, tool: int | None = None) -> HttpResponse:
        item = {"remote": {}} | tool_form.read(request.POST, self.languages, self.kept_item)
        typed = tool_form.secrets(request.POST) if self.may("connections.edit") else {}
        order = request.POST.get("do", "")
        if order and order != "try" and not item["remote"]:
            item, opened = tool_form.changed(item, order)
            return self.page(self.template_name, **self._shown(item, opened), came_changed=True)
        values, problems = tool_rules.clean(item)
        if not problems and order == "try":
            tried = self._try(values, typed)
            changed = bool(typed) or self.tool is None or values != self.kept_item
            return self.page(self.template_name, **self._shown(item, tried=tried), came_changed=changed)
        if not problems:
            try:
                saved = tools.save_tool(self.project, self.tool, values, request.user, seen=self.seen, secrets=typed)
            except Stale as stale:
                return self.late(stale, **self._shown(item))
            except (NameTaken, tools.SecretMissing, ValueError) as refused:
                problems = [str(refused)]
            else:
                return self.kept(_("“%s” is in your draft.") % saved.name, "tools")
        told = [_("The tool %s.") % one if one[:1].islower() else f"{one.rstrip('.')}." for one in problems]
        return self.page(self.template_name, status=422, **self._shown(item), problems=told, came_changed=True)

    # ── A try ────────────────────────────────────────────────────────────────────────────────────────────────

    def _try(self, values: dict[str, Any], typed: dict[str, str]) -> Tried:
        """Ask once, with sample values, as a conversation would: a real request."""
        if not limits.within("tool-try", f"user-{self.request.user.pk}", TRIES_A_MINUTE):
            return Tried("warn", _("That was a lot at once. Wait a minute, then go on."))
        asked = plan.tool({**values, "id": self.tool.pk if self.tool else 0})
        if not asked.reads and "really" not in self.request.POST:
            return Tried("warn", _("This changes something on the other side. Tick the box to send it."))
        variant = self.project.variants.filter(is_default=True).values_list("attributes", flat=True).first() or {}
        samples = {
            one["key"]: self.request.POST.get(f"sample-{place}", "") for place, one in enumerate(values["parameters"])
        }
        language = self.languages[0]
        try:
            given = arguments.checked(asked, samples, filled(asked, variant, {}, language))
        except BadArguments as bad:
            name = next((one.name for one in asked.parameters if one.key == bad.key), bad.key)
            return Tried("warn", _("Nothing was sent: “%s” is missing or not of its kind.") % name)
        door = tools.doors(self.project.pk, [asked])[asked.id]
        known = {**door.secrets, **typed}
        missing = any(not known.get(name) for name in asked.secrets)
        door = Door(known, door.private, door.address, missing)
        key = f"try-{self.request.user.pk}-{timezone.now().timestamp():.0f}"
        outcome = asyncio.run(caller.call(asked, given, door, key))
        said = telling.told(asked, outcome, language, arguments.shown(given), lambda text: spoken(text, variant))
        result, tone = tool_wording.result(outcome.state, outcome.code)
        took = f"{outcome.ms / 1000:.2f}" if outcome.ms else ""
        return Tried(tone, result, said, took, tuple(outcome.values.items()), outcome.text)


class ToolDelete(AgentPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, tool: int) -> HttpResponse:
        row = get_object_or_404(Tool, project=self.project, pk=tool)
        tools.delete_tool(row, request.user)
        return self.kept(_("“%s” is deleted from your draft, and its key is forgotten.") % row.name, "tools")
