"""What is added to the constants of a model's file, and what the runtime then makes of it."""

import numpy as np
import pytest

from agents.speech.providers import onnx_constants, weights
from agents.speech.providers.onnx_graph import Graph, constant, field

TWO = np.array([[1, 0], [0, 1]], np.float32)


def model(*more):
    """What is given times a matrix, plus a row; `more` are constants besides."""
    graph = Graph()
    graph._constants += [constant("matrix", TWO), constant("row", np.array([10, 20], np.float32)), *more]
    graph.node("Add", graph.node("MatMul", "in", "matrix"), "row", to="out")
    return graph.model(("in", ["n", 2]), ("out", ["n", 2]))


def ran(content):
    return weights.made_session("tried", content).run(None, {"in": np.array([[3, 4]], np.float32)})[0].tolist()


def test_constants_are_read_by_name_and_a_model_to_which_nothing_is_added_stays_as_it_is():
    found = onnx_constants.read(model())
    assert found["matrix"].tolist() == TWO.tolist() and found["row"].tolist() == [10, 20]
    assert onnx_constants.added(model(), {}) == model()


def test_what_is_added_in_eight_bits_is_what_the_runtime_counts_with():
    more = {"matrix": np.array([[2, 0], [0, 4]], np.int8), "matrix scale": np.array([0.5, 0.25], np.float16)}
    more |= {"row": np.array([-10, 0], np.int8), "row scale": np.array([1], np.float16)}
    assert ran(model()) == [[13, 24]]
    assert ran(onnx_constants.added(model(), more)) == [[6, 28]]


def test_a_matrix_in_eight_bits_becomes_floats_over_its_own_scale():
    eight = field(1, 1) + field(1, 2) + field(2, 3) + field(8, "m_q") + field(9, np.array([5, -7], np.int8).tobytes())
    content = model(eight, constant("m_scale", np.array([[0.5, 2]], np.float32)))
    more = {"m": np.array([[1, 1]], np.int8), "m scale": np.array([0.25, 1], np.float16)}
    assert onnx_constants.read(content)["m_q"].tolist() == [[5, -7]]
    found = onnx_constants.read(onnx_constants.added(content, more))
    assert found["m_q"].dtype == np.float32 and found["m_q"].tolist() == [[5.5, -6.5]]


def test_a_constant_that_is_not_there_is_told():
    with pytest.raises(KeyError):
        onnx_constants.added(model(), {"none": np.ones(1, np.int8), "none scale": np.ones(1, np.float16)})
