"""What was measured of each run of a stack, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from nnplay.validation import choice

#: Measures of each run; the column of epochs is the same for all.
COLUMNS = ("train_loss", "test_loss", "train_score", "test_score", "learning_rate")
#: Rows kept before every second one is dropped.
CAPACITY = 5_000


class StackHistory(Mapping[str, np.ndarray]):
    """Named columns: ``history["epoch"]`` is (n_records,), ``history["train_loss"]`` (n_records, K).

    A run that has stopped has NaN from then on. When more than `capacity` rows are in, every second one goes (the first
    and the newest stay), so that a long run is kept evenly, only more coarsely.

    Parameters
    ----------
    n_runs : int
    capacity : int
    """

    def __init__(self, n_runs: int, capacity: int = CAPACITY) -> None:
        self.n_runs, self.capacity = n_runs, capacity
        self._rows: list[tuple[int, np.ndarray]] = []

    def __getitem__(self, name: str) -> np.ndarray:
        choice("column", name, list(self))
        if name == "epoch":
            return np.array([epoch for epoch, _ in self._rows], np.int64)
        column = COLUMNS.index(name)
        return np.array([row[column] for _, row in self._rows]).reshape(-1, self.n_runs)

    def __iter__(self) -> Iterator[str]:
        return iter(("epoch", *COLUMNS))

    def __len__(self) -> int:
        return 1 + len(COLUMNS)

    def __contains__(self, name: object) -> bool:
        return name in list(self)

    def __repr__(self) -> str:
        return f"<StackHistory: {self.n_rows} rows of {self.n_runs} runs: {', '.join(self)}>"

    @property
    def n_rows(self) -> int:
        """Number of rows kept."""
        return len(self._rows)

    def append(self, epoch: int, row: np.ndarray) -> None:
        """Add a row, (5, K) in the order of the columns."""
        self._rows.append((epoch, row))
        if len(self._rows) > self.capacity:
            last = len(self._rows) - 1
            self._rows = [*self._rows[:last:2], self._rows[last]]

    def snapshot(self) -> Any:
        """Return what :meth:`restore` takes; costs no copy."""
        return self._rows, len(self._rows)  # rows only ever grow in place; whatever shortens them makes a new list

    def restore(self, state: Any) -> None:
        """Return to a :meth:`snapshot`."""
        rows, n_rows = state
        self._rows = rows[:n_rows]
