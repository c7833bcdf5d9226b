"""Measures: equal to scikit-learn's, right by hand, undefined where they are; and the frame part made of them."""

from __future__ import annotations

import dataclasses
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import calibration, metrics

from nnplay import ExperimentConfig
from nnplay.experiment.measures.histogram import histogram_around_zero, round_up
from nnplay.experiment.measures.scores import (
    confusion_matrix,
    precision_and_recall,
    r_squared,
    reliability,
)
from nnplay.experiment.recording.recording import Recording

CLASSES = ExperimentConfig(dataset="blobs(classes=4)", n_samples=90, noise=0.4, hidden_sizes=(4,), seed=2)
TWO = ExperimentConfig(dataset="moons", n_samples=80, noise=0.3, hidden_sizes=(3,), seed=2)
VALUES = ExperimentConfig(dataset="plane", n_samples=60, noise=0.2, hidden_sizes=(3,), seed=2)


def labels(n_classes: int) -> st.SearchStrategy[tuple[np.ndarray, np.ndarray]]:
    one = st.integers(0, n_classes - 1)
    return st.lists(st.tuples(one, one), min_size=1, max_size=40).map(lambda pairs: tuple(np.array(pairs).T))


# --- against scikit-learn -----------------------------------------------------------------------------------


@given(labels(5))
def test_classes_are_measured_as_scikit_learn_does(pair: tuple[np.ndarray, np.ndarray]) -> None:
    y, predicted = pair
    confusion = confusion_matrix(y, predicted, 5)
    np.testing.assert_array_equal(confusion, metrics.confusion_matrix(y, predicted, labels=range(5)))
    theirs = metrics.precision_recall_fscore_support(y, predicted, labels=range(5), zero_division=np.nan)
    for ours, of_scikit_learn in zip(precision_and_recall(confusion), theirs, strict=False):
        np.testing.assert_allclose(ours, of_scikit_learn)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_the_reliability_curve_is_scikit_learns(pairs: list[tuple[float, bool]]) -> None:
    probability, came_true = (np.array(column, float) for column in zip(*pairs, strict=True))
    found = reliability(probability, came_true)
    observed, stated = calibration.calibration_curve(came_true, probability, n_bins=10, pos_label=1)
    filled = found.counts > 0
    np.testing.assert_allclose(found.observed[filled], observed, atol=1e-12)
    np.testing.assert_allclose(found.stated[filled], stated, atol=1e-12)
    assert np.isnan(found.observed[~filled]).all()
    assert found.counts.sum() == len(pairs)


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=2, max_size=30))
def test_r_squared_is_scikit_learns(pairs: list[tuple[float, float]]) -> None:
    y, predicted = (np.array(column) for column in zip(*pairs, strict=True))
    if np.ptp(y) > 1e-6:
        assert r_squared(y, predicted) == pytest.approx(metrics.r2_score(y, predicted), rel=1e-9)


# --- by hand ------------------------------------------------------------------------------------------------


def test_a_class_without_samples_or_predictions_has_no_recall_or_precision() -> None:
    y, predicted = np.array([0, 0, 0, 1]), np.array([0, 0, 2, 0])
    confusion = confusion_matrix(y, predicted, 3)
    assert confusion.tolist() == [[2, 0, 1], [1, 0, 0], [0, 0, 0]]
    precision, recall = precision_and_recall(confusion)
    np.testing.assert_array_equal(precision, [2 / 3, np.nan, 0.0])  # class 1 is never predicted
    np.testing.assert_array_equal(recall, [2 / 3, 0.0, np.nan])  # of class 2 there is no sample


def test_the_calibration_error_is_weighted_by_the_counts() -> None:
    # Two samples at 0.85 of which one came true, one at 0.15 that came true: (2·|0.5 − 0.85| + |1 − 0.15|) / 3.
    found = reliability(np.array([0.85, 0.85, 0.15]), np.array([True, False, True]))
    assert found.counts.tolist() == [0, 1, 0, 0, 0, 0, 0, 0, 2, 0]
    assert found.calibration_error == pytest.approx((2 * 0.35 + 0.85) / 3)
    sure_and_right = reliability(np.array([0.0, 1.0]), np.array([False, True]))
    assert sure_and_right.calibration_error == 0.0
    assert sure_and_right.counts[[0, 9]].tolist() == [1, 1]
    nothing = reliability(np.zeros(0), np.zeros(0, bool))
    assert np.isnan(nothing.calibration_error)


def test_r_squared_of_a_constant_target_is_undefined() -> None:
    assert r_squared(np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 2.0])) == 0.0
    assert r_squared(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0])) == 0.5
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(r_squared(np.full(3, 7.0), np.array([7.0, 8.0, 9.0])))
        assert np.isnan(r_squared(np.zeros(0), np.zeros(0)))


def test_values_are_counted_on_either_side_of_zero() -> None:
    counts, reach = histogram_around_zero(np.array([-1.0, -0.01, 0.0, 0.01, 0.9]), 20)
    assert reach == 1.0
    assert counts[[0, 9, 10, 19]].tolist() == [1, 1, 2, 1]
    assert counts.sum() == 5
    assert histogram_around_zero(np.array([-2.0, 2.0]), 4)[0].tolist() == [1, 0, 0, 1]
    assert histogram_around_zero(np.zeros(3), 4)[0].tolist() == [0, 0, 3, 0]
    assert [round_up(value) for value in (0.0, 0.03, 1.0, 1.01, 7.0)] == [1.0, 0.05, 1.0, 2.0, 10.0]


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=50))
def test_the_bins_are_numpys(values: list[float]) -> None:
    array = np.array(values)
    counts, reach = histogram_around_zero(array, 8)
    assert np.abs(array).max() <= reach * (1 + 1e-12)
    expected, edges = np.histogram(array, 8, (-reach, reach))
    if not np.isclose(array[:, None], edges, rtol=1e-9, atol=1e-12 * reach).any():
        assert counts.tolist() == expected.tolist()


# --- the part of a frame ------------------------------------------------------------------------------------


def recorded(config: ExperimentConfig, n_frames: int = 6) -> Recording:
    recording = Recording(config)
    recording.advance(0, "epoch", 2, n_frames, 1e9)
    recording.look(("measures",))
    return recording


@pytest.mark.parametrize("config", [TWO, CLASSES, dataclasses.replace(TWO, output="softmax")], ids=str)
def test_the_part_agrees_with_the_session_at_every_frame(config: ExperimentConfig) -> None:
    recording = recorded(config)
    for number in (0, 3, 6):
        frame = recording.frame(number)
        session = config.build().run(2 * number)
        for row, data in enumerate((session.train, session.test)):
            outputs = session.network.forward(data.X)
            predicted = outputs[:, 0] > 0.5 if outputs.shape[1] == 1 else outputs.argmax(axis=1)
            confusion = frame.parts["confusion"][row]
            np.testing.assert_array_equal(confusion, metrics.confusion_matrix(data.y, predicted))
            assert np.trace(confusion) / data.n_samples == pytest.approx(session.score(data))
            assert frame.measures[2 + row] == session.score(data)
            probability, truth = outputs.max(axis=1), predicted == data.y
            if len(data.class_names) == 2:
                probability, truth = outputs[:, -1], data.y == 1
            found = reliability(probability, truth)
            assert frame.parts["calibration_error"][row] == pytest.approx(found.calibration_error, rel=1e-6)
            np.testing.assert_array_equal(frame.parts["reliability_counts"][row], found.counts)


def test_the_part_of_a_regression_has_predictions_in_the_order_of_the_samples() -> None:
    recording = recorded(VALUES)
    parts = recording.frame(6).parts
    session = VALUES.build().run(12)
    predicted = session.network.forward(recording.setup.inputs)[:, 0]
    np.testing.assert_allclose(parts["predictions"], predicted, rtol=1e-6)
    for row, data in enumerate((session.train, session.test)):
        answers = session.network.forward(data.X)[:, 0]
        expected = [f(data.y, answers) for f in (metrics.r2_score, metrics.mean_absolute_error)]
        assert parts["regression_scores"][row].tolist() == pytest.approx(
            [*expected, metrics.root_mean_squared_error(data.y, answers)]
        )
        assert parts["residual_counts"][row].sum() == data.n_samples
    assert np.abs(recording.setup.targets - predicted).max() <= parts["residual_reach"][0]


@pytest.mark.parametrize("config", [TWO, CLASSES, VALUES], ids=str)
def test_without_a_test_set_its_rows_are_empty(config: ExperimentConfig) -> None:
    parts = recorded(dataclasses.replace(config, test_fraction=0.0), 1).frame(1).parts
    for name in ("confusion", "residual_counts", "reliability_counts"):
        assert name not in parts or parts[name][1].sum() == 0
    for name in ("precision_recall", "calibration_error", "regression_scores", "reliability"):
        assert name not in parts or np.isnan(parts[name][1]).all()


def test_outputs_that_are_no_probabilities_are_not_called_calibrated() -> None:
    config = dataclasses.replace(TWO, output="identity", loss="mean_squared_error")
    parts = recorded(config, 1).frame(1).parts
    assert np.isnan(parts["calibration_error"]).all()
    assert parts["confusion"].sum() == config.n_samples
