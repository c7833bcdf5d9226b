"""Mini-batches: the training set in a new order every epoch, a batch at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import numpy as np

from nnplay.random_streams import random_stream
from nnplay.refusal import Refusal
from nnplay.validation import integer

#: Rows are gathered for as many batches at once as fit here: a small set whole, a large one in parts that stay cached.
BLOCK_BYTES = 1 << 20

#: Columns of inputs and of targets.
Batch = tuple[np.ndarray, np.ndarray]


class BlockBatches(ABC):
    """Serves a training set batch after batch, gathered in blocks of several batches; of one network, or of a stack.

    Attributes
    ----------
    n_samples, batch_size : int
    n_batches, last_batch_size : int
        Batches in an epoch; the samples of the last one, which may be fewer.
    position : int
        Batches done in the current epoch.
    """

    _batches_in_block: int
    #: Views of where a block is gathered: its batches, and the last one of an epoch, which lies in the last block.
    _views: list[Batch]
    _last_view: Batch
    #: The block that is there now, or −1.
    _loaded = -1

    def __init__(self, n_samples: int, batch_size: int) -> None:
        self.n_samples, self.batch_size = n_samples, batch_size
        self.n_batches = -(-n_samples // batch_size)
        self.last_batch_size = n_samples - (self.n_batches - 1) * batch_size
        self.position = 0

    def rest_of_epoch(self, at_most: int) -> Iterator[Batch]:
        """Yield the (inputs, targets) columns of the next batches: `at_most` so many, and none beyond this epoch."""
        if self.position == 0:
            self._start_epoch()
        last = self.n_batches - 1
        for position in range(self.position, min(self.position + at_most, self.n_batches)):
            block, index = divmod(position, self._batches_in_block)
            if block != self._loaded:
                start = block * self._batches_in_block * self.batch_size
                self._gather(start, min(start + self._batches_in_block * self.batch_size, self.n_samples))
                self._loaded = block
            self.position = 0 if position == last else position + 1
            yield self._last_view if position == last else self._views[index]

    @abstractmethod
    def _start_epoch(self) -> None:
        """Put the samples in order."""

    @abstractmethod
    def _gather(self, start: int, stop: int) -> None:
        """Put the samples from `start` to `stop` (exclusive), in that order, to where the views of a block look."""


class Batches(BlockBatches):
    """Serves columns of inputs and targets, batch after batch.

    Parameters
    ----------
    inputs : ndarray, (n_samples, n_rows)
        As the first layer takes them, one sample a row.
    targets : ndarray, (n_samples, n_outputs)
    batch_size : int
    shuffle : bool
        Whether each epoch has an order of its own.
    seed : int
        The batches have the dtype of the targets; inputs of another one are converted a block at a time.
    """

    def __init__(self, inputs: np.ndarray, targets: np.ndarray, batch_size: int, shuffle: bool, seed: int) -> None:
        n_samples = len(inputs)
        super().__init__(n_samples, batch_size)
        self._inputs, self._targets = inputs, targets
        dtype = targets.dtype
        self.shuffle = shuffle
        self._shuffle = shuffle and batch_size < n_samples  # the full batch is the same in any order
        self._rng = random_stream(seed, "shuffling")
        self._rng_at_epoch_start = self._rng.bit_generator.state
        self._order: np.ndarray | None = None

        batch_bytes = batch_size * dtype.itemsize * (inputs.shape[1] + targets.shape[1])
        gathers = self._shuffle or inputs.dtype != dtype
        self._batches_in_block = max(1, min(self.n_batches, BLOCK_BYTES // batch_bytes)) if gathers else self.n_batches
        rows = min(n_samples, self._batches_in_block * batch_size)
        if gathers:
            self._block = (np.empty((rows, inputs.shape[1]), dtype), np.empty((rows, targets.shape[1]), dtype))
        else:
            self._block = (inputs, targets)
        self._loaded = -1 if gathers else 0
        self._views = [
            (self._block[0][start : start + batch_size].T, self._block[1][start : start + batch_size].T)
            for start in range(0, rows, batch_size)
        ]
        start = (self.n_batches - 1) % self._batches_in_block * batch_size
        stop = start + self.last_batch_size
        self._last_view = (self._block[0][start:stop].T, self._block[1][start:stop].T)

    def resized(self, batch_size: int, shuffle: bool) -> Batches:
        """Return batches of the same samples in another size, at the start of an epoch of the same random stream."""
        batches = Batches(self._inputs, self._targets, batch_size, shuffle, 0)
        batches._rng.bit_generator.state = self._rng.bit_generator.state
        return batches

    def upcoming(self) -> tuple[np.ndarray, Batch]:
        """Return which samples come next, as row numbers, and their batch. These batches stay where they are."""
        ahead = self.resized(self.batch_size, self.shuffle)
        ahead.restore(self.snapshot())
        start = ahead.position * ahead.batch_size
        batch = next(ahead.rest_of_epoch(1))
        rows = np.arange(start, start + batch[1].shape[1])
        return rows if ahead._order is None else ahead._order[rows], batch

    def snapshot(self) -> dict[str, Any]:
        """Return where in which order the batches are: a random state and a position, whatever the size of the data."""
        state = self._rng_at_epoch_start if self.position else self._rng.bit_generator.state
        return {"rng": state, "position": self.position, "batch_size": self.batch_size, "shuffle": self.shuffle}

    def restore(self, state: dict[str, Any]) -> None:
        """Return to a :meth:`snapshot` of batches of the same size."""
        self._rng.bit_generator.state = state["rng"]
        self.position = state["position"]
        if self.position:
            self._start_epoch()

    def _start_epoch(self) -> None:
        if self._shuffle:
            self._rng_at_epoch_start = self._rng.bit_generator.state
            self._order = self._rng.permutation(len(self._inputs))
            self._loaded = -1

    def _gather(self, start: int, stop: int) -> None:
        rows = slice(start, stop)
        for source, part in zip((self._inputs, self._targets), self._block, strict=True):
            _gather(source, rows if self._order is None else self._order[rows], part)


def _gather(source: np.ndarray, rows: np.ndarray | slice, part: np.ndarray) -> None:
    """Copy some rows of `source` to the beginning of `part`."""
    if isinstance(rows, slice) or source.dtype != part.dtype or not source.flags.c_contiguous:
        gathered = source[rows]
        part[: len(gathered)] = gathered
    else:
        np.take(source, rows, 0, part[: len(rows)], "clip")  # "clip" writes into place without a buffer


def checked_batch_size(batch_size: int | None, n_samples: int) -> int:
    """Return `batch_size`, all samples for None, if it is from 1 to `n_samples`."""
    if batch_size is None:
        return n_samples
    size = integer("batch_size", batch_size, 1)
    if size > n_samples:
        raise Refusal("batch_size", f"must be at most the number of training samples, {n_samples}", size)
    return size
