"""Trainings for the article on softmax: saving and loading, handwritten digits, housing values."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from nnplay.articles import two_lines
from nnplay.articles.evidence.article import Outcome, Work, spaced
from nnplay.articles.evidence.training import Course, standardised, trained
from nnplay.datasets import Dataset
from nnplay.datasets.stored import sets
from nnplay.engine import L2, SGD, Adam, Network
from nnplay.engine.activations import Array
from nnplay.engine.losses import CategoricalCrossEntropy
from nnplay.engine.outputs import Output
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.presets import RELUS
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.saved_runs.saved_run import from_json, to_json
from nnplay.experiment.training.session import TrainingSession

DIGIT_EPOCHS = RELUS.config.max_epochs
#: Of the value itself by Adam, of its logarithm, and what the author trained for.
HOUSING_EPOCHS, LOGARITHM_EPOCHS, AUTHOR_EPOCHS = 40, 200, 100

# --- saving and loading -------------------------------------------------------------------------------------------


def save_and_load(seed: int) -> Work:
    """Train, save as JSON, load, train both on, and count the parameters that differ by a single bit."""
    recording = Recording(ExperimentConfig(dataset="blobs(classes=4)", hidden_sizes=(8,), dropout=0.1, seed=seed))
    recording.advance(0, "epoch", 10, 1, 60.0)
    text = to_json(recording)
    loaded = from_json(text)
    differ = {"after_loading": _differing(recording, loaded)}
    yield 0.5
    for run in (recording, loaded):
        run.advance(run.last_frame, "epoch", 10, 1, 60.0)
    return Outcome(differ | {"after_more": _differing(recording, loaded)})


def _differing(first: Recording, second: Recording) -> float:
    a, b = (run.session.network.parameters.view(np.uint64) for run in (first, second))
    return float((a != b).sum())


# --- digits -------------------------------------------------------------------------------------------------------


class GuardedCrossEntropy(CategoricalCrossEntropy):
    """The cross-entropy with the smallest step of a float64 added to the probability that it divides by.

    The article's code does so to avoid a division by 0. Its derivative times softmax's Jacobian is then not ``a − y``
    but that times p / (p + EPSILON), p being the probability of the right class: an image whose p is far smaller than
    the guard is left out of the gradient.
    """

    EPSILON = float(np.finfo(np.float64).eps)

    def logit_gradient(self, output: Output, a: Array, y: Array, out: Array) -> Array:
        super().logit_gradient(output, a, y, out)
        p = np.add.reduce(a * y, 0)
        return np.multiply(out, p / (p + self.EPSILON), out)


@lru_cache(maxsize=1)
def unscaled_digits() -> tuple[Dataset, Dataset]:
    """Return MNIST with pixels from 0 to 255, as the files have them."""
    train, test = (part.with_features(part.X * np.float32(255), part.feature_names) for part in sets.split("mnist"))
    return train, test


def learn_digits_as_was(seed: int, is_guarded: bool = True) -> Work:
    """Train 784-100-10 as the author did: unscaled pixels, plain gradient descent, rate 0.01, batches of 512."""
    train, test = unscaled_digits()
    network = Network([784, 100, 10], "relu", "softmax", initializer="xavier_normal", dtype="float32", seed=seed)
    training = TrainingSession(
        two_lines.draw_biases(network, seed),
        train,
        test,
        loss=GuardedCrossEntropy() if is_guarded else None,
        optimizer=SGD(learning_rate=0.01),
        batch_size=512,
        evaluate_every=0,
        seed=seed,
    )
    return (yield from _digit_scores(training))


def learn_digits(seed: int) -> Work:
    """Train 784-128-64-10 on pixels from 0 to 1, with momentum."""
    return (yield from _digit_scores(replace(RELUS.config, seed=seed).build(evaluate_every=0)))


def _digit_scores(training: TrainingSession) -> Work:
    course = Course()
    yield from trained(training, DIGIT_EPOCHS, spaced(DIGIT_EPOCHS, 20), course)
    _, _, train_score, test_score = course.at(DIGIT_EPOCHS)
    return Outcome({"train": train_score, "test": test_score}, {"test_accuracy": course.curve(3)})


# --- housing ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def housing(seed: int, logarithm: bool = False) -> tuple[Dataset, Dataset]:
    """Return California housing, a fifth held for testing, its columns standardised.

    The target is the value in 100 000 $, or its natural logarithm.
    """
    data = sets.load("california")
    y = np.log(data.y) if logarithm else data.y
    return standardised(
        *Dataset(data.X, y, "regression", feature_names=data.feature_names, name=data.name).split(0.2, seed=seed)
    )


def learn_housing_as_was(seed: int) -> Work:
    """Train 8-100-20-1 as the author did: plain gradient descent, rate 0.01, batches of 512, 100 epochs."""
    train, test = housing(seed)
    network = Network([8, 100, 20, 1], "relu", "identity", initializer="xavier_normal", seed=seed)
    training = TrainingSession(
        two_lines.draw_biases(network, seed),
        train,
        test,
        optimizer=SGD(learning_rate=0.01),
        batch_size=512,
        evaluate_every=0,
        seed=seed,
    )
    course = Course()
    yield from trained(training, AUTHOR_EPOCHS, spaced(AUTHOR_EPOCHS), course)
    train_loss, test_loss, _, r2 = course.at(AUTHOR_EPOCHS)
    # What its answers are off by as a factor; one below the smallest value that there is counts as that.
    answers = np.maximum(network.forward(test.X)[:, 0], train.y.min())
    factor = np.exp(np.sqrt(np.mean((np.log(answers) - np.log(test.y)) ** 2)))
    return Outcome(
        {
            "train": train_loss,
            "test": test_loss,
            "r2": r2,
            "off_by": float(np.sqrt(test_loss)),
            "factor": float(factor),
            "target_variance": float(train.y.var()),
        },
        {"test_loss": course.curve(1)},
    )


def learn_housing(seed: int, logarithm: bool) -> Work:
    """Train 8-64-64-1 with Adam."""
    train, test = housing(seed, logarithm)
    epochs = LOGARITHM_EPOCHS if logarithm else HOUSING_EPOCHS
    network = Network([8, 64, 64, 1], "relu", "identity", initializer="he_normal", dtype="float32", seed=seed)
    training = TrainingSession(
        network,
        train,
        test,
        optimizer=Adam(learning_rate=5e-3),
        batch_size=64,
        regularizer=L2(1e-4),
        schedule=f"cosine(epochs={epochs})",
        evaluate_every=0,
        seed=seed,
    )
    course = Course()
    yield from trained(training, epochs, spaced(epochs), course)
    train_loss, test_loss, _, test_score = course.at(epochs)
    return Outcome({"train": train_loss, "test": test_loss, "r2": test_score}, {"test_loss": course.curve(1)})


def housing_baselines(seed: int, logarithm: bool) -> Work:
    """Predict the training set's mean, and by a least-squares fit."""
    from sklearn.linear_model import LinearRegression

    train, test = housing(seed, logarithm)
    mean = float(((test.y - train.y.mean()) ** 2).mean())
    yield 0.5
    predicted = LinearRegression().fit(train.X, train.y).predict(test.X)
    return Outcome({"mean": mean, "linear": float(((test.y - predicted) ** 2).mean())})
