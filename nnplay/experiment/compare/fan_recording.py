"""A fan of seeds told in frames: a frame is a moment of all seeds, and the fan can go back to any that is kept."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nnplay.engine import schedules
from nnplay.experiment.compare.moments import Moment, MomentsRecording
from nnplay.experiment.compare.seed_fan import MAX_SEEDS, checked_seeds, with_seed
from nnplay.experiment.compare.stack_session import MEASURES, StackSession, StackSnapshot
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.frame import Frame
from nnplay.experiment.recording.recipe import without_stops
from nnplay.experiment.recording.setup import Setup
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.divergence import HOPELESS_LOSS, HOPELESS_PARAMETER
from nnplay.experiment.training.history import History

#: CPU time after which a frame that asks for more is shown as it is; an epoch is always trained.
FRAME_SECONDS = 0.04
#: CPU time after which training lets others have the processor, and what a step is taken to last until one was taken.
SLICE_SECONDS, FIRST_GUESS = 0.005, 1e-4
HISTORY_ROWS = 2000
#: What the state of a seed's random generator takes, about.
_GENERATOR_BYTES = 700
_OVERHEAD = 4_000


@dataclass(frozen=True, slots=True)
class FanState:
    """Where the seeds stood at a frame: `measures` (4, n_seeds) in the order of MEASURES, `training` (n_seeds,)."""

    snapshot: StackSnapshot
    step_in_epoch: int
    measures: np.ndarray
    training: np.ndarray

    @property
    def nbytes(self) -> int:
        """What it takes, in bytes."""
        state = self.snapshot
        arrays = [state.parameters, *state.vectors.values(), self.measures]
        if state.batches["orders"] is not None:
            arrays.append(state.batches["orders"])
        n_generators = len(state.batches["rngs"]) + len(state.dropout)
        return sum(array.nbytes for array in arrays) + _GENERATOR_BYTES * n_generators + _OVERHEAD


class FanRecording(MomentsRecording[FanState]):
    """The fan of a configuration, from frame 0, the untrained networks. Stop conditions are left out.

    Attributes
    ----------
    configs : tuple of ExperimentConfig
        The single run of each seed.
    seeds : tuple of int
    setup : Setup
        What the first seed's run trains and draws with.
    history : History
        Columns ``frame``, ``epoch``, the medians of the measures across the seeds, and each seed's losses, as in
        ``train_loss_0`` for the first.

    Parameters
    ----------
    config : ExperimentConfig
    seeds : int or iterable of int
    fresh_data : bool
        Whether each seed draws data and split of its own.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as :class:`~nnplay.experiment.compare.seed_fan.SeedFan` takes it.
    """

    def __init__(self, config: ExperimentConfig, seeds: int | Iterable[int] = 32, fresh_data: bool = False) -> None:
        super().__init__()
        self.seeds = checked_seeds(seeds, MAX_SEEDS)
        self.configs = tuple(with_seed(without_stops(config), seed, fresh_data) for seed in self.seeds)
        self.fresh_data = fresh_data
        self.setup = Setup(self.configs[0])
        take_break()
        self.session = StackSession(self.configs, evaluate_every=0)
        self._schedule = schedules.get(config.schedule)
        self._seconds_per_step = FIRST_GUESS
        losses = [f"{name}_{k}" for k in range(len(self.seeds)) for name in MEASURES[:2]]
        self.history = History(("frame", "epoch", *MEASURES, *losses), HISTORY_ROWS)
        self._note(("epoch", 0))

    # -- forward ---------------------------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        """Whether all seeds have diverged."""
        return not self.session.training.any()

    @property
    def n_steps(self) -> int:
        """Mini-batches up to the newest frame."""
        return self.session.n_steps

    def train_to(self, n_steps: int, cpu_seconds: float, n_frames: int) -> bool:
        """Train up to so many mini-batches, with about so many frames up to there; return whether that is reached."""
        deadline = time.thread_time() + cpu_seconds
        each = max(1, round(n_steps / n_frames))
        while (left := n_steps - self.n_steps) > 0 and not self.is_over:
            self._advance(min(left, each - self.n_steps % each))
            self.last_frame += 1
            self._note(("step", each))
            take_break()
            if time.thread_time() > deadline and self.n_steps < n_steps:
                return False
        return True

    def _train(self, unit: str, amount: int) -> None:
        session = self.session
        if unit == "step":
            n_steps = min(amount, self._fitting(FRAME_SECONDS))
        else:
            epochs = max(1, min(amount, self._fitting(FRAME_SECONDS) // session.steps_per_epoch))
            n_steps = epochs * session.steps_per_epoch - session.step_in_epoch
        self._advance(n_steps)
        self.last_frame += 1
        self._note((unit, amount))

    def _fitting(self, seconds: float) -> int:
        """Return how many steps take about so long."""
        return max(1, int(seconds / self._seconds_per_step))

    def _advance(self, n_steps: int) -> None:
        """Take so many steps, in slices."""
        session = self.session
        while n_steps > 0 and session.training.any():
            n = min(n_steps, self._fitting(SLICE_SECONDS))
            before = time.thread_time()
            session.advance(n)
            took = time.thread_time() - before
            self._seconds_per_step = max(1e-6, 0.5 * (self._seconds_per_step + took / n))
            n_steps -= n

    # -- back ------------------------------------------------------------------------------------------------------

    def _go_back(self, number: int, state: FanState) -> None:
        self.history.truncate_after(number)
        self.session.restore(state.snapshot)

    # -- frames ----------------------------------------------------------------------------------------------------

    def frame(self, number: int) -> Frame:
        """Return kept frame `number`: a row of numbers for each seed, and all parameters."""
        state = self.kept[number].state
        snapshot = state.snapshot
        seeds = np.vstack([state.measures, state.training]).T
        with np.errstate(over="ignore"):  # of a seed on its way to nowhere
            parameters = snapshot.parameters.astype("<f4")
        rate = self.configs[0].learning_rate * self._schedule.factor(snapshot.epoch)
        return Frame(
            number=number,
            epoch=snapshot.epoch,
            step_in_epoch=state.step_in_epoch,
            n_steps=snapshot.n_steps,
            measures=(*medians(state.measures), rate),
            view_id=0,
            parts={"seeds": seeds.astype("<f8"), "parameters": parameters},
        )

    def _note(self, made_by: tuple[str, int]) -> None:
        """Keep the newest frame, and what is measured there."""
        session = self.session
        measured = session.measures()
        measures = np.array([measured[name] for name in MEASURES])
        lost = _hopeless(measures[0], session.parameters)
        measures[:, lost] = np.nan
        epoch = session.epoch + session.step_in_epoch / session.steps_per_epoch
        state = FanState(session.snapshot(), session.step_in_epoch, measures, session.training & ~lost)
        self._keep(Moment(epoch, made_by, state, state.nbytes))
        self.history.append(self.last_frame, epoch, *medians(measures), *measures[:2].T.ravel())


def _hopeless(losses: np.ndarray, parameters: np.ndarray) -> np.ndarray:
    """Return of which seeds nothing is left to go on from, (n_seeds,): a single run would have stopped."""
    with np.errstate(invalid="ignore"):
        fine = (losses < HOPELESS_LOSS) & (np.abs(parameters).max(axis=1) < HOPELESS_PARAMETER)
    return np.asarray(~fine)


def medians(measures: np.ndarray) -> tuple[float, float, float, float]:
    """Return the median across the seeds of each of the MEASURES, a diverged seed being the worst of all.

    NaN where there is none: without a test set, or where half of the seeds have diverged.
    """
    worst = np.array([[np.inf], [np.inf], [-np.inf], [-np.inf]])
    values = np.median(np.where(np.isfinite(measures), measures, worst), axis=1)
    train_loss, test_loss, train_score, test_score = np.where(np.isfinite(values), values, np.nan).tolist()
    return train_loss, test_loss, train_score, test_score
