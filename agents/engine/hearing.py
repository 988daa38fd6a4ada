"""From sound to words: what the gate calls speech is cut into segments, and the words of a segment are transcribed.

Nothing is transcribed that the gate did not open for. A segment is transcribed several times: now and then while it
grows, for captions and interruptions, and once more after a short silence, so that the final words are there when the
turn is over. The final words go first: whatever else is being transcribed then is given up.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import replace
from typing import Any

from agents.brains.settings import TalkSettings
from agents.engine import overload
from agents.engine.attempt import Attempt
from agents.engine.segment import Segment
from agents.speech import inference
from agents.speech.heard import Heard
from agents.speech.providers.base import Hearing, ProviderError, VoiceActivity, partial_every_s, tried_twice
from agents.speech.sound import FRAME_S, HEARD_HZ, Pcm, power, power_dbfs
from agents.speech.vocabulary import Vocabulary

_EAGER_S = 0.3  # between two attempts while somebody talks over the agent …
_EAGER_FROM_S = 0.5  # … and the speech before the first: earlier words are worthless
_EAGER_SILENCE_S = 0.12  # and the silence after which the last words are transcribed then
_GROWTH = 0.1  # a long segment is transcribed less often: after it grew by this share
_REST = 2.0  # and so is one whose words take long: captions take at most half of the time
_FORGETS = 0.04  # share of a frame in what is known of the background: half of it is half a second old
_TAIL_S = 0.3  # silence kept of a pause …
_SHORT_TAIL_S = 0.1  # … and on a busy machine


class Ear:
    """The hearing of one call. Takes every frame; makes words out in tasks that `start` owns."""

    def __init__(
        self,
        activity: VoiceActivity,
        hearing: Hearing,
        *,
        language: Callable[[], str],
        settings: TalkSettings,
        start: Callable[[Coroutine[Any, Any, None]], "asyncio.Task[None]"],
        changed: Callable[[], Coroutine[Any, Any, None]],
        failed: Callable[[ProviderError], Coroutine[Any, Any, None]],
        now_s: Callable[[], float],
        degraded: Callable[[int, float], None] = lambda level, late_s: None,
        vocabulary: Vocabulary | None = None,
        who: Hashable = None,
    ) -> None:
        """`language`: the one that is spoken now. `vocabulary`: the words that callers use. `degraded` is told the
        level of `overload` and the lateness that led to it, whenever the level changes."""
        self._activity = activity
        self._hearing = hearing
        self._language = language
        self._settings = settings
        self._start = start
        self._changed = changed
        self._failed = failed
        self._now_s = now_s
        self._degraded = degraded
        self._vocabulary = vocabulary
        self._who = who
        self._before: deque[Pcm] = deque(maxlen=max(1, round(settings.pre_roll_ms / 1000 / FRAME_S)))
        self._attempt: Attempt | None = None
        self._since_window_s = 0.0
        self._background = 0.0  # mean square of the sound without speech, of late
        self._gap_from_s: float | None = None
        self.level = overload.EVERYTHING
        self.speaking = False  # is there speech right now?
        self.segment: Segment | None = None
        self.eager = False  # the agent is speaking: transcribe as soon as somebody talks over it

    @property
    def owes_words(self) -> bool:
        """Is something being transcribed, or due to be? What the visitor does meanwhile is not known yet."""
        return self._attempt is not None or (self.segment is not None and self._final_due(self.segment, self._now_s()))

    def frame(self, pcm: Pcm, at_s: float) -> None:
        """Take 20 ms of sound that ended at `at_s`."""
        probability = self._activity.speech(pcm)
        self._since_window_s += FRAME_S
        if probability is not None:
            self._gate(probability, at_s)
            self._since_window_s = 0.0
        segment = self.segment
        if segment and self.speaking:
            segment.measure(pcm)
        if segment is None:
            self._background += (power(pcm) - self._background) * _FORGETS
        if segment is None or at_s - segment.voice_until_s > self._tail_s + 1e-6:
            self._before.append(pcm)
        else:
            segment.add([pcm])
            segment.cut_at(self._settings.segment_max_s)
        self.listen(at_s)

    def _gate(self, probability: float, at_s: float) -> None:
        self.speaking = probability >= (self._settings.gate_close if self.speaking else self._settings.gate_open)
        if not self.speaking:
            if self.segment:
                self.segment.run_s = 0.0
            return
        if self.segment is None:
            began_s = max(0.0, at_s - self._since_window_s)
            self.segment = Segment(began_s, at_s, tried_s=at_s, background_dbfs=power_dbfs(self._background))
        self.segment.add(self._before)
        self._before.clear()
        self.segment.speak(at_s, self._since_window_s)

    @property
    def _tail_s(self) -> float:
        return _TAIL_S if self.level < overload.SHORT_TAIL else _SHORT_TAIL_S

    def silence_s(self, at_s: float) -> float:
        """How long the visitor has been silent within the open segment."""
        return at_s - self.segment.voice_until_s if self.segment else 0.0

    def take(self) -> Segment | None:
        """Close the segment and hand it over. Words of it that are still being transcribed are added to it later."""
        segment, self.segment = self.segment, None
        if self._attempt and self._attempt.segment is segment:
            self._attempt = None
        return segment

    def stand_still(self, began: bool) -> None:
        """The visitor's connection was lost, or is back: nothing was said in between."""
        if began:
            self._gap_from_s = self._now_s()
        elif self._gap_from_s is not None:
            if self.segment:
                self.segment.skip(self._now_s() - self._gap_from_s)
            self._gap_from_s = None

    # ── Words ────────────────────────────────────────────────────────────────────────────────────────────────

    def listen(self, at_s: float) -> None:
        """Transcribe the open segment, if it is time to."""
        self._notice_lateness(at_s)
        segment = self.segment
        if segment is None:
            return
        if segment.cuts:
            if self._give_way(is_cut=True):
                self._transcribe(segment, segment.cuts[0], at_s, is_cut=True)
        elif self._final_due(segment, at_s):
            if self._give_way(settles_s=segment.voice_until_s):
                self._transcribe(segment, segment.sound, at_s, settles_s=segment.voice_until_s)
        elif self.speaking and self._attempt is None and self._due(segment, at_s):
            self._transcribe(segment, segment.sound, at_s)

    def _final_due(self, segment: Segment, at_s: float) -> bool:
        after_ms: float = self._settings.speculate_ms
        if self.eager:
            after_ms = min(after_ms, _EAGER_SILENCE_S * 1000)
        if self.level >= overload.LAST_WORDS_ONLY:
            after_ms = max(after_ms, self._settings.end_of_turn_ms)
        return not segment.settled and at_s - segment.voice_until_s >= after_ms / 1000 - 1e-6

    def _due(self, segment: Segment, at_s: float) -> bool:
        if self.level >= overload.NO_PARTIALS:
            return False
        waited_s = at_s - segment.tried_s
        if waited_s < segment.took_ms / 1000 * _REST:
            return False
        if self.eager and segment.speech_s >= _EAGER_FROM_S - 1e-6:
            return not segment.tries or waited_s >= _EAGER_S
        if (every_s := partial_every_s(self._hearing)) is not None:
            return waited_s >= every_s - 1e-6
        return waited_s >= max(self._settings.partial_every_ms / 1000, segment.samples / HEARD_HZ * _GROWTH)

    def _give_way(self, *, is_cut: bool = False, settles_s: float = -1.0) -> bool:
        """Words that are needed go first. False: just these are being transcribed already."""
        running = self._attempt
        if running is None:
            return True
        if running.is_cut or (not is_cut and running.settles_s >= settles_s):
            return False
        self._attempt = None
        if running.task:
            running.task.cancel()
        return True

    def _transcribe(
        self, segment: Segment, pcm: Pcm, at_s: float, *, settles_s: float = -1.0, is_cut: bool = False
    ) -> None:
        segment.tried_s = at_s
        segment.tries += 1
        attempt = Attempt(segment, self._now_s(), len(pcm) / HEARD_HZ, segment.speech_s, segment.cut, is_cut, settles_s)
        self._attempt = attempt
        attempt.task = self._start(self._words_of(attempt, pcm))

    async def _words_of(self, attempt: Attempt, pcm: Pcm) -> None:
        try:
            await self._make_out(attempt, pcm)
        finally:
            attempt.done.set()

    async def _make_out(self, attempt: Attempt, pcm: Pcm) -> None:
        error = None
        try:
            heard = (await self._words(pcm, needed=attempt.needed)).evened()
        except ProviderError as failure:
            error = failure
        took_s = self._now_s() - attempt.began_s
        if self._attempt is attempt:
            self._attempt = None
        self._set_level(overload.level_after, overload.lateness_s(took_s, attempt.sound_s))
        if error:
            if attempt.needed or error.permanent:
                await self._failed(error)
            return
        self._add(attempt, heard, took_s)
        attempt.done.set()
        await self._changed()

    def _add(self, attempt: Attempt, heard: Heard, took_s: float) -> None:
        segment = attempt.segment
        heard = replace(heard, above_db=segment.above_db)
        segment.took_ms = took_s * 1000
        segment.judged_s = max(segment.judged_s, attempt.speech_s)
        if attempt.is_cut:
            segment.said = segment.said.joined(heard)
            segment.cuts.popleft()
        elif segment.cut == attempt.cut:  # else these words come again with the piece that was cut off
            segment.words = heard if attempt.settles_s >= 0 else heard or segment.words
            segment.settled_s = max(segment.settled_s, attempt.settles_s)

    async def _words(self, pcm: Pcm, *, needed: bool) -> Heard:
        """Raises ProviderError. What fails in passing is tried again once where the words are needed."""

        vocabulary, language = self._vocabulary, self._language()

        async def attempt() -> Heard:
            heard = await self._hearing.hear(pcm, language=language, who=self._who, final=needed)
            if not (vocabulary and heard):
                return heard
            return await inference.shared().run(lambda: vocabulary.correct(heard), who=self._who)

        try:
            async with asyncio.timeout(self._settings.hearing_limit_s):
                return await (tried_twice(attempt) if needed else attempt())
        except TimeoutError:
            raise ProviderError("no words in time") from None

    # ── A busy machine ───────────────────────────────────────────────────────────────────────────────────────

    def _notice_lateness(self, at_s: float) -> None:
        """An attempt that still runs counts as soon as it is late."""
        if self._attempt:
            waited_s = at_s - self._attempt.began_s
            self._set_level(overload.level_while_waiting, overload.lateness_s(waited_s, self._attempt.sound_s))

    def _set_level(self, rule: Callable[[int, float], int], late_s: float) -> None:
        level = rule(self.level, late_s)
        if level != self.level:
            self.level = level
            self._degraded(level, round(late_s, 2))

    def is_at_work(self, task: "asyncio.Task[None]") -> bool:
        """Whether it transcribes words of the open segment that are needed."""
        running = self._attempt
        return running is not None and running.task is task and running.needed and running.segment is self.segment

    async def finish(self, within_s: float) -> Segment | None:
        """The open segment with all its words, at the end of a call; as far as they are known where time runs out.

        What is being transcribed is waited for, not begun anew: it may have taken long already. Raises ProviderError.
        """
        running = self._attempt
        segment = self.take()
        if segment is None:
            return None
        try:
            async with asyncio.timeout(within_s):
                if running and running.segment is segment and running.needed:
                    await running.done.wait()
                while segment.cuts:
                    segment.said = segment.said.joined((await self._words(segment.cuts[0], needed=True)).evened())
                    segment.cuts.popleft()
                if not segment.settled and segment.pieces:
                    segment.words = (await self._words(segment.sound, needed=True)).evened()
        except TimeoutError:
            pass
        return segment
