"""A service first, the engine of this server behind it: an outage makes a call poorer for a moment and never ends it.

Both get the same whole piece of work, a segment of sound or a clause, so that whoever steps in begins at its beginning:
nothing is lost, and nothing is said twice. A service that failed is left alone for a while, twice as long each time, by
all calls of the process; nobody waits for it in every sentence.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from agents.speech.heard import Heard
from agents.speech.providers.base import Hearing, ProviderError, Spoken, Voice
from agents.speech.providers.remote.base import Unanswered, failure
from agents.speech.providers.remote.hearing import RemoteHearing
from agents.speech.sound import HEARD_HZ, Pcm

log = logging.getLogger(__name__)
T = TypeVar("T")
Tell = Callable[[str, str, str], None]  # part, service, code

AWAY_S, AWAY_MOST_S = 15.0, 300.0
WORDS_S = 2.5  # final words that come later are too late for a call …
WORDS_A_SECOND_S = 0.1  # … for each second of sound a little more
PARTIAL_S = 2.0
STREAM_S = 0.2  # sound goes out in pieces of this length while somebody speaks
CLAUSE_S = 8.0  # with the limits of voice.py on the way there


@dataclass(slots=True, eq=False)
class Health:
    """How a service is, for a process. Times are the event loop's."""

    away_until_s: float = 0.0
    failures: int = 0

    @property
    def up(self) -> bool:
        return asyncio.get_running_loop().time() >= self.away_until_s

    def succeed(self) -> None:
        self.failures, self.away_until_s = 0, 0.0

    def fail(self, error: ProviderError) -> None:
        self.failures += 1
        away_s = AWAY_MOST_S if error.permanent else min(AWAY_S * 2 ** min(self.failures - 1, 8), AWAY_MOST_S)
        self.away_until_s = asyncio.get_running_loop().time() + away_s


class _Chain:
    def __init__(self, part: str, service: str, health: Health, tell: Tell) -> None:
        self._part, self._service, self._health, self._tell = part, service, health, tell

    async def _first(self, work: Callable[[], Awaitable[T]], within_s: float) -> T | None:
        """What the service makes of it; None where it is away, or fails just now. Raises Unanswered."""
        if not self._health.up:
            return None
        try:
            async with asyncio.timeout(within_s):
                made = await work()
        except Unanswered:
            raise
        except ProviderError as error:
            self._failed(error)
        except TimeoutError:
            self._failed(failure("TOO_SLOW"))
        else:
            self._health.succeed()
            return made
        return None

    def _failed(self, error: ProviderError) -> None:
        if not self._health.up:  # another piece of work found out before
            return
        self._health.fail(error)
        log.warning("a connected service for %s failed (%s); the engine of this server steps in", self._part, error)
        self._tell(self._part, self._service, error.code or "BROKEN")


class HearingChain(_Chain):
    def __init__(self, first: RemoteHearing, last: Hearing, *, service: str, health: Health, tell: Tell) -> None:
        super().__init__("hearing", service, health, tell)
        self._first_ear, self._last_ear = first, last
        self.languages = last.languages

    @property
    def partial_every_s(self) -> float | None:
        return STREAM_S if self._first_ear.partials and self._health.up else None

    async def hear(self, pcm_16k: Pcm, *, language: str, who: Hashable = None, final: bool = True) -> Heard:
        if not final and not self._first_ear.partials:  # captions, and what interrupts, come from here then
            return await self._last_ear.hear(pcm_16k, language=language, who=who, final=False)
        within_s = WORDS_S + WORDS_A_SECOND_S * len(pcm_16k) / HEARD_HZ if final else PARTIAL_S
        unanswered = None
        try:
            heard = await self._first(
                lambda: self._first_ear.hear(pcm_16k, language=language, who=who, final=final), within_s
            )
        except Unanswered as error:
            heard, unanswered = None, error
        if heard is not None:
            return heard
        heard = await self._last_ear.hear(pcm_16k, language=language, who=who, final=final)
        if unanswered and heard:  # there was something to hear
            self._failed(unanswered)
        return heard


class VoiceChain(_Chain):
    def __init__(self, first: Voice, last: Voice, *, service: str, health: Health, tell: Tell) -> None:
        super().__init__("voice", service, health, tell)
        self._first_voice, self._last_voice = first, last
        self.key, self.label, self.language = first.key, first.label, first.language

    async def speak(self, text: str, *, who: Hashable = None, speed: float = 1.0) -> Spoken:
        spoken = await self._first(lambda: self._first_voice.speak(text, who=who, speed=speed), CLAUSE_S)
        return spoken if spoken is not None else await self._last_voice.speak(text, who=who, speed=speed)
