"""The pieces of a plane on which a network of ReLU units is linear, found exactly, layer by layer.

A layer whose units are straight on either side of z = 0 cuts the plane along the lines z = 0. On each piece all of its
units are linear in the point of the plane, and so are the sums of the next layer: there its creases are straight, and
they bend where they go from one piece to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

#: Sums so small beside their own terms are rounding, and count as 0.
ROUNDING = 1e-12
#: Where an activation is looked at, to see whether it is straight on either side of 0.
_TRIED = np.array([1e-3, 0.5, 1.0, 3.0])

Array = np.ndarray


@dataclass(frozen=True)
class Cell:
    """A convex piece of the plane.

    Attributes
    ----------
    corners : ndarray, (n_corners, 3)
        Its corners in turn, as (x, y, 1).
    maps : ndarray, (n_units, 3)
        What a layer says on it: each unit is ``maps @ (x, y, 1)``.
    """

    corners: Array
    maps: Array


def slopes_of(activation: Callable[[Array], Array]) -> tuple[float, float] | None:
    """Return the slopes of `activation` below and above 0, or None if it isn't straight on either side."""
    below, above = activation(-_TRIED) / -_TRIED, activation(_TRIED) / _TRIED
    if np.ptp(below) > ROUNDING or np.ptp(above) > ROUNDING:
        return None
    return float(below[-1]), float(above[-1])


def rectangle(bounds: Array, maps: Array) -> Cell:
    """Return all that is in sight, ((x_low, x_high), (y_low, y_high)), with what the inputs are on it."""
    (left, right), (bottom, top) = bounds
    corners = [(left, bottom, 1.0), (right, bottom, 1.0), (right, top, 1.0), (left, top, 1.0)]
    return Cell(np.array(corners), maps)


def creases(cell: Cell, sums: Array, segments: list[list[Array]]) -> list[int]:
    """Add the line z = 0 of each unit, as far as it lies on `cell`, to its `segments`.

    Parameters
    ----------
    sums : ndarray, (n_units, 3)
        The units' pre-activations on the cell.

    Returns
    -------
    list of int
        The units whose line goes through the cell.
    """
    values = _values(cell.corners, sums)
    positive = values > 0
    through = np.flatnonzero(positive.any(axis=0) & ~positive.all(axis=0))
    for unit in through:
        ends = _crossings(cell.corners, values[:, unit])
        if np.ptp(ends, axis=0).max() > ROUNDING * np.ptp(cell.corners, axis=0).max():
            segments[unit].append(ends[:, :2])
    return [int(unit) for unit in through if (values[:, unit] < 0).any()]


def cut(cell: Cell, sums: Array, slopes: tuple[float, float], through: list[int]) -> list[Cell]:
    """Return the pieces into which the units' lines cut `cell`, with what the units say on each."""
    pieces = [cell.corners] if slopes[0] != slopes[1] else []
    for unit in through if pieces else ():
        pieces = [half for corners in pieces for half in _halves(corners, sums[unit])]
    cells = []
    for corners in pieces or [cell.corners]:
        inside = corners.mean(axis=0) @ sums.T
        cells.append(Cell(corners, sums * np.where(inside > 0, slopes[1], slopes[0])[:, None]))
    return cells


def _values(corners: Array, sums: Array) -> Array:
    """Return the sums (n_corners, n_units) at corners, those that are rounding as 0."""
    values = corners @ sums.T
    values[np.abs(values) <= ROUNDING * (np.abs(corners) @ np.abs(sums).T)] = 0.0
    return np.asarray(values)


def _crossings(corners: Array, values: Array) -> Array:
    """Return where a line enters and leaves a cell (2, 3): `values` are positive at some corners, and at others not."""
    found = []
    for k, (value, after) in enumerate(zip(values, np.roll(values, -1), strict=True)):
        if (value > 0) != (after > 0):
            share = value / (value - after)
            found.append(corners[k] + share * (corners[(k + 1) % len(corners)] - corners[k]))
    return np.array(found)


def _halves(corners: Array, line: Array) -> list[Array]:
    """Return the parts of a cell on both sides of a line, or the cell itself where the line goes past it."""
    values = _values(corners, line[None])[:, 0]
    if not ((values > 0).any() and (values < 0).any()):
        return [corners]
    halves: tuple[list[Array], list[Array]] = ([], [])
    for k, (value, after) in enumerate(zip(values, np.roll(values, -1), strict=True)):
        for half, sign in zip(halves, (1, -1), strict=True):
            if sign * value >= 0:
                half.append(corners[k])
        if value * after < 0:
            crossing = corners[k] + value / (value - after) * (corners[(k + 1) % len(corners)] - corners[k])
            for half in halves:
                half.append(crossing)
    return [np.array(half) for half in halves]
