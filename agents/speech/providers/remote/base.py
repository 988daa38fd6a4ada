"""What a service that hears or speaks must do, whichever it is: one streaming contract, one file a wire.

Hearing: sound goes in as it comes, partial words come out as the service has them, and a `flush` asks for the final
ones of all that was sent. A wire without streams keeps the sound until the flush, and says that it has no partials.
Speech: a text goes in, and its sound comes out in chunks, with the second at which each word ends where the wire
tells. A wire knows nothing of calls, clauses, patience or what steps in for it: that stands in hearing.py, voice.py
and chain.py, once for all of them.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp

from agents.outside.addresses import NotFetched
from agents.outside.service_client import Refusal
from agents.speech.heard import NOTHING, Heard
from agents.speech.providers.base import ProviderError
from agents.speech.sound import Pcm


@dataclass(frozen=True, slots=True)
class Words:
    """What a stream of hearing says. A partial replaces the partial before it; finals follow one another."""

    heard: Heard = NOTHING
    final: bool = False
    flushed: bool = False  # everything that was sent before the last flush has its final words now


class HearingStream(Protocol):
    """One open line to a service, for one segment of speech. Used by one task at a time."""

    @property
    def unanswered_s(self) -> float | None:
        """After this a flush without any word before it has no answer: nothing was said, or nobody is there any more.
        None: each is answered."""
        ...

    async def send(self, pcm_16k: Pcm) -> None:
        """More of the sound. Raises ProviderError."""
        ...

    async def flush(self) -> None:
        """Final words are wanted for everything sent; speech may go on after it. Raises ProviderError."""
        ...

    def words(self) -> AsyncIterator[Words]:
        """Until the line is closed. Raises ProviderError where it breaks."""
        ...

    async def close(self) -> None:
        """Twice is once. Never raises."""
        ...


class StreamingEar(Protocol):
    partials: bool  # whether words come before a flush

    async def open(self, language: str) -> HearingStream:
        """Raises ProviderError."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of sound; the words whose ends are known by now, with the second in the whole text's sound."""

    pcm: Pcm  # at SPOKEN_HZ
    words: tuple[tuple[str, float], ...] = ()


class StreamingVoice(Protocol):
    def stream(self, text: str, *, language: str, speed: float) -> AsyncGenerator[Chunk, None]:
        """The sound of a text, piece by piece; closing the generator stops the service. Raises ProviderError."""
        ...

    async def close(self) -> None: ...


class Unanswered(ProviderError):
    """A flush had no answer, and no word came before it: there were none, or the service fell silent."""

    def __init__(self) -> None:
        super().__init__("TOO_SLOW no answer", code="TOO_SLOW")


# ── What every wire needs ────────────────────────────────────────────────────────────────────────────────────

_STATUSES = {401: "KEY", 403: "KEY", 402: "BUSY", 404: "GONE", 405: "GONE", 429: "BUSY"}
_PERMANENT = ("KEY", "GONE", "PRIVATE", "HTTPS_ONLY", "ADDRESS", "CERTIFICATE")


def failure(code: str, detail: str = "") -> ProviderError:
    """`detail` is ours or a number, never what a service said word for word: that may repeat what was sent."""
    return ProviderError(f"{code} {detail}".strip(), permanent=code in _PERMANENT, code=code)


def told(error: Exception) -> ProviderError:
    """What the guarded client raises, as providers say it."""
    if isinstance(error, ProviderError):
        return error
    if isinstance(error, Refusal):
        code = _STATUSES.get(error.status, "BROKEN" if error.status >= 500 else "GONE" if error.status >= 400 else "")
        return failure(code or "GARBLED", str(error.status))
    if isinstance(error, NotFetched):
        return failure("GARBLED" if error.code == "NOT_HTTP" else error.code, error.detail)
    if isinstance(error, TimeoutError):
        return failure("TOO_SLOW")
    return failure("UNREACHABLE", type(error).__name__)


async def received(
    socket: aiohttp.ClientWebSocketResponse, closes: dict[int, str] | None = None
) -> dict[str, Any] | None:
    """The next message of a JSON wire; None when it was closed in good order. Raises ProviderError.

    `closes`: what the wire's own close codes mean.
    """
    message = await socket.receive()
    match message.type:
        case aiohttp.WSMsgType.TEXT:
            try:
                found = json.loads(message.data)
            except ValueError:
                raise failure("GARBLED", "no JSON") from None
            if not isinstance(found, dict):
                raise failure("GARBLED", "no object")
            return found
        case aiohttp.WSMsgType.CLOSE | aiohttp.WSMsgType.CLOSING | aiohttp.WSMsgType.CLOSED:
            code = socket.close_code or 1006
            if code in (1000, 1001):
                return None
            raise failure((closes or {}).get(code, "UNREACHABLE"), f"closed with {code}")
        case aiohttp.WSMsgType.ERROR:
            raise failure("UNREACHABLE", "broken off")
    raise failure("GARBLED", "no text")


async def sent(socket: aiohttp.ClientWebSocketResponse, message: dict[str, Any] | bytes) -> None:
    """Raises ProviderError."""
    try:
        if isinstance(message, bytes):
            await socket.send_bytes(message)
        else:
            await socket.send_str(json.dumps(message))
    except (aiohttp.ClientError, ConnectionError, RuntimeError) as error:
        raise failure("UNREACHABLE", type(error).__name__) from None


def number(value: Any) -> float:
    """Raises ProviderError where a wire says something else where a number belongs."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise failure("GARBLED", "no number")
    return float(value)


def words_of(found: Any, text_key: str, sure_key: str = "confidence") -> Heard:
    """Words with how sure the service is of each, from a list of objects. Raises ProviderError."""
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise failure("GARBLED", "no words")
    text, sure = [], []
    for one in found:
        word = one.get(text_key) or one.get("word") or ""
        if not isinstance(word, str):
            raise failure("GARBLED", "no word")
        if word.strip():
            parts = word.split()
            text += parts
            sure += [min(max(number(one.get(sure_key, 1.0)), 0.0), 1.0)] * len(parts)
    return Heard(" ".join(text), tuple(sure))
