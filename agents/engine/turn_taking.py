"""Who has the floor: the visitor's speech becomes turns, turns become answers, and what goes over one may stop it.

Is told everything in order by the conversation's one loop, so nothing here is decided twice.
"""

from agents.brains.memory import Memory
from agents.brains.phrases import phrases
from agents.brains.settings import TalkSettings
from agents.engine import overlap_rules, tempo, turn_rules
from agents.engine.attendance import ASIDES, Attendance
from agents.engine.hearing import Ear
from agents.engine.joining import Joining
from agents.engine.keypad import Keypad
from agents.engine.line import ClipEnded, ClipStarted, Line
from agents.engine.notes import Ending
from agents.engine.overlap import Overlap
from agents.engine.replying import Replying
from agents.engine.segment import Segment
from agents.engine.speaking import Mouth, Utterance
from agents.engine.transcript import Transcript
from agents.engine.turn_end import TurnEnd
from agents.engine.turn_rules import End, VisitorTurn
from agents.speech.providers.base import ProviderError
from agents.speech.sound import Pcm


class TurnTaking:
    def __init__(
        self,
        seat: Line,
        ear: Ear,
        mouth: Mouth,
        replying: Replying,
        transcript: Transcript,
        memory: Memory,
        settings: TalkSettings,
    ) -> None:
        self._seat = seat
        self._ear = ear
        self._mouth = mouth
        self._replying = replying
        self._transcript = transcript
        self._memory = memory
        self._settings = settings
        self._joining = Joining(memory, settings)
        self._overlap = Overlap(mouth, self._joining, memory, settings)
        self._attendance = Attendance(replying, memory, settings)
        self._turn: VisitorTurn | None = None  # is being answered; until the first sound of the answer
        self._index = -1  # its number
        self._keypad = Keypad()
        self._turn_end = TurnEnd(transcript, memory, settings)
        self._leaving: tuple[Ending, float] | None = None
        self._waiting: list[tuple[str, str]] = []  # typed, and read once nobody may be talked over: words, id
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
            if typed := self._keypad.waited(at_s):
                await self.read(typed)
            agent = bool(self._mouth.utterance or self._turn or self._leaving)
            if last := self._attendance.tick(self._turn_end.holder(self._ear, agent=agent)):
                await self._say_last(last)
        return None

    async def consider(self, at_s: float) -> None:
        """Whose turn is it, after what was just heard or transcribed?"""
        await self._turn_end.complete()
        segment = self._ear.segment
        if segment is None or self.closing:
            return
        if self._turn and segment.speech_s >= self._settings.resume_ms / 1000 and self._overlap.is_near(segment):
            await self._take_back()
        elif self._overlap.goes_over(segment) and await self._over_the_voice(segment, at_s):
            return
        silence_s = self._ear.silence_s(at_s)
        if not self._mouth.sounding and (nobody := self._overlap.left_over(segment, silence_s)):
            self._ear.take()
            await self._pass_over(segment, nobody)
            return
        heard = self._joining.heard(segment)
        said = heard.text
        if not self._mouth.sounding and not self._turn and self._turn_end.understood(segment):
            await self._transcript.hearing(said)
            if segment.settled and self._settings.preemptive:
                self._replying.preempt(heard, self._joining.alone(segment))
        mind = self._replying.mind(heard, self._joining.alone(segment))
        pauses, spoken_s = self._joining.pauses(segment), self._joining.spoken_s(segment)
        if end := self._turn_end.over(segment, heard, silence_s, own_pauses=pauses, spoken_s=spoken_s, mind=mind):
            await self._turn_over(segment, at_s, end)
        elif end := self._turn_end.overdue(segment, silence_s):
            await self._overdue(segment, at_s, end)

    async def _over_the_voice(self, segment: Segment, at_s: float) -> bool:
        """Somebody talks over the agent. True: that is all there is to it."""
        utterance = self._mouth.utterance
        assert utterance is not None
        verdict = await self._overlap.consider(segment, utterance, at_s)
        if verdict.do == "stop":
            await self._let_in(segment, utterance, verdict)
            return False
        if self._overlap.is_done(segment, verdict, self._ear.silence_s(at_s)):
            self._ear.take()
            if utterance.then and self._turn_end.understood(segment):  # goodbye over ours: written down, no more
                await self._transcript.heard(self._joining.turn(segment, {}, {}))
                self._transcript.settle()
            else:
                self._ignored(segment, verdict.reasons[0] if verdict.reasons else "agent_speaking")
        return True

    async def _let_in(self, segment: Segment, utterance: Utterance, verdict: overlap_rules.Verdict) -> None:
        """The agent stops for the visitor: for more of the turn that it had begun to answer, or for another one."""
        answered = None if verdict.reasons == ("answer",) else self._joining.continues(segment, utterance)
        await self.cut()
        if answered:
            self._joining.go_on(answered, segment)
            self._transcript.reopen(answered.index, answered.turn)
            return
        segment.stopped_voice = True
        self._memory.barge_ins += 1
        if utterance.source not in ASIDES and not utterance.then:
            self._memory.unsaid, self._memory.unsaid_source = utterance.unsaid, utterance.source

    async def _overdue(self, segment: Segment, at_s: float, end: End) -> None:
        """The words are late. With some of them the turn is over; without any the visitor is told, once."""
        if self._turn_end.understood(segment):
            await self._turn_over(segment, at_s, end)
        elif not segment.asked_again and not self._mouth.utterance and not self._turn:
            segment.asked_again = True
            self._replying.say(Utterance(phrases(self._memory.language).not_heard, "not_heard"))

    async def _turn_over(self, segment: Segment, at_s: float, end: End) -> None:
        self._ear.take()
        softer = segment.over_voice and not self._overlap.is_near(segment)  # a voice in the background
        if softer or not self._turn_end.understood(segment):
            await self._pass_over(segment, "softer" if softer else "no_words")
            return
        timings = {
            "end_of_speech": round((at_s - segment.voice_until_s) * 1000, 1),
            "hearing": round(segment.took_ms, 1),
        }
        turn = self._joining.turn(segment, timings, {"end": end.to_json()})
        went_on_after_s = [turn.piece_from_s - turn.first.ended_s] if turn.first and not turn.may_split else []
        self._memory.learn_pauses([*went_on_after_s, *segment.pauses])
        if told := tempo.told(turn.pauses, turn.spoken_s):
            self._memory.learn_tempo(
                told, again=bool(turn.first and tempo.told(turn.first.pauses, turn.first.spoken_s))
            )
        self._memory.learn_level(segment.level_dbfs)
        utterance = self._mouth.utterance
        if utterance and (utterance.uninterruptible or utterance.source == "greeting"):  # it is about to sound
            self._index = await self._transcript.heard(turn)
            self._joining.take_back(turn)  # answered when the opening is over
            return
        if utterance:  # it has not begun to sound, or here are the words after all that did not come
            await self.cut()
        index = await self._transcript.heard(turn)
        self._turn_end.watch(segment, turn, index)
        if self._memory.unsaid and overlap_rules.asks_to_go_on(turn.text, turn.language or self._memory.language):
            self._transcript.settle()
            self._say_the_rest()
            return
        self._reply_to(turn, index)

    async def _pass_over(self, segment: Segment, reason: str) -> None:
        """It was nobody's turn: whatever it has kept back is due."""
        self._ignored(segment, reason)
        kept = self._joining.drop()
        await self._transcript.forget(kept.text if kept else "")
        if kept:
            self._reply_to(kept, self._index)
        elif segment.stopped_voice and self._memory.unsaid:  # the agent was stopped, and nothing was said
            self._say_the_rest()

    def _ignored(self, segment: Segment, reason: str) -> None:
        self._transcript.event("sound_ignored", reason=reason, speech_s=round(segment.speech_s, 2))

    def _reply_to(self, turn: VisitorTurn, index: int) -> None:
        self._attendance.alive()
        self._turn, self._index = turn, index
        self._leaving = None
        self._replying.answer(turn, apart=self._set_apart)

    async def _set_apart(self, turn: VisitorTurn) -> None:
        """What was taken for more of a turn stands alone: the turn before keeps its answer."""
        self._turn = turn.apart()
        self._index = await self._transcript.split(turn)

    def _say_the_rest(self) -> None:
        """Go on with an answer that was stopped, at the clause in which it was."""
        rest, self._memory.unsaid = self._memory.unsaid, ""
        self._attendance.alive()
        self._replying.say(Utterance(rest, self._memory.unsaid_source))

    async def read(self, text: str, *, patient: bool = False, id: str = "") -> None:
        """The visitor typed: a turn without sound. One that is patient waits for the end of the greeting, and all of
        them for the end of what nobody may talk over."""
        utterance = self._mouth.utterance
        if self.closing or not text.strip():
            return
        if (patient and (utterance or not self._memory.greeted)) or (utterance and utterance.uninterruptible):
            self._waiting.append((text, id))  # few: a line takes 30 a minute
            return
        if self._turn:
            await self._take_back()
        elif utterance:
            await self.cut()
        turn, apart = self._joining.typed(text, self._seat.now_s())
        if apart:
            self._transcript.settle()
        if id:
            turn.decision["typed"] = id
        self._reply_to(turn, await self._transcript.heard(turn))

    async def _take_back(self) -> None:
        """The visitor goes on before the agent's first sound: it is still the same turn."""
        if self._turn:
            self._joining.take_back(self._turn)
        self._turn = None
        await self._replying.stop()
        await self._transcript.show("listening")

    async def cut(self) -> None:
        """Fall silent, and keep what was heard."""
        utterance = await self._replying.stop()
        if utterance:
            await self._over(utterance)
        self._attendance.sounded()
        await self._transcript.show("listening")

    # ── The agent's sound ────────────────────────────────────────────────────────────────────────────────────

    async def sounds(self, event: ClipStarted) -> None:
        """A clause begins to be heard."""
        if not self._mouth.started(event):
            return
        utterance = self._mouth.utterance
        assert utterance is not None
        if len(utterance.begun) == 1:
            self._begin(utterance)
            await self._transcript.show("speaking")
        links = utterance.reply.shows[utterance.shown :] if utterance.reply else ()  # they grow with the reply
        utterance.shown += len(links)
        for link in links:
            await self._transcript.show_link(link)
        await self._transcript.saying(utterance)

    def _begin(self, utterance: Utterance) -> None:
        memory = self._memory
        if utterance.reply and self._turn:
            self._joining.answer_begins(self._turn, self._index, utterance)
        self._transcript.settle()
        self._turn = None
        self._replying.keep(utterance)
        if utterance.source not in ASIDES:
            memory.last_said = utterance.text
        memory.greeted = memory.greeted or utterance.source == "greeting"

    async def sounded(self, event: ClipEnded) -> None:
        """A clause was heard to its end."""
        utterance = self._mouth.finished(event)
        if utterance is None:
            return
        self._attendance.sounded()
        await self._over(utterance)
        if utterance.then:
            self._leaving = (utterance.then, event.at_s + self._settings.linger_s)
        await self._transcript.show("listening")
        if utterance.ends_opening and self._ear.segment is None and (waiting := self._joining.drop()):
            self._reply_to(waiting, self._index)
        elif self._waiting and self._memory.greeted and self._ear.segment is None:
            typed, self._waiting = self._waiting, []
            for text, id in typed:
                await self.read(text, id=id)

    async def _over(self, utterance: Utterance) -> None:
        await self._transcript.said(utterance)
        self._transcript.state()

    # ── Clocks and ends ──────────────────────────────────────────────────────────────────────────────────────

    async def press(self, key: str) -> None:
        """A key of the keypad: part of an answer where digits are asked for, elsewhere a sign of life."""
        self._attendance.alive()
        if self._memory.awaits_digits and (typed := self._keypad.press(key, self._seat.now_s())):
            await self.read(typed)

    async def mute(self, on: bool, reason: str) -> None:
        """The visitor cannot be heard from now on, or can be again: nobody is asked then whether they are there."""
        self._attendance.mute(on, reason)
        utterance = self._mouth.utterance
        if on and utterance and utterance.source == "silence":
            await self.cut()

    async def _say_last(self, utterance: Utterance) -> None:
        """Stop whatever goes on, say this, and end. Nobody can talk over it."""
        self.closing = True
        self._turn = None
        self._joining.drop()
        await self.cut()
        self._replying.say(utterance)

    async def fail(self, part: str, error: ProviderError) -> Ending | None:
        """An engine failed for good: say sorry, if there is a voice to say it with. The ending where there is none."""
        failed = Ending("failed", "AGENT_FAILURE")
        self._transcript.event("provider_failed", part=part, permanent=error.permanent)
        if part == "voice":
            return failed
        if not self.closing:
            await self._say_last(
                Utterance(phrases(self._memory.language).failure, "failure", uninterruptible=True, then=failed)
            )
        return None

    async def close(self, within_s: float) -> None:
        """Leave nothing open: each side's last turn as far as it was heard. Raises ProviderError."""
        if self._mouth.utterance:
            utterance = await self._mouth.silence()
            if utterance:
                await self._transcript.said(utterance)
        segment = None if self.closing else await self._ear.finish(within_s)
        if segment and turn_rules.understood(segment.text, segment.speech_s):
            await self._transcript.heard(self._joining.turn(segment, {}, {}))
