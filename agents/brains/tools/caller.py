"""Asks the owner's system once, through the guarded client: no inner addresses, no redirects, bounded in time and size.

What only reads is asked a second time where the connection broke; what changes something never is.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.brains.tools import failing, outcome, remote
from agents.brains.tools.arguments import BadArguments, Value
from agents.brains.tools.outcome import Outcome
from agents.brains.tools.plan import Tool
from agents.brains.tools.request import Request, request
from agents.outside.addresses import NotFetched
from agents.outside.service_client import Refusal, ServiceClient

BODY_MOST = 64 * 1024  # bytes of an answer


@dataclass(frozen=True, slots=True)
class Door:
    """Where a tool is asked, opened for use. `address` stands for its origin where that is a name of our own; "" there:
    nobody is at home."""

    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    private: bool = False
    address: str | None = None
    missing: bool = False  # a sealed value is not there, or belongs to another server


async def call(tool: Tool, arguments: Mapping[str, Value], door: Door, key: str) -> Outcome:
    """Never raises: what fails is an outcome, too."""
    began = time.monotonic()
    found = await _called(tool, arguments, door, key)
    if found.code in ("UNREACHABLE", "UNAVAILABLE") and tool.reads and time.monotonic() - began < tool.timeout_s / 2:
        found = await _called(tool, arguments, door, key)
    return Outcome(
        found.state,
        found.values,
        found.code,
        found.status,
        round((time.monotonic() - began) * 1000),
        found.text,
    )


async def _called(tool: Tool, arguments: Mapping[str, Value], door: Door, key: str) -> Outcome:
    if door.missing:
        return Outcome("failed", code="NO_KEY")
    try:
        asked = request(tool, arguments, door.secrets, key)
    except BadArguments:
        return Outcome("failed", code="BAD_VALUE")
    if door.address == "":
        return Outcome("failed", code="NOT_RUNNING")
    if tool.remote:
        return await remote.called(tool, arguments, asked, door.address or "", private=door.private)
    client = ServiceClient(door.address or asked.origin, private=door.private)
    try:
        return await _asked(client, tool, asked)
    except Refusal as refusal:
        return failing.refused(tool, refusal)
    except NotFetched as problem:
        return failing.not_fetched(tool, problem)
    finally:
        await client.close()


async def _asked(client: ServiceClient, tool: Tool, asked: Request) -> Outcome:
    given: dict[str, Any] = {"headers": asked.headers, "encoded": True}
    if asked.body is not None:
        given["json"] = asked.body
    async with client.request(tool.method, asked.path, within_s=tool.timeout_s, **given) as response:
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            return failing.broken(tool, "GARBLED", response.status)
        body = await client.read(response, BODY_MOST)
        try:
            values, text = outcome.of_body(tool, body, response.content_type)
        except ValueError:
            return failing.broken(tool, "GARBLED", response.status)
        return Outcome("done", values, status=response.status, text=text)
