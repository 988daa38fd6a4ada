"""A segment: speech from one opening of the gate until it is taken, and its words as far as they are known.

Silence is not kept: of each pause only its first moments stay, and the last ones before speech goes on. However long a
visitor thinks, and however late the words come, what has to be transcribed is what was spoken.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from agents.engine import turn_rules
from agents.speech.heard import NOTHING, Heard
from agents.speech.sound import HEARD_HZ, SILENT_DBFS, Pcm, power, power_dbfs


@dataclass(slots=True, eq=False)
class Segment:
    """Times are seconds since the call was answered."""

    started_s: float
    voice_until_s: float  # end of the last speech
    speech_s: float = 0.0  # how much of it is speech
    run_s: float = 0.0  # how long the present speech goes on without a break
    longest_run_s: float = 0.0
    pieces: list[Pcm] = field(default_factory=list)  # sound not yet cut off
    samples: int = 0  # in `pieces`
    cuts: deque[Pcm] = field(default_factory=deque)  # pieces of full length that wait to be transcribed
    cut: int = 0  # how often it was cut
    said: Heard = NOTHING  # words of the cuts
    words: Heard = NOTHING  # words of `pieces`, as far as they were transcribed
    settled_s: float = -1.0  # the words are final if nothing was said after this
    judged_s: float = 0.0  # how much speech there was when the words were last transcribed
    tried_s: float = 0.0  # when that was begun; before the first time, when the segment opened
    tries: int = 0
    took_ms: float = 0.0  # how long it took
    pauses: list[float] = field(default_factory=list)  # seconds of the silences after which speech went on
    power: float = 0.0  # of its speech, summed over frames …
    frames: int = 0  # … and how many they are
    background_dbfs: float = SILENT_DBFS  # loudness of what was there before it
    over_voice: bool = False  # some of it went over the agent's voice
    stopped_voice: bool = False  # and the agent stopped for it
    dismissed: bool = False  # and was nothing to stop for
    asked_again: bool = False  # the visitor was told that the words do not come

    @property
    def heard(self) -> Heard:
        return self.said.joined(self.words)

    @property
    def text(self) -> str:
        return self.heard.text

    @property
    def settled(self) -> bool:
        """Are all words transcribed that were spoken so far?"""
        return not self.cuts and self.settled_s >= self.voice_until_s

    @property
    def level_dbfs(self) -> float:
        """Loudness of its speech."""
        return power_dbfs(self.power / self.frames) if self.frames else SILENT_DBFS

    @property
    def above_db(self) -> float:
        """How far its speech stands out of what was there before."""
        return round(self.level_dbfs - self.background_dbfs, 1) if self.frames else 0.0

    @property
    def sound(self) -> Pcm:
        return np.concatenate(self.pieces)

    def measure(self, pcm: Pcm) -> None:
        """A frame in which there was speech."""
        self.power += power(pcm)
        self.frames += 1

    def add(self, pieces: Iterable[Pcm]) -> None:
        for pcm in pieces:
            self.pieces.append(pcm)
            self.samples += len(pcm)

    def speak(self, at_s: float, seconds: float) -> None:
        """The gate was open for so long, until now."""
        paused_s = at_s - seconds - self.voice_until_s
        if paused_s >= turn_rules.PAUSE_S:
            self.pauses.append(round(paused_s, 2))
        self.voice_until_s = at_s
        self.speech_s += seconds
        self.run_s += seconds
        self.longest_run_s = max(self.longest_run_s, self.run_s)

    def cut_at(self, most_s: float) -> None:
        """A piece that is too long for one attempt is set aside; its words come on their own."""
        if self.samples < most_s * HEARD_HZ:
            return
        self.cut += 1
        self.cuts.append(self.sound)
        self.pieces.clear()
        self.samples = 0
        self.words = NOTHING

    def skip(self, seconds: float) -> None:
        """The clock went on without sound: what is open stands as if it had not."""
        settled = self.settled
        self.voice_until_s += seconds
        self.tried_s += seconds
        self.settled_s = self.voice_until_s if settled else -1.0
