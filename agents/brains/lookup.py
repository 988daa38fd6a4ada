"""Looks a question up in the topics: measures it, alone and after the one before, and chooses what to do."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from agents.brains import days, follow_ups, picking
from agents.brains.closeness import sentences
from agents.brains.decision import COSTS, Choice, Costs, chances, choose, choose_by_closeness
from agents.brains.flows import questions
from agents.brains.indexing import Indexing, Vectors
from agents.brains.measures import TopicIndex
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot, fill
from agents.brains.word_signs import WordSigns
from agents.speech import inference
from agents.speech.providers.base import Meaning, plain_of, rarity_of, tried_twice
from agents.speech.words import words

Numbers = npt.NDArray[np.float64]

BY_WORDS = 0.5  # share of the question's rare words that a topic must have to be answered by them
RECENT_MOST = 16  # texts of a conversation whose vectors are kept
# How much closer an option has to be than the next, and how close, the more the farther it is ahead.
OPTION_CLEARLY, OPTION_LEAST = 0.08, 0.35
FIRST_LEAST = 0.2  # how likely a topic that goes first has to be …
FIRST_WEIGHT = 3.0  # … and how many times its chance has to outweigh any other's, "none of them" included
_NOT_THAT = 4.0  # by how much the logit of a topic falls that the visitor has just said no to …
# … and of one that bears other days in its name. That is no measure to be learned among others but a rule: what is
# told of Saturdays does not answer for Sundays. It takes all but a 400th of a topic's chance away, and not the whole:
# a day may stand in a question that is about something else ("I got it on Friday"), where nothing else comes near.
_OTHER_DAY = 6.0


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
        self._indexing = Indexing(snapshot, meaning, variant=variant, language=self._language, who=who, shared=shared)
        self._learned = self._indexing.learned
        self._recent: dict[str, Vectors] = {}
        self._options: dict[str, Vectors] = {}  # of the choices that were asked for
        self._signs: WordSigns | None = None
        self._days: list[days.Days] | None = None

    @property
    def _costs(self) -> Costs:
        return COSTS[self._settings.boldness]

    async def prepare(self) -> TopicIndex:
        """The topics as vectors. Raises ProviderError."""
        return await self._indexing.prepare()

    async def given(self) -> list[tuple[str, ...]]:
        """For each topic the bank's phrases that it is given, refused ones among them. Raises ProviderError."""
        return await self._indexing.given()

    async def _asked(self, texts: list[str]) -> Vectors:
        """The vectors of what was asked; a turn asks for the same text more than once."""
        new = [text for text in texts if text not in self._recent]
        if new:
            self._recent.update(zip(new, await self._indexing.vectors(new), strict=True))
        found = np.stack([self._recent[text] for text in texts])
        while len(self._recent) > RECENT_MOST:
            self._recent.pop(next(iter(self._recent)))
        return found

    async def find(self, question: str, context: Context | None = None) -> Found:
        """What to do about a question. Raises ProviderError."""
        context = context or Context()
        index = await self._indexing.soon()
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
        written = self._indexing.written.get(tuple(words(question)), frozenset()) - set(context.refused)
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


def _days_of(topic: TopicSnapshot, variant: dict[str, str]) -> days.Days:
    """The days a topic tells of; none where its name bears none, for then it may be about any."""
    if not days.named(topic.name):
        return frozenset()
    return days.named(" ".join(fill(text, variant) for text in (topic.name, topic.content, *topic.samples)))
