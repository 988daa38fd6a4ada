"""The pieces of one turn: who goes on before the agent's first sound, or in its first moments, is answered once.

What was taken for the whole turn is kept, and the next piece is joined to it. It may turn out to stand alone: when the
first piece had got an answer with confidence, or is taken back by it ("no, I mean …").
"""

from dataclasses import dataclass
from typing import Any

from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.engine.line import WRITTEN_MOST
from agents.engine.overlap_rules import CONTINUES_S, takes_back
from agents.engine.segment import Segment
from agents.engine.speaking import Utterance
from agents.engine.turn_rules import VisitorTurn
from agents.speech.heard import Heard
from agents.speech.words import joined

UNHEARD_S = 0.7  # of an answer that nobody can have taken in: who speaks by then goes on, and asks nothing about it


@dataclass(frozen=True, slots=True)
class Answered:
    """A turn whose answer has begun to sound."""

    turn: VisitorTurn
    index: int
    utterance: Utterance
    before: dict[str, Any]  # what the answer changed in memory


class Joining:
    def __init__(self, memory: Memory, settings: TalkSettings) -> None:
        self._memory = memory
        self._settings = settings
        self._answered: Answered | None = None
        self._was_sure = False  # the kept piece had got an answer, with confidence
        self.kept: VisitorTurn | None = None

    def take_back(self, turn: VisitorTurn) -> None:
        """The visitor goes on before anything of the answer was heard."""
        self.kept = turn

    def answer_begins(self, turn: VisitorTurn, index: int, utterance: Utterance) -> None:
        """Call it before the answer changes memory."""
        self._answered = Answered(turn, index, utterance, self._memory.before_reply())

    def continues(self, segment: Segment, utterance: Utterance) -> Answered | None:
        """The turn that this speech belongs to, where it goes over the first moments of its answer."""
        answered, started_s = self._answered, utterance.started_s
        if answered is None or answered.utterance is not utterance or started_s is None:
            return None
        return answered if segment.started_s <= started_s + CONTINUES_S else None

    def go_on(self, answered: Answered, segment: Segment) -> None:
        """Its answer was cut by this speech: nothing of it counts as said."""
        self._memory.take_back(answered.before)
        self.kept = answered.turn
        reply = answered.utterance.reply
        self._was_sure = (
            reply is not None
            and segment.started_s - (answered.utterance.started_s or 0.0) >= UNHEARD_S
            and reply.kind in ("answer", "model")
            and (reply.score is None or reply.score >= self._settings.answer_score)
        )

    def heard(self, segment: Segment) -> Heard:
        """All words of the turn so far."""
        return self.kept.heard.joined(segment.heard) if self.kept else segment.heard

    def pauses(self, segment: Segment) -> tuple[float, ...]:
        """Seconds of silence within the turn so far."""
        kept = self.kept
        between = () if kept is None else (*kept.pauses, round(segment.started_s - kept.ended_s, 2))
        return (*between, *segment.pauses)

    def spoken_s(self, segment: Segment) -> float:
        """Seconds of the turn so far without its pauses."""
        began_s = self.kept.started_s if self.kept else segment.started_s
        return round(segment.voice_until_s - began_s - sum(self.pauses(segment)), 2)

    def alone(self, segment: Segment) -> Heard:
        """The words of this piece where they may be a turn of their own; else none."""
        language = segment.heard.language or self._memory.language
        may = self.kept is not None and (self._was_sure or takes_back(segment.text, language))
        return segment.heard if may else Heard()

    def drop(self) -> VisitorTurn | None:
        """Forget the kept piece, and hand it over."""
        kept, self.kept, self._was_sure = self.kept, None, False
        return kept

    def typed(self, text: str, now_s: float) -> tuple[VisitorTurn, bool]:
        """What was written now, joined to what was kept; True where that is full, and a turn apart. Each piece is told
        with all before it: without an end, ever more of it."""
        kept = self.drop()
        if kept and len(kept.text) + len(text) <= WRITTEN_MOST:
            return VisitorTurn(joined(kept.text, text), kept.started_s, now_s, {}), False
        return VisitorTurn(text, now_s, now_s, {}), kept is not None

    def _how(self, heard: Heard) -> dict[str, Any]:
        """How well it was heard, as plain JSON."""
        how: dict[str, Any] = {}
        if heard.sure:
            doubtful = heard.doubtful(self._settings.doubtful)
            how = {"certainty": round(heard.certainty, 2), "doubtful": list(doubtful)}
        return {**how, "changed": [list(pair) for pair in heard.changed]} if heard.changed else how

    def turn(self, segment: Segment, timings: dict[str, float], decision: dict[str, Any]) -> VisitorTurn:
        """What was said now, joined to what was kept."""
        started_s, ended_s = round(segment.started_s, 3), round(segment.voice_until_s, 3)
        heard, may_split = self.heard(segment), bool(self.alone(segment))
        pauses, kept = self.pauses(segment), self.drop()
        if heard.sure or heard.changed:
            decision = {**decision, "heard": self._how(heard)}
        if kept is None:
            return VisitorTurn(
                segment.text,
                started_s,
                ended_s,
                timings,
                decision,
                sure=heard.sure,
                above_db=heard.above_db,
                language=heard.language,
                pauses=pauses,
            )
        return VisitorTurn(
            heard.text,
            kept.started_s,
            ended_s,
            timings,
            {**decision, "joined": {"do": "join", "after_ms": round((started_s - kept.ended_s) * 1000)}},
            first=kept,
            may_split=may_split,
            piece=segment.text,
            piece_from_s=started_s,
            sure=heard.sure,
            piece_sure=segment.heard.sure,
            above_db=heard.above_db,
            language=segment.heard.language,
            pauses=pauses,
        )
