"""The runs before the present one: nothing that took time is lost, and a visitor can go back to it.

They live on the present run's memory for frames (:mod:`nnplay.experiment.frames.frame_memory`), which forgets the
oldest of them when it needs the room.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.told_run import ToldRun

#: So many can be gone back to, if the memory allows.
MOST_RUNS = 10


@dataclass(frozen=True)
class EarlierRun:
    """A run that was on screen.

    Attributes
    ----------
    name : str
        What the browser knows it by.
    recording : Recording or ToldRun
        Set aside; or as it is told, to be trained again when it is wanted.
    why : {"run", "branch", "data", "place"}
        What took its place: another run; the same without a branch; with other data; or at a place of the landscape.
    shown : int
        The frame that was on screen, as far as is known; of one that is told, the mini-batches before it.
    """

    name: str
    recording: Recording | ToldRun
    why: str = "run"
    shown: int = 0


class EarlierRuns:
    """The runs that can be gone back to, and those that were on screen before one went back."""

    def __init__(self) -> None:
        self._before: list[EarlierRun] = []
        self._after: list[EarlierRun] = []

    @property
    def before(self) -> EarlierRun | None:
        """The run to which undo leads."""
        self._before = _kept(self._before)
        return self._before[-1] if self._before else None

    @property
    def after(self) -> EarlierRun | None:
        """The run to which redo leads."""
        self._after = _kept(self._after)
        return self._after[-1] if self._after else None

    @property
    def all(self) -> dict[str, list[EarlierRun]]:
        """The runs to which undo and redo lead, the next one last."""
        self._before, self._after = _kept(self._before), _kept(self._after)
        return {"before": self._before, "after": self._after}

    def fill(self, before: Iterable[EarlierRun], after: Iterable[EarlierRun]) -> None:
        """Let undo and redo lead to these."""
        self._before, self._after = [*before][-MOST_RUNS:], [*after][-MOST_RUNS:]

    def put(self, run: EarlierRun | None) -> None:
        """Note that a new run has taken the place of `run`, or of one that isn't worth going back to.

        Runs that redo would have led to stay, too, before that one; but not places that nothing was trained from.
        """
        self._before += [each for each in self._after if not _is_bare_place(each)]
        self._after = []
        if run is not None:
            self._before.append(run)
        self._before = _fewer(_kept(self._before))

    def go_back(self, present: EarlierRun) -> None:
        """Note that :attr:`before` has taken the place of `present`."""
        self._before.pop()
        self._after.append(present)

    def go_on(self, present: EarlierRun) -> None:
        """Note that :attr:`after` has taken the place of `present`."""
        self._after.pop()
        self._before.append(present)


def _is_bare_place(run: EarlierRun) -> bool:
    """Return whether a run ends at a place that was gone to: it took no time to make."""
    recording = run.recording
    return isinstance(recording, Recording) and run.why == "place" and recording.last_frame in recording.track.places


def _fewer(runs: list[EarlierRun]) -> list[EarlierRun]:
    """Return at most so many as there may be: of places in a row, the run before them stays."""
    runs = list(runs)
    while len(runs) > MOST_RUNS:
        del runs[next((k for k in range(1, len(runs)) if runs[k].why == runs[k - 1].why == "place"), 0)]
    return runs


def _kept(runs: list[EarlierRun]) -> list[EarlierRun]:
    return [run for run in runs if not run.recording.is_forgotten]
