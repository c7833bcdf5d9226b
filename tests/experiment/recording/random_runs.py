"""Random runs: any data, any settings, and on the way whatever a visitor may do, in any order.

The values of a setting that names something registered are read from its registry: whatever is added is in them, too.
"""

from __future__ import annotations

import contextlib
import dataclasses
import random
from collections.abc import Callable
from typing import Any

import numpy as np

from nnplay import ExperimentConfig
from nnplay.datasets import DATASETS, own_data
from nnplay.datasets.dataset import Dataset
from nnplay.datasets.stored import STORED
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.initializers import INITIALIZERS
from nnplay.engine.losses import LOSSES
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.outputs import OUTPUTS
from nnplay.engine.regularizers import REGULARIZERS
from nnplay.engine.schedules import SCHEDULES
from nnplay.experiment.config.fields import CARRIED_OVER_FIELDS, LIVE_FIELDS, SETTINGS
from nnplay.experiment.frames.frame_memory import FrameMemory
from nnplay.experiment.recording import edits
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.trainer import Unit
from nnplay.refusal import Refusal

PLENTY = 1e9
#: Those that are read without the net on any machine.
DATA = [*DATASETS, "spiral(arms=3)", "blobs(classes=4)"] + [
    name for name in STORED if not STORED[name].fetched_megabytes
]
OWN = [own_data.OWN, own_data.TABLE]


def _own(seed: int, task: str, n_columns: int) -> str:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(24, n_columns))
    if task == "regression":
        return own_data.encode(Dataset(X, np.exp(rng.normal(size=24)), task), target="weight")
    return own_data.encode(Dataset(X, np.arange(24) % 3, class_names=("red", "white", "blue")))


POINTS = {
    name: [_own(seed, task, n) for seed in (0, 1) for task in ("classification", "regression")]
    for name, n in ((own_data.OWN, 2), (own_data.TABLE, 4))
}

#: Of each setting, how a value is drawn.
VALUES: dict[str, Callable[[random.Random, ExperimentConfig], Any]] = {
    "dataset": lambda rng, config: rng.choice(DATA),
    "points": lambda rng, config: rng.choice(POINTS.get(config.dataset, [""])),
    "n_samples": lambda rng, config: rng.choice([20, 30, 40]),
    "noise": lambda rng, config: rng.choice([0.0, 0.03, 0.2]),
    "n_rows": lambda rng, config: rng.choice([0, 50]),
    "test_fraction": lambda rng, config: rng.choice([0.0, 0.25, 0.5]),
    "columns": lambda rng, config: rng.choice([(), (1, 2), (2, 4)]),
    "features": lambda rng, config: rng.choice(
        [("x1", "x2"), ("x1", "x1*x2", "sin(3*x2)"), ("x1", "max(x1, -x2)", "(x1 - x2)**2")]
    ),
    "hidden_sizes": lambda rng, config: rng.choice([(), (3,), (4, 2), (2, 3, 2)]),
    "activation": lambda rng, config: rng.choice(
        [
            "elu(alpha=2.0)",
            *ACTIVATIONS,
            tuple(rng.choice([*ACTIVATIONS]) for _ in config.hidden_sizes) or "relu",
        ]
    ),
    "output": lambda rng, config: rng.choice([None, *OUTPUTS]),
    "loss": lambda rng, config: rng.choice([None, *LOSSES]),
    "initializer": lambda rng, config: rng.choice(["normal(std=0.5)", *INITIALIZERS]),
    "dtype": lambda rng, config: rng.choice(["float64", "float32"]),
    "optimizer": lambda rng, config: rng.choice([*OPTIMIZERS, "adam(beta_1=0.8)", "rmsprop(decay=0.99)"]),
    "learning_rate": lambda rng, config: rng.choice([0.0, 0.001, 0.01, 0.03, 0.1]),
    "momentum": lambda rng, config: rng.choice([0.0, 0.5, 0.9]),
    "schedule": lambda rng, config: rng.choice([*SCHEDULES, "cosine(epochs=3)", "step(every=2, gamma=0.5)"]),
    "regularizer": lambda rng, config: rng.choice(["none", *REGULARIZERS]),
    "regularization_rate": lambda rng, config: rng.choice([0.001, 0.01]),
    "dropout": lambda rng, config: rng.choice([0.0, 0.3]),
    "batch_size": lambda rng, config: rng.choice([None, 7, 12] if config.n_train < 100 else [None, 70, 250]),
    "seed": lambda rng, config: rng.randrange(5),
    "data_seed": lambda rng, config: rng.choice([None, 3, 4]),
    "max_epochs": lambda rng, config: rng.choice([0, 2, 5]),
    "target_loss": lambda rng, config: rng.choice([0.0, 0.3]),
    "patience": lambda rng, config: rng.choice([0, 2]),
} | {
    name: lambda rng, config: rng.choice([True, False])
    for name in SETTINGS
    if isinstance(getattr(ExperimentConfig, name), bool)
}


def changed(config: ExperimentConfig, rng: random.Random, names: list[str]) -> ExperimentConfig:
    """Return `config` with other values of some settings, where it takes them."""
    for name in names:
        fields = {name: VALUES[name](rng, config)}
        if name == "points":
            # Data of one's own come as a whole.
            fields["dataset"] = rng.choice(OWN) if config.dataset not in OWN else config.dataset
            fields["points"] = rng.choice(POINTS[fields["dataset"]])
        elif config.dataset in OWN and name == "dataset":
            continue
        with contextlib.suppress(Refusal):
            config = dataclasses.replace(config, **fields)
    return config


def config_of(seed: int, rng: random.Random) -> ExperimentConfig:
    """Return the settings of run number `seed`: each data set has its turn."""
    data = [*DATA, *OWN][seed % (len(DATA) + len(OWN))]
    points = rng.choice(POINTS[data]) if data in OWN else ""
    config = ExperimentConfig(dataset=data, points=points, n_samples=40, hidden_sizes=(3,), batch_size=7)
    config = dataclasses.replace(config, batch_size=VALUES["batch_size"](rng, config))
    names = [name for name in SETTINGS if name not in ("dataset", "points")]
    return changed(config, rng, rng.sample(names, rng.randint(4, len(names))))


def course_of(seed: int) -> Recording:
    """Return run number `seed` after what a visitor may have done to it."""
    rng = random.Random(seed)
    # Some have little room for frames.
    recording = Recording(config_of(seed, rng), FrameMemory(rng.choice([40_000, 13_000_000])))
    lead(recording, rng)
    return recording


def lead(recording: Recording, rng: random.Random, n_acts: int = 12) -> None:
    """Do what a visitor may do, in any order."""
    for _ in range(n_acts):
        act = rng.choice(
            ["train"] * 4 + ["live"] * 3 + ["edit", "place", "rewind", "rewind", "fork", "switch", "carry_over"]
        )
        frame = recording.nearest_kept(rng.randint(0, recording.last_frame))
        config = recording.config
        if act == "train":
            unit: Unit = rng.choice(["step", "epoch"])
            amount = 1 if unit == "epoch" else 2
            recording.advance(rng.choice([recording.last_frame, frame]), unit, amount, rng.randint(1, 5), PLENTY, True)
        elif act == "live":
            recording.apply(changed(config, rng, rng.sample(LIVE_FIELDS, 2)))
        elif act == "edit":
            index = rng.randrange(config.n_parameters)
            with contextlib.suppress(Refusal):  # the loss would be past all measure
                edits.edit(recording, rng.choice([recording.last_frame, frame]), index, rng.uniform(-2, 2))
        elif act == "place":
            there = np.random.default_rng(rng.randrange(99)).normal(size=config.n_parameters)
            with contextlib.suppress(Refusal):  # there may be as many branches as there may be
                edits.go_to(recording, frame, recording.last_frame, there, ())
        elif act == "rewind":
            recording.rewind(frame)
        elif act == "fork" and len(recording.branches) < 3:
            recording.fork(frame, recording.last_frame)
        elif act == "switch":
            recording.switch(rng.choice([track.name for track in recording.branches]), frame)
        elif act == "carry_over":
            other = changed(config, rng, rng.sample(CARRIED_OVER_FIELDS, 2))
            if not config.same_run(other) and config.can_carry_over(other):
                recording.carry_over(other, frame)
