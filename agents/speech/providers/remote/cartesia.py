"""Speech by Cartesia: one socket for a call, a context for each text, samples with word times (tts/websocket)."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from itertools import count
from typing import Any

import aiohttp

from agents.connections.service import Service
from agents.outside.addresses import NotFetched
from agents.outside.service_client import Refusal, ServiceClient
from agents.speech.providers.base import ProviderError
from agents.speech.providers.remote.base import Chunk, failure, number, received, sent, told
from agents.speech.providers.remote.elevenlabs import samples
from agents.speech.sound import SPOKEN_HZ

VERSION = "2025-04-16"  # of its interface
WAITING_MOST = 256  # messages of one text that nobody has taken yet: more is no live voice
_CLOSES = {1008: "KEY", 1011: "BROKEN"}
_STATUSES = {400: "GONE", 401: "KEY", 402: "BUSY", 403: "KEY", 404: "GONE", 429: "BUSY"}
SPEEDS = (0.6, 1.5)

_Message = dict[str, Any] | ProviderError


class CartesiaVoice:
    def __init__(self, service: Service) -> None:
        self._model = str(service.settings.get("model", ""))
        self._voice = str(service.settings.get("voice", ""))
        headers = {"X-API-Key": service.key, "Cartesia-Version": VERSION}
        self._client = ServiceClient(service.address, headers, private=service.private)
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._opening = asyncio.Lock()
        self._reading: asyncio.Task[None] | None = None
        self._waiting: dict[str, asyncio.Queue[_Message]] = {}
        self._numbers = count(1)

    async def stream(self, text: str, *, language: str, speed: float) -> AsyncGenerator[Chunk, None]:
        name = f"clause-{next(self._numbers)}"
        wanted = {
            "model_id": self._model,
            "transcript": text,
            "voice": {"mode": "id", "id": self._voice},
            "language": (language or "en").split("-")[0].lower(),
            "context_id": name,
            "output_format": {"container": "raw", "encoding": "pcm_s16le", "sample_rate": SPOKEN_HZ},
            "add_timestamps": True,
            "continue": False,
        }
        if speed != 1.0:
            wanted["generation_config"] = {"speed": min(max(speed, SPEEDS[0]), SPEEDS[1])}
        socket = await self._opened()
        messages = self._waiting[name] = asyncio.Queue(WAITING_MOST)
        ended = False
        try:
            await sent(socket, wanted)
            while True:
                message = await messages.get()
                if isinstance(message, ProviderError):
                    ended = True
                    raise message
                ended = bool(message.get("done"))
                chunk = _read(message)
                if chunk is not None:
                    yield chunk
                if ended:
                    return
        finally:
            self._waiting.pop(name, None)
            if not ended and not socket.closed:
                with suppress(ProviderError):
                    await sent(socket, {"context_id": name, "cancel": True})

    async def _opened(self) -> aiohttp.ClientWebSocketResponse:
        async with self._opening:
            if self._socket is None or self._socket.closed:
                try:
                    self._socket = await self._client.open_socket(f"tts/websocket?cartesia_version={VERSION}")
                except (NotFetched, Refusal) as error:
                    raise told(error) from None
                self._reading = asyncio.create_task(self._read_all(self._socket))
            return self._socket

    async def _read_all(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Hands every message to the text it belongs to. Ends with the socket, and tells everybody who still waits."""
        try:
            while (message := await received(socket, _CLOSES)) is not None:
                waiting = self._waiting.get(str(message.get("context_id", "")))
                if waiting is None:
                    if message.get("type") == "error":
                        raise failure(_code(message))
                    continue
                if waiting.full():
                    raise failure("GARBLED", "more than anybody says")
                waiting.put_nowait(message)
            end = failure("UNREACHABLE", "closed before its end")
        except ProviderError as error:
            end = error
        for waiting in self._waiting.values():
            if waiting.full():
                waiting.get_nowait()
            waiting.put_nowait(end)
        if not socket.closed:
            await socket.close()

    async def close(self) -> None:
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.cancel()
            await asyncio.wait({reading})
        if self._socket is not None:
            await self._socket.close()
        await self._client.close()


def _code(message: dict[str, Any]) -> str:
    status = message.get("status_code")
    return _STATUSES.get(status, "BROKEN") if isinstance(status, int) else "BROKEN"


def _read(message: dict[str, Any]) -> Chunk | None:
    match message.get("type"):
        case "chunk":
            return Chunk(samples(message.get("data")))
        case "timestamps":
            times = message.get("word_timestamps")
            if not isinstance(times, dict):
                raise failure("GARBLED", "no times")
            words, ends = times.get("words"), times.get("end")
            if not isinstance(words, list) or not isinstance(ends, list) or len(words) != len(ends):
                raise failure("GARBLED", "times without words")
            timed = tuple((str(word), number(end)) for word, end in zip(words, ends, strict=True))
            return Chunk(samples(None), timed)
        case "error":
            raise failure(_code(message))
        case "done" | "flush_done" | "phoneme_timestamps":
            return None
    raise failure("GARBLED", "an unknown message")
