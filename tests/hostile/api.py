"""Calls of the public functions with values that nobody means."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

import nnplay as nn
from tests.hostile import values
from tests.hostile.case import Case, Unused
from tests.hostile.links import train

X = np.random.default_rng(0).normal(size=(20, 2))
DATA = nn.datasets.Dataset(X, np.arange(20) % 2)
TINY = nn.ExperimentConfig(n_samples=20, hidden_sizes=(2,))

TABLE = "a,b,c\n1,2,x\n3,4,y\n5,7,x\n6,9,y\n8,8,x\n9,9,y"

Call = tuple[Callable[..., Any], dict[str, Any]]


def _network(**more: Any) -> Call:
    honest = {"layer_sizes": [2, 3, 1], "activation": "tanh", "output": "sigmoid", "initializer": "xavier_uniform",
              "dtype": "float64", "seed": 0, "bias": True}  # fmt: skip
    return nn.Network, honest | more


def _net() -> nn.Network:
    return nn.Network([2, 3, 1])


#: What is called, and honest arguments for it.
CALLS: dict[str, Callable[[], Call]] = {
    "Network": _network,
    "Dataset": lambda: (nn.datasets.Dataset, {"X": X, "y": np.arange(20) % 2, "task": None, "class_names": None,
                                              "feature_names": None, "name": "", "dtype": "float64"}),
    "make": lambda: (nn.datasets.make, {"name": "moons", "n_samples": 20, "noise": 0.1, "seed": 0}),
    "split": lambda: (DATA.split, {"test_fraction": 0.25, "seed": 0}),
    "read_table": lambda: (nn.datasets.read_table, {
        "content": TABLE, "separator": ",", "decimal": ".", "thousands": "", "header": True, "skip": 0,
        "encoding": None, "missing": ("?",)}),
    "from_table": lambda: (nn.datasets.from_table, {"table": nn.datasets.read_table(TABLE), "target": "c",
                                                    "columns": ("a", "b"), "missing": "drop", "task": None}),
    "column": lambda: (nn.datasets.read_table(TABLE).column, {"name": "a"}),
    "ExperimentConfig": lambda: (nn.ExperimentConfig, {**nn.ExperimentConfig(n_samples=20).to_dict()}),
    "from_dict": lambda: (nn.ExperimentConfig.from_dict, {"saved": {"n_samples": 20}}),
    "SGD": lambda: (nn.SGD, {"learning_rate": 0.1, "momentum": 0.5, "nesterov": False}),
    "RMSProp": lambda: (nn.RMSProp, {"learning_rate": 0.1, "decay": 0.9, "epsilon": 1e-7}),
    "Adagrad": lambda: (nn.Adagrad, {"learning_rate": 0.1, "epsilon": 1e-7}),
    "Adam": lambda: (nn.Adam, {"learning_rate": 0.1, "beta_1": 0.9, "beta_2": 0.9, "epsilon": 1e-7}),
    "L1": lambda: (nn.L1, {"rate": 0.1}),
    "L2": lambda: (nn.L2, {"rate": 0.1}),
    "elu": lambda: (nn.activations.elu, {"alpha": 2.0}),
    "activation": lambda: (nn.activations.get, {"activation": "elu(alpha=2)"}),
    "initializer": lambda: (nn.initializers.get, {"initializer": "normal(std=2)"}),
    "normal": lambda: (nn.initializers.normal, {"std": 0.5}),
    "schedule": lambda: (nn.schedules.get, {"schedule": "step(every=2)"}),
    "cosine": lambda: (nn.schedules.cosine, {"epochs": 20}),
    "loss": lambda: (nn.losses.get, {"loss": "mean_squared_error", "output": "sigmoid"}),
    "forward": lambda: (_net().forward, {"X": X}),
    "predict": lambda: (_net().predict, {"X": X}),
    "predict_proba": lambda: (_net().predict_proba, {"X": X}),
    "hidden_activations": lambda: (_net().hidden_activations, {"X": X}),
    "loss_and_gradient": lambda: (_net().loss_and_gradient, {"X": X, "y": np.arange(20) % 2, "loss": None}),
    "check_gradient": lambda: (nn.check_gradient, {"network": _net(), "X": X, "y": np.arange(20) % 2, "loss": None}),
    "explain_step": lambda: (nn.explain_step, {
        "network": _net(), "X": X, "y": np.arange(20) % 2, "loss": None, "optimizer": None, "regularizer": None,
        "dropout": 0.0, "rng": None, "masks": None, "schedule": "constant", "epoch": 0}),
    "to_latex": lambda: (nn.explain_step(_net(), X, np.arange(20) % 2).to_latex,
                         {"layer": 0, "unit": 1, "sample": 3}),
    "parameters": lambda: (_set_parameters, {"given": np.zeros(13)}),
    "session": lambda: (nn.TrainingSession, {
        "network": _net(), "train": DATA, "test": None, "loss": None, "optimizer": None, "batch_size": 5,
        "shuffle": True,
        "regularizer": None, "dropout": 0.0, "schedule": "constant", "evaluate_every": 1, "seed": 0}),
    "run": lambda: (_session().run, {"epochs": 2}),
    "step": lambda: (_session().step, {"n": 2}),
    "score": lambda: (_session().score, {"data": DATA}),
    "restore": lambda: (_session().restore, {"state": _session().snapshot()}),
    "set learning_rate": lambda: (_setter(lambda: _session().optimizer, "learning_rate"), {"given": 0.1}),
    "set momentum": lambda: (_setter(lambda: _session().optimizer, "momentum"), {"given": 0.1}),
    "set optimizer": lambda: (_setter(_session, "optimizer"), {"given": nn.SGD()}),
    "set dropout": lambda: (_setter(_session, "dropout"), {"given": 0.1}),
    "set regularizer": lambda: (_setter(_session, "regularizer"), {"given": None}),
    "SeedFan": lambda: (nn.SeedFan, {"config": TINY, "seeds": 2, "fresh_data": False, "evaluate_every": 1}),
    "run of a fan": lambda: (nn.SeedFan(TINY, 2).run, {"epochs": 2}),
    "success_rate": lambda: (nn.SeedFan(TINY, 2).success_rate, {"target": 0.5, "which": None}),
    "restore a fan": lambda: (nn.SeedFan(TINY, 2).restore, {"state": nn.SeedFan(TINY, 2).snapshot()}),
    "Sweep": lambda: (nn.Sweep, {"config": TINY, "grid": {"noise": [0.1]}, "seeds": 2, "epochs": 2}),
    "values of a sweep": lambda: (lambda **grid: nn.Sweep(TINY, grid, 1, 1), {"noise": [0.1], "hidden_sizes": [(2,)]}),
    "file of a sweep": lambda: (nn.Sweep.from_dict, {"saved": nn.Sweep(TINY, {"noise": [0.1]}, 1, 1).to_dict()}),
    "part of such a file": lambda: (
        lambda **parts: nn.Sweep.from_dict(parts), nn.Sweep(TINY, {"noise": [0.1]}, 1, 1).to_dict()),
    "notebook": lambda: (nn.export.notebook, {"run": TINY, "epochs": 1, "framework": "numpy", "frame": None}),
    "record": lambda: (nn.export.record, {"config": TINY, "epochs": 2, "epochs_per_frame": None}),
    "replay_page": lambda: (nn.export.replay_page, {"recording": nn.export.record(TINY, 1), "link": "", "last": None}),
    "to_onnx": lambda: (nn.export.to_onnx, {"network": TINY.build().network, "config": TINY}),
    "to_npz": lambda: (nn.export.to_npz, {"network": _net()}),
    "Classifier": lambda: (lambda **said: nn.Classifier(**said).fit(X, DATA.y).predict(X),
                           nn.Classifier(hidden_sizes=(2,), epochs=2, early_stopping=True).get_params()),
    "Regressor": lambda: (lambda **said: nn.Regressor(**said).fit(X, X[:, 0]).predict(X),
                          nn.Regressor(hidden_sizes=(2,), epochs=2, warm_start=True).get_params()),
    "plot_boundary": lambda: (nn.plot_boundary, {
        "network": _net(), "data": DATA, "output": 0, "resolution": 3, "dark": False}),
    "plot_history": lambda: (nn.plot_history, {"session": _session().history, "dark": False}),
    "column of a history": lambda: (
        lambda **columns: nn.plot_history(columns), {name: [1.0, 0.5] for name in _session().history}),
    "plot_network": lambda: (nn.plot_network, {
        "network": _net(), "feature_names": ["a", "b"], "class_names": ["u", "v"], "dark": False}),
    "cells": lambda: (nn.Sweep(TINY, {"noise": [0.1]}, 1, 1).run().cells, {"measure": "test_loss", "threshold": 1.0}),
}  # fmt: skip


def _session() -> nn.TrainingSession:
    return nn.TrainingSession(_net(), DATA, batch_size=5)


def _set_parameters(given: Any) -> nn.Network:
    network = _net()
    network.parameters = given
    return network


def _setter(make: Callable[[], Any], name: str) -> Callable[..., Any]:
    def set_it(given: Any) -> Any:
        owner = make()
        setattr(owner, name, given)
        return owner

    return set_it


def case(random: Random) -> Case:
    """Return a call."""
    name = random.choice(tuple(CALLS))
    function, arguments = CALLS[name]()
    arguments = dict(arguments)
    for argument in random.sample(list(arguments), min(len(arguments), random.choice((1, 1, 1, 2)))):
        arguments[argument] = values.value(random)
    for argument in {"n", "epochs"} & arguments.keys():
        if isinstance(arguments[argument], int) and arguments[argument] > 100:
            arguments[argument] = 100  # to train for so long is no mistake
    said = ", ".join(f"{key}={values.said(each)}" for key, each in arguments.items())
    return Case(f"{name}({said:.300})", len(said), lambda: function(**_fresh(arguments)), _use)


def _fresh(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments for another call: iterators and networks are used up by the first."""
    return {key: copy.copy(value) for key, value in arguments.items()}


def _use(accepted: Any) -> None:
    if isinstance(accepted, nn.Network):
        if accepted.parameters.size > 100_000:
            raise Unused
        assert accepted.forward(np.zeros((3, accepted.n_inputs))).shape == (3, accepted.n_outputs)
    elif isinstance(accepted, nn.Sweep):
        assert nn.Sweep.from_dict(accepted.to_dict()).to_dict() == accepted.to_dict()
        accepted.advance(0.01)
    elif isinstance(accepted, nn.TrainingSession):
        accepted.step()
        accepted.run(1)
    elif isinstance(accepted, nn.datasets.Dataset):
        if accepted.n_samples >= 10 and accepted.y.ndim == 1:
            n = max(1, accepted.n_classes)
            output = "softmax" if n > 1 else "identity"
            nn.TrainingSession(nn.Network([accepted.n_features, 2, n], output=output), accepted).step()
    elif isinstance(accepted, nn.ExperimentConfig):
        train(accepted)
        assert nn.ExperimentConfig.from_query(accepted.to_query()) == (accepted, [])
    elif isinstance(accepted, nn.optimizers.Optimizer):
        nn.TrainingSession(_net(), DATA, optimizer=dataclasses.replace(accepted), batch_size=5).step()
