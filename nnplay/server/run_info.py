"""What messages tell of a run: each where it stands, a sync its description, and the arrays that stay as they are."""

from __future__ import annotations

import dataclasses
from typing import Any, Protocol, cast

import numpy as np

from nnplay.datasets.drawn import why_undrawable
from nnplay.experiment.config.checks import MAX_HIDDEN_LAYERS, MOST_UNITS_DRAWN
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.recording.earlier_runs import EarlierRun
from nnplay.experiment.recording.recipe import LARGEST_PARAMETER
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.setup import Setup
from nnplay.experiment.training.r_squared import spread_of
from nnplay.experiment.training.session import TrainingSession
from nnplay.server.branch_words import branches_header, other_curves, other_ends, thinned
from nnplay.server.network_info import network_info
from nnplay.server.table_info import table_info

MAX_HISTORY_ROWS = 2000
#: What is measured within an epoch, and may be needed again: the name in the history, and in a message.
_SCORES = ("train_score", "test_score", "whole_test_score")


class Watched(Protocol):
    """A run as it is described: a recording, or a lane of a race."""

    @property
    def config(self) -> ExperimentConfig: ...
    @property
    def setup(self) -> Setup: ...
    @property
    def session(self) -> TrainingSession: ...


def news_of(recording: Recording) -> dict[str, Any]:
    """Return the keys of every header that tell where a run stands."""
    return {
        "view": _view_of(recording),
        "last_frame": recording.last_frame,
        "stopped": dataclasses.asdict(recording.stopped) if recording.stopped else None,
        **branches_header(recording),
        "edits": recording.track.edits,
        "places": recording.track.places,
        "until": recording.config.max_epochs,
    }


def name_and_why(run: EarlierRun | None) -> dict[str, str] | None:
    """Return what is told of a run that undo or redo leads to."""
    return None if run is None else {"run": run.name, "why": run.why}


def _view_of(recording: Recording) -> dict[str, Any]:
    """Return what frames bring; without a plane they show the last hidden layer, along its principal components."""
    view: dict[str, Any] = {"id": recording.view_id, "shows": recording.shows}
    if recording.config.data.has_plane:
        return view
    layer = max(0, len(recording.config.hidden_sizes) - 1)
    return view | {"layer": layer, "projection": "pca", "units": [0, 1], "mode": "2d", "fit": recording.fit}


def statics_of(recording: Recording) -> Arrays:
    """Return the static arrays of a sync."""
    history = recording.history
    rows = thinned(history.n_rows, MAX_HISTORY_ROWS)
    return {
        **samples_of(recording),
        "history_frame": history["frame"][rows].astype("<f8"),
        **{
            f"history_{name}": history[name][rows].astype("<f8")
            for name in ("epoch", "train_loss", "test_loss", *_SCORES)
        },
        **other_curves(recording),
        **other_ends(recording),
    }


def samples_of(run: Watched) -> Arrays:
    """Return the samples that are looked at, as they lie on the plane and as the network takes them."""
    setup = run.setup
    placed = setup.plane.placed(setup.inputs, setup.targets, len(setup.class_names))
    statics = {
        "inputs": placed.astype("<f4"),
        "targets": setup.targets.astype("<f4"),
        "is_test": setup.is_test.astype("u1"),
    }
    if setup.plane.n_axes:
        parts = [part.X for part in (setup.train, setup.test) if part is not None]
        statics["sample_inputs"] = np.concatenate(parts).astype("<f4")
    if setup.plane.n_axes == 1:
        statics["truth"] = run.config.data.truth_on(setup.plane).astype("<f4")
    return statics


def info_of(recording: Watched) -> dict[str, Any]:
    """Return the description of a run, ``info`` of a sync."""
    setup = recording.setup
    session = recording.session
    regression = recording.config.task == "regression"
    two_classes = len(setup.class_names) == 2
    label = "class"
    if regression:
        label = "predicted value"
    elif two_classes:
        word = "output" if session.network.output.name == "identity" else "probability"
        label = f"{word} of {_spoken(setup.class_names[1])}"
    class_names = list(setup.class_names) if recording.config.data.stored else [*map(_spoken, setup.class_names)]
    output_names = class_names if len(class_names) == session.network.n_outputs else [label]
    info: dict[str, Any] = {
        "dataset": recording.config.dataset.partition("(")[0],
        "task": "regression" if regression else "binary" if two_classes else "multiclass",
        "class_names": class_names,
        "input_names": setup.plane.axes,
        "inputs": setup.plane.labels,
        "domain": setup.domain,
        "undrawable": why_undrawable(recording.config.data.n_coordinates, len(setup.inputs)),
        "surface_range": setup.surface_range,
        "surface_label": label,
        "output": session.network.output.name,
        "loss_name": session.loss.name.replace("_", " ").replace("binary ", "").replace("categorical ", ""),
        "score_name": _score_name(recording.config, regression),
        "undefined_score": _undefined_score(recording, regression),
        "layers": [
            {"units": units, "activation": activation.name, "range": activation.bounds}
            for units, activation in zip(session.network.hidden_sizes, session.network.activations, strict=True)
        ],
        "steps_per_epoch": session.steps_per_epoch,
        "has_test": session.test is not None,
        "samples": _counts(recording),
    }
    if setup.plane.n_axes:
        info["network"] = network_info(session.network, setup.plane)
        info["diagram"] = {
            "inputs": setup.plane.labels,
            "outputs": output_names,
            "has_bias": session.network.has_bias,
            "largest_parameter": LARGEST_PARAMETER,
            "max_layers": MAX_HIDDEN_LAYERS,
            "max_units": MOST_UNITS_DRAWN,
        }
    else:
        info["image_shape"] = recording.config.data.stored and recording.config.data.stored.image_shape
    if recording.config.data.is_table:
        info["table"] = table_info(cast(Recording, recording))
    return info


def _counts(recording: Watched) -> dict[str, int]:
    """Return how many samples there are, and how many of them are looked at."""
    session = recording.session
    return {
        "train": session.train.n_samples,
        "test": session.test.n_samples if session.test else 0,
        "train_shown": int(np.count_nonzero(~recording.setup.is_test)),
        "test_shown": int(np.count_nonzero(recording.setup.is_test)),
    }


def _undefined_score(recording: Watched, regression: bool) -> list[str | None]:
    """Return for the training and the test samples shown why they have no R², in a sentence; None where they have."""
    parts = (recording.setup.train, "training"), (recording.setup.test, "test")
    return [
        f"R² is undefined: the {word} targets are all the same."
        if regression and part is not None and not spread_of(part.y, recording.session.network.dtype)
        else None
        for part, word in parts
    ]


def _score_name(config: ExperimentConfig, regression: bool) -> str:
    if not regression:
        return "accuracy"
    # Of the target itself it is another number.
    return "R² of the log" if config.log_target else "R²"


def _spoken(class_name: str) -> str:
    """Return a class's name as a reader sees it: "class 1" where it is a bare number."""
    return f"class {class_name}" if class_name.isdigit() else class_name
