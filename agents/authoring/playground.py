"""Trying the draft: what it would answer and why, its voice, its ears. For the console, on the loop of the calls.

A whole conversation by typing keeps its memory between two requests as the JSON of agents/brains/memory.py.
"""

import asyncio
import io
import time
import wave
from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from agents.brains import manner, snapshot
from agents.brains.base import Brain, Turn, whole
from agents.brains.language_model.brain import ModelBrain
from agents.brains.language_model.thinking import Thinking
from agents.brains.languages import LanguagesBrain
from agents.brains.lookup import Lookup
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot
from agents.brains.sources.brain import with_sources
from agents.brains.sources.passages import Shelf
from agents.brains.tools.acting import Acting
from agents.brains.tools.brain import ActingBrain
from agents.connections.service import Service
from agents.speech import inference
from agents.speech.clauses import clauses
from agents.speech.plain_text import plain
from agents.speech.providers import registry
from agents.speech.providers.base import Meaning, ProviderError, plain_of
from agents.speech.providers.meaning_cache import CachedMeaning
from agents.speech.sound import HEARD_HZ, SPOKEN_HZ, Pcm

ALIKE = 0.82  # two example questions at least this close, in two topics, get mixed up
ALIKE_TOPICS_MOST = 400  # compared with each other; the first ones by name
ALIKE_LINES_MOST = 6  # of a topic: its name and its first questions
HEARD_S_MOST = 30.0

_cached: dict[int, CachedMeaning] = {}


@dataclass(frozen=True, slots=True)
class Tried:
    """One turn of a trial."""

    text: str
    source: str
    kind: str
    score: float | None
    near: tuple[tuple[str, float], ...]
    thinking_ms: float
    ends_call: bool
    memory: dict[str, Any] = field(default_factory=dict)
    decision: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trial:
    """What all trials of one installation share: its engines."""

    speech: str
    models_dir: Path
    who: Hashable = None

    async def answer(
        self,
        draft: AgentSnapshot,
        variant_key: str,
        text: str,
        memory: dict[str, Any],
        settings: TalkSettings,
        thinking: Thinking | None = None,
        shelf: Shelf | None = None,
        acting: Acting | None = None,
    ) -> Tried:
        """What the draft says to this, as the next turn of a conversation. Raises ProviderError."""
        mind = Memory.from_json(memory)
        variant, _found = draft.variant(variant_key)
        values = variant.attributes if variant else {}
        brain: Brain = LanguagesBrain(
            draft,
            self.meaning,
            variant=values,
            language=mind.language or draft.language,
            settings=settings,
            who=self.who,
            shared=False,
        )
        brain = with_sources(
            brain,
            shelf,
            draft,
            self.meaning,
            language=mind.language or draft.language,
            who=self.who,
            for_model=thinking is not None,
        )
        if thinking:
            brain = ModelBrain(brain, thinking, draft, variant=values, language=mind.language or draft.language)
            brain.acting = acting
        brain = ActingBrain(brain, acting, draft, variant=values, language=mind.language or draft.language)
        await brain.prepare()  # a call has it beforehand, so it is no part of the time to think
        began = time.perf_counter()
        reply = await whole(brain, Turn(text), mind)
        thinking_ms = round((time.perf_counter() - began) * 1000, 1)
        reply.remember(mind)
        mind.last_said, mind.greeted = reply.text, True
        return Tried(
            reply.text,
            reply.source,
            reply.kind,
            reply.score,
            reply.near,
            thinking_ms,
            reply.ends_call,
            mind.to_json(),
            reply.decision,
        )

    async def speak(
        self, text: str, voice_key: str, language: str, speed: float, service: Service | None = None
    ) -> tuple[bytes, int]:
        """The text as a WAV file, and the milliseconds until its first clause was made.

        Raises ProviderError, also where the `service` that is to say it fails: whoever listens wants to know.
        """
        if self.speech == "scripted":
            voice = registry.engines(self.speech, voice_key, language, self.models_dir).voice
        else:
            voice = registry.find_voice(voice_key, language, self.models_dir)
        services = registry.services_of_call(None, service, trial=True)
        failed: list[str] = []
        if services:
            services.tell = lambda part, name, code: failed.append(code)
            voice = services.voice_over(language, voice)
        voice = registry.paced(voice, speed)
        began, first_ms = time.perf_counter(), 0
        pieces: list[Pcm] = []
        try:
            for piece in clauses(plain(text)):
                pieces.append((await voice.speak(piece, who=self.who)).pcm)
                first_ms = first_ms or max(1, round((time.perf_counter() - began) * 1000))
        finally:
            if services:
                await services.close()
        if failed:
            raise ProviderError("the service failed", code=failed[0])
        return await asyncio.to_thread(_wav, pieces), first_ms

    async def hear(self, pcm_16k: Pcm, draft: AgentSnapshot, language: str = "") -> tuple[str, float]:
        """The words in the sound, in whichever of the draft's languages, and the milliseconds it took to make them out.

        `language`: the one that is spoken at the moment; "": the first. Raises ProviderError.
        """
        if not registry.hears(draft.language):
            raise ProviderError(f"Nothing here understands {draft.language}.", permanent=True)
        voices = {each: draft.in_language(each).voice for each in draft.languages}
        engines = registry.engines_by_language(self.speech, voices, self.models_dir)
        spoken = language if language in engines else draft.language
        began = time.perf_counter()
        sound = pcm_16k[: int(HEARD_S_MOST * HEARD_HZ)]
        found = await engines[spoken].hearing.hear(sound, language=spoken, who=self.who)
        return found.text, round((time.perf_counter() - began) * 1000, 1)

    async def alike(self, draft: AgentSnapshot) -> list[tuple[str, str, str, str]]:
        """Topics that may be mixed up: two names, and the two lines that sound alike. Raises ProviderError."""
        lines: list[tuple[int, str]] = []
        for place, topic in enumerate(draft.topics[:ALIKE_TOPICS_MOST]):
            lines += [(place, line) for line in [topic.name, *topic.samples][:ALIKE_LINES_MOST]]
        if not lines:
            return []
        meaning = plain_of(self.meaning(draft.language))
        vectors = await meaning.vectors([line for _place, line in lines], who=self.who)
        owners = np.array([place for place, _line in lines])
        pairs = await inference.shared().run(lambda: _closest_pairs(vectors, owners), who=self.who)
        names = [topic.name for topic in draft.topics]
        return [(names[owners[one]], names[owners[two]], lines[one][1], lines[two][1]) for one, two in pairs]

    async def phrasings(self, draft: AgentSnapshot, name: str) -> tuple[str, ...]:
        """The everyday phrasings that a topic is given in the agent's first language, refused ones among them.

        Raises ProviderError.
        """
        place = next((place for place, topic in enumerate(draft.topics) if topic.name == name), None)
        if place is None:
            return ()
        variant, _found = draft.variant("")
        lookup = Lookup(
            draft,
            self.meaning(draft.language),
            variant=variant.attributes if variant else {},
            language=draft.language,
            settings=TalkSettings(),
            who=self.who,
            shared=False,
        )
        return (await lookup.given())[place]

    def meaning(self, language: str) -> Meaning:
        """What compares sentences, with a cache before it: drafts are tried again and again."""
        if self.speech == "scripted":
            return registry.engines(self.speech, "", language, self.models_dir).meaning
        meaning = registry.find_meaning(language, self.models_dir)
        return _cached.setdefault(id(meaning), CachedMeaning(meaning))


def settings_of(installation: TalkSettings, draft: AgentSnapshot) -> TalkSettings:
    return manner.applied(installation, draft.manner)


def filled(draft: AgentSnapshot, text: str, variant_key: str) -> str:
    """A text with the words of a variant in their places."""
    variant, _found = draft.variant(variant_key)
    return snapshot.spoken(text, variant.attributes if variant else {})


def _closest_pairs(vectors: Any, owners: Any) -> list[tuple[int, int]]:
    """For every two topics with lines alike, their closest two lines; the closest pairs first."""
    close = vectors @ vectors.T
    close[owners[:, None] >= owners[None, :]] = 0
    found: dict[tuple[int, int], tuple[float, int, int]] = {}
    for one, two in np.argwhere(close >= ALIKE).tolist():
        topics = (int(owners[one]), int(owners[two]))
        found[topics] = max(found.get(topics, (0.0, 0, 0)), (float(close[one, two]), one, two))
    return [(one, two) for _score, one, two in sorted(found.values(), reverse=True)]


def _wav(pieces: list[Pcm]) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SPOKEN_HZ)
        for piece in pieces:
            sound.writeframes(piece.astype("<i2").tobytes())
    return file.getvalue()
