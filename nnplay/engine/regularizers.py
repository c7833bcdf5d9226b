"""Regularizers: they penalise large weights to reduce overfitting. Biases are not penalised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nnplay.engine.activations import Array
from nnplay.registry import Registry
from nnplay.validation import number

REGULARIZERS: Registry[type[Regularizer]] = Registry("regularizer")


@dataclass(frozen=True)
class Regularizer:
    """A penalty of `rate` times a norm of the weights.

    Parameters
    ----------
    rate : float, ≥ 0
    """

    rate: float = 1e-3

    name: ClassVar[str] = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", number("rate", self.rate, 0, 1e3))

    def penalty(self, parameters: Array, is_weight: Array) -> Any:
        """Return the penalty, a float; of a stack (K, n_parameters) that of each network, (K,).

        `is_weight` (n_parameters,) is 1 for weights and 0 for biases.
        """
        raise NotImplementedError

    def add_gradient(self, gradient: Array, parameters: Array, is_weight: Array) -> None:
        """Add the penalty's derivative to `gradient`."""
        raise NotImplementedError


@REGULARIZERS.register("l2")
@dataclass(frozen=True)
class L2(Regularizer):
    """Weight decay: ``rate/2 · Σ weight²``. Shrinks every weight in proportion."""

    name = "l2"

    def penalty(self, parameters: Array, is_weight: Array) -> Any:
        return 0.5 * self.rate * _total(is_weight * parameters**2)

    def add_gradient(self, gradient: Array, parameters: Array, is_weight: Array) -> None:
        decay = parameters * is_weight
        np.multiply(decay, self.rate, decay)
        np.add(gradient, decay, gradient)


@REGULARIZERS.register("l1")
@dataclass(frozen=True)
class L1(Regularizer):
    """``rate · Σ |weight|``. Pulls every weight by the same force, so that many end near 0."""

    name = "l1"

    def penalty(self, parameters: Array, is_weight: Array) -> Any:
        return self.rate * _total(is_weight * np.abs(parameters))

    def add_gradient(self, gradient: Array, parameters: Array, is_weight: Array) -> None:
        pull = np.sign(parameters)
        np.multiply(pull, is_weight, pull)
        np.multiply(pull, self.rate, pull)
        np.add(gradient, pull, gradient)


def _total(terms: Array) -> Any:
    return float(np.sum(terms)) if terms.ndim == 1 else np.sum(terms, -1).astype(np.float64)
