"""What a network makes of the plane: its output over a grid of points, and the plane as a hidden layer sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnplay.engine.network import Network
from nnplay.engine.passes import ForwardPass, as_columns
from nnplay.experiment.inputs import InputPlane

#: Every how many points there is a line of the warped grid, and every how many it is sampled along.
LINE_SPACING, SAMPLE_SPACING = 5, 2
#: Farthest that a hidden activation is drawn, so that its square is finite in float32: just before a run diverges.
FARTHEST = 1e15


def output_range(class_names: Sequence[str], targets: np.ndarray) -> tuple[float, float]:
    """Return the outputs that the ends of the colour scale stand for: probabilities, or values about 0."""
    if class_names:
        return 0.0, 1.0
    largest = float(np.abs(targets).max()) or 1.0
    unit = 10.0 ** (np.floor(np.log10(largest)) - 1)
    high = round(float(np.ceil(largest / unit) * unit), 9)
    return -high, high


def shown_planes(outputs: np.ndarray, class_names: Sequence[str]) -> np.ndarray:
    """Return a plane of outputs for each class; for two classes (the second one's probability) and regression, one."""
    return outputs[1:] if len(class_names) == 2 and len(outputs) == 2 else outputs


@dataclass(frozen=True)
class View:
    """Which hidden layer is looked at, along which two directions, and what else a frame brings.

    Attributes
    ----------
    layer : int
        Index of the hidden layer, 0 the first.
    projection : {"units", "pca"}
        A pair of its units, or its first two principal components.
    units : tuple of int
        The pair, for "units".
    shows : tuple of str
        Optional parts of a frame that are looked at: names in ``parts.PARTS``.
    """

    layer: int = 0
    projection: str = "pca"
    units: tuple[int, int] = (0, 1)
    shows: tuple[str, ...] = ()


@dataclass(frozen=True)
class HiddenSpace:
    """The samples and the input plane's grid as a hidden layer sees them, in two coordinates.

    Attributes
    ----------
    points : ndarray, (n_samples, 2)
    grid : ndarray, (2, n_lines, n_along, 2)
        First the lines of constant x, then those of constant y.
    line : ndarray, (3,)
        a, b, c of a·u + b·v + c = 0, where the output is undecided; NaN unless that is a line in this space.
    """

    points: np.ndarray
    grid: np.ndarray
    line: np.ndarray


class Surface:
    """Evaluates a network over the plane and over the samples at once, in float32: it is for looking at.

    Parameters
    ----------
    network : Network
        Its parameters are given to each call, so that any snapshot can be drawn.
    X : ndarray, (n_samples, n_coordinates)
        All samples, train and test, before features are computed of them.
    plane : InputPlane
        What is looked at, and how a point of it becomes the network's inputs.

    Attributes
    ----------
    plane : InputPlane
    grid_shape : tuple of int
        2 directions, the lines in each, the points along a line. Of an axis alone both directions hold the one line.
    network : Network
        The float32 twin that is evaluated, with the parameters of the last :meth:`evaluate`.
    """

    def __init__(self, network: Network, X: np.ndarray, plane: InputPlane) -> None:
        self.plane = plane
        self.network = Network(
            network.layer_sizes, network.activations, network.output.name, dtype="float32", bias=network.has_bias
        )
        points = plane.grid()
        everything = np.concatenate([plane.inputs_at(points), plane.inputs_of(X)])
        self._inputs = as_columns(everything, self.network)
        self._forward = ForwardPass(self.network, len(everything))
        self._n_plane = len(points)
        # What of all that is shown of a hidden layer: the lines of constant x, those of constant y, and every sample.
        index = np.arange(len(points)).reshape(plane.shape)
        across = index[::LINE_SPACING, ::SAMPLE_SPACING]
        lines = np.stack([across if plane.n_axes == 1 else index[::SAMPLE_SPACING, ::LINE_SPACING].T, across])
        self.grid_shape = lines.shape
        self._n_grid = lines.size
        self._shown = np.concatenate([lines.ravel(), np.arange(len(points), len(everything))])
        self._bases: dict[int, np.ndarray] = {}

    def evaluate(self, parameters: np.ndarray) -> np.ndarray:
        """Run the network with `parameters`; return its outputs over the plane, (n_outputs, rows, columns).

        Row 0 is the lowest y, column 0 the lowest x; an axis alone has a single row.
        """
        with np.errstate(all="ignore"):
            self.network.parameters = parameters
            outputs = self._forward(self._inputs)
        return outputs[:, : self._n_plane].reshape(-1, *self.plane.shape)

    @property
    def plane_activations(self) -> list[np.ndarray]:
        """Each hidden layer's activations over the plane, (units, rows, columns), as last evaluated."""
        return [a[:, : self._n_plane].reshape(-1, *self.plane.shape) for a in self._forward.hidden]

    @property
    def sample_activations(self) -> list[np.ndarray]:
        """Each hidden layer's activations for all samples, (units, n_samples), as of the last evaluation."""
        return [a[:, self._n_plane :] for a in self._forward.hidden]

    @property
    def sample_outputs(self) -> np.ndarray:
        """The outputs for all samples, (n_outputs, n_samples), as of the last evaluation."""
        return self._forward.outputs[:, self._n_plane :]

    def hidden_space(self, view: View) -> HiddenSpace:
        """Return the space of `view` as of the last :meth:`evaluate`; without a hidden layer, that of the inputs."""
        layers = self._forward.hidden or [self._inputs[: self.network.n_inputs]]
        activations = layers[view.layer][:, self._shown]
        # fmin and fmax also turn a NaN into a number.
        coordinates = self._project(np.fmax(np.fmin(activations, FARTHEST), -FARTHEST), view).T
        grid = coordinates[: self._n_grid].reshape(*self.grid_shape, 2)
        return HiddenSpace(coordinates[self._n_grid :], grid, self._undecided_line(view))

    def _project(self, activations: np.ndarray, view: View) -> np.ndarray:
        """Return two coordinates (2, n) for activations (units, n)."""
        n_units = len(activations)
        if n_units == 1:
            return np.vstack([activations, np.zeros_like(activations)])
        if n_units == 2:
            return activations
        if view.projection == "units":
            return activations[list(view.units)]
        samples = activations[:, self._n_grid :]
        centre = samples.mean(axis=1, keepdims=True)
        basis = self._principal_components(samples - centre, view.layer)
        return basis.T @ (activations - centre)

    def _principal_components(self, centred: np.ndarray, layer: int) -> np.ndarray:
        """Return the two directions (units, 2) along which the samples spread most, turned to match the last ones.

        Components are only defined up to sign, and up to any turn where they spread alike: unturned, the picture would
        jump.
        """
        _, directions = np.linalg.eigh(centred @ centred.T)
        basis = directions[:, :-3:-1]  # eigenvalues ascend, so the last two columns, the larger first
        last = self._bases.get(layer)
        if last is not None:
            u, _, vt = np.linalg.svd(basis.T @ last)  # the turn that brings it closest (orthogonal Procrustes)
            basis = basis @ (u @ vt)
        self._bases[layer] = basis
        return basis

    def _undecided_line(self, view: View) -> np.ndarray:
        """Return the line where the last layer's one logit is 0, in the space of its two inputs."""
        twin = self.network
        sizes = twin.hidden_sizes or (twin.n_inputs,)
        is_last = view.layer == len(sizes) - 1
        if not (is_last and sizes[-1] == 2 and twin.n_outputs == 1 and twin.output.name == "sigmoid"):
            return np.full(3, np.nan, np.float32)
        return np.append(twin.weights[-1][:, 0], twin.biases[-1])
