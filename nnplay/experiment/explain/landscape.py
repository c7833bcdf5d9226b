"""The landscape of the loss: what it is at many places of a plane through the space of a network's parameters.

The places of a grid are networks of one architecture, a stack, and go through the engine many at a time. So the surface
is the true loss at each place of the plane. A run's path lies in the plane only nearly, unless it has but two or three
frames: in the drawing it goes through the nearest places, and :attr:`Landscape.path_loss` says what the loss was.
The path's last frame lies in the plane.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay.attributes import guarded
from nnplay.datasets import Dataset
from nnplay.engine import Network, losses
from nnplay.engine.losses import Loss
from nnplay.engine.passes import ForwardPass
from nnplay.engine.regularizers import Regularizer
from nnplay.engine.stack import NetworkStack
from nnplay.engine.targets import encode_targets
from nnplay.experiment.explain.planes import Plane, parameter_plane, principal_plane
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.data_checks import check_training_data
from nnplay.experiment.training.evaluation import columns_of
from nnplay.refusal import Refusal
from nnplay.validation import finite, integer, must_be, number, real_array, shown

#: What the hidden layers take of all that goes through the stack at once, in bytes: more leaves the cache.
PART_BYTES = 1_000_000
#: What the parameters of one stack may take, in bytes.
STACK_BYTES = 4_000_000
FEWEST_ROWS, MOST_NETWORKS = 64, 256
MOST_PLACES = 401
#: The picture goes so far beyond the path, as a share of the path's extent; and no direction is drawn narrower than
#: this share of the other.
MARGIN, NARROWEST = 0.3, 0.4


@guarded()
@dataclass(frozen=True, eq=False, repr=False)
class Landscape:
    """The loss over a plane, and the path of a run in it.

    Attributes
    ----------
    x, y : ndarray, (resolution,)
        The places along either direction of the plane: distances in the space of parameters from the mean of the path,
        or of a plane of two weights their values.
    loss : ndarray, (resolution, resolution)
        ``loss[i, j]`` is the loss at ``(x[j], y[i])``, over all samples of the data. It may be infinite or NaN.
    path : ndarray, (n_frames, 2)
        The place in the plane that is nearest to each frame.
    path_loss : ndarray, (n_frames,)
        The loss of each frame itself. At its place in the plane it is another one, as far as it lies off it.
    distance : ndarray, (n_frames,)
        How far each frame lies off the plane; 0 for the last one.
    explained_variance : ndarray, (2,)
        Which share of the path's variance lies in either direction; NaN where the path is a single place.
    plane : Plane
    """

    x: np.ndarray
    y: np.ndarray
    loss: np.ndarray
    path: np.ndarray
    path_loss: np.ndarray
    distance: np.ndarray
    plane: Plane

    @property
    def explained_variance(self) -> np.ndarray:
        return self.plane.explained_variance

    def parameters_at(self, x: Any, y: Any) -> np.ndarray:
        """Return the parameters at a place of the plane, (n_parameters,): those whose loss is drawn there."""
        return self.plane.parameters_at(number("x", x), number("y", y))

    def __repr__(self) -> str:
        return f"Landscape({len(self.x)} × {len(self.y)}, {self.plane.kind}, {len(self.path)} frames)"


def loss_landscape(
    parameters: Any,
    network: Network,
    data: Dataset,
    loss: str | Loss | None = None,
    resolution: int = 41,
    *,
    weights: Sequence[int] | None = None,
    plane: Plane | None = None,
    bounds: Any = None,
    regularizer: Regularizer | None = None,
    seed: int = 0,
) -> Landscape:
    """Return the loss over a plane that the path of a run spans.

    Parameters
    ----------
    parameters : array_like, (n_frames, n_parameters)
        The path: the network's parameters at some moments of a run, in order. Of a single one, (n_parameters,) will do.
    network : Network
        The architecture; its own parameters aren't looked at.
    data : Dataset
        On whose samples the loss is taken, as the network takes them: the training set, or the test set.
    loss : str, optional
        By default the one that goes with the network's output.
    resolution : int
        Places along either direction.
    weights : pair of int, optional
        Two parameters, by their index in the flat vector, in place of the principal directions.
    plane : Plane, optional
        That of another landscape: to draw the test loss, or a longer path, over the same places.
    bounds : pair of pairs, optional
        ``((x_low, x_high), (y_low, y_high))``; by default the path with some room around it.
    regularizer : Regularizer, optional
        Adds its penalty to every loss. Without one, losses are as in :attr:`TrainingSession.history`, free of it.
    seed : int
        For random directions, where the path has too few frames for principal ones.

    Returns
    -------
    Landscape

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or the data don't fit the network.

    Examples
    --------
    >>> import nnplay as nn
    >>> session = nn.ExperimentConfig(hidden_sizes=(3,)).build()
    >>> path = [session.network.parameters.copy()]
    >>> for _ in range(20):
    ...     path.append(session.run(epochs=1).network.parameters.copy())
    >>> landscape = nn.loss_landscape(path, session.network, session.train, resolution=11)
    >>> landscape.loss.shape
    (11, 11)
    """
    must_be("network", network, Network)
    must_be("data", data, Dataset)
    check_training_data(data, network)
    path = checked_path(parameters, network)
    resolution = integer("resolution", resolution, 2, MOST_PLACES)
    if regularizer is not None:
        must_be("regularizer", regularizer, Regularizer)
    if plane is None:
        plane = principal_plane(path, network, seed) if weights is None else parameter_plane(path, weights)
    elif weights is not None:
        raise Refusal("weights", "must be left out where a plane is given", shown(weights))
    else:
        must_be("plane", plane, Plane)
        if plane.origin.shape != path[0].shape:
            raise Refusal("plane", f"must have {path.shape[1]} parameters", plane.origin.size)
    losses_of = LossOfStack(network, [data], losses.get(loss, network.output.name), regularizer)
    places = plane.place_of(path)
    (x_low, x_high), (y_low, y_high) = _checked_bounds(bounds) if bounds is not None else bounds_of(places, plane)
    x, y = np.linspace(x_low, x_high, resolution), np.linspace(y_low, y_high, resolution)
    at = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    drawn = losses_of.over(plane, at)[0].reshape(resolution, resolution)
    off = path - plane.parameters_at(places[:, 0], places[:, 1])
    return Landscape(x, y, drawn, places, losses_of.of(path)[0], np.linalg.norm(off, axis=1), plane)


def checked_path(parameters: Any, network: Network) -> np.ndarray:
    """Return a path as an array (n_frames, n_parameters) in double precision."""
    n_parameters = network.parameters.size
    path = real_array("parameters", parameters, "must be the parameters of some frames of a run").astype(np.float64)
    path = np.atleast_2d(path)
    if path.ndim != 2 or path.shape[1] != n_parameters or not len(path):
        wanted = f"must have shape (n_frames, {n_parameters}), a row of the network's parameters for each frame"
        raise Refusal("parameters", wanted, f"shape {path.shape}")
    finite("parameters", path)
    return path


def bounds_of(places: np.ndarray, plane: Plane) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return what of the plane is drawn of a path (n_frames, 2): all of it, and some room around it."""
    low, high = places.min(axis=0), places.max(axis=0)
    extents = high - low
    # A path that hasn't got anywhere yet says nothing of how far to look: as far as the parameters are from 0, or 1.
    own = 2.0 * float(np.linalg.norm(plane.parameters_at(*places[-1]))) if plane.kind == "random" else 2.0
    widest = max(float(extents.max()), 1e-3 * own) if plane.kind == "principal" else max(float(extents.max()), own)
    widths = np.maximum(extents, NARROWEST * widest) * (1 + 2 * MARGIN)
    middle = (low + high) / 2
    (x_low, y_low), (x_high, y_high) = (middle - widths / 2).tolist(), (middle + widths / 2).tolist()
    return (x_low, x_high), (y_low, y_high)


def _checked_bounds(bounds: Any) -> tuple[tuple[float, float], tuple[float, float]]:
    array = real_array("bounds", bounds, "must be ((x_low, x_high), (y_low, y_high))").astype(np.float64)
    if array.shape != (2, 2) or not np.isfinite(array).all() or not (array[:, 0] < array[:, 1]).all():
        raise Refusal("bounds", "must be ((x_low, x_high), (y_low, y_high)), each low below its high", shown(bounds))
    (x_low, x_high), (y_low, y_high) = array.tolist()
    return (x_low, x_high), (y_low, y_high)


class LossOfStack:
    """Says of many networks of one architecture what their losses are, on one data set or on several.

    Parameters
    ----------
    network : Network
        The architecture.
    sets : sequence of Dataset
        As the network takes them.
    loss : Loss
    regularizer : Regularizer, optional
        Whose penalty is added.
    """

    def __init__(
        self, network: Network, sets: Sequence[Dataset], loss: Loss, regularizer: Regularizer | None = None
    ) -> None:
        self._network, self._loss, self._regularizer = network, loss, regularizer
        self._sets = []
        for data in sets:
            targets = encode_targets(data.y, data.n_samples, network.n_outputs, loss).astype(network.dtype)
            self._sets.append((columns_of(data, network), np.ascontiguousarray(targets.T)[:, None, :]))
        sample_bytes = max(1, sum(network.hidden_sizes)) * network.dtype.itemsize
        most = max(columns.shape[1] for columns, _ in self._sets)
        self._rows = max(FEWEST_ROWS, min(most, PART_BYTES // sample_bytes))
        by_hidden = PART_BYTES // (self._rows * sample_bytes)
        by_parameters = STACK_BYTES // network.parameters.nbytes
        #: Networks that go through at once.
        self.at_once = int(max(1, min(by_hidden, by_parameters, MOST_NETWORKS)))
        self._parameters = np.empty((self.at_once, network.parameters.size), network.dtype)
        self._stack = NetworkStack.of(network, self._parameters)
        self._passes: dict[int, ForwardPass] = {}

    def over(self, plane: Plane, places: np.ndarray) -> np.ndarray:
        """Return the losses (n_sets, n_places) at `places` (n_places, 2) of a plane."""
        found = np.empty((len(self._sets), len(places)))
        for start in range(0, len(places), self.at_once):
            part = places[start : start + self.at_once]
            found[:, start : start + len(part)] = self._measured(plane.parameters_at(part[:, 0], part[:, 1]))
        return found

    def of(self, parameters: np.ndarray) -> np.ndarray:
        """Return the losses (n_sets, n_networks) of networks with these `parameters` (n_networks, n_parameters)."""
        parts = [
            self._measured(parameters[start : start + self.at_once])
            for start in range(0, len(parameters), self.at_once)
        ]
        return np.concatenate(parts, axis=1)

    def _measured(self, parameters: np.ndarray) -> np.ndarray:
        """Return the losses (n_sets, n_networks) of as many networks as go through at once, or fewer."""
        n = len(parameters)
        values = np.zeros((len(self._sets), self.at_once))
        with np.errstate(all="ignore"):
            self._parameters[:n] = parameters
            self._parameters[n:] = parameters[-1]
            for value, (columns, targets) in zip(values, self._sets, strict=True):
                n_samples = columns.shape[1]
                for start in range(0, n_samples, self._rows):
                    take_break()
                    x = columns[:, start : start + self._rows].astype(self._network.dtype, copy=False)
                    y = targets[..., start : start + self._rows]
                    forward = self._pass(x.shape[1])
                    outputs = forward.run(x)
                    part = self._loss.value(forward.logits, outputs, y)
                    value += part * (x.shape[1] / n_samples) if self._loss.is_mean else part
            if self._regularizer is not None:
                values += self._regularizer.penalty(self._parameters, self._network.is_weight)
        return values[:, :n]

    def _pass(self, n_samples: int) -> ForwardPass:
        if n_samples not in self._passes:
            self._passes[n_samples] = self._stack.forward_pass(n_samples)
        return self._passes[n_samples]
