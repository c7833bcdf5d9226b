"""A race told in frames: a frame is a moment of all lanes at once, and the race can go back to any that is kept.

Beside each frame a snapshot of every lane is kept. Lanes are at the same moment of the clock in every frame: at the end
of the same epoch, or after the same training time.
"""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnplay.experiment.compare.fairness import Fairness, fairness_of
from nnplay.experiment.compare.lane import Lane, Measures
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
#: What the kept frames may take, and how many of the newest are kept one by one: training may be taken up at each.
MOST_BYTES = 16_000_000
MOST_RECENT, LEAST_RECENT = 160, 4
RECENT_SHARE = 1 / 2
HISTORY_ROWS = 2000
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


@dataclass(frozen=True, slots=True)
class Moment:
    """A frame of a race: where all lanes stood.

    Attributes
    ----------
    clock : float
        Epochs, or seconds of training.
    amount : int
        What was asked for when it was trained.
    lanes : tuple of LaneState
    """

    clock: float
    amount: int
    lanes: tuple[LaneState, ...]

    @property
    def nbytes(self) -> int:
        """What it takes, in bytes."""
        return sum(lane.nbytes for lane in self.lanes)


class RaceRecording:
    """The race of `configs`, from frame 0, the untrained networks.

    Attributes
    ----------
    configs : tuple of ExperimentConfig
    clock : {"epochs", "time"}
    setups : tuple of Setup
        What each lane trains and draws with.
    lanes : tuple of Lane
    fairness : tuple of Fairness
    last_frame : int
        The newest frame.
    history : History
        Columns ``frame``, ``clock``, and for each lane its name and what is measured, as in ``A_epoch`` and
        ``A_train_loss``.
    n_recent : int
        How many of the newest frames are kept one by one.

    Parameters
    ----------
    configs : sequence of ExperimentConfig
    clock : {"epochs", "time"}
    """

    def __init__(self, configs: Iterable[ExperimentConfig], clock: Clock = "epochs") -> None:
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
        self.last_frame = 0
        self.n_recent = MOST_RECENT
        self._moments: dict[int, Moment] = {}
        self._numbers: list[int] = []
        self._nbytes = 0
        self._stride = 1
        self._keep(0.0, 0)

    # -- forward ---------------------------------------------------------------------------------------------------

    @property
    def now(self) -> float:
        """What the clock says at the newest frame: epochs, or seconds of training."""
        return self._moments[self.last_frame].clock

    @property
    def is_over(self) -> bool:
        """Whether no lane goes any further."""
        return all(lane.stopped for lane in self.lanes)

    def advance(self, after: int, amount: int, n_frames: int, cpu_seconds: float) -> list[Frame]:
        """Train all lanes on from frame `after` and return the frames that follow it; later ones are forgotten.

        Frames that were trained in just this way already, in answer to a request whose answer got lost, are told again.

        Parameters
        ----------
        after : int
            A kept frame.
        amount : int
            Epochs, or milliseconds of training of each lane, from frame to frame; fewer where that takes too long.
        n_frames : int
        cpu_seconds : float
            CPU time of this thread after which no further frame is begun.

        Raises
        ------
        LookupError
            If that frame is not kept.
        """
        if known := self._trained_already(after, amount, n_frames):
            return [self.frame(number) for number in known]
        if after != self.last_frame:
            self.rewind(after)
        deadline = time.thread_time() + cpu_seconds
        frames: list[Frame] = []
        while len(frames) < n_frames and not self.is_over and (not frames or time.thread_time() < deadline):
            self._train(amount)
            frames.append(self.frame(self.last_frame))
            take_break()
        return frames

    def train_to(self, clock: float, cpu_seconds: float, n_frames: int) -> bool:
        """Train towards a moment of the clock, with about so many frames up to there; return whether it is reached."""
        deadline = time.thread_time() + cpu_seconds
        step = max(1, round(clock * self._per_unit / n_frames))
        # What is left is counted in whole amounts: seconds that were added up are never quite the sum.
        while (left := round((clock - self.now) * self._per_unit)) > 0 and not self.is_over:
            self._train(min(step, left))
            take_break()
            if left > step and time.thread_time() > deadline:
                return False
        return True

    @property
    def _per_unit(self) -> int:
        """Amounts in a unit of the clock: milliseconds in a second."""
        return 1 if self.clock == "epochs" else 1000

    def _train(self, amount: int) -> None:
        """Train all lanes up to the next frame, and keep it."""
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
        self._keep(clock, amount)

    # -- back ------------------------------------------------------------------------------------------------------

    def rewind(self, number: int) -> None:
        """Return to kept frame `number`, and forget the frames after it.

        Raises
        ------
        LookupError
            If that frame is not kept.
        """
        if number not in self._moments:
            raise LookupError(f"frame {number} is not kept; the nearest one is {self.nearest_kept(number)}.")
        at = bisect_right(self._numbers, number)
        for gone in self._numbers[at:]:
            self._forget(gone)
        del self._numbers[at:]
        self.history.truncate_after(number)
        self.last_frame = number
        for lane, state in zip(self.lanes, self._moments[number].lanes, strict=True):
            lane.restore(state.snapshot, state.measures, state.seconds, state.stopped)

    def nearest_kept(self, number: int) -> int:
        """Return the number of the kept frame nearest to `number`."""
        at = bisect_left(self._numbers, number)
        return min(self._numbers[max(0, at - 1) : at + 1], key=lambda kept: abs(kept - number))

    def nearest_to_clock(self, clock: float) -> int:
        """Return the number of the kept frame nearest to a moment of the clock."""
        return min(self._numbers, key=lambda number: abs(self._moments[number].clock - clock))

    def replay(self, after: int, n_frames: int) -> list[Frame]:
        """Tell the next kept frames after frame `after` once more."""
        at = bisect_right(self._numbers, after)
        return [self.frame(number) for number in self._numbers[at : at + n_frames]]

    # -- frames ----------------------------------------------------------------------------------------------------

    def frame(self, number: int) -> Frame:
        """Return kept frame `number`: a row of numbers for each lane, and its parameters."""
        moment = self._moments[number]
        parts: Arrays = {"lanes": np.array([_row(state) for state in moment.lanes], "<f8")}
        for name, state, setup in zip(self.names, moment.lanes, self.setups, strict=True):
            if setup.plane.n_axes:
                parts[f"{name}_parameters"] = state.snapshot.parameters.astype("<f4")
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

    def stop_of(self, place: int) -> tuple[int, str] | None:
        """Return from which kept frame on a lane goes no further, and why; None while it does."""
        if not self.lanes[place].stopped:
            return None
        first = next(number for number in self._numbers if self._moments[number].lanes[place].stopped)
        return first, self.lanes[place].stopped

    def _trained_already(self, after: int, amount: int, n_frames: int) -> list[int]:
        """Return the numbers of the frames right after `after` that such a request would make once more."""
        found = []
        for number in range(after + 1, min(after + n_frames, self.last_frame) + 1):
            if number not in self._moments or self._moments[number].amount != amount:
                break
            found.append(number)
        return found

    def _keep(self, clock: float, amount: int) -> None:
        number = self.last_frame
        states = tuple(_state(lane) for lane in self.lanes)
        moment = self._moments[number] = Moment(clock, amount, states)
        self._numbers.append(number)
        self._nbytes += moment.nbytes
        affordable = int(MOST_BYTES * RECENT_SHARE) // moment.nbytes
        self.n_recent = max(LEAST_RECENT, min(MOST_RECENT, affordable))
        measured = [value for lane in self.lanes for value in (lane.epoch, *lane.measures)]
        self.history.append(number, clock, *measured)
        self._thin_one(number - self.n_recent)
        while self._nbytes > MOST_BYTES and self._stride < 2**30:
            self._stride *= 2
            for old in self._numbers[: bisect_right(self._numbers, number - self.n_recent)]:
                self._thin_one(old)

    def _thin_one(self, number: int) -> None:
        """Forget an old frame that is not on the grid."""
        if number in self._moments and number % self._stride:
            self._forget(number)
            del self._numbers[bisect_left(self._numbers, number)]

    def _forget(self, number: int) -> None:
        self._nbytes -= self._moments.pop(number).nbytes


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
