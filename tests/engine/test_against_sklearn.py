"""Trajectories equal to scikit-learn's multi-layer perceptron, from the same weights on the same batches.

scikit-learn's solvers and ours are written apart, so what they agree on to nine digits over 20 steps is right in both.
Its regression loss, half the squared error, is our ``quadratic``; its penalty alpha is divided by the samples of the
batch, ours isn't.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

import nnplay as nn
from nnplay.engine.optimizers import Optimizer

N_SAMPLES = 60
RATE = 0.05
SOLVERS: dict[str, tuple[dict[str, Any], Callable[[], Optimizer]]] = {
    "sgd": ({"solver": "sgd", "momentum": 0.0}, lambda: nn.SGD(RATE)),
    "momentum": (
        {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": False},
        lambda: nn.SGD(RATE, momentum=0.9),
    ),
    "nesterov": (
        {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": True},
        lambda: nn.SGD(RATE, momentum=0.9, nesterov=True),
    ),
    "adam": ({"solver": "adam"}, lambda: nn.Adam(RATE)),
}
ACTIVATIONS = {"tanh": "tanh", "relu": "relu", "sigmoid": "logistic"}
TASKS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "binary": ("moons", {}, "sigmoid", "binary_cross_entropy"),
    "multi-class": ("spiral", {"arms": 3}, "softmax", "categorical_cross_entropy"),
    "regression": ("hills", {}, "identity", "quadratic"),
}


def twins(
    task: str, solver: str, activation: str, batch_size: int, l2: float = 0.0
) -> tuple[nn.TrainingSession, MLPClassifier | MLPRegressor]:
    """Return a session of ours and a scikit-learn model that start from the same weights."""
    dataset, options, output, loss = TASKS[task]
    data = nn.datasets.make(dataset, n_samples=N_SAMPLES, seed=1, **options)
    network = nn.Network([2, 5, 4, data.n_outputs], activation, output, seed=2)
    network.parameters += np.random.default_rng(3).normal(0, 0.1, network.parameters.size)  # biases other than 0
    settings, optimizer = SOLVERS[solver]
    session = nn.TrainingSession(
        network,
        data,
        loss=loss,
        optimizer=optimizer(),
        batch_size=batch_size,
        shuffle=False,
        regularizer=nn.L2(l2) if l2 else None,
    )
    model = (MLPRegressor if data.task == "regression" else MLPClassifier)(
        hidden_layer_sizes=(5, 4),
        activation=ACTIVATIONS[activation],
        alpha=l2 * batch_size,
        batch_size=batch_size,
        learning_rate_init=RATE,
        shuffle=False,
        warm_start=True,
        max_iter=1,
        tol=0.0,
        n_iter_no_change=1000,
        **settings,
    )
    fit(model, data)  # makes the arrays; a warm start then keeps the weights put in them, with a fresh solver
    model.coefs_ = [weights.copy() for weights in network.weights]
    model.intercepts_ = [biases.copy() for biases in network.biases]
    return session, model


def fit(model: Any, data: nn.datasets.Dataset) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(data.X, data.y)


def assert_equal_after(epochs: int, session: nn.TrainingSession, model: Any) -> None:
    before = session.network.parameters.copy()
    session.run(epochs)
    model.max_iter = epochs
    fit(model, session.train)
    assert model.n_iter_ == epochs
    for ours, theirs in zip(session.network.weights, model.coefs_, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
    for ours, theirs in zip(session.network.biases, model.intercepts_, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
    assert (
        np.abs(session.network.parameters - before).max() > 1e-3 * epochs
    )  # both have moved, and by more than rounding


@pytest.mark.parametrize("epochs", [1, 2, 20])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("task", TASKS)
def test_full_batch_steps_are_those_of_scikit_learn(task: str, solver: str, activation: str, epochs: int) -> None:
    assert_equal_after(epochs, *twins(task, solver, activation, N_SAMPLES))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("task", TASKS)
def test_twenty_mini_batch_steps_are_those_of_scikit_learn(task: str, solver: str, activation: str) -> None:
    session, model = twins(task, solver, activation, batch_size=16)  # 16, 16, 16 and 12
    assert session.steps_per_epoch == 4
    assert_equal_after(5, session, model)
    assert session.n_steps == 20


@pytest.mark.parametrize("batch_size", [N_SAMPLES, 15])
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("task", TASKS)
def test_weight_decay_is_that_of_scikit_learn(task: str, solver: str, batch_size: int) -> None:
    assert_equal_after(5, *twins(task, solver, "tanh", batch_size, l2=0.1))


@pytest.mark.parametrize("task", TASKS)
def test_predictions_are_those_of_scikit_learn(task: str) -> None:
    session, model = twins(task, "adam", "tanh", N_SAMPLES)
    session.run(20)
    model.max_iter = 20
    fit(model, session.train)
    X = np.random.default_rng(0).normal(size=(50, 2))
    np.testing.assert_allclose(session.network.predict(X), model.predict(X), rtol=1e-9)
    assert session.score(session.train) == pytest.approx(model.score(session.train.X, session.train.y), rel=1e-9)
    if task != "regression":
        np.testing.assert_allclose(session.network.predict_proba(X), model.predict_proba(X), rtol=1e-9)
