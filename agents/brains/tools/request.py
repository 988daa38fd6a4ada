"""From a tool and its values to a request. A value is data wherever it stands: it cannot leave its place in an address,
and no value goes into a header."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from agents.brains.tools.arguments import BadArguments, Value, shown
from agents.brains.tools.plan import Tool, fill, named

KEY_HEADER = "Idempotency-Key"
OURS = frozenset({KEY_HEADER.lower(), "host", "content-length", "content-type", "transfer-encoding", "connection",
                  "accept", "accept-encoding", "user-agent", "cookie", "expect", "upgrade", "te"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    origin: str
    path: str  # with the query
    headers: dict[str, str] = field(repr=False)
    body: dict[str, Any] | None = None


def request(tool: Tool, arguments: Mapping[str, Value], secrets: Mapping[str, str], key: str) -> Request:
    """What is sent. Raises BadArguments."""
    texts = shown(arguments)
    before, _mark, query = tool.url.partition("?")
    parts = urlsplit(before)
    path = fill(parts.path, {name: _in_path(name, texts.get(name, "")) for name in named(parts.path)})
    asked = fill(query, {name: quote(texts.get(name, ""), safe="") for name in named(query)})
    elsewhere = {name: value for name, value in arguments.items() if name not in named(tool.url)}
    body = None
    if tool.reads or tool.method == "DELETE":
        more = urlencode(shown(elsewhere), quote_via=quote)
        asked = "&".join(part for part in (asked, more) if part)
    else:
        body = dict(elsewhere)
    headers = {
        **{name: value for name, value in tool.headers if name.lower() not in OURS},
        **{name: value for name, value in secrets.items() if name.lower() not in OURS},
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        KEY_HEADER: key,
    }
    return Request(f"{parts.scheme}://{parts.netloc}", path + (f"?{asked}" if asked else ""), headers, body)


def origin(url: str) -> str:
    """The server that a key of this tool belongs to; "" where there is none in the address."""
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://["
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()


def _in_path(name: str, value: str) -> str:
    """One part of a path. What servers read as a way up or down, encoded or not, is nobody's order number."""
    if not value.strip(". ") or any(sign in value for sign in "/\\%"):
        raise BadArguments(name, "cannot stand in an address")
    return quote(value, safe="")
