"""Callers' questions in many voices and surroundings: made here, the same in every run.

Half of the businesses and of the voices are in sight while something is tuned; the others are held out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from agents.speech.providers.resampling import resample
from agents.speech.sound import HEARD_HZ, SPOKEN_HZ, Pcm, from_float
from bench.exam import data
from bench.exam.data import Business
from bench.talk import surroundings, voices
from bench.talk.voices import LEVEL_DB, Sound, at_level, silence

SEEN, HELD_OUT = ("bike", "dentist", "hotel", "pool"), ("appliances", "mover", "optician", "campsite")
SEEN_VOICES = ("piper:joe", "pico:en-GB", "espeak:en-us+m3", "hibari:heart")
HELD_OUT_VOICES = ("piper:joe~7", "pico:en-US", "espeak:en-gb+f2", "hibari:heart~-6")
LEAD_S, TRAIL_S = 0.8, 1.2  # of the surroundings alone, before and after

_BABBLE = (
    "So then she said that we should meet at the station, and I told her that I could not.",
    "It was raining the whole weekend, we stayed in and watched the football.",
    "No, the other one, on the table behind you, next to the blue bag.",
    "They moved to the country last year, and the children like it a lot.",
    "I will call you when I am on the train, it should be there by seven.",
    "You have to turn it off first, wait a minute, and then start it again.",
)


@dataclass(frozen=True, slots=True)
class Surrounding:
    name: str
    kind: str = ""  # of the noise
    snr_db: float = 0.0
    far: bool = False
    telephone: bool = False
    softer_db: float = 0.0


SURROUNDINGS = (
    Surrounding("clean"),
    *(
        Surrounding(f"{kind}, {snr_db} dB", kind, snr_db)
        for kind in ("street", "babble", "fan")
        for snr_db in (15, 10, 5)
    ),
    Surrounding("café, 10 dB", "café", 10),
    Surrounding("far and street, 15 dB", "street", 15, far=True),
    Surrounding("telephone, street, 10 dB", "street", 10, telephone=True),
    Surrounding("20 dB softer, street, 15 dB", "street", 15, softer_db=20),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the topics that answer it."""

    business: Business
    text: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mix:
    asked: Asked
    voice: str
    surrounding: Surrounding
    pcm_16k: Pcm


def questions(held_out: bool, each: int) -> list[Asked]:
    """As many questions of each business, evenly from all of its list."""
    found = []
    for key in HELD_OUT if held_out else SEEN:
        business = data.load(key)
        listed = business.content["questions"]
        for place in np.linspace(0, len(listed) - 1, each).astype(int):
            row = listed[place]
            found.append(Asked(business, row["q"], (business.topics[business.place(row["topic"])].name,)))
    return found


def mixes(held_out: bool, *, each: int = 12, voices_each: int = 2) -> Iterator[Mix]:
    """Every question in some of the voices and in all surroundings."""
    names = HELD_OUT_VOICES if held_out else SEEN_VOICES
    for number, asked in enumerate(questions(held_out, each)):
        for turn in range(voices_each):
            voice = names[(number + turn * 2 + number // len(names)) % len(names)]
            spoken = voices.say(voice, asked.text)
            for surrounding in SURROUNDINGS:
                yield Mix(asked, voice, surrounding, mixed(spoken, surrounding, seed=number))


def mixed(spoken: Sound, surrounding: Surrounding, *, seed: int = 0) -> Pcm:
    """A sentence in its surroundings, as the agent's ear gets it."""
    if surrounding.far:
        spoken = at_level(surroundings.far(spoken), LEVEL_DB)
    whole = np.concatenate([silence(LEAD_S), spoken, silence(TRAIL_S)])
    if surrounding.kind:
        noise = at_level(_noise(surrounding.kind), LEVEL_DB - surrounding.snr_db)
        start = (seed * 7919) % len(noise)
        whole = whole + np.resize(np.roll(noise, -start), len(whole))
    if surrounding.telephone:
        whole = surroundings.telephone(whole)
    whole = whole * np.float32(10 ** (-surrounding.softer_db / 20))
    return from_float(resample(whole, SPOKEN_HZ, HEARD_HZ))


@cache
def _noise(kind: str) -> Sound:
    match kind:
        case "street":
            return surroundings.noise(surroundings.Condition("street", snr_db=0))
        case "fan":
            return _fan()
        case "babble":
            return _babble()
    bangs = np.zeros(surroundings.LOOP_S * SPOKEN_HZ, np.float32)
    for number, bang in enumerate(("clatter", "knock", "keys", "cough") * 2):
        sound = surroundings.bang(bang, 3)
        at = round((number * 1.4 + 0.5) * SPOKEN_HZ)
        bangs[at : at + len(sound)] += sound[: len(bangs) - at]
    return at_level(_babble(), LEVEL_DB) + bangs


def _babble() -> Sound:
    """Six people at once, none of them near."""
    names = ("pico:en-US", "piper:joe~-8", "pico:en-GB", "hibari:heart~5", "piper:joe", "pico:en-US~10")
    loop = np.zeros(surroundings.LOOP_S * SPOKEN_HZ, np.float32)
    for number, (name, text) in enumerate(zip(names, _BABBLE, strict=True)):
        said = voices.say(name, text)
        pause = silence(0.4)
        loop += np.roll(np.resize(np.concatenate([said, pause]), len(loop)), number * 31_000)
    return surroundings.far(loop)


def _fan() -> Sound:
    """A motor's hum and its air."""
    count = surroundings.LOOP_S * SPOKEN_HZ
    at = np.arange(count) / SPOKEN_HZ
    hum = sum(np.sin(2 * np.pi * 100 * times * at + times) / times for times in range(1, 9))
    drawn = np.random.default_rng(11).normal(0, 1, count)
    spectrum = np.fft.rfft(drawn)
    hz = np.fft.rfftfreq(count, 1 / SPOKEN_HZ)
    air = np.fft.irfft(spectrum / (1 + (hz / 1500) ** 2), count)
    return (hum + 2.5 * air / air.std()).astype(np.float32)
