"""One call's ear at a service: segments of speech, which are asked about again and again as they grow, on one stream.

Whoever asks hands over the whole segment each time. What was sent of it is sent no more; a sound that does not begin
with what was sent is another segment, on a new line. The line is opened when speech begins and closed soon after it
ended, so that nobody pays for silence.
"""

import asyncio
from collections.abc import Coroutine, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from agents.speech.heard import NOTHING, Heard
from agents.speech.providers.base import ProviderError
from agents.speech.providers.remote.base import HearingStream, StreamingEar, Unanswered, failure
from agents.speech.sound import Pcm, level_dbfs

SILENT_DBFS = -75.0  # sound in which nobody speaks: nothing is asked about it
IDLE_S = 8.0  # a line without new sound is closed after this
CLOSE_S = 2.0


@dataclass(slots=True, eq=False)
class _Line:
    stream: HearingStream
    language: str
    sound: Pcm = field(default_factory=lambda: np.zeros(0, np.int16))  # all that was sent
    settled: int = 0  # samples of it whose words are final
    finals: Heard = NOTHING
    partial: Heard = NOTHING
    told: bool = False  # something final since the last flush …
    flushed: bool = False  # … and all of it
    error: ProviderError | None = None
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    reading: "asyncio.Task[None] | None" = None

    @property
    def heard(self) -> Heard:
        return self.finals.joined(self.partial).evened()

    def goes_on(self, pcm: Pcm, language: str) -> bool:
        sent = len(self.sound)
        return self.language == language and len(pcm) >= sent and np.array_equal(pcm[:sent], self.sound)

    async def read(self) -> None:
        try:
            async for words in self.stream.words():
                if words.final:
                    self.finals, self.partial, self.told = self.finals.joined(words.heard), NOTHING, True
                else:
                    self.partial = words.heard
                self.flushed = self.flushed or words.flushed
                self.moved.set()
            self.error = failure("UNREACHABLE", "closed")
        except ProviderError as error:
            self.error = error
        finally:
            self.moved.set()


class RemoteHearing:
    """A `Hearing` for one call and one language at a time; `close` it with the call."""

    def __init__(self, ear: StreamingEar, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self.partials = ear.partials
        self._ear = ear
        self._line: _Line | None = None
        self._turn = asyncio.Lock()
        self._opening: tuple[str, asyncio.Task[HearingStream]] | None = None  # for a language
        self._idle: asyncio.TimerHandle | None = None
        self._closing: set[asyncio.Task[None]] = set()

    async def hear(self, pcm_16k: Pcm, *, language: str, who: Hashable = None, final: bool = True) -> Heard:
        if level_dbfs(pcm_16k) <= SILENT_DBFS:
            return NOTHING
        async with self._turn:
            line = await self._line_for(pcm_16k, language)
            try:
                return await self._heard(line, pcm_16k, final)
            except ProviderError:
                self._drop()  # also unanswered: what comes late would be taken for the answer to something else
                raise

    async def _line_for(self, pcm: Pcm, language: str) -> _Line:
        line = self._line
        if line is None or line.error or not line.goes_on(pcm, language):
            self._drop(opening=False)
            self._stay()
            line = self._line = _Line(await self._opened(language), language)
            if self._ear.partials:
                line.reading = asyncio.create_task(line.read())
        self._stay()
        return line

    async def _opened(self, language: str) -> HearingStream:
        """A new line. Whoever gives up while it is being opened leaves it to the next one who asks."""
        if self._opening is None or self._opening[0] != language:
            self._abandon()
            self._opening = (language, asyncio.create_task(self._ear.open(language)))
        opening = self._opening[1]
        try:
            stream = await asyncio.shield(opening)
        except ProviderError:
            self._opening = None
            raise
        self._opening = None
        return stream

    async def _heard(self, line: _Line, pcm: Pcm, final: bool) -> Heard:
        new, line.sound = pcm[len(line.sound) :], pcm  # before it is sent: what was given up on the way was sent
        if len(new):
            await line.stream.send(new)
        if not final or line.settled == len(pcm):
            if line.error:
                raise line.error
            return line.heard
        line.told = line.flushed = False
        await line.stream.flush()
        if not self._ear.partials:
            line.finals = NOTHING  # they come for all the sound at once
            await line.read()
            if not line.flushed and line.error:
                raise line.error
            line.error = None
        else:
            await self._flushed(line)
        line.settled = len(pcm)
        return line.heard

    async def _flushed(self, line: _Line) -> None:
        """Until the final words are there. Raises Unanswered."""
        while not line.flushed:
            if line.error:
                raise line.error
            line.moved.clear()
            waits_s = None if line.partial else line.stream.unanswered_s
            try:
                async with asyncio.timeout(waits_s):
                    await line.moved.wait()
            except TimeoutError:
                if line.told:  # an earlier flush had no answer of its own
                    return
                raise Unanswered from None

    # ── Lines that are over ──────────────────────────────────────────────────────────────────────────────────

    def _stay(self) -> None:
        if self._idle:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(IDLE_S, self._drop)

    def _drop(self, *, opening: bool = True) -> None:
        """Close the present line, and one that is being opened, behind everybody's back."""
        line, self._line = self._line, None
        if opening:
            self._abandon()
        if self._idle:
            self._idle.cancel()
            self._idle = None
        if line:
            self._behind(_closed(line))

    def _abandon(self) -> None:
        if self._opening:
            self._behind(_abandoned(self._opening[1]))
            self._opening = None

    def _behind(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        self._drop()
        if self._closing:
            await asyncio.wait(self._closing)
        await self._ear.close()


async def _closed(line: _Line) -> None:
    if line.reading:
        line.reading.cancel()
        await asyncio.wait({line.reading})
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_S):
            await line.stream.close()


async def _abandoned(opening: asyncio.Task[HearingStream]) -> None:
    opening.cancel()
    await asyncio.wait({opening})
    if not opening.cancelled() and opening.exception() is None:
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                await opening.result().close()
