"""Scaling, baselines, importance and response curves: equal to scikit-learn's, or right by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import datasets as sklearn_datasets
from sklearn import linear_model, metrics
from sklearn.preprocessing import StandardScaler

import nnplay as nn
from nnplay.engine import losses
from nnplay.experiment.config.preparation import InputScaling, TargetScaling, scaled
from nnplay.experiment.measures.baselines import baselines
from nnplay.experiment.measures.column_effects import GRID, Importance, Responses, column_ends

MSE, BCE, CCE = (
    losses.get(name, output)
    for name, output in [
        ("mean_squared_error", "identity"),
        ("binary_cross_entropy", "sigmoid"),
        ("categorical_cross_entropy", "softmax"),
    ]
)


def linear_network(weights: list[float], bias: float) -> nn.Network:
    network = nn.Network([len(weights), 1], output="identity")
    network.weights[0][:, 0] = weights
    network.biases[0][:] = bias
    return network


@pytest.fixture(scope="module")
def diabetes() -> nn.datasets.Dataset:
    X, y = sklearn_datasets.load_diabetes(return_X_y=True, scaled=False)
    return nn.datasets.Dataset(X, y, "regression")


@pytest.fixture(scope="module")
def wine() -> nn.datasets.Dataset:
    return nn.datasets.Dataset(*sklearn_datasets.load_wine(return_X_y=True))


# --- scaling ------------------------------------------------------------------------------------------------


def test_columns_are_scaled_by_the_training_rows_alone(diabetes: nn.datasets.Dataset) -> None:
    train, test = diabetes.split(0.25, seed=1)
    scaling = InputScaling.of(train.X)
    peer = StandardScaler().fit(train.X)
    np.testing.assert_allclose(scaling.apply(test.X), peer.transform(test.X))
    np.testing.assert_allclose(scaling.undo(scaling.apply(test.X)), test.X)
    still = InputScaling.of(np.column_stack([train.X[:, 0], np.full(train.n_samples, 7.0)]))
    assert still.apply(np.array([[0.0, 7.0]]))[0, 1] == 0


def test_a_target_comes_back_from_its_scale() -> None:
    y = np.array([1.0, 2.0, 4.0, 400.0])
    standard = TargetScaling.of(y, standardise=True).apply(y)
    assert (standard.mean(), standard.std()) == pytest.approx((0, 1))
    for log in (False, True):
        for standardise in (False, True):
            scaling = TargetScaling.of(y, log=log, standardise=standardise)
            np.testing.assert_allclose(scaling.undo(scaling.apply(y)), y)
            assert scaling.is_identity == (not log and not standardise)
    # Differences of logarithms stay what they are, so that squared errors can be compared.
    shifted = TargetScaling.of(y, log=True, standardise=True).apply(y)
    np.testing.assert_allclose(np.diff(shifted), np.diff(np.log(y)))
    refusal = r"log_target must be off unless the target is positive in every row; got 0\."
    with pytest.raises(ValueError, match=refusal):
        TargetScaling.of(np.array([1.0, 0.0]), log=True)


# --- baselines ----------------------------------------------------------------------------------------------


def test_regression_has_the_mean_and_a_line_to_beat(diabetes: nn.datasets.Dataset) -> None:
    train, test = diabetes.split(0.25, seed=1)
    mean, linear = baselines(train, test, MSE, 1)
    assert mean.test_loss == pytest.approx(np.mean(np.square(test.y - train.y.mean())))
    assert mean.train_score == pytest.approx(0, abs=1e-12)
    peer = linear_model.LinearRegression().fit(train.X, train.y)
    assert linear.test_loss == pytest.approx(metrics.mean_squared_error(test.y, peer.predict(test.X)))
    assert linear.test_score == pytest.approx(peer.score(test.X, test.y))
    scaled_train, scaled_test = (scaled(part, InputScaling.of(train.X), None) for part in (train, test))
    assert baselines(scaled_train, scaled_test, MSE, 1)[1].test_loss == pytest.approx(linear.test_loss)


def test_classes_have_shares_and_a_logistic_model_to_beat(wine: nn.datasets.Dataset) -> None:
    train, test = wine.split(0.25, seed=1)
    shares, logistic = baselines(train, test, CCE, 3)
    p = np.bincount(train.y) / train.n_samples
    assert shares.test_loss == pytest.approx(-np.log(p)[test.y].mean())
    assert shares.test_score == pytest.approx(np.mean(test.y == p.argmax()))
    scaler = StandardScaler().fit(train.X)
    peer = linear_model.LogisticRegression(max_iter=1000).fit(scaler.transform(train.X), train.y)
    assert logistic.test_score == pytest.approx(peer.score(scaler.transform(test.X), test.y))
    expected = metrics.log_loss(test.y, peer.predict_proba(scaler.transform(test.X)))
    assert logistic.test_loss == pytest.approx(expected, rel=1e-3)

    two = nn.datasets.Dataset(wine.X, (wine.y > 0).astype(int))
    train, test = two.split(0.25, seed=1)
    one_output, two_outputs = (baselines(train, test, loss, n)[1] for loss, n in ((BCE, 1), (CCE, 2)))
    assert one_output.test_loss == pytest.approx(two_outputs.test_loss)
    assert np.isnan(baselines(train, None, BCE, 1)[1].test_loss)


# --- importance and responses -------------------------------------------------------------------------------


def test_a_column_that_a_network_ignores_has_no_importance_and_a_flat_curve() -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(2000, 3))
    network = linear_network([2.0, 0.0, -0.5], bias=1.0)
    data = nn.datasets.Dataset(X, network.forward(X)[:, 0], "regression")
    importance = Importance(network, data, MSE)(network.parameters)
    # Two independent values differ by twice their variance: 2 · weight².
    np.testing.assert_allclose(importance, [8.0, 0.0, 0.5], rtol=0.25, atol=1e-5)
    half = Importance(network, data, losses.get("quadratic", "identity"))(network.parameters)
    np.testing.assert_allclose(half, importance / 2, rtol=1e-5)
    total = Importance(network, data, losses.get("sum_squared_error", "identity"))(network.parameters)
    np.testing.assert_allclose(total, importance, rtol=1e-5)

    responses = Responses(network, data)
    curves = responses(network.parameters)
    assert curves.shape == (3, 1, GRID)
    np.testing.assert_allclose(responses.ends, np.percentile(X, [1, 99], axis=0).T)
    rise = np.diff(curves[:, 0], axis=1).sum(axis=1)
    np.testing.assert_allclose(rise, [2.0, 0.0, -0.5] * np.diff(responses.ends)[:, 0], rtol=1e-4, atol=1e-5)
    other = linear_network([0.0, 1.0, 0.0], bias=0.0)
    importance = Importance(network, data, MSE)(other.parameters)  # it is the parameters that count
    assert np.abs(importance[[0, 2]]).max() < 1e-5 < 0.3 < importance[1]
    rare = np.zeros((1000, 1))
    rare[7] = 1.0
    np.testing.assert_array_equal(column_ends(rare), [[0.0, 1.0]])


def test_a_wide_table_and_a_large_network_cost_no_more() -> None:
    rng = np.random.default_rng(3)
    data = nn.datasets.Dataset(rng.normal(size=(500, 50)), rng.integers(0, 4, 500))
    network = nn.Network([50, 256, 256, 4], activation="relu", output="softmax")
    affordable = 5e7 / network.parameters.size
    importance, responses = Importance(network, data, CCE), Responses(network, data)
    assert importance(network.parameters).shape == (50,)
    assert responses(network.parameters).shape == (50, 4, GRID)
    assert importance._forward.n_samples < 1.2 * max(affordable, 8 * 51)
    assert responses._forward.n_samples <= max(affordable, 8 * 50 * GRID)
