"""What a speech engine must do, whoever makes it. One file a provider here; one contract suite for all of them.

None of these may block the event loop: work that takes more than 5 ms goes through `agents.speech.inference`. `who`
names the call that the work is for: the pool is fair between calls, a provider that uses no pool ignores it.
"""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from agents.speech.heard import Heard
from agents.speech.sound import Pcm

T = TypeVar("T")


class ProviderError(Exception):
    """A provider could not do its work. `permanent`: asking again is useless (missing weights, bad key, bad voice).

    `code` tells a person why a service failed: KEY (refused), GONE (no such model, voice or address), BUSY (too many
    requests, or nothing left to pay with), BROKEN (its own fault), GARBLED (no answer that its wire has), or one of
    NotFetched's.
    """

    def __init__(self, message: str, *, permanent: bool = False, code: str = "") -> None:
        super().__init__(message)
        self.permanent = permanent
        self.code = code


async def tried_twice(attempt: Callable[[], Awaitable[T]]) -> T:
    """What fails in passing is tried once more. Raises ProviderError."""
    try:
        return await attempt()
    except ProviderError as error:
        if error.permanent:
            raise
    return await attempt()


class VoiceActivity(Protocol):
    """Tells speech from everything else. One object a call: it carries state."""

    def speech(self, frame: Pcm) -> float | None:
        """Takes 20 ms at 16 kHz. The probability of speech once a whole window is there, else None. Under 1 ms."""
        ...

    def reset(self) -> None: ...


class Hearing(Protocol):
    """Turns a segment of speech into words."""

    languages: tuple[str, ...]

    async def hear(self, pcm_16k: Pcm, *, language: str, who: Hashable = None, final: bool = True) -> Heard:
        """The words in 0.1 to 30 s of sound, and how sure it is of each, where it can tell. Raises ProviderError.

        Not `final`: the speech goes on, and only a caption hangs on these words.
        """
        ...


def partial_every_s(hearing: Hearing) -> float | None:
    """How often a hearing likes to be asked about speech that goes on: one that streams has words at any time, and
    takes the sound in small pieces. None: as seldom as for one that begins anew each time."""
    return getattr(hearing, "partial_every_s", None)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Sound of a text, with the second at which each word of `text.split()` has been said."""

    pcm: Pcm  # at SPOKEN_HZ
    word_ends_s: tuple[float, ...]


class Voice(Protocol):
    """Turns words into sound."""

    key: str  # "piper:joe"
    label: str
    language: str

    async def speak(self, text: str, *, who: Hashable = None, speed: float = 1.0) -> Spoken:
        """The sound of one clause or sentence, at a multiple of the voice's own speed. Raises ProviderError."""
        ...


class Meaning(Protocol):
    """Turns sentences into vectors whose dot product tells how close they are.

    Things more that a meaning may bring, and that functions below ask for: `parts`, the encoders whose vectors stand
    side by side in one, with their widths; `rarity(word)`, from 0 for "the" to 1 for "varifocal"; `told(texts)`, the
    vectors of texts that may answer, where those differ from a question's; and `plain`, the meaning that is always
    there in its language, for what is kept for longer than a program runs.
    """

    async def vectors(self, texts: Sequence[str], *, who: Hashable = None) -> npt.NDArray[np.float32]:
        """One unit vector a text: shape (len(texts), n). Raises ProviderError."""
        ...


async def told_by(meaning: Meaning, texts: Sequence[str], *, who: Hashable = None) -> npt.NDArray[np.float32]:
    """The vectors of texts that may answer a question. Raises ProviderError."""
    found: npt.NDArray[np.float32] = await getattr(meaning, "told", meaning.vectors)(texts, who=who)
    return found


def plain_of(meaning: Meaning) -> Meaning:
    """The meaning without what may be there or not."""
    return getattr(meaning, "plain", None) or meaning


def parts_of(meaning: Meaning) -> tuple[tuple[str, int], ...]:
    """The encoders of a meaning and how wide the vector of each is; () where it does not say."""
    return getattr(meaning, "parts", ())


def rarity_of(meaning: Meaning) -> Callable[[str], float]:
    """How rare a word is; where the meaning does not know, long words are taken for rare ones."""
    return getattr(meaning, "rarity", None) or _rarity_by_length


def _rarity_by_length(word: str) -> float:
    return min(max((len(word) - 3) / 8, 0.0), 1.0)


class CallServices(Protocol):
    """Services of other people that stand before the engines of one call (remote/services.py)."""

    tell: Callable[[str, str, str], None]  # part, service, code: told once for each outage that the call meets

    def over(self, language: str, engines: "Engines") -> "Engines":
        """The same engines, each behind the service that is there for it."""
        ...

    def voice_over(self, language: str, last: Voice) -> Voice: ...

    def lapse(self) -> None:
        """Close everything soon, unless the call begins before."""
        ...

    def begin(self) -> None: ...

    async def close(self) -> None:
        """Never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Engines:
    """What a call hears, thinks and speaks with."""

    activity: Any  # () -> VoiceActivity, one for each call
    hearing: Hearing
    voice: Voice
    meaning: Meaning
