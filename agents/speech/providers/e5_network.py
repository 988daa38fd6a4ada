"""E5's network as onnxruntime runs it: the four-bit numbers stay as they are, only dealt out in its order of halves."""

import math

import numpy as np

from agents.speech.providers.e5_file import BLOCK, E5File, opened
from agents.speech.providers.onnx_graph import MICROSOFT, Graph

GIVEN, WANTED = "pieces", "meaning"
_WHOLE_NUMBERS = 4  # products of bytes, as far as the runtime has them


def network(file: E5File) -> bytes:
    """From the sums of the vectors of pieces, places and kinds, one row a piece, to the mean of what comes out."""
    sizes, graph = file.sizes, Graph()
    head = sizes.width // sizes.heads
    three_apart, as_before = graph.constant(np.array([-1, 3 * sizes.heads, head])), graph.constant([-1, sizes.width])
    edges = [graph.constant(np.array([place * sizes.heads])) for place in range(4)]
    first_axis, less = graph.constant(np.array([0])), graph.constant(np.array([1 / math.sqrt(head)], np.float32))

    def product(rows: str, names: tuple[str, ...], wide: int, into: int) -> str:
        blocks = np.concatenate([file.blocks(f"{name}.w", into // len(names)) for name in names])
        scales, four_bits = opened(blocks)
        halves = (four_bits[..., 0::2] | four_bits[..., 1::2] << 4).astype(np.uint8)
        found = graph.node(
            "MatMulNBits",
            rows,
            graph.constant(halves),
            graph.constant(scales.reshape(-1)),
            domain=MICROSOFT,
            K=wide,
            N=into,
            bits=4,
            block_size=BLOCK,
            accuracy_level=_WHOLE_NUMBERS,
        )
        return graph.node("Add", found, graph.constant(np.concatenate([file.floats(f"{name}.b") for name in names])))

    def evened(rows: str, name: str) -> str:
        gain, level = (graph.constant(file.floats(f"{name}.{part}")) for part in "wb")
        return graph.node("LayerNormalization", rows, gain, level, axis=-1, epsilon=sizes.least)

    rows = evened(GIVEN, "emb.ln")
    for layer in range(sizes.layers):
        own = f"l{layer}"
        three = product(rows, (f"{own}.q", f"{own}.k", f"{own}.v"), sizes.width, 3 * sizes.width)
        heads = graph.node("Transpose", graph.node("Reshape", three, three_apart), perm=[1, 0, 2])
        asks, keys, values = (
            graph.node("Slice", heads, edges[place], edges[place + 1], first_axis) for place in range(3)
        )
        close = graph.node("MatMul", graph.node("Mul", asks, less), graph.node("Transpose", keys, perm=[0, 2, 1]))
        seen = graph.node("MatMul", graph.node("Softmax", close, axis=-1), values)
        joined = graph.node("Reshape", graph.node("Transpose", seen, perm=[1, 0, 2]), as_before)
        rows = evened(graph.node("Add", rows, product(joined, (f"{own}.ao",), sizes.width, sizes.width)), f"{own}.aln")
        inner = graph.node("Gelu", product(rows, (f"{own}.fi",), sizes.width, sizes.inner), domain=MICROSOFT)
        rows = evened(graph.node("Add", rows, product(inner, (f"{own}.fo",), sizes.inner, sizes.width)), f"{own}.oln")
    graph.node("ReduceMean", rows, to=WANTED, axes=[0], keepdims=0)
    return graph.model((GIVEN, ("count", sizes.width)), (WANTED, (sizes.width,)))
