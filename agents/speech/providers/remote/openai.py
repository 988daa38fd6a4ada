"""Hearing and speech over HTTP, as OpenAI's audio interface has it and many servers of one's own speak it, too.

A file of sound goes to /audio/transcriptions, a text to /audio/speech; there are no partial words and no word times.
Sound is asked for as bare samples (24 kHz); a server that sends a WAV file all the same is understood.
"""

import io
import json
import wave
from collections.abc import AsyncGenerator, AsyncIterator

import aiohttp
import numpy as np

from agents.connections.service import Service
from agents.outside.addresses import NotFetched
from agents.outside.service_client import Refusal, ServiceClient
from agents.speech.heard import Heard
from agents.speech.providers.remote.base import Chunk, HearingStream, Words, failure, told
from agents.speech.providers.resampling import resample
from agents.speech.sound import HEARD_HZ, SPOKEN_HZ, Pcm, as_float, from_float

WITHIN_S = 20.0  # whoever waits gives up sooner (chain.py)
SOUND_MOST = 8 * 1024 * 1024  # bytes: almost three minutes, of a clause
_TEXT_MOST = 256 * 1024


def client(service: Service) -> ServiceClient:
    headers = {"Authorization": f"Bearer {service.key}"} if service.key else {}
    return ServiceClient(service.address, headers, private=service.private)


class OpenAiEar:
    partials = False

    def __init__(self, service: Service) -> None:
        self._model = str(service.settings.get("model", ""))
        self._client = client(service)

    async def open(self, language: str) -> HearingStream:
        return _Upload(self._client, self._model, language)

    async def close(self) -> None:
        await self._client.close()


class _Upload:
    """Keeps the sound until its words are wanted; all of it is sent again where speech went on."""

    unanswered_s = None

    def __init__(self, client: ServiceClient, model: str, language: str) -> None:
        self._client, self._model, self._language = client, model, language
        self._pieces: list[Pcm] = []
        self._wanted = False
        self._said = Heard()

    async def send(self, pcm_16k: Pcm) -> None:
        self._pieces.append(pcm_16k)

    async def flush(self) -> None:
        self._wanted = True

    async def words(self) -> AsyncIterator[Words]:
        while self._wanted:
            self._wanted = False
            yield Words(Heard(await self._text()), final=True, flushed=True)

    async def _text(self) -> str:
        form = aiohttp.FormData()
        form.add_field("file", _wav(np.concatenate(self._pieces)), filename="speech.wav", content_type="audio/wav")
        form.add_field("model", self._model)
        form.add_field("response_format", "json")
        if self._language:
            form.add_field("language", self._language.split("-")[0].lower())
        try:
            async with self._client.request("POST", "audio/transcriptions", within_s=WITHIN_S, data=form) as response:
                body = await self._client.read(response, _TEXT_MOST)
        except (NotFetched, Refusal) as error:
            raise told(error) from None
        try:
            text = json.loads(body)["text"]
        except (ValueError, KeyError, TypeError):
            raise failure("GARBLED", "no text") from None
        if not isinstance(text, str):
            raise failure("GARBLED", "no text")
        return " ".join(text.split())

    async def close(self) -> None:
        self._pieces.clear()


class OpenAiVoice:
    def __init__(self, service: Service) -> None:
        self._model = str(service.settings.get("model", ""))
        self._voice = str(service.settings.get("voice", ""))
        self._client = client(service)

    async def stream(self, text: str, *, language: str, speed: float) -> AsyncGenerator[Chunk, None]:
        wanted = {"model": self._model, "voice": self._voice, "input": text, "response_format": "pcm"}
        if speed != 1.0:
            wanted["speed"] = round(speed, 2)  # type: ignore[assignment]
        try:
            async with self._client.request("POST", "audio/speech", within_s=WITHIN_S, json=wanted) as response:
                if response.content_type.startswith(("application/json", "text/", "audio/mpeg")):
                    raise failure("GARBLED", "no samples")
                left, whole, read = b"", bytearray(), 0
                async for piece in response.content.iter_any():
                    read += len(piece)
                    if read > SOUND_MOST:
                        raise failure("GARBLED", "too long")
                    if whole or (read == len(piece) and piece.startswith(b"RIFF")):
                        whole += piece
                        continue
                    piece = left + piece
                    even = len(piece) // 2 * 2
                    left = piece[even:]
                    if even:
                        yield Chunk(np.frombuffer(piece[:even], "<i2"))
                if whole:
                    yield Chunk(_unwav(bytes(whole)))
                elif not read:
                    raise failure("GARBLED", "no sound")
        except (NotFetched, Refusal) as error:
            raise told(error) from None

    async def close(self) -> None:
        await self._client.close()


def _wav(pcm_16k: Pcm) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, HEARD_HZ, 0, "NONE", ""))
        out.writeframes(pcm_16k.astype("<i2").tobytes())
    return file.getvalue()


def _unwav(data: bytes) -> Pcm:
    """Raises ProviderError. A streamed file may not know its own length."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            channels, rate_hz = file.getnchannels(), file.getframerate()
            if file.getsampwidth() != 2 or channels not in (1, 2) or not 8000 <= rate_hz <= 96_000:
                raise failure("GARBLED", "an odd WAV file")
            read = file.readframes(SOUND_MOST // (2 * channels))
    except (wave.Error, EOFError, ValueError):
        raise failure("GARBLED", "no WAV file") from None
    samples = np.frombuffer(read[: len(read) // (2 * channels) * 2 * channels], "<i2")
    mono = samples.reshape(-1, channels)[:, 0]
    return mono if rate_hz == SPOKEN_HZ else from_float(resample(as_float(mono), rate_hz, SPOKEN_HZ))
