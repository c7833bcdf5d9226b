"""The pad's copy of a network, in JavaScript, answers as the engine's does, for whatever is registered there."""

from __future__ import annotations

from dataclasses import fields
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay import Network
from nnplay.engine.activations import ACTIVATIONS, Activation
from nnplay.engine.outputs import OUTPUTS
from tests.server.pad_in_node import PadInNode

SIZES = [7, 6, 5, 4]


def unusual(name: str) -> Activation:
    """Return the activation with parameters that differ from their defaults."""
    kind = ACTIVATIONS[name]
    return kind(**{field.name: 1.75 * getattr(kind(), field.name) for field in fields(kind)})


def made(activations: list[Activation], output: str, bias: bool, scale: float = 1.0, seed: int = 0) -> Network:
    """Return a network whose parameters single precision holds as they are, so that sending them rounds nothing."""
    hidden = SIZES[1 : 1 + len(activations)]
    network = Network([SIZES[0], *hidden, 3], activations or "tanh", output, bias=bias)
    parameters = scale * np.random.default_rng(seed).normal(size=network.parameters.size)
    network.parameters = parameters.astype(np.float32)
    return network


def samples(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-2, 2, (4, SIZES[0]))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_with_every_output(pad: PadInNode, name: str) -> None:
    X = samples()
    for output, bias, depth in product(OUTPUTS, (True, False), (1, 2, 3)):
        network = made([unusual(name)] * depth, output, bias)
        outputs, layers = pad.forward(network, X)
        np.testing.assert_allclose(outputs, network.forward(X), rtol=1e-8, atol=1e-10)
        for layer, expected in zip(layers, network.hidden_activations(X), strict=True):
            np.testing.assert_allclose(layer, expected, rtol=1e-8, atol=1e-10)


@settings(max_examples=30)
@given(
    names=st.lists(st.sampled_from([*ACTIVATIONS]), max_size=3),
    output=st.sampled_from([*OUTPUTS]),
    bias=st.booleans(),
    scale=st.sampled_from([1.0, 30.0, 1e30]),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_mixture_however_large_its_parameters(
    pad: PadInNode, names: list[str], output: str, bias: bool, scale: float, seed: int
) -> None:
    network = made([unusual(name) for name in names], output, bias, scale, seed)
    outputs, _ = pad.forward(network, samples(seed))
    assert np.isfinite(outputs).all()
    if "sine" not in names or scale < 1e30:  # where it turns so fast, the last digit of a sum decides
        np.testing.assert_allclose(outputs, network.forward(samples(seed)), rtol=1e-6, atol=1e-6)


def test_what_the_pad_does_not_know_it_says(pad: PadInNode) -> None:
    class Cube(Activation):
        name = "cube"

    with pytest.raises(ValueError, match="doesn't know 'cube'"):
        pad.forward(made([Cube()], "softmax", True), samples())
