"""The two passes through a network: its layers from the bottom up, and from the top down.

What a layer does in each is in :mod:`~nnplay.engine.layer`. Here the layers are put together:

- All hidden layers share one buffer, so that g' is taken of all of them in one go where they have the same activation.
- A pass is made for one batch size and used again and again: its arrays, and the views into them, are made once.
- The same passes run one network, or a stack of K: that only depends on the parameters they are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from nnplay.engine.activations import Activation, Array
from nnplay.engine.layer import Dropout, Layer
from nnplay.engine.losses import Loss
from nnplay.engine.outputs import Output


def as_columns(X: Array, has_bias: bool, dtype: np.dtype) -> Array:
    """Return samples (n_samples, n_inputs) as the columns that a pass takes: (n_inputs + 1, n_samples).

    The last row is ones; without biases there is no such row. For a stack, `X` may be (K, n_samples, n_inputs).
    """
    n_inputs = X.shape[-1]
    rows = np.ones((*X.shape[:-1], n_inputs + has_bias), dtype)
    rows[..., :n_inputs] = X
    return rows.swapaxes(-1, -2)


class ForwardPass:
    """A network applied to `n_samples` samples at a time.

    Parameters
    ----------
    blocks : sequence of ndarray, (n_in + 1, n_out) or (K, n_in + 1, n_out)
        Each layer's weights, and in the last row its biases. They are read at each call.
    activations : sequence of Activation
        One for each hidden layer.
    output : Output
    has_bias : bool
        Whether the blocks end in a row of biases.
    n_samples : int

    Attributes
    ----------
    layers : list of Layer
    logits, outputs : ndarray, (n_outputs, n_samples) or (n_outputs, K, n_samples)
        The last layer before and after the output activation, as of the last call.
    hidden : list of ndarray, (units, n_samples) or (units, K, n_samples)
        Each hidden layer's activations, as of the last call.
    """

    def __init__(
        self,
        blocks: Sequence[Array],
        activations: Sequence[Activation],
        output: Output,
        has_bias: bool,
        n_samples: int,
    ) -> None:
        self.n_samples, self.activations, self.output = n_samples, activations, output
        *hidden, last = blocks
        # A hidden layer's rows: one for each unit, and with biases one of ones for the next layer.
        ends = np.cumsum([0, *(block.shape[-1] + has_bias for block in hidden)]).tolist()
        self.rows = [slice(start, end) for start, end in pairwise(ends)]
        a_sample_each = *last.shape[:-2], n_samples
        self.a = np.ones((ends[-1], *a_sample_each), last.dtype)
        # a overwrites z, unless an activation's derivative asks for z later.
        keeps_z = any(activation.needs_pre_activation for activation in activations)
        self.z = np.ones_like(self.a) if keeps_z else self.a
        self.logits = np.empty((last.shape[-1], *a_sample_each), last.dtype)
        self.outputs = np.empty_like(self.logits)
        self.layers = [
            *(
                Layer(block, activation, self.z[rows], self.a[rows])
                for block, activation, rows in zip(hidden, activations, self.rows, strict=True)
            ),
            Layer(last, output, self.logits, self.outputs),
        ]
        self.hidden = [layer.a for layer in self.layers[:-1]]

    def hold_masks(self, masks: Sequence[Array]) -> None:
        """Put dropout's `masks`, (units, n_samples) for each hidden layer, behind the layers: the same each time."""
        for layer, rows, mask in zip(self.layers, self.rows, masks, strict=False):
            dropout = Dropout((0.0,), (np.random.default_rng(0),), self.a[rows], len(layer.a))  # which never draws
            dropout.hold(mask)
            layer.drop_out(dropout)

    def run(self, x: Array) -> Array:
        """Return the outputs for columns `x` as :func:`as_columns` makes them."""
        for layer in self.layers:
            x = layer.forward(x)
        return self.outputs


class Backpropagation:
    """The gradient of `loss` for a batch.

    Parameters
    ----------
    forward : ForwardPass
        Through the network, for the size of the batch. It becomes a part of this.
    loss : Loss
    gradients : sequence of ndarray
        Where each layer's gradient goes, in the shapes of the blocks that the forward pass reads.
    dropout : float or sequence of float, in [0, 1)
        The share of hidden units that are silent in a batch; each network of a stack may have its own. See
        :class:`~nnplay.engine.layer.Dropout`.
    rngs : sequence of numpy.random.Generator
        Where dropout draws from; one for each network of a stack.

    Attributes
    ----------
    forward : ForwardPass
        With the outputs and activations of the last batch.
    """

    def __init__(
        self,
        forward: ForwardPass,
        loss: Loss,
        gradients: Sequence[Array],
        dropout: float | Sequence[float] = 0.0,
        rngs: Sequence[np.random.Generator] = (),
    ) -> None:
        rates = [dropout] * len(rngs) if isinstance(dropout, float) else dropout
        self.forward, self._loss, self._output = forward, loss, forward.output
        self._layers = forward.layers
        self._downward = forward.layers[::-1]
        slopes, errors = np.empty_like(forward.a), np.empty_like(forward.a)
        below = None
        for layer, gradient, rows in zip(self._layers, gradients, [*forward.rows, None], strict=True):
            if rows is None:  # the last layer
                layer.prepare_backward(below, gradient, np.empty_like(layer.z), None)
            else:
                layer.prepare_backward(below, gradient, errors[rows], slopes[rows])
                if any(rates):
                    layer.drop_out(Dropout(rates, rngs, forward.a[rows], len(layer.a)))
            below = layer
        self._output_delta = self._downward[0].delta

        # Layers with one activation lie side by side, and their slopes are taken as if they were one layer.
        parts = [slice(None)] if len(set(forward.activations)) == 1 else forward.rows
        self._derivatives = [
            (activation.derivative, forward.z[part], forward.a[part], slopes[part])
            for activation, part in zip(forward.activations, parts, strict=False)
        ]
        self._dropouts = [(layer.dropout, layer.slopes) for layer in self._layers if layer.dropout]

    def run(self, x: Array, y: Array) -> Array:
        """Fill the gradients for a batch; return the outputs.

        Parameters
        ----------
        x : ndarray
            Columns as :func:`as_columns` makes them.
        y : ndarray, (n_outputs, n_samples), or for a stack (n_outputs, K or 1, n_samples)
            The targets.
        """
        for layer in self._layers:
            x = layer.forward(x)
        outputs = self.forward.outputs
        self._loss.logit_gradient(self._output, outputs, y, self._output_delta)  # the last layer's δ
        for derivative, z, a, slopes in self._derivatives:
            derivative(z, a, slopes)  # g'(z) of the hidden layers
        for dropout, slopes in self._dropouts:
            dropout.silence_slopes(slopes)
        for layer in self._downward:
            layer.backward()
        return outputs
