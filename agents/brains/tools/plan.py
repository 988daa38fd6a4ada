"""A tool as a version keeps it: one request to a system of the owner's, what it needs to know, what is said of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "MCP"]
METHODS: tuple[Method, ...] = ("GET", "POST", "PUT", "PATCH", "DELETE")
MCP: Method = "MCP"  # a tool of a server that speaks the Model Context Protocol
KINDS = ("text", "number", "yesno", "date", "time", "choice")
JSON = "json"  # a list or an object, as a server's own schema describes it: a language model writes it
PARAMETERS_MOST, FIELDS_MOST, HEADERS_MOST, OPTIONS_MOST = 12, 12, 8, 30
REMOTE_MOST = 128  # characters of what a server calls a tool
TIMEOUT_S, TIMEOUT_MOST_S, DELAY_S = 8.0, 30.0, 3.0
MOMENTS = ("start", "delay", "answer", "refused", "failure")  # of a call, each with a sentence
_SCHEMA: dict[str, dict[str, Any]] = {
    "number": {"type": "number"},
    "yesno": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "description": "HH:MM"},
}
_NAMED = re.compile(r"\{([a-z0-9_]{1,40})\}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a tool needs to know. `value`: where it is not asked for but filled in, from a text."""

    key: str
    name: str = ""
    about: str = ""
    kind: str = "text"
    required: bool = True
    options: tuple[str, ...] = ()
    value: str = ""
    sent: str = ""  # what the server calls it; "": its key
    header: str = ""  # that the server wants it in, too
    shape: Mapping[str, Any] = field(default_factory=dict)  # of a list or an object, as JSON Schema


@dataclass(frozen=True, slots=True)
class Field:
    """A part of the answer that may be said: where it stands in the JSON, parts with dots between, and its own name."""

    key: str
    path: str


@dataclass(frozen=True, slots=True)
class Tool:
    id: int
    name: str
    about: str = ""  # when it is used, for a language model
    method: Method = "GET"
    url: str = ""
    parameters: tuple[Parameter, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    secrets: tuple[str, ...] = ()  # names of headers whose values are sealed, and in no version
    fields: tuple[Field, ...] = ()
    timeout_s: float = TIMEOUT_S
    delay_s: float = DELAY_S
    by_model: bool = True  # a language model may use it, too
    remote: str = ""  # what an MCP server calls it; "": it is a request of its own
    looks: bool = False  # its owner says that it changes nothing there
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by language and moment

    @property
    def reads(self) -> bool:
        """Does it only look something up? Then asking twice changes nothing."""
        return self.looks if self.remote else self.method == "GET"

    @property
    def asked(self) -> tuple[Parameter, ...]:
        """What somebody has to tell; the rest is filled in."""
        return tuple(one for one in self.parameters if not one.value)

    def said(self, moment: str, language: str) -> str:
        """The owner's sentence for a moment, in that language; "" where there is none."""
        return self.words.get(language, {}).get(moment, "")

    def schema(self) -> dict[str, Any]:
        """As a language model is told of it."""
        properties = {}
        for one in self.asked:
            shape = dict(one.shape or _SCHEMA.get(one.kind, {"type": "string"}))
            if one.options:
                shape["enum"] = list(one.options)
            shape["description"] = ". ".join(
                part for part in (one.name, one.about, shape.get("description", "")) if part
            )
            properties[one.key] = shape
        return {
            "name": f"tool_{self.id}",
            "description": f"{self.name}. {self.about}".strip(),
            "parameters": {
                "type": "object",
                "properties": properties,
                "required": [one.key for one in self.asked if one.required],
                "additionalProperties": False,
            },
        }


def read(rows: Sequence[Mapping[str, Any]]) -> tuple[Tool, ...]:
    """The tools of a configuration."""
    return tuple(tool(row) for row in rows)


def tool(row: Mapping[str, Any]) -> Tool:
    return Tool(
        id=int(row["id"]),
        name=str(row["name"]),
        about=str(row.get("about", "")),
        method=row["method"] if row.get("method") in (*METHODS, MCP) else "GET",
        url=str(row["url"]),
        parameters=tuple(
            Parameter(
                one["key"],
                one.get("name", ""),
                one.get("about", ""),
                one.get("kind", "text"),
                bool(one.get("required", True)),
                tuple(one.get("options", ())),
                one.get("value", ""),
                one.get("sent", ""),
                one.get("header", ""),
                one.get("shape", {}),
            )
            for one in row.get("parameters", ())
        )[:PARAMETERS_MOST],
        headers=tuple((str(name), str(value)) for name, value in row.get("headers", ()))[:HEADERS_MOST],
        secrets=tuple(row.get("secrets", ())),
        fields=tuple(Field(one["key"], one["path"]) for one in row.get("fields", ()))[:FIELDS_MOST],
        timeout_s=min(float(row.get("timeout_s", TIMEOUT_S)), TIMEOUT_MOST_S),
        delay_s=float(row.get("delay_s", DELAY_S)),
        by_model=bool(row.get("by_model", True)),
        remote=str(row.get("remote", {}).get("name", "")),
        looks=bool(row.get("remote", {}).get("reads")),
        words={language: dict(said) for language, said in row.get("words", {}).items()},
    )


def reads(row: Mapping[str, Any]) -> bool:
    """Does a tool of a configuration only look something up?"""
    remote = row.get("remote") or {}
    return bool(remote.get("reads")) if remote else row["method"] == "GET"


def named(text: str) -> list[str]:
    """What stands in braces in an address or a sentence."""
    return list(dict.fromkeys(_NAMED.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """With the values in their places; what is filled in is not filled again."""
    return _NAMED.sub(lambda match: values.get(match[1], match[0]), text)
