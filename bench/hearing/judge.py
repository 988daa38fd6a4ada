"""What becomes of heard words in the agent's mind: a right answer, a wrong one, a question back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agents.brains.asking_again import AskingAgain
from agents.brains.base import SAID_BACK, SAY_AGAIN, Reply, Turn, whole
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot
from agents.brains.topics import TopicsBrain
from agents.speech.heard import Heard
from bench.exam.data import Business
from bench.speech import word_errors


@dataclass(frozen=True, slots=True)
class Result:
    """Of one mix: how it ended, and how it would have ended if nothing had been doubted."""

    outcome: str  # "right", "wrong", "asked which", "not known", "asked"
    undoubted: str
    errors: int
    words: int

    @property
    def is_needless(self) -> bool:
        return self.outcome == "asked" and self.undoubted == "right"

    @property
    def is_saved(self) -> bool:
        return self.outcome == "asked" and self.undoubted == "wrong"


class Judge:
    """Minds of businesses, made once."""

    def __init__(self, meaning: Any) -> None:
        self._meaning = meaning
        self._brains: dict[str, TopicsBrain] = {}

    def _brain(self, business: Business) -> TopicsBrain:
        if business.key not in self._brains:
            snapshot = AgentSnapshot("Robin", "", "", "", business.language, business.topics, ())
            self._brains[business.key] = TopicsBrain(
                snapshot, self._meaning, variant={}, language=business.language, settings=TalkSettings(), shared=False
            )
        return self._brains[business.key]

    async def judge(self, business: Business, text: str, heard: Heard, wanted: Sequence[str], least: float) -> Result:
        """`least`: how sure a word has to be to carry an answer; 0 doubts nothing."""
        brain = self._brain(business)
        plain = _ended(await whole(brain, Turn(heard.text), Memory()), wanted) if heard else "not known"
        ended = plain
        if heard and least:
            careful = AskingAgain(brain, language="en", names={}, least=least)
            ended = _ended(await whole(careful, Turn(heard.text, heard.sure), Memory()), wanted)
        said = len(text.split())
        return Result(ended, plain, min(word_errors(text, heard.text), said), said)


def _ended(reply: Reply, wanted: Sequence[str]) -> str:
    if reply.source in (SAID_BACK, SAY_AGAIN):
        return "asked"
    if reply.kind in ("answer", "lead") and reply.topics:
        return "right" if set(wanted) & set(reply.topics) else "wrong"
    if reply.kind == "ask":
        return "asked which"
    return "wrong" if reply.kind == "goodbye" else "not known"


def shares(results: Sequence[Result]) -> dict[str, float]:
    """In percent: each outcome, questions that saved a wrong answer or were needless, and words wrong."""
    count = Counter(result.outcome for result in results)
    found = {name: 100 * count[name] / len(results) for name in ("right", "wrong", "asked which", "asked", "not known")}
    found["saved"] = 100 * sum(result.is_saved for result in results) / len(results)
    found["needless"] = 100 * sum(result.is_needless for result in results) / len(results)
    found["word errors"] = 100 * sum(result.errors for result in results) / sum(result.words for result in results)
    return found
