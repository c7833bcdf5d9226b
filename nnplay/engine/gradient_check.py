"""Gradient checking: backpropagation against finite differences.

A wrong derivative hardly shows in accuracy: a network trained with one often learns anyway. Here it shows at
once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnplay.engine import losses
from nnplay.engine.activations import Array
from nnplay.engine.losses import Loss
from nnplay.engine.network import Network
from nnplay.engine.passes import ForwardPass
from nnplay.engine.targets import encode_targets
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import float_matrix, shown

#: Steps tried, widest first: where the loss is smooth it is the most exact, its error O(step⁴) far below 1e-10.
STEPS = (1e-3, 1e-4, 1e-5, 1e-6)

#: Components smaller than this share of the largest one are compared on that scale; below it, differences are rounding.
FLOOR = 1e-3


class Differences:
    """The loss of a batch when one parameter is moved, and difference quotients of that.

    Parameters
    ----------
    network : Network
        Left as it is. What is computed is computed in its precision.
    columns : ndarray, (n_inputs + 1, n_samples)
        The samples, as :meth:`Network.as_columns` makes them.
    targets : ndarray, (n_outputs, n_samples)
    loss : Loss
    masks : sequence of ndarray, (units, n_samples), optional
        Dropout's mask of each hidden layer, held still while parameters are moved.
    """

    def __init__(
        self, network: Network, columns: Array, targets: Array, loss: Loss, masks: Sequence[Array] = ()
    ) -> None:
        self._parameters = network.parameters.copy()
        self._probe = network.copy()
        self._forward = self._probe.forward_pass(columns.shape[1])
        self._forward.hold_masks(masks)
        self._columns, self._targets, self._loss = columns, targets, loss

    def loss_at(self, index: int, by: float) -> tuple[float, list[Array]]:
        """Return the loss with parameter `index` moved `by` so much, and on which side of its kink each unit is."""
        value = float(self._parameters[index])
        with np.errstate(all="ignore"):
            self._probe.parameters[index] = value + by
            self._forward.run(self._columns)
            loss = self._loss.value(self._forward.logits, self._forward.outputs, self._targets)
            self._probe.parameters[index] = value
        return loss, _sides(self._forward)

    def derivative(self, index: int) -> float:
        """Return the derivative by parameter `index` as :func:`numerical_gradient` takes it; NaN at a kink."""
        for step in STEPS:
            probes = [self.loss_at(index, k * step) for k in (-2, -1, 1, 2)]
            f, sides = zip(*probes, strict=True)
            if all(same_sides(sides[0], other) for other in sides[1:]):
                return (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * step)
        return float("nan")


def numerical_gradient(network: Network, X: Any, y: Any, loss: str | Loss | None = None) -> np.ndarray:
    """Return the gradient by central differences of fourth order, ``(n_parameters,)``.

    ``f'(p) ≈ [f(p − 2h) − 8·f(p − h) + 8·f(p + h) − f(p + 2h)] / 12h``

    Where an activation has a kink (ReLU at 0), a difference taken across it means nothing. A component whose smallest
    step still takes some unit across is NaN.

    Parameters
    ----------
    network : Network, float64
        Left as it is.
    X, y, loss
        As for :meth:`Network.loss_and_gradient`.

    Raises
    ------
    ValueError
        If the network is float32, whose rounding is larger than the differences.
    """
    if not isinstance(network, Network):
        raise TypeRefusal("network", "must be a Network", shown(network))
    if network.dtype != np.float64:
        raise Refusal("network", "must have dtype 'float64' for a gradient check", f"{network.dtype.name!r}")
    loss = losses.get(loss, network.output.name)
    X = float_matrix("X", X, columns=network.n_inputs)
    columns = network.as_columns(X)
    targets = encode_targets(y, len(X), network.n_outputs, loss).T
    differences = Differences(network, columns, targets, loss)
    return np.array([differences.derivative(index) for index in range(network.parameters.size)])


def check_gradient(network: Network, X: Any, y: Any, loss: str | Loss | None = None) -> float:
    """Return the largest relative error of backpropagation against finite differences.

    ``|g − n| / max(|g|, |n|, 0.001·max|g|)`` over all components of the gradient g and its numerical counterpart n; the
    last term keeps components that are nothing but rounding from being compared with each other. Components at a kink
    are left out.

    Parameters
    ----------
    network : Network, float64
        Left as it is.
    X, y, loss
        As for :meth:`Network.loss_and_gradient`.

    Raises
    ------
    ValueError
        If the network is float32, or if every component lies at a kink.
    """
    numerical = numerical_gradient(network, X, y, loss)
    _, gradient = network.loss_and_gradient(X, y, loss)
    compared = ~np.isnan(numerical)
    if not compared.any():
        raise Refusal(
            "network", "must have parameters away from every kink", "none", advice="Try random biases or another seed."
        )
    gradient, numerical = gradient[compared], numerical[compared]
    smallest = max(FLOOR * float(np.abs(gradient).max()), np.finfo(float).tiny)
    scale = np.maximum(np.maximum(np.abs(gradient), np.abs(numerical)), smallest)
    return float((np.abs(gradient - numerical) / scale).max())


def _sides(forward: ForwardPass) -> list[np.ndarray]:
    """Return on which side of its kink each unit is that has one."""
    hidden = zip(forward.activations, forward.hidden, strict=True)
    return [a > 0 for activation, a in hidden if activation.kinked]


def same_sides(first: list[np.ndarray], second: list[np.ndarray]) -> bool:
    """Return whether no unit is on the other side of its kink."""
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
