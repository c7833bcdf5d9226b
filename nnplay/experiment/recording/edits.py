"""Parameters set by hand: an edit is a frame of its own, at the same moment of training as the one before it."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnplay.experiment.frames.frame import Frame
from nnplay.experiment.recording.recipe import LARGEST_PARAMETER
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.training.divergence import HOPELESS_LOSS
from nnplay.experiment.training.evaluation import Evaluation
from nnplay.refusal import Refusal
from nnplay.validation import integer, number


def edit(recording: Recording, after: int, index: Any, value: Any) -> Frame:
    """Return to frame `after`, set parameter `index` of the flat vector to `value`, and return the next frame.

    Training stands still meanwhile, so that the history shows the edit as a jump; it goes on from the new frame. Frame
    `after` stays as it is: to take the edit back is to return there.

    Raises
    ------
    LookupError
        If training can't be taken up at `after`.
    TypeError, ValueError
        If there is no such parameter, or the value is no sensible one; then everything stays as it was.
    """
    parameters = recording.session.network.parameters
    index = integer("index", index, 0, parameters.size - 1)
    value = number("value", value, -LARGEST_PARAMETER, LARGEST_PARAMETER)
    _refuse_hopeless(recording, after, index, value)
    recording.rewind(after)
    return recording.set_parameter(index, value)


def _refuse_hopeless(recording: Recording, after: int, index: int, value: float) -> None:
    """Complain if the edited network's loss means nothing any more."""
    if after not in recording.track.kept:
        return
    session = recording.session
    twin = session.network.copy()
    twin.parameters = recording.track.kept[after].snapshot.parameters
    twin.parameters[index] = value
    with np.errstate(all="ignore"):
        loss, _ = Evaluation(twin, recording.setup.train, session.loss).measure()
    if not loss < HOPELESS_LOSS:
        raise Refusal("value", f"must leave the loss below {HOPELESS_LOSS:.0e}", f"{value:g}")
