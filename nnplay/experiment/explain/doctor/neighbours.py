"""What can be learned of data at all: how well the samples' nearest neighbours know them."""

from __future__ import annotations

import numpy as np

from nnplay.datasets import Dataset
from nnplay.experiment.training.r_squared import r_squared, spread_of

#: Samples that are compared with each other, at most; their distances take a hundredth of a second.
MOST_ROWS = 400
#: Neighbours that vote: enough that a wrong label here and there doesn't count, few enough for a narrow shape.
NEIGHBOURS = 5


def neighbours_score(data: Dataset) -> float:
    """Return the accuracy, or R², of guessing each sample by the others that are nearest to it.

    It needs no training, bends to any shape, and knows where labels are noise: a network that falls far behind it has
    something left to learn. With many columns that say nothing it is poor, and then it claims little.

    Parameters
    ----------
    data : Dataset
        Columns are scaled to the same spread.

    Source: Cover and Hart (1967), Nearest neighbor pattern classification.
    """
    data = data if data.n_samples <= MOST_ROWS else data.take(np.arange(MOST_ROWS) * data.n_samples // MOST_ROWS)
    n = data.n_samples
    k = min(NEIGHBOURS, n - 1)
    if k < 1:
        return float("nan")
    X = np.asarray(data.X, float)
    spread = X.std(axis=0)
    X = (X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    squares = np.square(X).sum(axis=1)
    distances = squares[:, None] + squares - 2 * X @ X.T
    np.fill_diagonal(distances, np.inf)
    nearest = np.argpartition(distances, k - 1, axis=1)[:, :k]
    if data.task == "classification":
        votes = np.zeros((n, data.n_classes))
        np.add.at(votes, (np.arange(n)[:, None], data.y[nearest]), 1.0)
        return float(np.mean(votes.argmax(axis=1) == data.y))
    y = np.asarray(data.y, float).reshape(n, -1)
    guesses = y[nearest].mean(axis=1)
    return r_squared(float(np.square(guesses - y).sum()), spread_of(y, np.dtype(float)))
