"""What is measured of a run, against what can be worked out by hand."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

import nnplay as nn
from nnplay.datasets import Dataset
from nnplay.engine import losses
from nnplay.lessons import measures
from nnplay.lessons.measures import MEASURES, Trained, in_unit

X = np.array([[-2.0], [-1.0], [1.0], [2.0]])
HISTORY = {
    "epoch": np.array([0, 1, 2, 3]),
    "train_loss": np.array([0.9, 0.5, 0.6, 0.3]),
    "test_loss": np.array([0.8, 0.4, 0.5, 0.6]),
    "train_score": np.array([0.5, 0.75, 0.75, 1.0]),
    "test_score": np.array([0.5, 0.5, 0.75, 0.75]),
}


def run(activation: str = "relu", task: str = "classification", weights: tuple[float, ...] = (1.0, -1.0)) -> Trained:
    """Return 1-2-1, its hidden units looking to the right and to the left, as it stands after three epochs."""
    network = nn.Network([1, 2, 1], activation, "sigmoid" if task == "classification" else "identity")
    network.parameters[:] = 0
    network.weights[0][:] = [weights]
    network.weights[1][:] = [[1.0], [-1.0]]
    y = np.array([0, 0, 1, 1]) if task == "classification" else np.array([-2.0, -1.0, 1.0, 4.0])
    data = Dataset(X, y)
    return Trained(network, losses.get(None, network.output.name), data, data, HISTORY, diverged=False)


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


#: With ReLU units the network gives sigmoid(x), or x itself.
SURE = [sigmoid(1), sigmoid(2)]
KNOWN = [
    ("train_loss", run(), 0.3),
    ("test_loss", run(), 0.6),
    ("train_score", run(), 1.0),
    ("test_score", run(), 0.75),
    ("diverged", run(), 0.0),
    ("score_gap", run(), 0.25),
    ("loss_gap", run(), 0.3),
    ("test_loss_rise", run(), 1.5),
    ("loss_rises", run(), 1 / 3),
    ("epochs_to(train_loss=0.5)", run(), 1),
    ("epochs_to(test_loss=0.45)", run(), 1),
    ("epochs_to(train_score=0.75)", run(), 1),
    ("epochs_to(test_score=0.8)", run(), math.inf),
    ("dead_units", run(), 0.0),
    ("dead_units", run(weights=(0.0, -1.0)), 0.5),
    ("dead_units(layer=1)", run(weights=(0.0, 0.0)), 1.0),
    ("dead_units", run("tanh", weights=(0.0, 9.0)), 0.0),
    ("saturated_units", run("tanh", weights=(9.0, 0.1)), 0.5),
    ("saturated_units(layer=1)", run("tanh"), 0.0),
    ("saturated_units", run("identity", weights=(99.0, 99.0)), 0.0),
    ("confidence", run(), sum(SURE) / 2),
    ("calibration_error", run(), 1 - sum(SURE) / 2),
    ("mean_weight", run(weights=(3.0, -1.0)), 1.5),
    ("mean_absolute_error", run(task="regression"), 0.5),
    ("output_at(x1=-3)", run(task="regression"), -3.0),
    ("output_at(x1=1)", run(), sigmoid(1)),
    ("gradient_error", run(), 0.0),
]


@pytest.mark.parametrize(("name", "of", "expected"), KNOWN, ids=lambda each: each if isinstance(each, str) else "")
def test_a_measure_is_what_it_says(name: str, of: Trained, expected: float) -> None:
    measure = measures.get(name)
    assert measure.of(of) == pytest.approx(expected, abs=1e-6)
    assert measure.label
    assert str(measures.get(str(measure))) == str(measure)


def test_every_measure_is_known() -> None:
    assert {name.partition("(")[0] for name, _, _ in KNOWN} == set(MEASURES)


@pytest.mark.parametrize("name", ["mean_absolute_error", "output_at(x1=1, output=2)", "dead_units(layer=2)"])
def test_what_isnt_there_is_no_number(name: str) -> None:
    assert math.isnan(measures.get(name).of(run()))


@pytest.mark.parametrize("name", ["calibration_error", "confidence"])
def test_a_number_has_no_probability(name: str) -> None:
    assert math.isnan(measures.get(name).of(run(task="regression")))


@pytest.mark.parametrize("name", [name if name != "epochs_to" else "epochs_to(train_loss=0.1)" for name in MEASURES])
def test_a_run_that_diverged_has_no_measures(name: str) -> None:
    config = nn.ExperimentConfig(dataset="hills", hidden_sizes=(8,), activation="relu", learning_rate=100, momentum=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nn.DivergenceWarning)
        session = config.build().run(5)
        fan = nn.SeedFan(config, 2).run(5)
    assert session.divergence
    for trained in (Trained.of_session(session), Trained.of_fan(fan, 1)):
        value = measures.get(name).of(trained)
        if name == "diverged":
            assert value == 1
        elif name != "loss_rises":
            assert not math.isfinite(value)


def test_a_fan_and_a_session_are_measured_alike() -> None:
    config = nn.ExperimentConfig(dataset="moons", n_samples=80, hidden_sizes=(4,))
    fan, session = (
        nn.SeedFan(config, [0, 5]).run(6),
        nn.ExperimentConfig.from_dict(config.to_dict() | {"seed": 5, "data_seed": 0}).build().run(6),
    )
    for name, of, _ in KNOWN:
        if of.train.task == "classification" and "x1" not in name:
            alone, one = (measures.get(name).of(each) for each in (Trained.of_session(session), Trained.of_fan(fan, 1)))
            assert one == pytest.approx(alone, rel=1e-6, abs=1e-7, nan_ok=True), name


@pytest.mark.parametrize(("unit", "expected"), [("%", 75.0), (" % ", 75.0), ("", 0.75), ("points", 0.75)])
def test_a_share_in_per_cent(unit: str, expected: float) -> None:
    assert in_unit(measures.get("test_score"), 0.75, unit) == expected
    assert in_unit(measures.get("test_loss"), 0.75, unit) == 0.75
