"""What an agent needs of a caller: the Line.

The agent talks to one Line for the whole conversation. In a call that is the seat (calling/call/seat.py), behind which
real lines come and go; in tests it is an in-memory line. Times are seconds since the call was answered.
"""

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from agents.speech.sound import SPOKEN_HZ, Pcm

WRITTEN_MOST = 2000  # characters of what is typed in a call, at once or in pieces of one turn

_clip_ids = itertools.count(1)


@dataclass(frozen=True, slots=True)
class LineCapabilities:
    """What can travel on a line. `info` means that the page at the other end takes messages."""

    sound: bool = True
    text: bool = False
    dtmf: bool = False
    info: bool = False


@dataclass(slots=True, eq=False)
class Clip:
    """A piece of the agent's speech, ready to be played: usually one clause.

    `word_ends_s` has one entry for each word of `text.split()`: the second at which that word has been said. It turns
    a position in the sound into the words that were heard. `packets`, the same sound as 20 ms Opus packets, is filled
    by the first line that plays the clip and shared by all later ones: encode once, play many times.
    """

    text: str
    pcm: Pcm  # at SPOKEN_HZ
    word_ends_s: tuple[float, ...]
    packets: tuple[bytes, ...] | None = None

    @property
    def seconds(self) -> float:
        return len(self.pcm) / SPOKEN_HZ

    def word_start_s(self, seconds: float) -> float:
        """Where the word begins that is being said after `seconds` of this clip."""
        return max((end for end in self.word_ends_s if end <= seconds + 1e-6), default=0.0)

    def heard(self, seconds: float) -> str:
        """The words that had been said after `seconds` of this clip."""
        words = self.text.split()
        return " ".join(word for word, end in zip(words, self.word_ends_s, strict=True) if end <= seconds + 1e-6)


@dataclass(frozen=True, slots=True)
class Say:
    """One clip on its way to the visitor. `utterance` groups the clips of one agent turn; `id` is unique."""

    clip: Clip
    utterance: int
    id: int = field(default_factory=lambda: next(_clip_ids))


@dataclass(frozen=True, slots=True)
class Played:
    """What the visitor really heard of an utterance: its words, and how long they lasted."""

    text: str
    seconds: float


# ── What a line reports ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ClipStarted:
    """The first frame of a clip went out."""

    say: Say
    at_s: float


@dataclass(frozen=True, slots=True)
class ClipEnded:
    """The last frame of a clip went out. Clips dropped by `clear` do not end."""

    say: Say
    at_s: float


@dataclass(frozen=True, slots=True)
class Dtmf:
    digit: str


@dataclass(frozen=True, slots=True)
class PageInfo:
    """`PolyphoneAPI.sendInfo(text, data)`: `text` names the event, `data` is flat. Untrusted."""

    text: str
    data: dict[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class Typed:
    """Words in the place of speech. `patient`: chosen before the call, and asked when the greeting is over. `id`: the
    page's own, kept with the turn."""

    text: str
    patient: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """The visitor's connection was lost (`began`) or is back. Sound stands still in between."""

    began: bool


MUTED, TRACK_ENDED, TAKEN, TYPING = UNHEARD = ("muted", "track_ended", "taken", "typing")


@dataclass(frozen=True, slots=True)
class Muted:
    """The visitor cannot be heard, or can be again. A state: it holds until the same reason is taken back.

    reason: "muted" by the visitor, "track_ended" where the microphone is gone, "taken" by another program, "typing"
    where there is none and the visitor writes.
    """

    on: bool
    reason: str = MUTED


@dataclass(frozen=True, slots=True)
class Left:
    """The visitor is gone for good. The last event of a line."""

    cause: str


LineEvent = ClipStarted | ClipEnded | Dtmf | PageInfo | Typed | Gap | Muted | Left


@dataclass(frozen=True, slots=True)
class Info:
    """A message for the page at the other end.

    kind "transcription": {"index", "speaker": "visitor"|"agent", "text", "final"}; the same index replaces the text.
    kind "state": {"state": "listening"|"thinking"|"speaking"}. kind "info": whatever an agent sends to the page.
    """

    kind: Literal["transcription", "state", "info"]
    data: dict[str, Any]


class Line(Protocol):
    capabilities: LineCapabilities

    def now_s(self) -> float:
        """Seconds since the call was answered."""
        ...

    def heard(self) -> AsyncIterator[Pcm]:
        """A 20 ms frame at 16 kHz on time while somebody is attached, silence included. Ends when the visitor left."""
        ...

    def events(self) -> AsyncIterator[LineEvent]:
        """Everything else that happens on the line, in order. Ends after Left."""
        ...

    async def prepare(self, clip: Clip) -> None:
        """Do what takes time before this clip can be heard, so that `play` need not."""
        ...

    async def play(self, say: Say) -> None:
        """Queue a clip behind the ones before it. Returns once it is accepted: waits while over 30 s are queued."""
        ...

    async def pause(self) -> None:
        """Fall silent at once, without a click, and keep the queue."""
        ...

    async def resume(self, *, clip_again: bool = False) -> None:
        """Go on at the beginning of the word that was cut, or of the whole clip."""
        ...

    async def clear(self) -> Played:
        """Fall silent at once and drop what was not said. Tells what was heard of the utterance that was playing."""
        ...

    async def send(self, info: Info) -> None:
        """Tell the page something. Never waits for the other end."""
        ...
