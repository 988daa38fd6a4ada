"""The English encoder as a function of its numbers, for jax: the network of the file that onnxruntime runs."""

import re
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from agents.speech.providers import onnx_constants, weights
from agents.speech.providers.minilm import MiniLmMeaning
from agents.speech.providers.word_pieces import WordPieces

WIDTH, HEADS, LAYERS = 384, 12, 6
TAUGHT_FROM = 3  # the layers below never change
_HEAD = WIDTH // HEADS
_MATRICES = ("query", "key", "value", "mixed", "wide", "narrow")  # in the order of the file, layer by layer
_VECTORS = {
    "query level": "attention.self.query.bias",
    "key level": "attention.self.key.bias",
    "value level": "attention.self.value.bias",
    "mixed level": "attention.output.dense.bias",
    "first gain": "attention.output.LayerNorm.weight",
    "first shift": "attention.output.LayerNorm.bias",
    "wide level": "intermediate.dense.bias",
    "narrow level": "output.dense.bias",
    "second gain": "output.LayerNorm.weight",
    "second shift": "output.LayerNorm.bias",
}


class MiniLm:
    """Its upper layers are taught. `start`: their numbers, by the names of the file."""

    file, width, product = "minilm", WIDTH, MiniLmMeaning

    def __init__(self, models_dir: Path) -> None:
        given = onnx_constants.read(weights.read("minilm", models_dir))
        named = sorted((name for name in given if re.fullmatch(r"val_\d+_q", name)), key=lambda n: int(n.split("_")[1]))
        whole: dict[str, Any] = {name[:-2]: given[name] * given[f"{name[:-2]}_scale"] for name in named}
        self._names = []
        for layer in range(LAYERS):
            own = dict(zip(_MATRICES, (name[:-2] for name in named[layer * 6 :]), strict=False))
            own |= {part: f"inner.encoder.layer.{layer}.{name}" for part, name in _VECTORS.items()}
            whole |= {own[part]: given[own[part]] for part in _VECTORS}
            self._names.append(own)
        table = "inner.embeddings.{}_embeddings.weight"
        self._words, self._places = (
            given[table.format(each) + "_q"] * given[table.format(each) + "_scale"] for each in ("word", "position")
        )
        self._kind = given[table.format("token_type")][0]
        self._gain, self._shift = (given[f"inner.embeddings.LayerNorm.{each}"] for each in ("weight", "bias"))
        self.start = {name: whole[name] for own in self._names[TAUGHT_FROM:] for name in own.values()}
        self._below = jax.jit(partial(self._layers, self._names[:TAUGHT_FROM], whole))
        self._pieces = WordPieces(weights.read("bert pieces", models_dir).decode())

    def ids(self, text: str, longest: int) -> list[int]:
        return self._pieces.ids(text, longest)

    def features(self, ids: Any, there: Any) -> Any:
        """What comes out of the layers that never change."""
        given = self._words[ids] + self._places[: ids.shape[1]] + self._kind
        return np.asarray(self._below(_evened(given, self._gain, self._shift), there))

    def forward(self, p: Any, rows: Any, there: Any) -> Any:
        rows = self._layers(self._names[TAUGHT_FROM:], p, rows, there)
        mean = (rows * there[..., None]).sum(axis=1) / there.sum(axis=1)[:, None]
        return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)

    def _layers(self, names: list[dict[str, str]], p: Any, rows: Any, there: Any) -> Any:
        for own in names:
            rows = self._layer({part: p[name] for part, name in own.items()}, rows, there)
        return rows

    @staticmethod
    def _layer(p: dict[str, Any], rows: Any, there: Any) -> Any:
        many, long, _ = rows.shape

        def by_head(part: str) -> Any:
            return (rows @ p[part] + p[f"{part} level"]).reshape(many, long, HEADS, _HEAD).transpose(0, 2, 1, 3)

        far = by_head("query") @ by_head("key").transpose(0, 1, 3, 2) / np.sqrt(_HEAD)
        share = jax.nn.softmax(far + (1 - there[:, None, None]) * -1e9, axis=-1)
        seen = (share @ by_head("value")).transpose(0, 2, 1, 3).reshape(many, long, WIDTH)
        rows = _evened(rows + seen @ p["mixed"] + p["mixed level"], p["first gain"], p["first shift"])
        wide = jax.nn.gelu(rows @ p["wide"] + p["wide level"], approximate=False)
        return _evened(rows + wide @ p["narrow"] + p["narrow level"], p["second gain"], p["second shift"])


def _evened(rows: Any, gain: Any, shift: Any) -> Any:
    centred = rows - rows.mean(axis=-1, keepdims=True)
    return centred / jnp.sqrt((centred * centred).mean(axis=-1, keepdims=True) + 1e-12) * gain + shift
