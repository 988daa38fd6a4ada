"""What is replied to what asks nothing: something is called off or moved, or somebody tells of themselves."""

from agents.brains import changes, statements
from agents.brains.answers import Answers
from agents.brains.base import Reply
from agents.brains.flows import questions
from agents.brains.flows.guide import Guide
from agents.brains.lookup import Found
from agents.brains.memory import Memory
from agents.brains.phrases import Phrases
from agents.brains.snapshot import AgentSnapshot
from agents.speech import inference


class StatementReplies:
    """One object a call. `snapshot`: with the flows among its topics."""

    def __init__(self, snapshot: AgentSnapshot, answers: Answers, guide: Guide, phrases: Phrases) -> None:
        self._topics, self._answers, self._guide, self._phrases = snapshot.topics, answers, guide, phrases

    async def reply(self, found: Found, memory: Memory) -> Reply | None:
        """None: it asks something, or is an example of the author's own."""
        if found.choice.way == "answer" and found.choice.score == 1.0:
            return None
        return await self._change(found, memory) or await self._told(found, memory)

    async def _change(self, found: Found, memory: Memory) -> Reply | None:
        """The topic or flow on changing and cancelling; where there is none, somebody is told."""
        if not changes.wanted(found.question):
            return None
        places = await inference.shared().run(lambda: changes.topics_about(self._topics))
        near = [place for place, _ in found.near if place in places] or places
        if near and (len(places) == 1 or near is not places):
            return await self._answers.of(near[0], memory, found=found)
        if near:
            return self._answers.ask(tuple(self._topics[place].name for place in near[:2]), None, found)
        is_known = found.choice.way != "unknown" and questions.of_any_form(found.question)
        return None if is_known else self._answers.unknown(found, memory, change=True)

    async def _told(self, found: Found, memory: Memory) -> Reply | None:
        """A reaction; or the topic on newcomers, where one speaks and there is such a topic."""
        told = statements.told(found.question)
        if not told:
            return None
        is_new = told == "new"
        places = await inference.shared().run(lambda: statements.on_newcomers(self._topics)) if is_new else []
        near = [place for place, _ in found.near if place in places] or places
        if near and not self._guide.is_flow(self._topics[near[0]].name):
            return await self._answers.of(near[0], memory, found=found)
        return Reply(self._phrases.told_new if is_new else self._phrases.told, "small_talk:told", "small_talk")
