"""Large data are looked at by a sample: the same rows in every frame, so that what changes is the network."""

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
    if data.n_samples <= MOST_WHOLE:
        return data
    rows = rows if data.n_features > _FEW_VALUES else MOST_WHOLE
    chosen = random_stream(seed, "sample").choice(data.n_samples, rows, replace=False)
    return data.take(np.sort(chosen))


def looked_at(train: Dataset, test: Dataset | None, seed: int) -> tuple[Dataset, Dataset | None]:
    """Return what losses and scores are measured on while a run is recorded, and what is drawn of it."""
    return sample_of(train, TRAIN_ROWS, seed), test and sample_of(test, TEST_ROWS, seed)
