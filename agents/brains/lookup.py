"""Looks a question up in the topics: measures it, alone and after the one before, and chooses what to do."""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from agents.brains import days, follow_ups, giving, intents, picking
from agents.brains.closeness import ASK, TopicLines, sentences
from agents.brains.decision import COSTS, Choice, Costs, chances, choose, choose_by_closeness, learned
from agents.brains.flows import questions
from agents.brains.measures import TopicIndex
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot, fill
from agents.brains.word_signs import WordSigns
from agents.speech import inference
from agents.speech.providers.base import Meaning, parts_of, plain_of, rarity_of, told_by, tried_twice
from agents.speech.words import words

Numbers = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]

WAIT_MOST_S = 5.0  # for the vectors of the topics; then words alone must do for a while
BY_WORDS = 0.5  # share of the question's rare words that a topic must have to be answered by them
RECENT_MOST = 16  # texts of a conversation whose vectors are kept
# How much closer an option has to be than the next, and how close, the more the farther it is ahead.
OPTION_CLEARLY, OPTION_LEAST = 0.08, 0.35
KEPT_INDEXES = 32  # topic sets whose vectors a process keeps; the one unused for longest goes first
FIRST_LEAST = 0.2  # how likely a topic that goes first has to be …
FIRST_WEIGHT = 3.0  # … and how many times its chance has to outweigh any other's, "none of them" included
_NOT_THAT = 4.0  # by how much the logit of a topic falls that the visitor has just said no to …
# … and of one that bears other days in its name. That is no measure to be learned among others but a rule: what is
# told of Saturdays does not answer for Sundays. It takes all but a 400th of a topic's chance away, and not the whole:
# a day may stand in a question that is about something else ("I got it on Friday"), where nothing else comes near.
_OTHER_DAY = 6.0
_Key = tuple[int, tuple[str, ...], tuple[tuple[str, ...], ...]]
_indexes: OrderedDict[_Key, tuple[Meaning, TopicIndex]] = OrderedDict()
_preparing: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[_Key, asyncio.Lock]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Context:
    """What a question may hang on."""

    spoken: int | None = None  # the topic answered last …
    before: str = ""  # … and the question it answered
    refused: tuple[int, ...] = ()  # topics that the visitor said no to


@dataclass(frozen=True, slots=True)
class Found:
    question: str
    vector: Vectors
    choice: Choice
    near: tuple[tuple[int, float], ...] = ()  # the likeliest topics
    joint: str = ""  # the question with the one before it, where that counted
    extra: dict[str, float] = field(default_factory=dict)


class Lookup:
    """The topics of one version. One object a call; their vectors are shared."""

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
        self._snapshot, self._meaning, self._variant = snapshot, meaning, variant
        self._language, self._settings, self._who = language.split("-")[0].lower(), settings, who
        self._shared, self._own = shared, None if shared else []  # type: ignore[var-annotated]
        self._lines: TopicLines | None = None
        self._learned = learned(parts_of(meaning))
        self._written: dict[tuple[str, ...], frozenset[int]] = {}
        self._recent: dict[str, Vectors] = {}
        self._options: dict[str, Vectors] = {}  # of the choices that were asked for
        self._preparing: asyncio.Future[TopicIndex] | None = None
        self._signs: WordSigns | None = None
        self._days: list[days.Days] | None = None

    @property
    def _costs(self) -> Costs:
        return COSTS[self._settings.boldness]

    async def prepare(self) -> TopicIndex:
        """The topics as vectors: computed once a process for each set of topics. Raises ProviderError."""
        if not self._shared:
            assert self._own is not None
            if not self._own:
                self._own.append(await self._index(await self._read()))
            return self._own[0]
        lines = await self._read()
        key = (id(self._meaning), lines.texts, lines.refused)
        if key not in _indexes:
            # Calls that begin together wait for one computation; if its call ends, the next one takes over.
            locks = _preparing.setdefault(asyncio.get_running_loop(), {})
            async with locks.setdefault(key, asyncio.Lock()):
                if key not in _indexes:
                    _indexes[key] = (self._meaning, await self._index(lines))
                locks.pop(key, None)
        _indexes.move_to_end(key)
        index = _indexes[key][1]
        while len(_indexes) > KEPT_INDEXES:
            _indexes.popitem(last=False)
        return index

    async def _read(self) -> TopicLines:
        """The topics as lines: hundreds of them take longer than a loop may stand still."""
        if self._lines is not None:
            return self._lines
        topics, variant = self._snapshot.topics, self._variant

        def read() -> tuple[TopicLines, dict[tuple[str, ...], frozenset[int]]]:
            lines = TopicLines.of(topics, variant)
            return lines, _as_written(lines)

        lines, self._written = await inference.shared().run(read, who=self._who)
        self._lines = lines
        return lines

    async def _index(self, own: TopicLines) -> TopicIndex:
        parts = parts_of(self._meaning)
        vectors = await self._vectors_of_lines(own)
        background = intents.background_vectors(parts, self._language) if self._learned else vectors[:0]

        def build() -> TopicIndex:
            topics = self._snapshot.topics
            lines, every = own, vectors
            if self._learned:
                lines, every = giving.extended(lines, vectors, len(topics), parts, self._language)
            return TopicIndex(topics, self._variant, lines, every, background, parts, rarity_of(self._meaning))

        return await inference.shared().run(build, who=self._who)

    async def _vectors_of_lines(self, lines: TopicLines) -> Vectors:
        """A version differs from the one before it in a few sentences: only those are computed."""
        texts, told = lines.texts, lines.told
        others = [(key[1], index) for key, (meaning, index) in _indexes.items() if meaning is self._meaning]
        known = await inference.shared().run(lambda: _known_lines(others, set(texts)), who=self._who)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if asked := [text for text in new if text not in told]:
            known.update(zip(asked, await self.vectors(asked), strict=True))
        if answers := [text for text in new if text in told]:
            found = await tried_twice(lambda: told_by(self._meaning, answers, who=self._who))
            known.update(zip(answers, found, strict=True))
        return np.stack([known[text] for text in texts]) if texts else np.zeros((0, 1), np.float32)

    async def given(self) -> list[tuple[str, ...]]:
        """For each topic the bank's phrases that it is given, refused ones among them. Raises ProviderError."""
        lines, parts, count = await self._read(), parts_of(self._meaning), len(self._snapshot.topics)
        vectors = await self._vectors_of_lines(lines)
        return await inference.shared().run(
            lambda: giving.given(lines, vectors, count, parts, self._language), who=self._who
        )

    async def vectors(self, texts: list[str]) -> Vectors:
        return await tried_twice(lambda: self._meaning.vectors(texts, who=self._who))

    async def _asked(self, texts: list[str]) -> Vectors:
        """The vectors of what was asked; a turn asks for the same text more than once."""
        new = [text for text in texts if text not in self._recent]
        if new:
            self._recent.update(zip(new, await self.vectors(new), strict=True))
        found = np.stack([self._recent[text] for text in texts])
        while len(self._recent) > RECENT_MOST:
            self._recent.pop(next(iter(self._recent)))
        return found

    async def find(self, question: str, context: Context | None = None) -> Found:
        """What to do about a question. Raises ProviderError."""
        context = context or Context()
        index = await self._soon()
        if index is None:
            return await inference.shared().run(lambda: self._find_by_words(question, context), who=self._who)
        joint = follow_ups.joined(context.before, question) if context.spoken is not None and context.before else ""
        vectors = await self._asked([question, joint] if joint else [question])
        return await inference.shared().run(
            lambda: self._decide(index, question, joint, vectors, context), who=self._who
        )

    async def option(self, text: str, options: Sequence[tuple[str, Sequence[str]]]) -> str:
        """The option that is meant by other words than its own; "" where none is clearly closest, or where nothing was
        learned for the meaning in use. Raises ProviderError."""
        if self._learned is None or len(options) < 2:
            return ""
        named = {name: ", ".join(sayings) for name, sayings in options}
        new = [saying for saying in named.values() if saying not in self._options]
        meaning = plain_of(self._meaning)  # the limits above are for its closeness
        if new:
            made = await tried_twice(lambda: meaning.vectors(new, who=self._who))
            self._options.update(zip(new, made, strict=True))
        if meaning is self._meaning:
            asked = (await self._asked([text]))[0]
        else:
            asked = (await tried_twice(lambda: meaning.vectors([text], who=self._who)))[0]
        close = sorted(((float(self._options[saying] @ asked), name) for name, saying in named.items()), reverse=True)
        ahead = close[0][0] - close[1][0]
        is_clear = ahead >= OPTION_CLEARLY and close[0][0] + ahead >= OPTION_LEAST
        return close[0][1] if is_clear else ""

    async def _soon(self) -> TopicIndex | None:
        """The topics as vectors; None while hundreds of them are still being computed: nobody waits so long."""
        if self._preparing is None or (self._preparing.done() and _failed(self._preparing)):
            self._preparing = asyncio.ensure_future(self.prepare())
            self._preparing.add_done_callback(_failed)
        await asyncio.wait([self._preparing], timeout=WAIT_MOST_S)
        return self._preparing.result() if self._preparing.done() else None

    def _find_by_words(self, question: str, context: Context) -> Found:
        """What the words alone tell, until the vectors are there: only what is clear is answered."""
        if self._signs is None:
            texts = [
                [fill(text, self._variant) for text in (topic.name, topic.content, *topic.samples)]
                for topic in self._snapshot.topics
            ]
            self._signs = WordSigns(texts, rarity_of(self._meaning))
        shared, _unseen = self._signs.shared(question)
        shared[[*context.refused, *self._about_other_days(question)]] = -1
        choice = choose_by_closeness(shared, answer=BY_WORDS, ask=BY_WORDS / 2, clearly_better=BY_WORDS / 4)
        best = int(np.argmax(shared)) if len(shared) else -1
        if best >= 0 and self._snapshot.topics[best].first and shared[best] >= BY_WORDS / 3:
            choice = Choice("answer", (best,), round(float(shared[best]), 4))
        choice = self._own_example(question, context) or choice
        order = [int(place) for place in np.argsort(-shared, kind="stable")[:3]]
        near = tuple((place, round(float(shared[place]), 4)) for place in order)
        return Found(question, np.zeros(0, np.float32), choice, near)

    def _decide(self, index: TopicIndex, question: str, joint: str, vectors: Vectors, context: Context) -> Found:
        if not self._snapshot.topics:
            return Found(question, vectors[0], Choice("unknown", (), 0.0))
        if self._learned is None:
            return self._decide_by_closeness(index, question, joint, vectors, context)
        alone = index.measure(question, vectors[0])
        topics, none = self._learned.logits(alone)
        if joint and context.spoken is not None and not self._is_own(question, context, chances(topics, none)):
            both = index.measure(joint, vectors[1])
            signals, least = follow_ups.signals(index, self._learned, question, vectors[0], alone, both, context.spoken)
            topics, none = follow_ups.logits(signals, least, self._learned.after)
        topics = topics.copy()
        topics[list(context.refused)] -= _NOT_THAT
        topics[self._about_other_days(question)] -= _OTHER_DAY
        probable = chances(topics, none)
        choice = self._first(probable) or choose(probable, self._costs)
        choice = self._own_example(question, context) or choice
        order = [int(place) for place in np.argsort(-probable[:-1])[:3]]
        near = tuple((place, round(float(probable[place]), 4)) for place in order)
        return Found(question, vectors[0], choice, near, joint)

    def _is_own(self, question: str, context: Context, probable: Numbers) -> bool:
        """Is it to be answered as if nothing had been said? A full question is, where it has an answer of its own, and
        behind a statement, which asked for nothing that could go on."""
        if not follow_ups.stands_alone(question):
            return False
        return not questions.of_any_form(context.before) or choose(probable, self._costs).way == "answer"

    def _about_other_days(self, question: str) -> list[int]:
        """The topics that bear another day in their name, and nowhere tell of the day that is asked for."""
        asked = days.named(question)
        if not asked:
            return []
        if self._days is None:
            self._days = [_days_of(topic, self._variant) for topic in self._snapshot.topics]
        return [place for place, own in enumerate(self._days) if own and not own & asked]

    def _first(self, probable: Numbers) -> Choice | None:
        """A topic that goes first is the answer as soon as it may be meant: not to say it costs more than to say it."""
        urgent = [place for place, topic in enumerate(self._snapshot.topics) if topic.first]
        if not urgent:
            return None
        place = max(urgent, key=lambda each: probable[each])
        chance = float(probable[place])
        if chance < FIRST_LEAST or chance * FIRST_WEIGHT < float(np.delete(probable, place).max()):
            return None
        return Choice("answer", (place,), round(chance, 4))

    def _own_example(self, question: str, context: Context) -> Choice | None:
        """An example of the owner's: whoever wrote it knows what it is about."""
        written = self._written.get(tuple(words(question)), frozenset()) - set(context.refused)
        return Choice("answer", tuple(written), 1.0) if len(written) == 1 else None

    def _decide_by_closeness(
        self, index: TopicIndex, question: str, joint: str, vectors: Vectors, context: Context
    ) -> Found:
        settings = self._settings
        limits = {"answer": settings.answer_score, "ask": settings.ask_score, "clearly_better": settings.clearly_better}
        close = index.vectors.company(vectors[0])
        if joint and follow_ups.OPENS.match(question) and float(close.max()) < settings.ask_score:
            close = index.vectors.company(vectors[1])
        close[[*context.refused, *self._about_other_days(question)]] = -1
        order = [int(place) for place in np.argsort(-close, kind="stable")[:3]]
        choice = choose_by_closeness(close, **limits)
        return Found(question, vectors[0], choice, tuple((place, float(close[place])) for place in order), joint)

    async def told(self, place: int, content: str, found: Found) -> tuple[str, str]:
        """A topic's content with the sentences that answer in front, and what is left of a long one."""
        said = sentences(content)
        if len(said) < 2:
            return content, ""
        if self._learned is None or not len(found.vector):
            return picking.arrange(said, range(len(said)), 1)
        index, weights = await self.prepare(), self._learned
        rows = await inference.shared().run(
            lambda: picking.measure(index, content, found.question, found.vector, place), who=self._who
        )
        return picking.arrange(said, *picking.order(rows, weights))


def _failed(preparing: "asyncio.Future[TopicIndex]") -> bool:
    """Whether it ended in an error, which counts as seen."""
    return preparing.cancelled() or preparing.exception() is not None


def _known_lines(others: list[tuple[tuple[str, ...], TopicIndex]], wanted: set[str]) -> dict[str, Vectors]:
    """The vectors of lines that other sets of topics have, too."""
    known: dict[str, Vectors] = {}
    for texts, index in others:
        known.update((text, row) for text, row in zip(texts, index.vectors.rows, strict=False) if text in wanted)
    return known


def _days_of(topic: TopicSnapshot, variant: dict[str, str]) -> days.Days:
    """The days a topic tells of; none where its name bears none, for then it may be about any."""
    if not days.named(topic.name):
        return frozenset()
    return days.named(" ".join(fill(text, variant) for text in (topic.name, topic.content, *topic.samples)))


def _as_written(lines: TopicLines) -> dict[tuple[str, ...], frozenset[int]]:
    """The topics that have these very words as their name or an example."""
    found: dict[tuple[str, ...], frozenset[int]] = {}
    for text, owner, role in zip(lines.texts, lines.owners, lines.roles, strict=True):
        if role == ASK:
            key = tuple(words(text))
            found[key] = found.get(key, frozenset()) | {owner}
    return found
