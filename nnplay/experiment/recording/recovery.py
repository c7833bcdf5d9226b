"""The frame and the learning rate with which a run that went wrong can continue: found by trying."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from nnplay.experiment.frames.kept_frames import KeptFrame, KeptFrames
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.divergence import HOPELESS_LOSS, HOPELESS_PARAMETER

if TYPE_CHECKING:
    from nnplay.experiment.config.config import ExperimentConfig
    from nnplay.experiment.training.session import TrainingSession

#: CPU time for all trials, and for one of them.
ALL_SECONDS = 0.12
TRIAL_SECONDS = 0.02
#: So many steps tell whether a rate works: a velocity that was too large has died down, or blown the run up.
MOST_STEPS = 1500
#: Steps between two looks at the loss, and how many there are of a network whose steps are slow.
STRIDE = 100
LEAST_STEPS = 5
#: A tenth of the rate, a hundredth, …: where none of them works, the rate isn't the reason.
TENTHS = 6
#: Times the first loss: on the way down it may rise before, but no farther.
FAR_WORSE = 100.0


def find_recovery(session: TrainingSession, settings: ExperimentConfig, kept: KeptFrames) -> tuple[int, float] | None:
    """Return from which kept frame, and how fast, a diverged run can go on; None if no rate that was tried works.

    The newest frame comes first, unless its loss is worse than an untrained network's: then it, or its velocity,
    is spoilt already. After it the frame of the lowest loss, then the oldest one, where smaller and smaller rates
    are tried.

    Parameters
    ----------
    session : TrainingSession
        The run's. It is used for the trials: its state has to be restored afterwards.
    settings : ExperimentConfig
        With which the run diverged.
    kept : KeptFrames
    """
    deadline = time.thread_time() + ALL_SECONDS
    for number, rate in _candidates(settings.learning_rate, kept):
        if time.thread_time() > deadline:  # a careful guess
            return number, rate
        if _works(session, dataclasses.replace(settings, learning_rate=rate), kept[number].woken()):
            return number, rate
    return None


def _candidates(rate: float, kept: KeptFrames) -> Iterator[tuple[int, float]]:
    tenth = _rounded(rate / 10)
    losses = {number: kept[number].measures[0] for number in kept.numbers}
    first, last = kept.first, kept.last
    best = min(losses, key=lambda number: losses[number])
    places = [last] if losses[last] <= losses[first] else []
    for number in dict.fromkeys([*places, best, first]):
        yield number, tenth
    for k in range(2, TENTHS + 1):
        yield first, _rounded(rate / 10**k)


def _rounded(rate: float) -> float:
    """Return a rate as it is written in the advice."""
    return float(f"{rate:.2g}")


@np.errstate(all="ignore")
def _works(session: TrainingSession, settings: ExperimentConfig, frame: KeptFrame) -> bool:
    """Return whether training from `frame` doesn't diverge, and keeps to a lower loss after a while."""
    session.restore(frame.snapshot)
    settings.apply_live(session)
    at_first = frame.measures[0]
    losses: list[float] = []
    deadline = time.thread_time() + TRIAL_SECONDS
    while len(losses) < MOST_STEPS // STRIDE and time.thread_time() < deadline:
        _train(session, deadline)
        losses.append(session.measure()[0])
        if is_hopeless(session, losses[-1]) or not losses[-1] <= FAR_WORSE * at_first:
            return False
    return max(losses[len(losses) // 2 :]) <= at_first


def _train(session: TrainingSession, deadline: float) -> None:
    """Train until the next look at the loss, of a large network not for longer than must be; others may go between."""
    done, n = 0, 1
    while done < STRIDE and not session.divergence:
        began = time.thread_time()
        session.advance(n)
        done += n
        now = time.thread_time()
        take_break()
        if now >= deadline and done >= LEAST_STEPS:
            return
        # As many as there is time for; how long one takes, the last ones told.
        n_in_time = int((deadline - now) / max((now - began) / n, 1e-9))
        n = min(STRIDE - done, max(1, n_in_time))


def is_hopeless(session: TrainingSession, train_loss: float) -> bool:
    """Return whether there is nothing left to go on from: no frame of such a session is kept, shown or saved."""
    parameters = session.network.parameters
    return (
        session.divergence is not None
        or not train_loss < HOPELESS_LOSS
        or not max(parameters.max(), -parameters.min()) <= HOPELESS_PARAMETER
        or not has_finite_memory(session)
    )


def has_finite_memory(session: TrainingSession) -> bool:
    """Return whether what the optimizer remembers is finite."""
    return all(np.isfinite(vector).all() for vector in session.optimizer.state.values())
