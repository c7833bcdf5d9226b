"""The course of a run: how its losses went, in a few numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]

#: Records that are looked at, at least and at most: below, a rise says nothing; above, it is long past.
FEWEST, MOST = 8, 40


@dataclass(frozen=True)
class Course:
    """The losses of a run, a record an epoch or every few epochs; NaN where there is no test set.

    Attributes
    ----------
    epochs, train_loss, test_loss : ndarray, (n_records,)
    """

    epochs: Column
    train_loss: Column
    test_loss: Column

    @classmethod
    def of(cls, epochs: Column, train_loss: Column, test_loss: Column) -> Course:
        """Return the course of these records; of several in one epoch, as a slow replay has them, the last counts."""
        epochs = np.asarray(epochs, float)
        is_last = np.append(np.floor(epochs[1:]) != np.floor(epochs[:-1]), True) if len(epochs) else np.zeros(0, bool)
        return cls(epochs[is_last], np.asarray(train_loss, float)[is_last], np.asarray(test_loss, float)[is_last])

    def since(self, epoch: float) -> Course:
        """Return what came from an epoch on."""
        keep = self.epochs >= epoch
        return Course(self.epochs[keep], self.train_loss[keep], self.test_loss[keep])

    @property
    def is_short(self) -> bool:
        """Whether too little is known to speak of a trend."""
        return len(self.epochs) < FEWEST

    @property
    def window(self) -> slice:
        """The last records: a third of them, but at least :data:`FEWEST` and at most :data:`MOST`."""
        n = len(self.epochs)
        return slice(n - min(n, MOST, max(FEWEST, n // 3)), n)

    @property
    def recent(self) -> Column:
        """The training losses of the window."""
        return self.train_loss[self.window]

    @property
    def loss(self) -> float:
        """The training loss now: the median of the last five, which one jump doesn't move."""
        return float(np.median(self.train_loss[-5:])) if len(self.train_loss) else float("nan")

    @property
    def fall(self) -> float:
        """By what share of itself the loss fell in the window, from its first third to its last; negative: rose."""
        losses = self.recent
        third = max(2, len(losses) // 3)
        before, after = float(np.median(losses[:third])), float(np.median(losses[-third:]))
        return (before - after) / before if before > 0 else 0.0

    @property
    def fall_an_epoch(self) -> float:
        """The same for one epoch, as if it had always been alike."""
        epochs = self.epochs[self.window]
        length = (epochs[-1] - epochs[0]) * 2 / 3
        return 1 - max(1e-9, 1 - self.fall) ** (1 / length) if length > 0 else 0.0

    @property
    def bounce(self) -> float:
        """How far the loss jumps from record to record, as a share of itself: the median, without the trend."""
        losses = self.recent
        middle = float(np.median(losses))
        jumps = np.diff(losses)
        return float(np.median(np.abs(jumps - jumps.mean()))) / middle if middle > 0 and len(jumps) else 0.0

    @property
    def rises(self) -> float:
        """Share of the records in the window that are higher than the one before."""
        jumps = np.diff(self.recent)
        return float(np.mean(jumps > 0)) if len(jumps) else 0.0

    @property
    def swing(self) -> float:
        """How many times its lowest loss the highest in the window is."""
        losses = self.recent
        lowest = float(losses.min()) if len(losses) else 0.0
        return float(losses.max()) / lowest if lowest > 0 else 1.0
