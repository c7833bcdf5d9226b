"""A network as an ONNX file: with what is computed of the data before it, and of its outputs after it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnplay.datasets.features import COORDINATES, applicable, feature_programs
from nnplay.datasets.input_columns import chosen
from nnplay.engine import Network
from nnplay.engine.activations import ELU, Activation, LeakyReLU
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.preparation import TargetScaling
from nnplay.experiment.export.onnx_graph import Graph
from nnplay.refusal import Refusal
from nnplay.validation import must_be

#: What the input and the output are called.
INPUT, OUTPUT = "X", "outputs"

#: A formula's operators and functions, by what its program calls them.
_OPERATORS = {
    "+": "Add", "-": "Sub", "*": "Mul", "/": "Div", "**": "Pow", "neg": "Neg", "sin": "Sin", "cos": "Cos", "tan": "Tan",
    "tanh": "Tanh", "exp": "Exp", "log": "Log", "sqrt": "Sqrt", "abs": "Abs", "sign": "Sign", "floor": "Floor",
    "min": "Min", "max": "Max",
}  # fmt: skip
_TWO = {"+", "-", "*", "/", "**", "min", "max"}
_OUTPUTS = {"identity": "Identity", "sigmoid": "Sigmoid", "softmax": "Softmax"}


def _silu(graph: Graph, z: str) -> str:
    return graph.add("Mul", z, graph.add("Sigmoid", z))


def _gelu(graph: Graph, z: str) -> str:
    def times(name: str, value: float) -> str:
        return graph.add("Mul", name, graph.constant(value))

    cube = graph.add("Mul", graph.add("Mul", z, z), z)
    inner = times(graph.add("Add", z, times(cube, 0.044715)), math.sqrt(2 / math.pi))
    return graph.add("Mul", times(z, 0.5), graph.add("Add", graph.add("Tanh", inner), graph.constant(1.0)))


#: How an activation is computed, by name: an operator, or a function that adds several.
ACTIVATIONS: dict[str, str | Callable[[Graph, str], str]] = {
    "relu": "Relu",
    "leaky_relu": "LeakyRelu",
    "tanh": "Tanh",
    "elu": "Elu",
    "sigmoid": "Sigmoid",
    "identity": "Identity",
    "softplus": "Softplus",
    "silu": _silu,
    "gelu": _gelu,
    "sine": "Sin",
}


def to_onnx(network: Network, config: ExperimentConfig | None = None) -> bytes:
    """Return the network as an ONNX file, in single precision.

    Its input is called ``X``, (n_samples, n), its output ``outputs``, (n_samples, n_outputs).

    Parameters
    ----------
    network : Network
    config : ExperimentConfig, optional
        Of the run that trained it: then ``X`` are the data as they are, of a table its columns in their own units, and
        the file computes the network's inputs of them; a table's target comes back in its own units. Without one, ``X``
        are the network's inputs.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or `config` is of another network.
    """
    must_be("network", network, Network)
    if config is not None:
        must_be("config", config, ExperimentConfig)
        if config.layer_sizes != network.layer_sizes:
            raise Refusal("config", f"must be of a network with layers {network.layer_sizes}", config.layer_sizes)
    n_inputs, about = _input_of(network, config)
    graph = Graph(INPUT, n_inputs)
    x = _prepared(graph, config) if config is not None else INPUT
    hidden = len(network.activations)
    for layer, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True)):
        z = graph.add("Add", graph.add("MatMul", x, graph.constant(weights)), graph.constant(biases))
        x = _activated(graph, z, network.activations[layer]) if layer < hidden else z
    name = network.output.name
    attributes: dict[str, Any] = {"axis": 1} if name == "softmax" else {}
    x = graph.add(_OUTPUTS[name], x, **attributes)
    if config is not None and config.data.is_table and config.task == "regression":
        x = _in_own_units(graph, x, config.data.preparation().target)
    graph.add("Identity", x, output=OUTPUT)
    return graph.to_bytes(OUTPUT, network.n_outputs, about)


def _activated(graph: Graph, z: str, activation: Activation) -> str:
    form = ACTIVATIONS[activation.name]
    if callable(form):
        return form(graph, z)
    attributes: dict[str, Any] = {}
    if isinstance(activation, LeakyReLU):
        attributes = {"alpha": activation.slope}
    elif isinstance(activation, ELU):
        attributes = {"alpha": activation.alpha}
    return graph.add(form, z, **attributes)


def _input_of(network: Network, config: ExperimentConfig | None) -> tuple[int, str]:
    """Return how many columns the input has, and which they are."""
    if config is None:
        return network.n_inputs, f"A network of nnplay. X: its {network.n_inputs} inputs."
    names = input_names(config)
    return len(names), f"A network of nnplay. X: {', '.join(names)}."


def input_names(config: ExperimentConfig) -> Sequence[str]:
    """Return what the columns of ``X`` are: the coordinates of a plane, or the features of the data."""
    if config.data.has_plane and config.data.n_coordinates <= 2:
        return COORDINATES[: config.data.n_coordinates]
    data = config.data.make()
    features = chosen(data.columns, config.data.used_columns)[0] if config.data.is_table else range(data.n_features)
    return [data.feature_names[k] for k in features]


def _prepared(graph: Graph, config: ExperimentConfig) -> str:
    """Return the name of the network's inputs, computed of the data as they are."""
    if config.data.has_plane and config.data.n_coordinates <= 2:
        return _features(graph, config)
    scaling = config.data.preparation().inputs if config.data.is_table else None
    if scaling is None:
        return INPUT
    shifted = graph.add("Sub", INPUT, graph.constant(scaling.centre))
    return graph.add("Div", shifted, graph.constant(scaling.spread))


def _features(graph: Graph, config: ExperimentConfig) -> str:
    n = config.data.n_coordinates
    features = applicable(config.features, n)
    if features == COORDINATES[:n]:
        return INPUT
    axis = graph.constant(np.array([1]))
    columns = {
        name: graph.add("Slice", INPUT, graph.constant(np.array([k])), graph.constant(np.array([k + 1])), axis)
        for k, name in enumerate(COORDINATES[:n])
    }
    computed = []
    for program in feature_programs(features):
        stack: list[str] = []
        for step in program:
            if isinstance(step, float):
                stack.append(graph.constant(step))
            elif step in columns:
                stack.append(columns[step])
            elif step in _TWO:
                second, first = stack.pop(), stack.pop()
                stack.append(graph.add(_OPERATORS[step], first, second))
            else:
                stack.append(graph.add(_OPERATORS[step], stack.pop()))
        computed.append(stack.pop())
    return graph.add("Concat", *computed, axis=1)


def _in_own_units(graph: Graph, x: str, target: TargetScaling) -> str:
    if target.is_identity:
        return x
    scaled = graph.add("Mul", x, graph.constant(float(target.spread)))
    shifted = graph.add("Add", scaled, graph.constant(float(target.centre)))
    return graph.add("Exp", shifted) if target.log else shifted
