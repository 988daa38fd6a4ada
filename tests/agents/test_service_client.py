"""The guarded client of connections, against a server of this machine that does what services do, and worse."""

import asyncio
import socket

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from agents.outside import service_client
from agents.outside.addresses import NotFetched
from agents.outside.service_client import Refusal, ServiceClient

KEY = "sk-not-for-anybody-else"


@pytest.fixture
async def served():
    """What the server was asked, and a client for it."""
    asked = []

    async def said(request):
        asked.append(request)
        match request.path:
            case "/v1/hello":
                return web.json_response({"said": await request.text(), "key": request.headers.get("Authorization")})
            case "/v1/elsewhere":
                return web.Response(status=307, headers={"Location": "http://example.com/"})
            case "/v1/refused":
                return web.json_response({"error": "no"}, status=401)
            case "/v1/long":
                return web.Response(body=b"x" * 5000)
            case "/v1/silent":
                await asyncio.sleep(30)
            case "/v1/cut":
                response = web.StreamResponse(headers={"Content-Length": "100"})
                await response.prepare(request)
                await response.write(b"half")
                request.transport.abort()
                return response
            case "/v1/socket":
                there = web.WebSocketResponse()
                await there.prepare(request)
                async for message in there:
                    await there.send_str(message.data.upper())
                return there
        return web.Response(status=404)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", said)
    server = TestServer(app)
    await server.start_server()
    client = ServiceClient(f"{server.make_url('/v1')}", {"Authorization": f"Bearer {KEY}"}, private=True)
    yield client, asked, server
    await client.close()
    await client.close()
    await server.close()


async def get(client, path, **given):
    async with client.request("GET", path, within_s=2, **given) as response:
        return await client.read(response, 4000)


async def test_the_key_goes_with_a_request_and_the_answer_comes_back(served):
    client, _asked, _server = served
    async with client.request("POST", "hello", within_s=2, data=b"good day") as response:
        assert await response.json() == {"said": "good day", "key": f"Bearer {KEY}"}


async def test_a_socket_takes_and_gives_messages(served):
    client, _asked, _server = served
    there = await client.open_socket("/socket")
    await there.send_str("hello")
    assert (await there.receive()).data == "HELLO"
    await there.close()


async def test_a_redirect_is_a_refusal_and_the_key_goes_nowhere_else(served):
    client, asked, _server = served
    with pytest.raises(Refusal) as refused:
        await get(client, "elsewhere")
    assert refused.value.status == 307 and len(asked) == 1


async def test_a_refusal_tells_its_status_and_not_the_key(served):
    client, _asked, _server = served
    with pytest.raises(Refusal) as refused:
        await get(client, "refused")
    assert refused.value.status == 401 and KEY not in str(refused.value)
    with pytest.raises(Refusal) as refused:
        await client.open_socket("refused")
    assert refused.value.status == 401


@pytest.mark.parametrize(
    ("path", "code"),
    [("long", "NOT_HTTP"), ("cut", "NOT_HTTP")],
)
async def test_what_is_too_long_or_breaks_off_is_no_answer(served, path, code):
    client, _asked, _server = served
    with pytest.raises(NotFetched) as failed:
        await get(client, path)
    assert failed.value.code == code and KEY not in f"{failed.value} {failed.value.detail}"


async def test_what_takes_too_long_is_given_up(served):
    client, _asked, _server = served
    with pytest.raises(NotFetched) as failed:
        async with client.request("GET", "silent", within_s=0.05):
            pass
    assert failed.value.code == "TOO_SLOW"


async def test_a_server_that_is_gone_is_unreachable(served):
    client, _asked, server = served
    await server.close()
    with pytest.raises(NotFetched) as failed:
        await get(client, "hello")
    assert failed.value.code == "UNREACHABLE"


async def test_without_leave_no_address_of_this_machine_is_asked_however_it_is_written(served, monkeypatch):
    _client, asked, server = served
    monkeypatch.setattr("agents.outside.addresses.PORTS", (80, 443, server.port))
    for host in ("127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254"):
        client = ServiceClient(f"https://{host}:{server.port}/v1")
        for ask in (get(client, "hello"), client.open_socket("socket")):
            with pytest.raises(NotFetched) as failed:
                await ask
            assert failed.value.code == "PRIVATE", host
        await client.close()
    assert asked == []


async def test_a_name_with_one_inner_address_is_refused_as_a_whole(monkeypatch):
    async def resolve(self, host, port=0, family=socket.AF_INET):
        return [
            {"hostname": host, "host": address, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for address in ("93.184.216.34", "127.0.0.1")
        ]

    monkeypatch.setattr(service_client.ThreadedResolver, "resolve", resolve)
    client = ServiceClient("https://two.example.com")
    with pytest.raises(NotFetched) as failed:
        await get(client, "hello")
    assert failed.value.code == "PRIVATE"
    await client.close()


async def test_without_leave_nothing_is_asked_in_the_clear(served):
    _client, asked, server = served
    client = ServiceClient(f"{server.make_url('/v1')}")
    with pytest.raises(NotFetched) as failed:
        await get(client, "hello")
    assert failed.value.code == "HTTPS_ONLY" and asked == []
