"""Training in slices, so that others get their turn and a reader sees the progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Generator

import numpy as np

from nnplay.datasets import Dataset
from nnplay.experiment.training.session import TrainingSession

#: A slice of training takes about so long.
SLICE_SECONDS = 0.02
#: Of a session: train loss, test loss, train score, test score.
Measures = tuple[float, float, float, float]


class Stopwatch:
    """How long something took, without what happened between: the pauses, the measuring."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._start = 0.0

    def __enter__(self) -> Stopwatch:
        self._start = time.perf_counter()
        return self

    def __exit__(self, *error: object) -> None:
        self.seconds += time.perf_counter() - self._start


def trained(
    session: TrainingSession,
    epochs: int,
    watch: Collection[int] = (),
    seen: Callable[[int, Measures], None] | None = None,
    stopwatch: Stopwatch | None = None,
) -> Generator[float, None, None]:
    """Train `session` for so many epochs; yield the share that is done after every slice.

    The numbers are those of ``session.run(epochs)``, whatever the slices.

    Parameters
    ----------
    session : TrainingSession
    epochs : int
    watch : collection of int
        Epochs at which `seen` is told the losses and scores; 0 is before training.
    seen : callable, optional
        Called as ``seen(epoch, (train loss, test loss, train score, test score))``.
    stopwatch : Stopwatch, optional
        Runs while there is training.
    """
    stopwatch = stopwatch or Stopwatch()
    if seen and 0 in watch:
        seen(0, session.measure())
    total = epochs * session.steps_per_epoch
    in_slice = 1
    while session.epoch < epochs and not session.divergence:
        to_epoch_end = session.steps_per_epoch - session.step_in_epoch
        before = stopwatch.seconds
        n_steps = min(in_slice, to_epoch_end) if seen else min(in_slice, total - session.n_steps)
        with stopwatch:
            session.advance(n_steps)
        taken = stopwatch.seconds - before
        in_slice = max(1, int(n_steps * min(2.0, SLICE_SECONDS / max(taken, 1e-6))) + 1)
        if seen and session.step_in_epoch == 0 and session.epoch in watch:
            seen(session.epoch, session.measure())
        yield session.n_steps / total


class Course:
    """Keeps what :func:`trained` tells of the epochs it is watched at."""

    def __init__(self) -> None:
        self.epochs: list[int] = []
        self.measures: list[Measures] = []

    def __call__(self, epoch: int, measures: Measures) -> None:
        self.epochs.append(epoch)
        self.measures.append(measures)

    def curve(self, which: int) -> tuple[list[int], list[float]]:
        """Return the epochs, and of each the train loss (0), test loss (1), train score (2) or test score (3)."""
        return self.epochs, [float(measures[which]) for measures in self.measures]

    def at(self, epoch: int) -> Measures:
        """Return the measures at an epoch that was watched."""
        return self.measures[self.epochs.index(epoch)]


def standardised(train: Dataset, test: Dataset) -> tuple[Dataset, Dataset]:
    """Return both sets minus the training set's mean, over its standard deviation, feature by feature."""
    mean, deviation = train.X.mean(axis=0), train.X.std(axis=0)
    first, second = (
        part.with_features((part.X - mean) / np.where(deviation > 0, deviation, 1), part.feature_names)
        for part in (train, test)
    )
    return first, second
