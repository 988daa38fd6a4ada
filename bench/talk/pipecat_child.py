"""Run by rivals.py in an environment that has pipecat-ai, never in ours: what Pipecat makes of recordings.

Names of recordings come in, one a line; for each a line of JSON goes out. Its own voice activity with its defaults
starts a turn, which interrupts whatever the agent says, and asks smart-turn at each pause; a turn that is not complete
by that is over after smart-turn's longest silence.
"""

import asyncio
import json
import sys
import wave

from pipecat.audio.turn.base_turn_analyzer import EndOfTurnState
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADState

HZ = 16_000
FRAME_BYTES = 640  # 20 ms


def caller_of(name: str) -> bytes:
    with wave.open(name) as file:
        both = file.readframes(file.getnframes())
    return b"".join(both[at : at + 2] for at in range(0, len(both), 4))


async def heard(sound: bytes, turn: LocalSmartTurnAnalyzerV3) -> dict[str, list[float]]:
    activity = SileroVADAnalyzer(sample_rate=HZ)
    activity.set_sample_rate(HZ)
    turn.clear()
    ends: list[float] = []
    interruptions: list[float] = []
    before, is_open = VADState.QUIET, False
    for at in range(0, len(sound) - FRAME_BYTES + 1, FRAME_BYTES):
        frame, at_s = sound[at : at + FRAME_BYTES], (at + FRAME_BYTES) / 2 / HZ
        state = await activity.analyze_audio(frame)
        speaks = state in (VADState.SPEAKING, VADState.STOPPING)
        was = before in (VADState.SPEAKING, VADState.STOPPING)
        before = state
        done = turn.append_audio(frame, speaks) == EndOfTurnState.COMPLETE
        if speaks and not was and not is_open:
            is_open = True
            interruptions.append(at_s)
        if was and not speaks:
            found, _ = await turn.analyze_end_of_turn()
            done = done or found == EndOfTurnState.COMPLETE
        if done and is_open:
            is_open = False
            ends.append(at_s)
            turn.clear()
    return {"ends": ends, "interruptions": interruptions}


async def main() -> None:
    turn = LocalSmartTurnAnalyzerV3()
    turn.set_sample_rate(HZ)
    for name in sys.stdin.read().split("\n"):
        print(json.dumps(await heard(caller_of(name), turn)), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
