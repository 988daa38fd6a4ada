"""What a recording shows, computed from the sound of both channels. Nothing here is taken from the product."""

from collections.abc import Sequence

import numpy as np

from agents.speech.providers.resampling import resample
from agents.speech.sound import HEARD_HZ, SPOKEN_HZ, Pcm, as_float
from bench.talk.voices import Sound

STEP_S = 0.01
LOUD_DB = -46.0
SILENT_S = 0.3  # silence that is no pause between two words
BLIP_S = 0.04  # what is shorter is no sound of a voice
PIECE_S = 0.24  # of an answer, looked for in the recording …
ALIKE = 0.6  # … and found where it correlates so much


def spells(pcm: Pcm, join_s: float = SILENT_S) -> list[tuple[float, float]]:
    """From when to when it sounds, in seconds; silences shorter than `join_s` are within."""
    window = round(STEP_S * HEARD_HZ)
    frames = as_float(pcm[: len(pcm) // window * window]).reshape(-1, window)
    loud = 10 * np.log10((frames * frames).mean(axis=1) + 1e-12) > LOUD_DB
    found: list[tuple[float, float]] = []
    edges = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(np.int8), [0]])))
    for begin, end in edges.reshape(-1, 2):
        begin_s, end_s = begin * STEP_S, end * STEP_S
        if found and begin_s - found[-1][1] < join_s:
            found[-1] = found[-1][0], end_s
        else:
            found.append((begin_s, end_s))
    return [(begin, end) for begin, end in found if end - begin >= BLIP_S]


def onset(agent: Pcm, after_s: float) -> float | None:
    """When the agent is first heard after that."""
    return next((begin for begin, _ in spells(agent) if begin >= after_s), None)


def cut_off(agent: Pcm, pieces: Sequence[tuple[float, float]]) -> bool:
    """Did the agent begin between the first word and the last one of a turn?"""
    if len(pieces) < 2:
        return False
    first_end, last_end = pieces[0][1], pieces[-1][1]
    return any(first_end < begin < last_end for begin, _ in spells(agent))


def silent_after(agent: Pcm, onset_s: float) -> float | None:
    """Seconds from a sound's onset until the agent is silent; None where it never is, or was already."""
    for begin, end in spells(agent):
        if begin <= onset_s < end:
            return end - onset_s
    return None


def heard_times(agent: Pcm, clauses: Sequence[Sound]) -> list[list[int]]:
    """For each clause of an answer, how often each piece of it is in the recording, by correlation of the waves."""
    tape = as_float(agent)
    energy = np.concatenate([[0.0], np.cumsum(tape.astype(np.float64) ** 2)])
    return [
        [_count(tape, energy, piece) for piece in _cut(resample(clause, SPOKEN_HZ, HEARD_HZ))] for clause in clauses
    ]


def _cut(sound: Sound) -> list[Sound]:
    length = round(PIECE_S * HEARD_HZ)
    pieces = [sound[at : at + length] for at in range(0, len(sound) - length + 1, length)]
    loudest = max((float(np.square(piece).mean()) for piece in pieces), default=0.0)
    return [piece for piece in pieces if float(np.square(piece).mean()) > loudest * 0.1]


def _count(tape: Sound, energy: np.ndarray, piece: Sound) -> int:
    size = 1 << (len(tape) + len(piece) - 1).bit_length()
    spectrum = np.fft.rfft(tape, size) * np.conj(np.fft.rfft(piece, size))
    likeness = np.fft.irfft(spectrum, size)[: len(tape) - len(piece) + 1]
    own = float(np.sqrt(np.square(piece.astype(np.float64)).sum()))
    there = np.sqrt(np.maximum(energy[len(piece) :] - energy[: -len(piece)], 1e-9))
    alike = np.flatnonzero(likeness / (own * there) > ALIKE)
    return int(1 + (np.diff(alike) > len(piece) // 2).sum()) if len(alike) else 0


def went_on(times: Sequence[Sequence[int]]) -> bool:
    """Was the answer heard to its end? Its last pieces tell."""
    last = [count for clause in times for count in clause][-4:]
    return sum(count > 0 for count in last) >= 2


def lost_s(times: Sequence[Sequence[int]]) -> float:
    """Seconds of an answer that never sounded. A single piece may be lost to the fading of a hold."""
    flat = [count for clause in times for count in clause]
    missing = sum(count == 0 for count in flat)
    return max(0, missing - 1) * PIECE_S


def twice_s(times: Sequence[Sequence[int]]) -> float:
    """Seconds that sounded more than once."""
    return sum(count > 1 for clause in times for count in clause) * PIECE_S
