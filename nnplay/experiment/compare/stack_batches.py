"""Mini-batches for a stack: each network's samples in an order of its own, as its single session would take them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnplay.experiment.training.batches import BLOCK_BYTES, BlockBatches
from nnplay.random_streams import random_stream


class StackBatches(BlockBatches):
    """Serves the columns of inputs (K, n_rows, size) and targets (n_outputs, K, size) of K networks, batch after batch.

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
        n_sources, n_samples, n_rows = inputs.shape
        super().__init__(n_samples, batch_size)
        self._inputs = inputs.reshape(-1, n_rows)
        self._targets = np.ascontiguousarray(targets.reshape(n_sources * n_samples, -1).T)
        whole = batch_size == n_samples  # the full batch is the same in any order
        self._all_shuffle = np.array(shuffles, bool) & (not whole)
        self._all_firsts = sources * n_samples
        self._all_rngs = [random_stream(seed, "shuffling") for seed in seeds]
        self.choose(np.arange(len(self._all_rngs)))

    def choose(self, rows: np.ndarray) -> None:
        """Serve these of the networks from now on, by their numbers; between two epochs."""
        self._rows = rows
        self._rngs = [self._all_rngs[row] for row in rows]
        self._shuffles, self._firsts = self._all_shuffle[rows], self._all_firsts[rows]
        k, n_rows = max(1, len(rows)), self._inputs.shape[1]
        self._orders = np.empty((len(rows), self.n_samples), np.int64)
        self._plain = np.arange(self.n_samples)
        self._loaded = -1
        itemsize = self._inputs.itemsize
        n_outputs = len(self._targets)
        fitting = BLOCK_BYTES // (k * self.batch_size * itemsize * (n_rows + n_outputs))
        self._batches_in_block = n = max(1, min(self.n_batches, fitting))
        self._x = np.empty((n, k, self.batch_size, n_rows), self._inputs.dtype)
        self._y = np.empty((n, n_outputs, k, self.batch_size), self._targets.dtype)
        self._views = [(x.swapaxes(1, 2), y) for x, y in zip(self._x, self._y, strict=True)]
        x, y = self._views[(self.n_batches - 1) % n]
        self._last_view = x[..., : self.last_batch_size], y[..., : self.last_batch_size]

    def _start_epoch(self) -> None:
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

    def _gather(self, start: int, stop: int) -> None:
        n_whole, left = divmod(stop - start, self.batch_size)
        k = len(self._orders)
        orders = self._orders[:, start : start + n_whole * self.batch_size].reshape(k, n_whole, self.batch_size)
        rows = np.ascontiguousarray(orders.swapaxes(0, 1))  # batches, networks, samples
        np.take(self._inputs, rows, 0, self._x[:n_whole], "clip")  # "clip" writes into place without a buffer
        for output, column in enumerate(self._targets):
            if len(self._targets) == 1:
                np.take(column, rows, 0, self._y[:n_whole, 0], "clip")
            else:
                self._y[:n_whole, output] = column[rows]
        if left:
            rows = self._orders[:, stop - left : stop]
            self._x[n_whole, :, :left] = self._inputs[rows]
            self._y[n_whole, :, :, :left] = self._targets[:, rows]

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
