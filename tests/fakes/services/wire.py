"""What fake services share: a socket they talk on, over a real server or in memory, and the faults they can have."""

import asyncio
import json
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from agents.outside.service_client import Refusal, ServiceClient

KEY = "sk-live-0123456789abcd"
FAULTS = ("401", "429", "500", "slow", "cut", "garbage", "odd", "closed")  # where a wire can have them


class Cut(Exception):
    """The connection breaks, without a word."""


class Service:
    """A service with at most one fault. `asked`: every handshake or request it had, as (path, query, headers)."""

    port = 0
    key = KEY

    def __init__(self):
        self.fault = ""
        self.close_code = 1011
        self.asked = []
        self.heard = []  # every message from the client
        self.open = 0  # sockets
        self.moved = asyncio.Event()

    def refusal(self, path, query, headers):
        """The status that refuses this, or None."""
        self.asked.append((path, query, {name.lower(): value for name, value in headers.items()}))
        if self.fault in ("401", "429", "500"):
            return int(self.fault)
        return None if self.lets_in(self.asked[-1][2]) else 401

    def lets_in(self, headers):
        raise NotImplementedError

    async def talk(self, path, query, there):
        """Everything on one socket, until `there` gives None."""
        raise NotImplementedError

    async def serve(self, path, query, there):
        self.open += 1
        try:
            await self.talk(path, query, there)
        except Cut:
            await there.abort()
        finally:
            self.open -= 1
            self.moved.set()


class _Served:
    """The service's end of a real socket."""

    def __init__(self, socket, request):
        self._socket, self._request = socket, request

    async def receive(self):
        message = await self._socket.receive()
        if message.type is aiohttp.WSMsgType.TEXT:
            return json.loads(message.data)
        return message.data if message.type is aiohttp.WSMsgType.BINARY else None

    async def send(self, message):
        await self._socket.send_str(message if isinstance(message, str) else json.dumps(message))

    async def close(self, code=1000):
        await self._socket.close(code=code)

    async def abort(self):
        self._request.transport.abort()


async def served(service):
    """A real server for it on this machine. Close it."""

    async def answer(request):
        refused = service.refusal(request.path, dict(request.query), request.headers)
        if refused:
            return web.json_response({"error": {"message": f"no, {KEY}"}}, status=refused)
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return await service.http(request)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await service.serve(request.path, dict(request.query), _Served(socket, request))
        return socket

    app = web.Application(client_max_size=16 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", answer)
    server = TestServer(app)
    await server.start_server()
    return server


# ── In memory, for calls on the jumping clock ────────────────────────────────────────────────────────────────


class MemorySocket:
    """The client's end, as aiohttp's looks to a wire."""

    def __init__(self):
        self.to_service, self.to_client = asyncio.Queue(), asyncio.Queue()
        self.closed, self.close_code = False, None
        self.task = None

    async def send_str(self, text):
        if self.closed:
            raise ConnectionResetError
        await self.to_service.put(json.loads(text))

    async def send_bytes(self, data):
        if self.closed:
            raise ConnectionResetError
        await self.to_service.put(data)

    async def receive(self):
        kind, data = await self.to_client.get()
        if kind is not aiohttp.WSMsgType.TEXT:
            self.closed, self.close_code = True, data
        return SimpleNamespace(type=kind, data=data)

    async def close(self):
        self.closed = True
        await self.to_service.put(None)
        await self.to_client.put((aiohttp.WSMsgType.CLOSED, 1000))
        await asyncio.wait({self.task})


class _InMemory:
    def __init__(self, socket):
        self._socket = socket

    async def receive(self):
        return await self._socket.to_service.get()

    async def send(self, message):
        text = message if isinstance(message, str) else json.dumps(message)
        await self._socket.to_client.put((aiohttp.WSMsgType.TEXT, text))

    async def close(self, code=1000):
        await self._socket.to_client.put((aiohttp.WSMsgType.CLOSE, code))
        await self._socket.to_service.put(None)

    async def abort(self):
        await self._socket.to_client.put((aiohttp.WSMsgType.CLOSE, 1006))


def in_memory(monkeypatch, services):
    """Every socket that is opened goes to the service of its address (without a scheme) from now on."""

    async def open_socket(self, path, *, within_s=5.0, **given):
        address = urlsplit(f"{self._address}/{path}")
        service = services[address.netloc]
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        if refused := service.refusal(address.path, query, self._headers):
            raise Refusal(refused)
        socket = MemorySocket()
        socket.task = asyncio.create_task(service.serve(address.path, query, _InMemory(socket)))
        return socket

    monkeypatch.setattr(ServiceClient, "open_socket", open_socket)
