"""An inner value of a model, given out beside its outputs, without touching the file.

In the files of this kind (protocol buffers) a part that comes twice is merged: a few bytes behind the file add an
output to its graph.
"""


def _length_delimited(field: int, content: bytes) -> bytes:
    return bytes([field << 3 | 2, len(content)]) + content


_FLOAT_TENSOR = _length_delimited(2, _length_delimited(1, bytes([8, 1])))


def tail(name: str) -> bytes:
    """What to put behind a model to have that float tensor given out: graph { output { name, type } }."""
    return _length_delimited(7, _length_delimited(12, _length_delimited(1, name.encode()) + _FLOAT_TENSOR))
