"""Training epoch by epoch; after each one, decide whether to continue."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from nnplay.experiment.training.stop_conditions import StopConditions, Watch, condition_met, note_epoch

#: Called with the session after each epoch; the answer True ends the run.
Callback = Callable[[Any], object]


class Watched(Protocol):
    """What of a training session is watched."""

    _watch: Watch

    @property
    def epoch(self) -> int: ...
    @property
    def step_in_epoch(self) -> int: ...
    @property
    def steps_per_epoch(self) -> int: ...
    @property
    def divergence(self) -> object: ...
    def advance(self, n: int) -> object: ...
    def latest_measures(self) -> tuple[float, float, float, float]: ...


def run_watched(
    session: Watched, epochs: int, stop: StopConditions, watch: Watch | None, callback: Callback | None
) -> None:
    """Train for `epochs` epochs, or until a condition is met or the callback answers True.

    Parameters
    ----------
    session : TrainingSession
    epochs : int
    stop : StopConditions
    watch : Watch, optional
        What conditions of this run alone remember. By default the session's: the callback may raise, copy the session
        or restore it, and then that must be as the session stands.
    callback : callable, optional

    Warns
    -----
    UserWarning
        If nothing is trained since a condition of the session itself is met.
    """

    def met() -> str | None:
        loss = session.latest_measures()[0] if stop.target_loss else math.nan
        return condition_met(stop, watch or session._watch, session.epoch, loss)

    condition = met() if session.epoch and not session.step_in_epoch else None
    if condition and getattr(session, condition) == getattr(stop, condition):
        warnings.warn(
            f"nothing was trained: {condition}={getattr(stop, condition):g} is already met in epoch "
            f"{session.epoch}. Set session.{condition} to another value to continue, or to 0 to switch it off.",
            UserWarning,
            stacklevel=3,
        )
    for _ in range(epochs):
        if condition or session.divergence:
            break
        session.advance(session.steps_per_epoch - session.step_in_epoch)
        if session.divergence:
            break
        if stop.patience:
            noted = note_epoch(stop, watch or session._watch, session.epoch, *session.latest_measures()[:2])
            if watch is None:
                session._watch = noted
            else:
                watch = noted
        answer = callback(session) if callback is not None else None
        if isinstance(answer, (bool, np.bool_)) and answer:
            break
        condition = met()
