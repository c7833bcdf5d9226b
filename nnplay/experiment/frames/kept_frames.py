"""What is kept of the frames of a branch: snapshots by frame number.

The newest frames of a branch are kept one by one, for training may be taken up again at any of them. Older ones are
kept on a grid, the multiples of a stride; :mod:`nnplay.experiment.frames.frame_memory` says how wide it is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.experiment.training.snapshot import Snapshot
from nnplay.experiment.training.stop_conditions import Watch

#: Loss and score of what was not looked at.
NOT_MEASURED = (float("nan"), float("nan"))
#: What a frame takes besides its vectors: random states, measures, records (measured, and rounded up).
OVERHEAD = 3_300
#: Most of the newest frames that are kept one by one, and the least.
MOST_RECENT, LEAST_RECENT = 256, 2
#: Most frames that are kept because they are asked for, and the least; they may take half of what the newest may.
MOST_PINNED, LEAST_PINNED = 40, 2
#: Share of the budget for the newest frames; more where a frame is so large that few would be kept, for the browser may
#: hold no more of them ready, and those have to last until the next answer.
RECENT_SHARE, RECENT_SHARE_OF_LARGE = 1 / 3, 1 / 2
LARGE_FRAME = 250_000


@dataclass(slots=True, eq=False)
class KeptFrame:
    """What a frame is drawn from again and training is continued from: bit for bit, unless it was lightened.

    Attributes
    ----------
    snapshot : Snapshot
        Once lightened, without the optimizer's vectors, and with the parameters in single precision.
    step_in_epoch : int
    measures : tuple of float
        As a :class:`~nnplay.experiment.frames.frame.Frame` has them.
    made_by : tuple
        The unit and the amount that were asked for when it was trained.
    watch : Watch
        What the stop conditions remember.
    whole_test : tuple of float
        Loss and score over the whole test set, where `measures` are of a part of it and this is the end of an epoch.
    holders : int
        Branches that keep it.
    can_resume : bool
        Whether training can be taken up here as if it had never stopped: not once the frame was lightened.
    """

    snapshot: Snapshot
    step_in_epoch: int
    measures: tuple[float, float, float, float, float]
    made_by: tuple[str, int]
    watch: Watch
    whole_test: tuple[float, float] = NOT_MEASURED
    holders: int = 0
    can_resume: bool = True

    @property
    def nbytes(self) -> int:
        """What it takes, in bytes."""
        vectors = self.snapshot.optimizer.get("vectors", {})
        return self.snapshot.parameters.nbytes + sum(vector.nbytes for vector in vectors.values()) + OVERHEAD

    @property
    def light_nbytes(self) -> int:
        """What it takes at least, once it was lightened."""
        return self.snapshot.parameters.size * 4 + OVERHEAD

    def lighten(self) -> None:
        """Give up what only training needs."""
        self.snapshot = lightened(self.snapshot)
        self.can_resume = False

    def woken(self) -> KeptFrame:
        """Return a frame that training can be taken up at: this one; if it was lightened, with a fresh optimizer."""
        if self.can_resume:
            return self
        return replace(self, snapshot=woken(self.snapshot), holders=0, can_resume=True)


def lightened(state: Snapshot) -> Snapshot:
    """Return `state` without what only training needs: no vectors of the optimizer, and single precision."""
    optimizer = state.optimizer | {"vectors": {}}
    return replace(state, parameters=state.parameters.astype(np.float32), optimizer=optimizer)


def woken(state: Snapshot) -> Snapshot:
    """Return a lightened `state` with a fresh optimizer."""
    names = OPTIMIZERS[state.optimizer["name"]].state_names
    vectors = {name: np.zeros_like(state.parameters) for name in names}
    return replace(state, optimizer=state.optimizer | {"n_updates": 0, "vectors": vectors})


class Accounts(Protocol):
    """Where frames are counted in and out: :class:`~nnplay.experiment.frames.frame_memory.FrameMemory`."""

    limit: int

    def hold(self, frame: KeptFrame) -> None: ...
    def release(self, frame: KeptFrame) -> None: ...
    def lighten(self, frame: KeptFrame) -> None: ...
    def make_room(self) -> None: ...


class Grid(Protocol):
    """Which old frames of a run are kept: :class:`~nnplay.experiment.frames.frame_memory.RunFrames`."""

    stride: int
    full_stride: int
    is_aside: bool

    @property
    def memory(self) -> Accounts: ...
    def new_shelf(self) -> KeptFrames: ...


class KeptFrames:
    """The kept frames of one branch, by number.

    Attributes
    ----------
    n_recent : int
        How many of the newest are kept one by one.
    state_nbytes : int
        What a frame could give up and still be drawn.
    pinned : set of int
        Frames of an active branch, or of a run that was set aside, that are kept as they are, however old; no more than
        `most_pinned`.
    """

    def __init__(self, run: Grid) -> None:
        self._run = run
        self._memory = run.memory
        self._frames: dict[int, KeptFrame] = {}
        self._numbers: list[int] = []
        self.n_recent = MOST_RECENT
        self.state_nbytes = 0
        self.pinned: set[int] = set()
        self.most_pinned = MOST_PINNED
        #: Only the newest frame of a branch that isn't trained now is kept besides the grid.
        self.is_active = True

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, number: int) -> bool:
        return number in self._frames

    def __getitem__(self, number: int) -> KeptFrame:
        return self._frames[number]

    @property
    def frames(self) -> dict[int, KeptFrame]:
        """The frames by number; not to be changed."""
        return self._frames

    @property
    def light_nbytes(self) -> int:
        """What its newest frame takes once it has given up what only training needs."""
        return self._frames[self.last].light_nbytes

    @property
    def newest_nbytes(self) -> int:
        """What the newest frames take that always stay where training goes on."""
        return LEAST_RECENT * max(self._frames[number].nbytes for number in self._numbers[-LEAST_RECENT:])

    @property
    def least_nbytes(self) -> int:
        """The same, with one more frame to look at."""
        return self.newest_nbytes + self.light_nbytes

    @property
    def numbers(self) -> list[int]:
        """Numbers of the frames, ascending; not to be changed."""
        return self._numbers

    @property
    def first(self) -> int:
        """Number of the oldest frame."""
        return self._numbers[0]

    @property
    def last(self) -> int:
        """Number of the newest frame."""
        return self._numbers[-1]

    def can_resume(self, number: int) -> bool:
        """Return whether training can be taken up at a frame."""
        return number in self._frames and self._frames[number].can_resume

    def add(self, number: int, frame: KeptFrame) -> None:
        """Keep a frame, newer than all others."""
        size = frame.nbytes
        self.state_nbytes = size - OVERHEAD - frame.snapshot.parameters.size * 4
        share = RECENT_SHARE_OF_LARGE if size > LARGE_FRAME else RECENT_SHARE
        affordable = int(self._memory.limit * share) // size  # of the limit, not of what a large frame adds to it
        self.n_recent = max(LEAST_RECENT, min(MOST_RECENT, affordable))
        self.most_pinned = max(LEAST_PINNED, min(MOST_PINNED, affordable // 2))
        self._memory.hold(frame)
        self._frames[number] = frame
        self._numbers.append(number)
        self._thin_one(number - self.n_recent)
        self._memory.make_room()

    def replace(self, number: int, frame: KeptFrame) -> None:
        """Put another frame in the place of one."""
        self._memory.hold(frame)
        self._memory.release(self._frames[number])
        self._frames[number] = frame

    def nearest(self, number: int) -> int:
        """Return the number of the kept frame nearest to `number`."""
        at = bisect_left(self._numbers, number)
        around = self._numbers[max(0, at - 1) : at + 1]
        return min(around, key=lambda kept: abs(kept - number))

    def wake_last(self) -> None:
        """Let training be taken up at the newest frame, whose optimizer starts afresh if it gave its vectors up."""
        if not self.can_resume(self.last):
            self.replace(self.last, self._frames[self.last].woken())
            self._memory.make_room()

    def following(self, number: int, n: int) -> list[int]:
        """Return the numbers of the next `n` kept frames after `number`."""
        at = bisect_right(self._numbers, number)
        return self._numbers[at : at + n]

    def spread(self, number: int, last: int, n: int) -> list[int]:
        """Return at most `n` numbers of kept frames after `number`, up to `last`, as evenly spread as they are kept."""
        there = self._numbers[bisect_right(self._numbers, number) : bisect_right(self._numbers, last)]
        if len(there) <= n:
            return there
        apart = (last - number) / n
        wanted = (number + apart * (k + 1) for k in range(n))
        found = (there[max(0, bisect_right(there, round(each)) - 1)] for each in wanted)
        return list(dict.fromkeys(found))

    def truncate_after(self, number: int) -> None:
        """Forget the frames after `number`."""
        at = bisect_right(self._numbers, number)
        for gone in self._numbers[at:]:
            self._memory.release(self._frames.pop(gone))
        del self._numbers[at:]

    def drop_before(self, number: int) -> None:
        """Forget the frames before `number`."""
        at = bisect_left(self._numbers, number)
        for gone in self._numbers[:at]:
            self._memory.release(self._frames.pop(gone))
        del self._numbers[:at]

    def fork(self, number: int, run: Grid | None = None) -> KeptFrames:
        """Return a store for another branch, of another run if one is given, that shares the frames up to `number`."""
        other = (self._run if run is None else run).new_shelf()
        other._numbers = self._numbers[: bisect_right(self._numbers, number)]
        other._frames.update((kept, self._frames[kept]) for kept in other._numbers)
        other.n_recent, other.most_pinned, other.state_nbytes = self.n_recent, self.most_pinned, self.state_nbytes
        for frame in other._frames.values():
            self._memory.hold(frame)
        return other

    def clear(self) -> None:
        """Forget everything."""
        self.truncate_after(-1)

    def thin(self) -> None:
        """Drop, or lighten, what is neither recent nor on the grid."""
        n_recent = self.n_recent if self.is_active else 1
        for number in self._numbers[: bisect_right(self._numbers, self.last - n_recent)]:
            self._thin_one(number)

    def _thin_one(self, number: int) -> None:
        if number not in self._frames or ((self.is_active or self._run.is_aside) and number in self.pinned):
            return
        if number % self._run.stride and number != self.first:
            self._drop(number)
        elif number % self._run.full_stride:
            self._memory.lighten(self._frames[number])

    def _drop(self, number: int) -> None:
        self._memory.release(self._frames.pop(number))
        del self._numbers[bisect_left(self._numbers, number)]

    # -- where even that takes too much --------------------------------------------------------------------------

    def lighten_an_end(self) -> bool:
        """Lighten the first frame, or the newest of a branch that isn't trained now; return whether there was one."""
        newest = self._numbers[-LEAST_RECENT:] if self.is_active else []
        for number in {*self._numbers[:1], *self._numbers[-1:]}.difference(newest):
            if self.can_resume(number):
                self._memory.lighten(self._frames[number])
                return True
        return False

    def keep_fewer(self) -> bool:
        """Keep no pinned and fewer recent frames, or drop the first; return whether there were more than the least."""
        if self.pinned or self.n_recent > LEAST_RECENT:
            self.pinned = set()
            self.n_recent = max(LEAST_RECENT, self.n_recent // 2)
            self.thin()
            return True
        if len(self._numbers) <= (LEAST_RECENT if self.is_active else 1):
            return False
        self._drop(self.first)
        return True
