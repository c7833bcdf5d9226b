"""Initializers: what the weights are before the first step.

Each draws a matrix of shape (n_in, n_out). The named schemes choose the spread so that signals keep their size from
layer to layer: Xavier for tanh and sigmoid, He for ReLU, LeCun for the self-normalising ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from nnplay.registry import Registry, describe, make
from nnplay.validation import number
from nnplay.wording import Help

INITIALIZERS: Registry[type[Initializer]] = Registry("initializer")


@dataclass(frozen=True)
class Initializer:
    """A way to draw a layer's initial weights."""

    name: ClassVar[str] = ""

    def draw(self, rng: np.random.Generator, n_in: int, n_out: int) -> np.ndarray:
        """Return float64 weights of shape (n_in, n_out)."""
        raise NotImplementedError

    def __str__(self) -> str:
        return describe(self, self.name)


def get(initializer: str | Initializer) -> Initializer:
    """Return the initializer that a name, or a name with parameters such as ``"normal(std=0.5)"``, stands for."""
    return make(INITIALIZERS, initializer, Initializer)


@INITIALIZERS.register("zeros")
@dataclass(frozen=True)
class Zeros(Initializer):
    """All weights 0: every unit of a layer gets the same gradient forever, so they never become different."""

    name = "zeros"

    def draw(self, rng: np.random.Generator, n_in: int, n_out: int) -> np.ndarray:
        return np.zeros((n_in, n_out))


@INITIALIZERS.register("normal")
@dataclass(frozen=True)
class Normal(Initializer):
    """N(0, std²), whatever the layer's size."""

    std: float = field(
        default=1.0,
        metadata=Help(
            "How far the first weights are spread, as a standard deviation.",
            "Too small: signals fade from layer to layer.",
            "Too large: units saturate, or the loss explodes.",
        ).metadata,
    )

    name = "normal"

    def __post_init__(self) -> None:
        object.__setattr__(self, "std", number("std", self.std, above=0, high=100))

    def draw(self, rng: np.random.Generator, n_in: int, n_out: int) -> np.ndarray:
        return rng.normal(0.0, self.std, (n_in, n_out))


@INITIALIZERS.register("uniform")
@dataclass(frozen=True)
class Uniform(Initializer):
    """U(−limit, limit), whatever the layer's size."""

    limit: float = field(
        default=1.0,
        metadata=Help(
            "The first weights lie between minus and plus this number.",
            "Too small: signals fade from layer to layer.",
            "Too large: units saturate, or the loss explodes.",
        ).metadata,
    )

    name = "uniform"

    def __post_init__(self) -> None:
        object.__setattr__(self, "limit", number("limit", self.limit, above=0, high=100))

    def draw(self, rng: np.random.Generator, n_in: int, n_out: int) -> np.ndarray:
        return rng.uniform(-self.limit, self.limit, (n_in, n_out))


class _Scaled(Initializer):
    """Zero mean and a variance of gain / fan, uniform or normal."""

    gain: ClassVar[float]
    fan: ClassVar[str]  # "in", or "mean" of the units on both sides
    distribution: ClassVar[str]

    def draw(self, rng: np.random.Generator, n_in: int, n_out: int) -> np.ndarray:
        variance = self.gain / (n_in if self.fan == "in" else (n_in + n_out) / 2)
        if self.distribution == "normal":
            return rng.normal(0.0, math.sqrt(variance), (n_in, n_out))
        limit = math.sqrt(3.0 * variance)  # U(−c, c) has variance c²/3
        return rng.uniform(-limit, limit, (n_in, n_out))


@INITIALIZERS.register("xavier_uniform")
@dataclass(frozen=True)
class XavierUniform(_Scaled):
    """Uniform with variance 2 / (n_in + n_out). Source: Glorot and Bengio (2010), AISTATS."""

    name, gain, fan, distribution = "xavier_uniform", 1.0, "mean", "uniform"


@INITIALIZERS.register("xavier_normal")
@dataclass(frozen=True)
class XavierNormal(_Scaled):
    """Normal with variance 2 / (n_in + n_out). Source: Glorot and Bengio (2010), AISTATS."""

    name, gain, fan, distribution = "xavier_normal", 1.0, "mean", "normal"


@INITIALIZERS.register("he_uniform")
@dataclass(frozen=True)
class HeUniform(_Scaled):
    """Uniform with variance 2 / n_in. Source: He et al. (2015), https://arxiv.org/abs/1502.01852"""

    name, gain, fan, distribution = "he_uniform", 2.0, "in", "uniform"


@INITIALIZERS.register("he_normal")
@dataclass(frozen=True)
class HeNormal(_Scaled):
    """Normal with variance 2 / n_in. Source: He et al. (2015), https://arxiv.org/abs/1502.01852"""

    name, gain, fan, distribution = "he_normal", 2.0, "in", "normal"


@INITIALIZERS.register("lecun_normal")
@dataclass(frozen=True)
class LeCunNormal(_Scaled):
    """Normal with variance 1 / n_in. Source: LeCun et al. (1998), Efficient BackProp."""

    name, gain, fan, distribution = "lecun_normal", 1.0, "in", "normal"


# Short names for notebooks: nn.initializers.normal(std=0.5).
zeros, normal, uniform = Zeros, Normal, Uniform
xavier_uniform, xavier_normal = XavierUniform, XavierNormal
he_uniform, he_normal, lecun_normal = HeUniform, HeNormal, LeCunNormal
