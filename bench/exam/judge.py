"""Runs the brain over the exam, each business with what was learned from the others, and counts what it did.

Beside it, in the same run: the topic that shares most words by BM25 ("words"); the topic with the nearest line,
answered always ("nearest"); and fixed limits on MiniLM's closeness (0.5 / 0.4 / 0.04) without bank, follow-ups or leads
("limits"), which is how the brain was before.
"""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from agents.brains import decision, indexing
from agents.brains.base import Reply, Turn, whole
from agents.brains.closeness import TopicLines, TopicVectors
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot
from agents.brains.topics import TopicsBrain
from agents.brains.word_signs import stem
from agents.speech.words import words
from bench.exam import learn
from bench.exam.data import Business, Kept

Counts = dict[str, Counter[str]]
LIMITS = {"answer": 0.5, "ask": 0.4, "clearly_better": 0.04}


def leave_one_out(
    businesses: Sequence[Business], wanted: Sequence[Business], meaning: Kept
) -> dict[str, decision.Learned]:
    """For each business that is wanted, what is learned from all others of its mix of encoders."""
    indexes = {each.key: learn.index_of(each, meaning) for each in businesses}
    rows = {each.key: learn.rows_of(each, indexes[each.key], meaning) for each in businesses}
    said = {each.key: learn.sentence_rows(each, indexes[each.key], meaning) for each in businesses}
    found = {}
    for own in wanted:
        others = [each for each in businesses if each.key != own.key]
        plain = learn.first([row for each in others for row in rows[each.key]])
        after = [row for each in others for row in learn.after_rows(each, indexes[each.key], meaning, plain)]
        sentences = [row for each in others for row in said[each.key]]
        found[own.key] = replace(plain, after=learn.fit_after(after), sentences=learn.fit_sentences(sentences))
    return found


def outcome(reply: Reply, wanted: Sequence[str]) -> str:
    """One word for the table. `wanted`: names of the topics that are right; () out of scope."""
    answered = reply.kind in ("answer", "lead") and bool(reply.topics)
    if not wanted:
        return "answered" if answered else "asked" if reply.kind == "ask" else "refused"
    if answered:
        hit = set(wanted) <= set(reply.topics)
        return ("right" if reply.kind == "answer" else "right lead") if hit else "wrong"
    if reply.kind == "ask":
        return "asked" if set(wanted) & set(reply.asked) else "asked wrong"
    return "not known"


class Exam:
    def __init__(self, business: Business, meaning: Any, weights: decision.Learned, boldness: str) -> None:
        self.business, self.meaning = business, meaning
        self._weights, self._boldness = weights, boldness

    async def brain(self) -> TopicsBrain:
        indexing.learned = lambda parts: self._weights  # type: ignore[assignment]
        return TopicsBrain(
            AgentSnapshot("Robin", "", "", "", self.business.language, self.business.topics, ()),
            self.meaning,
            variant={},
            language=self.business.language,
            settings=TalkSettings(boldness=self._boldness),
            shared=False,
        )

    def names(self, *keys: str) -> list[str]:
        return [self.business.topics[self.business.place(key)].name for key in keys]

    async def run(self) -> tuple[Counts, list[dict[str, Any]]]:
        brain, counts, lines = await self.brain(), {}, []
        await brain.prepare()
        content = self.business.content

        async def talk(kind: str, texts: Sequence[str], wanted: Sequence[str], sentence: str = "") -> None:
            memory, reply, used_ms = Memory(), None, 0.0
            for text in texts:
                began = time.process_time()
                reply = await whole(brain, Turn(text), memory)
                used_ms = (time.process_time() - began) * 1000
                reply.remember(memory)
                memory.last_said = reply.text
            assert reply is not None
            result = outcome(reply, wanted)
            counts.setdefault(kind, Counter())[result] += 1
            if sentence and result in ("right", "right lead"):
                first = reply.text.find(sentence) >= 0
                counts.setdefault("the sentence is said", Counter())["right" if first else "wrong"] += 1
            lines.append(
                {
                    "kind": kind,
                    "texts": list(texts),
                    "said": reply.text,
                    "result": result,
                    "ms": used_ms,
                    "score": reply.score,
                    "wanted": list(wanted),
                    "source": reply.source,
                }
            )

        for asked in content["questions"]:
            sentences = _sentences(self.business, asked)
            await talk(asked["kind"], [asked["q"]], self.names(asked["topic"]), sentences)
        for asked in content["out"]:
            await talk(f"out, {asked['kind']}", [asked["q"]], ())
        for asked in content["followups"]:
            await talk("follow-up", [asked["first"], asked["q"]], self.names(asked["topic"]))
        for asked, keys in content.get("two", ()):
            await talk("two at once", [asked], self.names(*keys))
        for first, second, key in content.get("corrections", ()):
            await talk("correction", [first, second], self.names(key))
        return counts, lines


def _sentences(business: Business, asked: dict[str, Any]) -> str:
    from agents.brains.closeness import sentences

    found = sentences(business.topics[business.place(asked["topic"])].content)
    return found[asked["sentences"][0]] if asked["sentences"] and asked["sentences"][0] < len(found) else ""


async def before(business: Business, minilm: Kept) -> tuple[Counts, Counts]:
    """How the same questions fare by the nearest line, and by the limits that were."""
    lines = TopicLines.of(business.topics, {})
    vectors = TopicVectors(lines, len(business.topics), await minilm.vectors(lines.texts), minilm.parts, None)
    nearest: Counts = {}
    limits: Counts = {}

    async def ask(kind: str, text: str, right: Sequence[int]) -> None:
        vector = (await minilm.vectors([text]))[0]
        best = int(np.argmax(vectors.closest(vector, (0,))))
        result = ("right" if best in right else "wrong") if right else "answered"
        nearest.setdefault(kind, Counter())[result] += 1
        choice = decision.choose_by_closeness(vectors.company(vector), **LIMITS)
        hit = bool(set(choice.places) & set(right))
        if choice.way == "unknown":
            word = "not known" if right else "refused"
        elif choice.way == "ask":
            word = ("asked" if hit else "asked wrong") if right else "asked"
        else:
            word = ("right" if hit else "wrong") if right else "answered"
        limits.setdefault(kind, Counter())[word] += 1

    for asked in business.content["questions"]:
        await ask(asked["kind"], asked["q"], [business.place(asked["topic"])])
    for asked in business.content["out"]:
        await ask(f"out, {asked['kind']}", asked["q"], ())
    for asked in business.content["followups"]:
        await ask("follow-up", asked["q"], [business.place(asked["topic"])])
    return nearest, limits


_BM25_K, _BM25_B = 1.2, 0.75
_LEXICAL_LEAST = 3.0  # a topic with less is not said: one word in common, and not a rare one


def by_words(business: Business) -> Counts:
    """How the same questions fare by BM25 over name, examples and content: words alone, no meaning."""
    texts = [[stem(word) for word in words(" ".join((t.name, *t.samples, t.content)))] for t in business.topics]
    mean = sum(map(len, texts)) / len(texts)
    having = Counter(word for text in texts for word in set(text))
    counts: Counts = {}

    def score(text: list[str], asked: list[str]) -> float:
        own, total = Counter(text), 0.0
        for word in set(asked):
            if own[word]:
                rare = math.log(1 + (len(texts) - having[word] + 0.5) / (having[word] + 0.5))
                total += (
                    rare
                    * own[word]
                    * (_BM25_K + 1)
                    / (own[word] + _BM25_K * (1 - _BM25_B + _BM25_B * len(text) / mean))
                )
        return total

    def ask(kind: str, question: str, right: Sequence[int]) -> None:
        found = [score(text, [stem(word) for word in words(question)]) for text in texts]
        best = int(np.argmax(found))
        if found[best] < _LEXICAL_LEAST:
            word = "not known" if right else "refused"
        else:
            word = ("right" if best in right else "wrong") if right else "answered"
        counts.setdefault(kind, Counter())[word] += 1

    for asked in business.content["questions"]:
        ask(asked["kind"], asked["q"], [business.place(asked["topic"])])
    for asked in business.content["out"]:
        ask(f"out, {asked['kind']}", asked["q"], ())
    for asked in business.content["followups"]:
        ask("follow-up", asked["q"], [business.place(asked["topic"])])
    return counts


def judge(business: Business, meaning: Any, weights: decision.Learned, boldness: str) -> tuple[Counts, list[Any]]:
    return asyncio.run(Exam(business, meaning, weights, boldness).run())
