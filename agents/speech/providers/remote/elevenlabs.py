"""Speech by ElevenLabs: a socket for each text that gives samples with the time of every letter (stream-input).

Times come with each piece of sound and count from its beginning. An empty text says that there is no more, and the
service closes the socket behind the last piece.
"""

import base64
import binascii
from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import quote, urlencode

import numpy as np

from agents.connections.service import Service
from agents.outside.addresses import NotFetched
from agents.outside.service_client import Refusal, ServiceClient
from agents.speech.providers.remote.base import Chunk, failure, number, received, sent, told
from agents.speech.sound import SPOKEN_HZ, Pcm

_CLOSES = {1008: "BUSY", 1011: "BROKEN"}  # 1008 is its word for every rule of its own; a message before it says which
_REASONS = (("api_key", "KEY"), ("authori", "KEY"), ("quota", "BUSY"), ("busy", "BUSY"), ("voice", "GONE"))
SPEEDS = (0.7, 1.2)  # it takes no others


class ElevenLabsVoice:
    def __init__(self, service: Service) -> None:
        self._model = str(service.settings.get("model", ""))
        self._voice = str(service.settings.get("voice", ""))
        self._client = ServiceClient(service.address, {"xi-api-key": service.key}, private=service.private)

    async def stream(self, text: str, *, language: str, speed: float) -> AsyncGenerator[Chunk, None]:
        wanted = urlencode(
            {
                "model_id": self._model,
                "output_format": f"pcm_{SPOKEN_HZ}",
                "auto_mode": "true",
                "sync_alignment": "true",
            }
        )
        try:
            socket = await self._client.open_socket(
                f"v1/text-to-speech/{quote(self._voice, safe='')}/stream-input?{wanted}"
            )
        except (NotFetched, Refusal) as error:
            raise told(error) from None
        try:
            paced = min(max(speed, SPEEDS[0]), SPEEDS[1])
            await sent(
                socket, {"text": " ", "voice_settings": {"stability": 0.5, "similarity_boost": 0.8, "speed": paced}}
            )
            await sent(socket, {"text": f"{text} "})
            await sent(socket, {"text": ""})
            letters, at_s = _Letters(), 0.0
            while True:
                message = await received(socket, _CLOSES)
                if message is None:
                    raise failure("UNREACHABLE", "closed before its end")
                if "error" in message or message.get("code"):
                    raise failure(_reason(message))
                pcm = samples(message.get("audio"))
                words = letters.read(message.get("alignment"), at_s)
                at_s += len(pcm) / SPOKEN_HZ
                last = bool(message.get("isFinal"))
                words += letters.rest() if last else ()
                if len(pcm) or words:
                    yield Chunk(pcm, words)
                if last:
                    return
        finally:
            await socket.close()

    async def close(self) -> None:
        await self._client.close()


class _Letters:
    """Letters with their times become words with their ends."""

    def __init__(self) -> None:
        self._word, self._end_s = "", 0.0

    def read(self, alignment: Any, from_s: float) -> tuple[tuple[str, float], ...]:
        if alignment is None:
            return ()
        if not isinstance(alignment, dict):
            raise failure("GARBLED", "no times")
        letters, starts = alignment.get("chars"), alignment.get("charStartTimesMs")
        lengths = alignment.get("charDurationsMs", alignment.get("charsDurationsMs"))
        if not isinstance(letters, list) or not isinstance(starts, list) or not isinstance(lengths, list):
            raise failure("GARBLED", "no times")
        if not len(letters) == len(starts) == len(lengths):
            raise failure("GARBLED", "times without letters")
        found: tuple[tuple[str, float], ...] = ()
        for letter, start_ms, length_ms in zip(letters, starts, lengths, strict=True):
            if str(letter).isspace():
                found += self.rest()
            else:
                self._word += str(letter)
                self._end_s = from_s + (number(start_ms) + number(length_ms)) / 1000
        return found

    def rest(self) -> tuple[tuple[str, float], ...]:
        word, self._word = self._word, ""
        return ((word, self._end_s),) if word else ()


def samples(encoded: Any) -> Pcm:
    """Sound out of base64. Raises ProviderError."""
    if encoded is None or encoded == "":
        return np.zeros(0, np.int16)
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise failure("GARBLED", "no sound") from None
    if len(data) % 2:
        raise failure("GARBLED", "half a sample")
    return np.frombuffer(data, "<i2")


def _reason(message: dict[str, Any]) -> str:
    """Which of our codes its reason means; its words themselves go nowhere."""
    said = f"{message.get('error')} {message.get('message')}".lower()
    return next((code for sign, code in _REASONS if sign in said), "BROKEN")
