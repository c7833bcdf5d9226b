"""The numbers of findings against numbers that are computed in another way."""

from __future__ import annotations

import copy
import re

import numpy as np
import pytest
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

import nnplay as nn
from nnplay.experiment.explain.doctor.case import SOLVED_TEST, SOLVED_TRAIN, Case
from nnplay.experiment.explain.doctor.conditions import CONDITIONS
from nnplay.experiment.explain.doctor.course import Course
from nnplay.experiment.explain.doctor.data import wilson
from nnplay.experiment.explain.doctor.diagnosis import diagnose, moment_of
from nnplay.experiment.explain.doctor.finding import Finding
from nnplay.experiment.explain.doctor.neighbours import neighbours_score
from nnplay.experiment.explain.doctor.rates import larger, nice, smaller
from tests import ROOT


def found(session: nn.TrainingSession, kind: str) -> Finding:
    return next(finding for finding in nn.diagnose(session) if finding.kind == kind)


def test_dead_units_are_as_many_as_answer_nothing_to_any_sample() -> None:
    session = nn.ExperimentConfig(dataset="spiral", activation="relu", learning_rate=0.001).build().run(2)
    session.network.biases[0][:5] = -100.0
    session.run(10)
    finding = found(session, "dead_units")
    answers = session.network.hidden_activations(session.train.X)[0]
    dead = int(np.sum((answers == 0).all(axis=0)))
    assert finding.evidence["dead units in layer 1"] == dead
    right = np.mean(session.network.predict(session.train.X) == session.train.y)
    assert finding.evidence["training score"] == pytest.approx(right)
    assert dead >= 5
    assert finding.panel == "layers"
    assert f"{dead} of 8 units in hidden layer 1" in finding.sentence


def test_saturated_units_are_at_an_end_for_nine_samples_of_ten() -> None:
    session = nn.ExperimentConfig(dataset="spiral", initializer="normal(std=10)").build().run(10)
    finding = found(session, "saturated_units")
    shares = [(np.abs(a) > 0.97).mean(axis=0) for a in session.network.hidden_activations(session.train.X)]
    counts = [int(np.sum(share >= 0.9)) for share in shares]
    layer = int(np.argmax(counts)) + 1
    assert finding.evidence[f"saturated units in layer {layer}"] == max(counts)
    weights = session.network.weights[layer - 1]
    assert finding.evidence[f"size of the weights into layer {layer}"] == pytest.approx(np.sqrt(np.mean(weights**2)))


def test_the_gradient_of_each_layer_is_the_networks_own() -> None:
    config = nn.ExperimentConfig(dataset="moons", activation="sigmoid", hidden_sizes=(6,) * 6, n_samples=100)
    session = config.build().run(10)
    finding = found(session, "vanishing_gradients")
    _, gradient = session.network.loss_and_gradient(session.train.X, session.train.y)
    sizes = [np.sqrt(np.mean(block[:-1] ** 2)) for block in session.network.blocks_of(gradient)]
    np.testing.assert_allclose(list(finding.evidence.values()), sizes)


def test_what_a_constant_answer_costs() -> None:
    for dataset, loss in (("moons", None), ("blobs(classes=3)", None), ("hills", None), ("moons", "quadratic")):
        session = nn.ExperimentConfig(dataset=dataset, loss=loss, noise=0.2).build()
        y = session.train.y
        if session.train.task == "regression":
            expected = np.var(y)
        elif loss:
            expected = 0.5 * np.var(y)
        else:
            shares = np.bincount(y) / len(y)
            expected = -np.sum(shares * np.log(shares))
        assert Case(moment_of(session)).constant_loss == pytest.approx(expected)


def test_a_rare_class_and_how_much_of_it_is_recognised() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 2))
    y = (np.arange(200) < 8).astype(int)
    session = nn.TrainingSession(nn.Network([2, 4, 1]), nn.datasets.Dataset(X, y), batch_size=10).run(10)
    finding = found(session, "imbalance")
    guessed = session.network.predict(X)
    assert list(finding.evidence.values()) == pytest.approx(
        [0.04, np.mean(guessed[y == 1] == 1), np.mean(guessed == y), 0.96]
    )


def test_large_columns_are_named() -> None:
    data = nn.datasets.make("moons", n_samples=100, seed=0)
    wide = nn.datasets.Dataset(data.X * [1, 500], data.y, feature_names=["age", "income"])
    session = nn.TrainingSession(nn.Network([2, 4, 1]), wide, batch_size=10).run(1)
    finding = found(session, "unscaled_inputs")
    sizes = np.sqrt(np.mean(wide.X**2, axis=0))
    assert finding.evidence == pytest.approx({"size of income": sizes[1], "size of age": sizes[0]})
    assert finding.change == {"standardise": True}


def test_an_interval_of_a_share() -> None:
    # Worked by hand: 8 of 10, z = 1.96.
    assert wilson(0.8, 10) == pytest.approx((0.4901625, 0.9433178), abs=2e-5)
    assert wilson(1.0, 5)[1] == pytest.approx(1)


def test_what_nearest_neighbours_know() -> None:
    data = nn.datasets.make("moons", n_samples=150, noise=0.35, seed=3)
    X = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
    guesses = cross_val_predict(KNeighborsClassifier(5), X, data.y, cv=LeaveOneOut())
    assert neighbours_score(data) == pytest.approx(np.mean(guesses == data.y))


def test_gradient_noise_falls_with_the_root_of_the_batch_size() -> None:
    config = nn.ExperimentConfig(dataset="moons", n_samples=400)
    session = config.build().run(2)
    noise = {}
    for size in (1, 16):
        session.batch_size = size
        noise[size] = Case(moment_of(session)).gradient_noise
    assert noise[1] / noise[16] == pytest.approx(4, rel=0.5)
    session.batch_size = None
    assert Case(moment_of(session)).gradient_noise == 0


def test_the_course_of_a_loss() -> None:
    epochs = np.arange(30.0)
    course = Course.of(epochs, 0.9**epochs, np.full(30, np.nan))
    assert course.fall_an_epoch == pytest.approx(0.1, rel=0.3)
    assert course.rises == 0
    # Half epochs: the last record of each counts.
    halves = Course.of(epochs / 2, epochs, epochs)
    assert halves.epochs.tolist() == [n + 0.5 for n in range(15)]
    jumping = Course.of(epochs, 1 + 0.5 * (epochs % 2), epochs)
    assert jumping.bounce == pytest.approx(0.4, rel=0.3)
    assert jumping.swing == pytest.approx(1.5)


def test_round_rates() -> None:
    assert [nice(rate) for rate in (0.011, 0.02, 0.5, 77.0, 1e-9)] == [0.01, 0.03, 0.3, 10.0, 0.0001]
    assert smaller(0.01, 1.1) < 0.01 < larger(0.01, 1.01)
    assert smaller(0.03, 3.0) == 0.01
    assert larger(0.003, 10.0) == 0.03


def test_each_condition_explains_some_that_there_are() -> None:
    ranks = [condition.rank for condition in CONDITIONS.values()]
    assert len(set(ranks)) == len(ranks) >= 15
    for condition in CONDITIONS.values():
        for kind in condition.explains:
            assert CONDITIONS[kind].rank > condition.rank, "a cause comes before what it explains"


def test_a_diagnosis_leaves_the_session_as_it_is() -> None:
    config = nn.ExperimentConfig(dataset="spiral", dropout=0.3, optimizer="adam")
    session = config.build().run(12)
    twin = copy.deepcopy(session)
    nn.diagnose(session)
    np.testing.assert_array_equal(session.network.parameters, twin.network.parameters)
    session.run(2)
    twin.run(2)
    np.testing.assert_array_equal(session.network.parameters, twin.network.parameters)


@pytest.mark.parametrize(
    "settings",
    [
        {"hidden_sizes": ()},
        {"dtype": "float32", "dataset": "blobs(classes=3)"},
        {"dataset": "hills", "loss": "sum_squared_error", "learning_rate": 1.0},
        {"test_fraction": 0.0, "bias": False},
        {"activation": ("relu", "sine"), "regularizer": "l1", "optimizer": "rmsprop"},
        {"schedule": "cosine(epochs=5)"},
    ],
)
@pytest.mark.filterwarnings("ignore::nnplay.DivergenceWarning")
def test_any_session_can_be_diagnosed(settings: dict[str, object]) -> None:
    config = nn.ExperimentConfig(n_samples=100, **settings)  # type: ignore[arg-type]
    session = config.build()
    assert all(finding.kind in ("small_test_set", "symmetric_weights") for finding in nn.diagnose(session))
    for finding in nn.diagnose(session.run(10)):
        assert all(np.isfinite(value) for value in finding.evidence.values()), finding
        assert finding.sentence.endswith(".")
        assert finding.advice.endswith(".")
    silent = config.build(evaluate_every=0).run(10)
    nn.diagnose(silent)


def test_something_else_is_refused() -> None:
    with pytest.raises(nn.Refusal, match="session must be an instance of TrainingSession; got 3"):
        diagnose(3)  # type: ignore[arg-type]


def test_the_coach_and_the_doctor_call_the_same_learned() -> None:
    source = (ROOT / "static" / "stage" / "coach" / "outcome.js").read_text(encoding="utf-8")
    said = [float(re.findall(rf"{name} = ([\d.]+)", source)[0]) for name in ("SOLVED_TRAIN", "SOLVED_TEST")]
    assert said == [SOLVED_TRAIN, SOLVED_TEST]
