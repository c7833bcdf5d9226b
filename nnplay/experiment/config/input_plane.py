"""The plane on screen, and how a point of it becomes the inputs of a network.

Data stay as they are drawn or read; a network is fed with what is computed of them here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnplay.datasets import Dataset
from nnplay.datasets.features import COORDINATES, applicable, compute_features, feature_label, feature_programs
from nnplay.datasets.input_columns import are_categories

#: Points along each side of the square at which formulas are tried, and along the axis where there is only one.
RESOLUTION, RESOLUTION_1D = 61, 241
#: What is shown along the vertical axis where classes lie along a single one.
PROBABILITIES = (-0.1, 1.1)
#: Share of the data's extent that is shown around it.
MARGIN = 0.12

Interval = tuple[float, float]


def square_around(X: np.ndarray) -> tuple[Interval, Interval]:
    """Return ((x_low, x_high), (y_low, y_high)): a square that holds the samples `X` (n, 2) with a margin.

    The sides are rounded outwards to two digits, so that axes have short labels.
    """
    low, high = X.min(axis=0), X.max(axis=0)
    half = max(float((high - low).max()) / 2 * (1 + MARGIN), 1e-6)
    unit = 10.0 ** (np.floor(np.log10(half)) - 1)
    half = float(np.ceil(half / unit) * unit)
    centre = [float(np.round(c / unit) * unit) for c in (low + high) / 2]
    (x_low, x_high), (y_low, y_high) = ((round(c - half, 9), round(c + half, 9)) for c in centre)
    return (x_low, x_high), (y_low, y_high)


def interval_around(values: np.ndarray) -> Interval:
    """Return (low, high): an interval that holds `values` (n,) with a margin, rounded outwards as the square is."""
    return square_around(np.column_stack([values, values]))[0]


@dataclass(frozen=True)
class InputPlane:
    """What is on screen of the space that samples lie in: a plane, or a line where they have a single coordinate.

    Parameters
    ----------
    features : tuple of str
        Of :mod:`nnplay.datasets.features`, over the coordinates.
    domain : tuple of intervals
        What is shown along each axis; as many as there are coordinates.
    names : tuple of str
        Of the coordinates, where they have names of their own.

    Attributes
    ----------
    axes : tuple of str
        What the axes are called.
    labels : tuple of str
        What the network's inputs are called.
    """

    features: tuple[str, ...]
    domain: tuple[Interval, ...]
    names: tuple[str, ...] = COORDINATES

    @property
    def n_axes(self) -> int:
        """Coordinates of a point: 2, or 1."""
        return len(self.domain)

    @property
    def axes(self) -> tuple[str, ...]:
        usual = {"x1": "x"} if self.n_axes == 1 else {"x1": "x₁", "x2": "x₂"}
        return tuple(usual.get(name, name) for name in self.names[: self.n_axes])

    @property
    def labels(self) -> tuple[str, ...]:
        itself = dict(zip(COORDINATES, self.axes, strict=False))
        return tuple(itself.get(feature) or feature_label(feature, self.n_axes) for feature in self.features)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the grid of points; a single row where there is one axis."""
        return (1, RESOLUTION_1D) if self.n_axes == 1 else (RESOLUTION, RESOLUTION)

    def domain_with(self, targets: np.ndarray, n_classes: int) -> tuple[Interval, Interval]:
        """Return what is shown along both axes; above a single one targets, or the probabilities of classes."""
        x, *y = self.domain
        if not y:
            y = [PROBABILITIES if n_classes else interval_around(targets)]
        return x, y[0]

    def placed(self, X: np.ndarray, targets: np.ndarray, n_classes: int) -> np.ndarray:
        """Return where samples are drawn, (n, 2): on the plane, or above a single axis.

        There they are at their targets, or in a row for each class, evenly from 0 up to 1.
        """
        positions = self.positions_of(X)
        if self.n_axes == 2:
            return positions
        return np.column_stack([positions, targets / (n_classes - 1) if n_classes else targets])

    def grid(self) -> np.ndarray:
        """Return the points (rows · columns, n_axes): rows of constant y, from the lowest up."""
        along = [np.linspace(low, high, self.shape[1]) for low, high in self.domain]
        return np.stack(np.meshgrid(*along), axis=-1).reshape(-1, self.n_axes)

    def positions_of(self, X: np.ndarray) -> np.ndarray:
        """Return where samples `X` (n, n_features) lie on the plane, (n, n_axes)."""
        return X

    def inputs_of(self, X: np.ndarray) -> np.ndarray:
        """Return what a network is fed with for samples `X` (n, n_features): (n, n_inputs)."""
        return compute_features(self.features, X)

    def inputs_at(self, points: np.ndarray) -> np.ndarray:
        """Return what a network is fed with at `points` of the plane (n, n_axes): (n, n_inputs)."""
        return compute_features(self.features, points)

    def inputs_described(self) -> dict[str, Any]:
        """Return what a browser computes :meth:`inputs_at` by: a program for each input."""
        return {"formulas": feature_programs(self.features)}

    def as_inputs(self, data: Dataset) -> Dataset:
        """Return `data` with the network's inputs for its features."""
        X = self.inputs_of(data.X)
        return data if X is data.X else data.with_features(X, self.labels)


@dataclass(frozen=True, eq=False)
class ComponentsPlane(InputPlane):
    """The plane along which samples of more than two coordinates spread most: their first two principal components.

    The components are those of the standardised coordinates; those that say a category or a gap count as they are, or a
    rare one would be a component of its own. A point of the plane stands for the sample that lies right
    on it; a network is fed with all coordinates, and with nothing computed of them.

    Parameters
    ----------
    centre, spread : ndarray, (n_features,)
        Mean and standard deviation of each coordinate; the spread of a category is 1.
    basis : ndarray, (n_features, 2)
        The two directions.
    """

    centre: np.ndarray = field(kw_only=True)
    spread: np.ndarray = field(kw_only=True)
    basis: np.ndarray = field(kw_only=True)

    @classmethod
    def of(cls, data: Dataset) -> ComponentsPlane:
        """Return the plane of `data`."""
        X = data.X
        centre, spread = X.mean(axis=0), X.std(axis=0)
        spread = np.where((spread > 0) & ~are_categories(data.columns), spread, 1.0)
        standardised = (X - centre) / spread
        _, directions = np.linalg.eigh(standardised.T @ standardised)
        basis = directions[:, :-3:-1]  # eigenvalues ascend, so the last columns, the largest first
        # A component has no sign of its own: what weighs most in it counts upwards.
        basis = basis * np.sign(basis[np.abs(basis).argmax(axis=0), [0, 1]])
        domain = square_around(standardised @ basis)
        return cls((), domain, data.feature_names, centre=centre, spread=spread, basis=basis)

    @property
    def axes(self) -> tuple[str, ...]:
        return ("component 1", "component 2")

    @property
    def labels(self) -> tuple[str, ...]:
        return self.names

    def positions_of(self, X: np.ndarray) -> np.ndarray:
        return np.asarray((X - self.centre) / self.spread @ self.basis)

    def inputs_of(self, X: np.ndarray) -> np.ndarray:
        return X

    def inputs_at(self, points: np.ndarray) -> np.ndarray:
        return np.asarray(self.centre + points @ self.basis.T * self.spread)

    def inputs_described(self) -> dict[str, Any]:
        return {"centre": self.centre.tolist(), "basis": (self.basis * self.spread[:, None]).tolist()}


@dataclass(frozen=True, eq=False)
class NoPlane(InputPlane):
    """In place of a plane, for data of many coordinates: there are samples to look at, and no points between them."""

    @property
    def axes(self) -> tuple[str, ...]:
        return ()

    @property
    def labels(self) -> tuple[str, ...]:
        return self.names

    def domain_with(self, targets: np.ndarray, n_classes: int) -> tuple[Interval, Interval]:
        return (0.0, 1.0), (0.0, 1.0)

    def placed(self, X: np.ndarray, targets: np.ndarray, n_classes: int) -> np.ndarray:
        return np.zeros((0, 2))

    def inputs_of(self, X: np.ndarray) -> np.ndarray:
        return X


def plane_around(data: Dataset, features: tuple[str, ...], domain: tuple[Interval, ...] | None = None) -> InputPlane:
    """Return the plane that holds `data` of one or two coordinates, or shows the `domain` said."""
    if domain is None:
        domain = (interval_around(data.X[:, 0]),) if data.n_features == 1 else square_around(data.X)
    return InputPlane(applicable(features, data.n_features), domain, data.feature_names)
