"""Hearing by Moonshine: English, whole segments; tiny takes a tenth of a second for a question, base three times that.

The model turns a segment into tokens, one after the other, each from all before it. Only a segment that voice activity
opened may come here: on pure noise the model invents words.
"""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agents.speech import inference
from agents.speech.heard import Heard
from agents.speech.providers import weights
from agents.speech.providers.base import ProviderError
from agents.speech.sound import HEARD_HZ, Pcm, as_float


@dataclass(frozen=True, slots=True)
class Size:
    """One of the models: its files, and the shape of what its decoder keeps in mind."""

    encoder: str
    decoder: str
    layers: int
    heads: int
    head_size: int

    @property
    def needs(self) -> tuple[str, ...]:
        return self.encoder, self.decoder, "moonshine pieces"  # both have the same pieces


TINY = Size("moonshine encoder", "moonshine decoder", 6, 8, 36)
BASE_FOLDER = "moonshine_js-0.1.12"  # below the models folder; `manage.py better_ear` fills it
BASE = Size("moonshine base encoder", "moonshine base decoder", 8, 8, 52)
BEGIN, END = 1, 2
TOKENS_PER_S, TOKENS_MORE = 6.5, 6  # nobody speaks faster; a segment that wants more tokens is going round in circles
SHORTEST_S, LONGEST_S = 0.1, 30.0
PADDED_S = 0.6  # shorter segments get silence behind them
_NEAR_LOGITS = 12.0  # what is further below the likeliest token adds nothing to the sum
DOUBTFUL_S = 1.3  # a lone "you" in half a second of sound, with the quiet kept around it, is noise

_SPACE = "▁".encode()
_MARKS = (b"?", b".", b",", b"!")
# The model was trained on old books.
_OLD = re.compile(r"\b(to)-(day|morrow|night)\b|\b(good)-(bye)\b", re.IGNORECASE)


class MoonshineHearing:
    """Shared by all calls of a process."""

    languages: tuple[str, ...] = ("en",)

    def __init__(self, models_dir: Path, size: Size = TINY) -> None:
        self._models_dir = models_dir
        self._size = size
        self._pieces: list[bytes] = []
        self._marks: list[int] = []  # their tokens, the question mark first

    def load(self) -> None:
        """Bring the model into memory. Raises ProviderError."""
        weights.session(self._size.encoder, self._models_dir)
        weights.session(self._size.decoder, self._models_dir)
        if not self._pieces:
            self._pieces = read_pieces(weights.read("moonshine pieces", self._models_dir))
            self._marks = [self._pieces.index(mark) for mark in _MARKS]

    async def hear(self, pcm_16k: Pcm, *, language: str, who: Hashable = None, final: bool = True) -> Heard:
        if language.split("-")[0].lower() not in self.languages:
            raise ProviderError(f"Moonshine hears English, not {language}.", permanent=True)
        if len(pcm_16k) < SHORTEST_S * HEARD_HZ:
            return Heard()
        return await inference.shared().run(lambda: self._hear(pcm_16k), who=who)

    def _hear(self, pcm_16k: Pcm) -> Heard:
        self.load()
        sound = as_float(pcm_16k[: int(LONGEST_S * HEARD_HZ)])
        seconds = len(sound) / HEARD_HZ
        if seconds < PADDED_S:
            sound = np.pad(sound, (0, int(PADDED_S * HEARD_HZ) - len(sound)))
        tokens, sure, asks = self._decode(sound)
        text = tidy(join_pieces(tokens, self._pieces), seconds)
        if not text:
            return Heard()
        return Heard(text, sure_of_words([self._pieces[token] for token in tokens], sure), asks=round(asks, 3))

    def _decode(self, sound: npt.NDArray[np.float32]) -> tuple[list[int], list[float], float]:
        """The likeliest tokens, one after the other, how likely each was, and a question mark in place of the last."""
        size = self._size
        encoder = weights.session(size.encoder, self._models_dir)
        decoder = weights.session(size.decoder, self._models_dir)
        inputs: dict[str, npt.NDArray[np.generic]] = {
            "input_values": sound[None],
            "attention_mask": np.ones((1, len(sound)), np.int64),
        }
        wanted = {i.name for i in encoder.get_inputs()}
        encoded = encoder.run(None, {name: value for name, value in inputs.items() if name in wanted})[0]
        takes_mask = any(i.name == "encoder_attention_mask" for i in decoder.get_inputs())
        cache = {
            f"past_key_values.{layer}.{side}.{kind}": np.zeros((0, size.heads, 1, size.head_size), np.float32)
            for layer in range(size.layers)
            for side in ("decoder", "encoder")
            for kind in ("key", "value")
        }
        token, tokens, sure, asks = BEGIN, [], [], 0.0
        for step in range(int(len(sound) / HEARD_HZ * TOKENS_PER_S) + TOKENS_MORE):
            feed = {
                "input_ids": np.array([[token]], np.int64),
                "encoder_hidden_states": encoded,
                "use_cache_branch": np.array([step > 0]),
                **cache,
            }
            if takes_mask:
                feed["encoder_attention_mask"] = inputs["attention_mask"]
            logits, *present = decoder.run(None, feed)
            token = int(logits[0, -1].argmax())
            if token == END:
                break
            tokens.append(token)
            sure.append(_share(logits[0, -1], token))
            asks = asks_at_mark(logits[0, -1], token, self._marks)
            for name, value in zip(cache, present, strict=True):
                if step == 0 or ".decoder." in name:  # the encoder's side never changes after the first step
                    cache[name] = value
        return tokens, sure, asks


def asks_at_mark(logits: npt.NDArray[np.float32], token: int, marks: Sequence[int]) -> float:
    """The share of the question mark among the marks, where one of them was put."""
    if token not in marks:
        return 0.0
    near = np.exp(logits[marks] - logits[token])
    return float(near[0] / near.sum())


def _share(logits: npt.NDArray[np.float32], token: int) -> float:
    """How likely the token is among all others. Only those near it count, which spares most of the work."""
    near = logits[logits > logits[token] - _NEAR_LOGITS]
    return float(1 / np.exp(near - logits[token]).sum())


def read_pieces(content: bytes) -> list[bytes]:
    """The pieces of words: each a length of one or two bytes, then as many bytes."""
    pieces, at = [], 0
    while at < len(content):
        length = content[at]
        at += 1
        if length >= 128:
            length = content[at] * 128 + length - 128
            at += 1
        pieces.append(content[at : at + length])
        at += length
    return pieces


def join_pieces(tokens: list[int], pieces: list[bytes]) -> str:
    """The text of tokens; "" when it is no text at all, which happens on noise."""
    found = [pieces[token] for token in tokens]
    raw = b"".join(bytes([int(p[3:5], 16)]) if re.fullmatch(rb"<0x[0-9A-F]{2}>", p) else p for p in found)
    try:
        return raw.decode().replace("▁", " ")
    except UnicodeDecodeError:
        return ""


def sure_of_words(pieces: Sequence[bytes], sure: Sequence[float]) -> tuple[float, ...]:
    """How sure each word is: as sure as all its pieces together. Marks between words are left out of it."""
    found: list[float] = []
    begins = True
    for piece, share in zip(pieces, sure, strict=True):
        begins = begins or piece.startswith(_SPACE)
        if piece == _SPACE:
            continue
        if begins:
            found.append(1.0)
            begins = False
        if any(letter.isalnum() for letter in piece.decode(errors="ignore")):
            found[-1] *= share
    return tuple(round(each, 3) for each in found)


def tidy(text: str, seconds: float) -> str:
    """What a person would have written down, or "" for what nobody said."""
    text = " ".join(_OLD.sub(lambda m: (m[1] or m[3]) + (m[2] or m[4]), text).split())
    if not any(c.isalnum() for c in text):
        return ""
    if seconds < DOUBTFUL_S and re.fullmatch(r"\W*you\W*", text, re.IGNORECASE):
        return ""
    return text
