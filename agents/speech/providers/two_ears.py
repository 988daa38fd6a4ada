"""Hearing by a quick ear and a better one: the better one listens again to what the quick one was not sure of.

In a quiet room that is nearly nothing, so nobody waits longer. In noise it is every other sentence, and a third of a
second of work each: it is left out for captions, and while jobs queue for a thread.
"""

from collections.abc import Callable, Hashable
from pathlib import Path

from agents.speech import inference
from agents.speech.heard import Heard
from agents.speech.providers import moonshine, weights
from agents.speech.providers.base import Hearing, ProviderError
from agents.speech.providers.moonshine import MoonshineHearing
from agents.speech.sound import Pcm

UNSURE = 0.4  # a text is heard again when the ear is less sure than this of one of its words (bench/hearing)
WAITS_MOST_S = 0.1  # while a tenth of the jobs wait for longer, there is no time for it
_WITHIN_S, _SHARE = 10.0, 0.9


def make(models_dir: Path) -> Hearing:
    """Both ears where the better one is installed, else the quick one."""
    quick = MoonshineHearing(models_dir)
    if weights.missing(moonshine.BASE.needs, models_dir):
        return quick
    return TwoEars(quick, MoonshineHearing(models_dir, moonshine.BASE))


def _waited_s() -> float:
    return inference.shared().waited_s(_WITHIN_S, _SHARE)


class TwoEars:
    """Shared by all calls of a process."""

    def __init__(self, quick: Hearing, better: Hearing, *, waited_s: Callable[[], float] = _waited_s) -> None:
        self._quick, self._better, self._waited_s = quick, better, waited_s
        self.languages = quick.languages

    async def hear(self, pcm_16k: Pcm, *, language: str, who: Hashable = None, final: bool = True) -> Heard:
        heard = await self._quick.hear(pcm_16k, language=language, who=who, final=final)
        if not final or not heard.doubtful(UNSURE) or self._waited_s() > WAITS_MOST_S:
            return heard
        try:
            return await self._better.hear(pcm_16k, language=language, who=who) or heard
        except ProviderError:
            return heard
