"""Where the units of a network fold the plane: the line of each on which its weighted sum is zero."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay.engine import Network
from nnplay.experiment.explain.cells import creases, cut, rectangle, slopes_of
from nnplay.experiment.explain.level_lines import zero_lines
from nnplay.refusal import Refusal
from nnplay.validation import integer, must_be, real_array, shown

#: Squares along a side, where lines are found on a grid.
RESOLUTION = 128
#: How often the side of a square is halved before a line's place on it is interpolated.
HALVINGS = 12
#: More pieces than this are not told apart one by one.
MOST_PIECES = 50_000
#: Points at which inputs are looked at, to see whether they are linear in the point of the plane.
_TRIED = 64

Array = np.ndarray
Inputs = Callable[[Array], Array]


@dataclass(frozen=True, eq=False)
class FoldLines:
    """The creases of a network's hidden units over a part of the plane.

    ``folds[l][k]`` are those of unit k of hidden layer l, as :attr:`segments` has them.

    Attributes
    ----------
    segments : tuple of tuples of ndarray, (n_segments, 2, 2)
        For each hidden layer and each of its units the pieces of its line, each the (x, y) of both ends. Of a network
        of one input, (n_points,): where along the axis the unit folds.
    bounds : ndarray, (2, 2) or (1, 2)
        The part of the plane that was looked at: lowest and highest value of each axis.
    n_regions : int or None
        Into how many pieces the creases cut it. On each, every unit is on or off throughout, and what goes into the
        output is linear. None where some layer's activation isn't straight on both sides of 0, or where there are more
        than 50 000 pieces.
    is_exact : tuple of bool
        For each hidden layer whether its lines were computed from the network's weights, or found on a grid.
    """

    segments: tuple[tuple[Array, ...], ...]
    bounds: Array
    n_regions: int | None
    is_exact: tuple[bool, ...]

    def __getitem__(self, layer: int) -> tuple[Array, ...]:
        """Return the segments of a hidden layer's units."""
        return self.segments[layer]

    def __len__(self) -> int:
        """Return the number of hidden layers."""
        return len(self.segments)

    def __iter__(self) -> Iterator[tuple[Array, ...]]:
        """Go through the hidden layers."""
        return iter(self.segments)


def fold_lines(network: Network, bounds: Any, inputs: Inputs | None = None, resolution: int = RESOLUTION) -> FoldLines:
    """Return where each hidden unit of `network` folds the plane: the line on which its pre-activation z is 0.

    A ReLU unit is silent on one side of its line and linear on the other: the plane has a crease there. The crease of a
    unit of the first layer is straight; that of a later one bends where it crosses a crease of the layers before. Of
    smooth units, such as tanh, it is the line on which they change their sign.

    Lines are exact as long as all layers before are straight on either side of 0 (relu, leaky_relu, identity): the
    plane is cut into the pieces on which those layers are linear. Else they are found on a grid, by marching squares.

    Parameters
    ----------
    network : Network
        Of two inputs, or of one; any number where `inputs` is given.
    bounds : array_like, (2, 2) or (1, 2)
        What to look at: ``((x_low, x_high), (y_low, y_high))``, or ``((low, high),)`` of a network of one input.
        The four (or two) numbers may also come one after another.
    inputs : callable, optional
        Where a network is fed with something else than the coordinates: takes points (n, 2), or (n, 1), and returns
        the network's inputs there (n, n_inputs). Where they are linear in the point, lines are exact all the same.
    resolution : int, default 128
        Squares along each side, where lines are found on a grid. Too few: small loops are missed. Too many: it takes
        long.

    Returns
    -------
    FoldLines

    Raises
    ------
    Refusal
        If `bounds` are no intervals, if the network has other inputs than there are axes, or if `resolution` is less
        than 2.

    Notes
    -----
    Source: Montúfar et al. (2014), https://arxiv.org/abs/1402.1869, on how the regions are counted layer by layer.

    Examples
    --------
    >>> import nnplay as nn
    >>> network = nn.Network([2, 1, 1], activation="relu", output="identity", seed=0)
    >>> network.weights[0][:], network.biases[0][:] = [[1.0], [0.0]], -0.5
    >>> folds = nn.fold_lines(network, ((0, 1), (0, 1)))
    >>> folds[0][0].tolist(), folds.n_regions
    ([[[0.5, 0.0], [0.5, 1.0]]], 2)
    """
    must_be("network", network, Network)
    resolution = integer("resolution", resolution, low=2)
    limits = _checked_bounds(bounds)
    n_axes = len(limits)
    if inputs is None and network.n_inputs != n_axes:
        wanted = f"must have an interval for each of the network's {network.n_inputs} inputs"
        advice = "Give inputs: what the network is fed with at a point of the plane." if network.n_inputs > 2 else ""
        raise Refusal("bounds", wanted, f"{n_axes} interval{'s' * (n_axes > 1)}", advice=advice)
    # An axis alone is looked at as a strip of the plane, on which nothing depends on the second coordinate.
    plane = limits if n_axes == 2 else np.vstack([limits, (0.0, 1.0)])

    def fed(points: Array) -> Array:
        return points[:, :n_axes] if inputs is None else _checked_inputs(inputs, points[:, :n_axes], network)

    maps = _linear_maps(plane, fed) if inputs is not None else np.eye(2, 3)[:n_axes]
    squares = (resolution, resolution if n_axes == 2 else 1)
    segments, is_exact, n_regions = _lines(network, plane, maps, fed, squares)
    told = tuple(tuple(unit if n_axes == 2 else unit[:, 0, 0] for unit in layer) for layer in segments)
    return FoldLines(told, limits, n_regions, tuple(is_exact))


def _lines(
    network: Network, bounds: Array, maps: Array | None, fed: Inputs, squares: tuple[int, int]
) -> tuple[list[list[Array]], list[bool], int | None]:
    """Return each unit's segments, whether those of each layer are exact, and the number of pieces if it is known."""
    found: list[list[Array]] = []
    cells = None if maps is None else [rectangle(bounds, maps)]
    weights = list(zip(network.weights, network.biases, strict=True))
    for activation, (weight, bias) in zip(network.activations, weights, strict=False):
        if cells is None:
            break
        segments: list[list[Array]] = [[] for _ in bias]
        slopes = slopes_of(activation)
        next_cells = []
        for cell in cells:
            sums = weight.T.astype(float) @ cell.maps
            sums[:, 2] += bias
            through = creases(cell, sums, segments)
            if slopes is not None:
                next_cells += cut(cell, sums, slopes, through)
            if len(next_cells) > MOST_PIECES:
                break
        else:
            found.append([np.array(unit).reshape(-1, 2, 2) for unit in segments])
            cells = next_cells if slopes is not None else None
            continue
        cells = None
    n_exact = len(found)
    found += _on_a_grid(network, bounds, fed, squares, n_exact)
    is_exact = [layer < n_exact for layer in range(len(found))]
    return found, is_exact, None if cells is None else len(cells)


def _on_a_grid(network: Network, bounds: Array, fed: Inputs, squares: tuple[int, int], first: int) -> list[list[Array]]:
    """Return the segments of the units of layer `first` and those after it."""
    n_hidden = len(network.hidden_sizes)
    if first >= n_hidden:
        return []
    x, y = (np.linspace(low, high, n + 1) for (low, high), n in zip(bounds, squares, strict=True))
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    on_grid = _sums(network, fed(grid))
    found = []
    for layer in range(first, n_hidden):
        units = []
        for unit in range(network.hidden_sizes[layer]):

            def at(points: Array, layer: int = layer, unit: int = unit) -> Array:
                return _sums(network, fed(points))[layer][:, unit]

            values = on_grid[layer][:, unit].reshape(len(y), len(x))
            units.append(zero_lines(values, x, y, at, HALVINGS))
        found.append(units)
    return found


def _sums(network: Network, X: Array) -> list[Array]:
    """Return the pre-activations of each hidden layer, (n_samples, units)."""
    sums = []
    a = X
    with np.errstate(all="ignore"):
        for activation, weight, bias in zip(network.activations, network.weights, network.biases, strict=False):
            sums.append(a @ weight + bias)
            a = activation(sums[-1])
    return sums


def _linear_maps(bounds: Array, fed: Inputs) -> Array | None:
    """Return what the inputs are of a point, ``maps @ (x, y, 1)``, if that is so all over the plane in sight."""
    low, size = bounds[:, 0], np.ptp(bounds, axis=1)
    # Points that lie in no lines, so that nothing that swings looks straight.
    shares = np.arange(1, _TRIED + 1)[:, None] * (0.7548776662466927, 0.5698402909980532) % 1
    points = np.column_stack([low + shares * size, np.ones(_TRIED)])
    with np.errstate(all="ignore"):
        there = fed(points[:, :2])
    if not np.isfinite(there).all():
        return None
    maps = np.linalg.lstsq(points, there, rcond=None)[0].T
    largest = np.abs(there).max(axis=0) + np.finfo(float).tiny
    return maps if (np.abs(points @ maps.T - there) <= 1e-9 * largest).all() else None


def _checked_bounds(bounds: Any) -> Array:
    wanted = "must be ((x_low, x_high), (y_low, y_high)), or ((low, high),) of a network of one input"
    limits = real_array("bounds", bounds, wanted).astype(float)
    if limits.shape not in ((1, 2), (2, 2), (2,), (4,)):
        raise Refusal("bounds", wanted, shown(bounds))
    limits = limits.reshape(-1, 2)
    if not np.isfinite(limits).all() or (limits[:, 0] >= limits[:, 1]).any():
        raise Refusal("bounds", "must be finite, the lower end of each interval first", shown(bounds))
    return limits


def _checked_inputs(inputs: Inputs, points: Array, network: Network) -> Array:
    there = np.asarray(inputs(points), dtype=float)
    if there.shape != (len(points), network.n_inputs):
        wanted = f"must return an array of shape ({len(points)}, {network.n_inputs}) for {len(points)} points"
        raise Refusal("inputs", wanted, f"shape {there.shape}")
    return there
