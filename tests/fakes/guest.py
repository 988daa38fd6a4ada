"""A visitor of the running product without a browser: grant, ticket, socket, sound, and the way back into the call.

What the page would show is remembered, but for words that are still being made out: what a guest was told is a turn
that nobody may lose.
"""

import asyncio
import json
import re
import urllib.request
from contextlib import suppress
from typing import Any

from tests.fakes.house import House
from tests.fakes.visitor import Visitor, tone
from tests.fakes.websocket import WebSocket

PATIENCE_S = 60.0
CLOSE_S = 5.0


class TurnedAway(Exception):
    """The server refused, with this code."""

    @property
    def code(self) -> str:
        return str(self.args[0])


class Guest:
    """One visitor in one call. Its socket and its sound can be killed; it comes back as the card does."""

    def __init__(self, house: House, address: str = "192.0.2.1") -> None:
        self.house, self.address = house, address
        self.told: dict[int, list[tuple[str, str]]] = {}  # by index: speaker and text, each time it changed
        self.reference = self.session = self.token = self.agent = ""
        self.ended: dict[str, Any] | None = None
        self.refused = ""
        self.visitor: Visitor | None = None
        self._last_event = 0
        self._socket: WebSocket | None = None
        self._reading: list[asyncio.Future[None]] = []
        self._heard = asyncio.Condition()
        self._coming_back = asyncio.Lock()
        self.came_back = False
        self._answer: asyncio.Future[str] | None = None
        self._settings: dict[str, Any] = {}

    # ── Coming in ────────────────────────────────────────────────────────────────────────────────────────────

    async def ticket(self) -> str:
        """Raises TurnedAway."""
        if not self._settings:
            self._settings = json.loads(await asyncio.to_thread(self._frame))
        urls = self._settings["urls"]
        status, said = await asyncio.to_thread(
            self.house.post,
            urls["ticket"] if "://" in urls["ticket"] else self.house.url + urls["ticket"],
            {"grant": self._settings["grant"]},
            self.address,
        )
        if status != 200:
            raise TurnedAway(said.get("error", {}).get("code", f"HTTP {status}"))
        return str(said["ticket"])

    def _frame(self) -> str:
        code = next(widget["code"] for widget in self.house.described["widgets"] if not widget["consent"])
        url = f"{self.house.url}/widget/{code}/frame?host={self.house.site}"
        request = urllib.request.Request(url, headers={"X-Forwarded-For": self.address})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                found = re.search(r'<script id="settings"[^>]*>(.*?)</script>', answer.read().decode(), re.DOTALL)
        except OSError as error:
            raise TurnedAway(f"HTTP {getattr(error, 'code', 'none')}") from None
        assert found, "a frame without settings"
        return found[1]

    async def call(self) -> "Guest":
        """Up to the moment when the agent listens. Raises TurnedAway."""
        ticket = await self.ticket()
        await self.open()
        self.say(type="hello", ticket=ticket, lastEvent=0)
        await self.until(lambda: bool(self.token))
        await self.sound()
        await self.until(lambda: self.agent == "listening")
        return self

    async def open(self) -> None:
        """A socket, on which nothing was said yet. Raises TurnedAway."""
        headers = {"Origin": self.house.url, "X_Forwarded_For": self.address}
        try:
            self._socket = await WebSocket.open(self._settings["urls"]["signal"], **headers)
        except OSError:
            raise TurnedAway("NETWORK") from None
        self._reading.append(asyncio.ensure_future(self._read(self._socket)))

    async def _read(self, socket: WebSocket) -> None:
        while (text := await socket.receive()) is not None:
            await self._hear(json.loads(text))
        socket.vanish()
        if self._socket is socket:
            self._socket, self.came_back = None, False
        async with self._heard:
            self._heard.notify_all()

    async def sound(self) -> None:
        """A sound connection, in the place of the one before."""
        await self._drop_sound()
        self.visitor = Visitor(dtx=False, listen=False)
        self._answer = asyncio.get_running_loop().create_future()
        self.say(
            type="offer", sessionId=self.session or None, data={"type": "offer", "sdp": await self.visitor.offer()}
        )
        await self.until(lambda: self._answer.done())
        await self.visitor.accept(self._answer.result())
        async with asyncio.timeout(PATIENCE_S):
            await self.visitor.connected()

    # ── In the call ──────────────────────────────────────────────────────────────────────────────────────────

    async def speak(self, seconds: float = 0.6) -> None:
        """Say something, and wait until the agent has answered and listens again."""
        turns = len(self.told)
        if self.visitor is not None:
            self.visitor.say(tone(500, seconds))
        await self.until(lambda: len(self.told) >= turns + 2 and self.agent == "listening")

    async def hang_up(self) -> None:
        self.say(type="close", sessionId=self.session)
        await self.until(lambda: self.ended is not None)
        await self.close()

    def say(self, **message: Any) -> None:
        if self._socket is not None:
            self._socket.send(json.dumps(message))

    async def until(self, condition: Any) -> None:
        """Wait for something that comes with a message. Raises TurnedAway where the call ended or was refused."""
        async with self._heard, asyncio.timeout(PATIENCE_S):
            await self._heard.wait_for(lambda: condition() or self.refused or self._socket is None)
        if not condition():
            raise TurnedAway(self.refused or "NETWORK")

    # ── Accidents ────────────────────────────────────────────────────────────────────────────────────────────

    def kill_socket(self) -> None:
        self.came_back = False
        if self._socket is not None:
            self._socket.vanish()

    def kill_sound(self) -> None:
        """From one moment to the next: no goodbye, no packet."""
        if self.visitor is None:
            return
        ice = self.visitor.pc.getTransceivers()[0].sender.transport.transport
        for protocol in ice._connection._protocols:
            protocol.transport.abort()

    async def come_back(self) -> None:
        """With a new socket, once the old one is known to be gone. Raises TurnedAway when the call is."""
        async with self._coming_back:
            with suppress(TimeoutError):
                async with self._heard, asyncio.timeout(CLOSE_S):
                    await self._heard.wait_for(lambda: self._socket is None or self.came_back)
            if self._socket is not None:  # somebody else was quicker, or it never went
                self.refused = ""
                return
            self.came_back = False
            await self.open()
            self.refused, token, self.token = "", self.token, ""
            self.say(type="hello", resumeToken=token, lastEvent=self._last_event)
            try:
                await self.until(lambda: bool(self.token))
            finally:
                self.token = self.token or token
            self.came_back = True

    async def close(self) -> None:
        if self._socket is not None:
            self._socket.vanish()
        await asyncio.gather(*self._reading, return_exceptions=True)
        await self._drop_sound()

    async def _drop_sound(self) -> None:
        """One that was killed may wait for its other end for ever."""
        visitor, self.visitor = self.visitor, None
        if visitor is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(visitor.close(), CLOSE_S)

    # ── What is told ─────────────────────────────────────────────────────────────────────────────────────────

    async def _hear(self, message: dict[str, Any]) -> None:
        data = message.get("data") or {}
        self._last_event = message.get("n", self._last_event)
        match message["type"], message.get("name"):
            case "ping", _:
                self.say(type="pong", t=message["t"])
            case "attached", _:
                self.token = data["token"]
            case "answer", _ if self._answer is not None and not self._answer.done():
                self._answer.set_result(data["sdp"])
            case "error", _:
                self.refused = data["code"]
            case "event", "registered":
                self.reference, self.session = data["reference"], data["session"]
            case "event", "state":
                self.agent = data["state"]
            case "event", "transcription":
                if data["speaker"] == "agent" or data["final"]:
                    told = self.told.setdefault(data["index"], [])
                    if (data["speaker"], data["text"]) not in told[-1:]:
                        told.append((data["speaker"], data["text"]))
            case "event", "ended":
                self.ended = data
        async with self._heard:
            self._heard.notify_all()
