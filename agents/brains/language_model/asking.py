"""What a model is asked: the facts it may use, what was said so far, and what its answer is held against."""

from collections.abc import Callable
from datetime import datetime

from agents.brains.base import Reply
from agents.brains.language_model import prompt
from agents.brains.language_model.answer import Answer
from agents.brains.language_model.figures import figures
from agents.brains.language_model.guardrails import Guard
from agents.brains.language_model.hands import RULES, Hands
from agents.brains.language_model.prompt import Fact
from agents.brains.language_model.thinking import Thinking
from agents.brains.memory import Memory
from agents.brains.snapshot import AgentSnapshot, legible, spoken


class Asking:
    """One object a conversation."""

    def __init__(
        self, with_: Thinking, snapshot: AgentSnapshot, variant: dict[str, str], now: Callable[[], datetime]
    ) -> None:
        self._with, self._snapshot, self._variant, self._now = with_, snapshot, variant, now

    def answer(self, text: str, facts: list[Fact], language: str, memory: Memory, hands: Hands | None) -> Answer:
        brief = self._with.brief
        told = prompt.instructions(brief, language, self._now(), RULES if hands else "")
        history = prompt.trimmed(_history(memory))
        given = [f"{fact.name} {fact.content}" for fact in facts]
        said = [part for pair in history for part in pair]
        allowed = figures([told, *given, *said, text], [str(value) for value in memory.page.values()])
        asked = prompt.messages(told, facts, memory.page, history, text)
        return Answer(
            self._with.model,
            asked,
            Guard(
                f"{prompt.ours(brief)} {RULES if hands else ''}",
                f"{brief.persona} {brief.rules}",
                allowed,
                done=memory.acted or hands is None,
            ),
            self._with.limits,
            written=brief.written,
            tools=hands.schemas if hands else None,
        )

    def facts(self, own: Reply, language: str, memory: Memory) -> tuple[list[Fact], int]:
        """The topics for the model, those that were looked up first, and how many of them those are."""
        snapshot = self._snapshot.in_language(language)
        topics = {topic.name: topic for topic in snapshot.topics}
        near = dict.fromkeys([*own.topics, *own.asked, *(name for name, _ in own.near), memory.spoken])
        first = [name for name in near if name in topics]
        found, passages = [], [Fact(one.leaf.source, one.whole) for one in own.passages]
        for name in [*first, *(name for name in topics if name not in near)]:
            topic = topics[name]
            if self._with.brief.written:
                content = legible(topic.written or topic.content, self._variant, memory.page)
            else:
                content = spoken(topic.content, self._variant, memory.page)
            found.append(Fact(name, content))
        found[len(first) : len(first)] = passages
        looked_up = len(first) + len(passages)
        return prompt.within(found, looked_up), looked_up


def _history(memory: Memory) -> list[tuple[str, str]]:
    """What was said so far, as far as it was heard."""
    history = [(theirs, ours) for theirs, ours in memory.history]
    if not history and memory.last_said:
        return [("", memory.last_said)]
    if history and memory.unsaid and history[-1][1].endswith(memory.unsaid):
        heard = history[-1][1].removesuffix(memory.unsaid).strip()
        history[-1] = (history[-1][0], f"{heard} –".strip())
    return history
