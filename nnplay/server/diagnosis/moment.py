"""A frame of a run, as the doctor looks at it."""

from __future__ import annotations

import numpy as np

from nnplay.engine import Optimizer
from nnplay.experiment.explain.doctor.case import Moment
from nnplay.experiment.explain.doctor.course import Course
from nnplay.experiment.recording.recording import Recording


def moment_of(recording: Recording, number: int) -> Moment:
    """Return kept frame `number` of a run: its losses since the settings were changed last."""
    setup, track, session = recording.setup, recording.track, recording.session
    kept = track.kept[number]
    history = track.history
    until = history["frame"] <= number
    course = Course.of(history["epoch"][until], history["train_loss"][until], history["test_loss"][until])
    changed = [change.epoch for change in track.changes if change.frame <= number]
    return Moment(
        session,
        _optimizer_at(recording, number),
        np.asarray(kept.snapshot.parameters, float),
        _first_parameters(recording),
        course.since(changed[-1] if changed else 0.0),
        setup.train,
        setup.test,
        session.test.n_samples if session.test is not None else 0,
        _has_diverged(recording, number),
        setup.memory.setdefault("doctor", {}),
    )


def _has_diverged(recording: Recording, number: int) -> bool:
    """Whether training stopped right after a frame as it diverged, or on the way there: such a run goes back to it."""
    stopped = recording.stopped
    return stopped is not None and stopped.reason == "diverged" and number >= (stopped.good or 0)


def _optimizer_at(recording: Recording, number: int) -> Optimizer:
    """Return an optimizer with the settings as they are now, and what was remembered at a frame, if that is kept."""
    session, state = recording.session, recording.track.kept[number].snapshot.optimizer
    optimizer = session.optimizer.unbound_copy()
    optimizer.bind(session.network.parameters)
    if state["name"] == optimizer.name and state["vectors"]:
        own = optimizer.hyperparameters
        optimizer.restore(state)
        for name, value in own.items():
            setattr(optimizer, name, value)
    return optimizer


def _first_parameters(recording: Recording) -> np.ndarray:
    memory = recording.setup.memory
    if "first parameters" not in memory:
        untrained = recording.session.network.copy()
        untrained.reset()
        memory["first parameters"] = untrained.parameters.astype(float)
    first: np.ndarray = memory["first parameters"]
    return first
