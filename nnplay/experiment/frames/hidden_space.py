"""The samples and the input plane's grid as hidden layers see them: one layer in two or three coordinates, or all the
steps from the plane to the last layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnplay.engine.network import Network
from nnplay.experiment.frames.linear_probe import Cut, LinearProbe

#: Farthest that a hidden activation is drawn, so that its square is finite in float32: just before a run diverges.
FARTHEST = 1e15
#: Share of the largest variance below which a second direction means nothing: then the fit isn't kept.
FLAT = 1e-12
PROJECTIONS = ("units", "pca", "straight")
MODES = ("2d", "3d", "morph")
#: The network's inputs, as if they were a layer: the one before the first.
INPUTS = -1


@dataclass(frozen=True)
class View:
    """Which hidden layer is looked at, along which directions, and what else a frame brings.

    Attributes
    ----------
    layer : int
        Index of the hidden layer, 0 the first.
    projection : {"units", "pca", "straight"}
        Some of its units, its first principal components, or the directions in which a straight cut shows.
    units : tuple of int
        Those units, for "units": as many as the mode has coordinates.
    shows : tuple of str
        Optional parts of a frame that are looked at: names in ``parts.PARTS``.
    mode : {"2d", "3d", "morph"}
        The layer in two or three coordinates, or every step from the input plane to the last layer.
    fit : int
        How often principal components were fitted again; a view with another number is fitted to what it draws first.
    """

    layer: int = 0
    projection: str = "pca"
    units: tuple[int, ...] = (0, 1)
    shows: tuple[str, ...] = ()
    mode: str = "2d"
    fit: int = 0


def first_view(n_layers: int, has_plane: bool) -> View:
    """Return the view that a run begins with: of the last hidden layer, where there is a plane as its cut parts it."""
    return View(max(0, n_layers - 1), "straight" if has_plane else "pca")


@dataclass(frozen=True)
class HiddenSpace:
    """The samples and the input plane's grid in d = 2 or 3 coordinates.

    In a morph both have one more axis in front, the stages: the plane, the features where those are others than its
    coordinates, then for each layer its pre-activations and its activations. More than two units are then shown by
    principal components.

    Attributes
    ----------
    points : ndarray, (n_samples, d) or (n_stages, n_samples, 2)
    grid : ndarray, (2, n_lines, n_along, d) or (n_stages, 2, n_lines, n_along, 2)
        First the lines of constant x, then those of constant y.
    line : ndarray, (d + 1,)
        The factors of the coordinates, and the constant, of the line or plane where the output is undecided; NaN unless
        that is one in this space. In a morph, the space of the last stage.
    shifts : ndarray, (n_layers, 2)
        By how much each layer's biases move its pre-activations; empty unless this is a morph.
    """

    points: np.ndarray
    grid: np.ndarray
    line: np.ndarray
    shifts: np.ndarray


@dataclass(frozen=True)
class Projection:
    """Takes activations to coordinates: basisᵀ(a − centre).

    Attributes
    ----------
    centre : ndarray, (units, 1)
    basis : ndarray, (units, d)
    line : ndarray, (d + 1,), or None
        The factors of the coordinates, and the constant, of a cut that was fitted.
    """

    centre: np.ndarray
    basis: np.ndarray
    line: np.ndarray | None = None

    def __call__(self, activations: np.ndarray) -> np.ndarray:
        """Return the coordinates (d, n) of activations (units, n)."""
        return self.basis.T @ (activations - self.centre)

    def first(self, d: int) -> Projection:
        """Return the projection on the first `d` directions."""
        return Projection(self.centre, self.basis[:, :d])


class HiddenSpaces:
    """Draws hidden layers from their activations; principal components are fitted once for each layer and then stay.

    Parameters
    ----------
    network : Network
        Whose parameters drew what is looked at.
    positions : ndarray, (1 or 2, n)
        Where on the plane each column is: first the points of the grid, then the samples.
    features : ndarray, (n_inputs, n), or None
        What the network is fed with there; None where those are the positions.
    columns : ndarray, (n,)
        Where those are among all that the network is run on.
    grid_shape : tuple of int
        2 directions, the lines in each, the points along a line.
    straight : LinearProbe, optional
        Fits straight cuts to the first of the samples, those that are trained on.
    """

    def __init__(
        self,
        network: Network,
        positions: np.ndarray,
        features: np.ndarray | None,
        columns: np.ndarray,
        grid_shape: tuple[int, ...],
        straight: LinearProbe | None = None,
    ) -> None:
        self._network = network
        self._positions = positions
        self._features = features
        self._columns = columns
        self._grid_shape = grid_shape
        self._n_grid = int(np.prod(grid_shape))
        self._straight = straight
        self._fits: dict[int, Projection] = {}
        self._fit = 0

    def draw(self, view: View, hidden: Sequence[np.ndarray]) -> HiddenSpace:
        """Return what `view` shows of each layer's activations (units, everything the network is run on)."""
        with np.errstate(all="ignore"):  # just before a run diverges
            return self._draw(view, hidden)

    def _draw(self, view: View, hidden: Sequence[np.ndarray]) -> HiddenSpace:
        if view.fit != self._fit:
            self._fit = view.fit
            self._fits.clear()
        if view.mode == "morph" and hidden:
            return self._morph(hidden, "straight" if view.projection == "straight" else "pca")
        layer = view.layer if hidden else INPUTS
        activations = self._inputs if layer == INPUTS else _drawable(hidden[layer].take(self._columns, 1))
        kind = view.projection if hidden or view.projection == "straight" else "pca"
        projection = self._projection(View(layer, kind, view.units, mode=view.mode), activations)
        return self._space(projection(activations), self._undecided(layer, projection))

    @property
    def _inputs(self) -> np.ndarray:
        return self._positions if self._features is None else self._features

    def _morph(self, hidden: Sequence[np.ndarray], kind: str) -> HiddenSpace:
        network = self._network
        x = self._inputs
        stages, shifts = [_as_plane(self._positions)], []
        if self._features is not None:
            stages.append(_as_plane(self._projection(View(INPUTS, kind), x)(x)))
        for layer, a in enumerate(hidden):
            z = _drawable(network.weights[layer].T @ x + network.biases[layer][:, None])
            x = _drawable(a.take(self._columns, 1))
            projection = self._projection(View(layer, kind), x)
            stages += [_as_plane(projection(z)), _as_plane(projection(x))]
            shifts.append(_as_plane(projection.basis.T @ network.biases[layer][:, None])[:, 0])
        return self._space(np.stack(stages), self._undecided(len(hidden) - 1, projection), np.stack(shifts))

    def _space(self, coordinates: np.ndarray, line: np.ndarray, shifts: np.ndarray | None = None) -> HiddenSpace:
        """Part coordinates (..., d, n) into the grid and the samples."""
        rows = np.swapaxes(_as_plane(coordinates), -1, -2)
        grid = rows[..., : self._n_grid, :].reshape(*rows.shape[:-2], *self._grid_shape, rows.shape[-1])
        shifts = np.zeros((0, 2), np.float32) if shifts is None else _drawable(shifts)
        return HiddenSpace(rows[..., self._n_grid :, :], grid, line, shifts)

    def _projection(self, view: View, activations: np.ndarray) -> Projection:
        n_units = len(activations)
        if n_units <= 2:
            return _all_units(n_units)
        if view.projection == "units":
            return Projection(
                np.zeros((n_units, 1), np.float32), np.eye(n_units, dtype=np.float32)[:, list(view.units)]
            )
        d = 3 if view.mode == "3d" else 2
        if view.projection == "straight" and self._straight is not None:
            projection = self._separating(view.layer, activations, d)
            if projection is not None:
                return projection
        return self._principal_components(view.layer, activations).first(d)

    def _separating(self, layer: int, activations: np.ndarray, d: int) -> Projection | None:
        """Return directions in which the straight cut shows, then those in which the samples spread most besides.

        A cut between two classes is where the first coordinate is 0; of a regression that is the value that is fitted.
        Of several classes the differences between their
        linear functions decide: between three they lie in a plane, of more the largest of them are shown.
        """
        assert self._straight is not None
        samples = activations[:, self._n_grid :].astype(np.float64)
        cut = self._cut(layer, samples[:, : self._straight.n_samples])
        mean = samples.mean(axis=1, keepdims=True)
        if not np.isfinite(cut.weights).all() or not cut.weights.any():
            return None
        if len(cut.weights) == 1:
            length = np.linalg.norm(cut.weights)
            basis = cut.weights.T / length
            centre = mean - basis * ((cut.weights @ mean).item() + cut.constants[0]) / length
        else:
            _, strengths, rows = np.linalg.svd(cut.weights - cut.weights.mean(axis=0), full_matrices=False)
            basis, centre = rows[:d][strengths[:d] > FLAT * strengths[0]].T, mean
        n_given = basis.shape[1]
        spread = samples - mean
        spread -= basis @ (basis.T @ spread)
        _, directions = np.linalg.eigh(spread @ spread.T)
        basis = np.hstack([basis, directions[:, ::-1][:, : d - n_given]])
        # A direction of the spread has no sign of its own.
        upwards = self._positions[-1, self._n_grid :] @ (basis.T @ (samples - mean)).T
        turn = np.where(upwards < 0, -1.0, 1.0)
        is_cut = len(cut.weights) == 1 and self._straight.is_classification
        if len(cut.weights) == 1:
            turn[0] = 1.0
        # Units that nearly agree are parted along a direction in which they hardly spread: drawn as large as others.
        across = basis[:, :n_given].T @ (samples - centre)
        is_fit = len(cut.weights) == 1 and not self._straight.is_classification
        sizes = 1.0 / np.linalg.norm(cut.weights, axis=1) if is_fit else np.abs(across).mean(axis=1)
        turn[:n_given] /= np.where(np.isfinite(sizes) & (sizes > 0), sizes, 1.0)
        line = np.eye(1, d + 1, dtype=np.float32)[0] if is_cut else None
        return Projection(centre.astype(np.float32), (basis * turn).astype(np.float32), line)

    def _cut(self, layer: int, samples: np.ndarray) -> Cut:
        """Return the best straight cut known after a layer: after the last one, perhaps the network's own."""
        assert self._straight is not None
        cut = self._straight.cut(samples)
        network = self._network
        if layer != len(network.hidden_sizes) - 1 or not self._straight.is_classification:
            return cut
        own = self._straight.judge(
            network.weights[-1].T.astype(np.float64), network.biases[-1].astype(np.float64), samples
        )
        return own if own.score > cut.score or np.isnan(cut.score) else cut

    def _principal_components(self, layer: int, activations: np.ndarray) -> Projection:
        """Return the directions along which the samples of the first fit spread most.

        Fitted to every frame they would turn all the time, and the picture with them.
        """
        if layer in self._fits:
            return self._fits[layer]
        samples = activations[:, self._n_grid :].astype(np.float64)
        centre = samples.mean(axis=1, keepdims=True)
        variances, directions = np.linalg.eigh((samples - centre) @ (samples - centre).T)
        basis = directions[:, :-4:-1]  # eigenvalues ascend, so the last columns, the largest first
        # A component has no sign of its own: left to right, and low to high, as on the plane.
        agreement = (self._positions[:, self._n_grid :] * (basis[:, :2].T @ (samples - centre))).sum(axis=1)
        basis[:, :2] *= np.where(agreement < 0, -1.0, 1.0)
        projection = Projection(centre.astype(np.float32), basis.astype(np.float32))
        if variances[-2] > FLAT * variances[-1]:
            self._fits[layer] = projection
        return projection

    def _undecided(self, layer: int, projection: Projection) -> np.ndarray:
        """Return where the one logit is 0, in the coordinates of `projection`, if those tell the last layer's all."""
        if projection.line is not None:
            return projection.line
        network = self._network
        n_units, d = projection.basis.shape
        is_last = layer == len(network.hidden_sizes) - 1
        one_logit = network.n_outputs == 1 and network.output.name == "sigmoid"
        if not (is_last and one_logit and n_units == d == np.linalg.matrix_rank(projection.basis)):
            return np.full(max(d, 2) + 1, np.nan, np.float32)
        weights = network.weights[-1]
        constant = network.biases[-1] + weights[:, 0] @ projection.centre
        return np.concatenate([_as_plane(projection.basis.T @ weights)[:, 0], constant])


def _all_units(n: int) -> Projection:
    return Projection(np.zeros((n, 1), np.float32), np.eye(n, dtype=np.float32))


def _as_plane(coordinates: np.ndarray) -> np.ndarray:
    """Give a layer of one unit, (1, n), a second coordinate of 0."""
    return coordinates if coordinates.shape[-2] > 1 else np.vstack([coordinates, np.zeros_like(coordinates)])


def _drawable(values: np.ndarray) -> np.ndarray:
    if np.abs(values).max(initial=0.0) < FARTHEST:
        return values
    return np.fmax(np.fmin(values, FARTHEST), -FARTHEST)  # fmin and fmax also turn a NaN into a number
