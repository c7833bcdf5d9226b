"""What a network answers to one sample, and what every layer makes of it on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnplay.engine import Network


@dataclass(frozen=True)
class Answer:
    """What a network says of one sample.

    Attributes
    ----------
    outputs : ndarray, (n_outputs,)
        After the output activation. Of softmax they are probabilities that sum to 1; sigmoids answer each for itself.
    activations : list of ndarray, (units,)
        Of each hidden layer.
    """

    outputs: np.ndarray
    activations: list[np.ndarray]


def answer(network: Network, sample: np.ndarray) -> Answer:
    """Return what `network` makes of `sample`, (n_inputs,), as the network takes it."""
    samples = np.asarray(sample)[None]
    with np.errstate(all="ignore"):
        activations = [layer[0] for layer in network.hidden_activations(samples)]
        return Answer(network.forward(samples)[0], activations)


class Answerer:
    """Answers with one network or another of the same kind: the one of a frame, whichever is shown.

    Parameters
    ----------
    network : Network
        Whose architecture it is. Nothing is written in it, so that it may be trained meanwhile.
    """

    def __init__(self, network: Network) -> None:
        self._twin = network.copy("float32")

    def __call__(self, parameters: np.ndarray, sample: np.ndarray) -> Answer:
        """Return what the network with these `parameters` makes of `sample`, (n_inputs,)."""
        self._twin.parameters = parameters
        return answer(self._twin, sample)
