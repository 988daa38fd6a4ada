"""Others in the same scenes: what they would have made of the caller's side of each recording.

Silence alone: a turn is over after so long a silence, and any speech over the answer stops it; it is what most voice
agents do. Pipecat, where it can be had: its own voice activity, smart-turn and interruption, run by
`pipecat_child.py` in an environment of its own (PIPECAT_PYTHON). It is no part of this product.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agents.speech.providers.silero import SileroActivity
from agents.speech.sound import FRAME_S, HEARD_FRAME, Pcm
from bench.talk.play import Trial, write
from bench.talk.voices import MODELS_DIR

SILENCES_S = (0.5, 0.78)
OPENS_S = 0.2  # speech that interrupts, as in most frameworks
OPEN, CLOSE = 0.5, 0.35
PIPECAT = "PIPECAT_PYTHON"  # in the environment: a Python that has pipecat-ai


@dataclass(frozen=True, slots=True)
class Heard:
    """What a rival made of a recording, in seconds of it."""

    ends: list[float]  # turns that it took for over
    interruptions: list[float]  # when it would have fallen silent, had it been speaking


def speech(caller: Pcm) -> list[bool]:
    """Is there speech, frame by frame?"""
    activity = SileroActivity(MODELS_DIR)
    found, speaking = [], False
    for at in range(0, len(caller) - HEARD_FRAME + 1, HEARD_FRAME):
        probability = activity.speech(caller[at : at + HEARD_FRAME])
        if probability is not None:
            speaking = probability >= (CLOSE if speaking else OPEN)
        found.append(speaking)
    return found


def by_silence(frames: Sequence[bool], silence_s: float) -> Heard:
    ends: list[float] = []
    interruptions: list[float] = []
    spoken_s = silent_s = 0.0
    is_open = False
    for number, speaks in enumerate(frames, 1):
        if speaks:
            spoken_s, silent_s = spoken_s + FRAME_S, 0.0
            if not is_open and spoken_s >= OPENS_S - 1e-6:
                is_open = True
                interruptions.append(number * FRAME_S)
            continue
        spoken_s, silent_s = 0.0, silent_s + FRAME_S
        if is_open and silent_s >= silence_s - 1e-6:
            is_open = False
            ends.append(number * FRAME_S)
    return Heard(ends, interruptions)


def silence_alone(trials: Sequence[Trial]) -> dict[str, list[Heard]]:
    frames = [speech(trial.caller) for trial in trials]
    return {f"silence {each * 1000:.0f} ms": [by_silence(one, each) for one in frames] for each in SILENCES_S}


def pipecat(trials: Sequence[Trial]) -> dict[str, list[Heard]]:
    """Empty where it is not installed."""
    python = os.environ.get(PIPECAT, "")
    if not python:
        return {}
    child = Path(__file__).with_name("pipecat_child.py")
    with tempfile.TemporaryDirectory() as folder:
        for number, trial in enumerate(trials):
            trial.name = trial.name or f"{number:04}"
            write(trial, Path(folder))
        names = [f"{folder}/{trial.name}.wav" for trial in trials]
        done = subprocess.run([python, str(child)], input="\n".join(names), capture_output=True, text=True)
    if done.returncode:
        print(f"Pipecat could not be run: {done.stderr[-400:]}")
        return {}
    return {"Pipecat": [Heard(**json.loads(line)) for line in done.stdout.splitlines()]}


def cut_off(trial: Trial, heard: Heard) -> bool:
    """Did a turn end between the first word and the last one?"""
    first, last = trial.pieces[0][0], trial.pieces[-1][1]
    return any(first < end < last for end in heard.ends)


def stopped_s(trial: Trial, heard: Heard) -> float | None:
    """Seconds after the other sound's onset at which it fell silent; None where it went on."""
    return next((at - trial.over_s[0] for at in heard.interruptions if at > trial.over_s[0]), None)


def waits_ms(trials: Sequence[Trial], heard: Sequence[Heard]) -> list[float]:
    """From the end of a turn to the moment at which it is known to be over."""
    found = [
        next((end - trial.pieces[-1][1] for end in one.ends if end > trial.pieces[-1][1]), np.nan)
        for trial, one in zip(trials, heard, strict=True)
    ]
    return [each * 1000 for each in found if not np.isnan(each)]
