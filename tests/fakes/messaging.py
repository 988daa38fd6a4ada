"""A client of the messaging API, as the published mobile SDKs behave (nineteen habits that a server has to live with).

It reads frames as strictly as they do: what they would drop, it drops. It talks with the application itself, without a
port, or with a real server (`Served`).
"""

import asyncio
import base64
import json
import urllib.error
import urllib.request
import uuid
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client

from tests.fakes.websocket import Refused as NotOpened
from tests.fakes.websocket import WebSocket

PREFIX = "EVENT_TYPE_"
PATIENCE_S = 10.0
KNOWN = frozenset(
    "SESSION_START POLY_AGENT_JOINED POLY_AGENT_THINKING POLY_AGENT_MESSAGE POLY_AGENT_MESSAGE_CHUNK POLY_AGENT_LEFT"
    " SESSION_END SYSTEM_MESSAGE EVENT_BATCH USER_MESSAGE USER_END_SESSION REQUEST_POLY_AGENT_JOIN HEARTBEAT"
    " LINK_TO_WEBRTC_CONVERSATION".split()
)


class Refused(Exception):
    """A socket was not opened; the argument is the HTTP status."""


Frame = dict[str, Any]


class InProcess:
    """The application itself."""

    def __init__(self) -> None:
        self._client = Client()

    async def post(self, path: str, body: object, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and body of the answer."""
        ask = sync_to_async(self._client.generic, thread_sensitive=True)
        answer = await ask("POST", path, json.dumps(body), content_type="application/json", headers=headers)
        return answer.status_code, answer.json()

    async def open(self, address: str, headers: dict[str, str]) -> "Inside":
        """Raises Refused."""
        from studio.asgi import application

        given = {"host": "localhost:8000"} | headers
        socket = WebsocketCommunicator(
            application, address, [(name.encode(), value.encode()) for name, value in given.items()]
        )
        await socket.send_input({"type": "websocket.connect"})
        answer = await socket.receive_output(PATIENCE_S)
        if answer["type"] == "websocket.close":
            raise Refused(answer["status"])
        return Inside(socket)


class Inside:
    def __init__(self, socket: WebsocketCommunicator) -> None:
        self._socket = socket

    async def send(self, text: str | bytes) -> None:
        if isinstance(text, bytes):
            await self._socket.send_to(bytes_data=text)
        else:
            await self._socket.send_to(text_data=text)

    async def receive(self) -> str | int:
        """The next text, or the code with which the socket was closed."""
        message = await self._socket.receive_output(PATIENCE_S)
        return message.get("code", 1000) if message["type"] == "websocket.close" else str(message["text"])

    async def close(self) -> None:
        await self._socket.disconnect()


class Served:
    """A real server."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def post(self, path: str, body: object, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        return await asyncio.to_thread(self._post, path, body, headers)

    def _post(self, path: str, body: object, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        given = {"Content-Type": "application/json"} | headers
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), given)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    async def open(self, address: str, headers: dict[str, str]) -> "Outside":
        try:
            return Outside(await WebSocket.open(self.url + address, **headers))
        except NotOpened as refused:
            raise Refused(int(str(refused).split()[1])) from None


class Outside:
    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def send(self, text: str | bytes) -> None:
        assert isinstance(text, str)
        self._socket.send(text)

    async def receive(self) -> str | int:
        async with asyncio.timeout(60):
            text = await self._socket.receive()
        return self._socket.code if text is None else text

    async def close(self) -> None:
        self._socket.vanish()


def claims(token: str) -> dict[str, Any]:
    """What an SDK reads of an access token; it throws away what does not look like one."""
    first, middle, last = token.split(".")
    assert first and last
    read: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    assert isinstance(read.get("exp", 0), int | float)
    return read


class Sdk:
    """One chat on one device."""

    def __init__(
        self,
        token: str,
        host: str,
        *,
        platform: str = "ios",
        streaming: bool = False,
        query: str = "access_token",
        server: InProcess | Served | None = None,
    ) -> None:
        self.token, self.host, self.platform, self.streaming, self.query = token, host, platform, streaming, query
        self.server = server or InProcess()
        self.headers: dict[str, str] = {}  # of the socket, beside its host
        self.access = self.session = ""
        self.cursor = 0
        self.seen: set[str] = set()
        self.events: list[dict[str, Any]] = []  # each once, as they were understood
        self.batches: list[list[dict[str, Any]]] = []  # frames that held more than one, or were a batch
        self.frames: list[dict[str, Any]] = []
        self.unconfirmed: dict[str, str] = {}
        self.started = self.agent_joined = self.ended = False
        self.closed: int | None = None
        self.texts: list[str] = []  # what the agent wrote, in the end
        self._chunks: dict[str, list[str]] = {}
        self.socket: Inside | Outside | None = None

    # ── Coming in ────────────────────────────────────────────────────────────────────────────────────────────

    async def begin(self, **more: Any) -> "Sdk":
        """Access token and session, as at the first start of the app."""
        status, said = await self.server.post(
            "/api/v1/access-token",
            {},
            {
                "X-Token": self.token,
                "X-Host": self.host,
                "Accept": "application/json",
                "X-Polyai-Correlation-Id": str(uuid.uuid4()),
            },
        )
        assert status == 200, said
        self.access = said["access_token"]
        claims(self.access)
        wanted = {"streaming_enabled": self.streaming, "platform": self.platform, "device_type": "mobile"}
        held = {"Authorization": f"Bearer {self.access}"}
        status, said = await self.server.post("/api/v1/sessions", wanted | more, held)
        assert status == 200, said
        self.session = said["session_id"]
        return self

    def address(self, **query: object) -> str:
        held = {self.query: self.access, "session_id": self.session} | query
        if self.cursor and "cursor" not in held:
            held["cursor"] = self.cursor
        return "/ws?" + urlencode(held)

    async def open(self, **query: object) -> "Sdk":
        """A socket, with the replay that comes at once. Raises Refused."""
        self.socket = None
        self.socket = await self.server.open(self.address(**query), self.headers)
        self.closed = None
        await self.hear()
        return self

    async def start(self, **more: Any) -> "Sdk":
        """Up to the agent's greeting."""
        await self.begin(**more)
        await self.open()
        await self.until(lambda: self.agent_joined and self.texts)
        return self

    async def leave(self) -> None:
        """The network is gone."""
        assert self.socket is not None
        await self.socket.close()
        self.socket = None

    # ── Frames ───────────────────────────────────────────────────────────────────────────────────────────────

    async def say(self, type: str, payload: dict[str, Any] | None = None, **custom: Any) -> None:
        frame: dict[str, Any] = {"type": PREFIX + type, "payload": payload or {}}
        if custom:
            frame["metadata"] = {"custom": custom}
        await self.say_raw(json.dumps(frame))

    async def say_raw(self, text: str) -> None:
        assert self.socket is not None
        await self.socket.send(text)

    async def write(self, text: str, local_id: str = "") -> str:
        """A message of the visitor; returns its local id."""
        local = local_id or str(uuid.uuid4())
        self.unconfirmed[local] = text
        await self.say("USER_MESSAGE", {"text": text}, local_id=local)
        return local

    async def resend(self) -> None:
        """What was not confirmed in three seconds goes out again, under the same local id."""
        for local, text in self.unconfirmed.items():
            await self.say("USER_MESSAGE", {"text": text}, local_id=local)

    async def ask(self, text: str) -> str:
        """Write it, and wait for what the agent answers."""
        before = len(self.texts)
        await self.write(text)
        await self.until(lambda: len(self.texts) > before)
        return self.texts[-1]

    async def hear(self) -> dict[str, Any]:
        """One frame, or the close of the socket."""
        assert self.socket is not None
        text = await self.socket.receive()
        if isinstance(text, int):
            self.closed = text
            return {}
        frame: dict[str, Any] = json.loads(text)
        self.frames.append(frame)
        if frame["type"] == PREFIX + "EVENT_BATCH":
            events = frame["payload"]["events"]
            # Sorted by number, those without one last.
            events = sorted(events, key=lambda one: (one.get("sequence") is None, one.get("sequence") or 0))
            self.batches.append(events)
            holds_agent = any(one["type"] == PREFIX + "POLY_AGENT_JOINED" for one in events)
            for event in events:
                await self._take(event, holds_agent)
        else:
            await self._take(frame, False)
        return frame

    async def until(self, done: Any) -> None:
        while not done():
            assert self.closed is None, f"closed with {self.closed}"
            await self.hear()

    async def heard(self, type: str) -> dict[str, Any]:
        """The next event of that type."""
        before = len(self.events)
        await self.until(lambda: any(one["type"] == PREFIX + type for one in self.events[before:]))
        return next(one for one in self.events[before:] if one["type"] == PREFIX + type)

    async def close_code(self) -> int:
        while self.closed is None:
            await self.hear()
        return self.closed

    async def _take(self, event: dict[str, Any], holds_agent: bool) -> None:
        type = event["type"].removeprefix(PREFIX)
        if type not in KNOWN:
            return
        if type != "HEARTBEAT" and not (event.get("id") and event.get("timestamp")):
            return
        if event.get("sequence") is not None:
            if event["id"] in self.seen:
                return
            self.seen.add(event["id"])
            self.cursor = max(self.cursor, event["sequence"])
        self.events.append(event)
        payload = event["payload"]
        custom = (event.get("metadata") or {}).get("custom") or {}
        match type:
            case "SESSION_START":
                self.started = True
                if not holds_agent and not self.agent_joined:
                    await self.say("REQUEST_POLY_AGENT_JOIN")
            case "POLY_AGENT_JOINED":
                self.agent_joined = True
            case "USER_MESSAGE":
                assert all(isinstance(value, str) for value in custom.values())
                self.unconfirmed.pop(custom.get("local_id", ""), None)
            case "POLY_AGENT_MESSAGE":
                self.texts.append(payload["text"])
                self.ended = self.ended or payload.get("end_conversation", False)
            case "POLY_AGENT_MESSAGE_CHUNK":
                pieces = self._chunks.setdefault(payload["message_id"], [])
                pieces.append(payload["text"])
                if payload["is_complete"]:
                    glue = "" if self.platform == "web" else " "
                    self.texts.append(glue.join(piece for piece in pieces if piece))
            case "SESSION_END":
                self.ended = True


def types(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"].removeprefix(PREFIX) for event in events]
