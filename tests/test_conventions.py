"""The conventions that docs/conventions.md states: a test for each row of its table, of the name that it gives."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import log_loss, r2_score
from sklearn.neural_network import MLPClassifier, MLPRegressor

import nnplay as nn
from nnplay.datasets import Dataset
from tests import ROOT

PAGE = ROOT / "docs" / "conventions.md"
RNG = np.random.default_rng(0)
X = RNG.normal(size=(12, 2))
TARGETS = np.column_stack([X[:, 0] + 0.1 * X[:, 1] ** 2, 10 * X[:, 1] ** 2])
LABELS = (X[:, 0] > 0).astype(int)
HALVES = Dataset(X, LABELS)


def linear(n_outputs: int = 1, output: str = "identity", seed: int = 1) -> nn.Network:
    return nn.Network([2, n_outputs], output=output, seed=seed)


def step_of(optimizer: Any, gradients: list[float], rates: list[float] | None = None) -> float:
    """Return where a parameter that starts at 0 is after steps with these gradients."""
    parameters = np.zeros(1)
    optimizer.bind(parameters)
    for gradient, rate in zip(gradients, rates or [optimizer.learning_rate] * len(gradients), strict=True):
        optimizer.update(parameters, np.array([gradient]), rate)
    return float(parameters[0])


def test_every_row_of_the_page_has_its_test() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    named = [re.fullmatch(r".*\| `(\w+)` \|", row) for row in rows]
    assert len(rows) >= 15
    names = {f"test_{match[1]}" for match in named if match}
    assert len(names) == len(rows)
    assert names <= set(globals())


def test_binary_cross_entropy_is_summed_over_outputs() -> None:
    network, y = linear(3, "sigmoid"), RNG.integers(0, 2, (12, 3)).astype(float)
    p = network.forward(X)
    each = [log_loss(y[:, k], p[:, k], labels=[0, 1]) for k in range(3)]
    assert network.loss_and_gradient(X, y)[0] == pytest.approx(sum(each), rel=1e-12)


def test_mean_squared_error_is_a_mean_over_both() -> None:
    network = linear(2)
    expected = np.mean((network.forward(X) - TARGETS) ** 2)
    assert network.loss_and_gradient(X, TARGETS, "mean_squared_error")[0] == pytest.approx(expected, rel=1e-12)
    theirs = MLPRegressor(
        hidden_layer_sizes=(), solver="sgd", learning_rate_init=1e-12, alpha=0, max_iter=1, batch_size=12
    )
    with pytest.warns(UserWarning, match="iterations"):
        theirs.fit(X, TARGETS)
    twin = linear(2)
    twin.weights, twin.biases = theirs.coefs_, theirs.intercepts_
    assert twin.loss_and_gradient(X, TARGETS, "mean_squared_error")[0] == pytest.approx(2 * theirs.loss_, rel=1e-9)


def test_r_squared_weighs_targets_by_their_spread() -> None:
    network = linear(2)
    score = nn.TrainingSession(network, Dataset(X, TARGETS)).history["train_score"][0]
    assert score == pytest.approx(r2_score(TARGETS, network.forward(X), multioutput="variance_weighted"), rel=1e-12)
    assert score != pytest.approx(r2_score(TARGETS, network.forward(X)), rel=1e-3)


def test_r_squared_of_a_constant_target_is_undefined() -> None:
    assert math.isnan(nn.TrainingSession(linear(), Dataset(X, np.full(12, 0.1))).history["train_score"][0])


@pytest.mark.parametrize("batch_size", [4, 12])
def test_the_penalty_does_not_depend_on_the_batch_size(batch_size: int) -> None:
    rate = 0.3
    session = nn.TrainingSession(
        linear(1, "sigmoid"),
        HALVES,
        optimizer=nn.SGD(0.1),
        regularizer=nn.L2(rate),
        batch_size=batch_size,
        shuffle=False,
    )
    network = session.network.copy()
    gradient = network.loss_and_gradient(X[:batch_size], LABELS[:batch_size])[1]
    gradient[:2] += rate * network.parameters[:2]
    session.step()
    np.testing.assert_allclose(session.network.parameters, network.parameters - 0.1 * gradient, rtol=1e-12)
    theirs = MLPClassifier(
        hidden_layer_sizes=(), solver="sgd", learning_rate_init=0.1, momentum=0, nesterovs_momentum=False
    )
    theirs.set_params(alpha=rate * batch_size, batch_size=batch_size, shuffle=False, random_state=0)
    theirs.partial_fit(X[:batch_size], LABELS[:batch_size], classes=[0, 1])  # fixes the shapes
    theirs.coefs_[0][:], theirs.intercepts_[0][:] = network.weights[0], network.biases[0]
    theirs.partial_fit(X[:batch_size], LABELS[:batch_size])
    np.testing.assert_allclose(theirs.coefs_[0], session.network.weights[0], rtol=1e-9)


def test_reported_losses_are_without_penalty_and_dropout() -> None:
    network = nn.Network([2, 4, 1])
    session = nn.TrainingSession(network, HALVES, regularizer=nn.L2(1.0), dropout=0.5).run(2)
    assert session.history["train_loss"][-1] == pytest.approx(network.loss_and_gradient(X, LABELS)[0], rel=1e-12)


def test_row_0_is_the_untrained_network() -> None:
    network = linear(1, "sigmoid")
    untrained = network.loss_and_gradient(X, LABELS)[0]
    history = nn.TrainingSession(network, HALVES).run(2).history
    assert history["epoch"].tolist() == [0, 1, 2]
    assert history["train_loss"][0] == pytest.approx(untrained, rel=1e-12)


def test_a_rows_learning_rate_is_that_of_the_next_step() -> None:
    session = nn.TrainingSession(linear(1, "sigmoid"), HALVES, optimizer=nn.SGD(0.8), schedule="step(every=1)").run(2)
    assert session.history["learning_rate"].tolist() == [0.8, 0.4, 0.2]
    before, gradient = session.network.parameters.copy(), session.network.loss_and_gradient(X, LABELS)[1]
    session.step()
    np.testing.assert_allclose(session.network.parameters, before - 0.2 * gradient)


def test_the_velocity_holds_the_rate() -> None:
    # velocity −0.1, then 0.5·(−0.1) − 0.01; with the rate outside it would be −0.1 − 0.01·1.5
    assert step_of(nn.SGD(0.1, momentum=0.5), [1.0, 1.0], [0.1, 0.01]) == pytest.approx(-0.1 - 0.06)


def test_nesterov_looks_ahead_along_the_new_velocity() -> None:
    # velocities −0.1 and −0.15; steps 0.5·(−0.1) − 0.1 and 0.5·(−0.15) − 0.1
    assert step_of(nn.SGD(0.1, momentum=0.5, nesterov=True), [1.0, 1.0]) == pytest.approx(-0.15 - 0.175)


def test_adams_epsilon_is_added_before_the_correction() -> None:
    epsilon = 0.01
    root = math.sqrt(0.001 * 2.0**2)
    expected = -0.1 * math.sqrt(0.001) / 0.1 * (0.1 * 2.0) / (root + epsilon)
    assert step_of(nn.Adam(0.1, epsilon=epsilon), [2.0]) == pytest.approx(expected)
    after = -0.1 * 2.0 / (2.0 + epsilon / math.sqrt(0.001))
    assert expected == pytest.approx(after)


def test_epsilon_is_added_after_the_root() -> None:
    assert step_of(nn.RMSProp(0.1, epsilon=0.5), [2.0]) == pytest.approx(-0.2 / (math.sqrt(0.1 * 4) + 0.5))
    assert step_of(nn.Adagrad(0.1, epsilon=0.5), [2.0]) == pytest.approx(-0.2 / (2.0 + 0.5))


def test_the_last_batch_is_what_is_left() -> None:
    session = nn.TrainingSession(linear(1, "sigmoid"), HALVES, optimizer=nn.SGD(0.1), batch_size=11, shuffle=False)
    session.step()
    before, gradient = session.network.parameters.copy(), session.network.loss_and_gradient(X[11:], LABELS[11:])[1]
    session.step()
    np.testing.assert_allclose(session.network.parameters, before - 0.1 * gradient)
    assert session.epoch == 1


def test_weights_have_a_row_for_each_input() -> None:
    assert nn.Network([2, 3, 1]).weights[0].shape == (2, 3)


def test_half_is_class_0() -> None:
    network = nn.Network([2, 1], initializer="zeros")
    assert network.forward(X[:1]).tolist() == [[0.5]]
    assert network.predict(X[:1]).tolist() == [0]
    assert nn.Network([2, 3], output="softmax", initializer="zeros").predict(X[:1]).tolist() == [0]


def test_dropout_scales_while_training() -> None:
    network = nn.Network([2, 1, 1], "identity", "identity", "zeros")
    network.weights = [[[1.0], [0.0]], [[0.0]]]
    session = nn.TrainingSession(network, Dataset([[1.0, 0.0]], [5.0]), optimizer=nn.SGD(1.0), dropout=0.75)
    session.step()
    moved = network.weights[1][0, 0]  # the gradient of the last weight is the hidden unit's activation times −2·5
    assert moved == pytest.approx(0.0) or moved == pytest.approx(10.0 / 0.25)


def test_gelu_is_the_tanh_form() -> None:
    z = 1.3
    tanh_form = z / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))
    assert nn.activations.gelu()(z) == pytest.approx(tanh_form, rel=1e-12)
    assert nn.activations.gelu()(z) != pytest.approx(z / 2 * (1 + math.erf(z / math.sqrt(2))), rel=1e-6)


def test_leaky_relu_has_slope_a_hundredth() -> None:
    assert nn.activations.leaky_relu()(np.array([-2.0])).tolist() == [-0.02]
