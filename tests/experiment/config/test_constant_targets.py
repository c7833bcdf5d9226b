"""R² of targets that are constant, also where rounding leaves them a spread: undefined, wherever it is told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import r2_score

import nnplay as nn
from nnplay.datasets import Dataset
from nnplay.engine import losses
from nnplay.experiment.measures.baselines import baselines
from nnplay.experiment.measures.scores import r_squared

X = np.linspace(-1.0, 1.0, 1000)[:, None]
PREDICTED = 0.3 + 0.1 * X[:, 0]


def engine_score(y: np.ndarray) -> float:
    network = nn.Network([1, 1], output="identity")
    network.parameters = [0.1, 0.3]
    return nn.TrainingSession(network, Dataset(X, y, task="regression")).history["train_score"][0]


def single_precision_score(y: np.ndarray) -> float:
    network = nn.Network([1, 1], output="identity", dtype="float32")
    network.parameters = [0.1, 0.3]
    return nn.TrainingSession(network, Dataset(X, y, task="regression")).history["train_score"][0]


def measured(y: np.ndarray) -> float:
    return r_squared(y, PREDICTED)


def linear_baseline(y: np.ndarray) -> float:
    return baselines(Dataset(X, y, task="regression"), None, losses.get(None, "identity"), 1)[1].train_score


SCORES = [engine_score, single_precision_score, measured, linear_baseline]


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize(
    "y",
    [np.full(1000, 5.0), np.full(1000, 0.1), np.full(1000, 1 / 3), np.full(1000, -1e12 / 7), np.full(1000, 1e-300 / 3)],
    ids=["five", "a tenth", "a third", "large", "tiny"],
)
def test_r_squared_of_a_constant_target_is_nan(score: Callable[[np.ndarray], float], y: np.ndarray) -> None:
    assert np.isnan(score(y))


@pytest.mark.parametrize("score", SCORES)
def test_a_small_spread_about_a_large_mean_counts(score: Callable[[np.ndarray], float]) -> None:
    assert np.isfinite(score(100.0 + 0.01 * X[:, 0]))


def test_what_is_constant_in_single_precision_has_no_score_there() -> None:
    y = 1e6 + 0.01 * X[:, 0]
    assert np.isnan(single_precision_score(y))
    assert np.isfinite(engine_score(y))


def test_several_targets_are_scored_together_each_by_its_spread() -> None:
    y = np.column_stack([X[:, 0], 10 * X[:, 0] ** 2])
    network = nn.Network([1, 2], output="identity")
    session = nn.TrainingSession(network, Dataset(X, y))
    expected = r2_score(y, network.forward(X), multioutput="variance_weighted")
    assert session.history["train_score"][0] == pytest.approx(expected, rel=1e-12)
