"""How strained this process is: whether one more call would make those that run answer late.

A number of calls says little: one machine has faster cores than another, and other work to do. Measured are the two
queues that every answer stands in: the event loop, and the threads of inference. Both may be long for a moment; what
counts is what most of the last seconds were like.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable

import structlog

from agents.speech import inference
from agents.speech.inference import most

log = structlog.get_logger(__name__)

BEAT_S = 0.25  # between two looks at the loop
WINDOW_S = 10.0
SHARE = 0.8  # of what was measured in the window, which was not longer
LOOP_S = 0.05  # lateness of the loop from which sound and words come late …
INFERENCE_S = 0.2  # … and wait for a thread that a question's words do not have while the silence is waited out
CALM = 0.5  # of either: under it calls are taken again


class Strain:
    def __init__(self, inference_s: Callable[[], float], clock: Callable[[], float] = time.monotonic) -> None:
        """`inference_s`: how long most jobs of the last seconds have waited for a thread."""
        self._inference_s = inference_s
        self._clock = clock
        self._late: deque[float] = deque(maxlen=round(WINDOW_S / BEAT_S))
        self.late = ""  # what is late, where one more call would be one too many

    async def watch(self) -> None:
        """For ever: how late does the loop come back to whoever asked for it?"""
        while True:
            due_s = self._clock() + BEAT_S
            await asyncio.sleep(BEAT_S)
            self.beat(self._clock() - due_s)

    def beat(self, late_s: float) -> None:
        self._late.append(max(0.0, late_s))
        # The first seconds of a process are busy by themselves, and say nothing of calls.
        loop_s = most(self._late, SHARE) if len(self._late) == self._late.maxlen else 0.0
        inference_s = self._inference_s()
        limit = CALM if self.late else 1.0
        parts = {"event loop": loop_s / LOOP_S, "inference": inference_s / INFERENCE_S}
        late = next((name for name, part in parts.items() if part >= limit), "")
        if bool(late) != bool(self.late):
            log.warning(
                "the machine is busy: new calls are refused" if late else "new calls are taken again",
                loop_ms=round(loop_s * 1000),
                inference_ms=round(inference_s * 1000),
            )
        self.late = late


def of_this_loop() -> Strain:
    pool = inference.shared()
    return Strain(lambda: pool.waited_s(WINDOW_S, SHARE))
