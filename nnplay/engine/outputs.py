"""Output activations: they turn the last layer's pre-activations (logits) into the network's outputs.

They are apart from the hidden activations because softmax mixes the units of a layer: its derivative is a Jacobian, not
a number for each unit. Arrays are (n_outputs, n_samples), one column a sample, as everywhere inside the engine; for a
stack of K networks they are (n_outputs, K, n_samples).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nnplay.engine.activations import Array, Sigmoid
from nnplay.registry import Registry

OUTPUTS: Registry[type[Output]] = Registry("output")


@dataclass(frozen=True)
class Output:
    """The network's last step.

    Attributes
    ----------
    name : str
        The registered name.
    default_loss : str
        The loss that usually goes with it.
    """

    name: ClassVar[str] = ""
    default_loss: ClassVar[str] = ""

    def value(self, z: Array, out: Array) -> Array:
        """Write the outputs for the logits `z` (n_outputs, n_samples) into `out` and return it."""
        raise NotImplementedError

    def times_jacobian(self, a: Array, gradient: Array) -> Array:
        """Turn ∂loss/∂a into ∂loss/∂z, in place: multiply each column by the transposed Jacobian ∂a/∂z."""
        raise NotImplementedError


@OUTPUTS.register("identity")
@dataclass(frozen=True)
class IdentityOutput(Output):
    """The logits themselves, for regression."""

    name = "identity"
    default_loss = "mean_squared_error"

    def value(self, z: Array, out: Array) -> Array:
        np.copyto(out, z)
        return out

    def times_jacobian(self, a: Array, gradient: Array) -> Array:
        return gradient


@OUTPUTS.register("sigmoid")
@dataclass(frozen=True)
class SigmoidOutput(Output):
    """A probability for each output on its own: ``1 / (1 + exp(−z))``."""

    name = "sigmoid"
    default_loss = "binary_cross_entropy"

    _sigmoid = Sigmoid()

    def value(self, z: Array, out: Array) -> Array:
        return self._sigmoid.value(z, out)

    def times_jacobian(self, a: Array, gradient: Array) -> Array:
        # The Jacobian is diagonal: each output depends on its own logit alone.
        np.multiply(gradient, a, gradient)
        return np.multiply(gradient, 1.0 - a, gradient)


@OUTPUTS.register("softmax")
@dataclass(frozen=True)
class SoftmaxOutput(Output):
    """Probabilities that sum to 1: ``exp(z_i) / Σ_j exp(z_j)``."""

    name = "softmax"
    default_loss = "categorical_cross_entropy"

    def value(self, z: Array, out: Array) -> Array:
        # Subtracting the largest logit changes nothing in the quotient and keeps exp from overflowing.
        np.subtract(z, np.maximum.reduce(z, 0), out)
        np.exp(out, out)
        return np.divide(out, np.add.reduce(out, 0), out)

    def times_jacobian(self, a: Array, gradient: Array) -> Array:
        # ∂a_i/∂z_j = a_i·(δ_ij − a_j), hence (Jᵀg)_j = a_j·(g_j − Σ_i a_i·g_i): no matrix is ever built.
        np.subtract(gradient, np.add.reduce(a * gradient, 0), gradient)
        return np.multiply(gradient, a, gradient)
