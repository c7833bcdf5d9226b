"""Mini-batches for a stack: each network's samples in an order of its own, as its single session would take them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nnplay.random_streams import random_stream

#: Samples are gathered for as many batches at once as fit here: more would have left the cache when they are used.
BLOCK_BYTES = 1 << 20


class StackBatches:
    """Serves the columns of inputs and targets of K networks, batch after batch.

    Parameters
    ----------
    inputs : ndarray, (n_sources, n_samples, n_rows)
        As the first layer takes them, one sample a row; the networks may learn from several sets of samples.
    targets : ndarray, (n_sources, n_samples, n_outputs)
    sources : ndarray of int, (K,)
        Which set each of the networks learns from.
    batch_size : int
    shuffles : sequence of bool
        Whether a network's samples come in a new order in each epoch.
    seeds : sequence of int
        Of the networks' orders.

    Attributes
    ----------
    n_batches, last_batch_size : int
        Batches in an epoch; the samples of the last one, which may be fewer.
    position : int
        Batches done in the current epoch.
    """

    def __init__(
        self,
        inputs: np.ndarray,
        targets: np.ndarray,
        sources: np.ndarray,
        batch_size: int,
        shuffles: Sequence[bool],
        seeds: Sequence[int],
    ) -> None:
        n_sources, self._n_samples, n_rows = inputs.shape
        self._inputs = inputs.reshape(-1, n_rows)
        self._targets = np.ascontiguousarray(targets.reshape(n_sources * self._n_samples, -1).T)
        self.batch_size = batch_size
        self.n_batches = -(-self._n_samples // batch_size)
        self.last_batch_size = self._n_samples - (self.n_batches - 1) * batch_size
        self.position = 0
        whole = batch_size == self._n_samples  # the full batch is the same in any order
        self._all_shuffle = np.array(shuffles, bool) & (not whole)
        self._all_firsts = sources * self._n_samples
        self._all_rngs = [random_stream(seed, "shuffling") for seed in seeds]
        self.choose(np.arange(len(self._all_rngs)))

    def choose(self, rows: np.ndarray) -> None:
        """Serve these of the networks from now on, by their numbers; between two epochs."""
        self._rows = rows
        self._rngs = [self._all_rngs[row] for row in rows]
        self._shuffles, self._firsts = self._all_shuffle[rows], self._all_firsts[rows]
        k, n_rows = max(1, len(rows)), self._inputs.shape[1]
        self._orders = np.empty((len(rows), self._n_samples), np.int64)
        self._plain = np.arange(self._n_samples)
        self._loaded = -1
        itemsize = self._inputs.itemsize
        n_outputs = len(self._targets)
        fitting = BLOCK_BYTES // (k * self.batch_size * itemsize * (n_rows + n_outputs))
        self._batches_in_block = n = max(1, min(self.n_batches, fitting))
        self._x = np.empty((n, k, self.batch_size, n_rows), self._inputs.dtype)
        self._y = np.empty((n, n_outputs, k, self.batch_size), self._targets.dtype)
        self._views = [(x.swapaxes(1, 2), y) for x, y in zip(self._x, self._y, strict=True)]

    # -- serving ---------------------------------------------------------------------------------------------------

    def rest_of_epoch(self, at_most: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the next batches, `at_most` so many and none beyond this epoch.

        Yields
        ------
        inputs : ndarray, (K, n_rows, size)
        targets : ndarray, (n_outputs, K, size)
        """
        if self.position == 0:
            self._start_epoch()
        last = self.n_batches - 1
        for position in range(self.position, min(self.position + at_most, self.n_batches)):
            index = self._load(position)
            self.position = 0 if position == last else position + 1
            x, y = self._views[index]
            if position == last and self.last_batch_size < self.batch_size:
                x, y = x[..., : self.last_batch_size], y[..., : self.last_batch_size]
            yield x, y

    def _start_epoch(self) -> None:
        """Put each network's samples in order."""
        shuffled = self._shuffles.any()
        if not shuffled and self._loaded == 0 and self._batches_in_block == self.n_batches:
            return  # all is there, as in the epoch before
        self._orders[:] = self._plain
        if shuffled:
            for rng, order, shuffle in zip(self._rngs, self._orders, self._shuffles.tolist(), strict=True):
                if shuffle:
                    rng.shuffle(order)  # as rng.permutation(n) orders them
        if self._firsts.any():
            self._orders += self._firsts[:, None]
        self._loaded = -1

    def _load(self, position: int) -> int:
        """Gather the samples of the block that holds batch `position`; return the batch's place in it."""
        block, index = divmod(position, self._batches_in_block)
        if block != self._loaded:
            start = block * self._batches_in_block * self.batch_size
            stop = min(start + self._batches_in_block * self.batch_size, self._n_samples)
            n_whole, left = divmod(stop - start, self.batch_size)
            rows = self._orders[:, start : start + n_whole * self.batch_size]
            self._gather(rows.reshape(len(rows), n_whole, self.batch_size).swapaxes(0, 1), slice(0, n_whole))
            if left:
                rows = self._orders[:, stop - left : stop]
                self._x[n_whole, :, :left] = self._inputs[rows]
                self._y[n_whole, :, :, :left] = self._targets[:, rows]
            self._loaded = block
        return index

    def _gather(self, rows: np.ndarray, batches: slice) -> None:
        rows = np.ascontiguousarray(rows)
        np.take(self._inputs, rows, 0, self._x[batches], "clip")  # "clip" writes into place without a buffer
        for output, column in enumerate(self._targets):
            if len(self._targets) == 1:
                np.take(column, rows, 0, self._y[batches, 0], "clip")
            else:
                self._y[batches, output] = column[rows]

    # -- where they are --------------------------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Any]:
        """Return which networks are served, and where in which orders they are."""
        return {
            "rows": self._rows,
            "rngs": [rng.bit_generator.state for rng in self._rngs] if self._shuffles.any() else [],
            "position": self.position,
            "orders": self._orders.copy() if self.position else None,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Return to a :meth:`snapshot`."""
        if not np.array_equal(state["rows"], self._rows):
            self.choose(state["rows"])
        for rng, stored in zip(self._rngs, state["rngs"], strict=bool(state["rngs"])):
            rng.bit_generator.state = stored
        self.position = state["position"]
        self._loaded = -1
        if self.position:
            self._orders[:] = state["orders"]
