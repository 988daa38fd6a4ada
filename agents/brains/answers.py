"""What is replied out of a version's topics: an answer, one with a lead, a question back, "I do not know"."""

from dataclasses import replace

from agents.brains import examples, statements
from agents.brains.base import Reply
from agents.brains.flows.guide import Guide
from agents.brains.lookup import Found, Lookup
from agents.brains.memory import Memory
from agents.brains.messages import Taking
from agents.brains.phrases import Phrases
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot, TopicSnapshot, fill, legible, spoken
from agents.speech.language_words import called
from agents.speech.words import words

COMPLAINT_WORDS_LEAST = 6  # "I want to complain" says nothing yet
NAMED, FLOWS_NAMED = 4, 2  # of what there is to be asked about, where somebody asks what that is


class Answers:
    """One object a call."""

    def __init__(
        self,
        snapshot: AgentSnapshot,
        lookup: Lookup,
        guide: Guide,
        phrases: Phrases,
        *,
        language: str,
        variant: dict[str, str],
        settings: TalkSettings,
        written: bool,
    ) -> None:
        """`written`: answers are read, not heard: whole, with their links and lists."""
        self._snapshot, self._lookup, self._guide, self._phrases = snapshot, lookup, guide, phrases
        self._language, self._variant, self._settings, self._written = language, variant, settings, written
        self.places = {topic.name: place for place, topic in enumerate(snapshot.topics)}

    async def act(self, found: Found, memory: Memory) -> Reply:
        choice = found.choice
        names = tuple(self._snapshot.topics[place].name for place in choice.places)
        if choice.way != "answer" and (begun := await self._guide.begun_by(found.question, _likely(choice.way, names))):
            return await self.begin(begun, found, memory)
        if choice.way in ("answer", "lead") and (wanted := await self._guide.wanted_with(names[0], found.question)):
            return await self.begin(wanted, found, memory)
        if choice.way == "ask" and (topic := self._guide.topic_of(names)):  # a flow and the topic that offers it
            return await self.of(self.places[topic], memory, found=found)
        if choice.way == "ask" and not (set(names) <= set(memory.asked)):  # the same question twice would be too many
            return self.ask(names, choice.score, found)
        if choice.way == "unknown":
            return self.unknown(found, memory)
        return await self.of(choice.places[0], memory, found=found, lead=choice.way == "lead")

    async def one(self, topic: TopicSnapshot, memory: Memory, score: float | None = None) -> Reply:
        reply = await self.of(self.places[topic.name], memory, memory.question or memory.before)
        return replace(reply, score=score)

    def in_first_language(self, topic: TopicSnapshot, found: Found | None, question: str) -> Reply:
        """There is an answer, in the agent's first language only: never is that read out as if it were this one."""
        first = self._snapshot.first_language
        text = self._phrases.language_offer.format(called(first, self._language))
        asked = found.question if found else question or topic.name
        return Reply(
            text, "language", "ask", offered_language=(first, topic.name), question=asked, near=self.near(found)
        )

    async def of(
        self, place: int | None, memory: Memory, question: str = "", *, found: Found | None = None, lead: bool = False
    ) -> Reply:
        if place is None:
            return self.unknown(found, memory)
        topic = self._snapshot.topics[place]
        if topic.unworded:
            return self.in_first_language(topic, found, question)
        if self._guide.is_flow(topic.name):
            return await self.begin(topic.name, found, memory, lead=lead)
        text, rest = await self.told(place, found, memory)
        if not text:  # nothing but names without a value
            return self.unknown(found, memory)
        if lead:
            text = self._phrases.lead.format(topic.aloud, text)
        elif found and self._just_said(topic, text, found, memory):
            if self._settings.takes_messages and (statements.is_one(found.question) or self._said_twice(text, memory)):
                return self._no_more(found)
            text = self._phrases.as_said.format(text)
        near = self.near(found)
        reply = Reply(
            text,
            f"topic:{topic.name}",
            "lead" if lead else "answer",
            score=found.choice.score if found else None,
            topics=(topic.name,),
            question=found.question if found else question or topic.name,
            others=tuple(name for name, _ in near if name != topic.name)[:1],
            rest=rest,
            shows=topic.shows,
            near=near,
            like=examples.like(found.question, [fill(text, self._variant) for text in topic.samples]) if found else "",
        )
        return self._guide.offer(reply, memory)

    async def begin(self, name: str, found: Found | None, memory: Memory, *, lead: bool = False) -> Reply:
        """Start collecting; ask first where it is not sure that this was wanted."""
        if lead:
            return self.ask((name,), found.choice.score if found else None, found)
        reply = await self._guide.begin(name, found.question if found else "", memory)
        return replace(reply, score=found.choice.score if found else None, near=self.near(found))

    async def told(self, place: int, found: Found | None, memory: Memory) -> tuple[str, str]:
        topic = self._snapshot.topics[place]
        if self._written:
            return legible(topic.written or topic.content, self._variant, memory.page), ""
        content = " ".join(spoken(topic.content, self._variant, memory.page).split())
        return await self._lookup.told(place, content, found) if found else (content, "")

    def _just_said(self, topic: TopicSnapshot, text: str, found: Found, memory: Memory) -> bool:
        """Is it what was said last? Whoever asks in the same words once more has not heard it."""
        same_question = words(found.question) == words(memory.before)
        return not (self._written or same_question) and memory.spoken == topic.name and text in memory.last_said

    def _said_twice(self, text: str, memory: Memory) -> bool:
        return self._phrases.as_said.format(text) in memory.last_said

    def _no_more(self, found: Found) -> Reply:
        """What is told further, or asked once more, needs somebody who knows more."""
        offer = f"{self._phrases.no_more} {self._phrases.message_offer}"
        reply = Taking(self._phrases, {}).offer(found.question, offer, found.choice.score)
        return replace(reply, near=self.near(found))

    async def content(self, place: int, found: Found | None, memory: Memory) -> str:
        return (await self.told(place, found, memory))[0]

    async def both(self, pairs: list[tuple[TopicSnapshot, Found | None]], memory: Memory) -> Reply:
        flows = [pair for pair in pairs if self._guide.is_flow(pair[0].name)]
        if flows:  # the question is answered, and then it begins
            others = [pair for pair in pairs if pair not in flows]
            texts = [await self.content(self.places[topic.name], found, memory) for topic, found in others]
            begun = await self.begin(flows[0][0].name, flows[0][1], memory)
            return replace(begun, text=" ".join([*texts, begun.text]))
        texts = [await self.content(self.places[topic.name], found, memory) for topic, found in pairs]
        names = tuple(topic.name for topic, _ in pairs)
        last = pairs[-1][1]
        return Reply(
            ("\n\n" if self._written else " ").join(text for text in texts if text),
            " + ".join(f"topic:{name}" for name in names),
            "answer",
            score=min((found.choice.score for _, found in pairs if found), default=None),
            topics=names,
            question=last.question if last else memory.before,
            others=names[:1],
            shows=tuple(link for topic, _ in pairs for link in topic.shows),
        )

    def ask(self, names: tuple[str, ...], score: float | None, found: Found | None = None) -> Reply:
        aloud = [self._snapshot.topics[self.places[name]].aloud if name in self.places else name for name in names]
        text = (self._phrases.ask_one if len(names) == 1 else self._phrases.ask_two).format(*aloud)
        question = found.question if found else ""
        return Reply(text, "ask", "ask", score=score, asked=names, question=question, near=self.near(found))

    def unknown(self, found: Found | None, memory: Memory, *, change: bool = False) -> Reply:
        """`change`: of what was agreed upon; the message says it already."""
        phrases, score = self._phrases, found.choice.score if found else None
        sorry = phrases.change if change else phrases.unknown_again if memory.unknown else phrases.unknown
        if not self._settings.takes_messages:
            reply = Reply(f"{sorry} {phrases.unknown_next}", "unknown", "unknown", score=score)
        else:
            offer = f"{sorry} {phrases.change_offer if change else phrases.message_offer}"
            question = found.question if found else ""
            reply = Taking(phrases, {}).offer(question, offer, score, said=question if change else "")
        return replace(reply, near=self.near(found))

    def some(self) -> str:
        """Names of some of what there is to be asked about, what can be done first; "" where there is nothing."""
        worded = [topic for topic in self._snapshot.topics if not topic.unworded]
        flows = [topic for topic in worded if self._guide.is_flow(topic.name)][:FLOWS_NAMED]
        others = [topic for topic in worded if not (topic.first or self._guide.is_flow(topic.name))]
        names = [topic.aloud for topic in [*others[: NAMED - len(flows)], *flows]]
        return f" {self._phrases.both} ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)

    def unhappy(self, found: Found) -> Reply | None:
        """Somebody complains, and no topic is about it: it is passed on, where messages are taken."""
        if not self._settings.takes_messages:
            return None
        offer = f"{self._phrases.complaint} {self._phrases.message_offer}"
        said = found.question if len(words(found.question)) >= COMPLAINT_WORDS_LEAST else ""
        reply = Taking(self._phrases, {}).offer(found.question, offer, found.choice.score, said=said)
        return replace(reply, near=self.near(found))

    def near(self, found: Found | None) -> tuple[tuple[str, float], ...]:
        return tuple((self._snapshot.topics[place].name, score) for place, score in found.near) if found else ()

    def rest(self, memory: Memory) -> Reply:
        return Reply(memory.rest, f"topic:{memory.spoken}", "answer", topics=(memory.spoken,), question=memory.before)


def _likely(way: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The topics that what was said may well be about."""
    return names if way in ("ask", "lead") else ()
