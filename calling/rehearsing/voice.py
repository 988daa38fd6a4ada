"""One rehearsed call by voice, from a script to what was found: callers with voices and rooms of their own.

Five callers, as five people call: in a quiet room, in a street, on a bad line, looking for a word in the middle of each
line, and saying "mhm" while the agent explains.
"""

import asyncio
from collections.abc import Sequence

import numpy as np
from django.conf import settings

from agents.authoring.rehearsals import checks
from agents.authoring.rehearsals.checks import Played, Said
from agents.authoring.rehearsals.script import Script
from agents.authoring.rehearsals.typed_call import NotPlayed
from agents.brains import manner
from agents.brains.snapshot import AgentSnapshot
from agents.engine.conversation import VoiceAgent
from agents.speech.providers import registry
from agents.speech.providers.base import Voice
from agents.speech.sound import SPOKEN_HZ, Pcm, as_float, from_float, level_dbfs
from calling.call import rehearsed
from calling.call.rehearsed import VoiceCall
from calling.installation import talk_settings
from calling.lines import LineError
from calling.lines.webrtc.far_end import NOTHING_LOST, FarEnd, Microphone, NoisyMicrophone

CALL_S_MOST = 100.0  # the worker has other work to do, and shows that it lives after each call
STREET, BAD_LINE, SEARCHING, LISTENING = 1, 2, 3, 4  # what is special of a caller, by their number
STREET_DB = -20.0  # against the caller's speech
LOST = 0.05  # of the packets of a bad line
PAUSE_S = 0.6
NOISE_S = 6
ASIDES = {"de": "Mhm.", "en": "Mhm."}
EARLIER_S = 0.3  # sound kept from before speech: a turn begins that much before its line


def play(script: Script, agent: AgentSnapshot, variant: str, number: int) -> Played:
    """The n-th call of a rehearsal, judged. Blocks for as long as it lasts. Raises NotPlayed and ProviderError."""
    try:
        call = asyncio.run(asyncio.wait_for(_play(script, agent, variant, number), CALL_S_MOST))
    except TimeoutError:
        raise NotPlayed("slow") from None
    except (LineError, ConnectionError):
        raise NotPlayed("speechless") from None
    said = told(script, call)
    return Played(said, call.ending.cause, checks.judge(script, said, call.ending.cause, call.events))


async def _play(script: Script, agent: AgentSnapshot, variant: str, number: int) -> VoiceCall:
    engines = registry.engines(
        settings.SPEECH, agent.voice, agent.language, settings.MODELS_DIR, speed=manner.speed(agent.manner)
    )
    talk = VoiceAgent(agent, engines, variant_key=variant, settings=manner.applied(talk_settings(), agent.manner))
    await talk.rehearse()  # a gateway has it before the first call, so it is no part of an answer
    voice = _voice(agent, number)
    lines = [(await voice.speak(line.say)).pcm for line in script.lines]
    if number == SEARCHING:
        lines = [rehearsed.with_pause(sound, PAUSE_S) for sound in lines]
    aside = (await voice.speak(ASIDES.get(agent.language, ASIDES["en"]))).pcm if number == LISTENING else None
    microphone: Microphone | None = None
    if number == STREET:
        around = street(lines)
        microphone = NoisyMicrophone(around)
        lines = [_over(sound, around) for sound in lines]
    drawn = np.random.default_rng(number)
    lost = (lambda _: drawn.random() < LOST) if number == BAD_LINE else NOTHING_LOST
    over = [place for place, line in enumerate(script.lines) if line.over]
    return await rehearsed.hold(talk, lines, FarEnd(lose_sent=lost, microphone=microphone), aside, over=over)


def _voice(agent: AgentSnapshot, number: int) -> Voice:
    """Another one than the agent's where there is one, and not the same for every caller."""
    if settings.SPEECH == "scripted":
        return registry.engines("scripted", "", agent.language, settings.MODELS_DIR).voice
    short = agent.language.split("-")[0].lower()
    speaks = {key for key, _label in registry.voices(short)}
    ready = [one.key for one in registry.installed_voices(settings.MODELS_DIR) if one.ready and one.key in speaks]
    others = [key for key in ready if key != agent.voice] or ready or [agent.voice]
    return registry.find_voice(others[number % len(others)], agent.language, settings.MODELS_DIR)


def told(script: Script, call: VoiceCall) -> tuple[Said, ...]:
    """The turns of a call, each with the line it belongs to: the last one that had begun."""
    said = []
    for note in call.turns:
        begun = sum(at_s <= note.started_s + EARLIER_S for at_s in call.begun_s)
        line = begun - 1 if begun else None
        meant = script.lines[line].say if line is not None and note.speaker == "visitor" else ""
        said.append(
            Said(
                "caller" if note.speaker == "visitor" else "agent",
                note.text,
                round(note.started_s, 2),
                line,
                note.source,
                round(note.score, 3) if note.score is not None else None,
                meant,
                note.timings.get("first_sound"),
                note.interrupted,
            )
        )
    return tuple(said)


def street(lines: Sequence[Pcm]) -> Pcm:
    """Traffic, so much softer than what is said; the same each time."""
    drawn = np.random.default_rng(3).normal(0, 1, NOISE_S * SPOKEN_HZ)
    hz = np.fft.rfftfreq(len(drawn), 1 / SPOKEN_HZ)
    spectrum = np.fft.rfft(drawn) * np.where(hz < 40, 0, 1 / np.sqrt(np.maximum(hz, 40)))
    noise = np.fft.irfft(spectrum, len(drawn)).astype(np.float32)
    noise /= np.abs(noise).max()
    wanted_db = max(level_dbfs(sound) for sound in lines) + STREET_DB
    return from_float(noise * np.float32(10 ** ((wanted_db - level_dbfs(from_float(noise))) / 20)))


def _over(sound: Pcm, around: Pcm) -> Pcm:
    return from_float(as_float(sound) + as_float(np.resize(around, len(sound))))
