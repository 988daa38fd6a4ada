"""The messaging socket at /ws: parse, keep, tell. No model is touched here, and no reader waited for.

A socket keeps nothing of its chat but how far it was told: it may be one of several, in one of several processes.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import parse_qs

import structlog
from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from calling import faults
from calling.gateway import calls
from calling.gateway.chat import here
from calling.gateway.chat.hub import OTHERS_S, Seat, group
from calling.gateway.chat.wire import TOO_SLOW, Wire
from calling.lines import messaging
from calling.lines.messaging import About, End, Event, Heartbeat, Incoming, Join, Link, Message
from calling.record.store import chat_rows, chats
from calling.record.store.chat_places import Place
from widgets.admission import access_tokens, limits
from widgets.admission.access_tokens import Holder
from widgets.refusals import CODES, Refused

log = structlog.get_logger(__name__)

FRAMES_A_SECOND, BURST = 10.0, 60.0
SEE_EVERY_S = 20.0  # so often it is written down that a client is there
CATCH_UP_PAUSE_S, CATCH_UP_S = 1.0, 60.0  # between two tries to read what is lacking, and for so long
QUERY_BYTES, QUERY_FIELDS = 8 * 1024, 20
REFUSED = 4001  # documented: the session is refused, make a new one


class ChatConsumer(AsyncConsumer):
    """One socket of one chat."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self._chats = here.here()
        self._chats.listen()
        self._wire = Wire(self._lacks)
        self._chat: uuid.UUID | None = None
        self._holder: Holder | None = None
        self._seat: Seat | None = None
        self._place: Place | None = None
        self._grouped = self._catching = False
        self._allowance, self._counted_at = BURST, time.monotonic()
        self._heard_at = self._counted_at
        self._seen_at = self._counted_at
        self._idle: asyncio.TimerHandle | None = None
        pump: asyncio.Task[None] | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                pump = tasks.create_task(self._wire.pump(send))
                try:
                    await super().__call__(scope, receive, send)
                finally:
                    pump.cancel()
        except* Exception as errors:  # noqa: BLE001  the chat outlives its socket, and the client opens another one
            faults.report("socket", errors)
            await self._give_up(send)
        finally:
            await self._leave()

    async def _leave(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        if self._seat is not None:
            self._seat.leave()
        if self._place is not None:
            self._chats.hub.start(chats.leave(self._place), "a socket's place")
        if self._grouped and self._chat is not None:
            try:
                async with asyncio.timeout(OTHERS_S):
                    await self.channel_layer.group_discard(group(self._chat), self.channel_name)
            except Exception as error:  # noqa: BLE001  the layer forgets it by itself
                log.info("a socket could not leave its group", error=type(error).__name__)

    @staticmethod
    async def _give_up(send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        try:
            await send({"type": "websocket.close", "code": TOO_SLOW})
        except Exception as error:  # noqa: BLE001  it is closed already
            log.info("a socket could not be closed", error=type(error).__name__)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Unlike the base class, which looks at database connections in a thread before each message."""
        await _STEPS[message["type"]](self, message)

    # ── The door ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _connect(self, message: dict[str, Any]) -> None:
        try:
            session, cursor = self._asked()
            assert self._holder is not None
            if calls.here().draining:
                raise Refused("SHUTTING_DOWN")
            address = limits.client_ip_of(self.scope)
            found = await chats.attach(session, self._holder, cursor, address=address, origin=self._origin())
            self._place = found.place
            self._seat = self._chats.hub.enter(
                found.chat, self._wire, address=limits.visitor_hash(address), project=found.project_id
            )
        except Refused as refused:
            log.info("chat socket refused", code=refused.code, detail=refused.detail)
            # Before it is accepted: HTTP. Which status, our server below is told (studio/running/sockets.py).
            await self.send({"type": "websocket.close", "status": CODES[refused.code].status})
            return
        self._chat = found.chat
        await self.send({"type": "websocket.accept"})
        self._wire.replay(found.events, found.last, chat_rows.now())
        self._wait()
        await self._join_group()
        self._lacks()  # what happened meanwhile
        if found.owes:
            self._chats.answers.wake(found.chat)

    def _asked(self) -> tuple[str, int]:
        """The session and the cursor of the address; the token is read. Raises Refused."""
        query = self.scope.get("query_string", b"")
        try:
            given = parse_qs(query[:QUERY_BYTES].decode("latin-1"), max_num_fields=QUERY_FIELDS) if query else {}
        except ValueError:
            raise Refused("INVALID_ARGUMENT", "too many parameters") from None
        token = next((given[name][0] for name in ("access_token", "auth_token") if name in given), "")
        session = given.get("session_id", [""])[0]
        if not token or not session:
            raise Refused("INVALID_ARGUMENT", "missing parameters")
        self._holder = access_tokens.read(token)
        return session, messaging.cursor(given.get("cursor", [""])[0])

    def _origin(self) -> str | None:
        """Where the page is from that opens it; apps have none."""
        origins = [value.decode("latin-1").lower() for name, value in self.scope["headers"] if name == b"origin"]
        return origins[0] if len(origins) == 1 else "several" if origins else None

    async def _join_group(self) -> None:
        """Hear what happens in other processes, or go on hearing it: a Redis that was started anew knows no groups."""
        if self._chat is None:
            return
        try:
            async with asyncio.timeout(OTHERS_S):
                self._grouped = True  # perhaps, also where no answer comes: it is to be left
                await self.channel_layer.group_add(group(self._chat), self.channel_name)
        except Exception as error:  # noqa: BLE001  as it says
            log.warning("a socket hears nothing of other processes yet", error=type(error).__name__)

    # ── What a client says ───────────────────────────────────────────────────────────────────────────────────

    async def _receive(self, message: dict[str, Any]) -> None:
        if self._wire.closed or self._chat is None:
            return
        self._wire.heard()
        self._heard_at = time.monotonic()
        custom: dict[str, str] = {}
        try:
            if not self._counts():
                raise Refused("RATE_LIMITED")
            text = message.get("text")
            if text is None:
                raise Refused("INVALID_MESSAGE", "not text")
            said = messaging.parse(text)
            custom = getattr(said, "custom", {})
            await self._handle(self._chat, said)
        except messaging.Unusable as refused:
            self._refuse(refused.code, refused.detail, refused.custom)
        except Refused as refused:
            self._refuse(refused.code, refused.detail, custom)
        except Exception:
            log.exception("a message could not be handled")
            self._refuse("HANDLER_ERROR", "", custom)

    async def _handle(self, chat: uuid.UUID, said: Incoming) -> None:
        match said:
            case Message():
                await self._tell(await chats.take(chat, said.text, said.custom, str(uuid.uuid4())))
                self._chats.answers.wake(chat)
            case Join():
                await self._tell(await chats.join(chat, said.custom, said.about))
                self._chats.answers.wake(chat)
            case About():
                await chats.learn(chat, said.about)
                await self._see()
            case End():
                await self._tell(await chats.end(chat, said.custom))
            case Link():
                await self._tell(await chats.link(chat, said.call_sid, said.custom))
            case Heartbeat():
                self._wire.send(messaging.passing("HEARTBEAT", chat_rows.now(), custom=said.custom))
                await self._see()
            case _:
                await self._see()

    async def _tell(self, events: Sequence[Event]) -> None:
        self._wire.again(events)
        await self._chats.hub.tell(self._chat, events)

    async def _see(self) -> None:
        """Write down that the client is there, now and then; and look whether it lacks anything."""
        if self._heard_at - self._seen_at < SEE_EVERY_S or self._chat is None or self._holder is None:
            return
        assert self._place is not None
        self._seen_at = self._heard_at
        await self._join_group()
        last, owes = await chats.see(self._chat, self._holder, self._place)
        if last > (self._wire.told or 0):
            self._lacks()
        if owes:
            self._chats.answers.wake(self._chat)

    def _counts(self) -> bool:
        """Whether one more frame is taken."""
        now = time.monotonic()
        self._allowance = min(BURST, self._allowance + (now - self._counted_at) * FRAMES_A_SECOND)
        self._counted_at = now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True

    def _refuse(self, code: str, detail: str, custom: dict[str, str]) -> None:
        log.info("chat message refused", code=code, detail=detail)
        self._wire.send(messaging.refusal(code, chat_rows.now(), custom))
        if code == "RATE_LIMITED" and self._allowance < 1:
            self._wire.close(TOO_SLOW)
        elif code == "TOKEN_INVALID":
            self._wire.close(REFUSED)

    # ── What a client lacks ──────────────────────────────────────────────────────────────────────────────────

    async def _told(self, message: dict[str, Any]) -> None:
        """Something happened in another process."""
        if message["by"] != self._chats.hub.id:
            self._wire.tell([Event.of(envelope) for envelope in message["events"]])

    async def _heard(self, message: dict[str, Any]) -> None:
        """Other processes are heard again (studio/running/shared_layer.py); what they said meanwhile is kept."""
        self._lacks()

    def _lacks(self) -> None:
        if not self._catching:
            self._catching = True
            self._chats.hub.start(self._catch_up(), "catching up")

    async def _catch_up(self) -> None:
        """Read until nothing is lacking; what was told while one reads may leave a gap as well."""
        assert self._chat is not None
        until = time.monotonic() + CATCH_UP_S
        try:
            while not self._wire.closed:
                try:
                    self._wire.tell(await chats.read(self._chat, self._wire.told or 0))
                    if not self._wire.lacking:
                        return
                except Refused as refused:
                    log.warning("a socket lacks events", code=refused.code)
                if time.monotonic() > until:
                    return  # the next heartbeat looks again
                await asyncio.sleep(CATCH_UP_PAUSE_S)
        finally:
            self._catching = False

    # ── Nobody says anything ─────────────────────────────────────────────────────────────────────────────────

    def _wait(self, seconds: float = chat_rows.IDLE_S) -> None:
        """A timer, no task: an idle chat has none."""
        self._idle = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        left = chat_rows.IDLE_S - (time.monotonic() - self._heard_at)
        if left > 0:
            self._wait(left)
        elif self._chat is not None:
            self._chats.hub.start(self._end_if_idle(self._chat), "end of an idle chat")

    async def _end_if_idle(self, chat: uuid.UUID) -> None:
        try:
            events, left = await chats.end_if_idle(chat)
        except Refused:
            events, left = [], chat_rows.IDLE_S / 10
        await self._chats.hub.tell(chat, events)
        if left > 0 and not self._wire.closed:
            self._wait(left)

    async def _disconnect(self, message: dict[str, Any]) -> None:
        raise StopConsumer


_STEPS: dict[str, Callable[[ChatConsumer, dict[str, Any]], Awaitable[None]]] = {
    "websocket.connect": ChatConsumer._connect,
    "websocket.receive": ChatConsumer._receive,
    "websocket.disconnect": ChatConsumer._disconnect,
    "chat.told": ChatConsumer._told,
    "group.heard": ChatConsumer._heard,
}
