"""Hearing by AssemblyAI: a socket that takes samples and tells a turn as it grows (its interface v3/ws).

Its own judgement of where a turn ends is set as wide as it goes, and `ForceEndpoint` ends it when we do; the turn comes
once more with its punctuation then. A piece of sound has 50 ms to 1 s there: what is shorter waits for more.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import urlencode

import aiohttp
import numpy as np

from agents.connections.service import Service
from agents.outside.addresses import NotFetched
from agents.outside.service_client import Refusal, ServiceClient
from agents.speech.heard import Heard
from agents.speech.providers.base import ProviderError
from agents.speech.providers.remote.base import HearingStream, Words, failure, received, sent, told, words_of
from agents.speech.sound import HEARD_HZ, Pcm

_LEAST, _MOST = HEARD_HZ // 20, HEARD_HZ  # samples of a piece
_CLOSES = {1008: "KEY", 1013: "BROKEN", 3005: "BROKEN", 3006: "GARBLED", 3007: "GARBLED", 3008: "BROKEN", 3009: "BUSY"}
_CLOSES |= {4001: "KEY", 4002: "BUSY", 4029: "BUSY"}


class AssemblyAiEar:
    partials = True

    def __init__(self, service: Service) -> None:
        self._model = str(service.settings.get("model", ""))
        self._client = ServiceClient(service.address, {"Authorization": service.key}, private=service.private)

    async def open(self, language: str) -> HearingStream:
        wanted = {
            "sample_rate": HEARD_HZ,
            "encoding": "pcm_s16le",
            "format_turns": "true",
            "speech_model": self._model,
            "end_of_turn_confidence_threshold": 1.0,
            "max_turn_silence": 10_000,
        }
        try:
            return _Line(await self._client.open_socket(f"v3/ws?{urlencode(wanted)}"))
        except (NotFetched, Refusal) as error:
            raise told(error) from None

    async def close(self) -> None:
        await self._client.close()


class _Line:
    unanswered_s = 0.8

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._kept: Pcm = np.zeros(0, np.int16)
        self._owed = 0  # flushes without an answer: whoever asked first may have given up
        self._told: set[int] = set()  # turns whose final words were given

    async def send(self, pcm_16k: Pcm) -> None:
        sound = np.concatenate([self._kept, pcm_16k])
        while len(sound) >= _LEAST:
            most = _MOST if len(sound) >= _MOST + _LEAST else min(len(sound), _MOST)
            piece, sound = sound[:most], sound[most:]
            self._kept = sound
            await sent(self._socket, piece.astype("<i2").tobytes())
        self._kept = sound

    async def flush(self) -> None:
        if len(self._kept):
            await self.send(np.zeros(_LEAST - len(self._kept), np.int16))
        self._owed += 1
        await sent(self._socket, {"type": "ForceEndpoint"})

    async def words(self) -> AsyncIterator[Words]:
        while (message := await received(self._socket, _CLOSES)) is not None:
            if (words := self._read(message)) is not None:
                yield words

    def _read(self, message: dict[str, object]) -> Words | None:
        match message.get("type"):
            case "Turn":
                return self._turn(message)
            case "Error":
                code = message.get("error_code")
                raise failure(_CLOSES.get(code, "BROKEN") if isinstance(code, int) else "BROKEN", str(code)[:8])
        return None  # Begin, SpeechStarted, Termination

    def _turn(self, message: dict[str, object]) -> Words | None:
        order = message.get("turn_order")
        if not isinstance(order, int):
            raise failure("GARBLED", "a turn without its number")
        heard: Heard = words_of(message.get("words"), "text")
        if order in self._told:
            return None
        if not message.get("end_of_turn") or not message.get("turn_is_formatted"):
            return Words(heard)
        self._told.add(order)
        answered = self._owed == 1
        self._owed = max(0, self._owed - 1)
        return Words(heard, final=True, flushed=answered)

    async def close(self) -> None:
        if not self._socket.closed:
            with suppress(ProviderError):  # it is over either way
                await sent(self._socket, {"type": "Terminate"})
            await self._socket.close()
