"""Tools of MCP servers: listed, called on both wires, and what is not believed of what they say."""

import asyncio
import threading

import pytest

from agents.brains.tools import caller, plan
from agents.brains.tools.acting import Acting
from agents.brains.tools.arguments import BadArguments, checked
from agents.brains.tools.caller import Door
from agents.outside import mcp_client
from agents.outside.addresses import NotFetched
from agents.outside.mcp_client import McpClient
from tests.fakes.mcp_service import Call, McpService
from tests.fakes.tool_service import Book

WIRES = pytest.mark.parametrize("wire", ["new", "old"])


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(mcp_client, "_known", {})


def look(url, reads=True, **more):
    parameter = {"key": "ordernumber", "name": "Order number", "sent": "orderNumber"}
    remote = {"name": "look_up_order", "reads": reads}
    row = {"id": 7, "name": "Look up", "method": "MCP", "url": url, "parameters": [parameter], "remote": remote}
    return plan.tool(row | more)


def booking(url):
    parameters = [
        {"key": "day", "kind": "date", "sent": "day", "header": "Day"},
        {"key": "bikes", "kind": "json", "sent": "bikes", "required": False, "shape": {"type": "array"}},
    ]
    row = {"id": 8, "name": "Book", "method": "MCP", "url": url, "parameters": parameters, "remote": {"name": "book"}}
    return plan.tool(row)


async def call(tool, given, key="key-1", **door):
    return await caller.call(tool, checked(tool, given), Door(private=True, **door), key)


@WIRES
async def test_the_tools_of_a_server_are_listed_page_by_page(wire):
    with McpService(wire=wire, key="Bearer sk") as service:
        client = McpClient(service.url, {"Authorization": "Bearer sk"}, private=True)
        assert [one["name"] for one in await client.tools()] == ["look_up_order", "book"]
        await client.close()
    assert service.ended == (["session-0"] if wire == "old" else [])


@WIRES
async def test_a_call_is_sent_once_with_its_key_and_its_idempotency_key(wire):
    with McpService(wire=wire, key="Bearer sk") as service:
        found = await call(look(service.url), {"ordernumber": "4711"}, secrets={"Authorization": "Bearer sk"})
        again = await call(look(service.url), {"ordernumber": "4712"}, secrets={"Authorization": "Bearer sk"})
    assert (found.state, found.text) == ("done", "It is ready.") and again.state == "done"
    assert [one["arguments"] for one in service.done] == [{"orderNumber": "4711"}, {"orderNumber": "4712"}]
    sent = [heads for method, _params, heads in service.asked if method == "tools/call"]
    assert sent[0]["idempotency-key"] == "key-1"
    asked = [method for method, _params, _heads in service.asked]
    assert asked.count("server/discover") == (1 if wire == "new" else 0)  # which wire it is, is asked once


@WIRES
async def test_an_answer_in_events_is_found_among_others(wire):
    with McpService(Call(streams=True), wire=wire) as service:
        assert (await call(look(service.url), {"ordernumber": "1"})).text == "It is ready."


async def test_values_that_a_server_wants_in_headers_stand_there_and_lists_go_along_as_they_are():
    with McpService() as service:
        found = await call(booking(service.url), {"day": "2026-12-04", "bikes": ["red", "green"]})
    assert found.state == "done" and service.done[0]["arguments"] == {"day": "2026-12-04", "bikes": ["red", "green"]}
    assert mcp_client.header_value("Grüße ") == "=?base64?R3LDvMOfZSA=?="


@pytest.mark.parametrize("bikes", ["{", '{"a": 1}', "x" * 9000, [float("nan")]])
async def test_a_list_that_is_none_is_not_sent(bikes):
    with pytest.raises(BadArguments):
        checked(booking("https://mcp.example.com/mcp"), {"day": "2026-12-04", "bikes": bikes})


async def test_parts_of_a_structured_answer_are_taken_and_the_rest_is_bare():
    result = {"content": [], "structuredContent": {"order": {"status": "<b>ready</b>"}}}
    with McpService(Call(result)) as service:
        tool = look(service.url, fields=[{"key": "status", "path": "order.status"}])
        assert (await call(tool, {"ordernumber": "1"})).values == {"status": "ready"}


@WIRES
@pytest.mark.parametrize(
    ("answer", "reads", "ends"),
    [
        (Call({"isError": True, "content": [{"type": "text", "text": "No such order."}]}), False, ("refused", "")),
        (Call(error=-32602), False, ("failed", "NOT_UNDERSTOOD")),
        (Call(error=-32603), False, ("unknown", "UNAVAILABLE")),
        (Call(error=-32603), True, ("failed", "UNAVAILABLE")),
        (Call({"resultType": "input_required", "inputRequests": {}}), False, ("failed", "NOT_UNDERSTOOD")),
        (Call(breaks=True), False, ("unknown", "UNREACHABLE")),
        (Call(raw=b"<html>"), False, ("unknown", "GARBLED")),
        (Call(raw=b"x" * 300_000), True, ("failed", "GARBLED")),
        (Call(status=302, raw=b"", headers={"Location": "http://127.0.0.1:1/"}), False, ("failed", "REDIRECT")),
        (Call(status=503, raw=b""), False, ("unknown", "UNAVAILABLE")),
    ],
)
async def test_how_a_call_ends_is_told_as_of_other_tools(wire, answer, reads, ends):
    with McpService(answer, wire=wire) as service:
        found = await call(look(service.url, reads), {"ordernumber": "1"})
    assert (found.state, found.code) == ends
    assert len(service.done) == (2 if reads and found.code in ("UNREACHABLE", "UNAVAILABLE") else 1)


async def test_a_call_that_takes_too_long_is_one_of_which_nobody_can_tell():
    over = Call(waits=threading.Event())
    with McpService(over) as service:
        found = await call(look(service.url, reads=False, timeout_s=0.3), {"ordernumber": "1"})
        assert (found.state, found.code) == ("unknown", "TOO_SLOW")


async def test_a_key_that_is_refused_is_said_and_nothing_was_done():
    with McpService(key="Bearer sk") as service:
        found = await call(look(service.url, reads=False), {"ordernumber": "1"}, secrets={"Authorization": "x"})
    assert (found.state, found.code) == ("failed", "KEY_REFUSED") and service.done == []


@pytest.mark.parametrize("url", ["https://127.0.0.1/mcp", "http://mcp.example.com/mcp", "https://[::1]/mcp"])
async def test_an_inner_address_and_one_in_the_clear_are_not_asked(url):
    tool = look(url, reads=False)
    found = await caller.call(tool, checked(tool, {"ordernumber": "1"}), Door(), "k")
    assert (found.state, found.code) == ("failed", "NOT_ALLOWED")
    with pytest.raises(NotFetched):
        await McpClient(url).tools()


async def test_whoever_comes_second_sends_nothing():
    with McpService(Call(), Call(error=-32603)) as service:
        tool, book = booking(service.url), Book()
        given = checked(tool, {"day": "2026-12-04"})
        one, other = (Acting("c", {8: Door(private=True)}, book) for _ in range(2))
        key = one.key(tool, "model", given)
        first = await one.begin(tool, given, key)
        again, second = await asyncio.gather(one.begin(tool, given, key), other.begin(tool, given, key))
    assert first.state == again.state == second.state == "done" and second.again and len(service.done) == 1
    assert book.told[key] == {"day": "2026-12-04"}


def test_a_model_is_told_of_it_as_of_other_tools():
    schema = booking("https://mcp.example.com/mcp").schema()
    assert schema["name"] == "tool_8" and schema["parameters"]["properties"]["bikes"]["type"] == "array"
