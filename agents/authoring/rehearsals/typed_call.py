"""One rehearsed call by typing: the real conversation, without ears and with a voice that nobody hears.

A virtual clock lets minutes of talk pass in less than a second; only thinking takes real time.
"""

import asyncio
import math
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from agents.authoring.rehearsals import checks, ways_to_say
from agents.authoring.rehearsals.checks import Played, Said
from agents.authoring.rehearsals.script import Script
from agents.authoring.rehearsals.typed_line import TookTooLong, TypedLine
from agents.brains import manner
from agents.brains.settings import TalkSettings
from agents.brains.snapshot import AgentSnapshot
from agents.engine import virtual_clock
from agents.engine.conversation import VoiceAgent
from agents.engine.notes import Ending, TurnNote
from agents.speech.providers.base import Engines, Meaning
from agents.speech.providers.scripted import ScriptedActivity, ScriptedHearing, ScriptedVoice

REAL_S_MOST = 60.0  # a call that takes longer is given up
PAUSE_S = 0.8  # between the agent's last word and the caller's next line
INTO_ANSWER_S = 2.0  # when somebody interrupts; earlier it would be more of what they had said


class NotPlayed(Exception):
    """The call could not be held to its end: "slow", or "speechless" where it should have been by voice."""


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


def play(
    script: Script,
    agent: AgentSnapshot,
    meaning: Meaning,
    settings: TalkSettings,
    *,
    variant: str = "",
    number: int = 0,
) -> Played:
    """The n-th call of a rehearsal, judged. Blocks; not for a thread that has a loop. Raises NotPlayed."""
    try:
        return virtual_clock.run(_play(script, agent, meaning, settings, variant, number))
    except TookTooLong:
        raise NotPlayed("slow") from None


async def _play(
    script: Script, agent: AgentSnapshot, meaning: Meaning, settings: TalkSettings, variant: str, number: int
) -> Played:
    line, notes = TypedLine(), _Notes()
    engines = Engines(ScriptedActivity, ScriptedHearing(), ScriptedVoice(), meaning)
    talk = VoiceAgent(agent, engines, variant_key=variant, settings=manner.applied(settings, agent.manner))
    texts = [ways_to_say.said(each.say, number, agent.language) for each in script.lines]
    running = asyncio.create_task(talk.run(line, notes))
    beside = [asyncio.create_task(line.carry(REAL_S_MOST)), asyncio.create_task(_call(line, script, texts))]
    try:
        await asyncio.wait([running, beside[0]], return_when=asyncio.FIRST_COMPLETED)
        if beside[0].done():
            beside[0].result()
        ending = await running
    finally:
        for task in (running, *beside):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
    return _told(script, notes, ending)


async def _call(line: TypedLine, script: Script, texts: list[str]) -> None:
    """Say each line when the agent has finished, or into its answer, then leave."""
    await line.quiet(PAUSE_S)
    for place, text in enumerate(texts):
        line.type(text)
        interrupts = place + 1 < len(texts) and script.lines[place + 1].over
        await line.quiet(PAUSE_S, or_spoken_s=INTO_ANSWER_S if interrupts else math.inf)
    line.hang_up()


def _told(script: Script, notes: _Notes, ending: Ending) -> Played:
    said, line = [], None
    for _index, note in sorted(notes.turns.items()):
        if note.speaker == "visitor":
            line = 0 if line is None else line + 1
        who = "caller" if note.speaker == "visitor" else "agent"
        score = round(note.score, 3) if note.score is not None else None
        at_s = round(note.started_s, 2)
        said.append(Said(who, note.text, at_s, line, note.source, score, interrupted=note.interrupted))
    return Played(tuple(said), ending.cause, checks.judge(script, said, ending.cause, notes.events))
