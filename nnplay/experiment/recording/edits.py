"""Parameters set by hand: an edit is a frame of its own, at the same moment of training as the one before it."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnplay.experiment.frames.frame import Frame
from nnplay.experiment.recording.recipe import LARGEST_PARAMETER, MOST_PLACED, Edit, Place
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
    if after in recording.track.kept:
        edited = recording.track.kept[after].snapshot.parameters.copy()
        edited[index] = value
        if _is_hopeless(recording, edited):
            raise Refusal("value", f"must leave the loss below {HOPELESS_LOSS:.0e}", f"{value:g}")
    recording.rewind(after)
    return recording.set_parameter(index, value)


def go_to(recording: Recording, number: int, furthest: int, parameters: np.ndarray, varied: tuple[int, ...]) -> Frame:
    """Go from frame `number` to the network that has these `parameters`, on a branch of its own; return its frame.

    The branch that is left is kept up to frame `furthest`. Where nothing was trained since another place was gone to,
    this one takes its place, on the same branch.

    Parameters
    ----------
    recording : Recording
    number, furthest : int
    parameters : ndarray, (n_parameters,)
        Taken in single precision, so that a recipe can hold them.
    varied : tuple of int
        Where only these parameters are other ones than at the frame; else empty.

    Raises
    ------
    LookupError
        If training can't be taken up at frame `number`.
    ValueError
        If it is no sensible place, there are too many branches, or the run can't be told as a recipe any more; then
        everything stays as it was.
    """
    track = recording.track
    if number not in track.kept:
        raise LookupError(f"frame {number} is not kept; the nearest one is {recording.nearest_kept(number)}.")
    parameters = parameters.astype(np.float32)
    if not (np.abs(parameters) <= LARGEST_PARAMETER).all():
        low, high = f"{-LARGEST_PARAMETER:,}".replace("-", "−"), f"{LARGEST_PARAMETER:,}"
        raise Refusal("place", f"must have all weights between {low} and {high}", advice="Choose one nearer by.")
    if _is_hopeless(recording, parameters):
        raise Refusal("place", f"must have a loss below {HOPELESS_LOSS:.0e}", advice="Choose one nearer by.")
    n_steps = track.kept[number].snapshot.n_steps
    if varied and parameters.size > MOST_PLACED:  # few of many: each by itself
        events: list[Edit | Place] = [Edit(n_steps, index, float(parameters[index])) for index in varied]
    else:
        events = [Place.at(n_steps, parameters)]
    if number in track.places and number - 1 in track.kept:
        number -= 1
    _check_room(recording, number, events)
    if number + 1 in track.places and furthest <= number + 1:
        recording.rewind(number)
    else:
        recording.fork(number, furthest)
    return recording.by_hand(*events, made_by=Place.kind)


def _check_room(recording: Recording, number: int, events: list[Edit | Place]) -> None:
    """Refuse a place that there is no room for in the recipe of the run up to frame `number`."""
    recipe = recording.track.recipe_at(number)
    before = recipe.events if recipe else ()
    placed = sum(event.parameters.size for event in (*before, *events) if isinstance(event, Place))
    if placed > MOST_PLACED:
        what = f"must be of networks with at most {MOST_PLACED:,} parameters, all places of a run together"
        raise Refusal("place", what, f"{placed:,}", advice="A link has room for no more.")


def _is_hopeless(recording: Recording, parameters: np.ndarray) -> bool:
    """Return whether the loss means nothing any more of the network that has these parameters."""
    session = recording.session
    twin = session.network.copy()
    twin.parameters = parameters
    with np.errstate(all="ignore"):
        loss, _ = Evaluation(twin, recording.setup.train, session.loss).measure()
    return not loss < HOPELESS_LOSS
