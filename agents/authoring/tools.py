"""Tools as their authors write them: kept in the draft, their keys sealed beside it, frozen into a version."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from agents.authoring.drafting import NameTaken
from agents.authoring.tool_rules import FIELDS, clean, clean_secret
from agents.brains.tools import plan
from agents.brains.tools.caller import Door
from agents.brains.tools.plan import Tool as Planned
from agents.brains.tools.request import origin
from agents.connections import own_service, sealing
from agents.locks import check_mark, hold, locked, mark_of
from agents.models import Project, Tool, ToolSecret
from agents.people import audit

TOOLS_MOST = 30
FROZEN = tuple(name for name in FIELDS if name != "active")


class BadTools(ValueError):
    """Nothing was kept; `problems` has one line for each thing to correct."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class SecretMissing(ValueError):
    """Nothing was kept: a key belongs to the server it was given for, and has to be typed for another one."""


# ── The draft ────────────────────────────────────────────────────────────────────────────────────────────────


@locked
def save_tool(
    project: Project,
    tool: Tool | None,
    values: dict[str, Any],
    by: AbstractBaseUser | None,
    seen: str | None = None,
    *,
    secrets: Mapping[str, str] | None = None,
) -> Tool:
    """Keep a tool, a new one when `tool` is None; `values` as `clean` gives them. Holds the project and the tool.

    `secrets`: new values of sealed headers, by name; they hold at once, for published versions, too. Raises NameTaken,
    SecretMissing, ValueError for a key that is none, Stale, and Gone.
    """
    if tool:
        hold(tool)
        check_mark(seen, mark_of(tool, FIELDS))
    same = Tool.objects.filter(project=project, name=values["name"]).exclude(pk=tool.pk if tool else None)
    if same.exists():
        raise NameTaken(_("Another tool has this name."))
    if tool is None and project.tools.count() >= TOOLS_MOST:
        raise NameTaken(_("At most %d tools.") % TOOLS_MOST)
    new = {name: clean_secret(value) for name, value in (secrets or {}).items() if name in values["secrets"]}
    server = origin(values["url"])
    there = set(tool.sealed.filter(origin=server).values_list("header", flat=True)) if tool else set()
    if missing := [name for name in values["secrets"] if name not in new and name not in there]:
        raise SecretMissing(_("Type the key for %s: a key belongs to the server it was given for.") % missing[0])
    action = "tool.edit" if tool else "tool.create"
    changed = [name for name in FIELDS if tool and getattr(tool, name) != values[name]]
    tool = tool or Tool(project=project)
    for name, value in values.items():
        setattr(tool, name, value)
    tool.save()
    for header, value in new.items():
        kept = {"sealed": sealing.seal(value)}
        ToolSecret.objects.update_or_create(tool=tool, origin=server, header=header, defaults=kept)
    details: dict[str, Any] = {"fields": changed} if changed else {}
    audit.record(by, action, project, tool, **details, **({"key": "changed"} if new else {}))
    return tool


@transaction.atomic
def delete_tool(tool: Tool, by: AbstractBaseUser | None) -> None:
    """Delete a tool and its keys; published versions can call it no more. Holds its project and itself. Raises Gone."""
    hold(tool.project)
    hold(tool)
    audit.record(by, "tool.delete", tool.project, tool)
    tool.delete()


def import_tools(
    project: Project, items: Any, by: AbstractBaseUser | None, secrets: Mapping[str, Mapping[str, str]] | None = None
) -> int:
    """Bring in a list of tools; the same names are replaced. `secrets`: by tool and header. Raises BadTools."""
    if not isinstance(items, list):
        raise BadTools([_("The file must hold a list of tools.")])
    rows, problems = [], []
    for number, item in enumerate(items, start=1):
        row, wrong = clean(item)
        problems += [_("Tool %(n)d %(problem)s.") % {"n": number, "problem": one} for one in wrong]
        rows.append(row)
    if problems:
        raise BadTools(problems)
    with transaction.atomic():
        for row in rows:
            there = Tool.objects.filter(project=project, name=row["name"]).first()
            try:
                save_tool(project, there, row, by, secrets=(secrets or {}).get(row["name"]))
            except ValueError as refused:
                raise BadTools([str(refused)]) from None
    return len(rows)


def flows_by_tool(project: Project) -> dict[str, list[str]]:
    """The names of the draft's flows that use each tool, on their way or at their end."""
    found: dict[str, list[str]] = {}
    for flow in project.flows.filter(active=True).order_by("name"):
        used = [step.get("lookup") for step in flow.steps] + [flow.end.get("tool")]
        for name in dict.fromkeys(filter(None, used)):
            found.setdefault(name, []).append(flow.name)
    return found


# ── Versions ─────────────────────────────────────────────────────────────────────────────────────────────────


def frozen(project: Project) -> list[dict[str, Any]]:
    """The active tools as a version keeps them: with the names of their keys, and without the keys."""
    return [frozen_tool(row) for row in project.tools.filter(active=True).order_by("name").values("id", *FROZEN)]


def frozen_tool(row: Mapping[str, Any]) -> dict[str, Any]:
    """Absent is what it does not have, as in versions that are older than the field."""
    return {name: row[name] for name in ("id", *FROZEN) if name != "remote" or row[name]}


def planned(tool: Tool) -> Planned:
    """The draft's tool as a call would have it."""
    return plan.tool({name: getattr(tool, name) for name in ("id", *FROZEN)})


def put(project: Project, rows: list[dict[str, Any]]) -> None:
    """Tools of a version over those of the draft. One that was deleted comes back without its keys."""
    wanted = {row["name"]: row for row in rows}
    project.tools.filter(active=True).exclude(name__in=wanted).exclude(pk__in=[row["id"] for row in rows]).delete()
    for name, row in wanted.items():
        values = {"remote": {}} | {key: value for key, value in row.items() if key != "id"} | {"active": True}
        there = project.tools.filter(pk=row["id"]).first() or project.tools.filter(name=name).first()
        if there is None:
            Tool.objects.create(project=project, **values)
            continue
        project.tools.filter(name=name).exclude(pk=there.pk).delete()
        for key, value in values.items():
            setattr(there, key, value)
        there.save()


def doubts(config: dict[str, Any]) -> list[tuple[Literal["error", "warning"], str, str]]:
    """What is doubtful about the tools of a frozen draft: level, code, words."""
    tools = {row["name"]: row for row in config.get("tools", [])}
    found: list[tuple[Literal["error", "warning"], str, str]] = []
    for flow in config.get("flows", []):
        for named, before in _used(flow):
            tool = tools.get(named["tool"])
            if tool is None:
                words = _("The flow “%(flow)s” uses the tool “%(tool)s”, which is not there or switched off.")
                found.append(("error", "flow_tool_gone", words % named))
                continue
            if before is not flow["steps"] and not plan.reads(tool):
                words = _(
                    "The flow “%(flow)s” looks something up with the tool “%(tool)s”, which changes something."
                    " Use it at the end."
                )
                found.append(("error", "flow_tool_changes", words % named))
            asked = {step["key"] for step in before if not step.get("optional") and not step.get("only")}
            for one in tool["parameters"]:
                if one.get("required", True) and not one.get("value") and one["key"] not in asked:
                    words = _(
                        "The tool “%(tool)s” needs “%(name)s”, which the flow “%(flow)s” does not always ask for."
                    )
                    found.append(("warning", "flow_tool_unasked", words % {**named, "name": one["name"]}))
    found += _changed_there(tools.values())
    if not any(row["secrets"] for row in tools.values()):
        return found
    kept = set(ToolSecret.objects.filter(tool__in=[row["id"] for row in tools.values()]).values_list("tool", "header"))
    for row in tools.values():
        if any((row["id"], header) not in kept for header in row["secrets"]):
            words = _("The key of the tool “%s” is missing. Open the tool and type it.")
            found.append(("warning", "tool_key_missing", words % row["name"]))
    return found


def _changed_there(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Literal["warning"], str, str]]:
    """Tools of MCP servers that were described otherwise when somebody looked last."""
    marks = {row["id"]: row["remote"]["mark"] for row in rows if row.get("remote")}
    for tool in Tool.objects.filter(pk__in=marks).exclude(seen="").order_by("name") if marks else ():
        if tool.seen != marks[tool.pk]:
            words = _("The tool “%s” is another one on its server now, or gone. Look at the server again.")
            yield "warning", "tool_changed_there", words % tool.name


def _used(flow: dict[str, Any]) -> Iterator[tuple[dict[str, str], list[dict[str, Any]]]]:
    """The tools that a flow uses, each with what was asked for by then."""
    for place, step in enumerate(flow["steps"], start=1):
        if step.get("lookup"):
            yield {"flow": flow["name"], "tool": step["lookup"]}, flow["steps"][:place]
    if flow["end"].get("kind") == "tool":
        yield {"flow": flow["name"], "tool": flow["end"].get("tool", "")}, flow["steps"]


# ── Use ──────────────────────────────────────────────────────────────────────────────────────────────────────


def doors(project_id: int, tools: Iterable[Planned]) -> dict[int, Door]:
    """Where the tools of a version are asked, with their keys; only those of this project, and of the right server."""
    tools = list(tools)
    sealed: dict[tuple[int, str, str], str] = {}
    if any(tool.secrets for tool in tools):
        rows = ToolSecret.objects.filter(tool__project=project_id, tool__in=[tool.id for tool in tools])
        sealed = {(row.tool_id, row.origin, row.header): row.sealed for row in rows}
    return {tool.id: _door(tool, sealed) for tool in tools}


def _door(tool: Planned, sealed: Mapping[tuple[int, str, str], str]) -> Door:
    server = origin(tool.url)
    opened: dict[str, str] = {}
    for header in tool.secrets:
        try:
            opened[header] = sealing.unseal(sealed.get((tool.id, server, header), ""))
        except sealing.Unreadable:
            opened[header] = ""
    missing = not all(opened.values())
    if server == own_service.ORIGIN:
        return Door(opened, private=True, address=own_service.address(settings.DATA_DIR), missing=missing)
    return Door(opened, private=settings.FETCH_PRIVATE, missing=missing)
