"""Somebody's order desk on loopback: real HTTP, answers from a list, everything written down that it was asked.

With an empty list it goes on giving the last answer. It remembers idempotency keys as such services do, and counts what
it did, not what it was asked.
"""

import asyncio
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from agents.brains.tools import caller
from agents.brains.tools.outcome import Outcome


@dataclass
class Answer:
    body: Any = field(default_factory=dict)  # bytes as they are, anything else as JSON
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    waits: threading.Event | None = None  # before anything is sent
    drips: bool = False  # a byte, and then nothing until the end of the server
    breaks: bool = False  # the connection is gone before an answer


@dataclass
class Asked:
    method: str
    path: str  # as it came over the wire
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class ToolService:
    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers) or [Answer()]
        self.asked: list[Asked] = []
        self.done: list[str] = []  # idempotency keys of what changed something
        self.came = threading.Event()
        self.over = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> "ToolService":
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with service._lock:
                    service.asked.append(Asked(self.command, self.path, dict(self.headers.items()), body))
                    answer = service.answers.pop(0) if len(service.answers) > 1 else service.answers[0]
                service.came.set()
                if answer.waits:
                    answer.waits.wait(20)
                self.close_connection = True
                if answer.breaks:
                    return
                if self.command != "GET" and answer.status < 300:
                    service.done.append(self.headers.get("Idempotency-Key", ""))
                body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
                self.send_response(answer.status)
                for name, value in ({"Content-Type": "application/json"} | answer.headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if answer.drips:
                    self.wfile.write(body[:1])
                    service.over.wait(20)
                    return
                try:
                    self.wfile.write(body)
                except OSError:
                    pass  # whoever asked has read enough

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any

            def log_message(self, *_args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for answer in self.answers:
            if answer.waits:
                answer.waits.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"


class Book:
    """A record in memory, which survives whoever writes in it."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any] | None] = {}
        self.told: dict[str, dict[str, Any]] = {}
        self.away = False

    async def intend(self, key: str, tool: Any, arguments: Any) -> Outcome | None:
        from agents.brains.tools.acting import NotWritten, earlier

        if self.away:
            raise NotWritten
        if key in self.rows:
            return earlier(self.rows[key])
        self.rows[key] = None
        self.told[key] = dict(arguments)
        return None

    async def find(self, key: str) -> Outcome | None:
        from agents.brains.tools.acting import earlier

        return earlier(self.rows[key]) if key in self.rows else None

    async def keep(self, key: str, outcome: Outcome) -> None:
        self.rows[key] = json.loads(json.dumps(outcome.to_json()))  # as a database would give it back


def stop_the_clock(monkeypatch) -> None:
    """Let a virtual clock stand still while a tool is asked: its answer comes over a real socket."""
    asked = caller.call

    async def call(*given):
        loop = asyncio.get_running_loop()
        loop.jobs += 1
        try:
            return await asked(*given)
        finally:
            loop.jobs -= 1

    monkeypatch.setattr(caller, "call", call)
