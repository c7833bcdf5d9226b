"""When training goes wrong: a value that is no longer finite, and where."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from nnplay.datasets import Dataset
from nnplay.engine import Network

#: A loss that no longer means anything and will soon not even be a number.
HOPELESS_LOSS = 1e9
#: A parameter that no picture of the network in single precision can show; its squares are beyond that precision.
HOPELESS_PARAMETER = 1e12
#: Inputs or targets as large as this make every step too large.
LARGE = 100.0


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


@dataclass(frozen=True)
class LargeValue:
    """What in the data is too large to learn from.

    Attributes
    ----------
    column : int or None
        Of the inputs; None for the targets.
    size : float
    """

    column: int | None
    size: float

    def __str__(self) -> str:
        what = "targets" if self.column is None else "inputs"
        return f"the {what} reach {self.size:.2g}"


def too_large(data: Dataset) -> LargeValue | None:
    """Return the largest input, or target to fit, if it is too large to learn from: then no rate is to blame."""
    sizes = np.abs(data.X).max(axis=0, initial=0.0)
    column = int(sizes.argmax())
    if sizes[column] >= LARGE:
        return LargeValue(column, float(sizes[column]))
    target = 0.0 if data.class_names else float(np.abs(data.y).max(initial=0.0))
    return LargeValue(None, target) if target >= LARGE else None


def largest_parameter(network: Network) -> tuple[str, float]:
    """Return in which layer the largest parameter is, in words, and how large it is."""
    sizes = [float(np.abs(block).max()) for block in network.blocks]
    largest = int(np.argmax(sizes))
    return layer_name(network, largest + 1), sizes[largest]


def layer_name(network: Network, layer: int) -> str:
    """Return what layer number `layer`, counted from 1, is called."""
    return "the output layer" if layer == len(network.blocks) else f"hidden layer {layer}"


def warn_if_diverged(divergence: Divergence | None, train: Dataset, learning_rate: float) -> None:
    """Warn whoever called the session's method that calls this, if training stopped as it diverged."""
    if not divergence:
        return
    epoch, what, large = divergence.epoch, divergence.what, too_large(train)
    happened = f"training stopped in epoch {epoch}: {what} is no longer finite"
    if epoch == 0:
        happened = f"nothing was trained: {what} is not finite before the first step"
    advice = f"Try a learning rate below {learning_rate:g}, or restore a snapshot."
    if large:
        advice = f"The cause: {large}. Scale them to values around 1."
    warnings.warn(f"{happened}. {advice}", DivergenceWarning, stacklevel=3)
