"""Hearing for a conversation in several languages: the words, and which of its languages they are in.

The language is told by sound and not by words: an engine that knows one language makes words of it out of anything. A
short answer ("ja", "no") tells too little, so it counts as being in the language that is spoken at the moment.
"""

import asyncio
from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Protocol

from agents.speech.heard import Heard
from agents.speech.providers.base import Hearing, partial_every_s
from agents.speech.sound import HEARD_HZ, Pcm

TOLD_FROM_S = 1.3  # of sound, with the quiet kept around it
SURE = 0.85  # how probable another language has to be


class Teller(Hearing, Protocol):
    """A hearing that knows many languages, and tells them apart."""

    async def language(self, pcm_16k: Pcm, among: tuple[str, ...], *, who: Hashable = None) -> dict[str, float]: ...


class SeveralHearings:
    """One for each set of languages; shared by calls."""

    def __init__(self, hearings: Mapping[str, Hearing], teller: Teller) -> None:
        self._hearings, self._teller = dict(hearings), teller
        self.languages = tuple(self._hearings)

    @property
    def partial_every_s(self) -> float | None:
        """As the one that is asked least often needs it."""
        each = [partial_every_s(hearing) for hearing in self._hearings.values()]
        return None if None in each else max(one for one in each if one is not None)

    async def hear(self, pcm_16k: Pcm, *, language: str, who: Hashable = None, final: bool = True) -> Heard:
        """The words in whichever language they are; `language`: the one that is spoken at the moment."""
        if not final or len(pcm_16k) < TOLD_FROM_S * HEARD_HZ:
            return replace(await self._heard(pcm_16k, language, who, final), language=language)
        heard, told = await asyncio.gather(
            self._heard(pcm_16k, language, who, final), self._teller.language(pcm_16k, self.languages, who=who)
        )
        best = max(told, key=lambda each: told[each])
        if best == language or told[best] < SURE:
            return replace(heard, language=language)
        return replace(await self._heard(pcm_16k, best, who, final), language=best)

    async def _heard(self, pcm_16k: Pcm, language: str, who: Hashable, final: bool) -> Heard:
        hearing = self._hearings.get(language) or next(iter(self._hearings.values()))
        return await hearing.hear(pcm_16k, language=language, who=who, final=final)
