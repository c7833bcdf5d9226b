"""What is kept of the frames of a run: snapshots by frame number, within a budget of memory that all branches share.

The newest frames of a branch are kept one by one, for training may be taken up again at any of them. Older ones are
kept on a grid, the multiples of a stride; when the budget is used up, the stride doubles. So a run of any length is
covered evenly. Of a large network, frames on the grid give up what only training needs before any is dropped.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace

import numpy as np

from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.experiment.session import Snapshot
from nnplay.experiment.stop_conditions import Watch

#: Loss and score of what was not looked at.
NOT_MEASURED = (float("nan"), float("nan"))
#: What the kept frames of all branches may take together.
FRAME_BYTES = 13_000_000
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
#: A frame whose training state is larger than this gives it up before it is dropped.
WORTH_LIGHTENING = 20_000
#: Frames on the grid that training can be taken up at, at least, while others are only for looking at.
LEAST_FULL = 4
#: When there are no more frames on the grid than that, those few become frames for looking at, too.
FEW = 48


@dataclass(slots=True, eq=False)
class KeptFrame:
    """What a frame is drawn from again and training is continued from: bit for bit, unless it was lightened.

    Attributes
    ----------
    snapshot : Snapshot
        Once lightened, without the optimizer's vectors, and with the parameters in single precision.
    step_in_epoch : int
    measures : tuple of float
        As a :class:`~nnplay.experiment.frames.Frame` has them.
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

    def lighten(self) -> None:
        """Give up what only training needs."""
        old = self.snapshot
        optimizer = old.optimizer | {"vectors": {}}
        self.snapshot = replace(old, parameters=old.parameters.astype(np.float32), optimizer=optimizer)
        self.can_resume = False

    def woken(self) -> KeptFrame:
        """Return a frame that training can be taken up at: this one; if it was lightened, with an optimizer anew."""
        if self.can_resume:
            return self
        old = self.snapshot
        names = OPTIMIZERS[old.optimizer["name"]].state_names
        vectors = {name: np.zeros_like(old.parameters) for name in names}
        optimizer = old.optimizer | {"n_updates": 0, "vectors": vectors}
        return replace(self, snapshot=replace(old, optimizer=optimizer), holders=0, can_resume=True)


class FrameMemory:
    """The budget, and who lives on it.

    Attributes
    ----------
    limit, nbytes : int
        Bytes there may be, and are.
    stride, full_stride : int
        Old frames are kept where their number is a multiple of the first; with their snapshot, of the second.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.limit = FRAME_BYTES if limit is None else limit
        self.nbytes = 0
        self.stride = self.full_stride = 1
        self._shelves: list[KeptFrames] = []

    def new_shelf(self) -> KeptFrames:
        """Return an empty store for one branch."""
        shelf = KeptFrames(self)
        self._shelves.append(shelf)
        return shelf

    def hold(self, frame: KeptFrame) -> None:
        """Count a frame in; one that is held already, by another branch, costs nothing."""
        if frame.holders == 0:
            self.nbytes += frame.nbytes
        frame.holders += 1

    def release(self, frame: KeptFrame) -> None:
        """Count a frame out, once nobody holds it."""
        frame.holders -= 1
        if frame.holders == 0:
            self.nbytes -= frame.nbytes

    def lighten(self, frame: KeptFrame) -> None:
        """Give up what a frame needs for training but not for being drawn."""
        before = frame.nbytes
        if frame.can_resume:
            frame.lighten()
        self.nbytes += frame.nbytes - before

    def forget(self, shelf: KeptFrames) -> None:
        """Let go of all frames of a branch."""
        shelf.clear()
        self._shelves.remove(shelf)

    def make_room(self) -> None:
        """Thin the old frames of every branch until the budget is kept, or nothing is left to thin."""
        while self.nbytes > self.limit:
            longest = max(shelf.last for shelf in self._shelves)
            if self._should_lighten(longest):
                self.full_stride *= 2
            elif self.stride <= longest:
                self.stride *= 2
                self.full_stride = max(self.full_stride, self.stride)
            else:
                return
            for shelf in self._shelves:
                shelf.thin()

    def _should_lighten(self, longest: int) -> bool:
        """Return whether frames rather give up their training state than their place."""
        if self.full_stride > longest or all(shelf.state_nbytes <= WORTH_LIGHTENING for shelf in self._shelves):
            return False
        return longest // self.full_stride > LEAST_FULL or longest // self.stride < FEW


class KeptFrames:
    """The kept frames of one branch, by number.

    Attributes
    ----------
    n_recent : int
        How many of the newest are kept one by one.
    state_nbytes : int
        What a frame could give up and still be drawn.
    pinned : set of int
        Frames of an active branch that are kept as they are, however old; no more than `most_pinned`.
    """

    def __init__(self, memory: FrameMemory) -> None:
        self._memory = memory
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
        affordable = int(self._memory.limit * share) // size
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
        """Let training be taken up at the newest frame, whose optimizer begins anew if it gave its vectors up."""
        if not self.can_resume(self.last):
            self.replace(self.last, self._frames[self.last].woken())
            self._memory.make_room()

    def following(self, number: int, n: int) -> list[int]:
        """Return the numbers of the next `n` kept frames after `number`."""
        at = bisect_right(self._numbers, number)
        return self._numbers[at : at + n]

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

    def fork(self, number: int) -> KeptFrames:
        """Return a store for another branch that shares the frames up to `number`."""
        other = self._memory.new_shelf()
        other._numbers = self._numbers[: bisect_right(self._numbers, number)]
        other._frames = {kept: self._frames[kept] for kept in other._numbers}
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
        if number not in self._frames or (self.is_active and number in self.pinned):
            return
        memory = self._memory
        if number % memory.stride and number != self.first:
            memory.release(self._frames.pop(number))
            del self._numbers[bisect_left(self._numbers, number)]
        elif number % memory.full_stride:
            memory.lighten(self._frames[number])
