"""What is kept of a comparison that is told in frames: moments to which it can go back."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from nnplay.experiment.frames.frame import Frame
from nnplay.experiment.training.breaks import take_break

#: What the kept frames may take, and how many of the newest are kept one by one: training may be taken up at each.
MOST_BYTES = 16_000_000
MOST_RECENT, LEAST_RECENT = 160, 4
RECENT_SHARE = 1 / 2

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Moment(Generic[State]):
    """A frame of a comparison: where all of it stood.

    Attributes
    ----------
    clock : float
        Epochs, or seconds of training.
    made_by : tuple
        The unit and the amount that were asked for when it was trained.
    state : object
        What it goes on from.
    nbytes : int
        What it takes.
    """

    clock: float
    made_by: tuple[str, int]
    state: State
    nbytes: int


class KeptMoments(Generic[State]):
    """Moments by frame number: the newest one by one, older ones on a grid that grows wider as they fill their room.

    Attributes
    ----------
    numbers : list of int
        Ascending; not to be changed.
    n_recent : int
        How many of the newest are kept one by one.
    nbytes : int
    """

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.n_recent = MOST_RECENT
        self.nbytes = 0
        self._moments: dict[int, Moment[State]] = {}
        self._stride = 1

    def __contains__(self, number: int) -> bool:
        return number in self._moments

    def __getitem__(self, number: int) -> Moment[State]:
        return self._moments[number]

    def add(self, number: int, moment: Moment[State]) -> None:
        """Keep a moment, newer than all others."""
        self._moments[number] = moment
        self.numbers.append(number)
        self.nbytes += moment.nbytes
        self.n_recent = max(LEAST_RECENT, min(MOST_RECENT, int(MOST_BYTES * RECENT_SHARE) // moment.nbytes))
        self._thin_one(number - self.n_recent)
        while self.nbytes > MOST_BYTES and self._stride < 2**30:
            self._stride *= 2
            for old in self.numbers[: bisect_right(self.numbers, number - self.n_recent)]:
                self._thin_one(old)

    def truncate_after(self, number: int) -> None:
        """Forget what came after a frame."""
        at = bisect_right(self.numbers, number)
        for gone in self.numbers[at:]:
            self._forget(gone)
        del self.numbers[at:]

    def nearest(self, number: int) -> int:
        """Return the number of the kept frame nearest to `number`."""
        at = bisect_left(self.numbers, number)
        return min(self.numbers[max(0, at - 1) : at + 1], key=lambda kept: abs(kept - number))

    def following(self, number: int, n: int) -> list[int]:
        """Return the numbers of the next `n` kept frames after `number`."""
        at = bisect_right(self.numbers, number)
        return self.numbers[at : at + n]

    def made_alike(self, after: int, n: int, made_by: tuple[str, int]) -> list[int]:
        """Return the numbers of at most `n` frames right after `after` that such a request would make once more."""
        found: list[int] = []
        for number in range(after + 1, after + n + 1):
            if number not in self._moments or self._moments[number].made_by != made_by:
                break
            found.append(number)
        return found

    def _thin_one(self, number: int) -> None:
        """Forget an old frame that is not on the grid."""
        if number in self._moments and number % self._stride:
            self._forget(number)
            del self.numbers[bisect_left(self.numbers, number)]

    def _forget(self, number: int) -> None:
        self.nbytes -= self._moments.pop(number).nbytes


class MomentsRecording(ABC, Generic[State]):
    """A comparison told in frames, from frame 0, which can go back to any that is kept.

    Attributes
    ----------
    kept : KeptMoments
    last_frame : int
        The newest frame.
    """

    def __init__(self) -> None:
        self.kept: KeptMoments[State] = KeptMoments()
        self.last_frame = 0

    # -- what a comparison says of itself --------------------------------------------------------------------------

    @property
    @abstractmethod
    def is_over(self) -> bool:
        """Whether nothing goes any further."""

    @abstractmethod
    def frame(self, number: int) -> Frame:
        """Return a kept frame."""

    @abstractmethod
    def _train(self, unit: str, amount: int) -> None:
        """Train up to the next frame, and keep it."""

    @abstractmethod
    def _go_back(self, number: int, state: State) -> None:
        """Return to frame `number`, which `state` is of, and forget what was measured after it."""

    # -- forward ---------------------------------------------------------------------------------------------------

    @property
    def now(self) -> float:
        """What the clock says at the newest frame."""
        return self.kept[self.last_frame].clock

    @property
    def n_recent(self) -> int:
        """How many of the newest frames are kept one by one."""
        return self.kept.n_recent

    def advance(
        self, after: int, amount: int, n_frames: int, cpu_seconds: float, *, unit: str = "epoch"
    ) -> list[Frame]:
        """Train on from frame `after` and return the frames that follow it; later ones are forgotten.

        Frames that were trained in just this way already, in answer to a request whose answer got lost, are told again.

        Parameters
        ----------
        after : int
            A kept frame.
        amount : int
            How much is trained from frame to frame; less where that takes too long.
        n_frames : int
        cpu_seconds : float
            CPU time of this thread after which no further frame is begun.
        unit : str
            What `amount` counts.

        Raises
        ------
        LookupError
            If that frame is not kept.
        """
        if known := self.kept.made_alike(after, n_frames, (unit, amount)):
            return [self.frame(number) for number in known]
        if after != self.last_frame:
            self.rewind(after)
        deadline = time.thread_time() + cpu_seconds
        frames: list[Frame] = []
        while len(frames) < n_frames and not self.is_over and (not frames or time.thread_time() < deadline):
            self._train(unit, amount)
            frames.append(self.frame(self.last_frame))
            take_break()
        return frames

    def _keep(self, moment: Moment[Any]) -> None:
        """Keep the newest frame."""
        self.kept.add(self.last_frame, moment)

    # -- back ------------------------------------------------------------------------------------------------------

    def rewind(self, number: int) -> None:
        """Return to kept frame `number`, and forget the frames after it.

        Raises
        ------
        LookupError
            If that frame is not kept.
        """
        if number not in self.kept:
            raise LookupError(f"frame {number} is not kept; the nearest one is {self.nearest_kept(number)}.")
        self.kept.truncate_after(number)
        self.last_frame = number
        self._go_back(number, self.kept[number].state)

    def nearest_kept(self, number: int) -> int:
        """Return the number of the kept frame nearest to `number`."""
        return self.kept.nearest(number)

    def nearest_to_clock(self, clock: float) -> int:
        """Return the number of the kept frame nearest to a moment of the clock."""
        return min(self.kept.numbers, key=lambda number: abs(self.kept[number].clock - clock))

    def replay(self, after: int, n_frames: int) -> list[Frame]:
        """Tell the next kept frames after frame `after` once more."""
        return [self.frame(number) for number in self.kept.following(after, n_frames)]
