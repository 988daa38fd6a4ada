"""Who has the floor: the visitor's speech becomes turns, turns become answers, and what talks over an answer cuts it.

Is told everything in order by the conversation's one loop, so nothing here is decided twice.
"""

from dataclasses import replace
from typing import Any

from agents.brains import small_talk
from agents.brains.memory import Memory
from agents.brains.phrases import Phrases
from agents.brains.settings import TalkSettings
from agents.engine import turn_rules
from agents.engine.clocks import Clocks, Holder
from agents.engine.expectation import YES_OR_NO, expected_of
from agents.engine.hearing import Ear
from agents.engine.line import MUTED, ClipEnded, ClipStarted, Line
from agents.engine.notes import Ending
from agents.engine.replying import Replying
from agents.engine.segment import Segment
from agents.engine.speaking import Mouth, Utterance
from agents.engine.transcript import Transcript
from agents.engine.turn_rules import End, VisitorTurn
from agents.speech.providers.base import ProviderError
from agents.speech.sound import Pcm
from agents.speech.words import joined

_WORDLESS_S = 3.0  # after so much of it without a word, sound counts as silence
_ASIDES = frozenset({"silence", "muted", "not_heard"})  # what the agent says of the call itself


class TurnTaking:
    def __init__(
        self,
        seat: Line,
        ear: Ear,
        mouth: Mouth,
        replying: Replying,
        transcript: Transcript,
        memory: Memory,
        phrases: Phrases,
        settings: TalkSettings,
    ) -> None:
        self._seat = seat
        self._ear = ear
        self._mouth = mouth
        self._replying = replying
        self._transcript = transcript
        self._memory = memory
        self._phrases = phrases
        self._settings = settings
        self._turn: VisitorTurn | None = None  # is being answered; until the first sound of the answer
        self._kept: VisitorTurn | None = None  # was taken back by the visitor, while more of it is heard
        self._clocks = Clocks(memory, settings)
        self._end: tuple[tuple[Any, ...], End] | None = None
        self._late: tuple[Segment, VisitorTurn, int] | None = None  # a turn that ended before its last words came
        self._gap_from_s: float | None = None
        self._leaving: tuple[Ending, float] | None = None
        self.closing = False  # nothing the visitor says changes the end

    # ── The visitor's sound ──────────────────────────────────────────────────────────────────────────────────

    async def hear(self, pcm: Pcm, at_s: float) -> Ending | None:
        """A frame. The ending, once the last words were heard."""
        if self._leaving and at_s >= self._leaving[1]:
            return self._leaving[0]
        if not self.closing:
            self._ear.eager = self._mouth.sounding
            self._ear.frame(pcm, at_s)
            await self.consider(at_s)
            await self._watch_the_clocks()
        return None

    async def consider(self, at_s: float) -> None:
        """Whose turn is it, after what was just heard or transcribed?"""
        if self._late:
            await self._complete(*self._late)
        segment = self._ear.segment
        if segment is None or self.closing:
            return
        utterance = self._mouth.utterance
        if self._turn and segment.speech_s >= self._settings.resume_ms / 1000:
            await self._take_back()
        elif self._mouth.sounding and utterance and self._talks_over(segment, utterance):
            await self.cut()
        said = joined(self._kept.text if self._kept else "", segment.text)
        if not self._mouth.sounding and not self._turn and self._understood(segment):
            await self._transcript.hearing(said)
            if segment.settled and self._settings.preemptive:
                self._replying.preempt(said)
        silence_s = self._ear.silence_s(at_s) + 1e-6
        if segment.settled:
            # what is said over the agent's voice is no turn of its own, and is done with as soon as it can be
            end = turn_rules.end_of_overlap(self._settings) if self._mouth.sounding else self._end_of(said)
            if silence_s >= end.wait_ms / 1000:
                self._ear.take()
                await self._turn_over(segment, at_s, end.to_json())
        elif silence_s >= self._settings.turn_deadline_s:
            await self._end_without_its_last_words(segment, at_s)

    async def _end_without_its_last_words(self, segment: Segment, at_s: float) -> None:
        """The words are late. With some of them the turn is over; without any the visitor is told, once."""
        if self._understood(segment):
            self._ear.take()
            late = {"tier": "late", "wait_ms": round(self._settings.turn_deadline_s * 1000), "reasons": ["words_late"]}
            await self._turn_over(segment, at_s, late)
        elif not segment.asked_again and not self._mouth.utterance and not self._turn:
            segment.asked_again = True
            self._replying.say(Utterance(self._phrases.not_heard, "not_heard"))

    async def _complete(self, segment: Segment, turn: VisitorTurn, index: int) -> None:
        """The last words of a turn that is over are there: write them down."""
        if segment.settled:
            self._late = None
            whole = joined(turn.before, segment.text)
            if whole != turn.text:
                await self._transcript.correct(index, replace(turn, text=whole))

    def _understood(self, segment: Segment) -> bool:
        if turn_rules.understood(segment.text, segment.speech_s):
            return True
        # "uh-huh" is an answer to a question
        return bool(self._memory.asked or self._memory.offered) and small_talk.yes_or_no(segment.text) is not None

    def _talks_over(self, segment: Segment, utterance: Utterance) -> bool:
        over_it_s = segment.voice_until_s - (utterance.started_s or 0.0)
        run_s = min(segment.longest_run_s, over_it_s)
        if utterance.uninterruptible or not turn_rules.interrupts(
            run_s, segment.text, segment.speech_s, self._settings
        ):
            return False
        return not (utterance.then and small_talk.kind(segment.text) in ("goodbye", "thanks"))  # both say goodbye

    def _end_of(self, said: str) -> End:
        """How long to wait after these words. Asked for at every frame of a silence, so the last answer is kept."""
        memory = self._memory
        known = (said, memory.last_said, tuple(memory.pauses))
        if self._end is None or self._end[0] != known:
            expected = YES_OR_NO if memory.asked or memory.offered else expected_of(memory.last_said)
            self._end = known, turn_rules.end_of_turn(said, expected, memory.pauses, self._settings)
        return self._end[1]

    async def _turn_over(self, segment: Segment, at_s: float, end: dict[str, Any]) -> None:
        kept, self._kept = self._kept, None
        if not self._understood(segment):
            self._ignored(segment, "no_words")
            await self._transcript.forget(kept.text if kept else "")
            if kept:
                self._reply_to(kept)
            return
        utterance = self._mouth.utterance
        timings = {"end_of_speech": _ms(at_s - segment.voice_until_s), "hearing": round(segment.took_ms, 1)}
        turn = replace(_turn(kept, segment, timings), decision={"end": end})
        self._memory.learn_tempo(segment.pauses)
        if utterance and utterance.source == "not_heard":  # here are the words after all
            await self.cut()
            utterance = None
        if utterance and (self._mouth.sounding or utterance.uninterruptible or utterance.source == "greeting"):
            if not utterance.then:
                self._ignored(segment, "agent_speaking")
                return
            await self._transcript.heard(turn)  # a goodbye over our goodbye: noted, and left at that
            self._transcript.settle()
            return
        if utterance:  # a silence prompt that has not begun to sound
            await self._replying.stop()
        index = await self._transcript.heard(turn)
        if not segment.settled:
            self._late = segment, turn, index
        self._reply_to(turn)

    def _ignored(self, segment: Segment, reason: str) -> None:
        self._transcript.event("sound_ignored", reason=reason, speech_s=round(segment.speech_s, 2))

    def _reply_to(self, turn: VisitorTurn) -> None:
        self._clocks.alive()
        self._turn = turn
        self._leaving = None
        self._replying.answer(turn)

    async def read(self, text: str) -> None:
        """The visitor typed: a turn without sound."""
        utterance = self._mouth.utterance
        if self.closing or not text.strip() or (utterance and utterance.uninterruptible):
            return
        if self._turn:
            await self._take_back()
        elif utterance:
            await self.cut()
        kept, self._kept = self._kept, None
        now_s = self._seat.now_s()
        turn = VisitorTurn(joined(kept.text if kept else "", text), kept.started_s if kept else now_s, now_s, {})
        await self._transcript.heard(turn)
        self._reply_to(turn)

    async def _take_back(self) -> None:
        """The visitor goes on before the agent's first sound: it is still the same turn."""
        self._kept, self._turn = self._turn, None
        await self._replying.stop()
        await self._transcript.show("listening")

    async def cut(self) -> None:
        """Fall silent, and keep what was heard."""
        utterance = await self._replying.stop()
        if utterance:
            await self._over(utterance)
        self._clocks.sounded()
        await self._transcript.show("listening")

    # ── The agent's sound ────────────────────────────────────────────────────────────────────────────────────

    async def sounds(self, event: ClipStarted) -> None:
        """A clause begins to be heard."""
        if not self._mouth.started(event):
            return
        utterance = self._mouth.utterance
        assert utterance is not None
        if len(utterance.begun) == 1:
            self._transcript.settle()
            self._turn = None
            if utterance.reply:
                utterance.reply.remember(self._memory)
            if utterance.source not in _ASIDES:
                self._memory.last_said = utterance.text
            self._memory.greeted = self._memory.greeted or utterance.source == "greeting"
            await self._transcript.show("speaking")
        await self._transcript.saying(utterance)

    async def sounded(self, event: ClipEnded) -> None:
        """A clause was heard to its end."""
        utterance = self._mouth.finished(event)
        if utterance is None:
            return
        self._clocks.sounded()
        await self._over(utterance)
        if utterance.then:
            self._leaving = (utterance.then, event.at_s + self._settings.linger_s)
        await self._transcript.show("listening")

    async def _over(self, utterance: Utterance) -> None:
        await self._transcript.said(utterance)
        self._transcript.state()

    # ── Clocks and ends ──────────────────────────────────────────────────────────────────────────────────────

    def alive(self) -> None:
        """The visitor did something that is no turn."""
        self._clocks.alive()

    async def mute(self, on: bool, reason: str) -> None:
        """The visitor cannot be heard from now on, or can be again: nobody is asked then whether they are there."""
        self._clocks.mute(on, reason)
        utterance = self._mouth.utterance
        if on and utterance and utterance.source == "silence":
            await self.cut()

    async def _watch_the_clocks(self) -> None:
        """Once a frame: has it been silent for long, has the call lasted too long? Without frames they stand still."""
        phrases, unheard = self._phrases, self._memory.unheard
        match self._clocks.tick(self._holder()):
            case "time_limit":
                await self._say_last(phrases.time_limit, "time_limit", Ending("time_limit"))
            case "muted":
                text = phrases.muted_goodbye if unheard == [MUTED] else phrases.microphone_goodbye
                self._replying.say(Utterance(text, "muted", then=Ending("silence")))
            case "goodbye":
                self._replying.say(Utterance(phrases.silence_goodbye, "silence", then=Ending("silence")))
            case "ask":
                prompts = phrases.silence
                prompt = prompts[min(self._memory.unanswered, len(prompts)) - 1]
                self._replying.say(Utterance(prompt, "silence"))

    def _holder(self) -> Holder:
        """Whose sound is this? Music, a machine, people far away are nobody: speech without a word for long."""
        if self._mouth.utterance or self._turn or self._leaving:
            return "agent"
        if self._ear.owes_words:
            return "unknown"
        segment = self._ear.segment
        if segment is None or (segment.judged_s > _WORDLESS_S and not self._understood(segment)):
            return "nobody"
        return "visitor"

    async def _say_last(self, text: str, source: str, ending: Ending) -> None:
        """Stop whatever goes on, say this, and end. Nobody can talk over it."""
        self.closing = True
        self._turn = self._kept = None
        await self.cut()
        self._replying.say(Utterance(text, source, uninterruptible=True, then=ending))

    async def fail(self, part: str, error: ProviderError) -> Ending | None:
        """An engine failed for good: say sorry, if there is a voice to say it with. The ending where there is none."""
        failed = Ending("failed", "AGENT_FAILURE")
        self._transcript.event("provider_failed", part=part, permanent=error.permanent)
        if part == "voice":
            return failed
        if not self.closing:
            await self._say_last(self._phrases.failure, "failure", failed)
        return None

    def stand_still(self, began: bool) -> None:
        """The visitor's connection was lost, or is back: nothing was said in between."""
        now_s = self._seat.now_s()
        if began:
            self._gap_from_s = now_s
        elif self._gap_from_s is not None:
            self._ear.skip(now_s - self._gap_from_s)
            self._gap_from_s = None

    async def close(self, within_s: float) -> None:
        """Leave nothing open: each side's last turn as far as it was heard. Raises ProviderError."""
        if self._mouth.utterance:
            utterance = await self._mouth.silence()
            if utterance:
                await self._transcript.said(utterance)
        segment = None if self.closing else await self._ear.finish(within_s)
        if segment and turn_rules.understood(segment.text, segment.speech_s):
            await self._transcript.heard(_turn(self._kept, segment, {}))


def _turn(kept: VisitorTurn | None, segment: Segment, timings: dict[str, float]) -> VisitorTurn:
    """What was said now, joined to what was said before it."""
    before = kept.text if kept else ""
    started_s = kept.started_s if kept else segment.started_s
    text = joined(before, segment.text)
    return VisitorTurn(text, round(started_s, 3), round(segment.voice_until_s, 3), timings, before)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
