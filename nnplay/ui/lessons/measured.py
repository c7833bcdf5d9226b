"""What a question asks for, measured of the run on the stage. No Streamlit in here."""

from __future__ import annotations

import contextlib
import copy
import math
from collections.abc import Mapping

import numpy as np

from nnplay.experiment.compare.race_recording import RaceRecording
from nnplay.experiment.recording.recipe import Recipe
from nnplay.experiment.recording.recording import Recording
from nnplay.lessons import Step, measures, text
from nnplay.lessons.lesson import Number
from nnplay.lessons.measures import EpochsTo, Trained
from nnplay.refusal import Refusal

_COLUMNS = ("train_loss", "test_loss", "train_score", "test_score")


def of_run(step: Step, recording: Recording, language: str) -> float | None:
    """Return what the step's question asks for, of the newest frame of its run, in the question's unit.

    The newest frame of a run that diverged is one of the last steps before nothing was left of it: it counts as
    diverged.
    """
    question, session, stopped = step.question, recording.session, recording.stopped
    if not isinstance(question, Number) or not question.measure:
        return None
    columns = _columns(question, recording.history, recording.recipe, session.n_steps)
    diverged = session.divergence is not None or (stopped is not None and stopped.reason == "diverged")
    trained = Trained(session.network, session.loss, session.train, session.test, columns, diverged)
    return _in_unit(question, trained, language)


def of_race(step: Step, recording: RaceRecording, frame: int, language: str) -> float | None:
    """Return what the step's question asks for, of one of the runs that race, at a frame, in the question's unit."""
    question = step.question
    if not isinstance(question, Number) or not question.measure:
        return None
    place = next((k for k, run in enumerate(step.compare) if run.key == question.run), 0)
    session, name, number = recording.lanes[place].session, recording.names[place], recording.nearest_kept(frame)
    state = recording.kept[number].state[place]
    network = copy.deepcopy(session.network)
    network.parameters[:] = state.snapshot.parameters
    rows = np.array(recording.history["frame"]) <= number
    seen = {column: np.array(recording.history[f"{name}_{column}"])[rows] for column in ("epoch", *_COLUMNS)}
    columns = _columns(question, seen, Recipe(recording.configs[place]), state.snapshot.n_steps)
    diverged = bool(state.stopped)
    return _in_unit(question, Trained(network, session.loss, session.train, session.test, columns, diverged), language)


def told(step: Step, value: float) -> float | str | None:
    """Return a measured value as JSON can have it: ``"never"`` for what was never reached, None where there is none."""
    if math.isfinite(value):
        return value
    question = step.question
    asks_when = isinstance(question, Number) and isinstance(measures.get(question.measure), EpochsTo)
    return "never" if asks_when else None


def _columns(
    question: Number, seen: Mapping[str, np.ndarray], recipe: Recipe | None, n_steps: int
) -> Mapping[str, np.ndarray]:
    """Return what was measured on the way, for a measure that goes by it after each epoch.

    Frames are as many epochs apart as the visitor chose for the speed, and so are the rows that were `seen`: the run is
    trained again for those between.
    """
    if recipe is not None and measures.get(question.measure).of_each_epoch:
        with contextlib.suppress(Refusal), np.errstate(all="ignore"):  # it diverges: as far as it was seen
            return recipe.replay(n_steps).history
    return {name: np.array(seen[name]) for name in ("epoch", *_COLUMNS)}


def _in_unit(question: Number, trained: Trained, language: str) -> float:
    measure = measures.get(question.measure)
    with np.errstate(all="ignore"):
        value = measure.of(trained)
    return measures.in_unit(measure, value, text(question.unit, language))
