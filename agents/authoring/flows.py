"""Flows as their authors write them: checked, kept in the draft, frozen into a version, brought in from a list."""

from collections.abc import Iterator
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from agents.authoring import flow_words
from agents.authoring.drafting import NameTaken
from agents.authoring.flow_rules import FIELDS, clean
from agents.brains.flows import plan
from agents.locks import check_mark, hold, locked, mark_of
from agents.models import Flow, Project, Topic
from agents.people import audit

FLOWS_MOST = 50
FROZEN = ("name", "starts", "topics", "offer", "steps", "read_back", "end")


class BadFlows(ValueError):
    """Nothing was kept; `problems` has one line for each thing to correct."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


# ── The draft ────────────────────────────────────────────────────────────────────────────────────────────────


@locked
def save_flow(
    project: Project, flow: Flow | None, values: dict[str, Any], by: AbstractBaseUser | None, seen: str | None = None
) -> Flow:
    """Keep a flow, a new one when `flow` is None; `values` as `clean` gives them. Holds the project and the flow.

    `seen` is the mark of the flow (FIELDS) as its author was shown it. Raises NameTaken, Stale, and Gone.
    """
    if flow:
        hold(flow)
        check_mark(seen, mark_of(flow, FIELDS))
    same = Flow.objects.filter(project=project, name=values["name"]).exclude(pk=flow.pk if flow else None)
    if same.exists() or Topic.objects.filter(project=project, name=values["name"]).exists():
        raise NameTaken(_("Another flow or topic has this name."))
    if flow is None and project.flows.count() >= FLOWS_MOST:
        raise NameTaken(_("At most %d flows.") % FLOWS_MOST)
    action = "flow.edit" if flow else "flow.create"
    flow = flow or Flow(project=project)
    for name, value in values.items():
        setattr(flow, name, value)
    flow.save()
    audit.record(by, action, project, flow)
    return flow


@transaction.atomic
def delete_flow(flow: Flow, by: AbstractBaseUser | None) -> None:
    """Delete a flow. Holds its project and itself. Raises Gone."""
    hold(flow.project)
    hold(flow)
    audit.record(by, "flow.delete", flow.project, flow)
    flow.delete()


def import_flows(project: Project, items: Any, by: AbstractBaseUser | None) -> int:
    """Bring in a list of flows; the same names are replaced. How many. Raises BadFlows: then nothing has changed."""
    if not isinstance(items, list):
        raise BadFlows([_("The file must hold a list of flows.")])
    rows, problems = [], []
    for number, item in enumerate(items, start=1):
        row, wrong = clean(item)
        if row and "wordings" in item:
            row["wordings"], bad = flow_words.clean_all(item["wordings"], row["steps"])
            wrong += bad
        problems += [_("Flow %(n)d %(problem)s.") % {"n": number, "problem": one} for one in wrong]
        rows.append(row)
    if problems:
        raise BadFlows(problems)
    with transaction.atomic():
        for row in rows:
            try:
                save_flow(project, Flow.objects.filter(project=project, name=row["name"]).first(), row, by)
            except NameTaken as taken:
                raise BadFlows([str(taken)]) from None
    return len(rows)


@locked
def set_time_zone(project: Project, zone: str, by: AbstractBaseUser | None) -> bool:
    """In which calendar "tomorrow at three" is meant. Holds the project. Raises ValueError for a place nobody knows."""
    if zone:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(_("There is no such time zone.")) from None
    if project.time_zone == zone:
        return False
    project.time_zone = zone
    project.save(update_fields=["time_zone"])
    audit.record(by, "project.time_zone", project, project, zone=zone)
    return True


# ── Versions ─────────────────────────────────────────────────────────────────────────────────────────────────


def frozen(project: Project) -> list[dict[str, Any]]:
    """The active flows as a version keeps them, in the first language; flow_words.whole adds the others."""
    return list(project.flows.filter(active=True).order_by("name").values(*FROZEN, "wordings"))


def put(project: Project, rows: list[dict[str, Any]]) -> None:
    """Flows of a version over those of the draft."""
    wanted = {row["name"]: row for row in rows}
    project.flows.filter(active=True).exclude(name__in=wanted).delete()
    for name, row in wanted.items():
        Flow.objects.update_or_create(project=project, name=name, defaults={"wordings": {}, **row, "active": True})


def spoken_texts(config: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of the flows that is spoken, with the flow's name."""
    for flow in config.get("flows", []):
        for text in (flow.get("offer", ""), flow.get("end", {}).get("text", "")):
            if text:
                yield flow["name"], text
        for step in flow["steps"]:
            yield flow["name"], step["ask"]
            if step.get("again"):
                yield flow["name"], step["again"]


def doubts(config: dict[str, Any]) -> list[tuple[Literal["error", "warning"], str, str]]:
    """What is wrong or doubtful in the flows of a frozen draft: level, code, words."""
    names = {topic["name"] for topic in config["topics"]}
    found: list[tuple[Literal["error", "warning"], str, str]] = []
    for flow in config.get("flows", []):
        named = {"flow": flow["name"]}
        if flow["name"] in names:
            found.append(("error", "flow_named_like_topic", _("A topic has the name of the flow “%(flow)s”.") % named))
        if not flow["starts"] and not flow["topics"]:
            found.append(("warning", "flow_never_starts", _("Nothing starts the flow “%(flow)s”.") % named))
        gone = [topic for topic in (*flow["topics"], flow["end"].get("topic", "")) if topic and topic not in names]
        for topic in gone:
            words = _("The flow “%(flow)s” names the topic “%(topic)s”, which is not there.")
            found.append(("warning", "flow_topic_gone", words % {**named, "topic": topic}))
        parts = {tool["name"]: [one["key"] for one in tool["fields"]] for tool in config.get("tools", [])}
        keys = {step["key"] for step in flow["steps"]}
        keys |= {part for step in flow["steps"] for part in parts.get(step.get("lookup", ""), ())}
        for value in plan.used(flow["end"].get("text", "")):
            if value not in keys and not value.startswith(("variant_", "page_")):
                words = _("The flow “%(flow)s” ends with ${%(value)s}, which it does not ask for.")
                found.append(("warning", "flow_value_missing", words % {**named, "value": value}))
    return found
