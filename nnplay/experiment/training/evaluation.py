"""Loss and score of a network over a whole data set."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from nnplay.datasets import Dataset
from nnplay.engine.losses import Loss
from nnplay.engine.network import Network
from nnplay.engine.passes import ForwardPass
from nnplay.engine.targets import encode_targets
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.r_squared import r_squared, spread_of

#: What the hidden layers of the samples may take that go through the network at once, in bytes: large sets are measured
#: in parts, which are kept small; most and fewest samples of a part.
PART_BYTES = 8_000_000
MOST_ROWS, FEWEST_ROWS = 4096, 64

#: Computes outputs and logits, (n_outputs, n_samples) both.
Outputs = Callable[[], tuple[np.ndarray, np.ndarray]]


class Evaluation:
    """Measures `network` on `data`, again and again, in buffers made once.

    Parameters
    ----------
    network : Network
    data : Dataset
    loss : Loss
    passes : dict of ForwardPass, optional
        Passes through `network` by number of samples. Evaluations that never measure at the same time may share them.
    """

    def __init__(
        self, network: Network, data: Dataset, loss: Loss, passes: dict[int, ForwardPass] | None = None
    ) -> None:
        self._network = network
        self._passes = {} if passes is None else passes
        self._loss = loss
        self._n_samples = data.n_samples
        self._is_classification = data.task == "classification"
        targets = encode_targets(data.y, data.n_samples, network.n_outputs, loss).astype(network.dtype)
        self._parts = self._parts_of(network, data, targets)
        self._spread = spread_of(targets, network.dtype)

    def _parts_of(self, network: Network, data: Dataset, targets: np.ndarray) -> list[tuple[Outputs, np.ndarray]]:
        """Return what computes the outputs and logits of each part of the data, and the part's targets."""
        inputs = columns_of(data, network).T
        ranges = part_ranges(data.n_samples, network)
        passes = self._passes
        for size in {stop - start for start, stop in ranges}.difference(passes):
            passes[size] = network.forward_pass(size)

        def outputs_of(forward: ForwardPass, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            return forward.run(x.astype(network.dtype, copy=False)), forward.logits

        return [
            (
                partial(outputs_of, passes[stop - start], inputs[start:stop].T),
                np.ascontiguousarray(targets[start:stop].T),
            )
            for start, stop in ranges
        ]

    def measure(self) -> tuple[float, float]:
        """Return the loss, and the accuracy (classification) or R² (regression); NaN after training diverged."""
        loss, right, squares = 0.0, 0, 0.0
        for outputs, y in self._parts:
            take_break()
            a, logits = outputs()
            value = self._loss.value(logits, a, y)
            loss += value * y.shape[1] / self._n_samples if self._loss.is_mean else value
            if self._is_classification:
                right += _count_right(a, y)
            else:
                squares += float(np.square(a - y).sum())
        if not np.isfinite(loss) or not np.isfinite(self._network.parameters).all():
            return loss, float("nan")  # what a network answers that has diverged is no answer
        if self._is_classification:
            return loss, right / self._n_samples
        return loss, r_squared(squares, self._spread)


def _count_right(a: np.ndarray, y: np.ndarray) -> int:
    if len(a) == 1:
        return int(np.count_nonzero((a > 0.5) == (y > 0.5)))
    return int(np.count_nonzero(a.argmax(0) == y.argmax(0)))


def part_ranges(n_samples: int, network: Network) -> list[tuple[int, int]]:
    """Return first and last row (exclusive) of the parts in which so many samples go through a network."""
    row_bytes = max(1, sum(network.hidden_sizes)) * network.dtype.itemsize
    rows = max(FEWEST_ROWS, min(MOST_ROWS, PART_BYTES // row_bytes))
    return [(start, min(start + rows, n_samples)) for start in range(0, n_samples, rows)]


def columns_of(data: Dataset, network: Network) -> np.ndarray:
    """Return the inputs of `data` as :func:`~nnplay.engine.passes.as_columns` does.

    Large data are kept as a pass takes them, so their columns are a view. They may then be in single precision where
    the network is in double precision: who takes a batch of them converts it, which changes no number.
    """
    rows = data.inputs_and_ones
    if rows is None or rows.itemsize > network.dtype.itemsize:
        return network.as_columns(data.X)
    return rows.T if network.has_bias else rows[:, :-1].T
