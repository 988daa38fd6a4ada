"""The constants of a model's file, read and replaced without the package that is made for it.

A file of this kind (protocol buffers) is a list of fields: a number, a kind, a content. Field 7 of a model is its
graph, field 5 of a graph a constant; of a constant 1 are its sizes, 2 its type, 8 its name, 9 its numbers.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from agents.speech.providers.onnx_graph import constant, field

_GRAPH, _CONSTANT = 7, 5
_SIZE, _TYPE, _NAME, _NUMBERS = 1, 2, 8, 9
_WIDTHS = {1: 8, 5: 4}  # bytes of the kinds that have one width; 0 is a number, 2 tells its length
_TYPES: dict[Any, type] = {1: np.float32, 3: np.int8, 7: np.int64}

Arrays = dict[str, npt.NDArray[Any]]


def read(model: bytes) -> Arrays:
    """Those of the types above whose numbers stand in the file as bytes."""
    found: Arrays = {}
    graph = next(content for number, content, _ in _fields(memoryview(model)) if number == _GRAPH)
    for number, content, _ in _fields(graph):
        if number != _CONSTANT:
            continue
        parts = [(each, value) for each, value, _ in _fields(content)]
        sizes, told = [value for each, value in parts if each == _SIZE], dict(parts)
        if told.get(_TYPE) in _TYPES and _NUMBERS in told:
            found[_name(content)] = np.frombuffer(told[_NUMBERS], _TYPES[told[_TYPE]]).reshape(sizes)
    return found


def added(model: bytes, more: Arrays) -> bytes:
    """The model with `more` added to its constants: `NAME` in eight bits, `NAME scale` for each column.

    Matrices that the file has in eight bits (`NAME_q`, `NAME_scale`) become floats over the same scale, which its graph
    takes as well: the steps of bytes are wider than what is added. Raises KeyError for a constant that is not there.
    """
    own = read(model)
    sums: Arrays = {}
    for name in (name for name in more if f"{name} scale" in more):
        change = more[name] * more[f"{name} scale"].astype(np.float32)
        if f"{name}_q" in own:
            sums[f"{name}_q"] = own[f"{name}_q"] + change / own[f"{name}_scale"]
        else:
            sums[name] = own[name] + change
    parts = []
    for number, content, whole in _fields(memoryview(model)):
        parts.append(field(number, _replaced(content, sums)) if number == _GRAPH else whole)
    return b"".join(parts)


def _replaced(graph: memoryview, sums: Arrays) -> bytes:
    parts: list[bytes | memoryview] = []
    for number, content, whole in _fields(graph):
        name = _name(content) if number == _CONSTANT else ""
        parts.append(field(_CONSTANT, constant(name, sums[name])) if name in sums else whole)
    return b"".join(parts)


def _name(constant: memoryview) -> str:
    return next(bytes(content).decode() for number, content, _ in _fields(constant) if number == _NAME)


def _fields(data: memoryview) -> Iterator[tuple[int, Any, memoryview]]:
    """Number, content and the whole of each field. A number's content is the number."""
    at = 0
    while at < len(data):
        start = at
        key, at = _number(data, at)
        kind = key & 7
        content: int | memoryview
        if kind == 0:
            content, at = _number(data, at)
        else:
            length, at = (_WIDTHS[kind], at) if kind in _WIDTHS else _number(data, at)
            content, at = data[at : at + length], at + length
        yield key >> 3, content, data[start:at]


def _number(data: memoryview, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where it ends."""
    found = shift = 0
    while True:
        found |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return found, at
