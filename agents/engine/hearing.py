"""From sound to words: what the gate calls speech is cut into segments, and the words of a segment are transcribed.

Nothing is transcribed that the gate did not open for. A segment is transcribed several times: now and then while it
grows, for captions and interruptions, and once more after a short silence, so that the final words are there when the
turn is over.
"""

from collections import deque
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from agents.brains.settings import TalkSettings
from agents.speech.providers.base import Hearing, ProviderError, VoiceActivity
from agents.speech.sound import FRAME_S, HEARD_HZ, Pcm
from agents.speech.words import even, joined

_EAGER_S = 0.3  # between two attempts while the agent speaks and somebody talks over it
_GROWTH = 0.1  # a long segment is transcribed less often: after it grew by this share


@dataclass(slots=True, eq=False)
class Segment:
    """Speech from one opening of the gate until it is taken. Times are seconds since the call was answered."""

    started_s: float
    voice_until_s: float  # end of the last speech
    speech_s: float = 0.0  # how much of it is speech
    run_s: float = 0.0  # how long the present speech goes on without a break
    longest_run_s: float = 0.0
    pieces: list[Pcm] = field(default_factory=list)  # sound not yet cut off
    samples: int = 0  # in `pieces`
    cuts: deque[Pcm] = field(default_factory=deque)  # pieces of full length that wait to be transcribed
    cut: int = 0  # how often it was cut
    said: str = ""  # words of the cuts
    words: str = ""  # words of `pieces`, as far as they were transcribed
    settled_s: float = -1.0  # the words are final if nothing was said after this
    tried_s: float = 0.0  # when they were last made out; before that, when the segment opened
    tries: int = 0
    took_ms: float = 0.0  # how long that took

    @property
    def text(self) -> str:
        return joined(self.said, self.words)

    @property
    def settled(self) -> bool:
        """Are all words transcribed that were spoken so far?"""
        return not self.cuts and self.settled_s >= self.voice_until_s


class Ear:
    """The hearing of one call. EventLog every frame; makes words out in tasks that `start` owns."""

    def __init__(
        self,
        activity: VoiceActivity,
        hearing: Hearing,
        *,
        language: str,
        settings: TalkSettings,
        start: Callable[[Coroutine[Any, Any, None]], object],
        changed: Callable[[], Coroutine[Any, Any, None]],
        failed: Callable[[ProviderError], Coroutine[Any, Any, None]],
        now_s: Callable[[], float],
        who: Hashable = None,
    ) -> None:
        self._activity = activity
        self._hearing = hearing
        self._language = language
        self._settings = settings
        self._start = start
        self._changed = changed
        self._failed = failed
        self._now_s = now_s
        self._who = who
        self._before: deque[Pcm] = deque(maxlen=max(1, round(settings.pre_roll_ms / 1000 / FRAME_S)))
        self._busy = False
        self._since_window_s = 0.0
        self.speaking = False  # is there speech right now?
        self.segment: Segment | None = None
        self.eager = False  # the agent is speaking: transcribe as soon as somebody talks over it

    def frame(self, pcm: Pcm, at_s: float) -> None:
        """Take 20 ms of sound that ended at `at_s`."""
        probability = self._activity.speech(pcm)
        self._since_window_s += FRAME_S
        if probability is not None:
            self._gate(probability, at_s)
            self._since_window_s = 0.0
        segment = self.segment
        if segment is None:
            self._before.append(pcm)
            return
        segment.pieces.append(pcm)
        segment.samples += len(pcm)
        if segment.samples >= self._settings.segment_max_s * HEARD_HZ:
            segment.cut += 1
            segment.cuts.append(np.concatenate(segment.pieces))
            segment.pieces.clear()
            segment.samples = 0
            segment.words = ""
        self.listen(at_s)

    def _gate(self, probability: float, at_s: float) -> None:
        self.speaking = probability >= (self._settings.gate_close if self.speaking else self._settings.gate_open)
        if not self.speaking:
            if self.segment:
                self.segment.run_s = 0.0
            return
        if self.segment is None:
            began_s = max(0.0, at_s - self._since_window_s)
            self.segment = Segment(began_s, at_s, tried_s=at_s)
            self.segment.pieces.extend(self._before)
            self.segment.samples = sum(len(piece) for piece in self._before)
            self._before.clear()
        segment = self.segment
        segment.voice_until_s = at_s
        segment.speech_s += self._since_window_s
        segment.run_s += self._since_window_s
        segment.longest_run_s = max(segment.longest_run_s, segment.run_s)

    def silence_s(self, at_s: float) -> float:
        """How long the visitor has been silent within the open segment."""
        return at_s - self.segment.voice_until_s if self.segment else 0.0

    def take(self) -> Segment | None:
        """Close the segment and hand it over."""
        segment, self.segment = self.segment, None
        return segment

    def skip(self, seconds: float) -> None:
        """The clock went on without sound: what is open stands as if it had not."""
        if self.segment:
            settled = self.segment.settled
            self.segment.voice_until_s += seconds
            self.segment.tried_s += seconds
            self.segment.settled_s = self.segment.voice_until_s if settled else -1.0

    # ── Words ────────────────────────────────────────────────────────────────────────────────────────────────

    def listen(self, at_s: float) -> None:
        """Transcribe the open segment, if it is time to and nothing is being transcribed."""
        segment = self.segment
        if segment is None or self._busy:
            return
        settings = self._settings
        silent_s = at_s - segment.voice_until_s
        if segment.cuts:
            self._transcribe(segment, segment.cuts[0], at_s, cut=True)
        elif silent_s >= settings.speculate_ms / 1000 - 1e-6:
            if not segment.settled:
                self._transcribe(segment, np.concatenate(segment.pieces), at_s, settles_s=segment.voice_until_s)
        elif self.speaking and self._due(segment, at_s):
            self._transcribe(segment, np.concatenate(segment.pieces), at_s)

    def _due(self, segment: Segment, at_s: float) -> bool:
        waited_s = at_s - segment.tried_s
        if self.eager and segment.longest_run_s >= self._settings.barge_in_ms / 1000 - 1e-6:
            return not segment.tries or waited_s >= _EAGER_S
        return waited_s >= max(self._settings.partial_every_ms / 1000, segment.samples / HEARD_HZ * _GROWTH)

    def _transcribe(
        self, segment: Segment, pcm: Pcm, at_s: float, *, settles_s: float = -1.0, cut: bool = False
    ) -> None:
        self._busy = True
        segment.tried_s = at_s
        segment.tries += 1
        self._start(self._words_of(segment, pcm, settles_s=settles_s, cut=cut))

    async def _words_of(self, segment: Segment, pcm: Pcm, *, settles_s: float, cut: bool) -> None:
        began_s, cut_before = self._now_s(), segment.cut
        needed = cut or settles_s >= 0
        try:
            text = even(await self._attempt(pcm, needed=needed))
        except ProviderError as error:
            self._busy = False
            if needed or error.permanent:
                await self._failed(error)
            return
        self._busy = False
        segment.took_ms = (self._now_s() - began_s) * 1000
        if cut:
            segment.said = joined(segment.said, text)
            segment.cuts.popleft()
        elif segment.cut == cut_before:  # else these words come again with the piece that was cut off
            segment.words = text if settles_s >= 0 else text or segment.words
            segment.settled_s = max(segment.settled_s, settles_s)
        await self._changed()

    async def _attempt(self, pcm: Pcm, *, needed: bool) -> str:
        try:
            return await self._hearing.words(pcm, language=self._language, who=self._who)
        except ProviderError as error:
            if error.permanent or not needed:
                raise
        return await self._hearing.words(pcm, language=self._language, who=self._who)

    async def finish(self) -> Segment | None:
        """The open segment with all its words, at the end of a call."""
        segment = self.take()
        if segment is None:
            return None
        while segment.cuts:
            segment.said = joined(segment.said, even(await self._attempt(segment.cuts[0], needed=True)))
            segment.cuts.popleft()
        if not segment.settled and segment.pieces:
            segment.words = even(await self._attempt(np.concatenate(segment.pieces), needed=True))
        return segment
