"""When training goes wrong: a value that is no longer finite, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nnplay.engine import Network

if TYPE_CHECKING:
    from nnplay.experiment.config import ExperimentConfig
    from nnplay.experiment.session import TrainingSession

#: A loss that no longer means anything and will soon not even be a number.
HOPELESS_LOSS = 1e9
#: A parameter that no picture of the network in single precision can show; its squares are beyond that precision.
HOPELESS_PARAMETER = 1e12


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


def is_hopeless(session: TrainingSession, train_loss: float) -> bool:
    """Return whether there is nothing left to go on from: no frame of such a session is kept, shown or saved."""
    parameters = session.network.parameters
    return (
        session.divergence is not None
        or not train_loss < HOPELESS_LOSS
        or not max(parameters.max(), -parameters.min()) <= HOPELESS_PARAMETER
        or not _has_finite_memory(session)
    )


def _has_finite_memory(session: TrainingSession) -> bool:
    return all(np.isfinite(vector).all() for vector in session.optimizer.state.values())


def largest_parameter(network: Network) -> tuple[str, float]:
    """Return in which layer the largest parameter is, in words, and how large it is."""
    sizes = [float(np.abs(block).max()) for block in network.blocks]
    largest = int(np.argmax(sizes))
    return layer_name(network, largest + 1), sizes[largest]


def layer_name(network: Network, layer: int) -> str:
    """Return what layer number `layer`, counted from 1, is called."""
    return "the output layer" if layer == len(network.blocks) else f"hidden layer {layer}"


def explain_divergence(session: TrainingSession, settings: ExperimentConfig) -> tuple[int, str, str]:
    """Return in which epoch a session went wrong, and two sentences: how, and what to try."""
    if session.divergence:
        epoch, what = session.divergence.epoch, f"{session.divergence.what} is no longer a finite number"
    else:
        layer, size = largest_parameter(session.network)
        epoch = session.epoch
        if not _has_finite_memory(session):
            what = "the gradients have grown beyond what the optimizer can remember"
        elif size > HOPELESS_PARAMETER:
            what = f"the parameters of {layer} have grown to {size:.2g}"
        else:
            what = f"the loss has grown beyond {HOPELESS_LOSS:.0e}, the parameters of {layer} to {size:.2g}"
    advice = f"The steps are too large: try a learning rate of {settings.learning_rate / 10:.2g} or less"
    if settings.optimizer.startswith("sgd") and settings.momentum >= 0.95:
        advice += f", a momentum below {settings.momentum:g}"
    if any(high is None for _, high in (activation.bounds for activation in session.network.activations)):
        advice += ", or a bounded activation such as tanh"
    return epoch, f"Training stopped in epoch {epoch}: {what}.", f"{advice}."
