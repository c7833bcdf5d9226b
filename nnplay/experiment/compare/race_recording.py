"""A race told in frames: a frame is a moment of all lanes at once, and the race can go back to any that is kept.

Beside each frame a snapshot of every lane is kept. Lanes are at the same moment of the clock in every frame: at the end
of the same epoch, or after the same training time.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnplay.experiment.compare.fairness import Fairness, fairness_of
from nnplay.experiment.compare.lane import Lane, Measures
from nnplay.experiment.compare.moments import Moment, MomentsRecording
from nnplay.experiment.compare.race import NAMES, checked_lanes
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.frame import Arrays, Frame
from nnplay.experiment.frames.kept_frames import OVERHEAD
from nnplay.experiment.recording.setup import Setup
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.history import History
from nnplay.experiment.training.snapshot import Snapshot

Clock = Literal["epochs", "time"]
CLOCKS: tuple[Clock, ...] = ("epochs", "time")
#: CPU time after which a frame that asks for more is shown as it is; by the clock of epochs one is always trained.
FRAME_SECONDS = 0.04
HISTORY_ROWS = 2000
#: Frames in which a lane is seen to diverge: about a second.
FALL_FRAMES = 60
#: What is measured of a lane, and told of it in a frame, in this order.
MEASURED = ("train_loss", "test_loss", "train_score", "test_score")


@dataclass(frozen=True, slots=True)
class LaneState:
    """Where a lane stood at a frame."""

    snapshot: Snapshot
    step_in_epoch: int
    measures: Measures
    seconds: float
    learning_rate: float
    stopped: str

    @property
    def nbytes(self) -> int:
        """What it takes, in bytes."""
        vectors = self.snapshot.optimizer.get("vectors", {})
        return self.snapshot.parameters.nbytes + sum(vector.nbytes for vector in vectors.values()) + OVERHEAD


class RaceRecording(MomentsRecording[tuple[LaneState, ...]]):
    """The race of `configs`, from frame 0, the untrained networks.

    Attributes
    ----------
    configs : tuple of ExperimentConfig
    clock : {"epochs", "time"}
    setups : tuple of Setup
        What each lane trains and draws with.
    lanes : tuple of Lane
    fairness : tuple of Fairness
    history : History
        Columns ``frame``, ``clock``, and for each lane its name and what is measured, as in ``A_epoch`` and
        ``A_train_loss``.

    Parameters
    ----------
    configs : sequence of ExperimentConfig
    clock : {"epochs", "time"}
    """

    def __init__(self, configs: Iterable[ExperimentConfig], clock: Clock = "epochs") -> None:
        super().__init__()
        self.configs = checked_lanes(configs)
        self.clock = clock
        setups = []
        for config in self.configs:
            setups.append(Setup(config))
            take_break()
        self.setups = tuple(setups)
        self.lanes = tuple(Lane(config, setup.session) for config, setup in zip(self.configs, self.setups, strict=True))
        self.names = NAMES[: len(self.lanes)]
        self.fairness: tuple[Fairness, ...] = fairness_of(self.lanes, self.names)
        columns = [f"{name}_{column}" for name in self.names for column in ("epoch", *MEASURED)]
        self.history = History(("frame", "clock", *columns), HISTORY_ROWS)
        self._note(0.0, 0)

    # -- forward ---------------------------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        """Whether no lane goes any further."""
        return all(lane.stopped for lane in self.lanes)

    def train_to(self, clock: float, cpu_seconds: float, n_frames: int) -> bool:
        """Train towards a moment of the clock, with about so many frames up to there; return whether it is reached."""
        deadline = time.thread_time() + cpu_seconds
        step = max(1, round(clock * self._per_unit / n_frames))
        # What is left is counted in whole amounts: seconds that were added up are never quite the sum.
        while (left := round((clock - self.now) * self._per_unit)) > 0 and not self.is_over:
            self._train("epoch", min(step, left))
            take_break()
            if left > step and time.thread_time() > deadline:
                return False
        return True

    @property
    def _per_unit(self) -> int:
        """Amounts in a unit of the clock: milliseconds in a second."""
        return 1 if self.clock == "epochs" else 1000

    def _train(self, unit: str, amount: int) -> None:
        """Train all lanes up to the next frame, and keep it; the clock says what `amount` counts."""
        going = [lane for lane in self.lanes if not lane.stopped]
        if self.clock == "epochs":
            each = sum(lane.seconds_an_epoch for lane in going)
            clock = self.now + max(1, min(amount, int(FRAME_SECONDS / each)))
            for lane in going:
                lane.to_epoch(round(clock))
        else:
            clock = self.now + min(amount / 1000, FRAME_SECONDS / len(going))
            for lane in going:
                lane.to_seconds(clock)
        for lane in going:
            lane.measure()
        self.last_frame += 1
        self._note(clock, amount)

    # -- back ------------------------------------------------------------------------------------------------------

    def _go_back(self, number: int, state: tuple[LaneState, ...]) -> None:
        self.history.truncate_after(number)
        for lane, was in zip(self.lanes, state, strict=True):
            lane.restore(was.snapshot, was.measures, was.seconds, was.stopped)

    # -- frames ----------------------------------------------------------------------------------------------------

    def frame(self, number: int) -> Frame:
        """Return kept frame `number`: a row of numbers for each lane, and its parameters."""
        moment = self.kept[number]
        parts: Arrays = {"lanes": np.array([_row(state) for state in moment.state], "<f8")}
        for place, (name, setup) in enumerate(zip(self.names, self.setups, strict=True)):
            if setup.plane.n_axes:
                parts[f"{name}_parameters"] = self._drawn(place, number).parameters.astype("<f4")
        # The clock stands where a run has its epochs, and what it would take to train that far again, for recovery.
        return Frame(
            number=number,
            epoch=moment.clock,  # type: ignore[arg-type]
            step_in_epoch=0,
            n_steps=round(moment.clock * self._per_unit),
            measures=(np.nan,) * 5,
            view_id=0,
            parts=parts,
        )

    def _drawn(self, place: int, number: int) -> Snapshot:
        """Return what is drawn of a lane: of one that diverged first how it did so, then where it stands."""
        state, fall, stop = self.kept[number].state[place], self.lanes[place].fall, self.stop_of(place)
        since = number - stop[0] if stop else -1
        if not fall or self.is_over or not 0 <= since < FALL_FRAMES:
            return state.snapshot
        return fall[since * len(fall) // FALL_FRAMES][0]

    def stop_of(self, place: int) -> tuple[int, str] | None:
        """Return from which kept frame on a lane goes no further, and why; None while it does."""
        if not self.lanes[place].stopped:
            return None
        first = next(number for number in self.kept.numbers if self.kept[number].state[place].stopped)
        return first, self.lanes[place].stopped

    def _note(self, clock: float, amount: int) -> None:
        """Keep the newest frame, and what was measured there."""
        states = tuple(_state(lane) for lane in self.lanes)
        self._keep(Moment(clock, ("epoch", amount), states, sum(state.nbytes for state in states)))
        measured = [value for lane in self.lanes for value in (lane.epoch, *lane.measures)]
        self.history.append(self.last_frame, clock, *measured)


def _state(lane: Lane) -> LaneState:
    session = lane.session
    return LaneState(
        session.snapshot(), session.step_in_epoch, lane.measures, lane.seconds, session.learning_rate, lane.stopped
    )


def _row(state: LaneState) -> tuple[float, ...]:
    """Return what a frame tells of a lane: epochs, steps of the present one, steps, measures, rate, time, running."""
    snapshot = state.snapshot
    counters = (snapshot.epoch, state.step_in_epoch, snapshot.n_steps)
    return (*counters, *state.measures, state.learning_rate, state.seconds, float(not state.stopped))
