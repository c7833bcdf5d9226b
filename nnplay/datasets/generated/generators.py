"""The generated datasets: one function each, which is all it takes to add one.

A generator draws from the `rng` it is given and from nothing else, and returns inputs (n_samples, 2) and
class indices or targets (n_samples,). Inputs span about -1 to 1 on both axes; only the moons reach farther.

The moons and circles are scikit-learn's, drawn here in three lines each: importing scikit-learn for them would take a
second of every cold start.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets.generated.recipes import Option, recipe
from nnplay.wording import Help

Points = NDArray[np.float64]
Labels = NDArray[np.int64]
Targets = NDArray[np.float64]

_FACTOR = Help(
    "The radius of the inner ring; the outer one has radius 1.",
    "Small: the rings lie far apart, which is easy.",
    "Large: they come close, and noise mixes them.",
)
_ARMS = Help(
    "How many arms the spiral has. Each is a class.",
    "Few: long arms that wind around each other.",
    "Many: more boundaries to draw, and fewer points in each arm.",
)
_CLOUDS = Help(
    "How many clouds there are. Each is a class.",
    "Few: straight lines separate them.",
    "Many: neighbouring clouds overlap.",
)
_CELLS = Help(
    "How many cells there are along each side.",
    "Few: a small network can draw them.",
    "Many: it needs more units, and few points are left for each cell.",
)
#: What a labelling rule says of a point too close to a boundary: it belongs to no class and is not drawn.
NO_CLASS = -1


# --- classification -----------------------------------------------------------------------------------------


@recipe(
    "moons",
    label="Two moons",
    task="classification",
    description="Two interleaved half-circles. No straight line separates them, but a curved one does.",
    default_noise=0.1,
)
def moons(rng: np.random.Generator, n_samples: int, noise: float) -> tuple[Points, Labels]:
    """Draw two half-circles of radius 1, up about (0, 0) and down about (1, 0.5): scikit-learn's ``make_moons``."""
    y = _balanced_labels(n_samples, 2)
    angle = np.pi * _places_along_each_class(y)
    X = np.column_stack([np.cos(angle), np.sin(angle)])
    X[y == 1] = [1.0, 0.5] - X[y == 1]
    return _jitter(rng, X, noise), y


@recipe(
    "circles",
    label="Ring in a ring",
    task="classification",
    description="One class surrounds the other. Three hidden units are enough to close a boundary around the inner "
    "one.",
    default_noise=0.08,
    options=(Option("factor", 0.5, 0.2, 0.8, _FACTOR),),
)
def circles(rng: np.random.Generator, n_samples: int, noise: float, factor: float) -> tuple[Points, Labels]:
    """Draw circles about the origin, class 0 of radius 1, class 1 of radius `factor`: ``make_circles``."""
    y = _balanced_labels(n_samples, 2)
    angle = 2.0 * np.pi * _places_along_each_class(y, ends=False)
    X = np.column_stack([np.cos(angle), np.sin(angle)])
    X[y == 1] *= factor
    return _jitter(rng, X, noise), y


@recipe(
    "xor",
    label="XOR",
    task="classification",
    description="Four squares, like a tiny chessboard. One input alone says nothing, both together say everything.",
    default_noise=0.05,
)
def xor(rng: np.random.Generator, n_samples: int, noise: float) -> tuple[Points, Labels]:
    """Draw four quadrants, 0.1 apart: class 1 where x1 and x2 have different signs."""

    def rule(X: Points) -> Labels:
        right, top = (X > 0).T
        in_gap = np.abs(X).min(axis=1) < 0.05
        return np.where(in_gap, NO_CLASS, right ^ top)

    X, y = _draw_by_rule(rng, n_samples, rule)
    return _jitter(rng, X, noise), y


@recipe(
    "spiral",
    label="Spirals",
    task="classification",
    description="Arms wound around each other. A hard shape: it takes more units, more layers and more epochs.",
    default_noise=0.03,
    options=(Option("arms", 2, 2, 10, _ARMS, sets_classes=True),),
)
def spiral(rng: np.random.Generator, n_samples: int, noise: float, arms: int) -> tuple[Points, Labels]:
    """Draw Archimedean spirals from radius 0.1 to 1: the angle in turns is (3 · radius + arm) / arms.

    Fewer turns with more arms keep the way from one arm to the next at 1/3, whatever their number.
    """
    y = _balanced_labels(n_samples, arms)
    # A square root, since an arm is longer farther out: points lie about evenly along it.
    radius = np.sqrt(rng.uniform(0.1**2, 1, size=n_samples))
    angle = 2 * np.pi * (3 * radius + y) / arms
    X = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return _jitter(rng, X, noise), y


@recipe(
    "blobs",
    label="Blobs",
    task="classification",
    description="One cloud per class. Straight boundaries are enough, so a network without hidden layers learns it.",
    default_noise=0.1,
    options=(Option("classes", 2, 2, 10, _CLOUDS, sets_classes=True),),
)
def blobs(rng: np.random.Generator, n_samples: int, noise: float, classes: int) -> tuple[Points, Labels]:
    """Draw Gaussian clouds of standard deviation 0.1 + noise / 2, spaced evenly on a circle of radius 0.7."""
    y = _balanced_labels(n_samples, classes)
    # From the diagonal on, so that two classes differ in both features.
    angle = np.pi / 4 + 2 * np.pi * y / classes
    centres = 0.7 * np.column_stack([np.cos(angle), np.sin(angle)])
    return _jitter(rng, centres, 0.1 + noise / 2), y


@recipe(
    "two_lines",
    label="Between two lines",
    task="classification",
    description="A band between parallel lines. Two hidden units draw one line each, and the output combines them.",
    default_noise=0.02,
)
def two_lines(rng: np.random.Generator, n_samples: int, noise: float) -> tuple[Points, Labels]:
    """Draw a band of class 1 along x1 + x2 = 0, and class 0 on both its sides; 0.1 lies between them.

    The lines |x1 + x2| / √2 = √2 - 1 cut the square into equal areas, so both classes are equally dense.
    """

    def rule(X: Points) -> Labels:
        beyond_line = np.abs(X.sum(axis=1)) / np.sqrt(2) - (np.sqrt(2) - 1)
        in_gap = np.abs(beyond_line) < 0.05
        return np.where(in_gap, NO_CLASS, beyond_line < 0)

    X, y = _draw_by_rule(rng, n_samples, rule)
    return _jitter(rng, X, noise), y


@recipe(
    "checkerboard",
    label="Checkerboard",
    task="classification",
    description="Many corners to fit. A small network can't fit them all, and its loss levels off.",
    default_noise=0.0,
    default_n_samples=800,
    options=(Option("cells", 4, 3, 6, _CELLS),),
)
def checkerboard(rng: np.random.Generator, n_samples: int, noise: float, cells: int) -> tuple[Points, Labels]:
    """Draw `cells` × `cells` squares of alternating class; class 0 in the lower left corner."""

    def rule(X: Points) -> Labels:
        column, row = np.floor((X + 1) / 2 * cells).astype(np.int64).T
        parity: Labels = (column + row) % 2
        return parity

    X, y = _draw_by_rule(rng, n_samples, rule)
    return _jitter(rng, X, noise), y


# --- regression ---------------------------------------------------------------------------------------------


@recipe(
    "plane",
    label="Plane",
    task="regression",
    description="A target that is linear in both inputs. A network without hidden layers fits everything but the "
    "noise.",
    default_noise=0.05,
)
def plane(rng: np.random.Generator, n_samples: int, noise: float) -> tuple[Points, Targets]:
    """Draw y = 0.6 · x1 - 0.4 · x2, plus noise, over the square."""
    X = rng.uniform(-1, 1, size=(n_samples, 2))
    return X, _jitter(rng, X @ [0.6, -0.4], noise)


@recipe(
    "hills",
    label="Hills and valleys",
    task="regression",
    description="A curved surface with peaks and valleys. The hidden units bend it where it has to turn.",
    default_noise=0.05,
)
def hills(rng: np.random.Generator, n_samples: int, noise: float) -> tuple[Points, Targets]:
    """Draw y = Σ height · exp(-‖x - centre‖² / (2 · 0.3²)), plus noise: two hills and two hollows."""
    centres = np.array([[-0.5, -0.5], [0.5, 0.4], [0.5, -0.5], [-0.4, 0.6]])
    heights = np.array([1.0, 0.7, -0.9, -0.6])
    X = rng.uniform(-1, 1, size=(n_samples, 2))
    squared_distances = ((X[:, np.newaxis, :] - centres) ** 2).sum(axis=2)
    surface = np.exp(-squared_distances / (2 * 0.3**2)) @ heights
    return X, _jitter(rng, surface, noise)


# --- shared -------------------------------------------------------------------------------------------------


def _balanced_labels(n_samples: int, n_classes: int) -> Labels:
    """Return class indices, each class as often as the others, or once more."""
    return np.arange(n_samples) % n_classes


def _places_along_each_class(y: Labels, ends: bool = True) -> NDArray[np.float64]:
    """Return for each sample its place, 0 to 1, among its class, evenly spaced; with `ends`, the last is at 1."""
    places = np.empty(len(y))
    for label in np.unique(y):
        members = y == label
        places[members] = np.linspace(0.0, 1.0, members.sum(), endpoint=ends)
    return places


def _jitter(rng: np.random.Generator, values: NDArray[np.float64], std: float) -> NDArray[np.float64]:
    """Return `values` plus Gaussian noise of standard deviation `std`."""
    return values + std * rng.standard_normal(values.shape)


def _draw_by_rule(rng: np.random.Generator, n_samples: int, rule: Callable[[Points], Labels]) -> tuple[Points, Labels]:
    """Draw points uniformly from the square, half of each class, by drawing again those `rule` refuses.

    Parameters
    ----------
    rule : callable
        Points (n, 2) to classes (n,): 0, 1, or :data:`NO_CLASS`.
    """
    y = _balanced_labels(n_samples, 2)
    X = np.empty((n_samples, 2))
    missing = np.arange(n_samples)
    while missing.size:
        X[missing] = rng.uniform(-1, 1, size=(missing.size, 2))
        missing = missing[rule(X[missing]) != y[missing]]
    return X, y
