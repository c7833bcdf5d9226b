"""What was measured, row by row: columns of numbers that stay small however long a run gets."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nnplay.validation import choice

#: Rows kept before every second one is dropped.
CAPACITY = 20_000


class History(Mapping[str, np.ndarray]):
    """Named columns of equal length; ``history["train_loss"]`` is an array.

    When more than `capacity` rows are in, every second one goes (the first and the newest stay), so that a long run is
    kept evenly, only more coarsely.

    Parameters
    ----------
    names : sequence of str
        The columns; the first one must grow from row to row.
    capacity : int, ≥ 3
    """

    def __init__(self, names: Sequence[str], capacity: int = CAPACITY) -> None:
        self._columns: dict[str, list[float]] = {name: [] for name in names}
        self._key = self._columns[names[0]]
        self._key_name = names[0]
        self.capacity = capacity

    def __getitem__(self, name: str) -> np.ndarray:
        return np.array(self._columns[choice("column", name, self._columns)])

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def n_rows(self) -> int:
        """Number of rows kept."""
        return len(self._key)

    def append(self, *row: float) -> None:
        """Add a row: a number for each column, in their order."""
        for column, value in zip(self._columns.values(), row, strict=True):
            column.append(value)
        if len(self._key) > self.capacity:
            last = len(self._key) - 1
            self._replace({name: [*c[:last:2], c[last]] for name, c in self._columns.items()})

    def truncate_after(self, key: float) -> None:
        """Drop the rows whose first column is greater than `key`."""
        keep = bisect.bisect_right(self._key, key)
        if keep < len(self._key):
            self._replace({name: column[:keep] for name, column in self._columns.items()})

    def snapshot(self) -> Any:
        """Return what :meth:`restore` takes; costs no copy."""
        # Columns only ever grow in place; whatever shortens them makes new lists, so that these stay whole.
        return self._columns, len(self._key)

    def restore(self, state: Any) -> None:
        """Return to a :meth:`snapshot`."""
        columns, n_rows = state
        self._replace({name: column[:n_rows] for name, column in columns.items()})

    def _replace(self, columns: dict[str, list[float]]) -> None:
        self._columns = columns
        self._key = columns[self._key_name]
