"""A mind before the topics' own: where they have no answer, the closest passage of the owner's sources may.

Topics win where they are sure. A message that is being taken, a flow, small talk and a question about what was heard
are theirs, too.
"""

from collections.abc import AsyncIterator, Callable, Hashable
from dataclasses import replace

from agents.brains import small_talk
from agents.brains.base import Brain, Piece, Reply, Turn, whole
from agents.brains.memory import Memory
from agents.brains.snapshot import AgentSnapshot
from agents.brains.sources import codes, telling, weighing
from agents.brains.sources.passages import Library, Passage, Shelf
from agents.brains.sources.weighing import Weighed
from agents.speech import inference
from agents.speech.providers.base import Meaning, ProviderError, parts_of, plain_of, rarity_of
from agents.speech.words import even

CHARACTERS_MOST = 500  # of a question
FOR_A_MODEL = 0.2  # how likely a passage has to be for a model to be given it


class SourcesBrain:
    """One object a call."""

    def __init__(
        self,
        inner: Brain,
        shelf: Shelf,
        snapshot: AgentSnapshot,
        meaning_of: Callable[[str], Meaning],
        *,
        language: str,
        who: Hashable = None,
        written: bool = False,
        for_model: bool = False,
    ) -> None:
        """`for_model`: passages are looked up for every question that a model may word the answer to."""
        self._inner, self._shelf, self._snapshot, self._meaning_of = inner, shelf, snapshot, meaning_of
        self._start, self._who, self._written, self._for_model = language, who, written, for_model

    async def prepare(self) -> object:
        await self._library()
        return await self._inner.prepare()

    async def _library(self) -> Library | None:
        return await self._shelf.library(self._snapshot.sources)

    async def reply(self, turn: Turn, memory: Memory) -> AsyncIterator[Piece]:
        own = await whole(self._inner, turn, memory)
        text = even(turn.text[:CHARACTERS_MOST])
        if memory.said and small_talk.yes_or_no(text, memory.language or self._start):
            text = memory.said  # "Did you say …?"
        found = await self._found(own, text, memory)
        yield Piece(found.text, found)

    async def _found(self, own: Reply, text: str, memory: Memory) -> Reply:
        if not (self._may_answer(own, memory) or (self._for_model and own.kind in ("answer", "lead"))):
            return own
        language = own.language or memory.language or self._start
        weighed = await self.look_up(text, language)
        if not weighed:
            return own
        if self._for_model:
            near = tuple(one.passage for one in weighed if one.chance >= FOR_A_MODEL)
            own = replace(own, passages=near)
        best = weighed[0]
        # A guess at a topic has come close: only what has all that the question names is said in its place.
        least = {"ask": weighing.SURE_BESIDE, "lead": weighing.ANSWERED}.get(own.kind, weighing.SURE)
        if best.chance < least or not self._may_answer(own, memory) or not _same(best.passage.leaf.language, language):
            return own
        return self._answer(own, best, language, text)

    def _may_answer(self, own: Reply, memory: Memory) -> bool:
        if memory.message is not None and memory.message.get("step") != "offer":
            return False
        if own.source == "ask":
            return all(any(topic.name == name for topic in self._snapshot.topics) for name in own.asked)  # else a flow
        if own.kind == "lead":  # "If you mean …": a guess, unless it is the words that are doubtful
            return memory.flow is None and own.decision.get("doubt", {}).get("do") != "lead"
        return own.source == "unknown"

    async def look_up(self, text: str, language: str) -> list[Weighed]:
        """The passages that may answer, the likeliest first; none where nothing can be looked up."""
        question = codes.said(small_talk.without_greeting(text, language), language)
        meaning = plain_of(self._meaning_of(language))  # as the passages were kept
        rarity, parts = rarity_of(meaning), parts_of(meaning)
        library = await self._library()
        if library is None or not library.speaks(parts):
            return []
        try:
            if not weighing.is_question(question, rarity):
                return []
            asked = (await meaning.vectors([question], who=self._who))[0]

            def near() -> list[tuple[Passage, float, float, float]]:
                closest = [(library[place], close) for place, close in library.near(asked, parts, question, rarity)]
                return weighing.looked_at(question, closest, rarity)

            looked = await inference.shared().run(near, who=self._who)
            said = [weighing.sentences_of(passage) for passage, *_ in looked]
            every = [line for lines in said for line in lines]
            vectors = await library.sentences(meaning).vectors(every, who=self._who)
        except ProviderError:  # the topics have answered without
            return []
        split, at = [], 0
        for lines in said:
            split.append(vectors[at : at + len(lines)])
            at += len(lines)
        return weighing.weigh(looked, said, split, asked, question, rarity, parts)

    def _answer(self, own: Reply, best: Weighed, language: str, text: str) -> Reply:
        text = telling.read(best, language) if self._written else telling.spoken(best)
        return Reply(
            f"{own.opening} {text}".strip(),
            f"source:{best.passage.leaf.source}",
            "answer",
            score=round(best.chance, 4),
            question=text,
            heard=own.heard,
            events=own.events,
            decision={**own.decision, "cited": telling.citation(best)},
            shows=telling.shows(best.passage),
            language=own.language,
            opening=own.opening,
            near=own.near,
            passages=own.passages,
        )


def _same(one: str, other: str) -> bool:
    """A page is not read out in the voice of another language."""
    return one.split("-")[0].lower() == other.split("-")[0].lower()


def with_sources(
    inner: Brain,
    shelf: Shelf | None,
    snapshot: AgentSnapshot,
    meaning_of: Callable[[str], Meaning],
    *,
    language: str,
    who: Hashable = None,
    written: bool = False,
    for_model: bool = False,
) -> Brain:
    """The same mind, with the sources that its version uses behind it."""
    if shelf is None or not snapshot.sources:
        return inner
    return SourcesBrain(
        inner, shelf, snapshot, meaning_of, language=language, who=who, written=written, for_model=for_model
    )
