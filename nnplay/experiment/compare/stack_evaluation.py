"""Losses and scores of all networks of a stack over a whole data set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnplay.datasets import Dataset
from nnplay.engine.losses import Loss
from nnplay.engine.passes import ForwardPass
from nnplay.engine.stack import NetworkStack
from nnplay.engine.targets import encode_targets
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.r_squared import r_squared, spread_of

#: What the hidden layers of the samples may take that go through the stack at once, in bytes.
PART_BYTES = 2_000_000
FEWEST_ROWS = 64


class StackEvaluation:
    """Measures the K networks of `stack`, again and again, in buffers made once.

    Parameters
    ----------
    stack : NetworkStack
    inputs : ndarray, (n_sources, n_samples, n_rows)
        As the first layer takes them, one sample a row.
    targets : ndarray, (n_sources, n_samples, n_outputs)
    spreads : sequence of float or None
        Of the targets of each source, where the score is R²; None for accuracy.
    sources : ndarray of int, (K,)
        Which of the sources each network is measured on.
    loss : Loss
    """

    def __init__(
        self,
        stack: NetworkStack,
        inputs: np.ndarray,
        targets: np.ndarray,
        spreads: Sequence[float] | None,
        sources: np.ndarray,
        loss: Loss,
    ) -> None:
        self._stack, self._loss = stack, loss
        self._spreads = None if spreads is None else np.array(spreads)[sources]
        self._n_samples = n = inputs.shape[1]
        row_bytes = len(stack) * max(1, stack.n_hidden_units) * stack.parameters.itemsize
        size = max(FEWEST_ROWS, PART_BYTES // row_bytes)
        shared = len(inputs) == 1
        self._parts = []
        passes: dict[int, ForwardPass] = {}
        for start in range(0, n, size):
            stop = min(start + size, n)
            if stop - start not in passes:
                passes[stop - start] = stack.forward_pass(stop - start)
            x = inputs[0, start:stop].T if shared else inputs[sources, start:stop].swapaxes(1, 2)
            y = targets[[0] if shared else sources, start:stop].transpose(2, 0, 1)  # (n_outputs, 1 or K, samples)
            self._parts.append((passes[stop - start], x, np.ascontiguousarray(y)))

    def measure(self) -> tuple[np.ndarray, np.ndarray]:
        """Return each network's loss (K,), and accuracy or R² (K,), NaN after training diverged."""
        k = len(self._stack)
        loss, right, squares = np.zeros(k), np.zeros(k), np.zeros(k)
        for forward, x, y in self._parts:
            take_break()
            a = forward.run(x)
            value = self._loss.value(forward.logits, a, y)
            loss += value * (y.shape[-1] / self._n_samples) if self._loss.is_mean else value
            if self._spreads is None:
                right += _count_right(a, y)
            else:
                squares += np.square(a - y).sum(axis=(0, -1))
        if self._spreads is None:
            scores = right / self._n_samples
        else:
            each = zip(squares.tolist(), self._spreads.tolist(), strict=True)
            scores = np.array([r_squared(square, spread) for square, spread in each])
        known = np.isfinite(loss) & np.isfinite(self._stack.parameters).all(axis=1)
        return loss, np.where(known, scores, np.nan)


def _count_right(a: np.ndarray, y: np.ndarray) -> np.ndarray:
    same = (a[0] > 0.5) == (y[0] > 0.5) if len(a) == 1 else a.argmax(0) == y.argmax(0)
    return np.add.reduce(same, -1)


def laid_out(stack: NetworkStack, sets: Sequence[Dataset], loss: Loss) -> tuple[np.ndarray, np.ndarray]:
    """Return the inputs (n_sources, n_samples, n_rows) and targets (n_sources, n_samples, n_outputs) of data sets."""
    n_outputs = stack.n_outputs
    inputs = np.stack([stack.as_columns(data.X).T for data in sets])
    targets = np.stack([encode_targets(data.y, data.n_samples, n_outputs, loss) for data in sets])
    return inputs, targets.astype(stack.parameters.dtype)


def spreads_of(targets: np.ndarray, task: str) -> list[float] | None:
    """Return what R² is measured against for each source, or None for classes."""
    return None if task == "classification" else [spread_of(y, y.dtype) for y in targets]
