"""Lines on which a function over a plane is 0, by marching squares: for what no exact method is known.

Source: Lorensen and Cline (1987), https://doi.org/10.1145/37402.37422, which has it for space.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

#: The two edges of a square that a line joins, by which of its corners are positive: 1, 2, 4, 8 are lower left, lower
#: right, upper right, upper left. Edges: 0 below, 1 right, 2 above, 3 left.
_JOINED = {
    1: [(3, 0)], 2: [(0, 1)], 3: [(3, 1)], 4: [(1, 2)], 6: [(0, 2)], 7: [(3, 2)],
    8: [(2, 3)], 9: [(2, 0)], 11: [(2, 1)], 12: [(1, 3)], 13: [(1, 0)], 14: [(0, 3)],
}  # fmt: skip
#: Where only opposite corners are alike there are two lines: where the middle is positive, and where it isn't.
_SADDLES = {5: ([(0, 1), (2, 3)], [(3, 0), (1, 2)]), 10: ([(3, 0), (1, 2)], [(0, 1), (2, 3)])}

Array = np.ndarray


def zero_lines(values: Array, x: Array, y: Array, evaluate: Callable[[Array], Array], halvings: int) -> Array:
    """Return where a function is 0, as segments (n_segments, 2, 2).

    Parameters
    ----------
    values : ndarray, (len(y), len(x))
        The function on a grid; squares with a corner where it is no finite number are left out.
    x, y : ndarray
        The grid's lines.
    evaluate : callable
        The function at points (n, 2).
    halvings : int
        How often the side of a square on which the sign changes is halved, before the zero is interpolated.
    """
    ends, change = _crossings(values, x, y, evaluate, halvings)
    finite, signs = np.isfinite(values), (values > 0).astype(int)
    whole = finite[:-1, :-1] & finite[:-1, 1:] & finite[1:, 1:] & finite[1:, :-1]
    cases = signs[:-1, :-1] + 2 * signs[:-1, 1:] + 4 * signs[1:, 1:] + 8 * signs[1:, :-1]
    with np.errstate(all="ignore"):
        middles = values[:-1, :-1] + values[:-1, 1:] + values[1:, 1:] + values[1:, :-1] > 0
    across, up = change
    sides = np.stack([across[:-1], up[:, 1:], across[1:], up[:, :-1]], axis=-1)
    found = []
    for row, column in np.argwhere(whole & (cases > 0) & (cases < 15)):
        case = int(cases[row, column])
        joined = _JOINED.get(case) or _SADDLES[case][0 if middles[row, column] else 1]
        found += [ends[sides[row, column, [one, other]]] for one, other in joined]
    return np.array(found).reshape(-1, 2, 2)


def _crossings(
    values: Array, x: Array, y: Array, evaluate: Callable[[Array], Array], halvings: int
) -> tuple[Array, tuple[Array, Array]]:
    """Return where the sign changes between neighbours of the grid (n, 2), and which is whose.

    The latter are two arrays: for the side to the right of each point of the grid, and for the one above it. They hold
    −1 where the sign stays.
    """
    signs, finite = values > 0, np.isfinite(values)
    across = (signs[:, :-1] != signs[:, 1:]) & finite[:, :-1] & finite[:, 1:]
    up = (signs[:-1] != signs[1:]) & finite[:-1] & finite[1:]
    across_at, up_at = np.argwhere(across), np.argwhere(up)
    first = np.concatenate([across_at, up_at])
    second = np.concatenate([np.add(across_at, (0, 1)), np.add(up_at, (1, 0))])
    low, high = (np.column_stack([x[ends[:, 1]], y[ends[:, 0]]]) for ends in (first, second))
    at_low, at_high = (values[ends[:, 0], ends[:, 1]] for ends in (first, second))
    for _ in range(halvings if len(low) else 0):
        middle = (low + high) / 2
        there = evaluate(middle)
        is_low = (there > 0) == (at_low > 0)
        at_low, at_high = np.where(is_low, there, at_low), np.where(is_low, at_high, there)
        low, high = np.where(is_low[:, None], middle, low), np.where(is_low[:, None], high, middle)
    with np.errstate(all="ignore"):
        share = np.nan_to_num(at_low / (at_low - at_high), nan=0.5)
    numbers = np.full(across.shape, -1), np.full(up.shape, -1)
    numbers[0][across] = np.arange(across.sum())
    numbers[1][up] = np.arange(across.sum(), len(low))
    return low + share[:, None] * (high - low), numbers
