"""A task of a sweep: trainings of one architecture, done as one stack, here or in another process.

What a task gives depends on nothing but its trainings, so it may be done anywhere, and done again.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from nnplay.experiment.compare.stack_session import MEASURES, StackSession, stack_key
from nnplay.experiment.compare.sweeps.grid import Grid, Training
from nnplay.experiment.config.config import ExperimentConfig

#: Most networks of a stack: more wouldn't make it faster.
MOST_NETWORKS = 64
#: Multiplications of a layer's step beyond which a larger stack gains nothing, and only makes steps long.
MOST_PRODUCTS = 2_000_000
#: About so many points of each training's curve are kept.
CURVE_POINTS = 24
#: A worker asks every so many seconds whether it is to stop.
ASK_SECONDS = 0.25
#: In this process, training goes on for so many seconds between two looks at the clock.
_PORTION = 0.005


@dataclass(frozen=True)
class Outcome:
    """What came of a training; losses and scores are NaN where it diverged, or where there is no test set.

    Attributes
    ----------
    epochs : int
        Completed ones: fewer than were asked where it diverged, or met a stop condition.
    curve : tuple
        ``(epochs, training losses, test losses)``, each a list; for drawing.
    """

    train_loss: float
    test_loss: float
    train_score: float
    test_score: float
    epochs: int
    diverged: bool
    curve: tuple[list[int], list[float], list[float]]

    def to_list(self) -> list[Any]:
        """Return values that JSON can hold, with None for NaN."""
        numbers = [_or_none(value) for value in (self.train_loss, self.test_loss, self.train_score, self.test_score)]
        epochs, *losses = self.curve
        return [*numbers, self.epochs, self.diverged, [epochs, *([_or_none(x) for x in each] for each in losses)]]

    @classmethod
    def from_list(cls, saved: Sequence[Any]) -> Outcome:
        """Return the outcome that :meth:`to_list` gave."""
        train_loss, test_loss, train_score, test_score = map(_or_nan, saved[:4])
        epochs, diverged, (at, train, test) = saved[4:]
        curve = list(at), [_or_nan(x) for x in train], [_or_nan(x) for x in test]
        return cls(train_loss, test_loss, train_score, test_score, epochs, diverged, curve)


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else float(value)


def tasks_of(grid: Grid) -> list[list[Training]]:
    """Return all trainings of a grid in tasks, in the order in which they are to be done: from coarse to fine.

    A task begins with the first training that isn't in one, and takes all that can be in its stack.
    """
    n_seeds = len(grid.seeds)
    keys = [stack_key(config) for config in grid.cells]
    order = [grid.training(cell * n_seeds + k) for cell in grid.coarse_to_fine() for k in range(n_seeds)]
    open_tasks: dict[Any, list[Training]] = {}
    tasks: list[list[Training]] = []
    for training in order:
        key = keys[training.cell]
        if key not in open_tasks or len(open_tasks[key]) >= stack_size(grid.cells[training.cell]):
            open_tasks[key] = []
            tasks.append(open_tasks[key])
        open_tasks[key].append(training)
    return tasks


def stack_size(config: ExperimentConfig) -> int:
    """Return how many networks of a configuration are to be in a stack at most."""
    batch = min(config.batch_size or config.n_train, config.n_train)
    return max(1, min(MOST_NETWORKS, MOST_PRODUCTS // max(1, batch * config.n_parameters)))


def cost_of(config: ExperimentConfig) -> float:
    """Return about how long an epoch takes, in some unit: a fixed part for each step, and products of matrices."""
    return config.steps_per_epoch * 4000.0 + 3.0 * config.n_train * config.n_parameters


class StackTraining:
    """A task that is under way.

    Parameters
    ----------
    configs : sequence of ExperimentConfig
        Of its trainings.
    epochs : int
    """

    def __init__(self, configs: Sequence[ExperimentConfig], epochs: int) -> None:
        needs_each = any(config.target_loss or config.patience for config in configs)
        every = 1 if needs_each else max(1, epochs // CURVE_POINTS)
        self._session = StackSession(configs, evaluate_every=every)
        self._epochs = epochs
        self._steps = 1
        self.left = epochs * self._session.steps_per_epoch

    @property
    def share_done(self) -> float:
        """How much of it is done, from 0 to 1."""
        return 1.0 - self.left / (self._epochs * self._session.steps_per_epoch)

    def advance(self, seconds: float) -> None:
        """Train for about so many seconds; :attr:`left` says how many steps are left, 0 when it is done."""
        end = time.perf_counter() + seconds
        while self.left:
            began = time.perf_counter()
            if began >= end:
                return
            n = min(self._steps, self.left)
            self._session.advance(n)
            self.left = self.left - n if self._session.training.any() else 0
            took = time.perf_counter() - began
            if took < _PORTION / 2:
                self._steps *= 2
            elif took > _PORTION * 2:
                self._steps = max(1, self._steps // 2)

    def outcomes(self) -> list[Outcome]:
        """Return what came of each training."""
        session = self._session
        measures = session.measures()
        history = session.history
        epochs = history["epoch"]
        rows = np.unique(np.linspace(0, len(epochs) - 1, min(len(epochs), CURVE_POINTS + 1)).round().astype(int))
        curves = [history[name][rows] for name in ("train_loss", "test_loss")]
        outcomes = []
        for k in range(len(session)):
            diverged = session.divergences[k] is not None
            numbers = {name: math.nan if diverged else float(measures[name][k]) for name in MEASURES}
            known = ~np.isnan(curves[0][:, k])
            train, test = ([float(f"{x:.5g}") for x in curve[known, k].tolist()] for curve in curves)
            curve = epochs[rows][known].tolist(), train, test
            outcomes.append(Outcome(**numbers, epochs=int(session.epochs[k]), diverged=diverged, curve=curve))
        return outcomes


def train_task(
    configs: Sequence[dict[str, Any]], epochs: int, is_stopped: Callable[[], bool] = lambda: False
) -> list[list[Any]]:
    """Do a task from beginning to end: what a worker in another process is given, and gives back, as plain values.

    It gives nothing if `is_stopped` says so, which is asked every now and then.
    """
    with threadpool_limits(1):  # workers share the cores; small matrices gain nothing from more threads
        training = StackTraining([ExperimentConfig.from_dict(config) for config in configs], epochs)
        while training.left:
            training.advance(ASK_SECONDS)
            if training.left and is_stopped():
                return []
        return [outcome.to_list() for outcome in training.outcomes()]
