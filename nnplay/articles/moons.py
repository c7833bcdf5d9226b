"""Two moons, one hidden layer of exponential linear units, and two mistakes in the printed code."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from functools import partial
from math import sqrt
from typing import Any

import numpy as np

from nnplay import datasets
from nnplay.articles.evidence.article import (
    Article,
    Bound,
    Chart,
    Claim,
    Experiment,
    Figure,
    Outcome,
    Preset,
    Row,
    Table,
    Test,
    Work,
    spaced,
)
from nnplay.articles.evidence.training import Course, trained
from nnplay.engine import SGD, Network, activations, check_gradient, numerical_gradient
from nnplay.engine.activations import ELU, Activation
from nnplay.engine.initializers import Initializer, Uniform
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.training.session import TrainingSession

WIDTHS = (2, 5, 10, 25, 50)
SHORT, LONG = 1_000, 10_000
#: Points along each side of a boundary's picture, and what of the plane it shows: x from, to, y from, to.
MAP_SIZE = 64
MAP_EXTENT = (-1.6, 2.6, -1.1, 1.6)


@dataclass(frozen=True)
class ArticleELU(ELU):
    """The ELU as the article's code has it: it divides the hidden layer's gradient by the number of samples twice.

    `hidden_scale` is the second division. That the code's derivative is 0 where z > 0 is ``slope_above=0``.
    """

    hidden_scale: float = 1.0

    name = "article_elu"

    def derivative(self, z: np.ndarray, a: np.ndarray, out: np.ndarray) -> np.ndarray:
        return np.multiply(super().derivative(z, a, out), self.hidden_scale, out)


N_SAMPLES, N_TRAIN = 500, 375
RIGHT, WRONG = activations.elu(alpha=2), activations.elu(alpha=2, slope_above=0)
#: With the second division, too: as the code is printed, and with the right derivative in it.
PRINTED = ArticleELU(alpha=2, slope_above=0, hidden_scale=1 / N_TRAIN)
PRINTED_RIGHT = ArticleELU(alpha=2, hidden_scale=1 / N_TRAIN)
#: The code draws both layers from this range: it adds 0.5 + 2 + 1 where its formula has half of 2 + 1.
PRINTED_WEIGHTS = Uniform(limit=sqrt(3 / (0.5 + 2 + 1)))


def session(
    seed: int, units: int = 4, activation: Activation = RIGHT, initializer: str | Initializer = "xavier_uniform"
) -> TrainingSession:
    """Return the article's training, untrained: 500 moons, full batch, learning rate 0.1."""
    data = datasets.make("moons", n_samples=N_SAMPLES, noise=0.1, seed=seed)
    train, test = data.split(test_fraction=0.25, seed=seed)
    network = Network([2, units, 1], activation=activation, output="sigmoid", initializer=initializer, seed=seed)
    return TrainingSession(network, train, test, optimizer=SGD(learning_rate=0.1), evaluate_every=0, seed=seed)


def gradient_error(trained_session: TrainingSession) -> float:
    """Return the gradient check's largest relative error on the first 40 training samples."""
    train = trained_session.train
    return check_gradient(trained_session.network, train.X[:40], train.y[:40])


def learn(seed: int, activation: Activation) -> Work:
    """Train 2-4-1 from the code's own initial weights, and check its gradient on the way."""
    training, course = session(seed, activation=activation, initializer=PRINTED_WEIGHTS), Course()
    yield from trained(training, 100)
    error = gradient_error(training)
    training = session(seed, activation=activation, initializer=PRINTED_WEIGHTS)
    yield from trained(training, LONG, (*spaced(LONG), SHORT), course)
    measures = {"gradient_error": error}
    for name, iterations in (("short", SHORT), ("long", LONG)):
        _, _, measures[f"train_{name}"], measures[f"test_{name}"] = course.at(iterations)
    return Outcome(measures, {"train_loss": course.curve(0), "test_accuracy": course.curve(3)})


def learn_wide(seed: int, units: int) -> Work:
    """Train 2-`units`-1 with the right derivative."""
    training = session(seed, units)
    yield from trained(training, LONG)
    return Outcome({"test": training.measure()[3]})


def learn_wide_as_printed(seed: int, units: int) -> Work:
    """Train 2-`units`-1 on all 500 points with the code as printed."""
    data = datasets.make("moons", n_samples=N_SAMPLES, noise=0.1, seed=seed)
    activation = ArticleELU(alpha=2, slope_above=0, hidden_scale=1 / N_SAMPLES)
    network = Network([2, units, 1], activation, "sigmoid", initializer=PRINTED_WEIGHTS, seed=seed)
    training = TrainingSession(network, data, optimizer=SGD(learning_rate=0.1), evaluate_every=0, seed=seed)
    yield from trained(training, SHORT)
    return Outcome({"train": training.measure()[2]})


def boundary(network: Network) -> np.ndarray:
    """Return the probability of the second moon over the plane, (MAP_SIZE, MAP_SIZE), the lowest y first."""
    left, right, bottom, top = MAP_EXTENT
    x, y = np.linspace(left, right, MAP_SIZE), np.linspace(bottom, top, MAP_SIZE)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return network.forward(points).reshape(MAP_SIZE, MAP_SIZE)


def boundaries() -> dict[str, Any]:
    """Return the boundaries of all widths with seed 0, as bytes from 0 to 255 in base64."""
    maps = []
    for units in WIDTHS:
        training = session(0, units)
        training.run(LONG)
        levels = np.round(255 * boundary(training.network)).astype(np.uint8)
        train, test = training.measure()[2:]
        maps.append({"units": units, "train": train, "test": test, "map": base64.b64encode(levels.tobytes()).decode()})
    return {"boundaries": {"size": MAP_SIZE, "extent": MAP_EXTENT, "maps": maps}}


def compare_gradients(training: TrainingSession) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradient that backpropagation gives and the numerical one, on what :func:`gradient_error` looks at."""
    X, y = training.train.X[:40], training.train.y[:40]
    return training.network.loss_and_gradient(X, y)[1], numerical_gradient(training.network, X, y)


_CONFIG = ExperimentConfig(
    dataset="moons",
    n_samples=N_SAMPLES,
    noise=0.1,
    hidden_sizes=(4,),
    activation="elu(alpha=2)",
    learning_rate=0.1,
    momentum=0.0,
    batch_size=None,
)

_EXACT, _MISTAKEN, _FIXED_AND_LONG = Bound("highest", high=1e-6), Bound("lowest", low=0.1), Bound("median", low=0.93)
_WIDER = tuple(zip(WIDTHS[1:], WIDTHS, strict=False))


def _printed(units: int) -> str:
    return f"printed_width_{units}"


_PAIRS = "Each row is compared with the one above it, seed by seed."

ARTICLE = Article(
    key="moons",
    number="000",
    name="Two moons",
    title="Deep Learning 101: building a neural network from the ground up",
    author="DataHubbs",
    link="",
    builds=(
        "One hidden layer of four exponential linear units (alpha 2) and a sigmoid, 2-4-1, trained by plain gradient "
        "descent on all 375 training points of two moons at once, with a learning rate of 0.1."
    ),
    finding=(
        "Two mistakes in the printed code keep the hidden layer from learning, and yet the accuracy looks good. "
        "The gradient check shows both at once. That is why a hand-written network is checked before it is trained."
    ),
    claims=(
        Claim(
            "The trained network has an accuracy of 0.89 on the training points and 0.848 on the test points.",
            "The code as printed, with both of its mistakes. Our copy gives no number of iterations; 1 000 is our "
            "choice.",
            (
                Test("Training accuracy", "percent", "printed", "train_short", claimed=0.89),
                Test("Test accuracy", "percent", "printed", "test_short", claimed=0.848),
            ),
            "The figures come out in spite of the mistakes. The hidden layer hardly moves, so its four random units "
            "bend the plane at random. The output layer learns well and makes the best of them.",
            "The same with both mistakes fixed, trained ten times as long.",
            (
                Figure("Training accuracy", "percent", "right", "train_long"),
                Figure("Test accuracy", "percent", "right", "test_long"),
            ),
        ),
        Claim(
            "The code takes the derivatives that the text works out and applies them to the network.",
            "The gradient check on the code as printed: backpropagation against finite differences.",
            (Test("Largest relative error", "error", "printed", "gradient_error", bound=_EXACT),),
            "The text gives an ELU the right slope, 1 where its input is positive; the code returns 0 there, so a unit "
            "doesn't learn from those points. And the code divides by the number of points twice, in dZ1 and again in "
            "dW1 and db1: the hidden layer's gradient is 375 times too small.",
            "With both fixed, only rounding is left. With just the slope fixed, the second mistake still shows.",
            (
                Figure("Both fixed", "error", "right", "gradient_error"),
                Figure("Only the slope fixed", "error", "printed_right_slope", "gradient_error"),
            ),
        ),
        Claim(
            "With more hidden units (2, 5, 10, 25, 50) the network gets better and better at the two moons.",
            "The code as printed on all 500 points, as in its loop, 1 000 iterations (our choice). " + _PAIRS,
            tuple(
                Test(f"{wide} units, accuracy", "percent", _printed(wide), "train", rival=_printed(narrow))
                for wide, narrow in _WIDER
            ),
            "The hidden units hardly move, so each is a random bend that the output layer may use. More of them offer "
            "more to choose from.",
            "With both mistakes fixed and 10 000 iterations, on test points. There 10 units are as good as 50.",
            tuple(Figure(f"{units} units", "percent", f"width_{units}", "test") for units in WIDTHS),
        ),
    ),
    experiments=(
        Experiment("printed", partial(learn, activation=PRINTED), n_quick=3),
        Experiment("printed_right_slope", partial(learn, activation=PRINTED_RIGHT), n_quick=3),
        Experiment("wrong", partial(learn, activation=WRONG), n_quick=3),
        Experiment("right", partial(learn, activation=RIGHT), n_quick=3),
        *(Experiment(_printed(units), partial(learn_wide_as_printed, units=units), n_quick=1) for units in WIDTHS),
        *(Experiment(f"width_{units}", partial(learn_wide, units=units), n_quick=1) for units in WIDTHS),
    ),
    tables=(
        Table(
            "What do the mistakes cost? Test accuracy, 2-4-1",
            "Each dot is a seed, with its own points, split and initial weights. Better and worse: than the code "
            "as printed, after the same number of iterations.",
            "percent",
            (
                Row("As printed, 1 000 iterations", "printed", "test_short", "84.8 %", 0.848),
                Row("Only the slope fixed, 1 000", "printed_right_slope", "test_short", rival="printed"),
                Row("Only the double division fixed, 1 000", "wrong", "test_short", rival="printed"),
                Row("Both fixed, 1 000 iterations", "right", "test_short", rival="printed"),
                Row("As printed, 10 000 iterations", "printed", "test_long"),
                Row("Only the slope fixed, 10 000", "printed_right_slope", "test_long", rival="printed"),
                Row("Only the double division fixed, 10 000", "wrong", "test_long", rival="printed"),
                Row("Both fixed, 10 000 iterations", "right", "test_long", "", None, _FIXED_AND_LONG, "printed"),
            ),
        ),
        Table(
            "Do ten times as many iterations show which slope is right? Test accuracy, 2-4-1",
            "Longer training alone doesn't show it. As printed, the hidden layer hardly moves with either slope. "
            "Even with the double division fixed, the right slope wins with hardly more seeds than the wrong one. "
            "Accuracy can't check a derivative. The right slope is compared with the wrong one, seed by seed.",
            "percent",
            (
                Row("Wrong slope, 1 000 iterations", "wrong", "test_short"),
                Row("Right slope, 1 000 iterations", "right", "test_short", rival="wrong"),
                Row("Wrong slope, 10 000 iterations", "wrong", "test_long"),
                Row("Right slope, 10 000 iterations", "right", "test_long", rival="wrong"),
            ),
        ),
        Table(
            "Gradient check",
            "Largest relative error between backpropagation and finite differences: rounding far to the left, a "
            "mistake to the right. The scale is logarithmic.",
            "error",
            (
                Row("Code as printed", "printed", "gradient_error", bound=_MISTAKEN),
                Row("Only the slope fixed", "printed_right_slope", "gradient_error", bound=_MISTAKEN),
                Row("Only the double division fixed", "wrong", "gradient_error", bound=_MISTAKEN),
                Row("Both fixed", "right", "gradient_error", bound=_EXACT),
            ),
        ),
        Table(
            "Code as printed: accuracy by the number of hidden units, on all 500 points",
            f"After 1 000 iterations. Each dot is a seed. {_PAIRS}",
            "percent",
            (
                Row(f"{WIDTHS[0]} units, as printed", _printed(WIDTHS[0]), "train"),
                *(
                    Row(f"{n} units, as printed", _printed(n), "train", "better with the width", rival=_printed(narrow))
                    for n, narrow in _WIDER
                ),
            ),
        ),
        Table(
            "Both mistakes fixed: test accuracy by the number of hidden units, 10 000 iterations",
            f"Each dot is a seed. {_PAIRS}",
            "percent",
            (
                Row(f"{WIDTHS[0]} units", f"width_{WIDTHS[0]}", "test"),
                *(Row(f"{n} units", f"width_{n}", "test", rival=f"width_{narrow}") for n, narrow in _WIDER),
            ),
        ),
    ),
    charts=(
        Chart(
            "Test accuracy in the course of training",
            "The median of the seeds. The iterations are on a logarithmic scale.",
            {
                "As printed": ("printed", "test_accuracy"),
                "Only the slope fixed": ("printed_right_slope", "test_accuracy"),
                "Only the double division fixed": ("wrong", "test_accuracy"),
                "Both fixed": ("right", "test_accuracy"),
            },
            ("Iterations", "Test accuracy"),
        ),
    ),
    presets=(
        Preset("Two moons, 4 units", "", _CONFIG),
        Preset("Two moons, 50 units", "", replace(_CONFIG, hidden_sizes=(50,))),
    ),
    exhibits=boundaries,
)
