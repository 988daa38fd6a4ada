"""An MCP server on loopback, as the protocol documents it: the newer wire without sessions, or the older one with them.

It is as strict as servers are: headers that do not fit the body, a revision it does not speak, a request without its
session are refused. What it does beyond that is put on a list, one entry a call of a tool.
"""

import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LOOK_UP = {
    "name": "look_up_order",
    "title": "Look up an order",
    "description": "Tells whether an <b>order</b> is ready.",
    "inputSchema": {
        "type": "object",
        "properties": {"orderNumber": {"type": "string", "description": "As on the receipt"}},
        "required": ["orderNumber"],
    },
    "annotations": {"readOnlyHint": True},
}
BOOK = {
    "name": "book",
    "description": "Books an hour of the workshop.",
    "inputSchema": {
        "type": "object",
        "properties": {
            "day": {"type": "string", "format": "date", "x-mcp-header": "Day"},
            "bikes": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["day"],
    },
}


@dataclass
class Call:
    """What one call of a tool comes to."""

    result: dict[str, Any] = field(default_factory=lambda: {"content": [{"type": "text", "text": "It is ready."}]})
    error: int = 0  # of the protocol's
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    waits: threading.Event | None = None
    breaks: bool = False  # the connection is gone before an answer
    streams: bool = False  # as events, behind a notification and another answer
    raw: bytes | None = None


class McpService:
    def __init__(self, *calls: Call, wire: str = "new", key: str = "", tools: tuple[Any, ...] = ()) -> None:
        self.calls, self.wire, self.key = list(calls) or [Call()], wire, key
        self.tools: list[dict[str, Any]] = list(tools) or [LOOK_UP, BOOK]
        self.asked: list[tuple[str, dict[str, Any], dict[str, str]]] = []  # method, params, headers
        self.sessions: set[str] = set()
        self.ended: list[str] = []
        self.came = threading.Event()
        self._ready: set[str] = set()

    @property
    def done(self) -> list[dict[str, Any]]:
        """The calls of tools that it was asked for."""
        return [params for method, params, _headers in self.asked if method == "tools/call"]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/mcp"

    def __enter__(self) -> "McpService":
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                heads = {name.lower(): value for name, value in self.headers.items()}
                service._post(self, body, heads)

            def do_DELETE(self) -> None:
                service.ended.append(self.headers.get("Mcp-Session-Id", ""))
                service._send(self, 204, b"")

            def log_message(self, *_args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for call in self.calls:
            if call.waits:
                call.waits.set()
        self._server.shutdown()
        self._server.server_close()

    # ── What it answers ──────────────────────────────────────────────────────────────────────────────────────

    def _post(self, to: Any, body: dict[str, Any], heads: dict[str, str]) -> None:
        method, params = body["method"], body.get("params", {})
        if self.key and heads.get("authorization") != self.key:
            return self._send(to, 401, b"")
        if not all(kind in heads.get("accept", "") for kind in ("application/json", "text/event-stream")):
            return self._send(to, 406, b"")
        refused = (self._refused_new if self.wire == "new" else self._refused_old)(method, params, heads)
        if refused:
            status, error = refused
            return self._json(to, {"jsonrpc": "2.0", "id": body.get("id"), "error": error}, status)
        self.asked.append((method, params, heads))
        if "id" not in body:
            self._ready.add(heads.get("mcp-session-id", ""))
            return self._send(to, 202, b"")
        if method == "tools/call":
            self.came.set()
            return self._called(to, body["id"])
        result, more = self._result(method, params)
        return self._json(to, {"jsonrpc": "2.0", "id": body["id"], "result": result}, 200, more)

    def _refused_new(self, method: str, params: dict[str, Any], heads: dict[str, str]) -> tuple[int, Any] | None:
        meta = params.get("_meta", {})
        told = meta.get("io.modelcontextprotocol/protocolVersion")
        if told != "2026-07-28" or heads.get("mcp-protocol-version") != told:
            return 400, {"code": -32022, "message": "version", "data": {"supported": ["2026-07-28"]}}
        if "io.modelcontextprotocol/clientCapabilities" not in meta:
            return 400, {"code": -32602, "message": "no capabilities"}
        fits = heads.get("mcp-method") == method and heads.get("mcp-name") == params.get("name")
        day = params.get("arguments", {}).get("day") if params.get("name") == "book" else None
        if not fits or (day and heads.get("mcp-param-day") != day):
            return 400, {"code": -32020, "message": "header mismatch"}
        if method not in ("server/discover", "tools/list", "tools/call"):
            return 404, {"code": -32601, "message": "no such method"}
        return None

    def _refused_old(self, method: str, params: dict[str, Any], heads: dict[str, str]) -> tuple[int, Any] | None:
        if method == "initialize":
            fine = {"protocolVersion", "capabilities", "clientInfo"} <= params.keys()
            return None if fine else (400, {"code": -32602, "message": "incomplete"})
        session = heads.get("mcp-session-id", "")
        if session not in self.sessions:
            return 400, {"code": -32000, "message": "Bad Request: Server not initialized"}
        if heads.get("mcp-protocol-version") != "2025-11-25":
            return 400, {"code": -32000, "message": "Unsupported protocol version"}
        if method.startswith("tools/") and session not in self._ready:
            return 400, {"code": -32002, "message": "not ready"}
        return None

    def _result(self, method: str, params: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        if method == "initialize":
            session = f"session-{len(self.sessions)}"
            self.sessions.add(session)
            told = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": {"name": "desk"}}
            return told, {"Mcp-Session-Id": session}
        if method == "server/discover":
            return {"resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}}, {}
        place = int(params.get("cursor", 0))  # a page a tool
        following = {"nextCursor": str(place + 1)} if place + 1 < len(self.tools) else {}
        return {"tools": self.tools[place : place + 1], **following}, {}

    def _called(self, to: Any, number: int) -> None:
        call = self.calls.pop(0) if len(self.calls) > 1 else self.calls[0]
        if call.waits:
            call.waits.wait(20)
        if call.breaks:
            to.close_connection = True
            return
        if call.raw is not None:
            return self._send(to, call.status, call.raw, {"Content-Type": "application/json"} | call.headers)
        message: dict[str, Any] = {"jsonrpc": "2.0", "id": number}
        message |= {"error": {"code": call.error, "message": "no"}} if call.error else {"result": call.result}
        if not call.streams:
            return self._json(to, message, call.status, call.headers)
        other = {"jsonrpc": "2.0", "id": number + 70, "result": {"content": [{"type": "text", "text": "Wrong."}]}}
        sent = [{"jsonrpc": "2.0", "method": "notifications/progress", "params": {}}, other, message]
        body = ": a comment\n\n" + "".join(f"event: message\ndata: {json.dumps(one)}\n\n" for one in sent)
        self._send(to, 200, body.encode(), {"Content-Type": "text/event-stream"})

    def _json(self, to: Any, message: Any, status: int, headers: dict[str, str] | None = None) -> None:
        self._send(to, status, json.dumps(message).encode(), {"Content-Type": "application/json"} | (headers or {}))

    def _send(self, to: Any, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        to.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | (headers or {})).items():
            to.send_header(name, value)
        to.end_headers()
        with suppress(OSError):  # whoever asked has waited long enough
            to.wfile.write(body)
