"""Runs of all kinds, drawn at random: what a configuration can say, and what can be changed on the way."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from nnplay import Refusal
from nnplay.datasets import DATASETS, Dataset
from nnplay.datasets.features import FEATURES
from nnplay.datasets.own_data import OWN, TABLE, encode
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.initializers import INITIALIZERS
from nnplay.engine.losses import LOSSES
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.outputs import OUTPUTS
from nnplay.engine.schedules import SCHEDULES
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.recipe import CarryOver, Edit, Event, FreshOptimizer, NewSettings, Place, Recipe

#: Names with parameters, beside the plain ones.
_WITH_PARAMETERS = {
    "activation": ["elu(alpha=2.0)", "leaky_relu(slope=0.2)"],
    "initializer": ["normal(std=0.4)", "uniform(limit=0.6)"],
    "schedule": ["step(every=3, gamma=0.7)", "exponential(gamma=0.95)", "cosine(epochs=12, floor=0.1)"],
    "optimizer": ["adam(beta_1=0.8)", "rmsprop(decay=0.8)", "adagrad"],
    "features": ["x1*sin(3*x2)", "abs(x1)", "max(x1,x2)"],
}


def random_run(seed: int) -> tuple[Recipe, int]:
    """Return a run by number, and how many steps it goes; its loss stays finite."""
    rng = np.random.default_rng([2026, seed])
    while True:
        try:
            recipe, n_steps = _drawn(rng)
            session = recipe.replay(n_steps, evaluate_every=0)
        except Refusal:
            continue
        if 1e-4 < session.measure()[0] < 20:
            return recipe, n_steps


def _drawn(rng: np.random.Generator) -> tuple[Recipe, int]:
    config = _config(rng)
    length = int(rng.integers(40, 400))
    events: list[Event] = []
    before = config
    for step in sorted(rng.integers(0, length, rng.integers(0, 5)).tolist()):
        event = _event(rng, before, step)
        before = getattr(event, "config", before)
        events.append(event)
    return Recipe(config, tuple(events)), length


def _one(rng: np.random.Generator, options: Any) -> Any:
    options = list(options)
    return options[int(rng.integers(len(options)))]


def _data(rng: np.random.Generator) -> dict[str, Any]:
    kind = rng.random()
    if kind < 0.7:
        name = _one(rng, [name for name in DATASETS if name != "formula"] + ["blobs(classes=3)", "spiral(arms=4)"])
        return {"dataset": name, "n_samples": int(rng.integers(40, 160)), "noise": round(float(rng.uniform(0, 0.2)), 3)}
    n, d = int(rng.integers(30, 80)), int(rng.integers(1, 4))
    X = rng.normal(size=(n, d)).round(2)
    y = rng.integers(0, 3, n) if rng.random() < 0.5 else np.exp(X[:, 0]) + 0.1
    data = Dataset(X, y)
    if kind < 0.85:
        return {"dataset": OWN, "points": encode(data)}
    return {
        "dataset": TABLE,
        "points": encode(data, as_table=True),
        "standardise": bool(rng.random() < 0.6),
        "log_target": bool(rng.random() < 0.3),
    }


def _config(rng: np.random.Generator) -> ExperimentConfig:
    sizes = tuple(int(n) for n in rng.integers(1, 7, rng.integers(0, 4)))
    pool = [*ACTIVATIONS, *_WITH_PARAMETERS["activation"]]
    activation = _one(rng, pool) if rng.random() < 0.7 else tuple(_one(rng, pool) for _ in sizes)
    features = ["x1", "x2", *(name for name in [*FEATURES, *_WITH_PARAMETERS["features"]] if rng.random() < 0.15)]
    return ExperimentConfig(
        **_data(rng),
        features=tuple(dict.fromkeys(features)),
        test_fraction=_one(rng, [0.0, 0.25, 0.4]),
        hidden_sizes=sizes,
        activation=activation or "tanh",
        output=_one(rng, [None, None, None, *OUTPUTS]),
        loss=_one(rng, [None, None, *LOSSES]),
        initializer=_one(rng, [*INITIALIZERS, *_WITH_PARAMETERS["initializer"]]),
        bias=bool(rng.random() < 0.85),
        batch_size=_one(rng, [None, 1, 7, 10, 16]),
        shuffle=bool(rng.random() < 0.8),
        seed=int(rng.integers(0, 1000)),
        data_seed=_one(rng, [None, None, 4]),
        **_live(rng),
    )


def _live(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "optimizer": _one(rng, ["sgd", "sgd", "sgd", *OPTIMIZERS, *_WITH_PARAMETERS["optimizer"]]),
        "learning_rate": _one(rng, [0.001, 0.003, 0.01, 0.03]),
        "momentum": _one(rng, [0.0, 0.5, 0.9]),
        "nesterov": bool(rng.random() < 0.3),
        "schedule": _one(rng, ["constant", "constant", *SCHEDULES, *_WITH_PARAMETERS["schedule"]]),
        "regularizer": _one(rng, ["none", "l1", "l2"]),
        "regularization_rate": _one(rng, [0.001, 0.01]),
        "dropout": _one(rng, [0.0, 0.0, 0.2, 0.5]),
    }


def _event(rng: np.random.Generator, before: ExperimentConfig, step: int) -> Event:
    kind = rng.random()
    if kind < 0.5:
        live = _live(rng)
        some = {name: value for name, value in live.items() if rng.random() < 0.4}
        return NewSettings(step, dataclasses.replace(before, **some))
    if kind < 0.65:
        return Edit(step, int(rng.integers(before.n_parameters)), round(float(rng.normal()), 2))
    if kind < 0.75:
        return Place.at(step, rng.normal(0, 0.5, before.n_parameters))
    if kind < 0.85:
        return FreshOptimizer(step)
    other = {"batch_size": 9, "shuffle": True, "seed": int(rng.integers(100)), "loss": None}
    some = {name: value for name, value in other.items() if rng.random() < 0.5}
    if before.dataset in DATASETS and rng.random() < 0.5:
        some["noise"] = 0.05
    return CarryOver(step, dataclasses.replace(before, **some))
