"""Calls a tool of an MCP server once: what it needs is found out first, and then one request does it.

What a server answers is information: its text, its parts, and its own word for "that did not work". It cannot ask for
more in the middle of a call, and nothing that it sends of its own accord is read.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from agents.brains.tools import failing, outcome
from agents.brains.tools.arguments import Value, shown
from agents.brains.tools.outcome import TEXT_MOST, Outcome, bare
from agents.brains.tools.plan import Tool
from agents.brains.tools.request import Request
from agents.outside.addresses import NotFetched
from agents.outside.mcp_client import McpClient, ServerError, header_value
from agents.outside.service_client import Refusal

_WRONG = frozenset({-32602, -32601, -32600, -32020, -32021, -32022})  # it took no such question: nothing was done


async def called(tool: Tool, arguments: Mapping[str, Value], asked: Request, address: str, *, private: bool) -> Outcome:
    """`asked`: the tool as a request, for its address and headers. Never raises."""
    heads = {name: value for name, value in asked.headers.items() if name not in ("Accept", "Accept-Encoding")}
    client = McpClient(tool.url, heads, private=private, at=address, within_s=tool.timeout_s)
    begun = False
    try:
        async with asyncio.timeout(tool.timeout_s):
            await client.prepare()
            begun = True
            given = {one.sent or one.key: arguments[one.key] for one in tool.parameters if one.key in arguments}
            return _read(tool, await client.call(tool.remote, given, _headers(tool, arguments)))
    except TimeoutError:
        return failing.broken(tool, "TOO_SLOW") if begun else Outcome("failed", code="TOO_SLOW")
    except ServerError as error:
        if error.code in _WRONG or not begun:
            return Outcome("failed", code="NOT_UNDERSTOOD")
        return failing.broken(tool, "UNAVAILABLE")
    except Refusal as refusal:
        found = failing.refused(tool, refusal)
    except NotFetched as problem:
        found = failing.not_fetched(tool, problem)
    finally:
        await client.close()
    return found if begun and found.state != "refused" else Outcome("failed", code=found.code or "NOT_UNDERSTOOD")


def _headers(tool: Tool, arguments: Mapping[str, Value]) -> dict[str, str]:
    """Values that the server wants to see in headers, too."""
    texts = shown(arguments)
    return {
        f"Mcp-Param-{one.header}": header_value(texts[one.key])
        for one in tool.parameters
        if one.header and one.key in texts
    }


def _read(tool: Tool, result: Mapping[str, Any]) -> Outcome:
    if result.get("resultType") == "input_required":
        return Outcome("failed", code="NOT_UNDERSTOOD")
    content = result.get("content")
    texts = [
        str(one.get("text", ""))
        for one in (content if isinstance(content, list) else ())
        if isinstance(one, dict) and one.get("type") == "text"
    ]
    text = "\n".join(texts)
    if result.get("isError"):
        return Outcome("refused", text=bare(text, TEXT_MOST))
    structured = result.get("structuredContent")
    parts = structured is not None and (tool.fields or not text)  # else the same as words, made for reading
    body = json.dumps(structured, ensure_ascii=False) if parts else text
    try:
        values, whole = outcome.of_body(tool, body.encode(), "")
    except ValueError:
        return failing.broken(tool, "GARBLED")
    return Outcome("done", values, text=whole)
