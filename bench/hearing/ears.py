"""From a mix to words, by the same ear that a call has: gate, segment, engine."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from agents.brains.settings import TalkSettings
from agents.engine.hearing import Ear
from agents.engine.segment import Segment
from agents.speech.providers.base import Hearing, VoiceActivity
from agents.speech.sound import FRAME_S, HEARD_FRAME, Pcm

_NEVER_MS = 10_000_000


async def listen(pcm_16k: Pcm, activity: VoiceActivity, hearing: Hearing, settings: TalkSettings) -> Segment | None:
    """What one call's ear makes of all of it, transcribed at its end; None where the gate stayed shut."""

    async def nothing(*_given: Any) -> None:
        return None

    def start(work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        return asyncio.create_task(work)

    activity.reset()
    ear = Ear(
        activity,
        hearing,
        language=lambda: "en",
        settings=replace(settings, partial_every_ms=_NEVER_MS, speculate_ms=_NEVER_MS),
        start=start,
        changed=nothing,
        failed=nothing,
        now_s=lambda: 0.0,
    )
    for number in range(len(pcm_16k) // HEARD_FRAME):
        ear.frame(pcm_16k[number * HEARD_FRAME : (number + 1) * HEARD_FRAME], (number + 1) * FRAME_S)
    return await ear.finish(60.0)
