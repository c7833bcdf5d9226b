"""What was measured, row by row: columns of numbers that stay small however long a run gets."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nnplay.attributes import guarded
from nnplay.validation import choice, integer

#: Rows kept before every second one is dropped.
CAPACITY = 20_000


if TYPE_CHECKING:  # who checks types is to see that nothing can be put in
    _Columns = Mapping[str, np.ndarray]
else:

    class _Columns(Mapping, dict): ...


@guarded()
class History(_Columns):
    """Named columns of equal length; ``history["train_loss"]`` is an array.

    It is a dict so that ``pandas.DataFrame(history)`` has a row a record, though nobody can put anything in it.

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

    def __reduce__(self) -> Any:
        return type(self), (list(self._columns), self.capacity), {"columns": self._columns}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._replace(state["columns"])

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse whatever would change a dict."""
        raise TypeError("history can't be changed: it holds what was measured. Use dict(history) for a copy that can.")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    # What a dict answers from its own store, which is empty here.
    def __or__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return {**self.copy(), **other}

    def __ror__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return {**other, **self.copy()}

    def __reversed__(self) -> Iterator[str]:
        return reversed(list(self._columns))

    def copy(self) -> dict[str, np.ndarray]:
        """Return the columns as an ordinary dict."""
        return {name: self[name] for name in self._columns}

    def __repr__(self) -> str:
        return f"<History: {self.n_rows} row{'s' * (self.n_rows != 1)} of {', '.join(self._columns)}>"

    def __getitem__(self, name: str) -> np.ndarray:
        return np.array(self._columns[choice("column", name, self._columns)])

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def capacity(self) -> int:
        """Rows kept before every second one is dropped; from 3 on."""
        return self._capacity

    @capacity.setter
    def capacity(self, capacity: int) -> None:
        self._capacity = integer("capacity", capacity, 3)

    @property
    def n_rows(self) -> int:
        """Number of rows kept."""
        return len(self._key)

    def latest(self, name: str) -> float:
        """Return the newest number of a column that has one, without a copy of it."""
        return self._columns[choice("column", name, self._columns)][-1]

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
