"""A mind that asks before it answers what it may have misheard: "Did you say …?". Stands before any other mind."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

from agents.brains import doubt, small_talk
from agents.brains.base import ONLY_THIS, SAID_BACK, SAY_AGAIN, Brain, Piece, Reply, Turn, whole
from agents.brains.memory import Memory
from agents.brains.phrases import phrases
from agents.speech.heard import Heard
from agents.speech.words import real_words, words

_WEIGHED = frozenset(("answer", "lead", "goodbye"))  # kinds of replies that are not given on doubtful words


class AskingAgain:
    def __init__(self, brain: Brain, *, language: str, names: Mapping[str, str], least: float) -> None:
        """`names`: how each topic is named aloud. `least`: how sure a word has to be to carry an answer."""
        self._brain, self._names, self._least = brain, names, least
        self._language, self._phrases = language, phrases(language)

    async def prepare(self) -> object:
        return await self._brain.prepare()

    async def reply(self, turn: Turn, memory: Memory) -> AsyncIterator[Piece]:
        found = await self._reply(turn, memory)
        yield Piece(found.text, found)

    async def _reply(self, turn: Turn, memory: Memory) -> Reply:
        if memory.said:
            agreed = small_talk.yes_or_no(turn.text, self._language)
            if agreed:
                return await whole(self._brain, Turn(memory.said), memory)
            if agreed is False:
                return self._ask(SAY_AGAIN, self._phrases.say_it_again, memory)
        heard = Heard(turn.text, turn.sure, above_db=turn.above_db)
        doubtful = heard.doubtful(self._least)
        strange = bool(doubtful) and doubt.is_strange(heard, understood=memory.understood)
        if strange and memory.strange + 1 >= doubt.STRANGE_IN_A_ROW and not (memory.message or memory.flow):
            verdict = doubt.another_language(heard, doubtful)
            told = self._ask(ONLY_THIS, self._phrases.only_this_language, memory)
            return replace(told, decision={"doubt": verdict.to_json()})  # counts anew
        reply = await self._weighed(turn, heard, doubtful, memory, strange=strange)
        well = bool(heard.sure) and heard.certainty >= doubt.WELL and len(real_words(heard.text)) > 1
        return replace(reply, heard="strangely" if strange else "well" if well else "")

    async def _weighed(
        self, turn: Turn, heard: Heard, doubtful: tuple[int, ...], memory: Memory, *, strange: bool
    ) -> Reply:
        """The reply, or a question about the words where it hangs on doubtful ones."""
        reply = await whole(self._brain, turn, memory)
        is_unknown = reply.source == "unknown"
        if not doubtful or not (is_unknown or reply.kind in _WEIGHED):
            return reply
        weighed = doubt.Reasoned(
            is_unknown,
            reply.score,
            stands=not is_unknown and await self._stands(heard.without(doubtful), reply, memory),
            twice=bool(memory.said) and (await whole(self._brain, Turn(memory.said), memory)).source == reply.source,
            has_topic=len(reply.topics) == 1,
        )
        verdict = doubt.judge(
            heard, doubtful, weighed, asked_in_a_row=memory.doubts, asked=memory.doubts_in_all, strange=strange
        )
        return replace(self._after(verdict, reply, turn, memory), decision={"doubt": verdict.to_json()})

    async def _stands(self, rest: str, reply: Reply, memory: Memory) -> bool:
        """Would the same be said to the words that are not doubtful?"""
        return bool(words(rest)) and (await whole(self._brain, Turn(rest), memory)).source == reply.source

    def _after(self, verdict: doubt.Verdict, reply: Reply, turn: Turn, memory: Memory) -> Reply:
        said = turn.text.strip()
        match verdict.do:
            case "say_back":
                return self._ask(SAID_BACK, self._phrases.did_you_say.format(said.rstrip(" .?!,;:")), memory, said=said)
            case "again":
                return self._ask(SAY_AGAIN, self._phrases.not_heard_well, memory)
            case "name":
                name = reply.topics[0]
                text = self._phrases.ask_one.format(self._names.get(name, name))
                return self._ask(SAID_BACK, text, memory, said=said)
            case "lead" if reply.kind == "answer" and len(reply.topics) == 1:
                name = reply.topics[0]
                return replace(
                    reply, text=self._phrases.lead.format(self._names.get(name, name), reply.text), kind="lead"
                )
        return reply

    def _ask(self, source: str, text: str, memory: Memory, *, said: str = "") -> Reply:
        """A question about the words. What was in mind before stays there."""
        return Reply(
            text,
            source,
            "ask",
            said=said,
            asked=memory.asked,
            offered=memory.offered,
            message=memory.message,
            flow=memory.flow,
            others=memory.others,
            rest=memory.rest,
        )
