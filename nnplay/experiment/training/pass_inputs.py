"""Data as the columns that a pass takes: of large data, without a second copy."""

from __future__ import annotations

import numpy as np

from nnplay.datasets import Dataset
from nnplay.engine import Network


def columns_of(data: Dataset, network: Network) -> np.ndarray:
    """Return the inputs of `data` as :func:`~nnplay.engine.passes.as_columns` does.

    Large data are kept as a pass takes them, so their columns are a view. They may then be in single precision where
    the network is in double precision: who takes a batch of them converts it, which changes no number.
    """
    rows = data.inputs_and_ones
    if rows is None or rows.itemsize > network.dtype.itemsize:
        return network.as_columns(data.X)
    return rows.T if network.has_bias else rows[:, :-1].T
