"""Phonemes from eSpeak, which runs in a separate process: 0.1 ms a clause. Blocking: ask from the pool."""

import ctypes.util
import importlib.util
from collections.abc import Sequence
from functools import cache

from agents.speech.providers.helper_process import HelperProcess

process = HelperProcess("espeak_child.py", "eSpeak")


@cache
def is_installed() -> bool:
    """Whether the library is there: from its package, or the system's own."""
    return importlib.util.find_spec("espeakng_loader") is not None or bool(ctypes.util.find_library("espeak-ng"))


def phonemes(texts: Sequence[str], voice: str) -> list[str]:
    """IPA for each text, words parted by spaces. Raises ProviderError."""
    return process.ask({"voice": voice, "texts": list(texts)})["phonemes"]
