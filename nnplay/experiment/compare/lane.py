"""A lane of a race: one run, and how much processor time its training took."""

from __future__ import annotations

import time

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.advice import what_happened
from nnplay.experiment.recording.fall import last_steps
from nnplay.experiment.recording.recovery import is_hopeless
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.session import TrainingSession
from nnplay.experiment.training.snapshot import Snapshot

#: CPU time after which training lets others have the processor.
SLICE_SECONDS = 0.005
#: What a step is taken to last until one was taken.
FIRST_GUESS = 3e-5

#: Training loss, test loss, training score, test score.
Measures = tuple[float, float, float, float]


class Lane:
    """One run of a race.

    Attributes
    ----------
    config : ExperimentConfig
    session : TrainingSession
    seconds : float
        CPU time that its training took; what is measured in between doesn't count.
    stopped : str
        Why it goes no further, in a sentence; empty while it does.
    measures : Measures
        As they were measured last.
    fall : list
        Of a lane that diverged, the states in which it did so, step by step, each with its epoch and measures.
    """

    def __init__(self, config: ExperimentConfig, session: TrainingSession) -> None:
        self.config, self.session = config, session
        self.seconds = 0.0
        self.stopped = ""
        self._seconds_per_step = FIRST_GUESS
        self.measures = session.latest_measures()
        self._first_loss = self.measures[0]
        self._good = session.snapshot()
        self.fall: list[tuple[Snapshot, float, Measures]] = []
        self.measure()

    @property
    def epoch(self) -> float:
        """Epochs that it was trained for, the present one as a fraction."""
        return self.session.epoch + self.session.step_in_epoch / self.session.steps_per_epoch

    @property
    def seconds_an_epoch(self) -> float:
        """About what an epoch takes, by experience."""
        return self._seconds_per_step * self.session.steps_per_epoch

    def to_epoch(self, epoch: int) -> None:
        """Train until so many epochs are complete."""
        session = self.session
        while session.epoch < epoch and not (self.stopped or session.divergence):
            self._advance(min(self._fitting(SLICE_SECONDS), self._to_epoch_end))

    def to_seconds(self, seconds: float) -> None:
        """Train until training has taken so much CPU time: the step that passes it is the last."""
        while self.seconds < seconds and not (self.stopped or self.session.divergence):
            left = min(SLICE_SECONDS, seconds - self.seconds)
            self._advance(min(self._fitting(left), self._to_epoch_end))

    def measure(self) -> None:
        """Measure where it stands; if nothing is left to go on from, go back to where that was done last and stop."""
        if self.stopped:
            return
        measures = self.session.latest_measures()
        if is_hopeless(self.session, measures[0]):
            self._fall()
            epoch, what = what_happened(self.session, self._first_loss)
            self.stopped = f"Diverged in epoch {epoch:,}: {what}."
            self.session.restore(self._good)
        else:
            self.measures, self._good = measures, self.session.snapshot()

    def _fall(self) -> None:
        """Take the steps since it was measured last once more, one by one, as far as it can be drawn."""
        session = self.session
        n_steps = session.n_steps - self._good.n_steps
        every, session.evaluate_every = session.evaluate_every, 0
        session.restore(self._good)
        states = last_steps(session, n_steps)
        session.evaluate_every = every
        per_epoch = session.steps_per_epoch
        begun = self._good.n_steps
        first = session.epoch + session.step_in_epoch / per_epoch - (session.n_steps - begun) / per_epoch
        self.fall = [(state, first + (state.n_steps - begun) / per_epoch, measures) for state, measures in states]

    def restore(self, state: Snapshot, measures: Measures, seconds: float, stopped: str = "") -> None:
        """Go back to a moment."""
        self.session.restore(state)
        self.measures, self.seconds, self.stopped, self._good = measures, seconds, stopped, state

    @property
    def _to_epoch_end(self) -> int:
        return self.session.steps_per_epoch - self.session.step_in_epoch

    def _fitting(self, seconds: float) -> int:
        """Return how many steps take about so long."""
        return max(1, int(seconds / self._seconds_per_step))

    def _advance(self, n_steps: int) -> None:
        """Take steps, all of them in the present epoch, and count what they take."""
        session = self.session
        every, session.evaluate_every = session.evaluate_every, 0
        before = time.thread_time()
        try:
            session.advance(n_steps)
        finally:
            took = time.thread_time() - before
            session.evaluate_every = every
        self.seconds += took
        self._seconds_per_step = max(1e-6, 0.5 * (self._seconds_per_step + took / n_steps))
        if every and session.step_in_epoch == 0 and session.epoch % every == 0 and not session.divergence:
            session.record()
        take_break()
