"""A stack: many networks of one architecture, run at once.

They run through the same layers as one network does, by the same lines: see :mod:`~nnplay.engine.layer`. Small networks
spend most of their time in calls rather than in numbers, and a stack makes each call once for all.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from nnplay.engine import losses
from nnplay.engine.losses import Loss
from nnplay.engine.network import Network
from nnplay.engine.optimizers import Optimizer
from nnplay.engine.passes import Backpropagation, ForwardPass
from nnplay.engine.regularizers import Regularizer
from nnplay.engine.targets import encode_targets
from nnplay.refusal import Refusal
from nnplay.validation import fits, float_matrix, must_be, shown

#: What all networks of a stack have in common. What their weights were drawn by may differ.
_ALIKE = ("layer_sizes", "activations", "output", "dtype", "has_bias")


#: A dataclass whose fields are numbers: an optimizer, a regularizer.
Described = TypeVar("Described", Optimizer, Regularizer)


def together(each: Sequence[Described], dtype: np.dtype) -> Described:
    """Return one optimizer, or regularizer, that does for a stack what `each` does for its network.

    Parameters
    ----------
    each : sequence
        K of one kind. They may differ in any number, not in a truth value.
    dtype : dtype
        Of the networks.

    Returns
    -------
    Optimizer or Regularizer
        A number that is the same for all stays one; else it is (K, 1).
    """
    one = copy.copy(each[0])
    for field in dataclasses.fields(one):
        if field.init:
            values = [getattr(other, field.name) for other in each]
            if any(value != values[0] for value in values):
                object.__setattr__(one, field.name, np.reshape(np.array(values, dtype), (-1, 1)))
    return one


class NetworkStack:
    """K networks of one architecture. Each gives what it would give alone, but for rounding.

    Optimizers and regularizers take a stack's parameters and gradient as they take those of one network.

    Parameters
    ----------
    networks : sequence of Network
        At least one. Their parameters are copied.

    Attributes
    ----------
    parameters : ndarray, (K, n_parameters)
        A row for each network, in the order of its own `parameters`.
    is_weight : ndarray, (n_parameters,)
        1.0 for each weight and 0.0 for each bias: what regularizers act on.

    Raises
    ------
    TypeError, ValueError
        If there is no network, or their architectures differ.
    """

    def __init__(self, networks: Sequence[Network]) -> None:
        if not networks:
            raise Refusal("networks", "must be at least one Network", shown(networks))
        for network in networks:
            must_be("networks", network, Network)
            for name in _ALIKE:
                expected, got = getattr(networks[0], name), getattr(network, name)
                if expected != got:
                    raise Refusal("networks", f"must have the same {name}", f"{shown(expected)} and {shown(got)}")
        self._look(networks[0].copy(), np.stack([network.parameters for network in networks]))

    def _look(self, like: Network, parameters: np.ndarray) -> None:
        self._like, self.parameters, self.is_weight = like, parameters, like.is_weight

    @classmethod
    def of(cls, like: Network, parameters: np.ndarray) -> NetworkStack:
        """Return the stack of networks of the architecture of `like` whose `parameters` (K, n_parameters) these are."""
        stack = cls.__new__(cls)
        stack._look(like, parameters)
        return stack

    def __len__(self) -> int:
        return len(self.parameters)

    @property
    def n_outputs(self) -> int:
        """Outputs of each network."""
        return self._like.n_outputs

    @property
    def n_hidden_units(self) -> int:
        """Units of all hidden layers of a network."""
        return sum(self._like.hidden_sizes)

    def network(self, k: int) -> Network:
        """Return the network in row `k`, with parameters of its own."""
        network = self._like.copy()
        network.parameters[:] = self.parameters[k]  # those that diverged, too
        return network

    def forward_pass(self, n_samples: int) -> ForwardPass:
        """Return a forward pass for so many samples."""
        return self._like.forward_pass(n_samples, self.parameters)

    def backpropagation(
        self,
        loss: Loss,
        n_samples: int,
        gradient: np.ndarray,
        dropout: float | Sequence[float] = 0.0,
        rngs: Sequence[np.random.Generator] = (),
    ) -> Backpropagation:
        """Return what fills `gradient` (K, n_parameters) for batches of so many samples.

        Its columns and targets are as :meth:`as_columns` and :meth:`as_targets` make them. With dropout, each network
        has a generator in `rngs`, and may have a rate of its own.
        """
        return Backpropagation(self.forward_pass(n_samples), loss, self._like.blocks_of(gradient), dropout, rngs)

    def as_columns(self, X: Any) -> np.ndarray:
        """Return samples as the columns that a pass takes.

        Parameters
        ----------
        X : array_like, (n_samples, n_inputs) or (K, n_samples, n_inputs)
            The same samples for all networks, or for each its own.

        Returns
        -------
        ndarray, (n_inputs + 1, n_samples) or (K, n_inputs + 1, n_samples)
        """
        parts = [float_matrix("X", part, columns=self._like.n_inputs) for part in (X if np.ndim(X) == 3 else [X])]
        X = np.stack(parts) if np.ndim(X) == 3 else parts[0]
        if X.ndim == 3 and len(X) != len(self):
            raise Refusal("X", f"must be for all networks, or for each of the {len(self)}", f"it for {len(X)}")
        fits("X", X, self._like.dtype)
        return self._like.as_columns(X)

    def as_targets(self, y: Any, n_samples: int, loss: Loss, each_its_own: bool) -> np.ndarray:
        """Return targets as a pass takes them, (n_outputs, K, n_samples), or (n_outputs, 1, n_samples) for all alike.

        Parameters
        ----------
        y : array_like
            As for :meth:`Network.loss_and_gradient`; with `each_its_own` one such for each network.
        n_samples : int
        loss : Loss
        each_its_own : bool
        """
        n_outputs = self._like.n_outputs
        parts = [encode_targets(part, n_samples, n_outputs, loss).T for part in (y if each_its_own else [y])]
        return np.stack(parts, axis=1).astype(self._like.dtype)

    def forward(self, X: Any) -> np.ndarray:
        """Return the outputs (K, n_samples, n_outputs) for samples `X` as :meth:`as_columns` takes them."""
        columns = self.as_columns(X)
        with np.errstate(over="ignore", invalid="ignore"):
            return self.forward_pass(columns.shape[-1]).run(columns).transpose(1, 2, 0).copy()

    def loss_and_gradient(self, X: Any, y: Any, loss: str | Loss | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return each network's loss (K,) and gradient (K, n_parameters).

        Parameters
        ----------
        X : array_like, (n_samples, n_inputs) or (K, n_samples, n_inputs)
            The same samples for all networks, or for each its own.
        y : array_like
            Their targets, as for :meth:`Network.loss_and_gradient`; where each network has its own samples, one such
            for each.
        loss : str, optional
            By default the one that goes with the output.
        """
        loss = losses.get(loss, self._like.output.name)
        columns = self.as_columns(X)
        n_samples = columns.shape[-1]
        targets = self.as_targets(y, n_samples, loss, each_its_own=columns.ndim == 3)
        gradient = np.empty_like(self.parameters)
        backpropagation = self.backpropagation(loss, n_samples, gradient)
        with np.errstate(over="ignore", invalid="ignore"):
            outputs = backpropagation.run(columns, targets)
            return loss.value(backpropagation.forward.logits, outputs, targets), gradient
