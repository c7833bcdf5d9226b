"""A landscape that is measured little by little: coarse at first, then finer, as long as there is time for it."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from nnplay.experiment.explain.landscape import LossOfStack
from nnplay.experiment.explain.planes import Plane

#: Grids of a survey, coarse ones first; each has the places of the one before and those between them.
LEVELS = (11, 21, 41)
#: CPU time that a survey may take: where a finer grid would take longer, it stays coarse.
MOST_SECONDS = 4.0


class Survey:
    """A landscape that is measured little by little, first on a coarse grid and then on finer ones.

    Parameters
    ----------
    plane : Plane
    bounds : pair of pairs of float
    losses_of : LossOfStack
    levels : sequence of int
        Places along either direction: each one less than a multiple of the one before, less one.

    Attributes
    ----------
    level : int
        Which grid is complete; −1 for none yet.
    done, of : int
        Places that are measured, and that there will be at the finest grid that there is time for.
    """

    def __init__(
        self,
        plane: Plane,
        bounds: tuple[tuple[float, float], tuple[float, float]],
        losses_of: LossOfStack,
        levels: Sequence[int] = LEVELS,
    ) -> None:
        self.plane, self.bounds, self._losses_of, self._levels = plane, bounds, losses_of, levels
        finest = levels[-1]
        x, y = (np.linspace(low, high, finest) for low, high in bounds)
        self._places = np.stack(np.meshgrid(x, y), axis=-1)
        self._loss: np.ndarray | None = None
        self._known = np.zeros((finest, finest), bool)
        self.level, self.done, self._seconds = -1, 0, 0.0

    @property
    def is_complete(self) -> bool:
        """Whether no finer grid is to come."""
        if self.level < 0:
            return False
        if self.level == len(self._levels) - 1:
            return True
        return self._seconds / self.done * self._levels[self.level + 1] ** 2 > MOST_SECONDS

    def work(self, cpu_seconds: float) -> bool:
        """Measure more places for about so long, at least a few; return whether a grid was completed."""
        before, began = self.level, time.thread_time()
        while not self.is_complete:
            self._measure_some()
            if time.thread_time() - began >= cpu_seconds:
                break
        return self.level > before

    def _measure_some(self) -> None:
        start = time.thread_time()
        stride = (self._levels[-1] - 1) // (self._levels[self.level + 1] - 1)
        wanted = np.zeros_like(self._known)
        wanted[::stride, ::stride] = True
        at = np.flatnonzero((wanted & ~self._known).ravel())
        some = at[: self._losses_of.at_once]
        losses_there = self._losses_of.over(self.plane, self._places.reshape(-1, 2)[some])
        if self._loss is None:
            self._loss = np.full((len(losses_there), self._known.size), np.nan)
        self._loss[:, some] = losses_there
        self._known.flat[some] = True
        self.done += len(some)
        self.level += len(some) == len(at)
        self._seconds += time.thread_time() - start

    @property
    def grid(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """x (n,), y (n,) and the losses (n_sets, n, n) of the finest grid that is complete."""
        assert self._loss is not None, "nothing is measured"
        finest = self._levels[-1]
        stride = (finest - 1) // (self._levels[self.level] - 1)
        x, y = self._places[0, ::stride, 0], self._places[::stride, 0, 1]
        return x, y, self._loss.reshape(-1, finest, finest)[:, ::stride, ::stride]
