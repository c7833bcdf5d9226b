"""What a network makes of the plane: its output over a grid of points, and the plane as a hidden layer sees it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnplay.datasets import Dataset
from nnplay.engine.losses import Loss
from nnplay.engine.network import Network
from nnplay.experiment.config.input_plane import InputPlane, NoPlane
from nnplay.experiment.frames.hidden_space import HiddenSpace, HiddenSpaces, View
from nnplay.experiment.frames.linear_probe import LinearProbe
from nnplay.experiment.training.evaluation import Evaluation, Outputs

#: Every how many points there is a line of the warped grid, and every how many it is sampled along.
LINE_SPACING, SAMPLE_SPACING = 5, 2


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
    straight : LinearProbe, optional
        Fits straight cuts to the first of the samples, those that are trained on.

    Attributes
    ----------
    plane : InputPlane
    grid_shape : tuple of int
        2 directions, the lines in each, the points along a line. Of an axis alone both directions hold the one line.
    network : Network
        The float32 twin that is evaluated, with the parameters of the last :meth:`evaluate`.
    is_exact : bool
        Whether it computes the samples' outputs in the run's own precision, and of nothing else: then they are good for
        measuring, too.
    """

    def __init__(self, network: Network, X: np.ndarray, plane: InputPlane, straight: LinearProbe | None = None) -> None:
        self.plane = plane
        self.network = network.copy("float32")
        self.is_exact = isinstance(plane, NoPlane) and network.dtype == self.network.dtype
        points = plane.grid()
        everything = np.concatenate([plane.inputs_at(points), plane.inputs_of(X)])
        self._inputs = self.network.as_columns(everything)
        self._forward = self.network.forward_pass(len(everything))
        self._is_evaluated = False
        self._n_plane = len(points)
        # What of all that is shown of a hidden layer: the lines of constant x, those of constant y, and every sample.
        index = np.arange(len(points)).reshape(plane.shape)
        across = index[::LINE_SPACING, ::SAMPLE_SPACING]
        lines = np.stack([across if plane.n_axes == 1 else index[::SAMPLE_SPACING, ::LINE_SPACING].T, across])
        self.grid_shape = lines.shape
        shown = np.concatenate([lines.ravel(), np.arange(len(points), len(everything))])
        positions = np.concatenate([points, plane.positions_of(X)])[shown].T.astype(np.float32)
        fed = self._inputs[: network.n_inputs, shown] if plane.labels != plane.axes else None
        self._hidden_spaces = HiddenSpaces(self.network, positions, fed, shown, lines.shape, straight)

    def evaluate(self, parameters: np.ndarray) -> np.ndarray:
        """Run the network with `parameters`; return its outputs over the plane, (n_outputs, rows, columns).

        Row 0 is the lowest y, column 0 the lowest x; an axis alone has a single row.
        """
        if not (self._is_evaluated and np.array_equal(self.network.parameters, parameters)):
            with np.errstate(all="ignore"):
                self.network.parameters[:] = parameters
                self._forward.run(self._inputs)
            self._is_evaluated = True
        return self.plane_outputs

    @property
    def plane_inputs(self) -> np.ndarray:
        """What the network is fed with over the plane, (n_inputs, rows, columns)."""
        return self._over_plane(self._inputs[: self.network.n_inputs])

    @property
    def plane_outputs(self) -> np.ndarray:
        """The outputs over the plane, (n_outputs, rows, columns), as of the last evaluation."""
        return self._over_plane(self._forward.outputs)

    @property
    def plane_activations(self) -> list[np.ndarray]:
        """Each hidden layer's activations over the plane, (units, rows, columns), as last evaluated."""
        return [self._over_plane(a) for a in self._forward.hidden]

    @property
    def sample_inputs(self) -> np.ndarray:
        """What the network is fed with for all samples, (n_inputs, n_samples)."""
        return self._inputs[: self.network.n_inputs, self._n_plane :]

    @property
    def sample_activations(self) -> list[np.ndarray]:
        """Each hidden layer's activations for all samples, (units, n_samples), as of the last evaluation."""
        return [a[:, self._n_plane :] for a in self._forward.hidden]

    @property
    def sample_outputs(self) -> np.ndarray:
        """The outputs for all samples, (n_outputs, n_samples), as of the last evaluation."""
        return self._forward.outputs[:, self._n_plane :]

    @property
    def sample_logits(self) -> np.ndarray:
        """The same before the output activation."""
        return self._forward.logits[:, self._n_plane :]

    def _over_plane(self, values: np.ndarray) -> np.ndarray:
        return values[:, : self._n_plane].reshape(len(values), *self.plane.shape)

    def hidden_space(self, view: View) -> HiddenSpace:
        """Return what `view` shows as of the last :meth:`evaluate`; without a hidden layer, that of the inputs."""
        return self._hidden_spaces.draw(view, self._forward.hidden)


class DrawnEvaluation(Evaluation):
    """Measures `network` on some of the samples that its surface shows: what was computed to measure draws them, too.

    Parameters
    ----------
    network : Network
        In single precision, as the surface is.
    data : Dataset
    loss : Loss
    surface : Surface
    columns : slice
        Which of the surface's samples `data` are.
    """

    def __init__(self, network: Network, data: Dataset, loss: Loss, surface: Surface, columns: slice) -> None:
        self._surface, self._columns = surface, columns
        super().__init__(network, data, loss)

    def _parts_of(self, network: Network, data: Dataset, targets: np.ndarray) -> list[tuple[Outputs, np.ndarray]]:
        surface, columns = self._surface, self._columns

        def outputs() -> tuple[np.ndarray, np.ndarray]:
            surface.evaluate(network.parameters)
            return surface.sample_outputs[:, columns], surface.sample_logits[:, columns]

        return [(outputs, np.ascontiguousarray(targets.T))]
