"""The memory for kept frames: one budget for all branches of a run, and for the runs before it that may come back.

A frame that several branches keep is counted once, with its parameters and the optimizer's vectors. The budget holds
after every change, whoever holds what. When it is used up, something is given up, in this order:

1. runs that were set aside beyond their share, the oldest first: their grid becomes wider, at last they are forgotten;
2. old frames of the present run: the stride of their grid doubles. Of a large network, frames on the grid give up what
   only training needs before any is dropped;
3. the training state of the first frame, and of the newest of branches that aren't trained now;
4. what is left of the runs that were set aside;
5. pinned and recent frames, and the first one.

The newest two frames of the branch that is trained always stay. Where a network is so large that the two, and one frame
to look at, take more than the budget, they are the budget.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable

from nnplay.experiment.frames.kept_frames import KeptFrame, KeptFrames

#: What the kept frames of all branches, and of the runs before, may take together.
FRAME_BYTES = 13_000_000
#: The part of it that runs before may take, while there is something else that could make room.
SHARE_OF_EARLIER_RUNS = 1 / 3
#: A frame whose training state is larger than this gives it up before it is dropped.
WORTH_LIGHTENING = 20_000
#: Frames on the grid that training can be taken up at, at least, while others are only for looking at.
LEAST_FULL = 4
#: When there are no more frames on the grid than that, those few become frames for looking at, too.
FEW = 48


class FrameMemory:
    """The budget, and who lives on it; several recordings may share one.

    Parameters
    ----------
    limit : int, optional
        In bytes; by default :data:`FRAME_BYTES`.

    Attributes
    ----------
    limit, nbytes : int
        Bytes there may be, and are.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.limit = FRAME_BYTES if limit is None else limit
        self.nbytes = 0
        # Weakly, like the shelves of a run: what nobody holds any more is gone at once, not when the collector comes.
        self._present: weakref.ref[RunFrames] | None = None
        self._aside: list[weakref.ref[RunFrames]] = []

    @property
    def allowance(self) -> int:
        """Bytes there may be now: the limit, or what the least of a large network's frames take."""
        present = self.present
        return max(self.limit, present.least_nbytes if present else 0)

    @property
    def present(self) -> RunFrames | None:
        """The frames of the run that is trained."""
        return self._present() if self._present else None

    @property
    def earlier(self) -> list[RunFrames]:
        """The frames of the runs that were set aside, oldest first."""
        return [run for run in (reference() for reference in self._aside) if run is not None]

    def new_run(self) -> RunFrames:
        """Return an empty store for a run, from now on the present one."""
        run = RunFrames(self)
        self.bring_back(run)
        return run

    def new_run_aside(self) -> RunFrames:
        """Return an empty store for a run that may come back; the present one stays so."""
        run = RunFrames(self)
        run.is_aside = True
        self._aside.append(weakref.ref(run))
        return run

    def set_aside(self, run: RunFrames) -> None:
        """Let a run that may come back make room for others from now on."""
        if self.present is run:
            self._present = None
        self.strike_off(run)
        self._aside.append(weakref.ref(run))
        run.is_aside = True
        for shelf in run.shelves:
            shelf.is_active = False
        self.make_room()

    def bring_back(self, run: RunFrames) -> None:
        """Make a run the present one; the one that was is set aside."""
        before = self.present
        self.strike_off(run)
        self._present = weakref.ref(run)
        run.is_aside = False
        if before is not None and before is not run:
            self.set_aside(before)

    def strike_off(self, run: RunFrames) -> None:
        """Take a run off the list of those that were set aside."""
        self._aside = [weakref.ref(each) for each in self.earlier if each is not run]

    # -- accounts ------------------------------------------------------------------------------------------------

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

    def release_all(self, frames: dict[int, KeptFrame]) -> None:
        """Count the frames of a branch out that nobody holds any more."""
        for frame in frames.values():
            self.release(frame)

    def lighten(self, frame: KeptFrame) -> None:
        """Give up what a frame needs for training but not for being drawn."""
        before = frame.nbytes
        if frame.can_resume:
            frame.lighten()
        self.nbytes += frame.nbytes - before

    # -- room ----------------------------------------------------------------------------------------------------

    def make_room(self) -> None:
        """Give something up until the budget is kept, or nothing is left to give up."""
        while self.nbytes > self.allowance and self._give_something_up():
            pass

    def _give_something_up(self) -> bool:
        earlier, present = self.earlier, self.present
        if sum(run.nbytes for run in earlier) > self.limit * SHARE_OF_EARLIER_RUNS:
            return _thin_or_forget(earlier)
        if present is not None and (present.thin() or present.lighten_ends()):
            return True
        return _thin_or_forget(earlier) or (present is not None and present.keep_fewer())


def _thin_or_forget(runs: list[RunFrames]) -> bool:
    """Thin the largest of the runs that can be thinned, or else forget the oldest; return whether there was one."""
    largest_first = sorted(runs, key=lambda run: -run.nbytes)
    return any(run.thin() for run in largest_first) or (bool(runs) and runs[0].forget())


class RunFrames:
    """The kept frames of a run, a shelf for each branch.

    Attributes
    ----------
    memory : FrameMemory
    stride, full_stride : int
        Old frames are kept where their number is a multiple of the first; with their training state, of the second.
    is_aside : bool
        Whether it is a run of before, which may come back.
    is_forgotten : bool
        Whether it had to make room altogether: nothing is left that could come back.
    """

    def __init__(self, memory: FrameMemory) -> None:
        self.memory = memory
        self.stride = self.full_stride = 1
        self.is_aside = self.is_forgotten = False
        self._shelves: list[weakref.ref[KeptFrames]] = []

    @property
    def shelves(self) -> list[KeptFrames]:
        """The shelves of all branches."""
        return [shelf for shelf in (reference() for reference in self._shelves) if shelf is not None]

    @property
    def nbytes(self) -> int:
        """What its frames take, each counted once."""
        return sum(frame.nbytes for frame in _distinct(self.shelves))

    @property
    def least_nbytes(self) -> int:
        """What the newest frames of the branch that is trained take, and one frame to look at."""
        return max((shelf.least_nbytes for shelf in self.shelves if shelf.is_active and len(shelf)), default=0)

    @property
    def has_room_for_branch(self) -> bool:
        """Whether the newest frames of one more branch have a place besides the others'."""
        ends = sum(shelf.light_nbytes for shelf in self.shelves if len(shelf))
        newest = max((shelf.newest_nbytes for shelf in self.shelves if shelf.is_active and len(shelf)), default=0)
        return newest + ends <= self.memory.allowance

    def new_shelf(self) -> KeptFrames:
        """Return an empty store for one branch."""
        shelf = KeptFrames(self)
        self._shelves = [weakref.ref(each) for each in [*self.shelves, shelf]]
        weakref.finalize(shelf, self.memory.release_all, shelf.frames).atexit = False
        return shelf

    def drop(self, shelf: KeptFrames) -> None:
        """Let go of all frames of a branch."""
        shelf.clear()
        self._shelves = [weakref.ref(each) for each in self.shelves if each is not shelf]

    def forget(self) -> bool:
        """Let go of everything; return whether there was anything."""
        self.memory.strike_off(self)
        self.is_forgotten = True
        for shelf in self.shelves:
            shelf.clear()
        return True

    def thin(self) -> bool:
        """Make the grid of old frames wider, or lighten more of them; return whether there was anything left to."""
        longest = max((shelf.last for shelf in self.shelves if len(shelf)), default=0)
        if self._should_lighten(longest):
            self.full_stride *= 2
        elif self.stride <= longest:
            self.stride *= 2
            self.full_stride = max(self.full_stride, self.stride)
        else:
            return self.is_aside and self.lighten_ends()
        for shelf in self.shelves:
            shelf.thin()
        return True

    def _should_lighten(self, longest: int) -> bool:
        """Return whether frames rather give up their training state than their place."""
        if self.full_stride > longest or all(shelf.state_nbytes <= WORTH_LIGHTENING for shelf in self.shelves):
            return False
        return longest // self.full_stride > LEAST_FULL or longest // self.stride < FEW

    def lighten_ends(self) -> bool:
        """Lighten a branch's first frame, or its newest where it isn't trained now; return whether there was one."""
        return any(shelf.lighten_an_end() for shelf in self.shelves)

    def keep_fewer(self) -> bool:
        """Keep fewer of a branch's pinned, recent and first frames; return whether there were more than the least."""
        return any(shelf.keep_fewer() for shelf in sorted(self.shelves, key=lambda shelf: shelf.is_active))


def _distinct(shelves: Iterable[KeptFrames]) -> Iterable[KeptFrame]:
    return {id(frame): frame for shelf in shelves for frame in shelf.frames.values()}.values()
