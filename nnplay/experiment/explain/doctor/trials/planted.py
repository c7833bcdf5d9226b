"""Runs with a fault that is known, over several data sets, and runs that learn well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from nnplay.datasets import Dataset, make
from nnplay.datasets.own_data import OWN, TABLE, encode
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.presets import DIABETES, DIGITS_8X8, RAIN

#: Returns the run of a seed.
Make = Callable[[int], ExperimentConfig]


@dataclass(frozen=True)
class Planted:
    """A fault, and runs that have it.

    Attributes
    ----------
    kind : str
        What the doctor is to find.
    runs : tuple of callable
        Each returns a run for a seed; seeds take turns among them.
    epochs : int
        When the doctor is asked.
    measure : str
        By what is judged whether its advice helps; a name of :data:`~.judging.MEASURES`.
    """

    kind: str
    runs: tuple[Make, ...]
    epochs: int = 60
    measure: str = "train_loss"

    def run(self, seed: int) -> ExperimentConfig:
        """Return the run of a seed."""
        return self.runs[seed % len(self.runs)](seed)


def _seeded(config: ExperimentConfig, seed: int) -> ExperimentConfig:
    return replace(config, seed=seed)


def _runs(*settings: dict[str, Any], **shared: Any) -> tuple[Make, ...]:
    return tuple(partial(_seeded, replace(ExperimentConfig(), **{**shared, **own})) for own in settings)


def _scaled(name: str, factors: tuple[float, float], seed: int) -> ExperimentConfig:
    """Return a run on a table whose columns are as large as that."""
    data = make(name, n_samples=400, noise=0.1, seed=seed)
    points = encode(Dataset(data.X * np.array(factors), data.y, task=data.task), as_table=True)
    return ExperimentConfig(dataset=TABLE, points=points, seed=seed)


def _rare(name: str, share: float, seed: int) -> ExperimentConfig:
    """Return a run on points of which only this share are of class 1."""
    data = make(name, n_samples=1000, noise=0.15, seed=seed)
    n_rare = round(500 * share / (1 - share))
    kept = np.concatenate([np.flatnonzero(data.y == 0), np.flatnonzero(data.y == 1)[:n_rare]])
    return ExperimentConfig(dataset=OWN, points=encode(data.take(np.sort(kept))), seed=seed, learning_rate=0.01)


PLANTED: tuple[Planted, ...] = (
    Planted(
        "unscaled_inputs",
        tuple(
            partial(_scaled, name, factors)
            for name, factors in (
                ("moons", (1.0, 300.0)), ("circles", (100.0, 100.0)), ("xor", (0.01, 50.0)), ("hills", (1.0, 200.0)),
            )
        ),
        measure="test_score",
    ),
    Planted(
        "symmetric_weights",
        _runs(*({"dataset": name} for name in ("moons", "spiral", "xor", "hills")), initializer="zeros"),
    ),
    Planted(
        "exploding_gradients",
        _runs(
            *({"dataset": name} for name in ("moons", "spiral", "circles", "hills", "xor")),
            activation="leaky_relu", hidden_sizes=(8,) * 6, initializer="normal(std=2.5)", momentum=0.0,
        ),
    ),
    Planted(
        "rate_too_large",
        _runs(
            {"dataset": "moons", "learning_rate": 10.0, "momentum": 0.0},
            {"dataset": "spiral", "learning_rate": 10.0},
            {"dataset": "circles", "learning_rate": 10.0, "batch_size": None},
            {"dataset": "hills", "learning_rate": 1.0, "momentum": 0.0},
            {"dataset": "xor", "learning_rate": 10.0, "activation": "relu"},
        ),
    ),
    Planted(
        "near_edge",
        _runs(
            {"dataset": "moons", "learning_rate": 3.0, "noise": 0.2},
            {"dataset": "moons", "learning_rate": 1.0, "noise": 0.3, "activation": "relu"},
            {"dataset": "xor", "learning_rate": 3.0, "noise": 0.2},
            {"dataset": "circles", "learning_rate": 2.0, "noise": 0.15},
            momentum=0.0, batch_size=None,
        ),
    ),
    Planted(
        "noise",
        _runs(
            {"dataset": "hills"},
            {"dataset": "sine", "noise": 0.2, "learning_rate": 0.02},
            {"dataset": "hills", "learning_rate": 0.05},
            {"dataset": "circles", "noise": 0.15, "learning_rate": 0.05},
            {"dataset": "absolute", "noise": 0.2, "learning_rate": 0.05},
            batch_size=1,
        ),
    ),
    Planted(
        "imbalance",
        tuple(partial(_rare, name, share) for name, share in (("circles", 0.04), ("xor", 0.04), ("two_lines", 0.05))),
        epochs=30,
        measure="balanced",
    ),
    Planted(
        "vanishing_gradients",
        _runs(
            *({"dataset": name} for name in ("moons", "spiral", "circles", "hills", "xor")),
            activation="sigmoid", hidden_sizes=(8,) * 6,
        ),
    ),
    Planted(
        "rate_too_small",
        _runs(
            {"dataset": "moons", "learning_rate": 0.0003, "momentum": 0.0},
            {"dataset": "spiral", "learning_rate": 0.001, "momentum": 0.0},
            {"dataset": "circles", "learning_rate": 0.001, "momentum": 0.0, "batch_size": None},
            {"dataset": "hills", "learning_rate": 0.0003, "momentum": 0.0},
            {"dataset": "xor", "learning_rate": 0.0001},
        ),
    ),
    Planted(
        "saturated_units",
        _runs(
            {"dataset": "circles", "initializer": "normal(std=20)"},
            {"dataset": "spiral", "initializer": "normal(std=10)"},
            {"dataset": "circles", "initializer": "normal(std=20)", "activation": "sigmoid"},
            {"dataset": "hills", "initializer": "normal(std=10)"},
            {"dataset": "checkerboard", "initializer": "normal(std=10)"},
        ),
    ),
    Planted(
        "dead_units",
        _runs(
            {"dataset": "spiral", "learning_rate": 0.3},
            {"dataset": "xor", "learning_rate": 0.5},
            {"dataset": "checkerboard", "learning_rate": 0.5},
            {"dataset": "moons", "noise": 0.2, "learning_rate": 0.5},
            activation="relu", initializer="he_uniform",
        ),
    ),
    Planted(
        "overfitting",
        _runs(
            {"dataset": "moons", "noise": 0.4},
            {"dataset": "circles", "noise": 0.25},
            {"dataset": "xor", "noise": 0.3},
            {"dataset": "moons", "noise": 0.45},
            n_samples=150, test_fraction=0.6, hidden_sizes=(16, 16), learning_rate=0.1,
        ),
        epochs=200,
        measure="test_loss",
    ),
    Planted(
        "underfitting",
        _runs(
            {"dataset": "moons"}, {"dataset": "circles"}, {"dataset": "xor"}, {"dataset": "spiral"},
            {"dataset": "hills"},
            {"dataset": "moons", "hidden_sizes": (8, 8), "regularizer": "l2", "regularization_rate": 0.1},
            hidden_sizes=(),
        ),
        epochs=100,
    ),
    Planted(
        "plateau",
        _runs(
            {"dataset": "checkerboard", "learning_rate": 0.1, "momentum": 0.0},
            {"dataset": "circles", "hidden_sizes": (6, 6), "learning_rate": 0.03, "momentum": 0.5},
            {"dataset": "xor", "hidden_sizes": (6, 6), "learning_rate": 0.03, "momentum": 0.5},
            {
                "dataset": "spiral", "hidden_sizes": (8,), "activation": "tanh", "optimizer": "adam",
                "learning_rate": 0.003,
            },
            activation="sigmoid",
        ),
        epochs=80,
    ),
    Planted(
        "small_test_set",
        _runs(
            *({"dataset": name} for name in ("moons", "circles", "spiral", "two_lines")),
            n_samples=100, test_fraction=0.1, noise=0.2,
        ),
        epochs=40,
        measure="test_error",
    ),
)  # fmt: skip

#: Runs that learn well, and when they are looked at.
HEALTHY: tuple[Make, ...] = _runs(
    *({"dataset": name} for name in (
        "spiral", "moons", "circles", "xor", "blobs", "two_lines", "plane", "hills", "sine", "absolute",
    )),
    {"dataset": "moons", "noise": 0.3},
    {"activation": "relu", "initializer": "he_uniform"},
    {"dataset": "circles", "optimizer": "adam", "learning_rate": 0.01},
    {"dataset": "moons", "activation": "sigmoid", "learning_rate": 0.1},
    {"dataset": "blobs(classes=4)"},
) + tuple(partial(_seeded, preset.config) for preset in (DIABETES, RAIN, DIGITS_8X8))  # fmt: skip
HEALTHY_EPOCHS = (10, 25, 50, 100)
