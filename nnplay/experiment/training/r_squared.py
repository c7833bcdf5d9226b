"""R²: the share of the targets' variance that a prediction explains."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import DTypeLike

#: Targets that differ from their mean by no more than so many units in the last place don't differ: that is rounding.
_ROUNDING = 8


def spread_of(y: np.ndarray, dtype: DTypeLike = np.float64) -> float:
    """Return ``Σ (y − mean)²``, over all outputs; an output that is constant but for rounding adds nothing.

    Parameters
    ----------
    y : ndarray, (n_samples,) or (n_samples, n_outputs)
    dtype : {"float64", "float32"}
        The precision that the targets are used in, which decides what is rounding.
    """
    targets = np.asarray(y, np.float64)
    if not targets.size:
        return 0.0
    targets = targets.reshape(len(targets), -1)
    deviations = targets - targets.mean(axis=0)
    squares = np.square(deviations).sum(axis=0)
    rounding = _ROUNDING * float(np.finfo(dtype).eps) * np.abs(targets).max(axis=0)
    return float(squares[np.abs(deviations).max(axis=0) > rounding].sum())


def r_squared(squared_error: float, spread: float) -> float:
    """Return ``1 − squared_error / spread``, for all outputs together; NaN where the targets are constant.

    Parameters
    ----------
    squared_error : float
        ``Σ (y − prediction)²``.
    spread : float
        As :func:`spread_of` gives it.
    """
    return 1.0 - squared_error / spread if 0.0 < spread < math.inf else math.nan
