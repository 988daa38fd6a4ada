"""From words to sound: an utterance is made and played clause by clause, one clause ahead of what is being heard."""

import asyncio
import itertools
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from agents.brains.base import Reply, Standing
from agents.engine.line import Clip, ClipEnded, ClipStarted, Line, Say
from agents.engine.notes import Ending
from agents.speech.clauses import clauses
from agents.speech.providers.base import Voice, tried_twice
from agents.speech.sound import SPOKEN_FRAME

_NO_SOUND = np.zeros(SPOKEN_FRAME, np.int16)  # of a dash between spaces: still a clip that begins and ends
_numbers = itertools.count(1)


@dataclass(slots=True, eq=False)
class Utterance:
    """One turn of the agent: what it means to say, and what has been heard of it."""

    text: str
    source: str
    score: float | None = None
    reply: Reply | None = None  # what it was thought out as
    standing: Standing | None = None  # of the thought that it says
    language: str = ""  # it is said in; "": the one that is spoken
    uninterruptible: bool = False  # the visitor cannot talk over it
    ends_opening: bool = False  # after it the visitor has the floor for the first time
    then: Ending | None = None  # the conversation is over when it was heard
    asked_until_s: float | None = None  # the visitor's last sound before it
    timings: dict[str, float] = field(default_factory=dict)
    number: int = field(default_factory=lambda: next(_numbers))
    index: int = -1  # of the turn; given at the first sound
    started_s: float | None = None
    ended_s: float | None = None
    begun: list[str] = field(default_factory=list)  # clauses whose sound has begun …
    ended: int = 0  # … and how many of them have ended
    queued: int = 0
    complete: bool = False  # all clauses are with the line
    heard: str = ""
    interrupted: bool = False
    held_s: float | None = None  # since when its voice is held, because somebody talks over it
    decision: dict[str, Any] = field(default_factory=dict)  # why it is said, as plain JSON
    overlaps: list[dict[str, Any]] = field(default_factory=list)  # what was made of them, as plain JSON
    over: asyncio.Event = field(default_factory=asyncio.Event)  # heard to its end, or cut
    growing: bool = False  # more of it is being thought out
    grown: asyncio.Event = field(default_factory=asyncio.Event)
    pieces: list[str] = field(default_factory=list)  # its clauses
    noted: int = 0  # events of its reply that were noted …
    shown: int = 0  # … and its links that were shown

    @property
    def unsaid(self) -> str:
        """What was not heard, from the beginning of the clause that was cut."""
        return " ".join(self.pieces[self.ended :])

    def __post_init__(self) -> None:
        self.text = " ".join(self.text.split())
        self.pieces = clauses(self.text)

    def grow(self, text: str, *, more: bool) -> None:
        """Something follows. The last of it is never nothing, or nobody would hear that it is over."""
        self.pieces += clauses(text, begun=True) or ([] if more else [""])
        self.text = " ".join(" ".join([self.text, text]).split())
        self.growing = more
        self.grown.set()


class Mouth:
    """Says one utterance at a time on one line."""

    def __init__(self, seat: Line, voice_of: Callable[[str], Voice], *, who: Hashable = None) -> None:
        """`voice_of` gives the voice of a language; "" stands for the one that is spoken."""
        self._seat = seat
        self._voice_of = voice_of
        self._who = who
        self._moved = asyncio.Event()
        self.utterance: Utterance | None = None

    @property
    def sounding(self) -> bool:
        """Has the present utterance been heard to begin?"""
        return self.utterance is not None and self.utterance.started_s is not None

    async def say(self, utterance: Utterance, first: Clip | None = None) -> None:
        """Make and queue it all; `first` is the first clause, where it was made before.

        Returns when the last clause is with the line. Raises ProviderError.
        """
        self.utterance = utterance
        began_s = self._seat.now_s()
        while (place := utterance.queued) < len(utterance.pieces) or utterance.growing:
            if place == len(utterance.pieces):
                utterance.grown.clear()
                await utterance.grown.wait()
                continue
            while len(utterance.begun) < place - 1:
                self._moved.clear()
                await self._moved.wait()
            piece = utterance.pieces[place]
            clip = first if first and place == 0 else await self.clip(piece, utterance.language)
            if place == 0:
                utterance.timings["voice"] = _ms(self._seat.now_s() - began_s)
            utterance.queued += 1
            utterance.complete = not utterance.growing and utterance.queued == len(utterance.pieces)
            await self._seat.play(Say(clip, utterance.number))

    async def clip(self, piece: str, language: str = "") -> Clip:
        """Make a clause, ready to be heard. Raises ProviderError."""
        if not piece:
            return Clip(piece, _NO_SOUND, ())
        voice = self._voice_of(language)
        spoken = await tried_twice(lambda: voice.speak(piece, who=self._who))
        clip = Clip(piece, spoken.pcm if len(spoken.pcm) else _NO_SOUND, spoken.word_ends_s)
        await self._seat.prepare(clip)
        return clip

    def started(self, event: ClipStarted) -> bool:
        """A clip began. True: it belongs to the present utterance."""
        utterance = self.utterance
        if utterance is None or event.say.utterance != utterance.number:
            return False
        utterance.begun.append(event.say.clip.text)
        self._moved.set()
        if utterance.started_s is None:
            utterance.started_s = event.at_s
            if utterance.asked_until_s is not None:
                utterance.timings["first_sound"] = _ms(event.at_s - utterance.asked_until_s)
        return True

    def finished(self, event: ClipEnded) -> Utterance | None:
        """A clip ended. The utterance, if that was its last one."""
        utterance = self.utterance
        if utterance is None or event.say.utterance != utterance.number:
            return None
        utterance.ended += 1
        if not utterance.complete or utterance.ended < utterance.queued:
            return None
        utterance.heard, utterance.ended_s = utterance.text, event.at_s
        utterance.over.set()
        self.utterance = None
        return utterance

    async def hold(self, at_s: float) -> None:
        """Fall silent for a moment; nothing is lost."""
        if self.utterance and self.utterance.held_s is None:
            self.utterance.held_s = at_s
            await self._seat.pause()

    async def go_on(self, *, clause_again: bool) -> None:
        """Go on after a hold."""
        if self.utterance and self.utterance.held_s is not None:
            self.utterance.held_s = None
            await self._seat.resume(clip_again=clause_again)

    async def silence(self) -> Utterance | None:
        """Fall silent. The utterance that was cut, with what was heard of it; its maker has to be stopped before."""
        utterance, self.utterance = self.utterance, None
        played = await self._seat.clear()
        if utterance is None:
            return None
        whole = " ".join(utterance.begun[: utterance.ended])  # the line may count the present clip only
        heard = " ".join(played.text.split()) if utterance.begun else ""
        utterance.heard, utterance.held_s = max(whole, heard, key=len), None
        utterance.ended_s = self._seat.now_s()
        utterance.interrupted = utterance.growing or utterance.heard != utterance.text
        utterance.over.set()
        return utterance


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
