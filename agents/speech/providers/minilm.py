"""Meaning of sentences by all-MiniLM-L6-v2 in 8 bits: 384 numbers each, a few milliseconds a question.

Its upper layers were taught how people ask for what a business answers (bench/encoders; `taught/README.md`).
"""

from collections.abc import Hashable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from onnxruntime import InferenceSession

from agents.speech import inference
from agents.speech.providers import weights
from agents.speech.providers.word_pieces import WordPieces

NEEDS = ("minilm", "minilm taught", "bert pieces")
LONGEST = 256  # pieces; what stands behind them does not count
BATCH = 16  # sentences at a time: others get their turn in between
DIMENSIONS = 384


class MiniLmMeaning:
    """Shared by all calls of a process."""

    parts = (("minilm", DIMENSIONS),)

    def __init__(self, models_dir: Path) -> None:
        self._models_dir = models_dir
        self._pieces: WordPieces | None = None

    def load(self) -> None:
        """Bring the model into memory. Raises ProviderError."""
        weights.session("minilm", self._models_dir, taught="minilm taught")
        if self._pieces is None:
            self._pieces = WordPieces(weights.read("bert pieces", self._models_dir).decode())

    async def vectors(self, texts: Sequence[str], *, who: Hashable = None) -> npt.NDArray[np.float32]:
        parts = [np.zeros((0, DIMENSIONS), np.float32)]
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            parts.append(await inference.shared().run(partial(self.encode, batch), who=who))
        return np.concatenate(parts)

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """The vectors, here and now: for the pool. Raises ProviderError."""
        self.load()
        assert self._pieces
        model = weights.session("minilm", self._models_dir, taught="minilm taught")
        # One at a time: sentences padded to one length would cost more, and 8-bit sums would hang on their company.
        return np.stack([self._vector(model, self._pieces.ids(text, LONGEST)) for text in texts])

    def _vector(self, model: InferenceSession, ids: list[int]) -> npt.NDArray[np.float32]:
        feed = {
            "input_ids": np.array([ids], np.int64),
            "attention_mask": np.ones((1, len(ids)), np.int64),
            "token_type_ids": np.zeros((1, len(ids)), np.int64),
        }
        wanted = {i.name for i in model.get_inputs()}
        states = model.run(None, {name: value for name, value in feed.items() if name in wanted})[0]
        mean = states[0].mean(axis=0) if states.ndim == 3 else states[0]
        return (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
