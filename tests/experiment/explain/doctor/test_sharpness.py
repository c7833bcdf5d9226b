"""Sharpness against the whole Hessian, and the largest stable rate against steps on a parabola."""

from __future__ import annotations

import numpy as np
import pytest

import nnplay as nn
from nnplay.engine import Optimizer
from nnplay.experiment.explain.doctor.case import Case
from nnplay.experiment.explain.doctor.diagnosis import moment_of
from nnplay.experiment.explain.doctor.sharpness import sharpness, stable_product, step_scale


def whole_hessian(network: nn.Network, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the Hessian of the mean loss, a column for each parameter."""
    at = network.parameters.copy()
    columns = []
    for i in range(at.size):
        gradients = []
        for step in (1e-5, -1e-5):
            network.parameters = at + step * (np.arange(at.size) == i)
            gradients.append(network.loss_and_gradient(X, y)[1])
        columns.append((gradients[0] - gradients[1]) / 2e-5)
    network.parameters = at
    hessian = np.array(columns)
    return (hessian + hessian.T) / 2


def session_of(**settings: object) -> nn.TrainingSession:
    config = nn.ExperimentConfig(dataset="moons", n_samples=80, hidden_sizes=(3,), **settings)  # type: ignore[arg-type]
    return config.build().run(10)


@pytest.mark.parametrize("batch_size", [None, 10])
def test_sharpness_is_the_largest_eigenvalue_of_the_hessian(batch_size: int | None) -> None:
    session = session_of(batch_size=batch_size)
    largest = np.linalg.eigvalsh(whole_hessian(session.network.copy(), session.train.X, session.train.y))[-1]
    case = Case(moment_of(session))
    exact = sharpness(case.gradient_at, session.network.parameters, most=100, close=1e-9)
    assert exact == pytest.approx(largest, rel=1e-5)
    assert case.sharpness == pytest.approx(largest, rel=0.02)
    assert case.rate_share == pytest.approx(0.03 * largest / (2 * 1.9), rel=0.02)


def test_a_penalty_and_adams_scale_are_part_of_it() -> None:
    session = session_of(optimizer="adam", learning_rate=0.01, regularizer="l2", regularization_rate=0.1)
    hessian = whole_hessian(session.network.copy(), session.train.X, session.train.y)
    hessian += 0.1 * np.diag(session.network.is_weight)
    optimizer = session.optimizer
    state = optimizer.snapshot()
    scale = np.sqrt(1 - 0.999 ** state["n_updates"]) / (np.sqrt(state["vectors"]["mean_square"]) + 1e-8)
    np.testing.assert_allclose(step_scale(optimizer), scale)
    largest = np.linalg.eigvalsh(np.sqrt(scale)[:, None] * hessian * np.sqrt(scale))[-1]
    case = Case(moment_of(session))
    exact = sharpness(case.gradient_at, session.network.parameters, step_scale(optimizer), most=100, close=1e-9)
    assert exact == pytest.approx(largest, rel=1e-5)
    assert case.rate_share == pytest.approx(0.01 * largest / 38, rel=0.1)


def grows(optimizer: Optimizer, product: float) -> bool:
    """Return whether steps on the parabola ``product / rate · x² / 2`` lead away from its bottom."""
    x = np.array([1.0])
    optimizer.bind(x)
    curvature = product / optimizer.learning_rate
    for _ in range(2000):
        optimizer.update(x, curvature * x, optimizer.learning_rate)
        if abs(x[0]) > 1e6:
            return True
    return False


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("nesterov", [False, True])
def test_beyond_the_stable_product_steps_on_a_parabola_grow(momentum: float, nesterov: bool) -> None:
    optimizer = nn.SGD(learning_rate=0.1, momentum=momentum, nesterov=nesterov)
    edge = stable_product(optimizer)
    assert not grows(optimizer, 0.99 * edge)
    assert grows(optimizer, 1.05 * edge)


def test_an_averaged_gradient_allows_more() -> None:
    x, mean, products = 1.0, 0.0, stable_product(nn.Adam(beta_1=0.9))
    assert products == pytest.approx(38)
    for share, is_stable in ((0.99, True), (1.05, False)):
        x, mean = 1.0, 0.0
        for _ in range(3000):
            mean = 0.9 * mean + 0.1 * x
            x -= share * products * mean
            if abs(x) > 1e6:
                break
        assert (abs(x) < 1) is is_stable
