"""A language-model service on loopback that speaks a documented wire, Chat Completions or Responses, and fails on
command.

What it does is put on a list, one entry a request; with an empty list it goes on saying the last one. It checks what it
is sent as strictly as the real ones do: unknown options are refused by name, a wrong key with 401.
"""

import asyncio
import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

_OPTIONS = frozenset(
    "model messages stream stream_options max_tokens max_completion_tokens temperature tools tool_choice".split()
)
_RESPONSES_OPTIONS = frozenset("model input stream max_output_tokens temperature store tools tool_choice".split())
_PATHS = {"chat": "/v1/chat/completions", "responses": "/v1/responses"}


@dataclass
class Says:
    """One answer. `pieces` are sent as events of their own, byte by byte where `torn`."""

    pieces: list[str] = field(default_factory=lambda: ["Yes."])
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    error: str = ""  # the message of a refusal
    tools: list[dict[str, Any]] = field(default_factory=list)
    usage: tuple[int, int] | None = (40, 12)
    cut_after: int | None = None  # pieces, and the connection is gone
    waits_after: int | None = None  # pieces, and nothing comes until `go_on` or the end of the server
    silent: bool = False  # the request is read, and nothing comes
    raw: list[bytes] | None = None  # the body as it is
    torn: bool = False
    whole: bool = False  # it does not stream
    no_end: bool = False  # neither a reason nor [DONE]


class ModelService:
    """One server in a thread of its own: tests with a loop and tests without one can ask it."""

    def __init__(self, key: str = "sk-test-8c2e", refuses: tuple[str, ...] = (), wire: str = "chat") -> None:
        self.key, self.refuses, self.wire = key, refuses, wire
        self.answers: list[Says] = []
        self.asked: list[dict[str, Any]] = []  # the bodies of the requests that were taken
        self.requests = 0  # on the path of its wire; those on others find nothing there
        self.headers: list[dict[str, str]] = []
        self.closed_by_client = threading.Event()  # somebody hung up in the middle of an answer
        self.waiting = threading.Event()  # an answer stands still in its middle
        self._last = Says()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._go = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> "ModelService":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def go_on(self) -> None:
        """Whoever waits in the middle of an answer goes on."""
        self._loop.call_soon_threadsafe(self._go.set)

    def kill(self) -> None:
        """All connections break, and nobody listens any more."""

        def die() -> None:
            self._server.close()
            for writer in list(self._writers):
                writer.transport.abort()

        self._loop.call_soon_threadsafe(die)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)

        async def start() -> None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
            self.port = self._server.sockets[0].getsockname()[1]

        self._loop.run_until_complete(start())
        self._loop.call_soon(self._ready.set)
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._server.close()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in head[1:]) if n}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if method != "POST" or path != _PATHS[self.wire]:
            return await self._refuse(writer, 404, f"Unknown request URL: {method} {path}.")
        self.requests += 1
        self.headers.append(headers)
        if headers.get("authorization") != f"Bearer {self.key}":
            return await self._refuse(writer, 401, "Incorrect API key provided: sk-…")
        asked = json.loads(body)
        for option in asked:
            if option not in (_OPTIONS if self.wire == "chat" else _RESPONSES_OPTIONS) or option in self.refuses:
                return await self._refuse(writer, 400, f"Unsupported parameter: '{option}' is not supported.")
        if not asked.get("model") or not isinstance(asked.get("messages", asked.get("input")), list):
            return await self._refuse(writer, 400, "you must provide a model and messages")
        self.asked.append(asked)
        says = self._last = self.answers.pop(0) if self.answers else self._last
        if says.status != 200:
            return await self._refuse(writer, says.status, says.error or "refused", says.headers)
        if says.silent:
            return await self._hold(reader)
        return await self._say(reader, writer, says, asked)

    async def _say(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, says: Says, asked: dict[str, Any]
    ) -> bool:
        if says.whole:
            message = {"role": "assistant", "content": "".join(says.pieces)}
            body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], **_usage(says)}
            if self.wire == "responses":
                part = {"type": "output_text", "text": "".join(says.pieces), "annotations": []}
                item = {"type": "message", "id": "msg_1", "role": "assistant", "content": [part]}
                body = {**_response(says, asked), "output": [item]}
            return await self._send(writer, 200, json.dumps(body).encode(), "application/json")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        for place, data in enumerate(says.raw if says.raw is not None else self._events(says, asked)):
            if says.cut_after is not None and place == says.cut_after:
                writer.write(b'1f\r\ndata: {"choi')  # in the middle of a word
                await writer.drain()
                writer.transport.abort()
                return False
            if says.waits_after is not None and place == says.waits_after and not await self._wait(reader):
                return False
            parts = [bytes([one]) for one in data] if says.torn else [data]
            for part in parts:
                writer.write(b"%x\r\n%s\r\n" % (len(part), part))
                await writer.drain()
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True

    def _events(self, says: Says, asked: dict[str, Any]) -> list[bytes]:
        if self.wire == "responses":
            return _response_events(says, asked)
        base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": asked["model"]}

        def event(delta: dict[str, Any], reason: str | None = None) -> bytes:
            choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
            return _data({**base, "choices": [choice]})

        found = [event({"role": "assistant", "content": piece} if not n else {"content": piece})
                 for n, piece in enumerate(says.pieces)]  # fmt: skip
        for index, tool in enumerate(says.tools):
            head = {"index": index, "id": f"call_{index}", "type": "function"}
            found.append(event({"tool_calls": [{**head, "function": {"name": tool["name"], "arguments": ""}}]}))
            text = tool["arguments"]
            for start in range(0, len(text), 1000):
                piece = {"index": index, "function": {"arguments": text[start : start + 1000]}}
                found.append(event({"tool_calls": [piece]}))
        if not says.no_end:
            found.append(event({}, "tool_calls" if says.tools else "stop"))
            if says.usage and asked.get("stream_options", {}).get("include_usage"):
                found.append(_data({**base, "choices": [], **_usage(says)}))
            found.append(b"data: [DONE]\n\n")
        return found

    async def _wait(self, reader: asyncio.StreamReader) -> bool:
        """True: go on. False: the other side has hung up."""
        self.waiting.set()
        gone, going = asyncio.ensure_future(reader.read(1)), asyncio.ensure_future(self._go.wait())
        done, waiting = await asyncio.wait({gone, going}, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        if gone in done:
            self.closed_by_client.set()
        return going in done

    async def _hold(self, reader: asyncio.StreamReader) -> bool:
        await self._wait(reader)
        return False

    async def _refuse(
        self, writer: asyncio.StreamWriter, status: int, message: str, headers: dict[str, str] | None = None
    ) -> bool:
        body = json.dumps({"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}})
        return await self._send(writer, status, body.encode(), "application/json", headers)

    async def _send(
        self, writer: asyncio.StreamWriter, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> bool:
        more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        return True


def _data(event: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def _usage(says: Says) -> dict[str, Any]:
    if says.usage is None:
        return {}
    read, written = says.usage
    return {"usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}}


def _response(says: Says, asked: dict[str, Any]) -> dict[str, Any]:
    found = {"id": "resp_1", "object": "response", "status": "completed", "model": asked["model"], "error": None}
    if says.usage is None:
        return found
    read, written = says.usage
    return found | {"usage": {"input_tokens": read, "output_tokens": written, "total_tokens": read + written}}


def _response_events(says: Says, asked: dict[str, Any]) -> list[bytes]:
    """As the documentation lists them; each has a number and a name of its own."""
    events: list[dict[str, Any]] = [{"type": "response.created", "response": {"id": "resp_1", "status": "in_progress"}}]
    if says.pieces:
        item = {"type": "message", "id": "msg_1", "status": "in_progress", "role": "assistant", "content": []}
        events.append({"type": "response.output_item.added", "output_index": 0, "item": item})
    at = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    words = len(events)
    events += [{"type": "response.output_text.delta", **at, "delta": piece} for piece in says.pieces]
    for place, tool in enumerate(says.tools, start=1 if says.pieces else 0):
        call = f"call_{place if not says.pieces else place - 1}"
        item = {"type": "function_call", "id": f"fc_{place}", "call_id": call, "name": tool["name"], "arguments": ""}
        events.append({"type": "response.output_item.added", "output_index": place, "item": item})
        for start in range(0, len(tool["arguments"]), 1000):
            piece = {"item_id": f"fc_{place}", "output_index": place, "delta": tool["arguments"][start : start + 1000]}
            events.append({"type": "response.function_call_arguments.delta", **piece})
        whole = {"item_id": f"fc_{place}", "output_index": place, "arguments": tool["arguments"]}
        events.append({"type": "response.function_call_arguments.done", **whole})
    if not says.no_end:
        events.append({"type": "response.completed", "response": _response(says, asked)})
    sent = [
        f"event: {event['type']}\n".encode() + _data({**event, "sequence_number": n}) for n, event in enumerate(events)
    ]
    # What goes before the first word comes with it, so that a test counts words.
    return [b"".join(sent[: words + 1]), *sent[words + 1 :]] if says.pieces else sent
