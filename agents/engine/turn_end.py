"""Is the visitor's turn over? The rules, asked with what this call knows, and the deadline behind them."""

from dataclasses import replace
from typing import Any

from agents.brains import small_talk
from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.engine import turn_rules
from agents.engine.clocks import Holder
from agents.engine.expectation import YES_OR_NO, expected_now
from agents.engine.hearing import Ear
from agents.engine.segment import Segment
from agents.engine.transcript import Transcript
from agents.engine.turn_rules import End, Mind, VisitorTurn
from agents.speech.heard import Heard
from agents.speech.words import joined

_WORDLESS_S = 3.0  # after so much of it without a word, sound counts as silence


class TurnEnd:
    def __init__(self, transcript: Transcript, memory: Memory, settings: TalkSettings) -> None:
        self._transcript = transcript
        self._memory = memory
        self._settings = settings
        self._last: tuple[tuple[Any, ...], End] | None = None
        self._late: tuple[Segment, VisitorTurn, int] | None = None  # a turn that ended before its last words came

    def understood(self, segment: Segment) -> bool:
        """Are there words in it that are somebody's?"""
        if turn_rules.understood(segment.text, segment.speech_s):
            return True
        # "uh-huh" is an answer to a question
        memory = self._memory
        agreed = small_talk.yes_or_no(segment.text, memory.language)
        return expected_now(memory) == YES_OR_NO and agreed is not None

    def holder(self, ear: Ear, *, agent: bool) -> Holder:
        """Whose sound is this? Music, a machine, people far away are nobody: speech without a word for long."""
        if agent:
            return "agent"
        if ear.owes_words:
            return "unknown"
        segment = ear.segment
        if segment is None or (segment.judged_s > _WORDLESS_S and not self.understood(segment)):
            return "nobody"
        return "visitor"

    def over(
        self,
        segment: Segment,
        heard: Heard,
        silence_s: float,
        *,
        own_pauses: tuple[float, ...] = (),
        spoken_s: float = 0.0,
        mind: Mind = "",
    ) -> End | None:
        """Why the turn is over, if it is; `heard` are all its words, `spoken_s` the seconds they took without pauses.
        Never without the last of them."""
        if not segment.settled:
            return None
        end = self._end_of(heard, segment.heard.language or self._memory.language, own_pauses, spoken_s, mind)
        return end if silence_s >= end.wait_ms / 1000 - 1e-6 else None

    def overdue(self, segment: Segment, silence_s: float) -> End | None:
        """The same where the last words do not come: a turn is over then with those that are there."""
        if segment.settled or silence_s < self._settings.turn_deadline_s:
            return None
        return End("late", round(self._settings.turn_deadline_s * 1000), ("words_late",))

    def watch(self, segment: Segment, turn: VisitorTurn, index: int) -> None:
        """This turn is over, with or without its last words."""
        if not segment.settled:
            self._late = segment, turn, index

    async def complete(self) -> None:
        """Write down the last words of a turn that ended without them, when they are there."""
        if self._late and self._late[0].settled:
            segment, turn, index = self._late
            self._late = None
            whole = joined(turn.first.text if turn.first else "", segment.text)
            if whole != turn.text:
                await self._transcript.correct(index, replace(turn, text=whole))

    def _end_of(self, heard: Heard, language: str, own_pauses: tuple[float, ...], spoken_s: float, mind: Mind) -> End:
        """Asked for at every frame of a silence, so the last answer is kept."""
        expected = expected_now(self._memory)
        pauses, before = tuple(self._memory.pauses), tuple(self._memory.tempo)
        known = (heard.text, heard.asks, language, expected, pauses, before, own_pauses, spoken_s, mind)
        if self._last is None or self._last[0] != known:
            end = turn_rules.end_of_turn(
                heard.text,
                expected,
                pauses,
                self._settings,
                language,
                before=before,
                own_pauses=own_pauses,
                spoken_s=spoken_s,
                mind=mind,
                asks=heard.asks,
            )
            self._last = known, end
        return self._last[1]
