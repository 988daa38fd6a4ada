"""Writes a model that onnxruntime runs, without the package that is made for it: a graph is a few kinds of messages.

Only what E5 needs: floats, bytes and whole numbers as constants; numbers and lists of them as attributes.
"""

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np

MICROSOFT = "com.microsoft"  # operators that the runtime brings beside the standard's
TYPES = {np.dtype(np.float32): 1, np.dtype(np.uint8): 2, np.dtype(np.int64): 7}
_FORMAT, _OPERATORS = 8, 17  # versions
_INT, _FLOAT, _INTS = 2, 1, 7  # kinds of attributes

Value = tuple[str, Sequence[int | str]]  # a name and its sizes; a size that is not known has a name


class Graph:
    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._named = 0

    def constant(self, values: Any) -> str:
        name = self._name()
        self._constants.append(constant(name, values))
        return name

    def node(self, kind: str, *inputs: str, domain: str = "", to: str = "", **attributes: Any) -> str:
        """Adds one, and gives the name of what comes out of it."""
        name = to or self._name()
        content = b"".join(field(1, each) for each in inputs) + field(2, name) + field(4, kind)
        content += b"".join(field(5, field(1, key) + _attribute(value)) for key, value in attributes.items())
        self._nodes.append(content + (field(7, domain) if domain else b""))
        return name

    def model(self, given: Value, wanted: Value) -> bytes:
        """The whole: what is put in and what comes out are floats."""
        graph = b"".join(field(1, node) for node in self._nodes) + field(2, "graph")
        graph += b"".join(field(5, each) for each in self._constants) + field(11, _floats(given))
        graph += field(12, _floats(wanted))
        own = field(8, field(1, "") + field(2, _OPERATORS))
        return field(1, _FORMAT) + field(7, graph) + own + field(8, field(1, MICROSOFT) + field(2, 1))

    def _name(self) -> str:
        self._named += 1
        return f"v{self._named}"


def constant(name: str, values: Any) -> bytes:
    array = np.ascontiguousarray(values)
    sizes = b"".join(field(1, size) for size in array.shape)
    return sizes + field(2, TYPES[array.dtype]) + field(8, name) + field(9, array.tobytes())


def _number(value: int) -> bytes:
    """Seven bits a byte, the lowest first; negative ones as they are in 64 bits."""
    value &= (1 << 64) - 1
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def field(number: int, content: bytes | str | int | float) -> bytes:
    if isinstance(content, int):
        return _number(number << 3) + _number(content)
    if isinstance(content, float):
        return _number(number << 3 | 5) + struct.pack("<f", content)
    data = content.encode() if isinstance(content, str) else content
    return _number(number << 3 | 2) + _number(len(data)) + data


def _attribute(value: Any) -> bytes:
    if isinstance(value, float):
        return field(2, value) + field(20, _FLOAT)
    if isinstance(value, int):
        return field(3, value) + field(20, _INT)
    return b"".join(field(8, each) for each in value) + field(20, _INTS)


def _floats(value: Value) -> bytes:
    name, sizes = value
    shape = b"".join(field(1, field(1 if isinstance(size, int) else 2, size)) for size in sizes)
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, shape)))
