"""What to answer: the topic closest in meaning, a question back when unsure, an honest no when nothing is close."""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from agents.brains import small_talk
from agents.brains.memory import Memory
from agents.brains.phrases import phrases
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot, fill
from agents.speech.providers.base import Meaning, tried_twice
from agents.speech.words import even, words

Kind = Literal["answer", "ask", "unknown", "small_talk", "repeat", "goodbye"]
Vectors = npt.NDArray[np.float32]

KEPT_INDEXES = 32  # topic sets whose vectors a process keeps; the one unused for longest goes first
_CLOSEST = 3  # sentences of a topic that count …
_COMPANY = 0.3  # … and how much their mean weighs beside the closest one
_WITH_CONTENT = 2  # the name and the first sample are also compared together with the content
_LEAST_OF_TWO = 0.2  # how close a reply to "Do you mean A or B?" has to be to one of the two
_Key = tuple[int, tuple[str, ...]]
_indexes: OrderedDict[_Key, tuple[Meaning, Vectors]] = OrderedDict()
_preparing: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[_Key, asyncio.Lock]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the agent will say. `source` says why: "topic:NAME", "ask", "unknown" or "small_talk:RULE"."""

    text: str
    source: str
    kind: Kind
    score: float | None = None
    ends_call: bool = False
    asked: tuple[str, ...] = ()  # topics the visitor may now say yes to
    offered: bool = False  # "Is there anything else?" was asked

    def remember(self, memory: Memory) -> None:
        """Keep it in mind; called when its first sound is out, not before: until then the visitor may go on talking."""
        memory.asked = self.asked
        memory.offered = self.offered
        memory.unknown = memory.unknown + 1 if self.kind == "unknown" else 0


@dataclass(frozen=True, slots=True)
class _Match:
    topic: TopicSnapshot
    score: float


class Thinker:
    """Finds answers in the topics of one version. One object a call; the vectors of the topics are shared."""

    def __init__(
        self,
        snapshot: AgentSnapshot,
        meaning: Meaning,
        *,
        variant: dict[str, str],
        language: str,
        settings: TalkSettings,
        who: Hashable = None,
        shared: bool = True,
    ) -> None:
        """`shared`: keep the topics' vectors for other calls; not for a draft, which changes with every word."""
        self._snapshot = snapshot
        self._meaning = meaning
        self._own: Vectors | None = None
        self._shared = shared
        self._variant = variant
        self._phrases = phrases(language)
        self._settings = settings
        self._who = who
        self._lines: list[str] = []  # every sentence a topic may be found by …
        self._owners: list[int] = []  # … and whose it is
        for place, topic in enumerate(snapshot.topics):
            questions = [topic.name, *topic.samples]
            for line in [*questions, *(f"{question} {topic.content}" for question in questions[:_WITH_CONTENT])]:
                self._lines.append(even(fill(line, variant)))
                self._owners.append(place)

    async def prepare(self) -> Vectors:
        """The vectors of all topics: computed once a process for each set of topics. Raises ProviderError."""
        if not self._shared:
            if self._own is None:
                self._own = await self._index()
            return self._own
        key = (id(self._meaning), tuple(self._lines))
        if key not in _indexes:
            # Calls that begin together wait for one computation; if its call ends, the next one takes over.
            locks = _preparing.setdefault(asyncio.get_running_loop(), {})
            async with locks.setdefault(key, asyncio.Lock()):
                if key not in _indexes:
                    _indexes[key] = (self._meaning, await self._index())
                locks.pop(key, None)
        _indexes.move_to_end(key)
        vectors = _indexes[key][1]
        while len(_indexes) > KEPT_INDEXES:
            _indexes.popitem(last=False)
        return vectors

    async def _index(self) -> Vectors:
        return await self._vectors(self._lines) if self._lines else np.zeros((0, 1), np.float32)

    async def closest(self, text: str, most: int = 3) -> list[tuple[str, float]]:
        """The topics closest to a question with their scores, for whoever asks why. Raises ProviderError."""
        ranked = await self._ranked(small_talk.without_greeting(even(text)))
        return [(match.topic.name, match.score) for match in ranked[:most]]

    async def reply(self, text: str, memory: Memory) -> Reply:
        """The answer to one turn. Reads `memory` and leaves it as it is. Raises ProviderError."""
        text = even(text)
        if memory.asked:
            reply = await self._after_asking(text, memory)
            if reply:
                return reply
            text = small_talk.without_no(text) or text
        reply = self._small_talk(text, memory)
        return reply or await self._look_up(text, memory)

    # ── Rules ────────────────────────────────────────────────────────────────────────────────────────────────

    def _small_talk(self, text: str, memory: Memory) -> Reply | None:
        phrases = self._phrases
        if memory.offered:
            agreed = small_talk.yes_or_no(text)
            if agreed is not None:
                return self._said("go_on", phrases.go_on) if agreed else self._goodbye()
        match small_talk.kind(text):
            case "goodbye":
                return self._goodbye()
            case "thanks":
                return Reply(phrases.thanks, "small_talk:thanks", "small_talk", offered=True)
            case "hello":
                return self._said("hello", phrases.hello)
            case "robot":
                return self._said("robot", phrases.robot.format(self._snapshot.name))
            case "who":
                return self._said("who", phrases.who.format(self._snapshot.name))
            case "human":
                return self._said("human", phrases.human)
            case "stop":
                return self._said("stop", phrases.ask_again)
            case "repeat":
                again = memory.last_said or phrases.nothing_yet
                return Reply(again, "small_talk:repeat", "repeat", asked=memory.asked, offered=memory.offered)
        agreed = small_talk.yes_or_no(text)
        if agreed is None:
            return None
        if agreed:  # "Okay", after an answer
            return Reply(phrases.anything_else, "small_talk:okay", "small_talk", offered=True)
        return self._said("no", phrases.ask_again)

    def _said(self, rule: str, text: str) -> Reply:
        return Reply(text, f"small_talk:{rule}", "small_talk")

    def _goodbye(self) -> Reply:
        return Reply(self._phrases.goodbye, "small_talk:goodbye", "goodbye", ends_call=True)

    async def _after_asking(self, text: str, memory: Memory) -> Reply | None:
        """After "Do you mean …?": a yes, a no, or one of the names. None: it was something else."""
        asked = [topic for topic in self._snapshot.topics if topic.name in memory.asked]
        if not asked:
            return None
        agreed = small_talk.yes_or_no(text)
        if agreed is False:
            return Reply(self._phrases.ask_again, "ask", "ask")
        if agreed and len(asked) == 1:
            return self._answer(asked[0], memory)
        if len(asked) > 1:
            if "both" in words(text):
                return self._answer_both(asked[0], asked[1], memory)
            place = _ordinal(text)
            if place is not None and place < len(memory.asked):
                return self._answer(next(t for t in asked if t.name == memory.asked[place]), memory)
        named = [topic for topic in asked if _names(text, topic.name)]
        if len(named) == 1:
            return self._answer(named[0], memory)
        if agreed:
            return self._ask([_Match(topic, 0.0) for topic in asked[:2]], None)
        if len(asked) > 1 and len(words(text)) <= 6 and not small_talk.kind(text):
            ranked = await self._ranked(text)
            best = ranked[0]
            if best.topic in asked and best.score >= _LEAST_OF_TWO:
                return self._answer(best.topic, memory, best.score)
        return None

    # ── Topics ───────────────────────────────────────────────────────────────────────────────────────────────

    async def _look_up(self, text: str, memory: Memory) -> Reply:
        settings = self._settings
        ranked = await self._ranked(small_talk.without_greeting(text))
        if not ranked or ranked[0].score < settings.ask_score:
            return self._unknown(ranked, memory)
        best = ranked[0]
        second = ranked[1] if len(ranked) > 1 else None
        rival = second is not None and best.score - second.score < settings.clearly_better
        asked_before = best.topic.name in memory.asked and (not rival or (second and second.topic.name in memory.asked))
        if asked_before:  # the same question twice would be one too many
            return self._answer(best.topic, memory, best.score)
        if best.score >= settings.answer_score:
            if rival and second and second.score >= settings.answer_score:
                return self._ask([best, second], best.score)
            return self._answer(best.topic, memory, best.score)
        return self._ask([best, second] if rival and second else [best], best.score)

    async def _ranked(self, text: str) -> list[_Match]:
        """All topics, the closest first."""
        index = await self.prepare()
        if not len(index):
            return []
        asked = await self._vectors([text])
        close: dict[int, list[float]] = {}
        for owner, score in zip(self._owners, (index @ asked[0]).tolist(), strict=True):
            close.setdefault(owner, []).append(score)
        matches = [_Match(self._snapshot.topics[owner], _closeness(scores)) for owner, scores in close.items()]
        return sorted(matches, key=lambda match: -match.score)

    async def _vectors(self, texts: list[str]) -> Vectors:
        return await tried_twice(lambda: self._meaning.vectors(texts, who=self._who))

    def _answer(self, topic: TopicSnapshot, memory: Memory, score: float | None = None) -> Reply:
        text = " ".join(fill(topic.content, self._variant, memory.page).split())
        if not text:  # nothing but names without a value
            return self._unknown([], memory)
        return Reply(text, f"topic:{topic.name}", "answer", score=score)

    def _answer_both(self, first: TopicSnapshot, second: TopicSnapshot, memory: Memory) -> Reply:
        texts = [self._answer(topic, memory).text for topic in (first, second)]
        return Reply(" ".join(texts), f"topic:{first.name}", "answer")

    def _ask(self, matches: list[_Match], score: float | None) -> Reply:
        names = tuple(match.topic.name for match in matches)
        text = (self._phrases.ask_one if len(names) == 1 else self._phrases.ask_two).format(*names)
        return Reply(text, "ask", "ask", score=score, asked=names)

    def _unknown(self, ranked: list[_Match], memory: Memory) -> Reply:
        text = self._phrases.unknown_again if memory.unknown else self._phrases.unknown
        return Reply(text, "unknown", "unknown", score=ranked[0].score if ranked else None)


def _closeness(scores: list[float]) -> float:
    """How close a topic is, from how close its sentences are.

    The closest one counts most. Its next ones count too: they tell near-duplicates apart, where one sentence that looks
    alike by chance would win.
    """
    best = sorted(scores, reverse=True)[:_CLOSEST]
    return round(best[0] * (1 - _COMPANY) + sum(best) / len(best) * _COMPANY, 4)


def _ordinal(text: str) -> int | None:
    """Which of two: 0 for "the first one", 1 for "the second" or "the latter"."""
    said = set(words(text))
    if len(said) > 6:
        return None
    first, second = bool(said & {"first", "former"}), bool(said & {"second", "latter", "last", "other"})
    return None if first == second else int(second)


def _names(text: str, name: str) -> bool:
    """Are all words of the topic's name in the text, whatever their endings?"""
    said = {_stem(word) for word in words(text)}
    return all(_stem(word) in said for word in words(name))


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word
