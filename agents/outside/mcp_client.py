"""A thin client of MCP servers over Streamable HTTP, on the guarded client: their tools listed, one called. No Django.

Two wires. The newer one has no session: each request says which revision it speaks. The older one begins with
`initialize` and may have a session. Which of them a server speaks is asked once a process with `server/discover`, which
does nothing, so that a call is never sent twice over it. What a server asks of us in return is not answered.
"""

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import aiohttp

from agents.outside.addresses import NotFetched
from agents.outside.server_events import NotEvents, events
from agents.outside.service_client import Refusal, ServiceClient

NEW = "2026-07-28"
OLD = ("2025-11-25", "2025-06-18", "2025-03-26")
ANSWER_MOST = 256 * 1024  # bytes of one answer
PAGES_MOST, TOOLS_MOST = 10, 100  # of a list of tools
UNSUPPORTED, NO_METHOD = -32022, -32601
_MODERN = range(-32029, -32019)  # errors that only the newer wire knows
_ME = {"name": "Pickup", "version": "1"}
_META = "io.modelcontextprotocol/"
_KNOWN_MOST = 200
_known: dict[str, bool] = {}  # by address: whether it speaks the newer wire


class ServerError(Exception):
    """The server answered with an error of the protocol's."""

    def __init__(self, code: int, data: Any = None) -> None:
        super().__init__(f"error {code}")
        self.code, self.data = code, data


class McpClient:
    """One server, for one list or one call. Raises NotFetched, Refusal and ServerError."""

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        private: bool = False,
        at: str = "",
        within_s: float = 8.0,
    ) -> None:
        """`headers` hold the keys. `at`: where its origin is really asked."""
        scheme, _, rest = url.partition("://")
        host, _, path = rest.partition("/")
        self._client = ServiceClient(at or f"{scheme}://{host}", headers, private=private)
        self._url, self._path, self._within_s = url, path, within_s
        self._revision, self._session, self._id = "", "", 0

    async def tools(self) -> list[dict[str, Any]]:
        """What it has, as it tells it."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, Any] = {}
        for _page in range(PAGES_MOST):
            result = await self._asked("tools/list", cursor)
            rows = result.get("tools")
            found += [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
            following = result.get("nextCursor")
            if not isinstance(following, str) or not following or len(found) >= TOOLS_MOST:
                break
            cursor = {"cursor": following}
        return found[:TOOLS_MOST]

    async def call(
        self, name: str, arguments: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Its result. `headers`: values that the tool wants there, too."""
        more = dict(headers or {})
        return await self._asked("tools/call", {"name": name, "arguments": dict(arguments)}, more)

    async def prepare(self) -> None:
        """Find out which wire it speaks; nothing was done when this fails."""
        if self._revision:
            return
        if _known.get(self._url) is not False and await self._is_new():
            self._revision = NEW
            return
        await self._begin()

    async def close(self) -> None:
        if self._session:
            with suppress(NotFetched, Refusal):
                async with self._client.request(
                    "DELETE", self._path, within_s=0.5, headers=self._heads("", {}), encoded=True
                ):
                    pass
        await self._client.close()

    # ── Which wire ───────────────────────────────────────────────────────────────────────────────────────────

    async def _is_new(self) -> bool:
        if _known.get(self._url):
            return True
        self._revision = NEW
        try:
            await self._sent("server/discover", {})
            new = True
        except ServerError as error:
            supported = error.data.get("supported") if isinstance(error.data, dict) else None
            new = error.code in _MODERN and not (isinstance(supported, list) and NEW not in supported)
        except Refusal as refusal:
            if refusal.status in (401, 403, 429) or refusal.status not in range(400, 500):
                raise
            new = False
        finally:
            self._revision = ""
        if len(_known) >= _KNOWN_MOST:
            _known.clear()
        _known[self._url] = new
        return new

    async def _begin(self) -> None:
        """The older wire's beginning."""
        asked = {"protocolVersion": OLD[0], "capabilities": {}, "clientInfo": _ME}
        try:
            result = await self._sent("initialize", asked)
        except (ServerError, Refusal):
            _known.pop(self._url, None)  # it may speak the newer one by now
            raise
        told = result.get("protocolVersion")
        if told not in OLD:
            raise NotFetched("NOT_HTTP", self._url, "no revision that is known")
        self._revision = str(told)
        body = {"jsonrpc": "2.0", "method": "notifications/initialized"}
        async with self._client.request(
            "POST", self._path, within_s=self._within_s, headers=self._heads("", {}), json=body, encoded=True
        ):
            pass

    # ── One request ──────────────────────────────────────────────────────────────────────────────────────────

    async def _asked(
        self, method: str, params: dict[str, Any], headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        await self.prepare()
        return await self._sent(method, params, headers)

    async def _sent(
        self, method: str, params: dict[str, Any], headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        self._id += 1
        if self._revision == NEW:
            params = {**params, "_meta": {f"{_META}protocolVersion": NEW, f"{_META}clientInfo": _ME,
                                          f"{_META}clientCapabilities": {}}}  # fmt: skip
        body = {"jsonrpc": "2.0", "id": self._id, "method": method, "params": params}
        heads = self._heads(method, params) | dict(headers or {})
        try:
            async with self._client.request(
                "POST", self._path, within_s=self._within_s, headers=heads, json=body, encoded=True
            ) as response:
                if method == "initialize":
                    self._session = _session(response)
                return self._result(await self._message(response))
        except Refusal as refusal:
            if refusal.status in (400, 404, 405, 422) and (error := _error(refusal.body)):
                raise error from None
            raise

    def _heads(self, method: str, params: Mapping[str, Any]) -> dict[str, str]:
        heads = {"Accept": "application/json, text/event-stream", "Accept-Encoding": "identity"}
        if self._revision:
            heads["MCP-Protocol-Version"] = self._revision
        if self._revision == NEW and method:
            heads["Mcp-Method"] = method
            if method == "tools/call":
                heads["Mcp-Name"] = header_value(str(params["name"]))
        if self._session:
            heads["Mcp-Session-Id"] = self._session
        return heads

    async def _message(self, response: aiohttp.ClientResponse) -> Any:
        """The answer to this request, whichever way it came."""
        if response.content_type != "text/event-stream":
            try:
                return json.loads(await self._client.read(response, ANSWER_MOST))
            except (ValueError, RecursionError):
                raise NotFetched("NOT_HTTP", self._url, "no JSON") from None
        try:
            read = 0
            async for data in events(self._client.pieces(response)):
                read += len(data)
                if read > ANSWER_MOST:
                    break
                message = json.loads(data)
                if isinstance(message, dict) and message.get("id") == self._id and "method" not in message:
                    return message
        except (NotEvents, ValueError, RecursionError):
            pass
        raise NotFetched("NOT_HTTP", self._url, "no answer in it")

    def _result(self, message: Any) -> dict[str, Any]:
        if not isinstance(message, dict):
            raise NotFetched("NOT_HTTP", self._url, "no message")
        if error := _of(message):
            raise error
        if message.get("id") != self._id or not isinstance(message.get("result"), dict):
            raise NotFetched("NOT_HTTP", self._url, "another answer")
        return dict(message["result"])


def header_value(value: str) -> str:
    """As it may stand in a header, whatever it holds."""
    plain = value.isascii() and value.isprintable() and value == value.strip()
    if plain and not (value.startswith("=?base64?") and value.endswith("?=")):
        return value
    return f"=?base64?{base64.b64encode(value.encode()).decode('ascii')}?="


def _session(response: aiohttp.ClientResponse) -> str:
    found = response.headers.get("Mcp-Session-Id", "")
    return found if found.isascii() and found.isprintable() and len(found) <= 500 else ""


def _error(body: bytes) -> ServerError | None:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return _of(message) if isinstance(message, dict) else None


def _of(message: dict[str, Any]) -> ServerError | None:
    error = message.get("error")
    if not isinstance(error, dict) or not isinstance(error.get("code"), int):
        return None
    return ServerError(error["code"], error.get("data"))
