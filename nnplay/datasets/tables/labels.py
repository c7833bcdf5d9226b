"""Class labels as they are written: a number that serves as a name keeps all its digits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets.names import told_apart
from nnplay.datasets.tables.table import Column


def classes_of(column: Column, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], list[str]]:
    """Return the class of each of the `rows` and the classes' names, in order; every row must have a value.

    Classes of words are the words. Numbers written differently, as 1 and 1.0, are one class, unless they are labels
    that are written in digits: where one has a leading zero, or more digits than a number can hold, all are taken as
    written.
    """
    if column.numbers is None or column.is_written_in_digits:
        labels, indices = np.unique(np.array([column.words[row] for row in rows], dtype=object), return_inverse=True)
        return indices, told_apart(label or "?" for label in labels.tolist())
    numbers, indices = np.unique(column.numbers[rows], return_inverse=True)
    return indices, [str(int(value)) if value.is_integer() else repr(value) for value in numbers.tolist()]
