"""What was learned, as it ships: what is added to each array, in eight bits with a scale for each column."""

from typing import Any

import numpy as np


def packed(start: dict[str, Any], taught: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in taught.items():
        more = np.asarray(value, np.float32) - start[name]
        scale = np.abs(more).max(axis=0) / 127 if more.ndim > 1 else np.abs(more).max(keepdims=True) / 127
        found[name] = np.rint(more / np.maximum(scale, 1e-12)).astype(np.int8)
        found[f"{name} scale"] = scale.astype(np.float16)
    return found


def opened(start: dict[str, Any], file: dict[str, Any]) -> dict[str, Any]:
    """The arrays that such a file makes of those it was packed beside."""
    return {
        name: value + file[name] * file[f"{name} scale"].astype(np.float32) if name in file else value
        for name, value in start.items()
    }
