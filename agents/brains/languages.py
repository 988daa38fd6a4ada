"""A mind in several languages: one set of topics in each, and the choice of which one is spoken.

The visitor decides: by asking for a language, or by speaking one that the agent has. The reply then says so in the new
language, and `Reply.language` tells everybody else: from its first sound on, that is the language of the conversation.
"""

from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from dataclasses import replace

from agents.brains import small_talk
from agents.brains.asking_again import AskingAgain
from agents.brains.base import Brain, Piece, Reply, Turn, event, whole
from agents.brains.memory import Memory
from agents.brains.phrases import phrases
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot
from agents.brains.topics import TopicsBrain
from agents.speech.language_words import asked_for, called, recognised, short
from agents.speech.providers.base import Meaning


class LanguagesBrain:
    """One object a call. An agent with one language costs what TopicsBrain costs."""

    def __init__(
        self,
        snapshot: AgentSnapshot,
        meaning_of: Callable[[str], Meaning],
        *,
        languages: Sequence[str] = (),
        variant: dict[str, str],
        language: str,
        settings: TalkSettings,
        who: Hashable = None,
        shared: bool = True,
        least: float | None = None,
        written: bool = False,
    ) -> None:
        """`languages`: those of the agent's that can be heard and spoken here; none given: all. `language`: the one
        that a conversation begins in. `least`: how sure a word has to be to carry an answer; None: nothing is heard.
        """
        self._snapshot, self._meaning_of = snapshot, meaning_of
        self._variant, self._settings, self._who, self._shared = variant, settings, who, shared
        self._languages = tuple(languages) or snapshot.languages
        self._start, self._least, self._written = language, least, written
        self._brains: dict[str, TopicsBrain] = {}

    def in_language(self, language: str) -> TopicsBrain:
        if language not in self._brains:
            self._brains[language] = TopicsBrain(
                self._snapshot.in_language(language),
                self._meaning_of(language),
                variant=self._variant,
                language=language,
                settings=self._settings,
                who=self._who,
                shared=self._shared,
                written=self._written,
            )
        return self._brains[language]

    def _mind(self, language: str) -> Brain:
        """The topics of a language, behind the questions about what may have been misheard."""
        topics = self.in_language(language)
        if self._least is None:
            return topics
        names = {topic.name: topic.aloud for topic in self._snapshot.in_language(language).topics}
        return AskingAgain(topics, language=language, names=names, least=self._least)

    async def prepare(self) -> object:
        return await self.in_language(self._start).prepare()

    async def reply(self, turn: Turn, memory: Memory) -> AsyncIterator[Piece]:
        found = await self._reply(turn, memory)
        yield Piece(found.text, found)

    async def _reply(self, turn: Turn, memory: Memory) -> Reply:
        present = memory.language or self._start
        asked = asked_for(turn.text)
        if (
            asked and memory.message is None and not (memory.asked or memory.said)
        ):  # else it may be the answer to what was asked
            agreed = await self._asked(asked, present, turn, memory)
            if agreed:
                return agreed
        offered = memory.offered_language
        if len(offered) == 2 and offered[0] in self._languages and small_talk.yes_or_no(turn.text, present):
            reply = await self.in_language(offered[0]).answer_of(offered[1], memory)
            return _switched(reply, present, offered[0])
        language = self._spoken(turn, present, memory)
        reply = await whole(self._mind(language), turn, memory)
        if language != present:
            said = phrases(language).language_heard
            return _switched(replace(reply, text=f"{said} {reply.text}", opening=said), present, language)
        return await self._urgent(reply, present, memory)

    def _spoken(self, turn: Turn, present: str, memory: Memory) -> str:
        """The language of a turn. Where something was asked for, a name or one of two, its sound alone tells little."""
        flow = memory.flow or {"step": "offer"}
        if len(self._languages) < 2 or flow.get("step") != "offer":  # a flow goes on in the language it began in
            return present
        by_words = recognised(turn.text, self._languages, present)
        if turn.language not in self._languages:
            return by_words or present
        if turn.language != present and (memory.message is not None or memory.asked or memory.said):
            return by_words or present
        return turn.language

    async def _asked(self, wanted: str, present: str, turn: Turn, memory: Memory) -> Reply | None:
        """The visitor asked for a language. One that the agent lacks may still be what a topic is about."""
        found = next((each for each in self._languages if short(each) == wanted), "")
        if not found:
            found_there = await whole(self.in_language(present), turn, memory)
            if found_there.kind in ("answer", "lead"):
                return None
            own = phrases(present)
            names = [called(each, present) for each in self._languages]
            known = f" {own.both} ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
            text = f"{own.language_only.format(known)} {own.unknown_next}"
            return Reply(text, "small_talk:language", "small_talk", message=memory.message)
        answer = Reply(phrases(found).language_asked, "small_talk:language", "small_talk", message=memory.message)
        return _switched(answer, present, found)

    async def _urgent(self, reply: Reply, present: str, memory: Memory) -> Reply:
        """An emergency is not asked about first: it is said, in the language that there is."""
        offered = reply.offered_language
        if len(offered) != 2 or offered[0] not in self._languages:
            return reply
        if not any(topic.first and topic.name == offered[1] for topic in self._snapshot.topics):
            return reply
        answer = await self.in_language(offered[0]).answer_of(offered[1], memory)
        return _switched(answer, present, offered[0])


def _switched(reply: Reply, before: str, language: str) -> Reply:
    if language == before:
        return replace(reply, language=language)
    note = event("language_changed", language=language, before=before)
    return replace(reply, language=language, events=(*reply.events, note))
