"""The check page's socket: a real sound connection to this server, which counts packets. Nobody answers.

No widget, no agent, no conversation and no slot: who looks for the fault in a network has no call to show for it.
Short, few at a time, and rate-limited by address.
"""

import asyncio
import json
from typing import Any

import structlog
from asgiref.sync import sync_to_async
from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings

from agents.speech.sound import Pcm
from calling.call import parsing, protocol
from calling.call.protocol import ProtocolError
from calling.gateway import ice, wiring
from calling.lines import LineError
from calling.lines.webrtc.connection import Connection
from calling.lines.webrtc.sender import FIRST_COMFORT
from widgets.admission import limits
from widgets.refusals import CODES, Refused

log = structlog.get_logger(__name__)

LONGEST_S = 15.0
MOST_AT_ONCE = 4  # in this process: each is as much work as a quiet call
COUNT_EVERY_S = 1.0
RELAY_S = 120  # how long a password for the relay is good: long enough to find out whether it answers
REFUSED = 4008


class QuietSeat:
    """Takes what is heard, keeps nothing of it, and gives a packet of silence for each."""

    def __init__(self) -> None:
        self.line: Any = None

    def attach(self, line: Any) -> None:
        self.line = line

    def detach(self, line: Any = None, unheard_s: float = 0.0) -> None:
        self.line = None

    def exchange(self, heard: Pcm) -> bytes:
        return FIRST_COMFORT


class CheckConsumer(AsyncConsumer):
    """One check at /api/v1/webrtc/check."""

    channel_layer_alias = "none"
    _running = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self._offers: asyncio.Queue[str] = asyncio.Queue(1)  # a check has one; what comes after is refused
        self._checking: asyncio.Task[None] | None = None
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self._checking is not None:
                self._checking.cancel()
                await asyncio.gather(self._checking, return_exceptions=True)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Unlike the base class, which looks at database connections in a thread before each message."""
        match message["type"]:
            case "websocket.connect":
                await self._connect()
            case "websocket.receive":
                await self._receive(message.get("text"))
            case "websocket.disconnect":
                raise StopConsumer

    async def _connect(self) -> None:
        origins = [value.decode("latin-1").lower() for name, value in self.scope["headers"] if name == b"origin"]
        if origins != [settings.PUBLIC_URL]:
            await self.send({"type": "websocket.close"})  # before it is accepted: HTTP 403
            return
        await self.send({"type": "websocket.accept"})
        try:
            await sync_to_async(limits.check_address)("check", limits.client_ip_of(self.scope))
            if CheckConsumer._running >= MOST_AT_ONCE:
                raise Refused("FULL")
        except Refused as refused:
            await self._fail(refused.code)
            return
        self._checking = asyncio.get_running_loop().create_task(self._check())

    async def _receive(self, text: str | None) -> None:
        if self._checking is None or self._checking.done():
            return
        try:
            message = parsing.parse(text or "")
            if not isinstance(message, protocol.Offer):
                raise ProtocolError("INVALID_MESSAGE")
            if self._offers.full():
                raise ProtocolError("CALL_EXISTS")
        except ProtocolError as error:
            self._checking.cancel()
            await self._fail(error.code)
            return
        self._offers.put_nowait(message.sdp)

    async def _check(self) -> None:
        """The whole check. Never raises but when cancelled."""
        CheckConsumer._running += 1
        connection = Connection(wiring.media_settings())
        code = ""
        try:
            async with asyncio.timeout(LONGEST_S):
                servers = ice.servers("check", RELAY_S)
                relay = bool(settings.TURN_URLS and settings.TURN_SECRET)
                await self._say("ready", {"iceServers": servers, "relay": relay})
                sdp = await self._offers.get()
                await self._say("answer", {"type": "answer", "sdp": await connection.answer(sdp)})
                self._offers.put_nowait("")  # no second one
                await connection.connected()
                connection.start(QuietSeat())
                while not connection.is_over:
                    await asyncio.sleep(COUNT_EVERY_S)
                    await self._count(connection.stats)
        except TimeoutError:
            code = "" if connection.was_reached else "NO_UDP"
        except LineError as error:
            code = error.code
        except Exception:
            log.exception("a check failed")
            code = "HANDLER_ERROR"
        finally:
            CheckConsumer._running -= 1
            await connection.close()
        if code:
            await self._fail(code)
        else:
            await self.send({"type": "websocket.close", "code": 1000})

    async def _count(self, stats: dict[str, Any]) -> None:
        counted = {name: stats[name] for name in ("sent", "received", "lost")}
        await self._say("counted", {**counted, "roundTrip": stats["round_trip_ms"]})

    async def _say(self, kind: str, data: dict[str, Any]) -> None:
        await self.send({"type": "websocket.send", "text": json.dumps({"type": kind, "data": data})})

    async def _fail(self, code: str) -> None:
        log.info("check refused", code=code)
        await self._say("error", {"code": code, "message": CODES[code].message})
        await self.send({"type": "websocket.close", "code": REFUSED})
