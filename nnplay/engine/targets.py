"""Targets as a network's outputs are laid out: labels become columns of 0 and 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnplay.engine.losses import CategoricalCrossEntropy, CrossEntropy, Loss
from nnplay.refusal import Refusal
from nnplay.validation import finite, real_array


def encode_targets(y: Any, n_samples: int, n_outputs: int, loss: Loss) -> np.ndarray:
    """Return `y` as a float64 target matrix (n_samples, n_outputs).

    Parameters
    ----------
    y : array_like
        Class indices (n_samples,), targets (n_samples,) or (n_samples, 1) for one output, or a matrix (n_samples,
        n_outputs).
    n_samples, n_outputs : int
    loss : Loss
        A cross-entropy asks for probabilities.

    Raises
    ------
    TypeError, ValueError
        If `y` can't be read as targets of that shape, or isn't what `loss` asks for.
    """
    array = real_array("y", y, "must be class indices or numbers")
    if array.ndim not in (1, 2) or len(array) != n_samples:
        raise Refusal(
            "y",
            f"must have one row for each of the {n_samples} samples, "
            f"shape ({n_samples},) or ({n_samples}, {n_outputs})",
            f"shape {array.shape}",
        )
    finite("y", array)
    if array.ndim == 1 and n_outputs > 1:
        return _one_hot(array, n_outputs)
    matrix = array.reshape(n_samples, -1).astype(np.float64)
    if matrix.shape[1] != n_outputs:
        raise Refusal("y", f"must have {n_outputs} column(s), one for each output", f"shape {array.shape}")
    if isinstance(loss, CrossEntropy) and (matrix.min() < 0 or matrix.max() > 1):
        raise Refusal(
            "y",
            f"must lie between 0 and 1 for loss {loss.name!r} with {n_outputs} output(s)",
            f"values from {matrix.min():g} to {matrix.max():g}",
        )
    if isinstance(loss, CategoricalCrossEntropy) and not np.allclose(matrix.sum(1), 1.0):
        raise Refusal("y", f"must have rows that sum to 1 for loss {loss.name!r}", "rows that don't")
    return matrix


def _one_hot(labels: np.ndarray, n_classes: int) -> np.ndarray:
    indices = labels.astype(np.int64)
    if (indices != labels).any() or indices.min() < 0 or indices.max() >= n_classes:
        raise Refusal(
            "y",
            f"must hold class indices from 0 to {n_classes - 1}, one class for each output",
            f"values from {labels.min():g} to {labels.max():g}",
        )
    return np.eye(n_classes)[indices]
