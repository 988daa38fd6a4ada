"""Speech for browser tests: the clips, any sentence in our own voice, and what somebody would have understood."""

import asyncio
import re
import tempfile
import wave
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from agents.speech.providers.moonshine import MoonshineHearing
from agents.speech.providers.piper import PiperVoice
from agents.speech.sound import HEARD_HZ, SPOKEN_HZ, Pcm
from tests.browser.site import ROOT

CLIPS = ROOT / "tests" / "speech"
MODELS = ROOT / "data" / "models"
PIECE_S = 12.0  # hears in pieces: what is longer than a few sentences is cut where it is quiet
QUIET = 150  # amplitude
MISHEARD_MOST = 3  # words in a row

_NUMBERS = {"1": "one", "4": "four", "5": "five", "7": "seven", "9": "nine", "10": "ten"}


def clip(name: str) -> Path:
    return CLIPS / f"{name}.wav"


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: Playwright keeps an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@cache
def spoken(sentence: str) -> Path:
    """A file that says the sentence, for questions that no clip asks."""
    voice = PiperVoice(MODELS, name="joe", label="Joe", language="en")
    pcm = _run(voice.speak(sentence)).pcm
    path = Path(tempfile.mkdtemp(prefix="pickup-speech-")) / "said.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SPOKEN_HZ)
        file.writeframes(np.concatenate([pcm, np.zeros(SPOKEN_HZ // 5, np.int16)]).tobytes())
    return path


@cache
def _hearing() -> MoonshineHearing:
    return MoonshineHearing(MODELS)


def understood(pcm: Pcm) -> str:
    """The words in a recording of any length, at 16 kHz."""
    texts = [_run(_hearing().hear(piece, language="en")).text for piece in _pieces(pcm)]
    return " ".join(text for text in texts if text)


def _pieces(pcm: Pcm) -> list[Pcm]:
    """Speech with the long silences taken out, cut between sentences."""
    window = HEARD_HZ // 10
    loud = [np.abs(pcm[at : at + window].astype(np.int32)).max() > QUIET for at in range(0, len(pcm) - window, window)]
    pieces: list[Pcm] = []
    begin, silent = None, 0
    for at, is_loud in enumerate([*loud, *[False] * 4]):
        if is_loud:
            begin = at if begin is None else begin
            silent = 0
        elif begin is not None:
            silent += 1
            too_long = (at - begin) * 0.1 > PIECE_S
            if silent >= 4 or too_long:
                pieces.append(pcm[max(0, begin - 1) * window : (at + 1) * window])
                begin, silent = None, 0
    return [piece for piece in pieces if len(piece) >= HEARD_HZ // 4]


def plain(text: str) -> list[str]:
    """Words to compare: lower case, no punctuation, small numbers written out."""
    return [_NUMBERS.get(word, word) for word in re.findall(r"[a-z0-9']+", text.lower())]


def reached(planned: str, heard: str) -> int:
    """How many words into a planned text somebody got who heard this much of it.

    Counted up to the first gap: where sound breaks off, a recogniser says words again that stand further on by chance.
    """
    end = 0
    for block in SequenceMatcher(None, plain(planned), plain(heard), autojunk=False).get_matching_blocks():
        if block.size == 0 or block.a - end > MISHEARD_MOST:
            break
        end = block.a + block.size
    return end
