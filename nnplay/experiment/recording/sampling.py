"""Large data are measured on a sample: the same rows in every frame, so that only the network changes."""

from __future__ import annotations

import numpy as np

from nnplay.datasets import Dataset
from nnplay.random_streams import random_stream

#: Sets of no more rows are looked at whole.
MOST_WHOLE = 2000
#: Rows of a larger training set, and of a larger test set, that are looked at; more where a row has few values.
TRAIN_ROWS, TEST_ROWS = 500, 1000
_FEW_VALUES = 50


def sample_of(data: Dataset, rows: int, seed: int) -> Dataset:
    """Return `data`, or of large data a sample of so many rows, in their order; the same seed gives the same rows."""
    rows = _rows(data.n_samples, rows, data.n_features)
    if rows == data.n_samples:
        return data
    chosen = random_stream(seed, "sample").choice(data.n_samples, rows, replace=False)
    return data.take(np.sort(chosen))


def rows_looked_at(n_train: int, n_test: int, n_features: int) -> int:
    """Return how many rows are looked at, for training and testing together."""
    return _rows(n_train, TRAIN_ROWS, n_features) + _rows(n_test, TEST_ROWS, n_features)


def _rows(n_samples: int, rows: int, n_features: int) -> int:
    if n_samples <= MOST_WHOLE:
        return n_samples
    return rows if n_features > _FEW_VALUES else MOST_WHOLE


def looked_at(train: Dataset, test: Dataset | None, seed: int) -> tuple[Dataset, Dataset | None]:
    """Return what losses and scores are measured on while a run is recorded, and what is drawn of it."""
    return sample_of(train, TRAIN_ROWS, seed), test and sample_of(test, TEST_ROWS, seed)
