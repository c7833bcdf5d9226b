"""Losses: how wrong the outputs are, and in which direction they should move.

Arrays are (n_outputs, n_samples): one column a sample. ``z`` are the logits, ``a`` the outputs, ``y`` the targets. For
a stack of K networks ``z`` and ``a`` are (n_outputs, K, n_samples); ``y`` is, too, or (n_outputs, 1, n_samples) where
all have the same targets.

A loss gives the gradient with respect to the *logits*. For the squared losses that is the chain rule written out,
∂loss/∂a times the output's Jacobian. For a cross-entropy with the output that belongs to it, the two factors cancel to
``a − y``: that is taken as it is, because the separate factors divide by a probability that may be 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nnplay.engine.activations import Array
from nnplay.engine.outputs import OUTPUTS, Output
from nnplay.refusal import Refusal
from nnplay.registry import Registry

LOSSES: Registry[type[Loss]] = Registry("loss")


@dataclass(frozen=True)
class Loss:
    """The error that training minimises.

    Attributes
    ----------
    name : str
        The registered name.
    valid_outputs : tuple of str
        The outputs it makes sense with.
    is_mean : bool
        Whether the value is a mean over the samples (then parts of a set are averaged, else added).
    """

    name: ClassVar[str] = ""
    valid_outputs: ClassVar[tuple[str, ...]] = ("identity", "sigmoid", "softmax")
    is_mean: ClassVar[bool] = True

    def value(self, z: Array, a: Array, y: Array) -> Any:
        """Return the loss of a batch, a float; of a stack that of each network, (K,)."""
        raise NotImplementedError

    def output_gradient(self, a: Array, y: Array, out: Array) -> Array:
        """Write ∂loss/∂a into `out` and return it."""
        raise NotImplementedError

    def logit_gradient(self, output: Output, a: Array, y: Array, out: Array) -> Array:
        """Write ∂loss/∂z, the error that backpropagation starts from, into `out` and return it."""
        self.output_gradient(a, y, out)
        return output.times_jacobian(a, out)


def get(loss: str | Loss | None, output: str) -> Loss:
    """Return the loss named `loss` (the output's default for None), after checking that it goes with `output`."""
    fitting_loss = OUTPUTS[output].default_loss
    loss = fitting_loss if loss is None else loss
    instance = loss if isinstance(loss, Loss) else LOSSES[loss]()
    if output not in instance.valid_outputs:
        valid = ", ".join(f"{o!r} with {n!r}" for n in LOSSES for o in LOSSES[n].valid_outputs if n == instance.name)
        fitting = ", ".join(repr(name) for name in LOSSES if output in LOSSES[name].valid_outputs)
        raise Refusal(
            "loss",
            "must fit the output",
            f"loss {instance.name!r} with output {output!r}",
            advice=f"Valid are {valid}, and with output {output!r} the losses {fitting}.",
        )
    return instance


@dataclass(frozen=True)
class CrossEntropy(Loss):
    """Base of the losses that take the logarithm of a probability: with their own output, ∂loss/∂z is ``(a − y)/n``."""

    def logit_gradient(self, output: Output, a: Array, y: Array, out: Array) -> Array:
        np.subtract(a, y, out)
        return np.multiply(out, 1.0 / y.shape[-1], out)


@LOSSES.register("binary_cross_entropy")
@dataclass(frozen=True)
class BinaryCrossEntropy(CrossEntropy):
    """Mean nats per sample: ``−Σ_outputs [y·log a + (1 − y)·log(1 − a)]``."""

    name = "binary_cross_entropy"
    valid_outputs = ("sigmoid",)

    def value(self, z: Array, a: Array, y: Array) -> Any:
        # The same in terms of the logit, max(z, 0) − y·z + log(1 + exp(−|z|)): no log of a probability rounded to 0.
        terms = np.maximum(z, 0.0) - y * z + np.log1p(np.exp(-np.abs(z)))
        return _total(terms) / y.shape[-1]


@LOSSES.register("categorical_cross_entropy")
@dataclass(frozen=True)
class CategoricalCrossEntropy(CrossEntropy):
    """Mean nats per sample: ``−Σ_classes y·log a``."""

    name = "categorical_cross_entropy"
    valid_outputs = ("softmax",)

    def value(self, z: Array, a: Array, y: Array) -> Any:
        # log a = z − log Σ exp z, with the largest logit taken out first.
        shifted = z - np.maximum.reduce(z, 0)
        log_sum = np.log(np.add.reduce(np.exp(shifted), 0))
        # A class without a share in the target costs nothing, however improbable: 0·∞ would be NaN.
        terms = np.multiply(y, log_sum - shifted, out=np.zeros_like(shifted), where=y != 0)
        return _total(terms) / y.shape[-1]


@LOSSES.register("mean_squared_error")
@dataclass(frozen=True)
class MeanSquaredError(Loss):
    """``Σ (a − y)² / (n_samples · n_outputs)``."""

    name = "mean_squared_error"

    def value(self, z: Array, a: Array, y: Array) -> Any:
        return _sum_of_squares(a, y) / (len(y) * y.shape[-1])

    def output_gradient(self, a: Array, y: Array, out: Array) -> Array:
        np.subtract(a, y, out)
        return np.multiply(out, 2.0 / (len(y) * y.shape[-1]), out)


@LOSSES.register("sum_squared_error")
@dataclass(frozen=True)
class SumSquaredError(Loss):
    """``Σ (a − y)²`` over samples and outputs."""

    name = "sum_squared_error"
    is_mean = False

    def value(self, z: Array, a: Array, y: Array) -> Any:
        return _sum_of_squares(a, y)

    def output_gradient(self, a: Array, y: Array, out: Array) -> Array:
        np.subtract(a, y, out)
        return np.multiply(out, 2.0, out)


@LOSSES.register("quadratic")
@dataclass(frozen=True)
class Quadratic(Loss):
    """``½ · Σ_outputs (a − y)²``, mean over samples: Nielsen's quadratic cost."""

    name = "quadratic"

    def value(self, z: Array, a: Array, y: Array) -> Any:
        return 0.5 * _sum_of_squares(a, y) / y.shape[-1]

    def output_gradient(self, a: Array, y: Array, out: Array) -> Array:
        np.subtract(a, y, out)
        return np.multiply(out, 1.0 / y.shape[-1], out)


def _sum_of_squares(a: Array, y: Array) -> Any:
    error = a - y
    return _total(error * error)


def _total(terms: Array) -> Any:
    """Return the sum over outputs and samples, a float; for a stack that of each network, (K,)."""
    return float(np.add.reduce(terms, None)) if terms.ndim == 2 else np.add.reduce(terms, (0, -1)).astype(np.float64)
