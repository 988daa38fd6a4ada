"""A mind without a language model: it answers from the topics of one version.

In this order: a message being taken, the reply to a question back, "the other one" and "go on", small talk, and then
the question itself, looked up in the topics (lookup.py). What it costs to be wrong decides between an answer, an answer
with a lead ("If you mean …"), a question back, and a message (answers.py).
"""

import re
from collections.abc import AsyncIterator, Callable, Hashable
from dataclasses import replace
from datetime import datetime
from functools import partial

from agents.brains import messages, several, small_talk
from agents.brains.answers import Answers
from agents.brains.base import Piece, Reply, Turn
from agents.brains.collecting import choice
from agents.brains.collecting.zones import clock_of
from agents.brains.flows import turns
from agents.brains.flows.guide import Guide
from agents.brains.flows.plan import Step
from agents.brains.flows.running import Running
from agents.brains.handing_over import HandingOver
from agents.brains.lookup import Context, Found, Lookup
from agents.brains.memory import Memory
from agents.brains.messages import Taking
from agents.brains.phrases import phrases
from agents.brains.settings import TalkSettings
from agents.brains.small_talk_replies import SmallTalk
from agents.brains.snapshot import AgentSnapshot
from agents.brains.statement_replies import StatementReplies
from agents.speech.plain_text import plain
from agents.speech.providers.base import Meaning
from agents.speech.words import even, words

CHARACTERS_MOST = 2_000  # of a turn; the rest is not read
_LEAST_OF_TWO = 0.2  # how close a reply to "Do you mean A or B?" has to be to one of the two
_URGENT_LEAST_WORDS = 2
_SURE = 0.35  # how likely each of two questions in one breath has to be
_QUESTION = re.compile(
    r"\?\s*$|^\W*(?:what|when|where|who|which|how|why|do|does|is|are|can|could|may|will"
    r"|was|wann|wo|wer|wie|welche\w*|warum|kann|gibt|haben|hat|ist|sind)\b",
    re.IGNORECASE,
)


class TopicsBrain:
    """One object a call."""

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
        now: Callable[[], datetime] | None = None,
        written: bool = False,
    ) -> None:
        """`shared`: keep the topics' vectors for other calls; not for a draft, which changes with every word. `now`:
        the calendar and clock of "tomorrow at three", by default those of the project's time zone. `written`: answers
        are read, not heard: whole, with their links and lists."""
        self._guide = Guide(snapshot, variant=variant, language=language, now=now or clock_of(snapshot.zone))
        snapshot = replace(snapshot, topics=(*snapshot.topics, *self._guide.topics()))
        self._snapshot, self._settings = snapshot, settings
        self._language, self._written = language, written
        self._phrases = phrases(language, written=written)
        self._has_first = any(topic.first for topic in snapshot.topics)
        self._lookup = Lookup(
            snapshot, meaning, variant=variant, language=language, settings=settings, who=who, shared=shared
        )
        self._answers = Answers(
            snapshot,
            self._lookup,
            self._guide,
            self._phrases,
            language=language,
            variant=variant,
            settings=settings,
            written=written,
        )
        self._statements = StatementReplies(snapshot, self._answers, self._guide, self._phrases)
        handing_over = HandingOver(
            snapshot, self._phrases, variant, written=written, takes_messages=settings.takes_messages
        )
        self._places = self._answers.places
        self._talk = SmallTalk(self._answers, self._phrases, handing_over, name=snapshot.name, language=language)

    async def prepare(self) -> object:
        return await self._lookup.prepare()

    async def closest(self, text: str) -> list[tuple[str, float]]:
        """The topics closest to a question with their scores, for whoever asks why. Raises ProviderError."""
        found = await self._lookup.find(small_talk.without_greeting(even(text), self._language))
        return [(self._snapshot.topics[place].name, score) for place, score in found.near]

    async def reply(self, turn: Turn, memory: Memory) -> AsyncIterator[Piece]:
        found = await self._reply(even(turn.text[:CHARACTERS_MOST]), memory)
        found = turns.dropped(found, self._guide.running(memory))
        if not self._written:
            found = replace(found, text=plain(found.text))  # a topic's name is said as it was pasted, too
        yield Piece(found.text, found)

    async def _reply(self, text: str, memory: Memory) -> Reply:
        said_no = False
        running = self._guide.running(memory)
        if running and "came" in running.state:  # something was looked up meanwhile, and nothing was said
            gives_up = partial(turns.given_up, running, self._phrases, takes_messages=self._settings.takes_messages)
            return running.looked_up() or gives_up()
        urgent = await self._urgent(text, memory)
        if urgent:
            return urgent
        if memory.message is not None:
            reply = await self._take_message(text, memory)
            if reply:
                return reply
        if running:
            reply = await self._collect(text, running, memory)
            if reply:
                return reply
        if memory.asked:
            reply = await self._after_asking(text, memory)
            if reply:
                return reply
            said_no, text = True, small_talk.without_no(text, self._language) or text
        reply = await self._pointing(text, memory) or self._talk.reply(text, memory)
        if reply:
            return reply
        if messages.wanted(text) and self._settings.takes_messages:
            return Taking(self._phrases, {"about": memory.before}).begin()
        return await self._look_up(text, memory, said_no=said_no)

    async def _urgent(self, text: str, memory: Memory) -> Reply | None:
        """The answer of a topic that goes first, in the middle of whatever is being done."""
        if not self._has_first or len(words(text)) < _URGENT_LEAST_WORDS or small_talk.kind(text, self._language):
            return None
        found = await self._lookup.find(small_talk.without_greeting(text, self._language))
        place = found.choice.places[0] if found.choice.way == "answer" else None
        if place is None or not self._snapshot.topics[place].first:
            return None
        return replace(await self._answers.of(place, memory, found=found), message=memory.message, flow=memory.flow)

    # ── Messages ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _take_message(self, text: str, memory: Memory) -> Reply | None:
        assert memory.message is not None
        taking = Taking(self._phrases, memory.message)
        agreed = small_talk.yes_or_no(text, self._language)
        step = memory.message["step"]
        if step in ("name", "number"):
            kind = small_talk.kind(text, self._language)
            if kind == "goodbye":  # who leaves has no message any more
                return None
            if kind in ("hello", "thanks") or (step == "name" and agreed):  # nobody's name
                return taking.again("")
        if step in ("name", "number", "check", "fix") and _QUESTION.search(text) and agreed is None:
            found = await self._lookup.find(text, self._context(memory))
            if found.choice.way in ("answer", "lead") and not self._snapshot.topics[found.choice.places[0]].unworded:
                place = found.choice.places[0]
                return taking.again(await self._answers.content(place, found, memory))
        return await turns.beside(text, lambda: taking.step(text, agreed))

    # ── Flows ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _collect(self, text: str, running: Running, memory: Memory) -> Reply | None:
        """The next step of a flow; None where something else was wanted."""

        async def meanwhile(question: str, least: float) -> str:
            found = await self._lookup.find(question, self._context(memory))
            if found.choice.way not in ("answer", "lead") or found.choice.score < least:
                return ""
            place = found.choice.places[0]
            is_flow = self._guide.is_flow(self._snapshot.topics[place].name)
            return "" if is_flow else await self._answers.content(place, found, memory)

        async def meant(said: str, step: Step) -> str:
            return await self._lookup.option(said, choice.options(step.limits))

        takes_messages = self._settings.takes_messages
        reply = await turns.reply(
            text, running, self._language, self._phrases, meanwhile, meant, takes_messages=takes_messages
        )
        place = self._places.get(running.flow.topic)
        if reply and reply.source == running.finished_source and running.flow.end == "topic":
            content = "" if place is None else await self._answers.content(place, None, memory)
            return running.with_topic(reply, content)
        return reply

    async def _pointing(self, text: str, memory: Memory) -> Reply | None:
        """ "The other one", and "tell me more"."""
        if memory.others and small_talk.other(text, self._language):
            return await self._answers.of(self._places.get(memory.others[0]), memory, memory.before)
        if memory.rest and small_talk.more(text, self._language):
            return self._answers.rest(memory)
        return None

    async def _after_asking(self, text: str, memory: Memory) -> Reply | None:
        """After "Do you mean …?": a yes, a no, or one of the names. None: it was something else."""
        asked = [self._snapshot.topics[self._places[name]] for name in memory.asked if name in self._places]
        if not asked:
            return None
        agreed = small_talk.yes_or_no(text, self._language)
        if agreed is False or small_talk.missed(text, self._language):
            return Reply(self._phrases.ask_again, "ask", "ask")
        flow = next((topic.name for topic in asked if self._guide.is_flow(topic.name)), "")
        if (
            flow and agreed is None and await self._guide.collects(flow, text)
        ):  # "Book a table?" – "For four, on Friday"
            return await self._guide.begin(flow, f"{memory.question}. {text}", memory)
        if agreed and len(asked) == 1:
            if flow:
                return await self._guide.begin(flow, memory.question, memory)
            return await self._answers.one(asked[0], memory)
        if len(asked) > 1:
            if small_talk.both(text) and not any(topic.unworded for topic in asked):
                return await self._answers.both([(topic, None) for topic in asked[:2]], memory)
            place = small_talk.ordinal(text)
            if place is not None and place < len(asked):
                return await self._answers.one(asked[place], memory)
        named = [topic for topic in asked if _names(text, topic.name) or _names(text, topic.aloud)]
        if len(named) == 1:
            return await self._answers.one(named[0], memory)
        if agreed:
            return self._answers.ask(memory.asked[:2], None)
        if len(asked) > 1 and len(words(text)) <= 6 and not small_talk.kind(text, self._language):
            found = await self._lookup.find(text)
            best = found.near[0]
            if self._snapshot.topics[best[0]] in asked and best[1] >= _LEAST_OF_TWO:
                return await self._answers.one(self._snapshot.topics[best[0]], memory, best[1])
        return None

    # ── Topics ───────────────────────────────────────────────────────────────────────────────────────────────

    def _context(self, memory: Memory, *refused: str) -> Context:
        return Context(
            self._places.get(memory.spoken),
            memory.before,
            tuple(self._places[name] for name in refused if name in self._places),
        )

    async def _look_up(self, text: str, memory: Memory, *, said_no: bool = False) -> Reply:
        question = small_talk.without_greeting(text, self._language)
        context = self._context(memory, *(memory.asked if said_no else ()))
        corrected = small_talk.corrected(question, self._language) if memory.spoken else ""
        if corrected:
            question, context = corrected, replace(self._context(memory, memory.spoken), spoken=None)
        found = await self._lookup.find(question, context)
        two = await self._two(question, found, context)
        if two and not any(self._snapshot.topics[f.choice.places[0]].unworded for f in two):
            return await self._answers.both([(self._snapshot.topics[f.choice.places[0]], f) for f in two], memory)
        if found.choice.way != "answer" and (reply := self._talk.in_place_of(found)):
            return reply
        return await self._statements.reply(found, memory) or await self._answers.act(found, memory)

    async def _two(self, question: str, whole: Found, context: Context) -> list[Found] | None:
        """The findings of two questions in one breath, where both have an answer and it is not the same."""
        for first, second in several.parts(question):
            one = await self._lookup.find(first, context)
            if not one.choice.places or one.choice.score < _SURE or one.choice.way not in ("answer", "lead"):
                continue
            after = Context(one.choice.places[0], first)
            two = await self._lookup.find(second, after)
            if two.choice.way not in ("answer", "lead") or two.choice.score < _SURE:
                continue
            if two.choice.places[0] != one.choice.places[0]:
                return [one, two]
        return None

    async def answer_of(self, name: str, memory: Memory) -> Reply:
        """The answer of a topic that was agreed upon."""
        return await self._answers.of(self._places.get(name), memory, memory.before)


def _names(text: str, name: str) -> bool:
    """Are all words of the topic's name in the text, whatever their endings?"""
    said = {_stem(word) for word in words(text)}
    return all(_stem(word) in said for word in words(name))


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word
