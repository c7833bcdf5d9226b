"""A moment of a run, as the optional parts of a frame are drawn from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from nnplay.datasets import Dataset
from nnplay.experiment.frames.drawn_samples import DrawnSamples
from nnplay.experiment.frames.kept_frames import KeptFrames
from nnplay.experiment.training.session import TrainingSession
from nnplay.experiment.training.snapshot import Snapshot

#: Networks with more parameters keep no arrays for a part of a frame from one frame to the next. To make them takes
#: little beside what goes through them then, and a server that trains several such networks has the memory once.
MOST_PARAMETERS_KEPT = 250_000

T = TypeVar("T")


@dataclass(frozen=True)
class FrameContext:
    """What a part of a frame is drawn from.

    Attributes
    ----------
    frame : int
        The frame's number.
    kept : KeptFrames
        This frame and the others of its branch that are kept.
    samples : DrawnSamples or None
        Evaluated with those parameters, where the samples have no plane: else the browser computes what is drawn.
    session : TrainingSession
        The run's data, loss and architecture. It stands at the run's last frame, which may be another context: its
        network's parameters are not to be used, let alone written.
    train, test : Dataset, Dataset or None
        The samples that are looked at, as the network takes them: the session's own, or of large sets a part.
    in_part : bool
        Whether they are only a part of the test set.
    memory : dict
        Kept for the whole run: a part may put what it needs to make only once under its own name.
    """

    frame: int
    kept: KeptFrames
    samples: DrawnSamples | None
    session: TrainingSession
    train: Dataset
    test: Dataset | None
    in_part: bool
    memory: dict[str, Any]

    @property
    def drawn(self) -> DrawnSamples:
        """The samples, for a part that only data without a plane have."""
        assert self.samples is not None, "the data have a plane"
        return self.samples

    @property
    def snapshot(self) -> Snapshot:
        """The kept state of the run; of an old frame perhaps the parameters alone, in single precision."""
        return self.kept[self.frame].snapshot

    @property
    def parameters(self) -> np.ndarray:
        """The parameters that the frame shows, in the network's order."""
        return self.snapshot.parameters

    def kept_for_run(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` gives: made once for the whole run, or for each frame if the network is large."""
        if self.session.network.parameters.size > MOST_PARAMETERS_KEPT:
            return make()
        if name not in self.memory:
            self.memory[name] = make()
        made: T = self.memory[name]
        return made
