"""What a question asks for, measured of the run on the stage. No Streamlit in here."""

from __future__ import annotations

import copy

import numpy as np

from nnplay.experiment.compare.race_recording import RaceRecording
from nnplay.experiment.recording.recording import Recording
from nnplay.lessons import Step, measures, text
from nnplay.lessons.lesson import Number
from nnplay.lessons.measures import Trained

_COLUMNS = ("train_loss", "test_loss", "train_score", "test_score")


def of_run(step: Step, recording: Recording, language: str) -> float | None:
    """Return what the step's question asks for, of the newest frame of its run, in the question's unit."""
    question, session, history = step.question, recording.session, recording.history
    if not isinstance(question, Number) or not question.measure:
        return None
    columns = {name: np.array(history[name]) for name in ("epoch", *_COLUMNS)}
    trained = Trained(
        session.network, session.loss, session.train, session.test, columns, session.divergence is not None
    )
    return _in_unit(question, trained, language)


def of_race(step: Step, recording: RaceRecording, frame: int, language: str) -> float | None:
    """Return what the step's question asks for, of one of the runs that race, at a frame, in the question's unit."""
    question = step.question
    if not isinstance(question, Number) or not question.measure:
        return None
    place = next((k for k, run in enumerate(step.compare) if run.key == question.run), 0)
    session, name, number = recording.lanes[place].session, recording.names[place], recording.nearest_kept(frame)
    network = copy.deepcopy(session.network)
    network.parameters[:] = recording.kept[number].state[place].snapshot.parameters
    rows = np.array(recording.history["frame"]) <= number
    columns = {column: np.array(recording.history[f"{name}_{column}"])[rows] for column in ("epoch", *_COLUMNS)}
    diverged = bool(recording.kept[number].state[place].stopped)
    return _in_unit(question, Trained(network, session.loss, session.train, session.test, columns, diverged), language)


def _in_unit(question: Number, trained: Trained, language: str) -> float:
    measure = measures.get(question.measure)
    with np.errstate(all="ignore"):
        value = measure.of(trained)
    return measures.in_unit(measure, value, text(question.unit, language))
