"""When training goes wrong: a value that is no longer finite, and where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnplay.engine import Network


class DivergenceWarning(RuntimeWarning):
    """Training stopped because a value is no longer finite."""


@dataclass(frozen=True)
class Divergence:
    """Where a value stopped being finite.

    Attributes
    ----------
    epoch : int
        The epoch in which it happened, counted from 1.
    layer : int
        The first layer with such a parameter, counted from 1 (the output layer is the last); 0 if it is the loss alone.
    what : str
        The same in words: ``"a weight of hidden layer 2"``.
    """

    epoch: int
    layer: int
    what: str


def find_divergence(network: Network, epoch: int) -> Divergence | None:
    """Return where `network` has a parameter that isn't finite, or None if it has none."""
    if np.isfinite(network.parameters).all():
        return None
    layer = next(i for i, block in enumerate(network.blocks, 1) if not np.isfinite(block).all())
    what = "a bias" if np.isfinite(network.weights[layer - 1]).all() else "a weight"
    return Divergence(epoch, layer, f"{what} of {layer_name(network, layer)}")


def largest_parameter(network: Network) -> tuple[str, float]:
    """Return in which layer the largest parameter is, in words, and how large it is."""
    sizes = [float(np.abs(block).max()) for block in network.blocks]
    largest = int(np.argmax(sizes))
    return layer_name(network, largest + 1), sizes[largest]


def layer_name(network: Network, layer: int) -> str:
    """Return what layer number `layer`, counted from 1, is called."""
    return "the output layer" if layer == len(network.blocks) else f"hidden layer {layer}"
