"""Losses and scores of all networks of a stack over a whole data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nnplay.datasets import Dataset
from nnplay.engine.losses import Loss
from nnplay.engine.passes import ForwardPass
from nnplay.engine.stack import NetworkStack
from nnplay.engine.targets import encode_targets
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.r_squared import r_squared, spread_of

#: What the hidden layers of the samples may take that go through the stack at once, in bytes: more leaves the cache.
PART_BYTES = 1_000_000
FEWEST_ROWS = 64


#: What goes through the stack at once: the pass, the columns, and of each set: which it is, where, and its targets.
_Part = tuple[ForwardPass, np.ndarray, list[tuple[int, slice, np.ndarray]]]


class MeasuredSet(NamedTuple):
    """Samples that a stack is measured on, from one source or from several.

    Attributes
    ----------
    inputs : ndarray, (n_sources, n_samples, n_rows)
        As the first layer takes them, one sample a row.
    targets : ndarray, (n_sources, n_samples, n_outputs)
    spreads : ndarray, (n_sources,), or None
        Of the targets, where the score is R²; None for accuracy.
    """

    inputs: np.ndarray
    targets: np.ndarray
    spreads: np.ndarray | None

    @classmethod
    def of(cls, stack: NetworkStack, sources: Sequence[Dataset], loss: Loss) -> MeasuredSet:
        """Return the samples of some data sets of one size."""
        n_outputs, dtype = stack.n_outputs, stack.parameters.dtype
        inputs = np.stack([stack.as_columns(data.X).T for data in sources])
        targets = np.stack([encode_targets(data.y, data.n_samples, n_outputs, loss) for data in sources]).astype(dtype)
        is_classification = sources[0].task == "classification"
        return cls(inputs, targets, None if is_classification else np.array([spread_of(y, dtype) for y in targets]))


class StackEvaluation:
    """Measures the K networks of `stack`, again and again, in buffers made once.

    Parameters
    ----------
    stack : NetworkStack
    sets : sequence of MeasuredSet
        The training set, and the test set if there is one.
    sources : ndarray of int, (K,)
        Which of the sources each network is measured on.
    loss : Loss
    """

    def __init__(self, stack: NetworkStack, sets: Sequence[MeasuredSet], sources: np.ndarray, loss: Loss) -> None:
        self._stack, self._loss, self._sets, self._sources = stack, loss, sets, sources
        row_bytes = len(stack) * max(1, stack.n_hidden_units) * stack.parameters.itemsize
        most = max(FEWEST_ROWS, PART_BYTES // row_bytes)
        self._sizes = [each.inputs.shape[1] for each in sets]
        self._passes: dict[int, ForwardPass] = {}
        self._parts: list[_Part] = []
        if sum(self._sizes) <= most:  # one pass for all sets, so that there are few calls
            self._add_part([(which, 0, size) for which, size in enumerate(self._sizes)])
            return
        for which, size in enumerate(self._sizes):
            for start in range(0, size, most):
                self._add_part([(which, start, min(start + most, size))])

    def _add_part(self, ranges: list[tuple[int, int, int]]) -> None:
        """Add what goes through the stack at once: of some sets, the samples from a first to a last one (exclusive)."""
        shared = len(self._sets[0].inputs) == 1
        sources = [0] if shared else self._sources
        n = sum(stop - start for _, start, stop in ranges)
        if n not in self._passes:
            self._passes[n] = self._stack.forward_pass(n)
        blocks = [self._sets[which].inputs[:, start:stop] for which, start, stop in ranges]
        block = blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)
        x = block[0].T if shared else block[sources].swapaxes(1, 2)
        pieces, first = [], 0
        for which, start, stop in ranges:
            y = self._sets[which].targets[sources, start:stop].transpose(2, 0, 1)  # (n_outputs, 1 or K, samples)
            pieces.append((which, slice(first, first + stop - start), np.ascontiguousarray(y)))
            first += stop - start
        self._parts.append((self._passes[n], x, pieces))

    def measure(self) -> np.ndarray:
        """Return each network's loss, and accuracy or R², on each set: (n_sets, 2, K); NaN for who diverged."""
        k = len(self._stack)
        measures = np.zeros((len(self._sets), 2, k))  # first the loss and how many are right, or the squared errors
        for forward, x, pieces in self._parts:
            take_break()
            outputs, logits = forward.run(x), forward.logits
            for which, samples, y in pieces:
                a = outputs[..., samples]
                value = self._loss.value(logits[..., samples], a, y)
                measures[which, 0] += value * (y.shape[-1] / self._sizes[which]) if self._loss.is_mean else value
                is_classification = self._sets[which].spreads is None
                measures[which, 1] += _count_right(a, y) if is_classification else np.square(a - y).sum(axis=(0, -1))
        finite = np.isfinite(self._stack.parameters).all(axis=1)
        for (loss, score), each, size in zip(measures, self._sets, self._sizes, strict=True):
            if each.spreads is None:
                score /= size
            else:
                spreads = each.spreads[self._sources].tolist()
                score[:] = [r_squared(*pair) for pair in zip(score.tolist(), spreads, strict=True)]
            score[~(finite & np.isfinite(loss))] = np.nan
        return measures


def _count_right(a: np.ndarray, y: np.ndarray) -> np.ndarray:
    same = (a[0] > 0.5) == (y[0] > 0.5) if len(a) == 1 else a.argmax(0) == y.argmax(0)
    return np.add.reduce(same, -1)
