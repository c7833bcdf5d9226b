"""A layer and its two passes, forward and backward: this file is backpropagation.

A layer has weights W (n_in, n_out), a bias b (n_out,) and an activation g. Of its inputs x it makes activations a::

    forward     z = Wᵀx + b              the pre-activations: each unit's weighted sum of the inputs
                a = g(z)                 the activations, which are the x of the layer above

Backward, it is told δ = ∂loss/∂z, how much the loss grows with each pre-activation. By the chain rule::

    backward    ∂loss/∂W = x δᵀ          a weight acts through its z, and more strongly the larger its input is
                ∂loss/∂b = Σ δ           a bias acts like a weight whose input is always 1; the sum is over the samples
                ∂loss/∂x = W δ           an input acts through every z that it feeds
                δ below = (W δ) · g'(z)  the x are the a of the layer below, and there a moves by g'(z) with z

The last layer's δ comes from the loss. From there each layer hands an error down to the one below it, and that is all:
:meth:`Layer.forward` and :meth:`Layer.backward` are these lines. :mod:`~nnplay.engine.passes` calls them in order.

What to know beside the formulas:

- The gradient points uphill, to where the loss grows. It is the optimizer that goes against it.
- Where the loss is a mean over the samples, its δ is already divided by their number. So no layer has to: x δᵀ, which
  adds up over the samples, is the gradient as it is.
- One column is one sample, one row is one unit.
- The inputs end in a row of ones, and W in a row of biases. So one product gives Wᵀx + b, and one product gives the
  gradient of weights and biases together.
- A *stack* is K networks of one architecture that are run at once: W is (K, n_in, n_out), and z, a, δ are (units, K,
  n_samples). To everything that works on each number by itself, this is one network with K times the samples. Only
  a product of matrices has to tell the networks apart: it gets them as :func:`matrices`, with the networks first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy import multiply

from nnplay.engine.activations import Activation, Array
from nnplay.engine.outputs import Output


class Layer:
    """One layer, and what it computes for a batch of samples.

    The buffers are written again for every batch. Those of the backward pass are there once :meth:`prepare_backward`
    has been called.

    Parameters
    ----------
    block : ndarray, (n_in + 1, n_out) or (K, n_in + 1, n_out)
        The weights, and in the last row the biases; without biases, there is no such row.
    function : Activation or Output
        g; for the last layer, the output activation.
    z, a : ndarray, (n_out, n_samples) or (n_out, K, n_samples)
        Where z and a go. They may be the same array. `a` may have one more row, of ones, for the layer above.

    Attributes
    ----------
    x : ndarray, (n_in + 1, n_samples) or (K, n_in + 1, n_samples)
        The inputs that came last.
    z, a, slopes, delta : ndarray, (n_out, n_samples) or (n_out, K, n_samples)
        z, g(z), g'(z) and δ; :class:`~nnplay.engine.passes.Backpropagation` fills the slopes.
    gradient : ndarray, as `block`
        ∂loss/∂W, and in the last row ∂loss/∂b.
    dropout : Dropout or None
        Stands between this layer and the one above.
    """

    x: Array
    delta: Array
    slopes: Array
    gradient: Array
    below: Layer | None
    dropout: Dropout | None = None

    def __init__(self, block: Array, function: Activation | Output, z: Array, a: Array) -> None:
        n_out = block.shape[-1]
        self.block = block
        self.block_T = block.swapaxes(-1, -2)
        self.z, self.a = z[:n_out], a[:n_out]
        self.z_matrix = matrices(self.z)
        self.activate = function.value
        self.handed_on = matrices(a)
        # For one network dot does what matmul does, in half the time that a small product takes.
        self.product: Callable[[Array, Array, Array], object] = np.ndarray.dot if block.ndim == 2 else np.matmul

    def forward(self, x: Array) -> Array:
        """Return the inputs of the layer above, for the inputs `x`."""
        product, activate = self.product, self.activate
        self.x = x
        product(self.block_T, x, self.z_matrix)  # z = Wᵀx + b
        activate(self.z, self.a)  # a = g(z)
        if self.dropout is not None:
            self.dropout.silence(self.a)
        return self.handed_on

    def backward(self) -> None:
        """Turn this layer's δ into its gradient, and into the δ of the layer below."""
        product, below = self.product, self.below
        product(self.x, self.delta_T, self.gradient)  # ∂loss/∂W = x δᵀ, ∂loss/∂b = Σ δ
        if below is not None:  # below the first layer are the data, which can't learn
            product(self.weights, self.delta_matrix, below.delta_matrix)  # ∂loss/∂x = W δ
            multiply(below.delta, below.slopes, below.delta)  # δ below = (W δ) · g'(z), in the same place

    def prepare_backward(self, below: Layer | None, gradient: Array, delta: Array, slopes: Array | None) -> None:
        """Get ready for the backward pass.

        Parameters
        ----------
        below : Layer or None
            The layer that feeds this one; None for the first.
        gradient : ndarray, as the block of weights and biases
            Where the gradient goes.
        delta, slopes : ndarray, as `z`
            Where δ and g'(z) go; more rows than units are left alone. The last layer has no slopes: the loss gives its
            δ in one piece.
        """
        n_out = len(self.z)
        self.below, self.gradient = below, gradient
        self.weights = self.block if below is None else self.block[..., : len(below.z), :]  # without the biases
        self.delta = delta[:n_out]
        if slopes is not None:
            self.slopes = slopes[:n_out]
        self.delta_matrix = matrices(self.delta)
        self.delta_T = self.delta_matrix.swapaxes(-1, -2)

    def drop_out(self, dropout: Dropout) -> None:
        """Put `dropout` between this layer and the one above."""
        self.dropout, self.handed_on = dropout, matrices(dropout.handed_on)


class Dropout:
    """Silence a share of a layer's units, others for each sample and each batch.

    Those that are left speak louder by 1 / (1 − rate), so that on average nothing changes for the layer above
    ("inverted" dropout): in use, the network needs no dropout and no other scale.

    Source: Srivastava et al. (2014), https://jmlr.org/papers/v15/srivastava14a.html

    Parameters
    ----------
    rates : sequence of float, in [0, 1)
        The share that is silent, for each network of a stack.
    rngs : sequence of numpy.random.Generator
        Where to draw from; one for each network of a stack.
    rows : ndarray
        What the layer hands on without dropout: activations, and with biases the row of ones.
    n_units : int

    Attributes
    ----------
    mask : ndarray, (n_units, n_samples) or (n_units, K, n_samples)
        0 for who is silent, 1 / (1 − rate) for the others, as of the last batch; 1 for all where the rate is 0.
    handed_on : ndarray, as `rows`
        The activations times the mask, and the row of ones. An array of its own: g' is taken of the activations as they
        were.
    """

    def __init__(self, rates: Sequence[float], rngs: Sequence[np.random.Generator], rows: Array, n_units: int) -> None:
        self.mask = np.ones_like(rows[:n_units])
        self.handed_on = np.ones_like(rows)
        self._heard = self.handed_on[:n_units]
        masks = [self.mask] if self.mask.ndim == 2 else matrices(self.mask)
        self._draws = [
            (rng.random, mask.shape, rate, 1.0 / (1.0 - rate), mask)
            for rng, mask, rate in zip(rngs, masks, rates, strict=True)
            if rate
        ]

    def hold(self, mask: Array) -> None:
        """Silence by this `mask` from now on, and draw no other: to look at one batch again and again."""
        self.mask[:] = mask
        self._draws = []

    def silence(self, a: Array) -> None:
        """Draw a new mask, and put the activations `a` through it."""
        for random, shape, rate, louder, mask in self._draws:
            multiply(random(shape) >= rate, louder, mask)
        multiply(a, self.mask, self._heard)

    def silence_slopes(self, slopes: Array) -> None:
        """Put g'(z) through the mask of the batch: what is handed on is mask · g(z), so that is its derivative."""
        multiply(slopes, self.mask, slopes)


def matrices(rows: Array) -> Array:
    """Return (units, K, n_samples) as K matrices (K, units, n_samples), a view; (units, n_samples) as it is.

    In memory the units stay first: then each layer of the stack is one contiguous block.
    """
    return rows if rows.ndim == 2 else rows.swapaxes(0, 1)
