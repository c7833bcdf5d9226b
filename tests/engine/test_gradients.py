"""Backpropagation against finite differences: every activation with every valid pair of loss and output."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

import nnplay as nn
from nnplay.engine.activations import ACTIVATIONS, Activation, Array
from nnplay.engine.losses import LOSSES
from nnplay.engine.outputs import OUTPUTS

PAIRS = [(loss, output) for loss in LOSSES for output in OUTPUTS if output in LOSSES[loss].valid_outputs]
LIMIT = 1e-6


def network_and_data(
    hidden_sizes: tuple[int, ...],
    n_outputs: int,
    output: str,
    loss: str,
    activation: str | Activation | tuple[str, ...] = "tanh",
    bias: bool = True,
) -> tuple[nn.Network, np.ndarray, np.ndarray]:
    """Return a network whose weights and biases are all random, and 7 samples that suit it."""
    rng = np.random.default_rng(11)
    network = nn.Network([2, *hidden_sizes, n_outputs], activation, output, bias=bias)
    network.parameters = rng.normal(0.0, 0.8, network.parameters.size)
    X = rng.normal(size=(7, 2))
    if loss == "categorical_cross_entropy":
        return network, X, rng.integers(0, n_outputs, 7)
    if loss == "binary_cross_entropy":
        return network, X, rng.integers(0, 2, (7, n_outputs))
    return network, X, rng.normal(size=(7, n_outputs))


def numbers_of_outputs(output: str) -> tuple[int, ...]:
    return (2, 3) if output == "softmax" else (1, 3)


def test_every_output_and_every_loss_is_in_some_pair() -> None:
    assert {loss for loss, _ in PAIRS} == set(LOSSES)
    assert {output for _, output in PAIRS} == set(OUTPUTS)
    assert len(PAIRS) == 11


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_backpropagation_agrees_with_finite_differences(activation: str, loss: str, output: str) -> None:
    for hidden_sizes, n_outputs in zip(((3,), (4, 3)), numbers_of_outputs(output), strict=True):
        case = network_and_data(hidden_sizes, n_outputs, output, loss, activation)
        assert nn.check_gradient(*case, loss=loss) < LIMIT


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_a_network_without_hidden_layers_agrees(loss: str, output: str, bias: bool) -> None:
    for n_outputs in numbers_of_outputs(output):
        assert nn.check_gradient(*network_and_data((), n_outputs, output, loss, bias=bias), loss=loss) < LIMIT


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    "activations",
    [
        ("relu", "tanh"),
        ("elu(alpha=2)", "sine", "leaky_relu(slope=0.3)"),
        ("silu", "identity", "gelu"),
        ("softplus", "sigmoid", "relu"),
    ],
)
def test_layers_with_activations_of_their_own_agree(activations: tuple[str, ...], bias: bool) -> None:
    sizes = (4, 3, 5)[: len(activations)]
    case = network_and_data(sizes, 3, "softmax", "categorical_cross_entropy", activations, bias)
    assert nn.check_gradient(*case) < LIMIT


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_networks_without_biases_agree(activation: str) -> None:
    case = network_and_data((4, 3), 1, "sigmoid", "binary_cross_entropy", activation, bias=False)
    assert nn.check_gradient(*case) < LIMIT


def test_a_component_is_left_out_only_where_a_unit_is_at_its_kink() -> None:
    network = nn.Network([1, 2, 1], "relu", "identity")
    network.parameters = [1.0, 1.0, 0.0, 0.5, 1.0, 1.0, 0.0]  # for x = 0 the first unit is at its kink, the other not
    numerical = nn.numerical_gradient(network, [[0.0]], [1.0])
    assert np.isnan(numerical).tolist() == [False, False, True, False, False, False, False]
    smooth = nn.Network([1, 2, 1], "tanh", "identity")
    assert not np.isnan(nn.numerical_gradient(smooth, [[0.0]], [1.0])).any()


def test_the_check_leaves_the_network_as_it_is() -> None:
    network, X, y = network_and_data((3,), 1, "sigmoid", "binary_cross_entropy")
    before = network.parameters.copy()
    nn.check_gradient(network, X, y)
    assert network.parameters.tobytes() == before.tobytes()


def test_the_check_catches_the_wrong_derivative_of_the_article() -> None:
    case = network_and_data((4,), 1, "sigmoid", "binary_cross_entropy", "elu(alpha=2, slope_above=0)")
    assert nn.check_gradient(*case) > 0.1


def test_the_check_catches_a_derivative_that_is_off_by_a_thousandth() -> None:
    class Tilted(type(nn.activations.get("tanh"))):  # type: ignore[misc]
        def derivative(self, z: Array, a: Array, out: Array) -> Array:
            return np.multiply(super().derivative(z, a, out), 1.001, out)

    assert nn.check_gradient(*network_and_data((4,), 1, "sigmoid", "binary_cross_entropy", Tilted())) > 1e-4


@pytest.mark.parametrize("differences", [nn.check_gradient, nn.numerical_gradient])
def test_a_float32_network_is_refused(differences: Callable[..., object]) -> None:
    network = nn.Network([2, 3, 1], dtype="float32")
    message = "network must have dtype 'float64' for a gradient check; got 'float32'."
    with pytest.raises(ValueError, match=re.escape(message)):
        differences(network, [[0.0, 1.0]], [1])
