"""Hearing by Whisper base: German, Spanish, French, Italian, and English where nothing better is there.

Four times the work of the English engine, so it is loaded only where a project speaks one of these languages. It also
tells which of a project's languages a segment is in.

The model was trained on half a minute at a time and pads to that. A segment gets as much silence behind it as it needs
and no more: the work grows with the window.
"""

import os
import re
import threading
from collections.abc import Hashable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from agents.speech import inference
from agents.speech.heard import Heard
from agents.speech.providers import memory, weights
from agents.speech.providers.base import ProviderError
from agents.speech.providers.log_mel import FRAMES_PER_S, log_mel
from agents.speech.sound import HEARD_HZ, Pcm, as_float

FILES = {
    "config.json": ("whisper settings",),
    "vocabulary.txt": ("whisper pieces",),
    "model.bin": ("whisper first half", "whisper second half"),
}
NEEDS = tuple(name for names in FILES.values() for name in names)
LANGUAGES = ("de", "es", "fr", "it", "en")

SHORTEST_S, LONGEST_S = 0.1, 29.0
WINDOWS_S = (6.0, 12.0, 20.0, 30.0)  # of sound and silence; the smallest that leaves room is taken
ROOM_S = 1.0  # of silence behind the words
TOKENS_PER_S, TOKENS_MORE = 8, 8  # nobody speaks faster; a segment that wants more tokens is going round in circles
NO_SPEECH = 0.6  # as probable as this, and the words doubtful, nobody spoke
DOUBTFUL = -0.8  # mean log probability of a token

Numbers = npt.NDArray[np.float32]
# What the model writes where nobody speaks: it learned from subtitles.
_SUBTITLES = re.compile(
    r"\W*(?:untertitel\b.*|subtitle[sd]?\b.*|sous-titr\w+\b.*|subtítulos\b.*|sottotitoli\b.*|amara\.org.*|copyright\b.*"
    r"|vielen dank (?:für's|fürs|für das) (?:zuschauen|zusehen)\W*|thanks for watching\W*|\[[^\]]*\]|\([^)]*\)|♪.*)\W*",
    re.IGNORECASE,
)


def is_installed() -> bool:
    return find_spec("ctranslate2") is not None


class WhisperHearing:
    """Shared by all calls of a process."""

    languages = LANGUAGES

    def __init__(self, models_dir: Path) -> None:
        self._models_dir = models_dir
        self._lock = threading.Lock()
        self._model: Any = None

    def load(self) -> None:
        """Bring the model into memory. Raises ProviderError."""
        with self._lock:
            if self._model is None:
                self._model = self._made()

    def _made(self) -> Any:
        try:
            import ctranslate2

            # Out of a folder: what it is given in memory it never lets go of, twice as much as the model needs.
            with TemporaryDirectory() as folder:
                self._lay_out(Path(folder))
                made = ctranslate2.models.Whisper(
                    folder,
                    device="cpu",
                    compute_type="int8",
                    inter_threads=os.cpu_count() or 1,
                    intra_threads=1,  # the pool is the parallelism; a call never takes more than one core
                )
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            raise ProviderError(f"Whisper does not run here: {error}", permanent=True) from error
        memory.give_back()
        return made

    def _lay_out(self, folder: Path) -> None:
        """The files as the engine wants them, each checked. Raises ProviderError."""
        for file, parts in FILES.items():
            with (folder / file).open("wb") as whole:
                for name in parts:
                    whole.write(weights.read(name, self._models_dir))

    async def hear(self, pcm_16k: Pcm, *, language: str, who: Hashable = None, final: bool = True) -> Heard:
        short = language.split("-")[0].lower()
        if short not in self.languages:
            raise ProviderError(f"Whisper is not used for {language}.", permanent=True)
        if len(pcm_16k) < SHORTEST_S * HEARD_HZ:
            return Heard()
        return Heard(await inference.shared().run(lambda: self._words(pcm_16k, short), who=who))

    async def language(self, pcm_16k: Pcm, among: Sequence[str], *, who: Hashable = None) -> dict[str, float]:
        """How probable each of these languages is, as shares of one. Raises ProviderError."""
        return await inference.shared().run(lambda: self._language(pcm_16k, among), who=who)

    def _words(self, pcm_16k: Pcm, language: str) -> str:
        self.load()
        features, seconds = _features(pcm_16k)
        prompt = ["<|startoftranscript|>", f"<|{language}|>", "<|transcribe|>", "<|notimestamps|>"]
        try:
            found = self._model.generate(
                features,
                [prompt],
                beam_size=1,
                max_length=len(prompt) + int(seconds * TOKENS_PER_S) + TOKENS_MORE,
                return_scores=True,
                return_no_speech_prob=True,
            )[0]
        except RuntimeError as error:
            raise ProviderError(f"Whisper failed: {error}") from error
        if found.no_speech_prob > NO_SPEECH and found.scores[0] < DOUBTFUL:
            return ""
        return tidy(join_pieces(found.sequences[0]))

    def _language(self, pcm_16k: Pcm, among: Sequence[str]) -> dict[str, float]:
        self.load()
        features, _seconds = _features(pcm_16k)
        try:
            told = dict(self._model.detect_language(features)[0])
        except RuntimeError as error:
            raise ProviderError(f"Whisper failed: {error}") from error
        found = {each: told.get(f"<|{each.split('-')[0].lower()}|>", 0.0) for each in among}
        whole = sum(found.values()) or 1.0
        return {each: probability / whole for each, probability in found.items()}


def _features(pcm_16k: Pcm) -> tuple[Any, float]:
    """A segment as the model takes it, and its seconds."""
    import ctranslate2

    sound = as_float(pcm_16k[: int(LONGEST_S * HEARD_HZ)])
    seconds = len(sound) / HEARD_HZ
    window_s = next(each for each in WINDOWS_S if each >= seconds + min(ROOM_S, WINDOWS_S[-1] - seconds))
    padded = np.pad(sound, (0, int(window_s * HEARD_HZ) - len(sound)))
    features = log_mel(padded)[:, : int(window_s * FRAMES_PER_S)]
    return ctranslate2.StorageView.from_array(features[None]), seconds


@lru_cache(maxsize=1)
def _bytes_of_signs() -> dict[str, int]:
    """Pieces are written in signs that can be seen: one for each byte."""
    seen = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    signs = {chr(byte): byte for byte in seen}
    unseen = (byte for byte in range(256) if byte not in set(seen))
    return signs | {chr(256 + number): byte for number, byte in enumerate(unseen)}


def join_pieces(pieces: Sequence[str]) -> str:
    """The text of pieces, without what is no word: marks of the model's own, and bytes that are no text."""
    known = _bytes_of_signs()
    text = "".join(piece for piece in pieces if not (piece.startswith("<|") and piece.endswith("|>")))
    return bytes(known[sign] for sign in text if sign in known).decode("utf-8", "ignore")


def tidy(text: str) -> str:
    """What a person would have written down, or "" for what nobody said."""
    text = " ".join(text.split())
    if not any(sign.isalnum() for sign in text) or _SUBTITLES.fullmatch(text):
        return ""
    return text
