"""The topics as vectors: computed once a process for each set of topics, and shared by every call that has it."""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from agents.brains import giving, intents
from agents.brains.closeness import ASK, TopicLines
from agents.brains.decision import learned
from agents.brains.measures import TopicIndex
from agents.brains.snapshot import AgentSnapshot
from agents.speech import inference
from agents.speech.providers.base import Meaning, parts_of, rarity_of, told_by, tried_twice
from agents.speech.words import words

Vectors = npt.NDArray[np.float32]

WAIT_MOST_S = 5.0  # for the vectors of the topics; then words alone must do for a while
KEPT_INDEXES = 32  # topic sets whose vectors a process keeps; the one unused for longest goes first
_Key = tuple[int, tuple[str, ...], tuple[tuple[str, ...], ...]]
_indexes: OrderedDict[_Key, tuple[Meaning, TopicIndex]] = OrderedDict()
_preparing: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[_Key, asyncio.Lock]] = WeakKeyDictionary()


class Indexing:
    """The topics of one version on their way to vectors. One object a call; the vectors are shared."""

    def __init__(
        self,
        snapshot: AgentSnapshot,
        meaning: Meaning,
        *,
        variant: dict[str, str],
        language: str,
        who: Hashable = None,
        shared: bool = True,
    ) -> None:
        self._snapshot, self._meaning, self._variant = snapshot, meaning, variant
        self._language, self._who = language, who
        self._shared, self._own = shared, None if shared else []  # type: ignore[var-annotated]
        self._lines: TopicLines | None = None
        self._preparing: asyncio.Future[TopicIndex] | None = None
        self.learned = learned(parts_of(meaning))
        self.written: dict[tuple[str, ...], frozenset[int]] = {}  # the topics that have these very words

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

        lines, self.written = await inference.shared().run(read, who=self._who)
        self._lines = lines
        return lines

    async def _index(self, own: TopicLines) -> TopicIndex:
        parts = parts_of(self._meaning)
        vectors = await self._vectors_of_lines(own)
        background = intents.background_vectors(parts, self._language) if self.learned else vectors[:0]

        def build() -> TopicIndex:
            topics = self._snapshot.topics
            lines, every = own, vectors
            if self.learned:
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

    async def soon(self) -> TopicIndex | None:
        """The topics as vectors; None while hundreds of them are still being computed: nobody waits so long."""
        if self._preparing is None or (self._preparing.done() and _failed(self._preparing)):
            self._preparing = asyncio.ensure_future(self.prepare())
            self._preparing.add_done_callback(_failed)
        await asyncio.wait([self._preparing], timeout=WAIT_MOST_S)
        return self._preparing.result() if self._preparing.done() else None

    async def given(self) -> list[tuple[str, ...]]:
        """For each topic the bank's phrases that it is given, refused ones among them. Raises ProviderError."""
        lines, parts, count = await self._read(), parts_of(self._meaning), len(self._snapshot.topics)
        vectors = await self._vectors_of_lines(lines)
        return await inference.shared().run(
            lambda: giving.given(lines, vectors, count, parts, self._language), who=self._who
        )

    async def vectors(self, texts: list[str]) -> Vectors:
        return await tried_twice(lambda: self._meaning.vectors(texts, who=self._who))


def _failed(preparing: "asyncio.Future[TopicIndex]") -> bool:
    """Whether it ended in an error, which counts as seen."""
    return preparing.cancelled() or preparing.exception() is not None


def _known_lines(others: list[tuple[tuple[str, ...], TopicIndex]], wanted: set[str]) -> dict[str, Vectors]:
    """The vectors of lines that other sets of topics have, too."""
    known: dict[str, Vectors] = {}
    for texts, index in others:
        known.update((text, row) for text, row in zip(texts, index.vectors.rows, strict=False) if text in wanted)
    return known


def _as_written(lines: TopicLines) -> dict[tuple[str, ...], frozenset[int]]:
    """The topics that have these very words as their name or an example."""
    found: dict[tuple[str, ...], frozenset[int]] = {}
    for text, owner, role in zip(lines.texts, lines.owners, lines.roles, strict=True):
        if role == ASK:
            key = tuple(words(text))
            found[key] = found.get(key, frozenset()) | {owner}
    return found
