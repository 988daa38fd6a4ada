"""A visitor's page as the signalling socket sees it."""

import json
from typing import Any

from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.conf import settings

from calling.gateway.routing import websocket_paths

PATIENCE_S = 20.0  # how long a test waits for something that comes at once, on a machine that is busy


class Caller:
    def __init__(self, origin: str | None = "", *, address: str = "192.0.2.7", answers: bool = True) -> None:
        self.answers = answers  # pings, as far as the test listens
        headers = [] if origin is None else [(b"origin", (origin or settings.PUBLIC_URL).encode())]
        self.socket = WebsocketCommunicator(URLRouter(websocket_paths), "/api/v1/webrtc/signal", headers)
        self.socket.scope["client"] = (address, 40_000)
        self.session = self.reference = self.token = ""
        self.attached: dict[str, Any] = {}
        self.last_event = 0

    async def __aenter__(self) -> "Caller":
        assert await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.vanish()

    async def connect(self) -> bool:
        return (await self.socket.connect(timeout=PATIENCE_S))[0]

    async def vanish(self) -> None:
        """The page is gone; nothing is said."""
        if not self.socket.future.done():
            await self.socket.disconnect(code=1006, timeout=PATIENCE_S)

    async def say(self, type: str, **fields: Any) -> None:
        await self.raw(json.dumps({"type": type, **fields}))

    async def raw(self, frame: str | bytes) -> None:
        await self.socket.send_input(
            {"type": "websocket.receive", **({"text": frame} if isinstance(frame, str) else {"bytes": frame})}
        )

    async def offer(self, sdp: str, **fields: Any) -> None:
        await self.say("offer", data={"type": "offer", "sdp": sdp}, **fields)

    async def hears(self, *, pings: bool = False, attached: bool = False) -> dict[str, Any]:
        """The next message; {"type": "closed", "code": n} when the server closes the socket. Pings are answered."""
        while True:
            out = await self.socket.receive_output(PATIENCE_S)
            if out["type"] == "websocket.close":
                code = out.get("code", 1000)
                assert code == 1000 or 3000 <= code <= 4999, "no other code can be sent by the server below"
                return {"type": "closed", "code": code}
            message = json.loads(out["text"])
            if message.get("name") == "registered":
                self.session, self.reference = message["data"]["session"], message["data"]["reference"]
            self.last_event = message.get("n", self.last_event)
            if message["type"] == "attached":
                self.attached, self.token = message["data"], message["data"]["token"]
                if not attached:
                    continue
            if message["type"] == "ping":
                if self.answers:
                    await self.say("pong", t=message["t"])
                if not pings:
                    continue
            return message

    async def hears_until(self, what: str) -> list[dict[str, Any]]:
        """Everything up to the first message of this type or event of this name."""
        heard = []
        while True:
            heard.append(await self.hears(attached=what == "attached"))
            if what in (heard[-1]["type"], heard[-1].get("name")):
                return heard


def gist(messages: list[dict[str, Any]]) -> list[str]:
    """The history in short: event names, "answer", "error CODE", "close", "closed 1000"."""
    short = []
    for message in messages:
        match message:
            case {"type": "event", "name": name}:
                short.append(name)
            case {"type": "error", "data": {"code": code}}:
                short.append(f"error {code}")
            case {"type": "closed", "code": code}:
                short.append(f"closed {code}")
            case {"type": kind}:
                short.append(kind)
    return short
