"""MCP servers as a shelf of tools: looked at, and what is chosen of them is kept in the draft as tools like others.

What a server says of its tools is somebody else's text: it is shortened, loses its markup, is read by the owner before
anything is kept, and stays as it was kept. What changed there since is said.
"""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from agents.authoring import tool_rules, tools
from agents.authoring.flow_rules import NAME_MOST
from agents.authoring.tool_rules import apart
from agents.brains.flows.plan import key_of
from agents.brains.tools import plan
from agents.brains.tools.outcome import bare
from agents.locks import mark
from agents.models import Project, Tool
from agents.outside.mcp_client import McpClient

SHAPE_MOST = 4_000  # characters of the schema of one list or object
LOOK_S = 10.0
_KINDS = {"string": "text", "number": "number", "integer": "number", "boolean": "yesno", "array": plan.JSON,
          "object": plan.JSON}  # fmt: skip
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,60}")


@dataclass(frozen=True, slots=True)
class Offered:
    """One tool of a server. `problem`: why it cannot be used here; `kept`: the draft's tool of it."""

    name: str
    about: str = ""
    needs: tuple[str, ...] = ()
    reads: bool = False  # as the server says, which proves nothing
    row: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    kept: Tool | None = None

    @property
    def has_changed(self) -> bool:
        return bool(self.kept and self.kept.remote.get("mark") != self.row.get("remote", {}).get("mark"))


def look(project: Project, url: str, secrets: Mapping[str, str], *, private: bool) -> list[Offered]:
    """What a server has. Raises NotFetched, Refusal, ServerError."""

    async def asked() -> list[dict[str, Any]]:
        client = McpClient(url, secrets, private=private, within_s=LOOK_S)
        try:
            async with asyncio.timeout(2 * LOOK_S):
                return await client.tools()
        finally:
            await client.close()

    kept = {tool.remote["name"]: tool for tool in project.tools.filter(url=url).exclude(remote={})}
    found = [_offered(one, url, kept) for one in asyncio.run(asked())]
    _note(kept, found)
    return found


def add(
    project: Project,
    url: str,
    secrets: Mapping[str, str],
    chosen: list[Offered],
    by: AbstractBaseUser | None,
) -> list[Tool]:
    """Keep what was chosen; what is there already is described anew. Raises what `save_tool` raises."""
    saved = []
    with transaction.atomic():
        for one in chosen:
            values = dict(one.row) | {"secrets": list(secrets)}
            if one.kept:
                own = ("name", "about", "words", "fields", "timeout_s", "delay_s", "by_model", "active", "headers")
                values |= {name: getattr(one.kept, name) for name in own}
                values["remote"] = {**values["remote"], "reads": bool(one.kept.remote.get("reads"))}
            else:
                values["name"] = _free(project, values["name"])
            tool = tools.save_tool(project, one.kept, values, by, secrets=secrets)
            Tool.objects.filter(pk=tool.pk).update(seen=values["remote"]["mark"])
            saved.append(tool)
    return saved


def _note(kept: Mapping[str, Tool], found: list[Offered]) -> None:
    """What was seen there just now, for the warning before a publish."""
    there = {one.name: one.row["remote"]["mark"] for one in found if one.row}
    for name, tool in kept.items():
        Tool.objects.filter(pk=tool.pk).update(seen=there.get(name, "gone"))


def _free(project: Project, name: str) -> str:
    taken = set(project.tools.values_list("name", flat=True))
    return next(free for n in range(1, 1000) if (free := name if n == 1 else f"{name[:54]} {n}") not in taken)


def _offered(told: Mapping[str, Any], url: str, kept: Mapping[str, Tool]) -> Offered:
    """One tool as the server tells it, as a tool of ours."""
    name = told.get("name")
    if not isinstance(name, str) or not name or len(name) > plan.REMOTE_MOST or not name.isprintable():
        return Offered(bare(str(name), NAME_MOST), problem=_("It has no usable name."))
    about = bare(str(told.get("description") or ""), tool_rules.ABOUT_MOST)
    title = bare(str(told.get("title") or apart(name)), NAME_MOST)
    annotations = told.get("annotations")
    reads = isinstance(annotations, dict) and annotations.get("readOnlyHint") is True
    try:
        parameters = _parameters(told.get("inputSchema"))
    except ValueError as problem:
        return Offered(name, about, problem=str(problem), kept=kept.get(name))
    definition = mark([name, told.get("title"), told.get("description"), told.get("inputSchema")])
    remote = {"name": name, "mark": definition, "reads": False}
    row, wrong = tool_rules.clean(
        {"name": title or name, "about": about, "url": url, "parameters": parameters, "remote": remote}
    )
    if wrong:
        return Offered(name, about, problem=f"{wrong[0][:1].upper()}{wrong[0][1:]}.", kept=kept.get(name))
    needs = tuple(one["name"] for one in parameters if one["required"])
    return Offered(name, about, needs, reads, row, kept=kept.get(name))


def _parameters(schema: Any) -> list[dict[str, Any]]:
    """What it needs to know. Raises ValueError where that cannot be given here."""
    properties = schema.get("properties", {}) if isinstance(schema, dict) else None
    if not isinstance(properties, dict) or schema.get("type", "object") != "object":
        raise ValueError(_("It does not say what it needs to know."))
    required = set(schema.get("required") or ()) if isinstance(schema.get("required") or [], list) else set()
    found: list[dict[str, Any]] = []
    for sent, shape in sorted(properties.items(), key=lambda one: one[0] not in required):
        one = _parameter(str(sent), shape if isinstance(shape, dict) else {})
        keys = {key_of(apart(each["sent"])) for each in found}
        if one is None or len(found) >= plan.PARAMETERS_MOST or key_of(apart(one["sent"])) in keys:
            if sent in required:
                raise ValueError(_("It needs to know “%s”, which cannot be given here.") % bare(str(sent), NAME_MOST))
            continue
        found.append(one | {"required": sent in required})
    headers = [one["header"].lower() for one in found if one["header"]]
    if len(set(headers)) < len(headers) or _deep(properties):
        raise ValueError(_("It wants values in headers in a way that is not allowed."))
    return found


def _parameter(sent: str, shape: Mapping[str, Any]) -> dict[str, Any] | None:
    """None: it is of no kind that can be given."""
    kinds = [one for one in _listed(shape.get("type")) if one != "null"]
    options = [str(one) for one in _listed(shape.get("enum")) if isinstance(one, str)][: plan.OPTIONS_MOST]
    kind = "choice" if options else _KINDS.get(str(kinds[0]) if len(kinds) == 1 else "", "")
    if kind == "text" and shape.get("format") == "date":
        kind = "date"
    header = shape.get("x-mcp-header")
    fits = isinstance(header, str) and _HEADER.fullmatch(header) and kinds in (["string"], ["integer"], ["boolean"])
    if header is not None and not fits:
        raise ValueError(_("It wants values in headers in a way that is not allowed."))
    written = json.dumps(shape)
    if (
        not kind
        or not key_of(apart(sent))
        or (kind == plan.JSON and (len(written) > SHAPE_MOST or '"$ref"' in written))
    ):
        return None
    name = bare(str(shape.get("title") or apart(sent)), NAME_MOST)
    about = bare(str(shape.get("description") or ""), tool_rules.ABOUT_MOST)
    return {
        "name": name or sent,
        "sent": sent,
        "kind": kind,
        "about": about,
        "options": options,
        "header": header or "",
        "shape": _bared(shape) if kind == plan.JSON else {},
    }


def _bared(shape: Any) -> Any:
    """A schema whose texts have lost markup and signs that steer."""
    if isinstance(shape, dict):
        return {str(key)[:60]: _bared(value) for key, value in shape.items()}
    if isinstance(shape, list):
        return [_bared(value) for value in shape]
    return bare(shape, tool_rules.ABOUT_MOST) if isinstance(shape, str) else shape


def _deep(properties: Mapping[str, Any]) -> bool:
    """Whether something below the first level is wanted in a header."""
    return any(
        "x-mcp-header" in json.dumps({key: value for key, value in shape.items() if key != "x-mcp-header"})
        for shape in properties.values()
        if isinstance(shape, dict)
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
