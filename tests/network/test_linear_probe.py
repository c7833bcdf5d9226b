"""The linear probe in the browser, and the linear algebra below it: held to scikit-learn and NumPy."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler

from tests.network.network_in_node import NetworkInNode
from tests.network.test_pictures import CONFIG, begun


@pytest.mark.parametrize("n", [1, 2, 3, 8, 30, 64])
def test_eigenvectors_are_numpys(browser: NetworkInNode, n: int) -> None:
    rng = np.random.default_rng(n)
    rows = rng.normal(size=(n, 2 * n)) * 10.0 ** rng.uniform(-3, 3, (n, 1))
    for matrix in (rows @ rows.T, np.outer(rows[:, 0], rows[:, 0]), np.zeros((n, n)), np.eye(n)):
        said = browser.ask({"call": "eigen", "size": n}, {"matrix": matrix})
        values, vectors = said["values"], said["vectors"].reshape(n, n)
        largest = np.abs(matrix).max()
        np.testing.assert_allclose(values, np.linalg.eigvalsh(matrix)[::-1], atol=1e-12 * n * largest)
        np.testing.assert_allclose(vectors @ vectors.T, np.eye(n), atol=1e-12)
        np.testing.assert_allclose(vectors @ matrix @ vectors.T, np.diag(values), atol=1e-12 * n * largest)


@pytest.mark.parametrize("n", [1, 2, 5, 65])
def test_equations_are_solved(browser: NetworkInNode, n: int) -> None:
    rng = np.random.default_rng(n)
    rows = rng.normal(size=(n, 3 * n))
    matrix, sides = rows @ rows.T, rng.normal(size=(3, n))
    said = browser.ask({"call": "solve", "size": n}, {"matrix": matrix, "sides": sides})
    np.testing.assert_allclose(
        said["solutions"].reshape(3, n), np.linalg.solve(matrix, sides.T).T, rtol=1e-8, atol=1e-10
    )


@pytest.mark.parametrize("n_classes", [0, 2, 3, 10])
@pytest.mark.parametrize("n_units", [1, 2, 8, 64])
def test_the_score_is_that_of_scikit_learns_least_squares(browser: NetworkInNode, n_classes: int, n_units: int) -> None:
    rng = np.random.default_rng(n_units)
    units = rng.normal(size=(n_units, 200)) * 10.0 ** rng.integers(-3, 4, (n_units, 1)) + 7
    y = rng.integers(0, n_classes, 200) if n_classes else rng.normal(size=200) + units[0] / np.ptp(units[0])
    targets = np.eye(n_classes)[y] if n_classes else y
    X = StandardScaler().fit_transform(units.T)  # else it takes the small units for noise
    model = LinearRegression().fit(X, targets)
    expected = np.mean(model.predict(X).argmax(axis=1) == y) if n_classes else model.score(X, y)
    score, weights, constants = browser.probe(units, y, n_classes)
    if n_classes == 2:  # refined, it can only be better
        assert expected - 1e-9 <= score <= expected + 0.15
        assert np.mean((weights @ units + constants > 0) == (y == 1)) == pytest.approx(score)
    else:
        assert score == pytest.approx(expected, abs=1e-6)
        fitted = weights @ units + constants[:, None]
        np.testing.assert_allclose(fitted.T, model.predict(X).reshape(200, -1), atol=1e-5)


def test_what_a_straight_line_can_part_and_what_it_cannot(browser: NetworkInNode) -> None:
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (2, 400))
    apart = X[:, np.abs(X[0] + 2 * X[1] - 0.3) > 0.2]
    assert browser.probe(apart, apart[0] + 2 * apart[1] > 0.3, 2)[0] == 1.0
    assert browser.probe(X, X[0] * X[1] > 0, 2)[0] < 0.75
    corners = np.arange(400) % 3
    X += 3 * np.array([[0, 1, 0], [0, 0, 1]])[:, corners]
    assert browser.probe(X, corners, 3)[0] == 1.0


def test_a_cut_that_least_squares_misses_is_found(browser: NetworkInNode) -> None:
    rng = np.random.default_rng(0)
    near, far = rng.uniform(0.2, 0.3, 40), rng.uniform(2, 4, 60)  # far on the right side, they bend the fit
    x = np.concatenate([near, far, rng.uniform(-0.3, -0.2, 100)])
    y = (x > 0).astype(int)
    plain = LinearRegression().fit(x[:, None], 2 * y - 1)
    assert np.mean((plain.predict(x[:, None]) > 0) == y) < 0.9
    assert browser.probe(x[None], y, 2)[0] == 1.0


def test_units_that_say_nothing_or_the_same_change_nothing(browser: NetworkInNode) -> None:
    rng = np.random.default_rng(0)
    units = rng.normal(size=(3, 100))
    y = (units[0] + 0.5 * rng.normal(size=100) > 0).astype(int)
    share = np.mean(y)
    constant, double = np.full((2, 100), [[0.0], [1e8]]), 3 * units[:1]
    assert browser.probe(np.vstack([units, constant, double]), y, 2)[0] == browser.probe(units, y, 2)[0]
    assert browser.probe(constant, y, 2)[0] == max(share, 1 - share)  # all one class, the larger one


@pytest.mark.parametrize("value", [np.nan, np.inf, 3e38])
def test_numbers_too_large_have_no_score_and_do_not_raise(browser: NetworkInNode, value: float) -> None:
    units = np.ones((2, 10))
    units[0, :5] = value
    assert np.isnan(browser.probe(units, np.arange(10) % 2, 2)[0]) == (not np.isfinite(value))


@pytest.mark.parametrize("value", [0.0, 5.0, 0.1, 1 / 3, -1e12 / 7, 1e-300 / 3])
def test_of_a_constant_target_there_is_nothing_to_explain(browser: NetworkInNode, value: float) -> None:
    x = np.linspace(-1.0, 1.0, 1000)
    assert np.isnan(browser.probe(x[None], np.full(1000, value, np.float32), 0)[0])
    assert browser.probe(x[None], (100 + 0.01 * x).astype(np.float32), 0)[0] == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("fields", "n_classes"), [({}, 2), ({"dataset": "spiral(arms=3)"}, 3), ({"dataset": "hills"}, 0)]
)
def test_a_picture_has_the_score_of_every_layer_on_the_training_samples(
    browser: NetworkInNode, fields: dict[str, Any], n_classes: int
) -> None:
    recording = begun(browser, dataclasses.replace(CONFIG, hidden_sizes=(4, 3), **fields), 10)
    session = recording.session
    said = browser.picture(session.network.parameters, probe=True)["straight_scores"]
    spaces = [session.train.X, *session.network.hidden_activations(session.train.X)]
    expected = [browser.probe(space.T, session.train.y, n_classes)[0] for space in spaces]
    np.testing.assert_allclose(said, expected, atol=1e-6)
    own = browser.picture(session.network.parameters, probe=True, trainScore=1.0)["straight_scores"]
    if n_classes:  # the network itself is one more straight cut, through the last of these spaces
        assert own.tolist() == [*said[:-1].tolist(), 1.0]
        lower = browser.picture(session.network.parameters, probe=True, trainScore=0.1)["straight_scores"]
        np.testing.assert_array_equal(lower, said)
    else:
        np.testing.assert_array_equal(own, said)
    at_first = browser.picture(session.network.parameters * 0.5, probe=True)["straight_scores"]
    assert at_first[0] == said[0]
