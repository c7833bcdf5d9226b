"""Whether rounding errors grow in a run: then its last numbers depend on the machine, and are checked earlier.

Two computers round in another way, or add up in another order, and differ in the sixteenth digit. Mostly that stays so.
With a large learning rate training can be chaotic: the difference grows with every step until two runs of the same
settings end at different losses. To find out, a run is trained beside a twin whose first weights differ that little.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.export.notebooks.telling import Stretch, Told, measured
from nnplay.experiment.recording.recipe import Recipe
from nnplay.experiment.recording.trainer import PRODUCTS_A_SECOND
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.session import TrainingSession

#: By how much the twin's first weights differ, as a share: far more than rounding does.
_NUDGE = {"float64": 1e-13, "float32": 1e-6}
#: At how many moments the two are compared, at most.
_MOST_LOOKS = 24
#: CPU time after which nothing more is found out.
SECONDS = 4.0
#: What a step takes at least, and after how long others may have their turn.
_LEAST_STEP_SECONDS, _SLICE_SECONDS = 15e-6, 0.005


@dataclass(frozen=True)
class Check:
    """A moment at which every machine gets the same numbers.

    Attributes
    ----------
    n_steps, epoch : int
        The moment: at the end of an epoch.
    measures : tuple of float
        As :class:`~nnplay.experiment.export.notebooks.telling.Told` has them.
    """

    n_steps: int
    epoch: int
    measures: tuple[float, float, float, float]


def earlier_check(told: Told, tolerance: float, seconds: float = SECONDS) -> Check | None:
    """Return where the numbers are to be checked besides, as rounding errors grow too much until the end; else None.

    Parameters
    ----------
    told : Told
    tolerance : float
        By how much a loss may differ, as a share.
    seconds : float
        CPU time after which one goes by what is known until then.
    """
    if not told.n_steps or 2 * _expected_seconds(told) > seconds:
        return None
    looks = _looks(told)
    deadline = time.thread_time() + seconds
    steps = [*looks, told.n_steps]
    pairs = zip(
        _moments(told.recipe, steps, 0.0, deadline),
        _moments(told.recipe, steps, _NUDGE[told.config.dtype], deadline),
        strict=False,
    )
    last: Check | None = None
    for at, (one, twin) in zip(steps, pairs, strict=False):
        take_break()
        config = told.config_at(at)
        mine, other = measured(one, config), measured(twin, config)
        if not abs(mine[0] - other[0]) <= tolerance * abs(mine[0]):
            return last or Check(0, 0, measured(told.config.build(evaluate_every=0), told.config))
        if at in looks:
            last = Check(at, looks[at], mine)
    return None


def _expected_seconds(told: Told) -> float:
    """Return how long the training takes, about."""
    return told.n_steps * _step_seconds(told.config)


def _step_seconds(config: ExperimentConfig) -> float:
    batch = min(config.batch_size or config.n_train, config.n_train)
    return _LEAST_STEP_SECONDS + 3 * config.n_parameters * batch / PRODUCTS_A_SECOND


def _looks(told: Told) -> dict[int, int]:
    """Return some steps at which an epoch ends and nothing is changed, before the last one, with their epochs."""
    ends: dict[int, int] = {}
    step = 0
    for each in told.course:
        if not isinstance(each, Stretch):
            ends.pop(step, None)
            continue
        per_epoch = each.config.steps_per_epoch
        first = per_epoch - each.in_epoch
        ends |= {step + at: each.epoch + 1 + k for k, at in enumerate(range(first, each.n_steps + 1, per_epoch))}
        step += each.n_steps
    ends.pop(told.n_steps, None)
    steps = list(ends)
    every = max(1, -(-len(steps) // _MOST_LOOKS))
    return {at: ends[at] for at in steps[every - 1 :: every]}


def _moments(recipe: Recipe, steps: list[int], nudge: float, deadline: float) -> Iterator[TrainingSession]:
    """Yield the session of a recipe at each of some steps, in order, until time is up.

    The first weights are moved by a share.
    """

    def begin(config: ExperimentConfig) -> TrainingSession:
        return config.build(evaluate_every=0)

    session = begin(recipe.config)
    parameters = session.network.parameters
    parameters *= 1 + nudge * np.random.default_rng(0).uniform(-1, 1, parameters.size).astype(parameters.dtype)
    events = list(recipe.events)
    at_once = max(1, int(_SLICE_SECONDS / _step_seconds(recipe.config)))
    for step in steps:
        while events and (events[0].n_steps < step or step == steps[-1]):
            event = events.pop(0)
            if not _advance(session, event.n_steps, at_once, deadline):
                return
            session = event.apply(session, begin)
        if not _advance(session, step, at_once, deadline):
            return
        yield session


def _advance(session: TrainingSession, n_steps: int, at_once: int, deadline: float) -> bool:
    """Train to a step, with breaks for others; return whether there was time."""
    while session.n_steps < n_steps and not session.divergence:
        session.advance(min(at_once, n_steps - session.n_steps))
        take_break()
        if time.thread_time() > deadline:
            return False
    return True
