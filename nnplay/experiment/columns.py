"""Large data as the columns that a pass takes, made once for all who look at them."""

from __future__ import annotations

import threading
import weakref

import numpy as np

from nnplay.engine import Network
from nnplay.engine.passes import as_columns

#: Smaller data are copied for each user: that costs less than keeping books.
WORTH_SHARING = 1 << 24

_SHARED: dict[tuple[int, str, bool], np.ndarray] = {}
_LOCK = threading.Lock()


def columns_of(X: np.ndarray, network: Network) -> np.ndarray:
    """Return samples `X` (n_samples, n_inputs) as :func:`~nnplay.engine.passes.as_columns` does.

    Rows of one large array that can't be written, such as the training and the test images of MNIST, share the columns
    that are made of that array, for as long as it is there. They are in single precision if the samples are, whatever
    the network's: who takes a batch of them brings it to the network's, which changes no number.
    """
    whole = X if X.base is None else X.base
    if not _is_block_of_rows(X, whole) or whole.nbytes < WORTH_SHARING:
        return as_columns(X, network)
    dtype = min(X.dtype, network.dtype, key=lambda each: each.itemsize)
    key = id(whole), dtype.name, network.has_bias
    with _LOCK:
        if key not in _SHARED:
            rows = np.ones((len(whole), whole.shape[1] + network.has_bias), dtype)
            rows[:, : whole.shape[1]] = whole
            _SHARED[key] = rows.T
            _SHARED[key].flags.writeable = False
            weakref.finalize(whole, _SHARED.pop, key, None)
        columns = _SHARED[key]
    first = (X.__array_interface__["data"][0] - whole.__array_interface__["data"][0]) // whole.strides[0]
    return columns[:, first : first + len(X)]


def _is_block_of_rows(X: np.ndarray, whole: object) -> bool:
    """Return whether `X` is some rows of `whole`, one after the other, and nobody can write in them."""
    return (
        isinstance(whole, np.ndarray)
        and whole.ndim == 2
        and not (X.flags.writeable or whole.flags.writeable)
        and X.flags.c_contiguous
        and whole.flags.c_contiguous
        and X.shape[1:] == whole.shape[1:]
        and X.dtype == whole.dtype
    )
