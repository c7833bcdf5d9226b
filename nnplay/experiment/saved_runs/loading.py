"""Open a saved network, or a run saved in the app."""

from __future__ import annotations

import dataclasses
import math
import os
from typing import Any

from nnplay.engine import Network, network_file
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.saved_runs import saved_run
from nnplay.experiment.training.session import COLUMNS, TrainingSession
from nnplay.refusal import Refusal
from nnplay.validation import choice

#: Largest file, in bytes: a network of as many parameters as can be saved.
MAX_BYTES = 30 * network_file.MAX_PARAMETERS


def load(path: str | os.PathLike[str]) -> Network | TrainingSession:
    """Return what a file holds: a network that :meth:`Network.save` wrote, or a run that was saved in the app.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    Network or TrainingSession
        A session continues exactly as the run would have: with its settings, its data and its history.

    Raises
    ------
    OSError
        If the file can't be read.
    TypeError, ValueError
        If the file is neither, or anything in it is invalid.
    """
    path = os.fspath(path)
    if os.path.getsize(path) > MAX_BYTES:
        raise Refusal("file", f"must be at most {MAX_BYTES / 1e6:g} MB", f"{os.path.getsize(path) / 1e6:.1f} MB")
    with open(path, "rb") as file:
        content = file.read()
    saved = saved_run.parse(content, MAX_BYTES)
    if choice("format", saved.get("format"), (network_file.FORMAT, saved_run.FORMAT)) == saved_run.FORMAT:
        return session_of(saved_run.from_json(content))
    return network_file.from_saved(saved, Network)


def session_of(recording: Recording) -> TrainingSession:
    """Return a session of its own that stands where the recording's newest frame does."""
    session = recording.config.build()
    state = recording.session.snapshot()
    history = _rows_after_whole_epochs(recording, session)
    session.restore(dataclasses.replace(state, history=history, watch=recording.track.watch))
    return session


def _rows_after_whole_epochs(recording: Recording, session: TrainingSession) -> Any:
    """Return a history for `session`: of the recording's rows the start and those at the end of an epoch.

    A saved run doesn't say what the learning rate was before: it is NaN but in the last row.
    """
    session.history.truncate_after(-1)
    columns = [recording.history[name].tolist() for name in COLUMNS[:-1]]
    rows = [row for row in zip(*columns, strict=True) if float(row[0]).is_integer()]
    for number, (epoch, *measures) in enumerate(rows, 1):
        rate = recording.session.learning_rate if number == len(rows) else math.nan
        session.history.append(int(epoch), *measures, rate)
    return session.history.snapshot()
