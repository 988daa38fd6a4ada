"""The multilingual encoder as a function of its numbers, for jax: the same as agents/speech/providers/usem3.py."""

from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from agents.speech.providers import weights
from agents.speech.providers.sentence_pieces import SentencePieces
from agents.speech.providers.usem3 import Usem3Meaning

WIDTH = 512
_CHUNKS, _BRANCHES, _BRANCH_WIDTH = 17, ((2, 0), (3, 1), (5, 2)), 256


class Usem3:
    """Everything but the table of pieces is taught."""

    file, width, product = "usem3", WIDTH, Usem3Meaning

    def __init__(self, models_dir: Path) -> None:
        given = weights.arrays("usem3", models_dir)
        rows, wide = given["q1"].shape
        self._table = np.empty((_CHUNKS * rows, wide), np.uint8)
        for chunk in range(_CHUNKS):
            self._table[chunk::_CHUNKS] = given.pop(f"q{chunk + 1}")
        self._scale, self._low, self._least = given.pop("scale"), given.pop("lo"), float(given.pop("eps"))
        given.pop("bits")
        self.start: dict[str, Any] = {name: np.asarray(value, np.float32) for name, value in given.items()}
        self._pieces = SentencePieces(weights.read("usem3 pieces", models_dir))

    def ids(self, text: str, longest: int) -> list[int]:
        return self._pieces.ids(text, longest)

    def features(self, ids: Any, there: Any) -> Any:
        """What the taught part is given: it never changes."""
        chunk = ids % _CHUNKS
        return self._table[ids] * self._scale[chunk][..., None] + self._low[chunk][..., None]

    def forward(self, p: Any, words: Any, there: Any) -> Any:
        into, shift, gain, level = (
            jnp.concatenate([p[f"{name}{size}"] for size, _ in _BRANCHES], axis=-1)
            for name in ("proj", "proj_b", "ln_g", "ln_b")
        )
        starts, columns = self._evened(words @ into + shift, gain, level), [words]
        for place, (size, left) in enumerate(_BRANCHES):
            seen = starts[..., place * _BRANCH_WIDTH : (place + 1) * _BRANCH_WIDTH] * there[..., None]
            for layer in ("1", "2"):
                padded = jnp.pad(seen, ((0, 0), (left, size - 1 - left), (0, 0)))
                windows = jnp.concatenate([padded[:, at : at + seen.shape[1]] for at in range(size)], axis=-1)
                more = jax.nn.relu(windows @ p[f"w{layer}_{size}"] + p[f"b{layer}_{size}"])
                seen = (more + seen) * there[..., None]
            columns.append(seen)
        found = self._evened(jnp.concatenate(columns, axis=-1), p["ln_g"], p["ln_b"]) * there[..., None]
        count = there.sum(axis=1)[:, None]
        mean = (found.sum(axis=1) @ p["cnn_W"] + count * p["cnn_b"]) / jnp.sqrt(count)
        first = jax.nn.relu(jax.nn.relu(mean @ p["d0"]) @ p["d1"] + mean @ p["p1"])
        last = jnp.tanh(jax.nn.relu(first @ p["d2"]) @ p["d3"] + first @ p["p3"])
        return last / jnp.linalg.norm(last, axis=-1, keepdims=True)

    def _evened(self, rows: Any, gain: Any, shift: Any) -> Any:
        centred = rows - rows.mean(axis=-1, keepdims=True)
        return centred / jnp.sqrt((centred * centred).mean(axis=-1, keepdims=True) + self._least) * gain + shift
