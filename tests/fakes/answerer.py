"""An agent that does what its caller presses: 9 ends the call, 0 breaks the agent, anything else is said back.

Its greeting is a tone, so that a test can hear it.
"""

import asyncio
from typing import Any

import numpy as np

from agents.engine.line import Clip, Dtmf, Info, Left, PageInfo, Say, Typed
from agents.engine.notes import Ending, TurnNote
from agents.speech.sound import SPOKEN_HZ

GREETING = "Hello there"
GREETING_HZ = 440
GREETING_S = 0.4


def greeting() -> Clip:
    at = np.arange(round(GREETING_S * SPOKEN_HZ)) / SPOKEN_HZ
    pcm = (np.sin(2 * np.pi * GREETING_HZ * at) * 8000).astype(np.int16)
    return Clip(GREETING, pcm, (GREETING_S / 2, GREETING_S))


class ObedientAnswerer:
    def __init__(self) -> None:
        self.frames_heard = 0
        self.events: list[Any] = []

    async def run(self, seat: Any, notes: Any) -> Ending:
        listening = asyncio.ensure_future(self._listen(seat))
        try:
            return await self._talk(seat, notes)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _talk(self, seat: Any, notes: Any) -> Ending:
        turn = TurnNote(0, "agent", GREETING, seat.now_s(), planned=GREETING, source="greeting")
        notes.turn(turn)
        await seat.play(Say(greeting(), 0))
        await seat.send(Info("transcription", {"index": 0, "speaker": "agent", "text": GREETING, "final": True}))
        notes.state({"turns": 1})
        async for event in seat.events():
            self.events.append(event)
            match event:
                case Dtmf("9"):
                    return Ending("agent_ended")
                case Dtmf("0"):
                    raise RuntimeError("broken on demand")
                case Dtmf(digit):
                    notes.turn(TurnNote(1, "visitor", f"pressed {digit}", seat.now_s(), seat.now_s()))
                    await seat.send(
                        Info("transcription", {"index": 1, "speaker": "visitor", "text": digit, "final": True})
                    )
                case Typed(text, patient):
                    notes.turn(TurnNote(1, "visitor", f"asked {text}" if patient else text, seat.now_s(), seat.now_s()))
                case PageInfo(text, data):
                    await seat.send(Info("info", {"text": text, "names": sorted(data)}))
                case Left(cause):
                    turn.ended_s, turn.interrupted = seat.now_s(), True
                    notes.turn(turn)
                    return Ending(cause)
        return Ending("visitor_ended")

    async def _listen(self, seat: Any) -> None:
        async for _frame in seat.heard():
            self.frames_heard += 1

    def state(self) -> dict[str, Any]:
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Nothing to go on from."""
