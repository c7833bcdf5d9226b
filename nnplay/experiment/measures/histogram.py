"""Histograms around zero, whose bins seldom change while values do."""

from __future__ import annotations

import numpy as np

#: What is smaller counts as 0: bins must have a width.
TINY = 1e-30


def round_up(value: float) -> float:
    """Return the smallest 1, 2 or 5 times a power of ten that is at least `value`; 1 for 0."""
    if not value > TINY:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(next((factor * power for factor in (1, 2, 5) if factor * power >= value), 10 * power))


def histogram_around_zero(values: np.ndarray, n_bins: int, reach: float | None = None) -> tuple[np.ndarray, float]:
    """Return how many values lie in each of `n_bins` bins of equal width from −reach to reach, and the reach.

    Parameters
    ----------
    values : ndarray
        What isn't finite is left out.
    n_bins : int
        Even, so that 0 is an edge. A bin holds its lower end, the last one also its upper.
    reach : float, optional
        By default the largest size of a value, rounded up.
    """
    values = values[np.isfinite(values)]
    if reach is None:
        reach = round_up(float(np.abs(values).max(initial=0.0)))
    bins = ((values + reach) * (n_bins / (2 * reach))).astype(np.int64)
    return np.bincount(np.clip(bins, 0, n_bins - 1), minlength=n_bins), reach
