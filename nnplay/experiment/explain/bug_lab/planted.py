"""The planted faults themselves: parts of the engine that do one thing wrong, and the rest as ever.

None of this is used anywhere but in the bug lab. The engine's own lines stay as they are: each part extends one of
them. Copies of a network with a fault have none, as :meth:`Network.copy` makes a plain network; so finite differences,
which run forward alone, tell the truth.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nnplay.engine import Network, activations
from nnplay.engine.activations import Array
from nnplay.engine.losses import Loss
from nnplay.engine.passes import Backpropagation

#: Article 000's activation with its derivative as the code has it: 0 where z > 0, in place of 1.
WRONG_ELU = activations.elu(alpha=2, slope_above=0)


class FaultyBackpropagation(Backpropagation):
    """Backpropagation whose gradients are spoilt afterwards."""

    def run(self, x: Array, y: Array) -> Array:
        outputs = super().run(x, y)
        self.spoil(y.shape[-1])
        return outputs

    def spoil(self, n_samples: int) -> None:
        """Do the one thing wrong."""
        raise NotImplementedError


class NoBiasGradient(FaultyBackpropagation):
    """The line with ∂loss/∂b = Σ δ is missing: biases stay where they began."""

    def spoil(self, n_samples: int) -> None:
        for layer in self._layers:
            layer.gradient[-1] = 0.0


class DividedTwice(FaultyBackpropagation):
    """Hidden layers divide by the number of samples once more, though the loss's δ is divided already."""

    def spoil(self, n_samples: int) -> None:
        for layer in self._layers[:-1]:
            np.divide(layer.gradient, n_samples, layer.gradient)


class WrongSign(FaultyBackpropagation):
    """Hidden layers take δ with the wrong sign: they climb while the output layer descends."""

    def spoil(self, n_samples: int) -> None:
        for layer in self._layers[:-1]:
            np.negative(layer.gradient, layer.gradient)


class FaultyNetwork(Network):
    """A network that runs backward with a fault."""

    passes: ClassVar[type[Backpropagation]] = Backpropagation

    def backpropagation(
        self,
        loss: Loss,
        n_samples: int,
        gradient: Array,
        dropout: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> Backpropagation:
        rngs = () if rng is None else (rng,)
        return self.passes(self.forward_pass(n_samples), loss, self.blocks_of(gradient), dropout, rngs)


class NetworkWithoutBiasGradient(FaultyNetwork):
    """A network with :class:`NoBiasGradient`."""

    passes = NoBiasGradient


class NetworkDividedTwice(FaultyNetwork):
    """A network with :class:`DividedTwice`."""

    passes = DividedTwice


class NetworkWithWrongSign(FaultyNetwork):
    """A network with :class:`WrongSign`."""

    passes = WrongSign
