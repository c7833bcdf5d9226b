"""Activation functions and their derivatives, one small class each.

An activation turns a layer's pre-activations ``z`` into its activations ``a``. Backpropagation needs the derivative as
well. Most derivatives follow from the output ``a`` alone (tanh' = 1 − a²), which saves keeping ``z``; those that
can't say so.

Both methods write into ``out`` and work on arrays of any shape: one layer's block, or that of all layers at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from nnplay.registry import Registry, describe, make
from nnplay.validation import number, real_array
from nnplay.wording import Help

Array = np.ndarray

ACTIVATIONS: Registry[type[Activation]] = Registry("activation")


@dataclass(frozen=True)
class Activation:
    """What a hidden unit does with its weighted sum.

    Attributes
    ----------
    name : str
        The registered name.
    range : tuple of float or None
        Lowest and highest value; None where there is no bound.
    needs_pre_activation : bool
        Whether :meth:`derivative` reads ``z``; where it doesn't, ``a`` may overwrite ``z``.
    kinked : bool
        Whether some derivative jumps at z = 0, where finite differences mean nothing.
    """

    name: ClassVar[str] = ""
    range: ClassVar[tuple[float | None, float | None]] = (None, None)
    needs_pre_activation: ClassVar[bool] = False
    kinked: ClassVar[bool] = False

    def value(self, z: Array, out: Array) -> Array:
        """Write the activation of `z` into `out` (which may be `z`) and return it."""
        raise NotImplementedError

    def derivative(self, z: Array, a: Array, out: Array) -> Array:
        """Write da/dz into `out` and return it; `a` is the activation of `z`."""
        raise NotImplementedError

    def __call__(self, z: ArrayLike) -> Array:
        """Return the activation of `z`, a number or array_like, as a new array."""
        array = real_array("z", z, "must be a number or an array of numbers")
        flat = array.ravel().astype(np.result_type(array.dtype, np.float32))
        with np.errstate(over="ignore"):
            return self.value(flat, np.empty_like(flat)).reshape(array.shape)

    def __str__(self) -> str:
        """Return the name with its parameters, as :func:`get` reads it back: ``elu(alpha=2.0)``."""
        return describe(self, self.name)

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Lowest and highest value for these parameters; None where there is no bound."""
        return self.range


def get(activation: str | Activation) -> Activation:
    """Return the activation that a name, or a name with parameters such as ``"elu(alpha=2)"``, stands for."""
    return make(ACTIVATIONS, activation, Activation)


@ACTIVATIONS.register("relu")
@dataclass(frozen=True)
class ReLU(Activation):
    """Pass what is positive, stop the rest: ``max(z, 0)``."""

    name = "relu"
    range = (0.0, None)
    kinked = True

    def value(self, z: Array, out: Array) -> Array:
        return np.maximum(z, 0.0, out=out)

    def derivative(self, z: Array, a: Array, out: Array) -> Array:
        return np.sign(a, out)  # a is never negative, so its sign is 1 or 0


@ACTIVATIONS.register("leaky_relu")
@dataclass(frozen=True)
class LeakyReLU(Activation):
    """Let a little of the negative through: ``max(z, slope·z)``, 0 < slope < 1."""

    slope: float = field(
        default=0.01,
        metadata=Help(
            "How much of a negative sum a unit lets through.",
            "Too small: a unit that is always negative hardly learns.",
            "Too large: the bend is gone, and the network draws straight lines.",
        ).metadata,
    )

    name = "leaky_relu"
    kinked = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "slope", number("slope", self.slope, above=0, below=1))

    def value(self, z: Array, out: Array) -> Array:
        return np.maximum(z, z * self.slope, out=out)

    def derivative(self, z: Array, a: Array, out: Array) -> Array:
        np.sign(a, out)  # 1 where a is positive, 0 or −1 elsewhere
        return np.maximum(out, self.slope, out=out)


@ACTIVATIONS.register("tanh")
@dataclass(frozen=True)
class Tanh(Activation):
    """Squash to between −1 and 1, symmetrically about 0: ``tanh z``."""

    name = "tanh"
    range = (-1.0, 1.0)

    def value(self, z: Array, out: Array) -> Array:
        return np.tanh(z, out)

    def derivative(self, z: Array, a: Array, out: Array) -> Array:
        np.square(a, out)
        return np.subtract(1.0, out, out)


@ACTIVATIONS.register("elu")
@dataclass(frozen=True)
class ELU(Activation):
    """Pass what is positive, bend the rest smoothly towards −alpha: ``z`` if z > 0 else ``alpha·(exp(z) − 1)``.

    Source: Clevert, Unterthiner and Hochreiter (2015), https://arxiv.org/abs/1511.07289
    """

    alpha: float = field(
        default=1.0,
        metadata=Help(
            "How far below zero the curve goes: to minus this number.",
            "Too small: almost a ReLU, whose units can die.",
            "Too large: small negative sums count too much, and training becomes unsteady.",
        ).metadata,
    )
    #: Backward only: the slope that is taken where z > 0. All but 1 are mistakes, for a gradient check to find.
    slope_above: float = field(default=1.0, metadata={"backward_only": True})

    name = "elu"
    kinked = True  # with alpha ≠ 1 the slope itself jumps at 0, with alpha = 1 its derivative does

    def __post_init__(self) -> None:
        object.__setattr__(self, "alpha", number("alpha", self.alpha, above=0, high=100))
        object.__setattr__(self, "slope_above", number("slope_above", self.slope_above, 0, 100))

    def value(self, z: Array, out: Array) -> Array:
        below = np.minimum(z, 0.0)  # exp never sees a positive number, so it can't overflow
        np.expm1(below, below)
        np.multiply(below, self.alpha, below)
        np.maximum(z, 0.0, out=out)
        return np.add(out, below, out)

    def derivative(self, z: Array, a: Array, out: Array) -> Array:
        # Where z ≤ 0 the derivative alpha·exp(z) is a + alpha; elsewhere it is 1.
        np.add(a, self.alpha, out)
        np.putmask(out, a > 0.0, self.slope_above)
        return out

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        return (-self.alpha, None)


@ACTIVATIONS.register("sigmoid")
@dataclass(frozen=True)
class Sigmoid(Activation):
    """Squash to between 0 and 1: ``1 / (1 + exp(−z))``."""

    name = "sigmoid"
    range = (0.0, 1.0)

    def value(self, z: Array, out: Array) -> Array:
        np.negative(z, out)
        np.exp(out, out)  # may overflow to inf far below 0, whose reciprocal is the right 0
        np.add(out, 1.0, out)
        return np.reciprocal(out, out)

    def derivative(self, z: Array, a: Array, out: Array) -> Array:
        np.subtract(1.0, a, out)
        return np.multiply(out, a, out)


@ACTIVATIONS.register("identity")
@dataclass(frozen=True)
class Identity(Activation):
    """Do nothing: a network of such layers is one linear map, however deep."""

    name = "identity"

    def value(self, z: Array, out: Array) -> Array:
        if out is not z:
            np.copyto(out, z)
        return out

    def derivative(self, z: Array, a: Array, out: Array) -> Array:
        out.fill(1.0)
        return out


@ACTIVATIONS.register("softplus")
@dataclass(frozen=True)
class Softplus(Activation):
    """A rounded ReLU: ``log(1 + exp(z))``."""

    name = "softplus"
    range = (0.0, None)

    def value(self, z: Array, out: Array) -> Array:
        return np.logaddexp(z, 0.0, out)

    def derivative(self, z: Array, a: Array, out: Array) -> Array:
        # The derivative is sigmoid(z), and 1 − exp(−a) is the same in terms of the output.
        np.negative(a, out)
        np.expm1(out, out)
        return np.negative(out, out)


@ACTIVATIONS.register("silu")
@dataclass(frozen=True)
class SiLU(Activation):
    """Weigh each input by its own sigmoid: ``z · sigmoid(z)``; also called swish."""

    name = "silu"
    range = (-0.2784645427610738, None)  # the minimum, at z ≈ −1.2785
    needs_pre_activation = True

    def value(self, z: Array, out: Array) -> Array:
        return np.multiply(z, _sigmoid(z), out)

    def derivative(self, z: Array, a: Array, out: Array) -> Array:
        # (z·s)' = s + z·s·(1 − s) = s + a·(1 − s)
        s = _sigmoid(z)
        np.subtract(1.0, s, out)
        np.multiply(out, a, out)
        return np.add(out, s, out)


@ACTIVATIONS.register("gelu")
@dataclass(frozen=True)
class GELU(Activation):
    """Weigh each input by the normal distribution, in the tanh form.

    ``z/2 · (1 + tanh(√(2/π) · (z + 0.044715·z³)))``

    Source: Hendrycks and Gimpel (2016), https://arxiv.org/abs/1606.08415
    """

    name = "gelu"
    range = (-0.17004075057125412, None)  # the minimum, at z ≈ −0.7525
    needs_pre_activation = True

    _SCALE: ClassVar[float] = math.sqrt(2.0 / math.pi)
    _CUBIC: ClassVar[float] = 0.044715

    def value(self, z: Array, out: Array) -> Array:
        t = self._tanh_term(z)
        return np.multiply(0.5 * z, 1.0 + t, out)

    def derivative(self, z: Array, a: Array, out: Array) -> Array:
        # (z/2·(1 + t))' = (1 + t)/2 + z/2·(1 − t²)·u', where t = tanh(u). Far from 0, 1 − t² is exactly 0 while u'
        # stays finite in float64; the clip keeps the product finite in float32, too.
        t = self._tanh_term(z)
        near = np.clip(z, -1e3, 1e3)
        slope_of_u = self._SCALE * (1.0 + 3.0 * self._CUBIC * near * near)
        np.multiply(0.5 * near * (1.0 - t * t), slope_of_u, out)
        return np.add(out, 0.5 * (1.0 + t), out)

    def _tanh_term(self, z: Array) -> Array:
        near = np.clip(z, -1e3, 1e3)  # beyond, tanh is ±1 anyway; z³ must not overflow
        return np.tanh(self._SCALE * (near + self._CUBIC * near * near * near))


@ACTIVATIONS.register("sine")
@dataclass(frozen=True)
class Sine(Activation):
    """A wave: ``sin z``. Fits oscillations that other units need many pieces for."""

    name = "sine"
    range = (-1.0, 1.0)
    needs_pre_activation = True

    def value(self, z: Array, out: Array) -> Array:
        return np.sin(z, out)

    def derivative(self, z: Array, a: Array, out: Array) -> Array:
        return np.cos(z, out)


def _sigmoid(z: Array) -> Array:
    return Sigmoid().value(z, np.empty_like(z))


# Short names for notebooks: nn.activations.elu(alpha=2).
relu, leaky_relu, tanh, elu, sigmoid = ReLU, LeakyReLU, Tanh, ELU, Sigmoid
identity, softplus, silu, gelu, sine = Identity, Softplus, SiLU, GELU, Sine
