"""`python -m bench model [BUSINESS …] [--address URL --model NAME --key-file FILE] [--errors]`: the exam with a model,
beside the same agent without one; and whether it is worth having.

Any service that speaks one of the two wires (docs/models.md), also one on this machine: a server that runs a file of a
model is an address like others. Without an address a stand-in is asked, over the same wire on loopback: it repeats the
fact that shares most words with the question. The businesses are those that nothing is learned from, unless others are
named. What a model says is judged by its words: the topic that holds most of them is what it has answered with, and
where no topic holds half of them it has said what nobody wrote.
"""

import argparse
import asyncio
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from agents.brains.base import Brain, Reply, Turn, whole
from agents.brains.language_model.brain import ModelBrain
from agents.brains.language_model.guardrails import UNKNOWN
from agents.brains.language_model.meter import OwnMeter
from agents.brains.language_model.service import thinking_with
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot
from agents.brains.sources.passages import stems
from agents.brains.topics import TopicsBrain
from agents.connections.service import Service
from agents.speech.providers.base import Meaning, rarity_of
from agents.speech.words import words
from bench.exam import data
from bench.exam.judge import outcome
from bench.exam.learn import models_dir
from tests.fakes.model_service import ModelService, Says

HALF = 0.5
COLUMNS = ("right", "right lead", "asked", "asked wrong", "wrong", "not known", "refused", "answered")
_DECLINES = re.compile(
    r"\b(?:(?:do not|don't|cannot|can't|could not) (?:know|have|tell|say|find|answer)|no information|not sure"
    r"|weiß (?:ich )?(?:das )?(?:leider )?nicht|keine (?:information|angabe)\w*|no (?:lo )?sé)\b",
    re.IGNORECASE,
)
_FACT = re.compile(r"^## (.+)\n(.+)$", re.MULTILINE)


class StandIn(ModelService):
    """A service that has read nothing but the facts: it repeats what shares most words with the question."""

    async def _say(self, reader: Any, writer: Any, says: Says, asked: dict[str, Any]) -> bool:
        system, *_, question = (message["content"] for message in asked["messages"])
        return await super()._say(reader, writer, replace(says, pieces=[repeated(system, question)]), asked)


def repeated(system: str, question: str) -> str:
    facts = system.partition("<facts>")[2]
    wanted = {word for word in stems(question) if len(word) > 3}
    found = [(len(wanted & stems(f"{name} {content}")), content) for name, content in _FACT.findall(facts)]
    shared, content = max(found, default=(0, ""), key=lambda one: one[0])
    return content if shared else UNKNOWN


@dataclass
class Marks:
    """How one agent did."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    ended: Counter[str] = field(default_factory=Counter)  # how the model's answers did
    first_ms: list[int] = field(default_factory=list)

    @property
    def right(self) -> int:
        return sum(found["right"] + found["right lead"] for found in self.counts.values())

    @property
    def wrong(self) -> int:
        """Wrong answers, and answers to what nothing answers."""
        return sum(found["wrong"] + found["answered"] for found in self.counts.values())

    @property
    def all(self) -> int:
        return sum(found.total() for found in self.counts.values())


def verdict(without: Marks, with_model: Marks) -> str:
    """Whether to take it. It has to be no worse in either way, and better in one."""
    fewer, more = without.right - with_model.right, with_model.wrong - without.wrong
    of = f"of {without.all}"
    if fewer > 0 or more > 0:
        why = [f"{fewer} right answers fewer {of}"] if fewer > 0 else []
        why += [f"{more} wrong ones more {of}"] if more > 0 else []
        return f"NOT RECOMMENDED: worse than no model, {' and '.join(why)}."
    if not fewer and not more:
        return f"NOT RECOMMENDED: as good as no model {of}, and it costs time."
    return f"Recommended: {-fewer} right answers more and {-more} wrong ones fewer {of}."


def topic_said(text: str, topics: Sequence[TopicSnapshot], rarity: Callable[[str], float]) -> str:
    """The topic that holds most of what was said, by how rare its words are; "" where none holds half of it."""
    told = {word: 1.0 if word.isdigit() else rarity(word) for word in words(text)}
    whole_of_it = sum(told.values())
    if not whole_of_it:
        return ""
    share = {}
    for topic in topics:
        there = stems(f"{topic.name} {topic.content}")
        share[topic.name] = sum(by for word, by in told.items() if stems(word) & there) / whole_of_it
    best = max(share, key=lambda name: share[name])
    return best if share[best] >= HALF else ""


def result(reply: Reply, wanted: Sequence[str], topics: Sequence[TopicSnapshot], rarity: Callable[[str], float]) -> str:
    """One word for the table, also of an answer in a model's own words."""
    if reply.kind != "model":
        return outcome(reply, wanted)
    said = topic_said(reply.text, topics, rarity)
    if not said and _DECLINES.search(reply.text):
        return "not known" if wanted else "refused"
    return outcome(replace(reply, kind="answer", topics=(said or "?",)), wanted)


async def examine(business: data.Business, meaning: Meaning, service: Service | None, errors: bool = False) -> Marks:
    snapshot = AgentSnapshot("Robin", "", "", "", business.language, business.topics, ())
    brain: Brain = TopicsBrain(
        snapshot, meaning, variant={}, language=business.language, settings=TalkSettings(), shared=False
    )
    thinking = thinking_with(service, snapshot, OwnMeter()) if service else None
    if thinking:
        brain = ModelBrain(brain, thinking, snapshot, variant={}, language=business.language)
    await brain.prepare()
    marks, rarity = Marks(), rarity_of(meaning)

    async def talk(kind: str, texts: Sequence[str], *keys: str) -> None:
        memory, wanted = Memory(greeted=True), [business.topics[business.place(key)].name for key in keys]
        for text in texts:
            reply = await whole(brain, Turn(text), memory)
            reply.remember(memory)
            memory.last_said = reply.text
            told = reply.decision.get("model", {})
            marks.ended[told.get("ended") or told.get("skipped") or "not asked"] += 1
            marks.first_ms += [told["first_ms"]] if "first_ms" in told else []
        how = result(reply, wanted, business.topics, rarity)
        marks.counts.setdefault(kind, Counter())[how] += 1
        if errors and how in ("wrong", "answered"):
            print(business.key, kind, how, texts, "→", reply.text)

    content = business.content
    for one in content["questions"]:
        await talk(one["kind"], [one["q"]], one["topic"])
    for one in content["out"]:
        await talk(f"out, {one['kind']}", [one["q"]])
    for one in content["followups"]:
        await talk("follow-up", [one["first"], one["q"]], one["topic"])
    if thinking:
        await thinking.model.close()
    return marks


def added(many: Sequence[Marks]) -> Marks:
    total = Marks()
    for marks in many:
        for kind, found in marks.counts.items():
            total.counts.setdefault(kind, Counter()).update(found)
        total.ended.update(marks.ended)
        total.first_ms += marks.first_ms
    return total


def table(rows: Sequence[tuple[str, Marks]]) -> None:
    print("\n| agent | kind | n | " + " | ".join(COLUMNS) + " |\n" + "|---" * (len(COLUMNS) + 3) + "|")
    for name, marks in rows:
        for kind, found in marks.counts.items():
            cells = [str(found.get(column, 0) or "") for column in COLUMNS]
            print(f"| {name} | {kind} | {found.total()} | " + " | ".join(cells) + " |")


def main(given: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=list(data.HELD_OUT))
    parser.add_argument("--address", default="", help="like https://api.example.com/v1; default: the stand-in")
    parser.add_argument("--model", default="", help="its name there")
    parser.add_argument("--key-file", type=Path, help="the file that holds the key")
    parser.add_argument("--errors", action="store_true", help="tell what was answered wrongly")
    asked = parser.parse_args(given)
    os.nice(5)
    folder = models_dir()
    key = asked.key_file.read_text(encoding="utf-8").strip() if asked.key_file else ""
    with StandIn() as stand_in:
        address, name = (asked.address, asked.model) if asked.address else (stand_in.address, "stand-in")
        key = key if asked.address else stand_in.key
        service = Service(0, "openai", name, address.rstrip("/"), key, True, {"model": name})
        found: dict[str, list[Marks]] = {"no model": [], name or "the model": []}
        for business in map(data.load, asked.names):
            meaning = data.kept_meaning(business.language, folder)
            for of_agent, one in zip(found.values(), (None, service), strict=True):
                of_agent.append(asyncio.run(examine(business, meaning, one, asked.errors)))
            meaning.save()
            print(f"{business.key}: done", file=sys.stderr, flush=True)
    rows = [(agent, added(marks)) for agent, marks in found.items()]
    table(rows)
    for agent, marks in rows:
        print(f"\n{agent}: {marks.right} right, {marks.wrong} wrong of {marks.all}")
    (_, without), (_, with_model) = rows
    print("the model: " + ", ".join(f"{how} {n}" for how, n in with_model.ended.most_common()))
    if with_model.first_ms:
        p50, p95 = (np.percentile(with_model.first_ms, at) for at in (50, 95))
        print(f"its first words after {p50:.0f} ms, p95 {p95:.0f} ms")
    print(f"\n{verdict(without, with_model)}")


if __name__ == "__main__":
    main(sys.argv[1:])
