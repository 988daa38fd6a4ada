"""Hearing by Deepgram: a socket that takes samples and tells partial and final words (its interface v1/listen).

It is not asked where a sentence ends: whose turn it is, is decided here. `Finalize` asks for the words of everything
sent; the answer to it says so itself, unless there was nothing left to say: then what was final before covers it all.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import urlencode

import aiohttp

from agents.connections.service import Service
from agents.outside.addresses import NotFetched
from agents.outside.service_client import Refusal, ServiceClient
from agents.speech.providers.base import ProviderError
from agents.speech.providers.remote.base import HearingStream, Words, failure, number, received, sent, told, words_of
from agents.speech.sound import HEARD_HZ, Pcm

_CLOSES = {1008: "GARBLED", 1011: "BROKEN"}
_COVERED_S = 0.12  # the end of what was sent that may have no result of its own


class DeepgramEar:
    partials = True

    def __init__(self, service: Service) -> None:
        self._model = str(service.settings.get("model", ""))
        headers = {"Authorization": f"Token {service.key}"}
        self._client = ServiceClient(service.address, headers, private=service.private)

    async def open(self, language: str) -> HearingStream:
        wanted = {
            "model": self._model,
            "language": language or "en",
            "encoding": "linear16",
            "sample_rate": HEARD_HZ,
            "channels": 1,
            "interim_results": "true",
            "punctuate": "true",
            "endpointing": "false",
        }
        try:
            return _Line(await self._client.open_socket(f"v1/listen?{urlencode(wanted)}"))
        except (NotFetched, Refusal) as error:
            raise told(error) from None

    async def close(self) -> None:
        await self._client.close()


class _Line:
    unanswered_s = 0.8

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._sent_s = 0.0
        self._final_s = 0.0  # how much of what was sent has final words
        self._flush_s = 0.0  # how much was sent at the last flush …
        self._owed = 0  # … and how many have had no answer: whoever asked first may have given up

    async def send(self, pcm_16k: Pcm) -> None:
        self._sent_s += len(pcm_16k) / HEARD_HZ
        await sent(self._socket, pcm_16k.astype("<i2").tobytes())

    async def flush(self) -> None:
        self._flush_s = self._sent_s
        self._owed += 1
        await sent(self._socket, {"type": "Finalize"})

    async def words(self) -> AsyncIterator[Words]:
        while (message := await received(self._socket, _CLOSES)) is not None:
            if message.get("type") != "Results":
                continue  # metadata, the beginning of speech
            try:
                best = message["channel"]["alternatives"][0]
                heard = words_of(best["words"], "punctuated_word")
            except (KeyError, IndexError, TypeError):
                raise failure("GARBLED", "no alternatives") from None
            final = bool(message.get("is_final"))
            if final:
                self._final_s = number(message.get("start", 0)) + number(message.get("duration", 0))
            yield Words(heard, final=final, flushed=final and self._answers(bool(message.get("from_finalize"))))

    def _answers(self, says_so: bool) -> bool:
        """Whether this answers the last flush."""
        covered = self._final_s >= self._flush_s - _COVERED_S
        if not self._owed or not (covered or (says_so and self._owed == 1)):
            self._owed -= says_so and self._owed > 0
            return False
        self._owed = 0
        return True

    async def close(self) -> None:
        if not self._socket.closed:
            with suppress(ProviderError):  # it is over either way
                await sent(self._socket, {"type": "CloseStream"})
            await self._socket.close()
