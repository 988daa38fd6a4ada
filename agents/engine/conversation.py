"""What a session knows of an agent: who answers, with which mind, and its first words. `talk` is one run of it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

import numpy as np

from agents.brains.base import Brain
from agents.brains.language_model.brain import ModelBrain
from agents.brains.language_model.thinking import Thinking
from agents.brains.languages import LanguagesBrain
from agents.brains.memory import Memory
from agents.brains.phrases import phrases
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, spoken
from agents.brains.sources.brain import with_sources
from agents.brains.sources.passages import Shelf
from agents.brains.tools.acting import Acting
from agents.brains.tools.brain import ActingBrain
from agents.engine.line import Clip, Line
from agents.engine.notes import Ending, Notes
from agents.engine.speaking import Utterance
from agents.engine.talk import Talk
from agents.speech.clauses import clauses
from agents.speech.providers.base import CallServices, Engines, ProviderError
from agents.speech.sound import HEARD_HZ, Pcm
from agents.speech.vocabulary import Vocabulary

__all__ = ["Answerer", "TalkSettings", "VoiceAgent"]

_QUIET: Pcm = np.zeros(HEARD_HZ, np.int16)  # a second in which nobody speaks, to bring the hearing into memory with


class Answerer(Protocol):
    """What a session needs of an agent."""

    async def run(self, seat: Line, notes: Notes) -> Ending:
        """Talk until the conversation is over. Cancelling it ends everything it started."""
        ...

    def state(self) -> dict[str, Any]:
        """Where the conversation stands, as plain JSON."""
        ...

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from there; called before `run`."""
        ...


class VoiceAgent:
    """Answers by voice, from the topics of one frozen version, in the languages that there are engines for."""

    def __init__(
        self,
        snapshot: AgentSnapshot,
        engines: Engines | Mapping[str, Engines],
        *,
        variant_key: str = "",
        settings: TalkSettings | None = None,
        language: str = "",
        services: CallServices | None = None,
        thinking: Thinking | None = None,
        acting: Acting | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        """`engines`: for each language that can be heard and spoken here, or for the one. `language`: to begin in.
        `services`: what stands before the engines and is closed with the call. `thinking`: a language model that words
        the answers; None: the topics' own words. `acting`: how its tools are called; None: nothing is done. `shelf`:
        where its sources are; None: it uses none.
        """
        self._services = services
        self._snapshot = snapshot
        self._engines = {snapshot.language: engines} if isinstance(engines, Engines) else dict(engines)
        wanted = snapshot.spoken_language(language) if language else snapshot.language
        self._language = wanted if wanted in self._engines else next(iter(self._engines))
        self._variant_key = variant_key
        variant, _ = snapshot.variant(variant_key)
        self._variant = variant.attributes if variant else {}
        self._settings = settings or TalkSettings()
        self._thinking, self._acting, self._shelf = thinking, acting, shelf
        self._memory = Memory()

    def state(self) -> dict[str, Any]:
        return self._memory.to_json()

    def restore(self, state: dict[str, Any]) -> None:
        self._memory = Memory.from_json(state)

    async def make_ready(self) -> None:
        """Make the first sound while the line is still being connected; a voice with a cache has it when `run` asks."""
        piece, language = self._first_words()
        if self._services:
            self._services.lapse()
        if piece and not self._memory.greeted:
            with suppress(ProviderError):  # the call meets it again, and ends as it should
                await self._engines[language].voice.speak(piece, who=id(self))

    async def rehearse(self) -> Clip | None:
        """What calls to this agent need and share, made before the first one: topics as vectors, the first sound, and
        a hearing that is in memory.

        The sound is returned for whoever encodes it. Raises ProviderError.
        """
        piece, language = self._first_words()
        said = await self._engines[language].voice.speak(piece, who=id(self)) if piece else None  # it is needed first
        await self._brain(id(self)).prepare()
        await self._engines[self._language].hearing.hear(_QUIET, language=self._language, who=id(self))
        return Clip(piece, said.pcm, said.word_ends_s) if said else None

    def _brain(self, who: int) -> Brain:
        brain: Brain = LanguagesBrain(
            self._snapshot,
            lambda language: self._engines[language].meaning,
            languages=tuple(self._engines),
            variant=self._variant,
            language=self._language,
            settings=self._settings,
            who=who,
            least=self._settings.doubtful,
        )
        brain = with_sources(
            brain,
            self._shelf,
            self._snapshot,
            lambda language: self._engines[language].meaning,
            language=self._language,
            who=who,
            for_model=self._thinking is not None,
        )
        if self._thinking:
            brain = ModelBrain(
                brain,
                self._thinking,
                self._snapshot,
                variant=self._variant,
                language=self._language,
                takes_messages=self._settings.takes_messages,
            )
            brain.acting = self._acting
        return ActingBrain(brain, self._acting, self._snapshot, variant=self._variant, language=self._language)

    def _first_words(self) -> tuple[str, str]:
        opening = self._opening()
        pieces = clauses(opening[0].text) if opening else []
        return (pieces[0], opening[0].language) if pieces else ("", self._language)

    def _opening(self) -> list[Utterance]:
        """The disclaimer, then the greeting. A disclaimer without a wording in the language is said in the first one:
        nobody else may put it in other words. A greeting may.
        """
        own, page = self._snapshot.in_language(self._language), self._memory.page
        disclaimer, language = own.disclaimer, self._language
        if not disclaimer.strip() and self._snapshot.language in self._engines:
            disclaimer, language = self._snapshot.disclaimer, self._snapshot.language
        greeting = own.greeting.strip() or phrases(self._language).greeting.format(own.name)
        opening = [
            Utterance(spoken(disclaimer, self._variant, page), "disclaimer", uninterruptible=True, language=language),
            Utterance(spoken(greeting, self._variant, page), "greeting", language=self._language),
        ]
        opening = [utterance for utterance in opening if utterance.text]
        for last in opening[-1:]:
            last.ends_opening = True
        return opening

    async def run(self, seat: Line, notes: Notes) -> Ending:
        variant, found = self._snapshot.variant(self._variant_key)
        if not found:
            notes.event("variant_missing", seat.now_s(), key=self._variant_key, used=variant.key if variant else "")
        memory = self._memory
        if memory.language not in self._engines:
            memory.language = self._language
        talk = Talk(
            seat,
            notes,
            memory,
            self._engines,
            self._brain,
            opening=self._opening,
            vocabulary=Vocabulary(self._snapshot.phrases, self._snapshot.corrections),
            settings=self._settings,
        )
        try:
            return await self._run(talk, seat, notes)
        finally:
            if self._thinking:
                await self._thinking.model.close()

    async def _run(self, talk: Talk, seat: Line, notes: Notes) -> Ending:
        if not self._services:
            return await talk.run()
        self._services.tell = lambda part, service, code: notes.event(
            "service_failed", seat.now_s(), part=part, service=service, code=code
        )
        self._services.begin()
        try:
            return await talk.run()
        finally:
            await self._services.close()
