"""The two estimators do what scikit-learn asks of its own, and train as a session does."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import BaggingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

import nnplay as nn
from tests import ROOT

MOONS = nn.datasets.make("moons", n_samples=80, noise=0.1, seed=0)
WORDS = np.array(["lower", "upper"])[MOONS.y]
CLOUDS = np.repeat([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]], 12, axis=0) + np.random.default_rng(0).normal(size=(36, 2)) / 3
TREES = np.repeat(["oak", "ash", "elm"], 12)
WAVE = np.linspace(-2, 2, 60)[:, None]

#: Every check, each estimator as it is made by default. The library for array programming is switched on by the
#: environment, before SciPy is loaded, so this is a process of its own.
ALL_CHECKS = """
import warnings, sys
from sklearn.exceptions import SkipTestWarning
warnings.simplefilter("error", SkipTestWarning)
from sklearn.utils.estimator_checks import check_estimator
import nnplay as nn
for made in (nn.Classifier(), nn.Regressor()):
    results = check_estimator(made)
    print(type(made).__name__, len(results), {result["status"] for result in results})
"""
#: Those that look at most of the code, in a moment.
SOME_CHECKS = {
    "check_no_attributes_set_in_init", "check_dont_overwrite_parameters", "check_estimators_unfitted",
    "check_n_features_in_after_fitting", "check_estimators_dtypes", "check_estimators_nan_inf",
    "check_classifiers_one_label", "check_regressor_multioutput", "check_supervised_y_2d", "check_dict_unchanged",
    "check_parameters_default_constructible", "check_fit2d_1sample", "check_classifiers_regression_target",
}  # fmt: skip


@pytest.mark.long
def test_every_check_of_scikit_learn() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALL_CHECKS],
        cwd=ROOT,
        env=os.environ | {"SCIPY_ARRAY_API": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    classifier, regressor = (line.split(maxsplit=2) for line in done.stdout.splitlines())
    assert (classifier[0], classifier[2]) == ("Classifier", "{'passed'}")
    assert (regressor[0], regressor[2]) == ("Regressor", "{'passed'}")
    assert min(int(classifier[1]), int(regressor[1])) > 40


@pytest.mark.parametrize("estimator", [nn.Classifier(epochs=5), nn.Regressor(epochs=5)], ids=lambda e: type(e).__name__)
@pytest.mark.filterwarnings("ignore")
def test_some_checks_of_scikit_learn(estimator: Any) -> None:
    done = set()
    for made, check in estimator_checks_generator(estimator):
        name = getattr(check, "func", check).__name__
        if name in SOME_CHECKS:
            check(made)
            done.add(name)
    assert len(done) >= 10


# --- they train as a session does -------------------------------------------------------------------------------------


def test_a_classifier_is_the_session_with_the_same_settings() -> None:
    model = nn.Classifier(
        (5,), "relu", optimizer="sgd", learning_rate=0.1, momentum=0.8, batch_size=16, epochs=12, seed=4,
        regularizer="l2", regularization_rate=0.01, dropout=0.1, schedule="exponential(gamma=0.9)",
    )  # fmt: skip
    model.fit(MOONS.X, WORDS)
    session = nn.TrainingSession(
        nn.Network([2, 5, 1], "relu", seed=4), MOONS, optimizer=nn.SGD(0.1, momentum=0.8), batch_size=16, seed=4,
        regularizer=nn.L2(0.01), dropout=0.1, schedule="exponential(gamma=0.9)",
    ).run(12)  # fmt: skip
    assert model.network_.parameters.tobytes() == session.network.parameters.tobytes()
    assert model.classes_.tolist() == ["lower", "upper"]
    assert model.predict(MOONS.X).tolist() == [["lower", "upper"][k] for k in session.network.predict(MOONS.X)]
    assert model.history_["train_loss"].tolist() == session.history["train_loss"].tolist()
    assert (model.n_epochs_, model.history_["epoch"][-1]) == (12, 12)


def test_three_classes_have_a_probability_each() -> None:
    model = nn.Classifier((), epochs=150, learning_rate=0.05).fit(CLOUDS, TREES)
    assert model.classes_.tolist() == ["ash", "elm", "oak"]
    assert model.network_.output.name == "softmax"
    probabilities = model.predict_proba(CLOUDS)
    assert probabilities.sum(axis=1) == pytest.approx(1)
    assert (model.classes_[probabilities.argmax(axis=1)] == TREES).all()
    assert model.score(CLOUDS, TREES) == 1.0


def test_a_regressor_answers_in_the_shape_of_its_targets() -> None:
    y = np.sin(2 * WAVE[:, 0])
    model = nn.Regressor((16,), learning_rate=0.03, epochs=300).fit(WAVE, y)
    assert model.predict(WAVE).shape == (60,)
    assert model.score(WAVE, y) > 0.99
    both = nn.Regressor((16,), learning_rate=0.03, epochs=300).fit(WAVE, np.column_stack([y, -y]))
    assert both.predict(WAVE).shape == (60, 2)
    assert both.score(WAVE, np.column_stack([y, -y])) > 0.98


WHOLE: dict[str, Any] = {"batch_size": None, "shuffle": False, "learning_rate": 0.02}


@pytest.mark.parametrize("optimizer", ["adam", "sgd", nn.RMSProp(0.01)])
def test_parts_make_a_whole(optimizer: Any) -> None:
    """Calls of `partial_fit` on all samples, and warm starts, are epochs of one `fit`, with the optimizer's memory."""
    settings = {**WHOLE, "optimizer": optimizer, "schedule": "cosine(epochs=8)"}
    whole = nn.Classifier(epochs=6, **settings).fit(MOONS.X, MOONS.y)
    parts = nn.Classifier(**settings)
    for k in range(6):
        parts.partial_fit(MOONS.X, MOONS.y, classes=[0, 1])
        if k == 2:
            parts = pickle.loads(pickle.dumps(parts))
    warm = nn.Classifier(epochs=3, warm_start=True, **settings).fit(MOONS.X, MOONS.y)
    warm.fit(MOONS.X, MOONS.y)
    for other in (parts, warm):
        assert other.network_.parameters == pytest.approx(whole.network_.parameters, rel=1e-12)
        assert other.n_epochs_ == 6
        assert other.history_["epoch"].tolist() == whole.history_["epoch"].tolist() == list(range(7))
        assert other.history_["train_loss"] == pytest.approx(whole.history_["train_loss"], rel=1e-12)


def test_what_is_set_between_two_parts_counts() -> None:
    model = nn.Regressor(**WHOLE, optimizer="sgd", momentum=0.0).partial_fit(WAVE, WAVE[:, 0])
    before = model.network_.parameters.copy()
    model.set_params(learning_rate=0.0).partial_fit(WAVE, WAVE[:, 0])
    assert model.network_.parameters.tolist() == before.tolist()
    assert model.history_["learning_rate"].tolist() == [0.02, 0.02, 0.0]


def test_a_part_may_lack_classes_but_not_know_more() -> None:
    model = nn.Classifier().partial_fit(CLOUDS[:12], TREES[:12], classes=np.unique(TREES))
    model.partial_fit(CLOUDS[12:], TREES[12:])
    assert model.predict_proba(CLOUDS).shape == (36, 3)
    with pytest.raises(nn.Refusal, match=r"y must hold the classes \['ash', 'elm', 'oak'\]; got 'fir'\."):
        model.partial_fit(CLOUDS[:1], ["fir"])
    with pytest.raises(nn.Refusal, match="classes must be given to the first call of partial_fit"):
        nn.Classifier().partial_fit(CLOUDS, TREES)
    with pytest.raises(nn.Refusal, match=r"classes must be those of the first call"):
        model.partial_fit(CLOUDS, TREES, classes=["ash", "oak"])


def test_what_goes_on_has_the_shape_that_it_had() -> None:
    model = nn.Regressor((3,), epochs=1, warm_start=True).fit(WAVE, WAVE[:, 0])
    with pytest.raises(
        nn.Refusal, match=r"hidden_sizes must be \(3,\), as before, where training goes on; got \(4,\)\."
    ):
        model.set_params(hidden_sizes=[4]).fit(WAVE, WAVE[:, 0])
    with pytest.raises(nn.Refusal, match="y must have 1 target a sample, as before; got 2"):
        model.set_params(hidden_sizes=[3]).fit(WAVE, np.hstack([WAVE, WAVE]))


def test_early_stopping_returns_to_the_best_epoch() -> None:
    noisy = nn.datasets.make("moons", n_samples=80, noise=0.4, seed=1)
    model = nn.Classifier(
        (24, 24), learning_rate=0.02, early_stopping=True, validation_fraction=0.25, patience=6, epochs=500
    )
    model.fit(noisy.X, noisy.y)
    losses = model.history_["test_loss"]
    assert model.best_epoch_ == 1 + int(np.argmin(losses[1:]))
    assert model.n_epochs_ == model.best_epoch_ + 6 < 500
    train, held_back = noisy.split(0.25, seed=0)
    assert (held_back.n_samples, train.n_samples) == (20, 60)
    assert model.network_.loss_and_gradient(held_back.X, held_back.y)[0] == pytest.approx(losses[model.best_epoch_])
    assert model.network_.loss_and_gradient(train.X, train.y)[0] == pytest.approx(
        model.history_["train_loss"][model.best_epoch_]
    )


# --- they go where scikit-learn's own go ------------------------------------------------------------------------------


def test_in_a_pipeline_and_a_search() -> None:
    pipeline = make_pipeline(StandardScaler(), nn.Classifier((6,), optimizer="sgd", epochs=40, seed=1))
    rates = {"classifier__learning_rate": [1e-5, 0.1], "classifier__regularizer": [None, "l2", nn.L1(0.001)]}
    search = GridSearchCV(pipeline, rates, cv=3).fit(1000 * MOONS.X, WORDS)
    assert search.best_params_["classifier__learning_rate"] == 0.1
    scores = cross_val_score(search.best_estimator_, 1000 * MOONS.X, WORDS, cv=3)
    assert scores.mean() == pytest.approx(search.best_score_)
    assert search.best_score_ > 0.8


def test_around_a_regressor() -> None:
    y = 5000 + 900 * WAVE[:, 0]
    model = TransformedTargetRegressor(nn.Regressor((), epochs=300), transformer=StandardScaler())
    assert model.fit(WAVE, y).score(WAVE, y) > 0.99


def test_members_of_an_ensemble_differ() -> None:
    bagging = BaggingClassifier(nn.Classifier((3,), epochs=2), n_estimators=2, bootstrap=False, random_state=0)
    one, other = bagging.fit(MOONS.X, MOONS.y).estimators_
    assert one.network_.seed != other.network_.seed
    again = nn.Classifier((3,), epochs=2, random_state=5).fit(MOONS.X, MOONS.y)
    assert again.network_.parameters.tolist() == clone(again).fit(MOONS.X, MOONS.y).network_.parameters.tolist()
    assert again.network_.seed == 5


def test_a_table_keeps_its_names() -> None:
    table = pd.DataFrame(CLOUDS, columns=["height", "girth"])
    model = nn.Classifier(epochs=1).fit(table, pd.Series(TREES))
    assert model.feature_names_in_.tolist() == ["height", "girth"]
    with pytest.raises(ValueError, match="feature names"):
        model.predict(table[["girth", "height"]])


def test_before_training_there_is_nothing_to_say() -> None:
    with pytest.raises(NotFittedError):
        nn.Classifier().predict(CLOUDS)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"hidden_sizes": 8}, "hidden_sizes must be a sequence of integers; got 8."),
        ({"hidden_sizes": (8, 0)}, r"hidden_sizes\[1\] must be an integer at least 1; got 0."),
        ({"activation": "rulu"}, "activation must be one of .*; got 'rulu'. Did you mean 'relu'?"),
        ({"optimizer": "adem"}, "optimizer must be one of .*; got 'adem'. Did you mean 'adam'?"),
        ({"optimizer": 3}, "optimizer must be a name or an optimizer; got 3."),
        ({"optimizer": "sgd(speed=3)"}, "speed"),
        ({"regularizer": "l3"}, "regularizer must be one of 'l2', 'l1'; got 'l3'."),
        ({"epochs": 0}, "epochs must be an integer at least 1; got 0."),
        ({"batch_size": 0}, "batch_size must be an integer at least 1; got 0."),
        ({"early_stopping": 1}, "early_stopping must be True or False; got 1."),
        ({"early_stopping": True, "validation_fraction": 1.0}, "validation_fraction must be a finite number above 0"),
        ({"early_stopping": True, "validation_fraction": 0.99}, "validation_fraction must leave every class a"),
        ({"early_stopping": True, "patience": 0}, "patience must be an integer at least 1; got 0."),
        ({"seed": -1}, "seed must be an integer at least 0; got -1."),
        ({"random_state": -1}, "random_state must be an integer at least 0; got -1."),
        ({"loss": "huber"}, "loss must be one of"),
    ],
)
def test_bad_settings_are_refused_when_it_trains(settings: dict[str, Any], said: str) -> None:
    model = nn.Classifier(**settings)
    with pytest.raises((nn.Refusal, TypeError), match=said):
        model.fit(CLOUDS, TREES)


X_FEW = np.random.default_rng(0).normal(size=(20, 2))


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (["a", 1] * 10, "y must hold labels of one type; got int and str."),
        (["a", None] * 10, "y must hold labels of one type; got NoneType and str."),
    ],
)
def test_labels_of_several_types_are_refused(labels: list[object], said: str) -> None:
    with pytest.raises(nn.Refusal, match=re.escape(said)):
        nn.Classifier(epochs=1).fit(X_FEW, np.array(labels, object))


def test_a_class_that_is_missing_is_none() -> None:
    with pytest.raises(nn.Refusal, match="classes must hold labels, none of them missing"):
        nn.Classifier().partial_fit(X_FEW, [0, 1] * 10, classes=[0, 1, np.nan])


def test_training_does_not_go_on_with_another_activation() -> None:
    model = nn.Classifier(hidden_sizes=(3,), epochs=1).fit(X_FEW, [0, 1] * 10)
    with pytest.raises(nn.Refusal, match="activation must be 'tanh', as before, where training goes on; got 'relu'"):
        model.set_params(activation="relu").partial_fit(X_FEW, [0, 1] * 10)
    assert model.set_params(activation=("tanh",)).partial_fit(X_FEW, [0, 1] * 10).n_epochs_ == 2


def test_what_is_no_random_state_is_refused() -> None:
    with pytest.raises(nn.Refusal, match="random_state must be None, an integer or a RandomState; got 'x'"):
        nn.Classifier(random_state="x").fit(X_FEW, [0, 1] * 10)  # type: ignore[arg-type]
