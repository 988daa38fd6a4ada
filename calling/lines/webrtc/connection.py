"""One sound connection with a browser: offer in, answer out, then a frame each way every 20 ms."""

import asyncio
import logging
from typing import Any, Protocol

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.rtp import RtpPacket

from agents.speech.sound import Pcm
from calling import faults
from calling.lines import LineError
from calling.lines.webrtc import aiortc_hooks
from calling.lines.webrtc.addresses import MediaSettings, open_endpoints
from calling.lines.webrtc.receiver import Receiver
from calling.lines.webrtc.sdp import read_offer, write_answer
from calling.lines.webrtc.sender import Sender

CLOSE_S = 3.0  # closing says goodbye and frees the sockets, within a few milliseconds; more is a fault, and is logged
WARM_UP_S = 10.0
KNOCK_AFTER_S = 1.0  # so long without a packet, and the browser is asked whether it is there …
KNOCK_EVERY_S = 0.5  # … again and again until one comes

logger = logging.getLogger(__name__)


class ExchangingSeat(Protocol):
    line: Any

    def attach(self, line: Any) -> None: ...

    def detach(self, line: Any = None, unheard_s: float = 0.0) -> None: ...

    def exchange(self, heard: Pcm) -> bytes | None: ...


class Connection:
    """A WebRTC connection, used once: answer, connected, start, close."""

    def __init__(self, settings: MediaSettings | None = None) -> None:
        self._settings = settings or MediaSettings()
        self._pc: RTCPeerConnection | None = None
        self._receiver = Receiver()
        self._sender = Sender()
        self._seat: ExchangingSeat | None = None
        self._up = asyncio.Event()
        self._over = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None
        self._knocking: asyncio.Task[None] | None = None

    async def answer(self, offer_sdp: str) -> str:
        """The complete answer, candidates and all. Raises LineError: for a second offer, which changes nothing, or for
        an offer that cannot be used; the connection is closed then."""
        if self._pc is not None:
            raise LineError("CALL_EXISTS", "this connection has had its offer")
        if self._over.is_set():
            raise LineError("MEDIA_BRIDGE_FAILURE", "the connection is closed")
        try:
            offer = read_offer(offer_sdp)
        except LineError:
            await self.close()
            raise
        pc = self._pc = aiortc_hooks.new_peer_connection()
        pc.on("connectionstatechange", self._state_changed)
        self._sender.on("ended", self._no_more_sent)  # aiortc stops the track when its own task dies
        pc.addTrack(self._sender)
        aiortc_hooks.gather_on(pc, lambda: open_endpoints(self._settings))
        aiortc_hooks.tap_audio(pc, self._packet)
        aiortc_hooks.watch_rtcp(pc, self._receiver.sign_of_life)
        try:
            try:
                await pc.setRemoteDescription(RTCSessionDescription(offer.sdp, "offer"))
            except Exception as error:  # the parser meets whatever a stranger wrote with whatever exception comes
                raise LineError("INVALID_ARGUMENT", f"the offer cannot be used: {type(error).__name__}") from error
            await pc.setLocalDescription(await pc.createAnswer())
        except BaseException:
            await self.close()
            raise
        return write_answer(pc.localDescription.sdp, offer)

    async def connected(self) -> None:
        """Return when sound can flow. Raises LineError if it never will; waits without limit for a silent browser."""
        await self._first(self._up, self._over)
        if not self._up.is_set():
            raise LineError("MEDIA_BRIDGE_FAILURE", "the connection failed or was closed before it was up")

    async def over(self) -> None:
        """Return when the connection has failed, or was closed by either side."""
        await self._over.wait()

    def start(self, seat: ExchangingSeat) -> None:
        """Attach to the seat and begin the 20 ms exchange with it."""
        self._seat = seat
        seat.attach(self)
        self._receiver.jitter.reset()  # what came before is the past
        self._sender.start(self._tick)
        if self._knocking is None and self._pc is not None:
            self._knocking = asyncio.get_running_loop().create_task(self._knock(self._pc), name="ask for life")
            faults.watch(self._knocking, "knock", self._end)

    def silent_s(self) -> float:
        """Seconds since the visitor's last packet of any kind; before the first one, since the connection was made."""
        return self._receiver.silent_s()

    @property
    def is_over(self) -> bool:
        """It has failed, or either side has closed it: no sound will come any more."""
        return self._over.is_set()

    @property
    def was_reached(self) -> bool:
        """Whether a single packet of the browser has ever come."""
        return self._pc is not None and aiortc_hooks.was_reached(self._pc)

    @property
    def stats(self) -> dict[str, Any]:
        """Counted in packets of 20 ms, mostly; late_ms is of the last minute's frames on their way out.

        round_trip_ms and far_lost are what the browser last told, None as long as it has told nothing.
        """
        round_trip_s, far_lost = aiortc_hooks.far_end(self._pc) if self._pc is not None else (None, None)
        return {
            **self._receiver.jitter.counters(),
            "round_trip_ms": None if round_trip_s is None else round(round_trip_s * 1000, 1),
            "far_lost": far_lost,
            "sent": self._sender.sent,
            "skipped": self._sender.pace.skipped,
            "late_ms": self._sender.pace.late_ms(),
        }

    async def close(self) -> None:
        """Say goodbye and free everything. Any number of times, in any state."""
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self._close(), name="close a sound connection")
        await asyncio.shield(self._closing)

    # ── Inside ───────────────────────────────────────────────────────────────────────────────────────────────

    async def _close(self) -> None:
        self._end()
        if self._knocking is not None:
            self._knocking.cancel()
        try:
            if self._pc is not None:
                async with asyncio.timeout(CLOSE_S):
                    await self._pc.close()
        except TimeoutError:
            logger.warning("A sound connection did not close within %s s", CLOSE_S)
        finally:
            self._sender.stop()
            self._receiver.close()

    async def _knock(self, pc: RTCPeerConnection) -> None:
        """A microphone that gives nothing sends nothing, and reports come up to 7 s apart: without asking, a visitor
        who only listens would be taken for lost, and told again what they had heard."""
        while not self._over.is_set():
            silent_s = self._receiver.silent_s()
            if silent_s < KNOCK_AFTER_S:
                await asyncio.sleep(KNOCK_AFTER_S - silent_s)
            elif await aiortc_hooks.knock(pc):
                self._receiver.sign_of_life()
            else:
                await asyncio.sleep(KNOCK_EVERY_S)

    def _tick(self) -> bytes | None:
        seat = self._seat
        if seat is None or self._over.is_set():
            return None
        try:
            heard = self._receiver.take()
            if seat.line is not self:
                return None  # nobody listens here now; what is said meanwhile is not kept for later
            return seat.exchange(heard)
        except Exception as error:
            faults.report("exchange", error)
            self._end()  # the page is asked for another one
            raise

    def _packet(self, packet: RtpPacket) -> None:
        try:
            self._receiver.packet(packet)
        except Exception as error:  # noqa: BLE001  aiortc would only close what carries it
            faults.report("receiver", error)
            self._end()

    def _no_more_sent(self) -> None:
        if self._over.is_set():
            return
        if self._pc is not None and not aiortc_hooks.is_closed(self._pc):
            faults.report("sender", None)
        self._end()

    def _state_changed(self) -> None:
        state = self._pc.connectionState if self._pc else "closed"
        if state == "connected":
            self._receiver.sign_of_life()
            self._up.set()
        elif state in ("failed", "closed"):
            self._end()

    def _end(self) -> None:
        self._over.set()
        if self._seat is not None:
            self._seat.detach(self, self.silent_s())

    @staticmethod
    async def _first(*events: asyncio.Event) -> None:
        """Return when one of the events is set."""
        waiting = [asyncio.ensure_future(event.wait()) for event in events]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)


async def warm_up() -> None:
    """Make one connection with ourselves and throw it away: the first call would pay 0.3 to 0.9 s for it.

    Nothing depends on it; a machine on which it fails says so when the first call comes.
    """
    settings = MediaSettings(allow_loopback=True)
    browser = aiortc_hooks.new_peer_connection()
    connection = Connection(settings)
    try:
        browser.addTransceiver("audio", direction="sendrecv")
        aiortc_hooks.gather_on(browser, lambda: open_endpoints(settings))
        aiortc_hooks.tap_audio(browser, lambda packet: None)
        async with asyncio.timeout(WARM_UP_S):
            await browser.setLocalDescription(await browser.createOffer())
            answer = await connection.answer(browser.localDescription.sdp)
            await browser.setRemoteDescription(RTCSessionDescription(answer, "answer"))
            await connection.connected()
    except (LineError, TimeoutError) as error:
        logger.warning("The sound connection could not be warmed up: %s", error or "no connection in time")
    finally:
        await browser.close()
        await connection.close()
