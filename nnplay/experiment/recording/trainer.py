"""Trains a session up to the next frame: no longer than there is time, and no further than a stop condition."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.session import TrainingSession
from nnplay.experiment.training.stop_conditions import Watch, condition_met, epochs_allowed, needs_losses, note_epoch

#: CPU time after which training looks at the clock.
SLICE_SECONDS = 0.005
#: Multiplications and additions of large matrices that a common core does in a second.
PRODUCTS_A_SECOND = 25e9

Unit = Literal["step", "epoch"]


@dataclass(frozen=True)
class Reached:
    """Where training came to.

    Attributes
    ----------
    measures : tuple of float or None
        Losses and scores, if they had to be measured there.
    watch : Watch
    met : str or None
        The stop condition that is met.
    """

    measures: tuple[float, float, float, float] | None
    watch: Watch
    met: str | None


class Trainer:
    """Trains sessions, and knows by experience how long a step takes."""

    def __init__(self) -> None:
        self._seconds_per_step = 0.0

    def train(
        self,
        session: TrainingSession,
        unit: Unit,
        amount: int,
        settings: ExperimentConfig,
        watch: Watch,
        deadline: float,
    ) -> Reached:
        """Train `session` on by `amount` mini-batches or epochs, or less.

        Parameters
        ----------
        session : TrainingSession
        unit : {"step", "epoch"}
        amount : int
        settings : ExperimentConfig
            Whose stop conditions are looked at after every epoch.
        watch : Watch
        deadline : float
            By the clock of this thread's CPU time; what is left then is left out.
        """
        if not self._seconds_per_step:
            self._seconds_per_step = _expected_seconds(session)
        per_epoch = session.steps_per_epoch
        left = amount if unit == "step" else amount * per_epoch - session.step_in_epoch
        allowed = epochs_allowed(settings, watch, session.epoch)
        if allowed is not None:
            # Who asks for fewer epochs than are complete, in the middle of one, has that one trained to its end.
            ends = max(allowed, 1) if session.step_in_epoch else allowed
            left = min(left, ends * per_epoch - session.step_in_epoch)
        each_epoch = needs_losses(settings)
        measures = met = None
        while left > 0 and met is None and not session.divergence:
            n_steps = min(left, self._fitting(session, each_epoch))
            self._advance(session, n_steps)
            left -= n_steps
            measures = None
            if session.step_in_epoch == 0 and not session.divergence:
                if each_epoch:
                    measures = session.measure()
                    watch = note_epoch(settings, watch, session.epoch, *measures[:2])
                met = condition_met(settings, watch, session.epoch, measures[0] if measures else float("nan"))
            if time.thread_time() > deadline:
                break
            take_break()
        return Reached(measures, watch, met)

    def _fitting(self, session: TrainingSession, each_epoch: bool) -> int:
        """Return how many steps may be taken before the next look at the clock, or at the losses."""
        fitting = max(1, int(SLICE_SECONDS / self._seconds_per_step))
        per_epoch = session.steps_per_epoch
        to_epoch_end = per_epoch - session.step_in_epoch
        if fitting <= to_epoch_end or each_epoch:
            return min(fitting, to_epoch_end)
        # In whole epochs, so that a frame cut short ends with one.
        return to_epoch_end + (fitting - to_epoch_end) // per_epoch * per_epoch

    def _advance(self, session: TrainingSession, n_steps: int) -> None:
        before = time.thread_time()
        session.advance(n_steps)
        per_step = (time.thread_time() - before) / n_steps
        self._seconds_per_step = max(1e-6, self._seconds_per_step + 0.5 * (per_step - self._seconds_per_step))


def _expected_seconds(session: TrainingSession) -> float:
    """Return about how long a step takes before any was taken: of a large network, the first must not be fifty."""
    return max(1e-4, 3 * session.network.parameters.size * session.batch_size / PRODUCTS_A_SECOND)
