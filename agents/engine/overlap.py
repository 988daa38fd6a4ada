"""Somebody talks over the agent: its voice is held, and goes on or stops when it is known what the sound was.

`overlap_rules` decides; this looks at call and settings for it, holds the voice, lets it go on, and keeps the reasons.
"""

import math

from agents.brains.memory import Memory
from agents.brains.settings import TalkSettings
from agents.engine.expectation import YES_OR_NO, Expected, expected_of
from agents.engine.joining import UNHEARD_S, Joining
from agents.engine.overlap_rules import AGAIN_S, NEAR_DB, QUIET_S, Sound, Verdict, Voice, is_echo, judge
from agents.engine.segment import Segment
from agents.engine.speaking import Mouth, Utterance
from agents.engine.turn_rules import waits_ms

KEPT = 8  # overlaps of one utterance that are kept with its turn; of more, the latest
_NEVER_MS = 60_000  # manner.UNTIL_THE_END_MS: whoever asks for so much speech wants to be heard to the end


class Overlap:
    def __init__(self, mouth: Mouth, joining: Joining, memory: Memory, settings: TalkSettings) -> None:
        self._mouth = mouth
        self._joining = joining
        self._memory = memory
        self._settings = settings

    def goes_over(self, segment: Segment) -> bool:
        """Is any of this speech over the agent's voice?"""
        utterance = self._mouth.utterance
        return utterance is not None and utterance.started_s is not None and segment.voice_until_s > utterance.started_s

    async def consider(self, segment: Segment, utterance: Utterance, at_s: float) -> Verdict:
        """Hold the voice, let it go on, or leave it; "stop" is for the caller to do."""
        segment.over_voice = True
        sound, voice = self._sound(segment, utterance, at_s), self._voice(segment, utterance)
        verdict = judge(sound, voice)
        if verdict.do == "hold":
            await self._mouth.hold(at_s)
        elif verdict.do == "go_on":
            segment.dismissed = True
            self._keep(segment, utterance, verdict, at_s)
            await self._mouth.go_on(clause_again=sound.held_s > AGAIN_S)
        elif verdict.do == "stop":
            self._keep(segment, utterance, verdict, at_s)
        return verdict

    def is_done(self, segment: Segment, verdict: Verdict, silence_s: float) -> bool:
        """Is this sound over, and nothing more to be made of it?"""
        over_s = QUIET_S if verdict.do == "go_on" else waits_ms(self._settings.end_of_turn_ms)[0] / 1000
        return segment.settled and silence_s >= over_s - 1e-6

    def left_over(self, segment: Segment, silence_s: float) -> str:
        """Why a sound over the voice that has outlasted it is nobody's turn; "" where it may be one.

        Told as soon as it has ended: what the visitor says next must not be taken for more of it.
        """
        if not segment.over_voice or segment.stopped_voice or silence_s < QUIET_S - 1e-6:
            return ""
        if not self.is_near(segment):
            return "softer"
        return "own_words" if segment.settled and is_echo(segment.text, self._memory.last_said) else ""

    def is_near(self, segment: Segment) -> bool:
        """Is this as loud as the visitor is?"""
        own_db = self._own_db(segment)
        return own_db is None or own_db >= -NEAR_DB

    def _own_db(self, segment: Segment) -> float | None:
        own_dbfs = self._memory.own_level_dbfs
        return None if own_dbfs is None else segment.level_dbfs - own_dbfs

    def expected(self, utterance: Utterance) -> Expected:
        """What the agent has asked for in what was heard of this utterance."""
        reply = utterance.reply
        if reply and (reply.asked or reply.offered or reply.offered_language):
            return YES_OR_NO
        return expected_of(" ".join(utterance.begun), utterance.language or self._memory.language)

    def _sound(self, segment: Segment, utterance: Utterance, at_s: float) -> Sound:
        return Sound(
            speech_s=min(segment.speech_s, segment.voice_until_s - (utterance.started_s or 0.0)),
            quiet_s=at_s - segment.voice_until_s,
            text=segment.text,
            settled=segment.settled,
            certainty=segment.heard.certainty,
            judged_s=segment.judged_s,
            own_db=self._own_db(segment),
            held_s=0.0 if utterance.held_s is None else at_s - utterance.held_s,
            dismissed=segment.dismissed,
        )

    def _voice(self, segment: Segment, utterance: Utterance) -> Voice:
        answers = self._joining.continues(segment, utterance) is not None
        return Voice(
            text=" ".join(utterance.begun),
            expected=self.expected(utterance),
            is_goodbye=utterance.then is not None,
            is_held=utterance.held_s is not None,
            answers=answers,
            unheard=answers and segment.started_s - (utterance.started_s or 0.0) < UNHEARD_S,
            hold_after_s=self._hold_after_s(utterance),
            language=segment.heard.language or self._memory.language,
        )

    def _hold_after_s(self, utterance: Utterance) -> float:
        settings = self._settings
        if utterance.uninterruptible or settings.barge_in_ms >= _NEVER_MS:
            return math.inf
        if utterance.source == "greeting" and not settings.barge_in_greeting:
            return math.inf
        if 0 < settings.barge_ins_max <= self._memory.barge_ins:
            return math.inf
        return settings.barge_in_ms / 1000

    def _keep(self, segment: Segment, utterance: Utterance, verdict: Verdict, at_s: float) -> None:
        held_s = utterance.held_s
        utterance.overlaps.append(
            {
                **verdict.to_json(),
                "at_s": round(max(segment.started_s, utterance.started_s or 0.0), 2),
                "held_ms": 0 if held_s is None else round((at_s - held_s) * 1000),
                "text": segment.text,
            }
        )
        del utterance.overlaps[:-KEPT]
