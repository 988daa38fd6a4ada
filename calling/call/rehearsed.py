"""One rehearsed call by voice: a pretended caller over a real sound connection, the seat, and the agent as in any call.

The caller speaks when the agent has finished, as the page is told; everything takes the time that it takes.
"""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from agents.engine.conversation import Answerer
from agents.engine.line import Info, Left
from agents.engine.notes import Ending, TurnNote
from agents.speech.sound import SPOKEN_HZ, Pcm
from calling.call.seat import Seat
from calling.lines.webrtc.connection import Connection
from calling.lines.webrtc.far_end import ON_LOOPBACK, FarEnd
from calling.lines.webrtc.opus import encode_clip

CONNECT_S = 20.0
PAUSE_S = 0.8  # between the agent's last word and the caller's next line
PATIENCE_S = 8.0  # for the first sign of an answer
LONGEST_S = 60.0  # of one answer
ASIDE_S = 1.5  # into an answer, when a listening caller says "mhm"
INTO_ANSWER_S = 2.0  # when somebody interrupts it; earlier it would be more of what they had said


@dataclass(slots=True)
class VoiceCall:
    """What happened: turns as they were noted, and when the caller said each line."""

    turns: list[TurnNote]
    begun_s: list[float]
    events: list[tuple[str, dict[str, Any]]]
    ending: Ending


@dataclass
class _Notes:
    turns: dict[int, TurnNote] = field(default_factory=dict)
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def turn(self, note: TurnNote) -> None:
        self.turns[note.index] = note

    def event(self, name: str, at_s: float, **data: Any) -> None:
        self.events.append((name, data))

    def state(self, state: dict[str, Any]) -> None:
        """Nobody goes on from it."""


class _Floor:
    """Whose turn it is, as the page is told."""

    def __init__(self) -> None:
        self._state = ""
        self._moved = asyncio.Event()

    @property
    def speaks(self) -> bool:
        return self._state == "speaking"

    def told(self, info: Info) -> None:
        if info.kind == "state":
            self._state = str(info.data["state"])
            self._moved.set()

    async def waits(self, seconds: float, within_s: float) -> None:
        """Until the agent has been waiting for the caller for so long; not longer than that."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while not await self._unmoved(seconds) or self._state != "listening":
                    pass

    async def answers(self, within_s: float, state: str = "") -> bool:
        """Until the agent does something, or this."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self._state != state if state else self._state in ("", "listening"):
                    self._moved.clear()
                    await self._moved.wait()
                return True
        return False

    async def _unmoved(self, seconds: float) -> bool:
        self._moved.clear()
        try:
            await asyncio.wait_for(self._moved.wait(), seconds)
        except TimeoutError:
            return True
        return False


async def hold(
    agent: Answerer, lines: Sequence[Pcm], caller: FarEnd, aside: Pcm | None = None, *, over: Collection[int] = ()
) -> VoiceCall:
    """Hold a call in which the caller says these. `aside`: said into each answer by somebody who only listens; `over`:
    which of the lines interrupt the answer before them.

    Raises LineError, ConnectionError and TimeoutError where no connection comes up.
    """
    notes, floor, seat = _Notes(), _Floor(), Seat(encode=encode_clip)
    seat.outbound = floor.told
    connection = Connection(ON_LOOPBACK)
    begun_s: list[float] = []
    talking: asyncio.Task[Ending] | None = None
    try:
        async with asyncio.timeout(CONNECT_S):
            await caller.connect(connection.answer)
            await connection.connected()
        connection.start(seat)
        talking = asyncio.create_task(agent.run(seat, notes))
        calling = asyncio.create_task(_call(seat, floor, caller, lines, aside, over, begun_s))
        try:
            await asyncio.wait([talking, calling], return_when=asyncio.FIRST_COMPLETED)
            if calling.done():
                calling.result()
            ending = await talking
        finally:
            calling.cancel()
            await asyncio.gather(calling, return_exceptions=True)
    finally:
        if talking and not talking.done():
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)
        await caller.close()
        await connection.close()
    return VoiceCall([note for _, note in sorted(notes.turns.items())], begun_s, notes.events, ending)


async def _call(
    seat: Seat,
    floor: _Floor,
    caller: FarEnd,
    lines: Sequence[Pcm],
    aside: Pcm | None,
    over: Collection[int],
    begun_s: list[float],
) -> None:
    await floor.answers(PATIENCE_S)
    await floor.waits(PAUSE_S, LONGEST_S)
    for place, line in enumerate(lines):
        begun_s.append(seat.now_s())
        caller.say(line)
        await asyncio.sleep(len(line) / SPOKEN_HZ)
        interrupts = place + 1 in over
        if await floor.answers(PATIENCE_S) and (interrupts or aside is not None):
            await floor.answers(PATIENCE_S, "speaking")
        if interrupts:
            await floor.waits(PAUSE_S, INTO_ANSWER_S)  # an answer may be shorter than that
            continue
        if aside is not None and floor.speaks:
            await asyncio.sleep(ASIDE_S)
            caller.say(aside)
        await floor.waits(PAUSE_S, LONGEST_S)
    seat.report(Left("visitor_ended"))


def with_pause(sound: Pcm, seconds: float) -> Pcm:
    """The same with a silence at its quietest place, as of somebody who looks for a word."""
    window = SPOKEN_HZ // 20
    middle = range(len(sound) // 3, 2 * len(sound) // 3, window // 4)
    if len(middle) < 2:
        return sound
    at = min(middle, key=lambda place: float(np.abs(sound[place : place + window].astype(np.int32)).sum()))
    at += window // 2
    return np.concatenate([sound[:at], np.zeros(round(seconds * SPOKEN_HZ), np.int16), sound[at:]])
