"""Article 004: softmax by its Jacobian, saving and loading; digits, and housing values on a logarithmic scale."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np

from nnplay.articles.article import Article, Bound, Chart, Experiment, Outcome, Preset, Row, Table, Work, spaced
from nnplay.articles.softmax import check_softmax, jacobians
from nnplay.articles.training import Course, standardised, trained
from nnplay.datasets import Dataset, stored
from nnplay.engine import L2, SGD, Adam, Network
from nnplay.experiment.config import ExperimentConfig
from nnplay.experiment.recording import Recording
from nnplay.experiment.saved_run import from_json, to_json
from nnplay.experiment.session import TrainingSession

DIGIT_EPOCHS = 100
HOUSING_EPOCHS, RAW_EPOCHS = 200, 100

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


def learn_digits(seed: int, n_train: int) -> Work:
    """Train 784-128-64-10 on the first `n_train` images of MNIST."""
    train, test = stored.split("mnist")
    network = Network([784, 128, 64, 10], "relu", "softmax", initializer="he_normal", dtype="float32", seed=seed)
    training = TrainingSession(
        network,
        train.take(slice(0, n_train)),
        test,
        optimizer=SGD(learning_rate=0.05, momentum=0.9),
        batch_size=128,
        evaluate_every=0,
        seed=seed,
    )
    course = Course()
    yield from trained(training, DIGIT_EPOCHS, spaced(DIGIT_EPOCHS, 20), course)
    _, _, train_score, test_score = course.at(DIGIT_EPOCHS)
    return Outcome({"train": train_score, "test": test_score}, {"test_accuracy": course.curve(3)})


# --- housing ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def housing(seed: int, standardise: bool = True) -> tuple[Dataset, Dataset]:
    """Return California housing with the logarithm of the value, a fifth held for testing."""
    data = stored.load("california")
    logarithmic = Dataset(data.X, np.log(data.y), "regression", feature_names=data.feature_names, name=data.name)
    train, test = logarithmic.split(0.2, seed=seed)
    return standardised(train, test) if standardise else (train, test)


def learn_housing(seed: int) -> Work:
    """Train 8-64-64-1 with Adam on standardised inputs."""
    train, test = housing(seed)
    network = Network([8, 64, 64, 1], "relu", "identity", initializer="he_normal", dtype="float32", seed=seed)
    training = TrainingSession(
        network,
        train,
        test,
        optimizer=Adam(learning_rate=5e-3),
        batch_size=64,
        regularizer=L2(1e-4),
        schedule=f"cosine(epochs={HOUSING_EPOCHS})",
        evaluate_every=0,
        seed=seed,
    )
    course = Course()
    yield from trained(training, HOUSING_EPOCHS, spaced(HOUSING_EPOCHS), course)
    train_loss, test_loss, _, test_score = course.at(HOUSING_EPOCHS)
    return Outcome({"train": train_loss, "test": test_loss, "r2": test_score}, {"test_loss": course.curve(1)})


def learn_raw_housing(seed: int) -> Work:
    """Train the same network on inputs as they come, with momentum and the largest rate that no seed diverges with.

    Of 3e-8, 1e-7, 3e-7 and so on: thousands of people in an input make gradients a million times as steep.
    """
    train, test = housing(seed, standardise=False)
    network = Network([8, 64, 64, 1], "relu", "identity", initializer="he_normal", dtype="float32", seed=seed)
    optimizer = SGD(learning_rate=3e-8, momentum=0.9)
    training = TrainingSession(network, train, test, optimizer=optimizer, batch_size=64, evaluate_every=0, seed=seed)
    course = Course()
    yield from trained(training, RAW_EPOCHS, (RAW_EPOCHS,), course)
    train_loss, test_loss, _, _ = course.at(RAW_EPOCHS)
    return Outcome({"train": train_loss, "test": test_loss})


def housing_baselines(seed: int) -> Work:
    """Predict the training set's mean, and by a least-squares fit."""
    from sklearn.linear_model import LinearRegression

    train, test = housing(seed)
    mean = float(((test.y - train.y.mean()) ** 2).mean())
    yield 0.5
    predicted = LinearRegression().fit(train.X, train.y).predict(test.X)
    return Outcome({"mean": mean, "linear": float(((test.y - predicted) ** 2).mean())})


_DIGITS = {
    "dataset": "mnist",
    "hidden_sizes": [128, 64],
    "activation": "relu",
    "initializer": "he_normal",
    "dtype": "float32",
    "learning_rate": 0.05,
    "momentum": 0.9,
    "batch_size": 128,
    "max_epochs": DIGIT_EPOCHS,
}
_HOUSING = {
    "dataset": "california",
    "test_fraction": 0.2,
    "standardise": True,
    "log_target": True,
    "hidden_sizes": [64, 64],
    "activation": "relu",
    "initializer": "he_normal",
    "dtype": "float32",
    "optimizer": "adam",
    "learning_rate": 5e-3,
    "batch_size": 64,
    "regularizer": "l2",
    "regularization_rate": 1e-4,
    "schedule": f"cosine(epochs={HOUSING_EPOCHS})",
    "max_epochs": HOUSING_EPOCHS,
}
_RAW_HOUSING = {
    **_HOUSING,
    "standardise": False,
    "optimizer": "sgd",
    "learning_rate": 3e-8,
    "momentum": 0.9,
    "regularizer": "none",
    "schedule": "constant",
    "max_epochs": RAW_EPOCHS,
}
_EXACT = Bound("highest", high=1e-6)

ARTICLE = Article(
    number="004",
    title="Neural networks: from zero to a working implementation",
    author="",
    builds=(
        "Any number of ReLU layers with softmax or the identity behind them, the softmax by its full Jacobian, "
        "trained by stochastic gradient descent with momentum: on MNIST for 100 epochs, and on California housing "
        "with the mean squared error of the value's logarithm."
    ),
    finding=(
        "The product with softmax's Jacobian is right, and any loss can stand before it; the engine here computes it "
        "without building the matrix. Its digits: on all 60 000 images the same kind of network does better than the "
        "article's test figure; on 10 000 of them it gives just about that figure. Its housing error of 0.36 is the "
        "finding: always predicting the mean of the training set, without any network, has a smaller one, and linear "
        "regression less than half of it. A loss says little without a baseline beside it. The article takes the "
        "inputs as they come, with thousands of people beside two rooms; plain momentum then bears only a minute "
        "learning rate and ends worse than the article with every seed. Standardised, the same layers explain most of "
        "what the values vary by."
    ),
    experiments=(
        Experiment("softmax", check_softmax),
        Experiment("save_and_load", save_and_load, n_seeds=20),
        Experiment("housing_baselines", housing_baselines, data="california"),
        Experiment("housing", learn_housing, n_quick=1, data="california"),
        Experiment("housing_raw", learn_raw_housing, n_quick=1, data="california"),
        Experiment("digits", partial(learn_digits, n_train=60_000), n_seeds=5, n_quick=0, data="mnist"),
        Experiment("digits_10000", partial(learn_digits, n_train=10_000), n_seeds=5, n_quick=0, data="mnist"),
    ),
    tables=(
        Table(
            "Softmax's Jacobian",
            "Differences to numerical derivatives; rounding lies far to the left. The scale is logarithmic.",
            "error",
            (
                Row("Jacobian, largest difference", "softmax", "jacobian", bound=Bound("highest", high=1e-8)),
                Row("Gradient check, cross-entropy", "softmax", "categorical_cross_entropy", bound=_EXACT),
                Row("Gradient check, mean squared error", "softmax", "mean_squared_error", bound=_EXACT),
                Row("Gradient check, quadratic cost", "softmax", "quadratic", bound=_EXACT),
            ),
        ),
        Table(
            "Saved and loaded: parameters that differ",
            "A run written as JSON and read again, compared bit for bit; the article saves weights and biases only, so "
            "that training can't go on where it was.",
            "count",
            (
                Row("After loading", "save_and_load", "after_loading", bound=Bound("highest", high=0)),
                Row("After 10 more epochs of both", "save_and_load", "after_more", bound=Bound("highest", high=0)),
            ),
        ),
        Table(
            "MNIST: accuracy of 784-128-64-10 after 100 epochs",
            "Each dot is a seed, which decides the first weights and the order of the images.",
            "percent",
            (
                Row("Training images, 60 000", "digits", "train", "99.8 %", 0.998, Bound("lowest", low=0.998)),
                Row("Test images", "digits", "test", "95.9 %", 0.959, Bound("lowest", low=0.979)),
                Row("Training images, the first 10 000", "digits_10000", "train", "99.8 %", 0.998),
                Row("Test images, trained on those 10 000", "digits_10000", "test", "95.9 %", 0.959),
            ),
        ),
        Table(
            "California housing: test error of the value's logarithm",
            "Mean squared error: farther to the left is better. Each dot is a seed, which decides the split and the "
            "first weights.",
            "loss",
            (
                Row("Always the mean", "housing_baselines", "mean"),
                Row("Linear regression", "housing_baselines", "linear"),
                Row("8-64-64-1 with momentum, inputs as they come", "housing_raw", "test", "about 0.36", 0.36),
                Row(
                    "8-64-64-1 with Adam, standardised",
                    "housing",
                    "test",
                    "about 0.36",
                    0.36,
                    Bound("median", high=0.062),
                ),
            ),
        ),
    ),
    charts=(
        Chart(
            "MNIST: test accuracy in the course of training",
            "The median of the seeds, and from the lowest to the highest. The epochs are on a logarithmic scale.",
            {
                "60 000 images": ("digits", "test_accuracy"),
                "10 000 images": ("digits_10000", "test_accuracy"),
            },
            ("Epochs", "Test accuracy"),
        ),
    ),
    presets=(
        Preset("ReLU and softmax on MNIST", "digits", _DIGITS),
        Preset("Housing, standardised", "tabular", _HOUSING),
        Preset("Housing, inputs as they come", "tabular", _RAW_HOUSING),
    ),
    exhibits=jacobians,
)
