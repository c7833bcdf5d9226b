"""What one layer did in a step, forward, backward and in the update."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from nnplay.engine import Network
from nnplay.engine.activations import Array
from nnplay.engine.gradient_check import Differences
from nnplay.engine.losses import Loss
from nnplay.experiment.training.breaks import take_break


class Factor(NamedTuple):
    """A number that others are multiplied with.

    Attributes
    ----------
    symbol : str
        In LaTeX.
    meaning : str
        In words.
    value : float
    terms : tuple of pair of float
        Of a number that is itself a sum of products: the weight on the way, and the error at its end.
    """

    symbol: str
    meaning: str
    value: float
    terms: tuple[tuple[float, float], ...] = ()


class Term(NamedTuple):
    """A product: one of the numbers that make up a step when they are added."""

    factors: tuple[Factor, ...]
    value: float


class Memory(NamedTuple):
    """What an optimizer remembers of each parameter, before and after the step."""

    before: Array
    after: Array


class Probe:
    """Finite differences for a batch, in float64. They take long, so nothing is made before it is asked for.

    Parameters
    ----------
    network : Network
        Copied.
    columns, targets : ndarray
        As the passes take them.
    loss : Loss
    masks : sequence of ndarray, (units, n_samples)
        Dropout's, held still.
    """

    def __init__(
        self, network: Network, columns: Array, targets: Array, loss: Loss, masks: Sequence[Array] = ()
    ) -> None:
        self._network, self._loss = network.copy("float64"), loss
        self._columns, self._targets = columns.astype(np.float64), targets.astype(np.float64)
        self._masks = [mask.astype(np.float64) for mask in masks]

    @cached_property
    def differences(self) -> Differences:
        """What moves one parameter at a time."""
        return Differences(self._network, self._columns, self._targets, self._loss, self._masks)

    def derivatives(self, first: int, n: int) -> Array:
        """Return the finite differences of `n` parameters, from number `first` on."""
        found = np.empty(n)
        for k in range(n):
            found[k] = self.differences.derivative(first + k)
            take_break()
        return found

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "differences"}


@dataclass(frozen=True)
class LayerLedger:
    """The numbers of one layer in one step. Rows of samples are those of the batch.

    Attributes
    ----------
    number : int
        1 for the first hidden layer.
    activation : str
        What its units do, with parameters: ``"elu(alpha=2.0)"``; of the last layer the output.
    is_output, has_bias : bool
    weights, weights_after, weight_gradients, weight_penalties, weight_steps : ndarray, (n_in, n_out)
        Before and after the step; ∂loss/∂weight; the derivative of the penalty, which comes on top of that; what
        the optimizer added.
    biases, biases_after, bias_gradients, bias_steps : ndarray, (n_out,)
        Likewise; zeros in a network without biases.
    inputs : ndarray, (n_samples, n_in)
        What came in: features, or what the layer below handed on.
    pre_activations, activations, slopes, errors : ndarray, (n_samples, n_out)
        z, g(z), g'(z) and δ = ∂loss/∂z. Where the loss is a mean over the samples, δ is already divided by their
        number. A softmax mixes its units: of its Jacobian, `slopes` has the diagonal a·(1 − a).
    mask : ndarray, (n_samples, n_out), or None
        Dropout's: 0 for who is silent, 1 / (1 − rate) for the others.
    handed_on : ndarray, (n_samples, n_out)
        The activations times the mask: the `inputs` of the layer above.
    error_rule : str
        Where δ comes from: "chain" in a hidden layer, from the layer above; "difference" where it is a − y, divided by
        the number of samples; "jacobian" where it is ∂loss/∂a times the derivative of the output.
    loss_slopes : ndarray, (n_samples, n_out), or None
        ∂loss/∂a, for the rule "jacobian".
    weight_memory, bias_memory : mapping of str to Memory
        What the optimizer remembers, by name: "velocity".
    """

    number: int
    activation: str
    is_output: bool
    has_bias: bool
    weights: Array
    weights_after: Array
    weight_gradients: Array
    weight_penalties: Array
    weight_steps: Array
    biases: Array
    biases_after: Array
    bias_gradients: Array
    bias_steps: Array
    inputs: Array
    pre_activations: Array
    activations: Array
    slopes: Array
    errors: Array
    mask: Array | None
    handed_on: Array
    error_rule: str
    loss_slopes: Array | None
    weight_memory: Mapping[str, Memory]
    bias_memory: Mapping[str, Memory]
    first_parameter: int
    probe: Probe

    @property
    def n_in(self) -> int:
        """Inputs of each unit."""
        return self.weights.shape[0]

    @property
    def n_out(self) -> int:
        """Units."""
        return self.weights.shape[1]

    @cached_property
    def weight_differences(self) -> Array:
        """∂loss/∂weight by finite differences, (n_in, n_out); NaN where a unit is at its kink.

        Computed when it is first read: about four passes of the batch through the network for each weight.
        """
        found = self.probe.derivatives(self.first_parameter, self.weights.size)
        return still(found.reshape(self.weights.shape))

    @cached_property
    def bias_differences(self) -> Array:
        """∂loss/∂bias by finite differences, (n_out,): see `weight_differences`. Zeros without biases."""
        if not self.has_bias:
            return still(np.zeros(self.n_out))
        return still(self.probe.derivatives(self.first_parameter + self.weights.size, self.n_out))


def still(array: Array) -> Array:
    """Return `array` as one that can't be written."""
    array.flags.writeable = False
    return array
