"""Flows: what the agent collects: the list, with how many went through, and the form of one."""

from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from agents.authoring import flow_rules, flows
from agents.authoring.drafting import NameTaken
from agents.brains.tools import plan
from agents.locks import Stale, mark_of
from agents.models import Flow
from calling.models import Event
from studio.pages.agent import flow_form
from studio.pages.agent.language_tabs import tabs
from studio.pages.agent.publishing import AgentPage
from studio.pages.base import reader_zone

SINCE_DAYS = 30
TOPICS_MOST = 500  # to choose from
RING_BACK = {
    "name": gettext_lazy("Ring me back"),
    "starts": [gettext_lazy("Somebody should ring me"), gettext_lazy("I would like a call from you")],
    "steps": [
        {"name": gettext_lazy("Name"), "kind": "name", "ask": gettext_lazy("What is your name?")},
        {
            "name": gettext_lazy("Phone"),
            "kind": "phone",
            "ask": gettext_lazy("Which number can we reach you on?"),
        },
        {
            "name": gettext_lazy("What it is about"),
            "kind": "text",
            "ask": gettext_lazy("What is it about?"),
            "optional": True,
        },
    ],
}
NEW = {"name": "", "starts": [], "topics": [], "offer": "", "steps": [], "read_back": True, "active": True, "end": {}}


def _ring_back(language: str) -> dict[str, Any]:
    """All of it is spoken, so it is in the agent's language, whatever the author reads the console in."""
    with override(language):
        steps = [
            {name: value if isinstance(value, bool) else str(value) for name, value in step.items()}
            for step in RING_BACK["steps"]
        ]
        return {"name": str(RING_BACK["name"]), "starts": [str(one) for one in RING_BACK["starts"]], "steps": steps}


class Flows(AgentPage):
    template_name = "studio/flows.html"
    menu = "flows"
    title = gettext_lazy("Flows")

    def context(self) -> dict[str, Any]:
        found = list(Flow.objects.filter(project=self.project).order_by("name"))
        counted = self._counted() if self.may("conversations.read") else {}
        rows = [self._row(flow, counted.get(flow.name, {})) for flow in found]
        return {"rows": rows, "may_settings": self.may("project.edit")}

    def _row(self, flow: Flow, counted: dict[str, Any]) -> dict[str, Any]:
        started, finished = counted.get("flow_started", 0), counted.get("flow_finished", 0)
        return {
            "flow": flow,
            "ends": flow_form.ENDED[flow.end.get("kind", "message")],
            "started": started,
            "finished": min(finished, started),
            "percent": round(100 * min(finished, started) / started) if started else 0,
            "stops_at": counted.get("at", ""),
        }

    def _counted(self) -> dict[str, dict[str, Any]]:
        """By flow: how many began and how many went through in a month, and where most who stop, stop."""
        events = Event.objects.filter(
            conversation__project=self.project,
            conversation__started_at__gte=timezone.now() - timedelta(days=SINCE_DAYS),
            name__in=("flow_started", "flow_finished", "flow_left"),
        )
        found: dict[str, dict[str, Any]] = {}
        most: dict[str, int] = {}
        for row in events.values("name", "data__flow", "data__at").annotate(n=Count("id")):
            own = found.setdefault(row["data__flow"] or "", {})
            own[row["name"]] = own.get(row["name"], 0) + row["n"]
            if row["name"] == "flow_left" and row["data__at"] and row["n"] > most.get(row["data__flow"], 0):
                most[row["data__flow"]] = row["n"]
                own["at"] = row["data__at"]
        return found


class FlowEditor(AgentPage):
    """One flow; a new one where the address names none. Its buttons for steps send the form and get it back."""

    template_name = "studio/flow.html"
    menu = "flows"

    @cached_property
    def flow(self) -> Flow | None:
        number = self.kwargs.get("flow")
        return get_object_or_404(Flow, project=self.project, pk=number) if number else None

    def context(self) -> dict[str, Any]:
        if self.flow:
            item = {name: getattr(self.flow, name) for name in flows.FIELDS}
        else:
            item = NEW | (
                _ring_back(self.project.agent.language) if self.request.GET.get("from") == "ring-back" else {}
            )
            item = item if item["steps"] else item | {"steps": [{"name": "", "kind": "text", "ask": ""}]}
        return self._shown(item, 0 if not self.flow else None)

    def _shown(self, item: dict[str, Any], opened: int | None = None) -> dict[str, Any]:
        topics = list(self.project.topics.order_by("name").values_list("name", flat=True)[:TOPICS_MOST])
        gone = [name for name in (*item["topics"], item["end"].get("topic", "")) if name and name not in topics]
        tools = list(self.project.tools.order_by("name").values("name", "method", "fields", "remote"))
        parts = {tool["name"]: [one["key"] for one in tool["fields"]] for tool in tools}
        looked_up = [str(step.get("lookup", "")) for step in item["steps"]]
        steps = flow_form.rows(item["steps"], opened, parts)
        return {
            "title": self.flow.name if self.flow else _("New flow"),
            "flow": self.flow,
            "item": item,
            "starts": "\n".join(map(str, item["starts"])),
            "steps": steps,
            "topics": [*topics, *gone],
            "tools": _with_chosen(list(parts), [item["end"].get("tool", "")]),
            "lookups": _with_chosen([tool["name"] for tool in tools if plan.reads(tool)], looked_up),
            "offered": [*item["topics"], ""],
            "kinds": flow_form.KINDS.items(),
            "ends": flow_form.ENDS.items(),
            "whens": flow_form.WHENS.items(),
            "end_label": flow_form.ENDED[item["end"].get("kind") or "message"],
            "may_add": len(steps) < 15,
            "tabs": tabs(self, "flow", flow=self.flow.pk) if self.flow else [],
        }

    def mark(self) -> str:
        return mark_of(self.flow, flows.FIELDS) if self.flow else ""

    def post(self, request: HttpRequest, flow: int | None = None) -> HttpResponse:
        item = flow_form.read(request.POST)
        if item["end"]["kind"] not in flow_form.ENDS:
            item["end"]["kind"] = "message"
        if order := request.POST.get("do", ""):
            item, opened = flow_form.changed(item, order)
            return self.page(self.template_name, **self._shown(item, opened), came_changed=True)
        kept, problems = flow_rules.clean(item)
        if not problems:
            try:
                saved = flows.save_flow(self.project, self.flow, kept, request.user, seen=self.seen)
            except Stale as stale:
                return self.late(stale, **self._shown(item))
            except NameTaken as taken:
                problems = [str(taken)]
            else:
                self._keep_zone()
                return self.kept(_("“%s” is in your draft.") % saved.name, "flows")
        told = [_("The flow %s.") % one if one[:1].islower() else f"{one.rstrip('.')}." for one in problems]
        return self.page(self.template_name, status=422, **self._shown(item), problems=told)

    def _keep_zone(self) -> None:
        """Days and times are meant where the author of the first flow is, until somebody says otherwise."""
        zone = str(reader_zone(self.request))
        if not self.project.time_zone and zone != "UTC" and self.project.flows.count() == 1:
            flows.set_time_zone(self.project, zone, by=self.request.user)


def _with_chosen(names: list[str], chosen: list[str]) -> list[str]:
    """Names to choose from, with those that were chosen and are gone."""
    return list(dict.fromkeys([*names, *filter(None, chosen)]))


class FlowDelete(AgentPage):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, flow: int) -> HttpResponse:
        row = get_object_or_404(Flow, project=self.project, pk=flow)
        flows.delete_flow(row, request.user)
        return self.kept(_("“%s” is deleted from your draft.") % row.name, "flows")
