"""The two passes through a network, forward and backward: this file is backpropagation.

For a layer with weights W (n_in, n_out) and bias b, inputs x, activation g::

    forward     z = Wᵀx + b              a = g(z)             x of the next layer is a
    backward    δ = ∂loss/∂z             the error of a layer's pre-activations
                ∂loss/∂W = x δᵀ          ∂loss/∂b = Σ δ       what the layer's own parameters should do
                ∂loss/∂x = W δ           δ of the layer before = (W δ) · g'(z)

The error of the output layer comes from the loss; each layer below gets its own from the layer above. The loops in
:meth:`ForwardPass.__call__` and :meth:`Backpropagation.__call__` are these lines and nothing else.

How the arrays lie makes them fast, and is decided once, in the constructors:

- One column is one sample, so that each layer's activations are one contiguous block.
- Every block of inputs ends in a row of ones, and every weight matrix in a row of biases: Wᵀx + b is one matrix
  product, and so are the gradients of weights and biases together.
- All hidden layers share one buffer, so that g' is taken of all of them in one go where they have the same activation.
- A pass is made for one batch size and used again and again: its arrays, and the views into them, are made once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy import multiply

from nnplay.engine.activations import Array
from nnplay.engine.losses import Loss

if TYPE_CHECKING:
    from nnplay.engine.network import Network


def as_columns(X: Array, network: Network) -> Array:
    """Return samples (n_samples, n_inputs) as the columns that a pass takes: (n_inputs + 1, n_samples).

    The last row is ones; without biases there is no such row.
    """
    rows = np.ones((len(X), X.shape[1] + network.has_bias), network.dtype)
    rows[:, : X.shape[1]] = X
    return rows.T


class ForwardPass:
    """`network` applied to `n_samples` samples at a time.

    Attributes
    ----------
    logits, outputs : ndarray, (n_outputs, n_samples)
        The last layer before and after the output activation, as of the last call.
    hidden : list of ndarray, (units, n_samples)
        Each hidden layer's activations, as of the last call.
    """

    def __init__(self, network: Network, n_samples: int) -> None:
        self.network = network
        self.n_samples = n_samples
        units = network.hidden_sizes
        self._rows = _row_ranges(units, network.has_bias)
        n_rows = self._rows[-1].stop if units else 0

        self._activations = np.ones((n_rows, n_samples), network.dtype)
        # a overwrites z, unless an activation's derivative asks for z later.
        keeps_z = any(activation.needs_pre_activation for activation in network.activations)
        self._pre_activations = np.ones_like(self._activations) if keeps_z else self._activations
        self.hidden = [self._activations[rows][:n] for rows, n in zip(self._rows, units, strict=True)]
        self._z = [self._pre_activations[rows][:n] for rows, n in zip(self._rows, units, strict=True)]
        self._inputs_of_next = self._blocks_fed_forward()

        self.logits = np.empty((network.layer_sizes[-1], n_samples), network.dtype)
        self.outputs = np.empty_like(self.logits)
        self._output_value = partial(network.output.value, self.logits, self.outputs)
        self._output_weights_T = network.blocks[-1].T
        self._layers = [
            (block.T, z, self._activate(layer), inputs_of_next)
            for layer, (block, z, inputs_of_next) in enumerate(
                zip(network.blocks[:-1], self._z, self._inputs_of_next, strict=True)
            )
        ]

    def __call__(self, x: Array) -> Array:
        """Return the outputs (n_outputs, n_samples) for columns `x` as :func:`as_columns` makes them."""
        for weights_T, z, activate, a in self._layers:
            weights_T.dot(x, z)  # z = Wᵀx + b
            activate()  # a = g(z)
            x = a
        self._output_weights_T.dot(x, self.logits)
        return self._output_value()

    def _blocks_fed_forward(self) -> list[Array]:
        """Return what each hidden layer hands on: its activations and the row of ones."""
        return [self._activations[rows] for rows in self._rows]

    def _activate(self, layer: int) -> Callable[[], object]:
        """Return what turns the layer's z into its a."""
        return partial(self.network.activations[layer].value, self._z[layer], self.hidden[layer])


class Backpropagation(ForwardPass):
    """The gradient of `loss` for batches of `n_samples` samples.

    Parameters
    ----------
    network : Network
    loss : Loss
    n_samples : int
        The batch size.
    gradient : ndarray, same shape as ``network.parameters``
        Where the gradient goes.
    dropout : float, in [0, 1)
        The share of hidden units that are silent in a batch. Those that are left speak louder by 1 / (1 − dropout), so
        that nothing changes for the next layer on average ("inverted" dropout). Source: Srivastava et al. (2014),
        https://jmlr.org/papers/v15/srivastava14a.html
    rng : numpy.random.Generator, optional
        Where dropout draws from.
    """

    def __init__(
        self,
        network: Network,
        loss: Loss,
        n_samples: int,
        gradient: Array,
        dropout: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> None:
        self._dropout = dropout
        self._rng = rng
        super().__init__(network, n_samples)
        self._loss = loss
        self._slopes = np.empty_like(self._activations)  # g'(z) of every hidden unit
        self._errors = np.empty_like(self._activations)  # δ, or (W δ) on its way to becoming one
        self._output_error = np.empty_like(self.logits)
        self._take_slopes = self._derivatives()

        units = network.hidden_sizes
        errors = [self._errors[rows][:n] for rows, n in zip(self._rows, units, strict=True)]
        slopes = [self._slopes[rows][:n] for rows, n in zip(self._rows, units, strict=True)]
        gradients = network.blocks_of(gradient)
        errors_above = [*errors, self._output_error][1:]
        # From the top down, for all layers but the first: what it was fed; its error, upright and transposed; where its
        # gradient goes; its weights; then of the layer below the error and the slopes.
        self._layers_downward = [
            (x, delta, delta.T, block_gradient, weights, delta_below, slope)
            for x, delta, block_gradient, weights, delta_below, slope in zip(
                self._inputs_of_next, errors_above, gradients[1:], network.weights[1:], errors, slopes, strict=True
            )
        ][::-1]
        self._first_error_T = (errors[0] if errors else self._output_error).T
        self._first_gradient = gradients[0]

    def __call__(self, x: Array, y: Array) -> Array:  # type: ignore[override]
        """Fill the gradient for a batch of columns `x` and targets `y` (n_outputs, n_samples); return the outputs."""
        if self._dropout:
            self._choose_silent_units()
        super().__call__(x)
        self._loss.logit_gradient(self.network.output, self.outputs, y, self._output_error)
        self._take_slopes()
        for x_layer, delta, delta_T, gradient, weights, delta_below, slope in self._layers_downward:
            x_layer.dot(delta_T, gradient)  # ∂loss/∂(W, b) = x δᵀ
            weights.dot(delta, delta_below)  # ∂loss/∂x = W δ
            multiply(delta_below, slope, delta_below)  # δ below = (W δ) · g'(z)
        x.dot(self._first_error_T, self._first_gradient)  # the first layer: nothing below it wants an error
        return self.outputs

    def _derivatives(self) -> Callable[[], object]:
        """Return what fills the slopes g'(z) of all hidden layers."""
        activations = self.network.activations
        rows = [slice(None)] if len(set(activations)) == 1 else self._rows
        each = [
            partial(activation.derivative, self._pre_activations[r], self._activations[r], self._slopes[r])
            for activation, r in zip(activations, rows, strict=False)
        ]
        if self._dropout:
            each.append(partial(multiply, self._slopes, self._mask, self._slopes))
        return each[0] if len(each) == 1 else partial(_call_all, each)

    # -- dropout ---------------------------------------------------------------------------------------------------

    def _blocks_fed_forward(self) -> list[Array]:
        if not self._dropout:
            return super()._blocks_fed_forward()
        # The slopes are taken of the activations before dropout, so what is handed on needs a place of its own.
        self._mask = np.ones_like(self._activations)
        self._handed_on = np.ones_like(self._activations)
        return [self._handed_on[rows] for rows in self._rows]

    def _activate(self, layer: int) -> Callable[[], object]:
        activate = super()._activate(layer)
        if not self._dropout:
            return activate
        n = self.network.hidden_sizes[layer]
        mask, handed_on = self._mask[self._rows[layer]][:n], self._inputs_of_next[layer][:n]
        return partial(_call_all, [activate, partial(multiply, self.hidden[layer], mask, handed_on)])

    def _choose_silent_units(self) -> None:
        assert self._rng is not None
        for rows, n in zip(self._rows, self.network.hidden_sizes, strict=True):
            kept = self._rng.random((n, self.n_samples)) >= self._dropout
            np.multiply(kept, 1.0 / (1.0 - self._dropout), self._mask[rows][:n])


def _row_ranges(units: tuple[int, ...], has_bias: bool) -> list[slice]:
    """Return where each hidden layer lies in the shared buffer: its units, then a row of ones if there are biases."""
    ends = np.cumsum([n + has_bias for n in units]).tolist()
    return [slice(end - n - has_bias, end) for end, n in zip(ends, units, strict=True)]


def _call_all(functions: Sequence[Callable[[], object]]) -> None:
    for function in functions:
        function()
